//! Filling a form in: `GET|POST /brouillons/{code}/…` and `/reprendre`. Nothing typed is lost, nothing
//! forged is taken.

mod resuming;

use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::examples::{begin, sending};
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
