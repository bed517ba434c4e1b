//! What anybody can check of a document that was issued.

use super::{ACT, asked, went_on};
use crate::support::desk::step;
use diesel::prelude::*;
use perron::db::At;
use perron::db::schema::documents;
use perron::request::paper;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_verified_as_authentic_revoked_or_unknown_and_nothing_else() {
    let (app, citizen, julie, sent) = asked().await;
    went_on(&step(&julie, &sent.desk, "issue", &ACT).await);
    app.drain().await;
    let tracked = citizen.get(&sent.tracking).await;
    let path = tracked
        .attributes(".papers a[href^='/verification/']", "href")
        .remove(0);
    let anybody = app.browser();
    let authentic = anybody.get(&path).await;
    assert_eq!(authentic.text("h1"), "Document authentique");
    for secret in [
        "Dupont",
        "Lambert",
        "mariage",
        &sent.shown,
        &sent.reference,
        "État civil",
    ] {
        assert!(
            !authentic.text("main").contains(secret),
            "{secret}: {}",
            authentic.text("main")
        );
    }
    // Typed by hand, in groups and small letters.
    let code = path.rsplit('/').next().unwrap().to_lowercase();
    let typed = format!("/verification?code={}+{}", &code[..8], &code[8..]);
    assert_eq!(
        anybody.open(&typed).await.text("h1"),
        "Document authentique"
    );
    assert_eq!(
        anybody
            .get("/verification/7K4M2P93QX8TB5WD")
            .await
            .text("h1"),
        "Code inconnu"
    );
    let id = sent.id;
    app.change(move |tx| {
        let now = At::new(tx.now().0);
        let issued = documents::table.filter(documents::request_id.eq(id));
        diesel::update(issued.filter(documents::kind.ne("receipt")))
            .set(documents::revoked_at.eq(Some(now)))
            .execute(tx.conn())
    })
    .await;
    assert_eq!(anybody.get(&path).await.text("h1"), "Document annulé");
    let papers = app.look(|conn| paper::of_request(conn, id));
    let issued = papers.iter().find(|paper| !paper.is_receipt()).unwrap();
    let url = format!("{}/documents/{}", sent.tracking, issued.id);
    assert_eq!(citizen.get(&url).await.status, StatusCode::NOT_FOUND);
    app.stop().await;
}
