//! The program itself, killed in the middle of its work: what it acknowledged is there, whole, once.

use crate::support::TestApp;
use crate::support::browser::Browser;
use crate::support::examples::{begin, fill, sending};
use crate::support::place::Place;
use crate::support::program::{Serving, perron, perron_at, said};
use diesel::prelude::*;
use perron::db::Id;
use perron::db::schema::{attachments, documents, drafts, events, jobs, requests, timers};
use perron::secret::{Code, Key, Purpose};
use reqwest::StatusCode;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many send at the same moment.
const CROWD: usize = 64;
/// After so many acknowledgements the program is killed.
const ENOUGH: usize = 8;

/// A draft that can be sent: whose browser, its form and where it goes.
struct Ready {
    browser: Browser,
    token: String,
    path: String,
}

/// Fills a draft in on a running program.
async fn ready(base: &str, app: &TestApp) -> Ready {
    let browser = Browser::new(base);
    let procedure = app.procedure("composition-de-menage");
    let filling = app.example("composition-de-menage", 0);
    let first = begin(&browser, "composition-de-menage").await;
    let check = fill(&browser, &procedure, &filling, first).await;
    Ready {
        token: check.token(),
        path: sending(&check),
        browser,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_killed_among_sixty_four_submissions_loses_none_it_acknowledged() {
    // The definitions are read from an application that takes no part.
    let library = TestApp::start().await;
    let place = Place::new();
    let mut serving = Serving::start(&place);
    let mut crowd = Vec::new();
    for _ in 0..CROWD {
        crowd.push(ready(&serving.base, &library).await);
    }
    let base = serving.base.clone();
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let enough = Arc::new(tokio::sync::Notify::new());
    let sending: Vec<_> = crowd
        .into_iter()
        .map(|ready| {
            let (base, acknowledged, enough) = (base.clone(), acknowledged.clone(), enough.clone());
            tokio::spawn(async move {
                let pairs = [("_csrf", ready.token.as_str())];
                let url = format!("{base}{}", ready.path);
                let answer = ready.browser.client().post(url).form(&pairs).send().await;
                let told = answer.is_ok_and(|answer| answer.status() == StatusCode::SEE_OTHER);
                if told && acknowledged.fetch_add(1, Ordering::SeqCst) + 1 == ENOUGH {
                    enough.notify_one();
                }
                (ready.path, told)
            })
        })
        .collect();
    enough.notified().await;
    serving.kill();
    let mut told = Vec::new();
    let mut unknown = Vec::new();
    for sent in sending {
        let (path, acknowledged) = sent.await.unwrap();
        if acknowledged {
            &mut told
        } else {
            &mut unknown
        }
        .push(path);
    }
    assert!(told.len() >= ENOUGH, "{}", told.len());
    whole(&place);
    let verified = perron_at(&place, &["verify"]);
    assert!(verified.status.success(), "{}", said(&verified));
    // Started again it serves: every acknowledged request is there, every other draft can be sent.
    let again = Serving::start(&place);
    let browser = Browser::new(&again.base);
    let mut references = BTreeSet::new();
    for path in &told {
        let page = browser.get(&path.replace("/envoi", "/confirmation")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        references.insert(page.text(".reference"));
    }
    for path in &unknown {
        let page = browser.open(&path.replace("/envoi", "/verification")).await;
        let sent = match page.status {
            StatusCode::OK => browser.follow(browser.post(&page, path, &[]).await).await,
            // It was kept, and the answer was lost with the process.
            _ => browser.get(&path.replace("/envoi", "/confirmation")).await,
        };
        assert_eq!(sent.status, StatusCode::OK, "{path}: {}", sent.body);
        references.insert(sent.text(".reference"));
    }
    assert_eq!(references.len(), CROWD);
    whole(&place);
    let mut conn = place.connect();
    let kept: i64 = requests::table.count().get_result(&mut conn).unwrap();
    assert_eq!(kept, i64::try_from(CROWD).unwrap());
    // Nobody gets two: each request owes one mail to its citizen and one to its service.
    let mails = jobs::table
        .filter(jobs::kind.eq("mail"))
        .select(jobs::dedupe);
    let mails: Vec<Option<String>> = mails.load(&mut conn).unwrap();
    let names: BTreeSet<&String> = mails.iter().flatten().collect();
    assert_eq!((mails.len(), names.len()), (2 * CROWD, 2 * CROWD));
    drop(conn);
    let log = again.log();
    assert!(!log.contains("ERROR"), "{log}");
    library.stop().await;
}

/// Every request in the database is whole: its event, receipt, mails and print are there, its draft
/// became it, and nothing is there of one that is not.
fn whole(place: &Place) {
    let mut conn = place.connect();
    let kept: Vec<(Id, String, i32, String)> = requests::table
        .select((
            requests::id,
            requests::code_hash,
            requests::event_count,
            requests::status,
        ))
        .load(&mut conn)
        .unwrap();
    let key = Key::parse(&"07".repeat(32)).unwrap();
    let ids: BTreeSet<Id> = kept.iter().map(|(id, ..)| *id).collect();
    for (id, code, count, status) in &kept {
        assert_eq!(&key.code(Purpose::Tracking, *id).hash(), code);
        assert_eq!(status, "received");
        let chain: i64 = events::table
            .filter(events::request_id.eq(id))
            .count()
            .get_result(&mut conn)
            .unwrap();
        assert_eq!(chain, i64::from(*count));
        let papers: i64 = documents::table
            .filter(documents::request_id.eq(id))
            .count()
            .get_result(&mut conn)
            .unwrap();
        assert_eq!(papers, 1);
        let owed: i64 = jobs::table
            .filter(jobs::dedupe.eq_any([format!("receipt:{id}"), format!("new_request:{id}")]))
            .count()
            .get_result(&mut conn)
            .unwrap();
        assert_eq!(owed, 2);
    }
    let became: Vec<Option<Id>> = drafts::table
        .select(drafts::request_id)
        .load(&mut conn)
        .unwrap();
    let became: Vec<Id> = became.into_iter().flatten().collect();
    assert_eq!(became.len(), kept.len());
    assert_eq!(became.iter().copied().collect::<BTreeSet<_>>(), ids);
    let mut spoken: Vec<Id> = events::table
        .select(events::request_id)
        .load(&mut conn)
        .unwrap();
    spoken.extend(
        documents::table
            .select(documents::request_id)
            .load::<Id>(&mut conn)
            .unwrap(),
    );
    spoken.extend(
        timers::table
            .select(timers::request_id)
            .load::<Id>(&mut conn)
            .unwrap(),
    );
    let files = attachments::table.select(attachments::request_id);
    spoken.extend(
        files
            .load::<Option<Id>>(&mut conn)
            .unwrap()
            .into_iter()
            .flatten(),
    );
    assert!(spoken.iter().all(|id| ids.contains(id)));
}

/// What is compared of a request: id, reference, name, head of its chain.
type Line = (Id, String, String, String);

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_while_it_serves_gives_the_same_site_back() {
    let library = TestApp::start().await;
    let place = Place::new();
    let serving = Serving::start(&place);
    let browser = Browser::new(&serving.base);
    let procedure = library.procedure("composition-de-menage");
    let filling = library.example("composition-de-menage", 1);
    let first = begin(&browser, "composition-de-menage").await;
    let check = fill(&browser, &procedure, &filling, first).await;
    let sent = browser.post(&check, &sending(&check), &[]).await;
    let confirmation = browser.follow(sent).await;
    let code = Code::parse(&confirmation.texts(".reference")[1]).unwrap();
    let tracking = format!("/suivi/{}", code.compact());
    // Somebody keeps writing while it is taken.
    let writing = {
        let base = serving.base.clone();
        tokio::spawn(async move {
            let browser = Browser::new(&base);
            for _ in 0..20 {
                begin(&browser, "composition-de-menage").await;
            }
        })
    };
    let file = place.folder.with_extension("tar.gz");
    let name = file.display().to_string();
    let saved = perron_at(&place, &["backup", &name]);
    assert!(saved.status.success(), "{}", said(&saved));
    writing.await.unwrap();
    drop(serving);
    let other = Place::new();
    let flags = crate::support::program::at(&other);
    // The key comes back with it.
    let mut arguments = vec!["restore", name.as_str()];
    arguments.extend(flags.iter().take(flags.len() - 2).map(String::as_str));
    let restored = perron(&arguments);
    assert!(restored.status.success(), "{}", said(&restored));
    std::fs::remove_file(&file).unwrap();
    let verified = perron_at(&other, &["verify"]);
    assert!(verified.status.success(), "{}", said(&verified));
    let (mut old, mut new) = (place.connect(), other.connect());
    let columns = (
        requests::id,
        requests::reference,
        requests::applicant,
        requests::head_hash,
    );
    let before: Vec<Line> = requests::table.select(columns).load(&mut old).unwrap();
    let after: Vec<Line> = requests::table.select(columns).load(&mut new).unwrap();
    assert_eq!((before.len(), &before), (1, &after));
    let sums: Vec<String> = attachments::table
        .select(attachments::sha256)
        .load(&mut new)
        .unwrap();
    drop((old, new));
    let again = Serving::start(&other);
    let browser = Browser::new(&again.base);
    let page = browser.get(&tracking).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    // The file that was sent with it is there, byte for byte.
    let [sum] = &sums[..] else { panic!("{sums:?}") };
    let blob = other
        .files()
        .into_iter()
        .find(|path| path.ends_with(sum))
        .unwrap();
    assert_eq!(perron::secret::hash(&std::fs::read(blob).unwrap()), *sum);
    drop(again);
    library.stop().await;
}
