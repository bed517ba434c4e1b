//! What only the head of a service may do: take a document back, and lead a request out of a dead end.

use super::{ACT, asked, status, went_on};
use crate::support::desk::{FATIMA, MARC, PAUL, SOPHIE, step};
use perron::audit;
use perron::audit::verify::verify;
use perron::request::paper;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn a_document_issued_by_mistake_is_revoked_by_the_head_and_everybody_can_tell() {
    let (app, citizen, julie, sent) = asked().await;
    went_on(&step(&julie, &sent.desk, "issue", &ACT).await);
    app.drain().await;
    let id = sent.id;
    let papers = app.look(|conn| paper::of_request(conn, id));
    let issued = papers.iter().find(|paper| !paper.is_receipt()).unwrap();
    let receipt = papers.iter().find(|paper| paper.is_receipt()).unwrap();
    let at = |paper: &paper::Paper| format!("{}/documents/{}/annulation", sent.desk, paper.id);
    let path = at(issued);
    let reason = [("reason", "Le nom de la mère est faux.")];
    // An agent reads the request and is offered nothing; strangers do not even know it.
    let page = julie.get(&sent.desk).await;
    assert!(page.attributes("a[href$='/annulation']", "href").is_empty());
    assert_eq!(julie.get(&path).await.status, StatusCode::NOT_FOUND);
    for email in [FATIMA, SOPHIE, PAUL] {
        let stranger = app.sign_in(email).await;
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
        let form = stranger.get("/agent/compte").await;
        let tried = stranger.post(&form, &path, &reason).await;
        assert_eq!(tried.status, StatusCode::NOT_FOUND, "{email}");
    }
    assert_eq!(
        julie.post(&page, &path, &reason).await.status,
        StatusCode::NOT_FOUND
    );
    let marc = app.sign_in(MARC).await;
    let page = marc.get(&sent.desk).await;
    let offered = page.attributes("a[href$='/annulation']", "href");
    assert_eq!(offered, std::slice::from_ref(&path));
    assert_eq!(marc.get(&at(receipt)).await.status, StatusCode::NOT_FOUND);
    let empty = marc.post(&page, &path, &[("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mails = app.mails().len();
    for _ in 0..2 {
        went_on(&marc.post(&page, &path, &reason).await);
    }
    app.drain().await;
    let code = issued.code(&app.site.key);
    let public = app
        .browser()
        .get(&format!("/verification/{}", code.compact()))
        .await;
    assert_eq!(public.text("h1"), "Document annulé");
    assert!(!public.body.contains("mère"), "{}", public.body);
    let tracked = citizen.get(&sent.tracking).await;
    assert!(
        tracked
            .text(".papers")
            .contains("Le nom de la mère est faux.")
            && tracked.text(".timeline").contains("Document annulé"),
        "{}",
        tracked.said()
    );
    assert!(!tracked.body.contains("Marc Dubois"), "{}", tracked.body);
    // Once, and one mail that there is a message.
    let told = &app.mails()[mails..];
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].to, "marc.dupont@exemple.be");
    let events = app.look(|conn| audit::of_request(conn, id));
    assert_eq!(
        events
            .iter()
            .filter(|event| event.kind == "revoked")
            .count(),
        1
    );
    let seen = julie.get(&sent.desk).await;
    assert!(
        seen.text(".timeline")
            .contains("Marc Dubois · Le nom de la mère est faux."),
        "{}",
        seen.said()
    );
    assert!(app.look(verify).faults.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_reopens_a_request_refused_by_mistake_and_says_why_inside() {
    let (app, citizen, julie, sent) = asked().await;
    let reason = [("reason", "Introuvable.")];
    went_on(&step(&julie, &sent.desk, "refuse", &reason).await);
    let path = format!("{}/etat", sent.desk);
    let page = julie.get(&sent.desk).await;
    assert!(page.attributes("a[href$='/etat']", "href").is_empty());
    assert_eq!(julie.get(&path).await.status, StatusCode::NOT_FOUND);
    let forced = [
        ("status", "in_progress"),
        ("reason", "L’acte est retrouvé."),
    ];
    assert_eq!(
        julie.post(&page, &path, &forced).await.status,
        StatusCode::NOT_FOUND
    );
    let marc = app.sign_in(MARC).await;
    let form = marc.get(&path).await;
    let offered = form.attributes("input[name=status]", "value");
    assert!(
        offered.contains(&"in_progress".to_owned())
            // A question is asked with words, and where it stands is no other state.
            && !offered.contains(&"waiting".to_owned())
            && !offered.contains(&"refused".to_owned()),
        "{offered:?}"
    );
    for wrong in [
        [("status", "in_progress"), ("reason", " ")],
        [("status", "waiting"), ("reason", "Parce que.")],
        [("status", "nowhere"), ("reason", "Parce que.")],
    ] {
        let page = marc.post(&form, &path, &wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert_eq!(page.texts(".errors a").len(), 1, "{}", page.said());
    }
    assert_eq!(status(&app, &sent), "refused");
    went_on(&marc.post(&form, &path, &forced).await);
    assert_eq!(status(&app, &sent), "in_progress");
    let seen = julie.get(&sent.desk).await;
    assert!(
        seen.text(".timeline")
            .contains("État imposé · Marc Dubois · L’acte est retrouvé."),
        "{}",
        seen.said()
    );
    assert!(seen.texts(".decided").is_empty(), "{}", seen.said());
    let tracked = citizen.get(&sent.tracking).await;
    assert!(!tracked.body.contains("retrouvé"), "{}", tracked.body);
    // It can be handled again.
    went_on(&step(&julie, &sent.desk, "issue", &ACT).await);
    assert!(app.look(verify).faults.is_empty());
    app.stop().await;
}
