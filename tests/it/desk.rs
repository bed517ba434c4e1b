//! The service's way: the steps of a request, and the citizen's answers between them.

mod decisions;
mod documents;
mod door;
mod hand_over;
mod hands;
mod heads;
mod lists;
mod meanwhile;
mod neighbours;
mod questions;
mod small_things;

use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::desk::{JULIE, MARC, step};
use crate::support::examples::Sent;
use perron::audit;
use perron::request::paper;
use reqwest::StatusCode;

const ACT: [(&str, &str); 4] = [
    ("numero_acte", "12/2020"),
    ("date_acte", "14/02/2020"),
    ("commune_acte", "Wanze"),
    (
        "texte_acte",
        "Devant nous ont comparu les futurs époux.\n\nDont acte.",
    ),
];

/// A marriage certificate asked for, and Julie at her desk.
async fn asked() -> (TestApp, Browser, Browser, Sent) {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    // Online: an act on paper is not downloaded before it is paid.
    let filling = app.example("acte-de-mariage", 0);
    let filling = filling.with("mode_retrait", "en_ligne");
    let sent = app.send_filled(&citizen, "acte-de-mariage", &filling);
    let sent = sent.await;
    app.drain().await;
    let julie = app.sign_in(JULIE).await;
    (app, citizen, julie, sent)
}

fn status(app: &TestApp, sent: &Sent) -> String {
    app.request(sent).status
}

fn went_on(page: &Page) {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.said());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_goes_from_the_citizen_to_the_service_and_comes_back_as_a_document() {
    let (app, citizen, julie, sent) = asked().await;
    let queue = julie.get("/agent").await;
    assert!(queue.body.contains(&sent.shown), "{}", queue.body);
    went_on(&step(&julie, &sent.desk, "take", &[]).await);
    assert_eq!(status(&app, &sent), "in_progress");
    assert_eq!(app.request(&sent).assignee, Some(app.agent(JULIE).id));
    let tracked = citizen.get(&sent.tracking).await;
    assert!(
        tracked
            .said()
            .contains("Le service a pris votre demande en charge"),
        "{}",
        tracked.said()
    );
    assert!(!tracked.body.contains("Julie"), "{}", tracked.body);
    // A form with something missing keeps the rest.
    let page = julie.get(&sent.desk).await;
    let path = format!("{}/transitions/issue", sent.desk);
    let missing = julie
        .post(
            &page,
            &path,
            &[("numero_acte", "12/2020"), ("date_acte", "31/02/2020")],
        )
        .await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        missing.attributes("input[name=numero_acte]", "value"),
        ["12/2020"]
    );
    assert!(missing.texts(".errors a").len() >= 3, "{}", missing.body);
    went_on(&julie.post(&page, &path, &ACT).await);
    assert_eq!(status(&app, &sent), "issued");
    app.drain().await;
    let tracked = citizen.get(&sent.tracking).await;
    let links = tracked.attributes(".papers a.button", "href");
    let [link] = &links[..] else {
        panic!("{}", tracked.body)
    };
    let url = format!("{}{link}", app.base);
    let given = citizen.client().get(&url).send().await.unwrap();
    assert_eq!(given.headers()["content-type"], "application/pdf");
    let bytes = given.bytes().await.unwrap();
    let pdf = lopdf::Document::load_mem(&bytes).unwrap();
    let text = pdf.extract_text(&[1]).unwrap();
    let plain = text.replace(char::is_whitespace, "");
    assert!(plain.contains("ontcomparulesfutursépoux"), "{text}");
    // The mail brings one there.
    let mails = app.mails();
    let mail = mails
        .iter()
        .rfind(|mail| mail.to == "marc.dupont@exemple.be")
        .unwrap();
    assert!(mail.text.contains(&url), "{}", mail.text);
    // Nothing more can be done with it, and it has left the queue.
    assert!(!julie.get("/agent").await.body.contains(&sent.shown));
    let refused = julie
        .post(
            &page,
            &format!("{}/transitions/refuse", sent.desk),
            &[("reason", "non")],
        )
        .await;
    assert_ne!(
        refused.status,
        StatusCode::SEE_OTHER,
        "{:?}",
        refused.location
    );
    assert_eq!(status(&app, &sent), "issued");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_gives_its_reason_to_the_citizen() {
    let (app, citizen, julie, sent) = asked().await;
    let empty = step(&julie, &sent.desk, "refuse", &[("reason", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = "L’acte a été dressé dans une autre commune <b>.";
    went_on(&step(&julie, &sent.desk, "refuse", &[("reason", reason)]).await);
    app.drain().await;
    let page = citizen.get(&sent.tracking).await;
    assert!(page.said().contains(reason), "{}", page.said());
    assert!(!page.body.contains("commune <b>"));
    let mails = app.mails();
    assert!(
        mails
            .last()
            .unwrap()
            .text
            .contains("dans une autre commune"),
        "{:?}",
        mails.last()
    );
    assert!(page.attributes("a[href$='/retrait']", "href").is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_citizen_takes_the_request_back_and_the_service_knows() {
    let (app, citizen, julie, sent) = asked().await;
    let path = format!("{}/retrait", sent.tracking);
    let page = citizen.get(&path).await;
    let taken = citizen
        .post(&page, &path, &[("reason", "Je n’en ai plus besoin.")])
        .await;
    went_on(&taken);
    let after = citizen.follow(taken).await;
    assert!(
        after.said().contains("Votre demande est retirée"),
        "{}",
        after.said()
    );
    went_on(&citizen.post(&page, &path, &[]).await);
    app.drain().await;
    assert_eq!(status(&app, &sent), "withdrawn");
    let mails = app.mails();
    let told = mails
        .iter()
        .filter(|mail| mail.to == "etat-civil@commune.wanze.example");
    // One for the new request, one for the withdrawal; a second click sends none.
    let withdrawn = told.filter(|mail| mail.subject.contains("retirée")).count();
    assert_eq!(withdrawn, 1);
    let late = step(&julie, &sent.desk, "take", &[]).await;
    assert_ne!(late.status, StatusCode::SEE_OTHER, "{:?}", late.location);
    assert_eq!(status(&app, &sent), "withdrawn");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_who_decide_at_once_make_one_decision() {
    let (app, _, julie, sent) = asked().await;
    let marc = app.sign_in(MARC).await;
    let (issue, refuse) = (
        format!("{}/transitions/issue", sent.desk),
        format!("{}/transitions/refuse", sent.desk),
    );
    let (hers, his) = (julie.get(&sent.desk).await, marc.get(&sent.desk).await);
    let (issued, refused) = tokio::join!(
        julie.post(&hers, &issue, &ACT),
        marc.post(&his, &refuse, &[("reason", "Introuvable.")]),
    );
    let won = [&issued, &refused].map(|page| page.status == StatusCode::SEE_OTHER);
    assert_eq!(
        won.iter().filter(|won| **won).count(),
        1,
        "{} {}",
        issued.said(),
        refused.said()
    );
    let lost = if won[0] { refused } else { issued };
    // Whoever came second is told why nothing happened.
    assert!(
        lost.status == StatusCode::CONFLICT
            || lost.said().contains("elle ne peut plus être modifiée"),
        "{}",
        lost.body
    );
    assert_eq!(
        status(&app, &sent),
        if won[0] { "issued" } else { "refused" }
    );
    let id = sent.id;
    let steps = app.look(|conn| audit::of_request(conn, id));
    assert_eq!(steps.iter().filter(|event| event.kind == "step").count(), 2);
    app.drain().await;
    let papers = app.look(|conn| paper::of_request(conn, id)).len();
    assert_eq!(papers, if won[0] { 2 } else { 1 });
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_on_a_step_takes_it_once_and_says_that_it_is_done() {
    let (app, _, julie, sent) = asked().await;
    let page = julie.get(&sent.desk).await;
    let path = format!("{}/transitions/issue", sent.desk);
    let clicks = (0..4).map(|_| julie.post(&page, &path, &ACT));
    for clicked in futures_util::future::join_all(clicks).await {
        went_on(&clicked);
    }
    let again = julie.follow(julie.post(&page, &path, &ACT).await).await;
    assert!(again.said().contains("déjà fait"), "{}", again.said());
    app.drain().await;
    let id = sent.id;
    assert_eq!(app.look(|conn| paper::of_request(conn, id)).len(), 2);
    let mails = app.mails();
    let told = mails
        .iter()
        .filter(|mail| mail.subject.contains("document est prêt"));
    assert_eq!(told.count(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_handed_to_another_service_leaves_the_first() {
    let (app, _, julie, sent) = asked().await;
    let page = julie
        .get(&format!("{}/transitions/transfer", sent.desk))
        .await;
    let offered = page.attributes("select[name=service] option", "value");
    assert!(
        offered.contains(&"travaux".to_owned()),
        "{offered:?} {}",
        page.body
    );
    assert!(!offered.contains(&"energie".to_owned()), "{offered:?}");
    let cpas = step(&julie, &sent.desk, "transfer", &[("service", "energie")]).await;
    assert_eq!(cpas.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(app.request(&sent).service, "etat-civil");
    let gone = step(
        &julie,
        &sent.desk,
        "transfer",
        &[("service", "travaux"), ("note", "Pour vous.")],
    )
    .await;
    assert_eq!(
        gone.location.as_deref(),
        Some("/agent?fait=transmise"),
        "{}",
        gone.said()
    );
    assert_eq!(julie.get(&sent.desk).await.status, StatusCode::NOT_FOUND);
    let fatima = app.sign_in(crate::support::desk::FATIMA).await;
    let here = fatima.get(&sent.desk).await;
    let why = "Transmise par Julie Noël (État civil) le 23/11/2026.";
    assert!(here.said().contains(why), "{}", here.said());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_among_agents_is_never_the_citizens_to_read() {
    let (app, citizen, julie, sent) = asked().await;
    let page = julie.get(&sent.desk).await;
    let note = [("note", "Vérifier au registre noir.")];
    went_on(
        &julie
            .post(&page, &format!("{}/notes", sent.desk), &note)
            .await,
    );
    let message = [("message", "Nous cherchons votre acte.")];
    went_on(
        &julie
            .post(&page, &format!("{}/messages", sent.desk), &message)
            .await,
    );
    app.drain().await;
    let seen = citizen.get(&sent.tracking).await;
    assert!(
        seen.said().contains("Nous cherchons votre acte."),
        "{}",
        seen.said()
    );
    assert!(!seen.body.contains("registre noir"));
    assert!(
        app.mails()
            .iter()
            .all(|mail| !mail.text.contains("registre noir"))
    );
    let answer = citizen
        .post(
            &seen,
            &format!("{}/messages", sent.tracking),
            &[("message", "Merci.")],
        )
        .await;
    went_on(&answer);
    assert!(julie.get(&sent.desk).await.said().contains("Merci."));
    app.stop().await;
}
