//! A draft taken up again: by its code, by the link of a mail, within its thirty days, in its version.

use super::{code, count, value};
use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::examples::{begin, fill, sending};
use chrono::Duration;
use reqwest::StatusCode;

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
    let shipped = include_str!("../../../forms/commune/composition-de-menage.yaml");
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
