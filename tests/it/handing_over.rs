//! On paper or online: what happens next is said for the way that was chosen.

use crate::support::TestApp;
use crate::support::browser::Page;
use crate::support::desk::{JULIE, step};
use crate::support::examples::{Sent, sending};
use perron::request::paper;
use reqwest::StatusCode;

const ACT: [(&str, &str); 4] = [
    ("numero_acte", "12/2020"),
    ("date_acte", "14/02/2020"),
    ("commune_acte", "Wanze"),
    ("texte_acte", "Dont acte."),
];

/// An act asked for as in that example, issued.
async fn issued(app: &TestApp, nth: usize) -> (Sent, Page, String) {
    let citizen = app.browser();
    let sent = app.send(&citizen, "acte-de-mariage", nth).await;
    let julie = app.sign_in(JULIE).await;
    let done = step(&julie, &sent.desk, "issue", &ACT).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.said());
    app.drain().await;
    let id = sent.id;
    let papers = app.look(|conn| paper::of_request(conn, id));
    let act = papers.iter().find(|paper| !paper.is_receipt()).unwrap();
    let link = format!("{}/documents/{}", sent.tracking, act.id);
    let page = citizen.get(&sent.tracking).await;
    (sent, page, link)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_online_downloads_and_who_pays_for_paper_is_handed_it() {
    let app = TestApp::start().await;
    app.staff().await;
    // Marc: three copies at the counter, to be paid.
    let (marc, page, link) = issued(&app, 0).await;
    assert!(app.request(&marc).facts().total > 0);
    let papers = page.text(".papers");
    assert!(!papers.contains("Télécharger"), "{papers}");
    assert!(papers.contains("Demandé sur papier"), "{papers}");
    let early = app.browser().get(&link).await;
    assert_eq!(early.status, StatusCode::NOT_FOUND);
    let mails = app.mails();
    let mail = mails
        .iter()
        .rfind(|mail| mail.subject.contains("prêt"))
        .unwrap();
    assert!(mail.text.contains("sur papier"), "{}", mail.text);
    assert!(
        !mail.text.contains("télécharger") && !mail.text.contains(&link),
        "{}",
        mail.text
    );
    // The desk prints it from there.
    let julie = app.sign_in(JULIE).await;
    let desk = julie.get(&marc.desk).await;
    let print = desk.attributes("a[href*='/documents/']", "href");
    assert!(print.len() >= 2, "{print:?}");
    // The next one asked online.
    let (_, page, link) = issued(&app, 1).await;
    let papers = page.text(".papers");
    assert!(papers.contains("Télécharger"), "{papers}");
    assert!(!papers.contains("papier"), "{papers}");
    assert_eq!(app.browser().get(&link).await.status, StatusCode::OK);
    let mails = app.mails();
    let mail = mails
        .iter()
        .rfind(|mail| mail.subject.contains("prêt"))
        .unwrap();
    assert!(
        mail.text.contains("télécharger") && mail.text.contains(&link),
        "{}",
        mail.text
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_next_is_said_for_the_way_that_was_chosen() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let all = citizen.get("/demarches/composition-de-menage").await;
    for (nth, mine, others) in [
        (0, "En ligne, ", ["Par la poste, ", "Au guichet, "]),
        (1, "Par la poste, ", ["En ligne, ", "Au guichet, "]),
    ] {
        let filling = app.example("composition-de-menage", nth);
        let check = app.ready(&citizen, "composition-de-menage", &filling).await;
        let sent = citizen.post(&check, &sending(&check), &[]).await;
        let page = citizen.follow(sent).await;
        assert!(all.said().contains(mine), "{}", all.said());
        let next = page.text(".next");
        assert!(next.contains(mine), "{next}");
        for other in others {
            assert!(!next.contains(other), "{next}");
        }
    }
    app.stop().await;
}
