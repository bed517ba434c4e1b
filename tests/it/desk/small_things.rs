//! What an agent is told in passing: where one comes back to, who hears of it, what a file is called.

use super::{ACT, asked, went_on};
use crate::support::TestApp;
use crate::support::desk::{CLAIRE, JULIE, step};
use chrono::Duration;
use perron::request::paper;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_after_the_session_ended_says_so_and_the_door_leads_back_to_it() {
    let (app, _, julie, sent) = asked().await;
    let path = format!("{}/transitions/refuse", sent.desk);
    let form = julie.get(&path).await;
    app.wait(Duration::minutes(61));
    let lost = julie
        .post(&form, &path, &[("reason", "Longue raison.")])
        .await;
    let door = julie.follow(lost).await;
    assert!(
        door.said()
            .contains("Votre session s’est terminée. Rien n’a été envoyé."),
        "{}",
        door.said()
    );
    assert_eq!(door.attributes("input[name=next]", "value"), [path]);
    // Whoever simply comes by is told of no session.
    let first = app.browser().open("/agent/compte").await;
    assert!(
        !first.said().contains("Rien n’a été envoyé"),
        "{}",
        first.said()
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_to_a_request_just_closed_is_refused_aloud_and_kept() {
    let (app, _, julie, sent) = asked().await;
    let page = julie.get(&sent.desk).await;
    let reason = [("reason", "Introuvable.")];
    went_on(&step(&julie, &sent.desk, "refuse", &reason).await);
    let path = format!("{}/messages", sent.desk);
    let late = julie
        .post(&page, &path, &[("message", "Une longue réponse.")])
        .await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.said().contains("n’est pas envoyé"), "{}", late.said());
    assert_eq!(late.text("textarea[name=message]"), "Une longue réponse.");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_reads_how_the_citizen_will_hear_of_it() {
    let (app, _, julie, sent) = asked().await;
    let form = julie
        .get(&format!("{}/transitions/refuse", sent.desk))
        .await;
    assert!(
        form.said()
            .contains("Le citoyen sera averti à marc.dupont@exemple.be"),
        "{}",
        form.said()
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_and_a_document_are_saved_under_names_that_tell_them_apart() {
    let (app, citizen, julie, sent) = asked().await;
    went_on(&step(&julie, &sent.desk, "issue", &ACT).await);
    app.drain().await;
    let id = sent.id;
    for paper in app.look(|conn| paper::of_request(conn, id)) {
        let start = if paper.is_receipt() {
            "accuse-"
        } else {
            "acte-de-mariage"
        };
        for (browser, under) in [(&citizen, &sent.tracking), (&julie, &sent.desk)] {
            let given = browser
                .get(&format!("{under}/documents/{}", paper.id))
                .await;
            let named = given.headers["content-disposition"].to_str().unwrap();
            let expected = format!("filename=\"{start}");
            assert!(
                named.contains(&expected) && named.contains(&sent.reference),
                "{named}"
            );
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_without_a_queue_comes_to_the_administration() {
    let app = TestApp::start().await;
    app.staff().await;
    let claire = app.sign_in(CLAIRE).await;
    let desk = claire.get("/agent").await;
    assert_eq!(desk.location.as_deref(), Some("/admin"));
    let julie = app.sign_in(JULIE).await;
    let mine = julie.get("/agent?vue=miennes").await;
    assert!(
        mine.said().contains("Vous n’avez aucune demande en main"),
        "{}",
        mine.said()
    );
    // Over all her services, she can look for what a colleague has.
    let all = julie.get("/agent").await;
    let hands = all.texts("select[name=agent] option");
    assert!(hands.contains(&"Marc Dubois".to_owned()), "{hands:?}");
    app.stop().await;
}
