//! Filling a form in: `GET|POST /brouillons/{code}/…` and `/reprendre`. Nothing typed is lost, nothing
//! forged is taken.

use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::examples::{begin, fill, sending};
use chrono::Duration;
use diesel::prelude::*;
use perron::db::schema::drafts;
use reqwest::StatusCode;

const WHOLE: [(&str, &str); 2] = [("pour_qui", "moi"), ("code_postal", "4520")];

/// The code in the address of a draft's page.
fn code(page: &Page) -> String {
    page.path.split('/').nth(2).unwrap().to_owned()
}

fn value(page: &Page, name: &str) -> Vec<String> {
    page.attributes(&format!("input[name='{name}']"), "value")
}

/// The page of names of a household certificate.
async fn names(browser: &Browser) -> Page {
    let first = begin(browser, "composition-de-menage").await;
    browser
        .follow(browser.post(&first, &first.path, &WHOLE).await)
        .await
}

fn count(app: &TestApp) -> i64 {
    app.look(|conn| drafts::table.count().get_result(conn))
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_answers_stay_on_the_page_with_how_to_mend_each() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = names(&browser).await;
    let typed = [
        ("demandeur.last_name", "L’<script>alert(1)</script>"),
        ("demandeur.first_name", "Anne"),
        ("demandeur.national_number", "85.07.30-033.29"),
        ("courriel", "anne chez exemple"),
        ("telephone", "12"),
    ];
    let again = browser.post(&page, &page.path, &typed).await;
    let again = browser.follow(again).await;
    assert!(again.path.ends_with("suite=a-corriger"), "{}", again.path);
    for (name, text) in &typed[1..] {
        assert_eq!(value(&again, name), [*text], "{name}: {}", again.body);
    }
    assert_eq!(value(&again, typed[0].0), [typed[0].1], "{}", again.body);
    assert!(!again.body.contains("<script>alert"), "{}", again.body);
    // The summary leads to each field, and the field has the same words.
    let links = again.attributes(".errors a", "href");
    assert_eq!(links.len(), 3, "{}", again.body);
    for (link, message) in links.iter().zip(again.texts(".errors a")) {
        let id = link.strip_prefix('#').unwrap();
        assert_eq!(
            again.attributes(&format!("[id='{id}']"), "id").len(),
            1,
            "{link}"
        );
        let error = again.text(&format!("[id='{id}-error']"));
        // The summary names the question, then says the same.
        let advice = message.rsplit(" : ").next().unwrap().to_lowercase();
        assert!(error.to_lowercase().contains(&advice), "{error}: {message}");
    }
    assert!(
        again.text("title").starts_with("Erreur"),
        "{}",
        again.text("title")
    );
    // Later, from another machine, what was typed wrong is there too.
    let resumed = app
        .browser()
        .open(&format!("/brouillons/{}/pages/vous", code(&page)))
        .await;
    for (name, text) in &typed {
        assert_eq!(value(&resumed, name), [*text], "{name}");
    }
    // And nothing is held against them before they go on.
    assert!(resumed.texts(".errors").is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_answers_are_asked_for_and_nothing_goes_on_without_them() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = names(&browser).await;
    let again = browser.post(&page, &page.path, &[]).await;
    let again = browser.follow(again).await;
    assert!(again.texts(".errors a").len() >= 3, "{}", again.body);
    // Nor by typing the next address, nor by sending at once.
    let base = format!("/brouillons/{}", code(&page));
    for ahead in ["pages/destination", "verification", "confirmation"] {
        let elsewhere = browser.open(&format!("{base}/{ahead}")).await;
        assert!(
            elsewhere.path.ends_with("/pages/vous"),
            "{ahead}: {}",
            elsewhere.path
        );
    }
    let sent = browser.post(&page, &format!("{base}/envoi"), &[]).await;
    assert!(sent.location.unwrap().ends_with("/pages/vous"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_loses_nothing() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = names(&browser).await;
    let back = page.attributes("a[href*='/pages/qui']", "href");
    let first = browser.get(back.first().expect("a way back")).await;
    assert_eq!(value(&first, "code_postal"), ["4520"]);
    let chosen = first.attributes("input[name='pour_qui'][checked]", "value");
    assert_eq!(chosen, ["moi"]);
    // What was saved on the way stays when one continues later.
    let later = [("courriel", "anne@exemple.be"), ("_later", "1")];
    let stopped = browser.post(&page, &page.path, &later).await;
    assert!(stopped.location.as_deref().unwrap().ends_with("/plus-tard"));
    let again = app
        .browser()
        .open(&format!("/brouillons/{}", code(&page)))
        .await;
    assert!(again.path.ends_with("/pages/vous"), "{}", again.path);
    assert_eq!(value(&again, "courriel"), ["anne@exemple.be"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_an_answer_brings_up_is_asked_without_javascript() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let mut page = names(&browser).await;
    let example = app.example("composition-de-menage", 0);
    let mine: Vec<(&str, &str)> = example
        .pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| name.starts_with("demandeur") || *name == "courriel")
        .collect();
    page = browser
        .follow(browser.post(&page, &page.path, &mine).await)
        .await;
    assert!(page.path.ends_with("/destination"), "{}", page.path);
    assert!(value(&page, "motif_precision").is_empty());
    let chosen = [("motif", "autre"), ("mode_retrait", "courrier")];
    // A button brings the new questions; so does continuing, once, without a reproach.
    let refreshed = [chosen[0], chosen[1], ("_refresh", "1")];
    let shown = browser.post(&page, &page.path, &refreshed).await;
    let shown = browser.follow(shown).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert_eq!(value(&shown, "motif_precision").len(), 1, "{}", shown.body);
    assert_eq!(value(&shown, "adresse_envoi.street").len(), 1);
    assert!(shown.texts(".errors").is_empty());
    let missing = browser.post(&shown, &page.path, &chosen).await;
    assert!(missing.location.unwrap().contains("/destination?suite=a-c"));
    let mut shown_names: Vec<(&str, &str)> = chosen.to_vec();
    let fields = [
        "motif",
        "mode_retrait",
        "motif_precision",
        "exemplaires",
        "adresse_envoi",
    ];
    shown_names.extend(fields.map(|name| ("_shown", name)));
    let missing = browser.post(&shown, &page.path, &shown_names).await;
    let missing = browser.follow(missing).await;
    assert!(
        missing
            .attributes(".errors a", "href")
            .contains(&"#motif_precision".to_owned())
    );
    // Another choice takes the questions away, and nothing more is missing.
    let other = [("motif", "social"), ("mode_retrait", "en_ligne")];
    let done = browser.post(&missing, &page.path, &other).await;
    assert!(
        done.location.unwrap().ends_with("/verification"),
        "{}",
        done.body
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_its_own_fresh_token_changes_nothing_and_says_what_to_do() {
    let app = TestApp::start().await;
    let (browser, stranger) = (app.browser(), app.browser());
    let page = begin(&browser, "composition-de-menage").await;
    let before = count(&app);
    let mut forged = page.token();
    forged.replace_range(
        20..21,
        if forged.as_bytes()[20] == b'A' {
            "B"
        } else {
            "A"
        },
    );
    let theirs = stranger.get("/reprendre").await.token();
    let tokens = [
        None,
        Some(String::new()),
        Some("AAAA".to_owned()),
        Some(forged),
        Some(theirs),
    ];
    for path in [page.path.as_str(), "/reprendre"] {
        for token in &tokens {
            let mut pairs: Vec<(String, String)> = Vec::new();
            pairs.extend(token.clone().map(|token| ("_csrf".to_owned(), token)));
            pairs.extend(WHOLE.map(|(n, v)| (n.to_owned(), v.to_owned())));
            let refused = browser.post_raw(path, &pairs).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path} {token:?}");
            let said = refused.said();
            assert!(
                said.contains("Rien n’a été modifié") && said.contains("Revenir à la page"),
                "{said}"
            );
        }
    }
    // A page left open for too long.
    let token = page.token();
    app.wait(Duration::hours(13));
    let late = browser.post(&page, &page.path, &WHOLE).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert_eq!(count(&app), before);
    let reopened = browser.get(&page.path).await;
    assert_eq!(value(&reopened, "code_postal"), [""], "{}", reopened.body);
    assert_ne!(reopened.token(), token);
    // A fresh page of the same browser works.
    let saved = browser.post(&reopened, &page.path, &WHOLE).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_posted_again_from_history_is_taken_once() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let filling = app.example("composition-de-menage", 0);
    let check = app.ready(&browser, "composition-de-menage", &filling).await;
    let token = check.token();
    let first = browser.post(&check, &sending(&check), &[]).await;
    let first = app.sent(&browser.follow(first).await);
    // The same bytes, an hour later and by another machine: nothing new, and nothing of somebody's.
    app.wait(Duration::hours(1));
    let pairs = [("_csrf".to_owned(), token)];
    let again = browser.post_raw(&sending(&check), &pairs).await;
    assert_eq!(
        app.sent(&browser.follow(again).await).reference,
        first.reference
    );
    let stolen = app.browser().post_raw(&sending(&check), &pairs).await;
    assert_eq!(stolen.status, StatusCode::FORBIDDEN);
    // Its pages are closed: they lead to the request.
    let page = browser.get(&check.path).await;
    assert_eq!(page.status, StatusCode::GONE);
    let links = page.attributes("a", "href");
    assert!(links.contains(&first.tracking), "{links:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_guessed_in_a_loop_is_refused_even_when_it_is_right() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    let sent = app.send(&browser, "composition-de-menage", 0).await;
    let stranger = app.browser();
    let mut refused = None;
    for guess in 0..40 {
        let path = match guess % 3 {
            0 => format!("/brouillons/{guess:016}"),
            1 => format!("/suivi/{guess:016}"),
            _ => format!("/verification/{guess:016}"),
        };
        let page = stranger.get(&path).await;
        if page.status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some((guess, page));
            break;
        }
    }
    let (guesses, answer) = refused.expect("somebody stops it");
    assert_eq!(guesses, 30);
    assert!(
        answer.said().contains("Attendez quelques minutes"),
        "{}",
        answer.said()
    );
    let wait: i64 = answer.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=600).contains(&wait), "{wait}");
    for path in [
        page.path.as_str(),
        sent.tracking.as_str(),
        "/verification/0000000000000001",
    ] {
        let right = app.browser().get(path).await;
        assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    let typed = stranger.get("/reprendre").await;
    let typed = stranger
        .post(&typed, "/reprendre", &[("code", &code(&page))])
        .await;
    assert_eq!(typed.status, StatusCode::TOO_MANY_REQUESTS);
    // Who comes for something else is not kept out, and it passes.
    assert_eq!(stranger.get("/demarches").await.status, StatusCode::OK);
    app.wait(Duration::seconds(wait));
    assert_eq!(stranger.get(&page.path).await.status, StatusCode::OK);
    assert_eq!(stranger.get(&sent.tracking).await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_resumed_by_its_code_however_it_is_typed() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let first = begin(&browser, "composition-de-menage").await;
    let later = browser
        .post(
            &first,
            &first.path,
            &[("code_postal", "4520"), ("_later", "1")],
        )
        .await;
    let later = browser.follow(later).await;
    let compact = code(&first);
    assert!(later.body.contains(&compact), "{}", later.body);
    let groups: Vec<String> = compact
        .as_bytes()
        .chunks(4)
        .map(|chunk| String::from_utf8_lossy(chunk).into_owned())
        .collect();
    assert!(later.said().contains(&groups.join("-")), "{}", later.said());
    for typed in [
        compact.clone(),
        groups.join("-"),
        groups.join(" ").to_lowercase(),
        format!("  {} ", groups.join(" - ")),
        compact.replace('0', "O").replace('1', "l"),
    ] {
        let other = app.browser();
        let door = other.get("/reprendre").await;
        let opened = other.open_code(&door, &typed).await;
        assert!(
            opened.path.ends_with("/pages/qui"),
            "{typed}: {} {}",
            opened.path,
            opened.said()
        );
        assert_eq!(value(&opened, "code_postal"), ["4520"]);
    }
    // One that does not exist keeps what was typed.
    let door = browser.get("/reprendre").await;
    let wrong = browser
        .post(&door, "/reprendre", &[("code", "7K4M-2P93-QX8T-B5WD")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(value(&wrong, "code"), ["7K4M-2P93-QX8T-B5WD"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_nobody_sent_is_gone_after_thirty_days() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    app.wait(Duration::days(29));
    let opened = browser.get(&page.path).await;
    assert_eq!(opened.status, StatusCode::OK);
    // Whoever works on it keeps it.
    browser
        .post(
            &opened,
            &page.path,
            &[("code_postal", "4520"), ("_refresh", "1")],
        )
        .await;
    app.wait(Duration::days(29));
    assert_eq!(browser.get(&page.path).await.status, StatusCode::OK);
    app.wait(Duration::days(2));
    let gone = browser.get(&page.path).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(!gone.body.contains("4520"), "{}", gone.body);
    perron::worker::Worker::new(app.app.clone())
        .call_rounds()
        .await
        .unwrap();
    app.drain().await;
    assert_eq!(count(&app), 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_taken_away_by_its_owner_is_gone_at_once() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    let gone = browser
        .post(
            &page,
            &format!("/brouillons/{}/suppression", code(&page)),
            &[],
        )
        .await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert_eq!(count(&app), 0);
    assert_eq!(browser.get(&page.path).await.status, StatusCode::GONE);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_keeps_the_version_it_was_begun_with() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    let (old, base) = (page.text("h1"), app.base.clone());
    assert_eq!(old, "Pour quel ménage ?");
    let place = app.close().await;
    let forms = place.folder.join("forms");
    let shipped = include_str!("../../forms/commune/composition-de-menage.yaml");
    let changed = shipped.replace(
        "title: \"Pour quel ménage\u{a0}?\"",
        "title: \"Quel ménage\u{a0}?\"",
    );
    assert_ne!(shipped, changed);
    std::fs::create_dir_all(forms.join("commune")).unwrap();
    std::fs::write(forms.join("commune/composition-de-menage.yaml"), changed).unwrap();
    let app = TestApp::start_in(place, |args| args.forms = Some(forms)).await;
    let browser = app.browser();
    let kept = browser.get(&page.path).await;
    assert_eq!(kept.status, StatusCode::OK, "{base} {}", kept.body);
    assert_eq!(kept.text("h1"), old);
    assert_eq!(
        begin(&browser, "composition-de-menage").await.text("h1"),
        "Quel ménage ?"
    );
    // It is sent as it was asked.
    let procedure = app.procedure("composition-de-menage");
    let check = fill(
        &browser,
        &procedure,
        &app.example("composition-de-menage", 0),
        kept,
    )
    .await;
    let sent = browser.post(&check, &sending(&check), &[]).await;
    let sent = app.sent(&browser.follow(sent).await);
    assert_ne!(app.request(&sent).version_id, procedure.version);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_draft_comes_by_mail_to_whoever_asks_for_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "allocation-chauffage").await;
    let path = format!("/brouillons/{}/plus-tard", code(&page));
    let later = browser.get(&path).await;
    let wrong = browser.post(&later, &path, &[("email", "anne")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(value(&wrong, "email"), ["anne"]);
    app.drain().await;
    assert!(app.mails().is_empty());
    let asked = browser
        .post(&later, &path, &[("email", "anne@exemple.be")])
        .await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
    assert!(asked.said().contains("anne@exemple.be"));
    app.drain().await;
    let [mail] = &app.mails()[..] else {
        panic!("one mail")
    };
    assert_eq!(mail.to, "anne@exemple.be");
    assert!(
        !mail.subject.to_lowercase().contains("chauffage"),
        "{}",
        mail.subject
    );
    let link = mail
        .text
        .split_whitespace()
        .find(|word| word.contains("/brouillons/"))
        .unwrap();
    let opened = app.browser().open(link.trim_start_matches(&app.base)).await;
    assert!(opened.path.ends_with("/pages/chauffage"), "{}", opened.path);
    // It is no way to fill somebody's mailbox.
    for _ in 0..4 {
        let more = browser
            .post(&later, &path, &[("email", "anne@exemple.be")])
            .await;
        assert_eq!(more.status, StatusCode::OK);
    }
    let much = browser
        .post(&later, &path, &[("email", "anne@exemple.be")])
        .await;
    assert_eq!(much.status, StatusCode::TOO_MANY_REQUESTS);
    app.drain().await;
    assert_eq!(app.mails().len(), 5);
    app.stop().await;
}

impl Browser {
    /// Types a code at the door of drafts.
    async fn open_code(&self, door: &Page, code: &str) -> Page {
        self.follow(self.post(door, "/reprendre", &[("code", code)]).await)
            .await
    }
}
