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

#[tokio::test(flavor = "multi_thread")]
async fn what_the_request_knows_is_proposed_beside_its_answers_and_never_over_what_was_typed() {
    let app = TestApp::start().await;
    app.staff().await;
    let sent = app.send(&app.browser(), "composition-de-menage", 0).await;
    let julie = app.sign_in(JULIE).await;
    let path = format!("{}/transitions/issue", sent.desk);
    let page = julie.get(&path).await;
    let value = |page: &crate::support::browser::Page, name: &str| {
        page.attributes(&format!("[name='{name}']"), "value")
            .remove(0)
    };
    assert_eq!(value(&page, "membres.0.last_name"), "Lambert");
    assert_eq!(value(&page, "membres.0.first_name"), "Anne");
    assert!(
        value(&page, "membres.0.birth_date").contains("1985"),
        "{}",
        page.body
    );
    let beside = page.text(".deciding__asked");
    assert!(beside.contains("anne.lambert@exemple.be"), "{beside}");
    // The national number stays masked: it is uncovered on the request's page, and noted there.
    assert!(!beside.contains("033.28"), "{beside}");
    let typed = [("membres.0.last_name", "Lambert-Roi"), ("_refresh", "1")];
    let again = julie.post(&page, &path, &typed).await;
    assert_eq!(value(&again, "membres.0.last_name"), "Lambert-Roi");
    assert_eq!(value(&again, "membres.0.first_name"), "");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_looked_at_before_it_is_issued_and_nothing_of_it_stays() {
    let app = TestApp::start().await;
    app.staff().await;
    let sent = app.send(&app.browser(), "composition-de-menage", 0).await;
    app.drain().await;
    let (julie, fatima) = (
        app.sign_in(JULIE).await,
        app.sign_in(crate::support::desk::FATIMA).await,
    );
    let page = julie.get(&format!("{}/transitions/issue", sent.desk)).await;
    let draft = page
        .attributes("button[name=_preview]", "formaction")
        .remove(0);
    let target = page.attributes("button[name=_preview]", "formtarget");
    assert_eq!(target, ["_blank"]);
    let (id, mails) = (sent.id, app.mails().len());
    let before = app.request(&sent);
    let mut pairs = HOUSEHOLD.to_vec();
    let token = page.attributes("input[name=_csrf]", "value").remove(0);
    pairs.push(("_csrf", &token));
    let url = format!("{}{draft}", app.base);
    let given = julie.client().post(url).form(&pairs).send().await.unwrap();
    assert_eq!(given.headers()["content-type"], "application/pdf");
    let bytes = given.bytes().await.unwrap();
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let text = pdf.extract_text(&[1]).unwrap();
    for word in ["PROJET", "Hugo", "Zoé"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(!text.contains("/verification"), "{text}");
    app.drain().await;
    let papers = app.look(|conn| paper::of_request(conn, id));
    assert!(papers.iter().all(paper::Paper::is_receipt));
    assert_eq!(app.request(&sent).revision, before.revision);
    assert_eq!(
        (app.request(&sent).status, app.mails().len()),
        (before.status, mails)
    );
    // Something missing is said as in the form itself; who may not take the step sees nothing.
    let missing = julie.post(&page, &draft, &HOUSEHOLD[..5]).await;
    assert_eq!(missing.status, 422);
    let other = fatima.get("/agent").await;
    assert_eq!(fatima.post(&other, &draft, &HOUSEHOLD).await.status, 404);
    app.stop().await;
}
