//! A refusal says how to contest it, in the words of the procedure or of the authority.

use crate::support::TestApp;
use crate::support::desk::{JULIE, NADIA, step};
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_reads_how_to_contest_it_on_the_page_and_in_the_mail() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "acte-de-mariage", 0).await;
    let julie = app.sign_in(JULIE).await;
    let refused = step(&julie, &sent.desk, "refuse", &[("reason", "Introuvable.")]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.said());
    app.drain().await;
    let own = "comment contester un refus";
    let page = citizen.get(&sent.tracking).await;
    assert!(
        page.text(".note--bad details").contains(own),
        "{}",
        page.said()
    );
    let mails = app.mails();
    let mail = mails.last().unwrap();
    for body in [&mail.text, &mail.html] {
        assert!(body.contains(own), "{body}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_procedure_says_its_own_way_and_a_granted_request_says_none() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let nadia = app.sign_in(NADIA).await;
    let sent = app.send(&citizen, "allocation-chauffage", 0).await;
    let reason = [
        ("date_decision", "23/11/2026"),
        ("reason", "Plafond dépassé."),
    ];
    let refused = step(&nadia, &sent.desk, "refuse", &reason).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.said());
    app.drain().await;
    let page = citizen.get(&sent.tracking).await;
    let way = page.text(".note--bad details");
    assert!(way.contains("tribunal du travail"), "{way}");
    assert!(!way.contains("fictif"), "{way}");
    // The mail of a social request stays silent.
    let mail = app.mails().pop().unwrap();
    assert!(!mail.text.contains("tribunal"), "{}", mail.text);
    let granted = app.send(&citizen, "allocation-chauffage", 0).await;
    let decision = [
        ("date_decision", "23/11/2026"),
        ("montant", "140,00"),
        ("calcul", "1 000 litres"),
        ("motivation", "Revenus sous le plafond."),
    ];
    let decided = step(&nadia, &granted.desk, "decide", &decision).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.said());
    let page = citizen.get(&granted.tracking).await;
    assert!(!page.said().contains("tribunal"), "{}", page.said());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_procedure_says_of_contesting_is_said_of_its_own_authority_alone() {
    let app = TestApp::start().await;
    let published = app.procedure("allocation-chauffage");
    let procedure = published.procedure();
    let of = |house: &str| {
        let authority = app.site.authority(house);
        let said = procedure.appeal(authority, "fr").map(str::to_owned);
        (said, authority.unwrap().appeal.get("fr").to_owned())
    };
    let (own, house) = of("cpas");
    assert_ne!(own.as_deref(), Some(house.as_str()));
    let (elsewhere, house) = of("commune");
    assert_eq!(elsewhere.as_deref(), Some(house.as_str()));
    assert!(!house.is_empty());
    app.stop().await;
}
