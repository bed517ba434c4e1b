//! A citizen asks: `POST /demarches/{procedure}/brouillons` to the confirmation.

use crate::support::TestApp;
use crate::support::examples::{Filling, begin, fill, sending};
use diesel::prelude::*;
use perron::audit::verify::verify;
use perron::db::schema::{documents, events, jobs, requests};
use perron::definition::example::Example;
use perron::definition::field::Attribute;
use perron::request::{attachment, paper};
use reqwest::StatusCode;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_every_procedure_can_be_sent_as_a_citizen_would() {
    let app = TestApp::start().await;
    let today = app.site.today();
    assert_eq!(app.site.procedures().len(), 7, "{:#?}", app.site.defects);
    for published in app.site.procedures() {
        let procedure = published.procedure();
        for example in procedure
            .examples
            .iter()
            .filter(|example| can_be_sent(example))
        {
            app.clock.advance(example.today - app.site.today());
            let browser = app.browser();
            let first = begin(&browser, &procedure.id).await;
            let check = fill(&browser, &published, &Filling::of(example), first).await;
            let path = check.path.replace("/verification", "/envoi");
            let sent = browser.post(&check, &path, &[]).await;
            assert_eq!(
                sent.status,
                StatusCode::SEE_OTHER,
                "{}: {}",
                example.name,
                sent.body
            );
            let confirmation = browser.follow(sent).await;
            assert_eq!(confirmation.status, StatusCode::OK, "{}", confirmation.body);
            assert!(
                confirmation.path.ends_with("/confirmation"),
                "{}",
                confirmation.path
            );
            // A double click, or the form sent again from history, arrives at the same confirmation.
            let again = browser.follow(browser.post(&check, &path, &[]).await).await;
            assert_eq!(again.texts(".reference"), confirmation.texts(".reference"));
            // The code opens the request.
            let code = confirmation.texts(".reference").pop().unwrap();
            let tracked = browser.open(&format!("/suivi?code={code}")).await;
            assert_eq!(tracked.status, StatusCode::OK, "{}", tracked.body);
            assert!(
                tracked.said().contains(procedure.title.get("fr")),
                "{}",
                tracked.said()
            );
            // It lies where the clerk said it would, until the day they said.
            let stored = app.request(&app.sent(&confirmation));
            if let Some(service) = &example.expect.service {
                assert_eq!(stored.service, **service, "{}", example.name);
            }
            if let Some(due) = example.expect.due {
                assert_eq!(stored.due_on, due, "{}", example.name);
            }
        }
    }
    app.clock.advance(today - app.site.today());
    app.stop().await;
}

/// Without errors, and under the site's own switches: an example that turns one may ask other things.
fn can_be_sent(example: &Example) -> bool {
    let switched = |value: &Attribute| matches!(value, Attribute::Bool(_));
    example.expect.errors.is_empty() && !example.settings.values().any(switched)
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_clicks_at_once_make_one_request() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let filling = app.example("composition-de-menage", 1);
    let check = app.ready(&browser, "composition-de-menage", &filling).await;
    let clicks = (0..8).map(|_| async {
        let sent = browser.post(&check, &sending(&check), &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        app.sent(&browser.follow(sent).await).reference
    });
    let references = futures_util::future::join_all(clicks).await;
    assert_eq!(
        references.iter().collect::<BTreeSet<_>>().len(),
        1,
        "{references:?}"
    );
    let rows = app.look(|conn| {
        Ok([
            requests::table.count().get_result::<i64>(conn)?,
            documents::table.count().get_result(conn)?,
            events::table.count().get_result(conn)?,
            jobs::table
                .filter(jobs::kind.eq("mail"))
                .count()
                .get_result(conn)?,
            jobs::table
                .filter(jobs::kind.eq("print"))
                .count()
                .get_result(conn)?,
        ])
    });
    assert_eq!(rows, [1, 1, 1, 2, 1]);
    assert!(app.look(verify).faults.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_sent_has_its_receipt_and_its_mails_once() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let sent = app.send(&browser, "composition-de-menage", 1).await;
    let before = browser.get(&sent.tracking).await;
    assert!(
        before
            .attributes("a[href*='/documents/']", "href")
            .is_empty()
    );
    let drained = app.drain().await;
    assert_eq!((drained.done, drained.retried, drained.dead), (3, 0, 0));
    assert_eq!(app.drain().await.done, 0);
    let id = sent.id;
    let [receipt] = &app.look(|conn| paper::of_request(conn, id))[..] else {
        panic!("one paper")
    };
    assert!(receipt.is_receipt());
    let after = browser.get(&sent.tracking).await;
    let link = after.attributes("a[href*='/documents/']", "href").remove(0);
    let url = format!("{}{link}", app.base);
    let given = browser.client().get(url).send().await.unwrap();
    assert_eq!(given.headers()["content-type"], "application/pdf");
    let bytes = given.bytes().await.unwrap();
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    let text = pdf
        .extract_text(&pages)
        .unwrap()
        .replace(char::is_whitespace, "");
    // The digest of the file that was sent with it, which the receipt vouches for.
    let file = app.look(|conn| attachment::of(conn, attachment::Owner::Request(id)))[0].clone();
    for word in [
        sent.shown.as_str(),
        "Dupont",
        file.name.as_str(),
        &file.sha256,
    ] {
        let word = word.replace(char::is_whitespace, "");
        assert!(text.contains(&word), "{word}: {text}");
    }
    let mails: Vec<(String, String)> = app
        .mails()
        .into_iter()
        .map(|mail| (mail.to, mail.subject))
        .collect();
    let to = |address: &str| mails.iter().filter(|(to, _)| to == address).count();
    assert_eq!(mails.len(), 2, "{mails:?}");
    assert_eq!(to("marc.dupont@exemple.be"), 1);
    assert_eq!(to("population@commune.wanze.example"), 1);
    assert!(
        mails
            .iter()
            .all(|(_, subject)| subject.contains(&sent.shown)),
        "{mails:?}"
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_costs_is_said_before_it_is_sent_and_kept_as_it_was_said() {
    let app = TestApp::start().await;
    let browser = app.browser();
    // Two copies for a notary, at the price of an inhabitant in the site's settings: 2 × 1 €.
    let filling = app.example("composition-de-menage", 1);
    let check = app.ready(&browser, "composition-de-menage", &filling).await;
    let said = check.said().replace(['\u{a0}', '\u{202f}'], " ");
    assert!(said.contains("2,00 €"), "{said}");
    // Purpose, legal basis and how long it is kept stand there too.
    for word in [
        "Établir la composition de ménage",
        "Mission légale",
        "5 ans après la clôture",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let sent = browser.post(&check, &sending(&check), &[]).await;
    let sent = app.sent(&browser.follow(sent).await);
    assert_eq!(app.request(&sent).facts().total, 200);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_an_address_gets_the_code_and_no_mail() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let sent = app.send(&browser, "allocation-chauffage", 3).await;
    app.drain().await;
    assert!(app.request(&sent).email.is_none());
    let to: Vec<String> = app.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["energie@cpas.wanze.example"]);
    assert_eq!(browser.get(&sent.tracking).await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_saved_from_another_window_while_sending_is_sent_or_kept_never_lost() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let filling = app.example("composition-de-menage", 0);
    for round in 0..4 {
        let check = app.ready(&browser, "composition-de-menage", &filling).await;
        let page = check.path.replace("/verification", "/pages/qui");
        let typed = [
            ("pour_qui", "moi"),
            ("code_postal", "4500"),
            ("_confirm", "1"),
        ];
        let path = sending(&check);
        let (sent, saved) = tokio::join!(
            browser.post(&check, &path, &[]),
            browser.post(&check, &page, &typed),
        );
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{round} {}", sent.body);
        let request = app.sent(&browser.follow(sent).await);
        let stored = app.request(&request).answers().to_json()["code_postal"].clone();
        let expected = if saved.status == StatusCode::GONE {
            "4520"
        } else {
            "4500"
        };
        assert_eq!(stored, expected, "{round}: {}", saved.status);
    }
    app.stop().await;
}
