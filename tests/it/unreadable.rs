//! Rows that a newer program wrote: this one says that it cannot open them, and leaves them as they are.

use crate::support::TestApp;
use crate::support::browser::Browser;
use crate::support::desk::{JULIE, step};
use crate::support::examples::{Sent, begin};
use crate::support::log;
use diesel::prelude::*;
use perron::audit::Actor;
use perron::db::schema::{drafts, requests};
use perron::db::{Doc, Id};
use perron::request;
use reqwest::StatusCode;
use serde_json::json;

const SECRET: &str = "question-que-personne-ne-lit";

/// A certificate asked for, and Julie at her desk.
async fn asked() -> (TestApp, Browser, Browser, Sent) {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "acte-de-mariage", 0).await;
    app.drain().await;
    let julie = app.sign_in(JULIE).await;
    (app, citizen, julie, sent)
}

fn facts(app: &TestApp, id: Id) -> (Doc, Doc, i32, i32) {
    app.look(|conn| {
        requests::table
            .find(id)
            .select((
                requests::answers,
                requests::facts,
                requests::revision,
                requests::event_count,
            ))
            .first(conn)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_program_wrote_is_opened_by_nobody_and_written_over_by_nobody() {
    let (app, citizen, julie, sent) = asked().await;
    let other = app.send(&citizen, "acte-de-mariage", 0).await;
    let (tracked, desk) = (
        citizen.get(&sent.tracking).await,
        julie.get(&sent.desk).await,
    );
    let id = sent.id;
    let newer = Doc(json!({ "total": 500, "question": { "words": SECRET } }));
    app.change(move |tx| {
        diesel::update(requests::table.find(id))
            .set(requests::facts.eq(newer))
            .execute(tx.conn())
    })
    .await;
    let before = facts(&app, id);
    let said = "ne peut pas être ouverte par cette version";
    let words = [("body", "Bonjour."), ("words", "Bonjour.")];
    let message = format!("{}/messages", sent.tracking);
    let take = format!("{}/transitions/take", sent.desk);
    for page in [
        citizen.get(&sent.tracking).await,
        citizen.post(&tracked, &message, &words).await,
        julie.get(&sent.desk).await,
        julie.post(&desk, &take, &[]).await,
    ] {
        assert_eq!(page.status, StatusCode::NOT_IMPLEMENTED, "{}", page.said());
        assert!(page.said().contains(said), "{}", page.said());
    }
    assert_eq!(facts(&app, id), before);
    // The list still stands, with this one in it.
    let list = julie.get("/agent").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(list.body.contains(&sent.shown) && list.body.contains(&other.shown));
    let log = log::catch().text();
    assert!(log.contains("cannot read the facts of the row"), "{log}");
    assert!(!log.contains(SECRET), "{log}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_pauses_and_ends_nobody_knows_are_no_empty_ones() {
    let (app, citizen, _julie, sent) = asked().await;
    let id = sent.id;
    let good = app.look(|conn| {
        requests::table
            .find(id)
            .select((requests::answers, requests::pauses))
            .first::<(Doc, Doc)>(conn)
    });
    let list = Doc(json!([]));
    let long = Doc(json!([{ "from": "2026-11-23", "to": null, "hours": 4 }]));
    for (answers, pauses, outcome) in [
        (&list, &good.1, None),
        (&good.0, &long, None),
        (&good.0, &good.1, Some("suspended")),
    ] {
        let (answers, pauses) = (answers.clone(), pauses.clone());
        app.change(move |tx| {
            diesel::update(requests::table.find(id))
                .set((
                    requests::answers.eq(answers),
                    requests::pauses.eq(pauses),
                    requests::outcome.eq(outcome),
                ))
                .execute(tx.conn())
        })
        .await;
        let page = citizen.get(&sent.tracking).await;
        assert_eq!(page.status, StatusCode::NOT_IMPLEMENTED, "{outcome:?}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_only_a_newer_program_knows_is_kept_when_an_agent_takes_a_step() {
    let (app, _citizen, julie, sent) = asked().await;
    let id = sent.id;
    let mut newer = facts(&app, id).1;
    newer.0["guarantor"] = json!("Zoé");
    app.change(move |tx| {
        diesel::update(requests::table.find(id))
            .set(requests::facts.eq(newer))
            .execute(tx.conn())
    })
    .await;
    let taken = step(&julie, &sent.desk, "take", &[]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.said());
    assert_eq!(facts(&app, id).1.0["guarantor"], json!("Zoé"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_a_newer_program_is_not_begun_anew() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let page = begin(&citizen, "acte-de-mariage").await;
    let newer = Doc(json!({ "dates": "12/2020" }));
    let kept = newer.clone();
    app.change(move |tx| {
        diesel::update(drafts::table)
            .set(drafts::typed.eq(newer))
            .execute(tx.conn())
    })
    .await;
    for again in [
        citizen.get(&page.path).await,
        citizen.post(&page, &page.path, &[("_refresh", "1")]).await,
    ] {
        assert_eq!(
            again.status,
            StatusCode::NOT_IMPLEMENTED,
            "{}",
            again.said()
        );
    }
    let typed: Doc = app.look(|conn| drafts::table.select(drafts::typed).first(conn));
    assert_eq!(typed, kept);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_notes_a_reading_does_not_send_the_answers_again() {
    let (app, _citizen, julie, sent) = asked().await;
    let (id, now) = (sent.id, facts(&app, sent.id));
    let noted = app.site.db.write(move |tx| {
        let mut request = request::for_system(tx.conn(), id)?.unwrap();
        // Behind its back, without a revision: whoever writes the whole row would undo it.
        diesel::update(requests::table.find(id))
            .set((
                requests::answers.eq(Doc(json!({ "kept": true }))),
                requests::sealed_count.eq(1),
            ))
            .execute(tx.conn())?;
        request.note_reading(tx, &Actor::System)
    });
    noted.await.unwrap();
    let after = facts(&app, id);
    assert_eq!(after.0, Doc(json!({ "kept": true })));
    assert_eq!((after.2, after.3), (now.2 + 1, now.3 + 1));
    // What the seal counted is not the step's to write.
    let taken = step(&julie, &sent.desk, "take", &[]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.said());
    let sealed: i32 = app.look(|conn| {
        requests::table
            .find(id)
            .select(requests::sealed_count)
            .first(conn)
    });
    assert_eq!(sealed, 1);
    app.stop().await;
}
