//! The papers of a request that is followed: sent with a form, sent later, saved by the citizen.

use crate::support::TestApp;
use crate::support::desk::{JULIE, step};
use crate::support::examples::file_named;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_among_good_ones_loses_none_without_a_word() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "composition-de-menage", 1).await;
    app.drain().await;
    let julie = app.sign_in(JULIE).await;
    let question = [("question", "Avez-vous une photo ?")];
    step(&julie, &sent.desk, "ask", &question).await;
    let page = citizen.get(&sent.tracking).await;
    for (form, field, words) in [
        ("reponses", "answer_files", "answer"),
        ("messages", "message_files", "message"),
    ] {
        let path = format!("{}/{form}", sent.tracking);
        let pairs = [(words.to_owned(), "Voici.".to_owned())];
        let files = || {
            vec![
                (
                    field.to_owned(),
                    "bon.png".to_owned(),
                    file_named("bon.png"),
                ),
                (
                    field.to_owned(),
                    "programme.pdf".to_owned(),
                    b"#!/bin/sh\n".to_vec(),
                ),
            ]
        };
        let again = citizen.post_files(&page, &path, &pairs, files()).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        let said = again.text(".errors");
        assert!(
            said.contains("« programme.pdf » : ce fichier est un programme.")
                || said.contains("« programme.pdf » : ce fichier est un programme."),
            "{said}"
        );
        assert!(said.contains("Choisissez à nouveau « bon.png »."), "{said}");
        // Nothing else was wrong, and good ones are named just the same.
        let long = [(words.to_owned(), "x".repeat(5_001))];
        let again = citizen
            .post_files(&page, &path, &long, files()[..1].to_vec())
            .await;
        assert!(
            again
                .text(".errors")
                .contains("Choisissez à nouveau « bon.png »."),
            "{}",
            again.said()
        );
    }
    assert_eq!(app.request(&sent).status, "waiting");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_sent_later_goes_with_a_message_and_is_seen_under_it() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "composition-de-menage", 1).await;
    let page = citizen.get(&sent.tracking).await;
    assert_eq!(
        page.attributes("input[name=message_files]", "type"),
        ["file"]
    );
    // Nothing leaves by itself from here, and nothing can be dropped.
    assert!(page.attributes("[data-upload]", "class").is_empty());
    assert!(!page.said().contains("déposer ici"), "{}", page.said());
    let path = format!("{}/messages", sent.tracking);
    let file = || {
        vec![(
            "message_files".to_owned(),
            "facture.png".to_owned(),
            file_named("facture.png"),
        )]
    };
    // Twice: a double click.
    for _ in 0..2 {
        let pairs = [("message".to_owned(), String::new())];
        let told = citizen.post_files(&page, &path, &pairs, file()).await;
        assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.said());
    }
    let page = citizen.get(&sent.tracking).await;
    assert_eq!(page.texts(".said p"), ["Fichier envoyé : facture.png"]);
    assert_eq!(page.texts(".said .files a"), ["facture.png"]);
    let link = page.attributes(".said .files a", "href").remove(0);
    assert_eq!(citizen.get(&link).await.status, StatusCode::OK);
    let julie = app.sign_in(JULIE).await;
    let seen = julie.get(&sent.desk).await;
    assert!(seen.said().contains("facture.png"), "{}", seen.said());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_paper_is_named_after_what_it_is_and_says_nothing_of_social_aid() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    for (procedure, nth) in [("composition-de-menage", 1), ("allocation-chauffage", 0)] {
        let sent = app.send(&citizen, procedure, nth).await;
        app.drain().await;
        let page = citizen.get(&sent.tracking).await;
        let receipt = page
            .attributes(".facts__links a[href*='/documents/']", "href")
            .remove(0);
        let paper = citizen.get(&receipt).await;
        let name = paper.headers["content-disposition"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            name.contains(&format!("accuse-{}.pdf", sent.reference)),
            "{name}"
        );
        assert!(!name.contains("chauffage"), "{name}");
    }
    app.stop().await;
}
