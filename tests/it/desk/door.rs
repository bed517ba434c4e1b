//! The agents' door: two factors, a code once, so many tries, and sessions that end.

use super::went_on;
use crate::support::TestApp;
use crate::support::desk::{CLAIRE, JULIE, SOPHIE, password};
use chrono::Duration;
use diesel::prelude::*;
use perron::db::schema::sessions;
use perron::demo;
use perron::identity::second_factor;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn the_door_asks_for_both_factors_and_takes_a_code_once() {
    let app = TestApp::start().await;
    app.staff().await;
    let browser = app.browser();
    // Sent to the door, and back to where one wanted to go.
    let asked = browser.get("/agent/compte").await;
    assert_eq!(
        asked.location.as_deref(),
        Some("/agent/connexion?next=%2Fagent%2Fcompte")
    );
    let door = browser.follow(asked).await;
    let pairs = [
        ("email", JULIE),
        ("password", demo::PASSWORD),
        ("next", "/agent/compte"),
    ];
    let half = browser.post(&door, "/agent/connexion", &pairs).await;
    let page = browser.follow(half).await;
    assert!(
        page.path.starts_with("/agent/connexion/code"),
        "{}",
        page.path
    );
    // The password alone opens nothing.
    let kept_out = browser.get("/agent").await;
    assert!(
        kept_out
            .location
            .unwrap()
            .starts_with("/agent/connexion/code")
    );
    let code = app.code(JULIE);
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let refused = browser
        .post(&page, "/agent/connexion/code", &[("code", &wrong)])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pairs = [("code", code.as_str()), ("next", "/agent/compte")];
    let inside = browser
        .post(&refused, "/agent/connexion/code", &pairs)
        .await;
    assert_eq!(
        inside.location.as_deref(),
        Some("/agent/compte"),
        "{}",
        inside.said()
    );
    // Whoever looked over her shoulder has the password and the code, and still stays out.
    let thief = app.browser();
    let half = password(&thief, JULIE, demo::PASSWORD).await;
    let page = thief.follow(half).await;
    let replayed = thief
        .post(&page, "/agent/connexion/code", &[("code", &code)])
        .await;
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(thief.get("/agent").await.location.is_some());
    // Leaving ends the session on the server.
    let page = browser.get("/agent/compte").await;
    assert_eq!(page.status, StatusCode::OK);
    browser.post(&page, "/agent/deconnexion", &[]).await;
    assert!(browser.get("/agent").await.location.is_some());
    let left: i64 = app.look(|conn| {
        sessions::table
            .filter(sessions::second_factor.eq(true))
            .count()
            .get_result(conn)
    });
    assert_eq!(left, 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_guessed_five_times_locks_the_door_for_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    app.staff().await;
    let thief = app.browser();
    let mut said = Vec::new();
    for email in [SOPHIE, "nobody@wanze.example"] {
        let mut answers = Vec::new();
        for guess in 0..6 {
            let page = password(&thief, email, &format!("guess-{guess}-guess")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            answers.push(page.text(".errors p"));
        }
        assert!(
            answers[5].contains("Trop d’essais") && answers[5].contains("minutes"),
            "{answers:?}"
        );
        said.push(answers);
    }
    // Whether there is such an agent cannot be told.
    assert_eq!(said[0], said[1]);
    let right = password(&app.browser(), SOPHIE, demo::PASSWORD).await;
    assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.wait(Duration::minutes(16));
    let inside = app.sign_in(SOPHIE).await;
    assert_eq!(inside.get("/agent").await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_left_alone_ends_and_so_does_a_long_one() {
    let app = TestApp::start().await;
    app.staff().await;
    let claire = app.sign_in(CLAIRE).await;
    app.wait(Duration::minutes(61));
    assert!(
        claire
            .get("/agent")
            .await
            .location
            .unwrap()
            .starts_with("/agent/connexion")
    );
    let claire = app.sign_in(CLAIRE).await;
    for _ in 0..14 {
        app.wait(Duration::minutes(50));
        assert_eq!(claire.get("/agent/compte").await.status, StatusCode::OK);
    }
    app.wait(Duration::minutes(30));
    assert!(claire.get("/agent/compte").await.location.is_some());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_agent_enrols_a_telephone_at_the_first_sign_in() {
    let app = TestApp::start().await;
    app.staff().await;
    let julie = app.agent(JULIE);
    app.change(move |tx| julie.forget_second_factor(tx)).await;
    let browser = app.browser();
    let half = password(&browser, JULIE, demo::PASSWORD).await;
    assert_eq!(half.location.as_deref(), Some("/agent/connexion/appareil"));
    let page = browser.follow(half).await;
    assert_eq!(
        page.attributes("svg[role=img] path", "d").len(),
        2,
        "{}",
        page.body
    );
    let code = app.code(JULIE);
    let spelled = {
        let (id, key) = (app.agent(JULIE).id, app.site.key.clone());
        app.look(move |conn| second_factor::generator(conn, &key, id))
            .unwrap()
            .spelled()
    };
    assert!(page.said().contains(&spelled), "{}", page.said());
    let wrong = browser
        .post(&page, "/agent/connexion/appareil", &[("code", "000000")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.said().contains(&spelled));
    let inside = browser
        .post(&wrong, "/agent/connexion/appareil", &[("code", &code)])
        .await;
    assert_eq!(
        inside.location.as_deref(),
        Some("/agent"),
        "{}",
        inside.said()
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_every_other_session() {
    let app = TestApp::start().await;
    app.staff().await;
    let (here, there) = (app.sign_in(JULIE).await, app.sign_in(JULIE).await);
    let page = here.get("/agent/compte").await;
    let path = "/agent/compte/mot-de-passe";
    let short = [("current", demo::PASSWORD), ("new", "court")];
    let wrong = [
        ("current", "autre chose"),
        ("new", "un long mot de passe tout neuf"),
    ];
    for pairs in [short, wrong] {
        assert_eq!(
            here.post(&page, path, &pairs).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    assert_eq!(there.get("/agent").await.status, StatusCode::OK);
    let right = [
        ("current", demo::PASSWORD),
        ("new", "un long mot de passe tout neuf"),
    ];
    went_on(&here.post(&page, path, &right).await);
    assert_eq!(here.get("/agent").await.status, StatusCode::OK);
    assert!(there.get("/agent").await.location.is_some());
    let old = password(&app.browser(), JULIE, demo::PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.stop().await;
}
