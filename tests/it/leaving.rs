//! An agent loses an access: what they had in hand is not lost with it.

use crate::support::TestApp;
use crate::support::browser::Browser;
use crate::support::desk::{CLAIRE, FATIMA, JULIE, MARC, PAUL, SOPHIE};
use crate::support::examples::Sent;
use diesel::prelude::*;
use perron::audit;
use perron::db::schema::requests;
use perron::db::{Doc, Id};
use perron::request::hands;
use reqwest::StatusCode;
use serde_json::json;

const HOUSEHOLD: &str = "composition-de-menage";

async fn house() -> TestApp {
    let app = TestApp::start().await;
    app.staff().await;
    app
}

/// Takes the request from its page.
async fn take(agent: &Browser, sent: &Sent) {
    let page = agent.get(&sent.desk).await;
    let path = format!("{}/attribution?a=moi", sent.desk);
    let taken = agent.post(&page, &path, &[("vu", "")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
}

fn leaving(app: &TestApp, agent: &str, service: &str) -> String {
    let id = app.agent(agent).id;
    format!("/admin/comptes/{id}/acces/{service}/retrait")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_had_in_hand_goes_back_to_the_queue_with_the_access() {
    let app = house().await;
    let citizen = app.browser();
    let (kept, other) = (
        app.send(&citizen, HOUSEHOLD, 0).await,
        app.send(&citizen, "acte-de-mariage", 0).await,
    );
    let (paul, julie) = (app.sign_in(PAUL).await, app.sign_in(JULIE).await);
    take(&julie, &kept).await;
    take(&julie, &other).await;
    let path = leaving(&app, JULIE, "population");
    let asked = paul.get(&path).await;
    assert!(
        asked
            .said()
            .contains("Une demande qui est entre ses mains retourne à la file."),
        "{}",
        asked.said()
    );
    // Figures alone: nothing of whose request it is.
    for word in [&kept.shown, "Lambert", "Composition"] {
        assert!(!asked.said().contains(word), "{word}: {}", asked.said());
    }
    assert_eq!(app.request(&kept).assignee, Some(app.agent(JULIE).id));
    let done = paul.post(&asked, &path, &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let request = app.request(&kept);
    assert_eq!(
        (request.assignee, request.status.as_str()),
        (None, "in_progress")
    );
    // At the other service she is still at work.
    assert_eq!(app.request(&other).assignee, Some(app.agent(JULIE).id));
    let id = kept.id;
    let events = app.look(|conn| audit::of_request(conn, id));
    let last = events.last().unwrap();
    assert_eq!(last.actor_name.as_deref(), Some("Paul Maes"));
    assert!(!last.public);
    let trail = app.look(perron::audit::verify::verify);
    assert!(trail.faults.is_empty());
    let marc = app.sign_in(MARC).await;
    let free = marc.get("/agent?file=population&agent=personne").await;
    assert!(free.body.contains(&kept.shown), "{}", free.body);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_member_of_a_service_leaves_only_when_that_is_ticked() {
    let app = house().await;
    let sent = app
        .send(&app.browser(), "occupation-voie-publique", 0)
        .await;
    let (paul, fatima) = (app.sign_in(PAUL).await, app.sign_in(FATIMA).await);
    let path = leaving(&app, FATIMA, "travaux");
    let asked = paul.get(&path).await;
    let said = asked.said();
    assert!(
        said.contains("C’est le dernier membre de ce service. Une demande ouverte"),
        "{said}"
    );
    let refused = paul.post(&asked, &path, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.texts(".errors a").len() == 1, "{}", refused.body);
    assert_eq!(fatima.get(&sent.desk).await.status, StatusCode::OK);
    let done = paul.post(&refused, &path, &[("personne", "true")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(fatima.get(&sent.desk).await.status, StatusCode::NOT_FOUND);
    // Nothing to take away any more.
    assert_eq!(paul.get(&path).await.status, StatusCode::NOT_FOUND);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_administrator_learns_how_many_requests_another_house_has() {
    let app = house().await;
    let sent = app.send(&app.browser(), "allocation-chauffage", 0).await;
    let sophie = app.sign_in(SOPHIE).await;
    take(&sophie, &sent).await;
    let (paul, claire) = (app.sign_in(PAUL).await, app.sign_in(CLAIRE).await);
    let path = leaving(&app, SOPHIE, "energie");
    let page = paul.get("/admin/comptes").await;
    assert_eq!(paul.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        paul.post(&page, &path, &[]).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(app.request(&sent).assignee.is_some());
    let asked = claire.get(&path).await;
    // An administrator who is no member of a social service reads no number of its requests either.
    let said = asked.said();
    assert!(
        said.contains("Les demandes qui sont entre ses mains"),
        "{said}"
    );
    assert!(!said.contains("Une demande"), "{said}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_ends_though_a_newer_program_wrote_one_of_the_requests_in_hand() {
    let app = house().await;
    let citizen = app.browser();
    let (newer, kept) = (
        app.send(&citizen, HOUSEHOLD, 0).await,
        app.send(&citizen, HOUSEHOLD, 0).await,
    );
    let (paul, julie) = (app.sign_in(PAUL).await, app.sign_in(JULIE).await);
    take(&julie, &newer).await;
    take(&julie, &kept).await;
    let id = newer.id;
    let facts = Doc(json!({ "total": 500, "question": { "words": "de demain" } }));
    app.change(move |tx| {
        diesel::update(requests::table.find(id))
            .set(requests::facts.eq(facts))
            .execute(tx.conn())
    })
    .await;
    let path = leaving(&app, JULIE, "population");
    let asked = paul.get(&path).await;
    let done = paul.post(&asked, &path, &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(julie.get(&kept.desk).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.request(&kept).assignee, None);
    let still: Option<Id> = app.look(|conn| {
        let row = requests::table.find(id).select(requests::assignee);
        row.first(conn)
    });
    assert_eq!(still, Some(app.agent(JULIE).id));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_had_in_hand_goes_back_when_the_account_is_closed() {
    let app = house().await;
    let sent = app.send(&app.browser(), HOUSEHOLD, 0).await;
    let julie = app.sign_in(JULIE).await;
    take(&julie, &sent).await;
    let agent = app.agent(JULIE);
    let closed = app.site.db.write(move |tx| hands::close(tx, &agent)).await;
    assert!(closed.is_ok(), "{closed:?}");
    assert_eq!(app.request(&sent).assignee, None);
    let next = julie.get(&sent.desk).await;
    assert_ne!(next.status, StatusCode::OK, "{}", next.said());
    let trail = app.look(perron::audit::verify::verify);
    assert!(trail.faults.is_empty());
    app.stop().await;
}
