//! Browsers that are known: what strangers beside them guess at does not shut them out, and they may guess
//! no more than others.

use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::desk::{JULIE, MARC, password};
use crate::support::examples::begin;
use chrono::Duration;
use perron::demo;
use reqwest::StatusCode;

/// Somebody guesses codes until the network is stopped.
async fn guess(app: &TestApp) -> Browser {
    let stranger = app.browser();
    for guess in 0..31 {
        stranger.get(&format!("/suivi/{guess:016}")).await;
    }
    let stopped = stranger.get("/suivi/0000000000000099").await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
    stranger
}

/// Julie's own computer: she has worked there, and has gone home.
async fn own_computer(app: &TestApp) -> Browser {
    let browser = app.sign_in(JULIE).await;
    leave(&browser).await;
    browser
}

async fn leave(browser: &Browser) {
    let page = browser.get("/agent/compte").await;
    let out = browser.post(&page, "/agent/deconnexion", &[]).await;
    assert_eq!(out.location.as_deref(), Some("/agent/connexion"));
}

/// Gives the code of the telephone after a right password.
async fn second(app: &TestApp, browser: &Browser, email: &str, asked: Page) -> Page {
    assert_eq!(
        asked.location.as_deref(),
        Some("/agent/connexion/code"),
        "{}",
        asked.said()
    );
    app.wait(Duration::seconds(30));
    let page = browser.follow(asked).await;
    let code = app.code(email);
    browser
        .post(&page, "/agent/connexion/code", &[("code", &code)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_codes_beside_others_in_the_library_does_not_shut_them_out() {
    let app = TestApp::start().await;
    let neighbour = app.browser();
    let draft = begin(&neighbour, "composition-de-menage").await;
    let sent = app.send(&neighbour, "acte-de-mariage", 0).await;
    let stranger = guess(&app).await;
    for path in [&draft.path, &sent.tracking] {
        assert_eq!(neighbour.get(path).await.status, StatusCode::OK, "{path}");
        // A right code does not help who only guessed.
        let right = stranger.get(path).await;
        assert_eq!(right.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    // Somebody who comes now can begin and go on.
    let late = app.browser();
    let begun = begin(&late, "composition-de-menage").await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.said());
    assert_eq!(late.get(&begun.path).await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browser_may_be_wrong_ten_times_and_its_cookie_names_nobody() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let draft = begin(&browser, "composition-de-menage").await;
    for guess in 0..10 {
        let wrong = browser.get(&format!("/suivi/{guess:016}")).await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND, "{guess}");
    }
    for path in [draft.path.as_str(), "/suivi/0000000000000099"] {
        let stopped = browser.get(path).await;
        assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    // Another one on the same network is not stopped by it; and a made-up cookie is none.
    let other = app.browser();
    assert_eq!(other.get(&draft.path).await.status, StatusCode::OK);
    let stranger = guess(&app).await;
    let forged = stranger
        .client()
        .get(format!("{}{}", app.base, draft.path))
        .header("Cookie", format!("perron_connu={}", "A".repeat(64)))
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status(), StatusCode::TOO_MANY_REQUESTS);
    app.wait(Duration::minutes(10));
    assert_eq!(browser.get(&draft.path).await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_at_her_own_computer_signs_in_whatever_strangers_try_at_her_account() {
    let app = TestApp::start().await;
    app.staff().await;
    let julie = own_computer(&app).await;
    let stranger = app.browser();
    for _ in 0..5 {
        password(&stranger, JULIE, "mauvais mot de passe").await;
    }
    let locked = password(&stranger, JULIE, demo::PASSWORD).await;
    assert!(locked.said().contains("Trop d’essais"), "{}", locked.said());
    // So does the whole town hall's network.
    for guess in 0..60 {
        let nobody = format!("personne-{guess}@wanze.example");
        password(&stranger, &nobody, "mauvais mot de passe").await;
    }
    let locked = password(&stranger, MARC, demo::PASSWORD).await;
    assert!(locked.said().contains("Trop d’essais"), "{}", locked.said());
    let asked = password(&julie, JULIE, demo::PASSWORD).await;
    let inside = second(&app, &julie, JULIE, asked).await;
    assert_eq!(
        inside.location.as_deref(),
        Some("/agent"),
        "{}",
        inside.said()
    );
    leave(&julie).await;
    // Her coming in gives the stranger no new tries, and she is not known as somebody else.
    let locked = password(&stranger, JULIE, demo::PASSWORD).await;
    assert!(locked.said().contains("Trop d’essais"), "{}", locked.said());
    let locked = password(&julie, MARC, demo::PASSWORD).await;
    assert!(locked.said().contains("Trop d’essais"), "{}", locked.said());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_passwords_or_codes_stop_a_known_browser_too_and_nobody_else() {
    let app = TestApp::start().await;
    app.staff().await;
    let julie = own_computer(&app).await;
    for _ in 0..3 {
        let wrong = password(&julie, JULIE, "mauvais mot de passe").await;
        assert!(!wrong.said().contains("Trop d’essais"), "{}", wrong.said());
    }
    let asked = password(&julie, JULIE, demo::PASSWORD).await;
    let page = julie.follow(asked).await;
    for code in ["000000", "000001"] {
        julie
            .post(&page, "/agent/connexion/code", &[("code", code)])
            .await;
    }
    let locked = password(&julie, JULIE, demo::PASSWORD).await;
    assert!(locked.said().contains("Trop d’essais"), "{}", locked.said());
    // Her account is open from elsewhere, and from here a quarter of an hour later.
    let elsewhere = app.browser();
    let asked = password(&elsewhere, JULIE, demo::PASSWORD).await;
    let inside = second(&app, &elsewhere, JULIE, asked).await;
    assert_eq!(inside.location.as_deref(), Some("/agent"));
    app.wait(Duration::minutes(15));
    let asked = password(&julie, JULIE, demo::PASSWORD).await;
    let inside = second(&app, &julie, JULIE, asked).await;
    assert_eq!(inside.location.as_deref(), Some("/agent"));
    app.stop().await;
}
