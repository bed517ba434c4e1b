//! What people type is kept exactly, whether it is right yet or not, and going back or reloading repeats
//! nothing.

use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::examples::begin;

const ME: [(&str, &str); 2] = [("pour_qui", "moi"), ("code_postal", "4520")];
const NAMES: [(&str, &str); 5] = [
    ("demandeur.last_name", "Exemple"),
    ("demandeur.first_name", "Anne"),
    ("demandeur.national_number", "85.07.30-033.28"),
    ("courriel", "anne@exemple.be"),
    ("telephone", "0470 00 00 00"),
];

fn value(page: &Page, name: &str) -> Vec<String> {
    page.attributes(&format!("input[name='{name}']"), "value")
}

/// Posts a page and shows where that leads.
async fn leave(browser: &Browser, page: &Page, pairs: &[(&str, &str)]) -> Page {
    let path = page.path.split('?').next().unwrap();
    browser.follow(browser.post(page, path, pairs).await).await
}

/// The last page of questions of a composition de ménage.
async fn destination(browser: &Browser) -> Page {
    let page = begin(browser, "composition-de-menage").await;
    let page = leave(browser, &page, &ME).await;
    let page = leave(browser, &page, &NAMES).await;
    assert!(page.path.ends_with("/destination"), "{}", page.said());
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_errors_can_be_reloaded_and_left_with_the_back_button() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    let wrong = [("pour_qui", "moi"), ("code_postal", "45")];
    let posted = browser.post(&page, &page.path, &wrong).await;
    // Nothing is drawn in answer to a post, so that no browser asks whether to send it again.
    let errors = posted.location.clone().unwrap();
    for _ in 0..2 {
        let shown = browser.get(&errors).await;
        assert_eq!(shown.texts(".errors a").len(), 1, "{}", shown.body);
        assert_eq!(value(&shown, "code_postal"), ["45"]);
    }
    let next = leave(&browser, &browser.get(&errors).await, &ME).await;
    assert!(next.path.ends_with("/vous"), "{}", next.path);
    // Back, to the page of the errors: there are none any more, and what was mended stays.
    let back = browser.get(&errors).await;
    assert!(back.texts(".errors").is_empty(), "{}", back.body);
    assert_eq!(value(&back, "code_postal"), ["4520"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_is_not_right_yet_is_there_when_one_comes_back() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    let later = [("pour_qui", "moi"), ("code_postal", "45"), ("_later", "1")];
    let kept = leave(&browser, &page, &later).await;
    assert!(kept.path.ends_with("/plus-tard"), "{}", kept.path);
    let resumed = app.browser().get(&page.path).await;
    assert_eq!(value(&resumed, "code_postal"), ["45"]);
    assert!(resumed.texts(".errors").is_empty(), "{}", resumed.body);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn going_on_with_what_was_warned_about_confirms_it_and_a_change_does_not() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    let elsewhere = [("pour_qui", "moi"), ("code_postal", "4500")];
    let warned = leave(&browser, &page, &elsewhere).await;
    assert!(warned.path.contains("suite=a-confirmer"), "{}", warned.path);
    let token = value(&warned, "_warned").remove(0);
    // Another place is another warning.
    let other = [elsewhere[0], ("code_postal", "1000"), ("_warned", &token)];
    let again = leave(&browser, &warned, &other).await;
    assert!(again.path.contains("suite=a-confirmer"), "{}", again.path);
    let token = value(&again, "_warned").remove(0);
    let same = [elsewhere[0], ("code_postal", "1000"), ("_warned", &token)];
    let next = leave(&browser, &again, &same).await;
    assert!(next.path.ends_with("/vous"), "{}", next.path);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn yes_then_no_then_yes_again_brings_back_what_was_typed() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = destination(&browser).await;
    let motive = |choice| {
        vec![
            ("motif", choice),
            ("mode_retrait", "en_ligne"),
            ("_shown", "motif"),
            ("_shown", "mode_retrait"),
            ("_refresh", "1"),
        ]
    };
    let asked = leave(&browser, &page, &motive("autre")).await;
    assert_eq!(value(&asked, "motif_precision"), [""]);
    // The same click that takes the question away posts what stands in it.
    let mut no = motive("social");
    no.extend([
        ("motif_precision", "Un tournoi"),
        ("_shown", "motif_precision"),
    ]);
    let hidden = leave(&browser, &asked, &no).await;
    assert!(value(&hidden, "motif_precision").is_empty());
    let back = leave(&browser, &hidden, &motive("autre")).await;
    assert_eq!(value(&back, "motif_precision"), ["Un tournoi"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_comes_up_shows_what_the_definition_proposes() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = destination(&browser).await;
    let paper = [
        ("motif", "social"),
        ("mode_retrait", "guichet"),
        ("_shown", "motif"),
        ("_shown", "mode_retrait"),
    ];
    let asked = leave(&browser, &page, &paper).await;
    assert!(asked.path.contains("suite=a-completer"), "{}", asked.path);
    assert_eq!(value(&asked, "exemplaires"), ["1"]);
    assert!(asked.texts(".errors").is_empty());
    app.stop().await;
}
