//! What is decided: by whom it can be read afterwards, and what pressing another button decides.

use super::{asked, went_on};
use crate::support::TestApp;
use crate::support::desk::{JULIE, MARC, step};
use perron::request::paper;

const HOUSEHOLD: [(&str, &str); 17] = [
    ("date_situation", "23/11/2026"),
    ("adresse.street", "Rue du Marché"),
    ("adresse.number", "4"),
    ("adresse.postal_code", "4520"),
    ("adresse.locality", "Wanze"),
    ("membres.0.last_name", "Lambert"),
    ("membres.0.first_name", "Anne"),
    ("membres.0.birth_date", "30/07/1985"),
    ("membres.0.relation", "Personne de référence"),
    ("membres.1.last_name", "Dupont"),
    ("membres.1.first_name", "Hugo"),
    ("membres.1.birth_date", "01/02/1984"),
    ("membres.1.relation", "Conjoint"),
    ("membres.2.last_name", "Dupont"),
    ("membres.2.first_name", "Zoé"),
    ("membres.2.birth_date", "05/05/2015"),
    ("membres.2.relation", "Fille"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_household_of_three_is_issued_with_three_names_and_adding_one_issues_nothing() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "composition-de-menage", 0).await;
    let julie = app.sign_in(JULIE).await;
    let path = format!("{}/transitions/issue", sent.desk);
    let mut page = julie.get(&path).await;
    for members in 1..3 {
        let mut typed = HOUSEHOLD[..5 + members * 4].to_vec();
        typed.push(("_add", "membres"));
        page = julie.post(&page, &path, &typed).await;
        assert_eq!(page.status, 200, "{}", page.said());
        let names = page.attributes("input[name^=membres][name$=last_name]", "name");
        assert_eq!(names.len(), members + 1, "{}", page.body);
        assert_eq!(app.request(&sent).status, "received");
    }
    went_on(&julie.post(&page, &path, &HOUSEHOLD).await);
    app.drain().await;
    let id = sent.id;
    let papers = app.look(|conn| paper::of_request(conn, id));
    let issued = papers.iter().find(|paper| !paper.is_receipt()).unwrap();
    let url = format!("{}{}/documents/{}", app.base, sent.tracking, issued.id);
    let given = citizen.client().get(&url).send().await.unwrap();
    let pdf = lopdf::Document::load_mem(&given.bytes().await.unwrap()).unwrap();
    let text = pdf.extract_text(&[1]).unwrap();
    for name in ["Anne", "Hugo", "Zoé"] {
        assert!(text.contains(name), "{name}: {text}");
    }
    // Whoever takes the telephone afterwards reads it without opening the document.
    let seen = julie.get(&sent.desk).await.text(".decided");
    assert!(
        seen.contains("Lambert, Anne, ") && seen.contains("Dupont, Zoé, "),
        "{seen}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_a_decision_is_read_by_the_citizen_by_mail_and_by_a_colleague() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "changement-adresse", 0).await;
    let julie = app.sign_in(JULIE).await;
    assert!(julie.get(&sent.desk).await.texts(".decided").is_empty());
    let decided = [
        ("date_inscription", "20/11/2026"),
        ("decision", "Faites lire votre carte au guichet."),
    ];
    went_on(&step(&julie, &sent.desk, "decide", &decided).await);
    app.drain().await;
    let marc = app.sign_in(MARC).await;
    let colleague = marc.get(&sent.desk).await.text(".decided");
    let tracked = citizen.get(&sent.tracking).await.said();
    let mail = app.mails().pop().unwrap().text.replace('\u{a0}', " ");
    for (reader, read) in [
        ("colleague", &colleague),
        ("citizen", &tracked),
        ("mail", &mail),
    ] {
        for said in [
            "Inscription à la date du",
            "20 novembre 2026",
            "Faites lire votre carte",
        ] {
            assert!(read.contains(said), "{reader} {said}: {read}");
        }
    }
    assert!(
        colleague.contains("Julie Noël") && colleague.contains("Confirmer l’inscription"),
        "{colleague}"
    );
    assert!(!tracked.contains("Julie"), "{tracked}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_read_again_by_a_colleague() {
    let (app, _, julie, sent) = asked().await;
    let reason = [("reason", "L’acte est à Liège.")];
    went_on(&step(&julie, &sent.desk, "refuse", &reason).await);
    let marc = app.sign_in(MARC).await;
    let seen = marc.get(&sent.desk).await.text(".decided");
    assert!(
        seen.contains("L’acte est à Liège.") && seen.contains("Julie Noël"),
        "{seen}"
    );
    app.stop().await;
}
