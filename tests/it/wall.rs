//! The wall between the commune and the CPAS: every address for everybody, and a social request in
//! nothing that somebody outside its service can see.

mod routes;

use crate::support::TestApp;
use crate::support::browser::Browser;
use crate::support::desk::{CLAIRE, FATIMA, JULIE, MARC, NADIA, PAUL, SOPHIE, step};
use crate::support::log;
use perron::audit;
use perron::db::Id;
use perron::db::schema::jobs;
use perron::identity::membership::memberships_of;
use reqwest::StatusCode;
use std::collections::BTreeMap;

/// Answers nobody else gives, to look for where they must not be.
const NAME: &str = "Quetzalcoatl";
const EMAIL: &str = "zenobie.quetzal@exemple.be";

async fn social(app: &TestApp) -> crate::support::examples::Sent {
    let filling = app
        .example("allocation-chauffage", 0)
        .with("demandeur.last_name", NAME)
        .with("courriel", EMAIL);
    app.send_filled(&app.browser(), "allocation-chauffage", &filling)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_social_request_changes_no_page_of_anybody_outside_its_service() {
    let app = TestApp::start().await;
    app.staff().await;
    app.send(&app.browser(), "composition-de-menage", 0).await;
    app.drain().await;
    let mut outside = Vec::new();
    for email in [JULIE, MARC, FATIMA, PAUL, CLAIRE] {
        outside.push((email, app.sign_in(email).await));
    }
    let sophie = app.sign_in(SOPHIE).await;
    let pages = [
        "/agent",
        "/agent?vue=miennes",
        "/agent?vue=retard",
        "/agent?vue=reponses",
        "/agent?vue=cloturees",
        "/agent?file=energie",
        "/agent?demarche=allocation-chauffage",
        "/agent?etat=received",
        "/agent?q=quetzal",
        "/agent?q=Quetzalcoatl+Anne",
        "/agent?q=zenobie.quetzal%40exemple.be",
        "/agent/compte",
        "/admin",
        "/admin/comptes",
        "/admin/envois",
        "/",
        "/demarches",
    ];
    let mut before = BTreeMap::new();
    for (email, browser) in &outside {
        for path in pages {
            before.insert((*email, path), browser.get(path).await.body);
        }
    }
    let sophies = sophie.get("/agent").await.body;
    let sent = social(&app).await;
    app.drain().await;
    for (email, browser) in &outside {
        for path in pages {
            let after = browser.get(path).await;
            assert_eq!(after.body, before[&(*email, path)], "{email} {path}");
        }
        // The reference is known only now: whoever types it finds nothing.
        for typed in [
            &sent.reference,
            &sent.shown,
            &sent.reference[..6].to_owned(),
        ] {
            let found = browser.get(&format!("/agent?q={typed}")).await;
            assert_eq!(found.status, StatusCode::OK);
            assert!(!found.body.contains("/agent/demandes/"), "{email} {typed}");
        }
    }
    // Its own service sees it, or the comparison above would prove nothing.
    let queue = sophie.get("/agent").await.body;
    assert_ne!(queue, sophies);
    assert!(
        queue.contains(NAME) && queue.contains(&sent.shown),
        "{queue}"
    );
    let found = sophie.get("/agent?q=quetzal").await.body;
    assert!(found.contains(&sent.shown), "{found}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_nothing_of_a_social_request() {
    let log = log::catch();
    let app = TestApp::start().await;
    app.staff().await;
    let sent = social(&app).await;
    app.drain().await;
    let sophie = app.sign_in(SOPHIE).await;
    let asked = [("question", "Quetzal, avez-vous une facture ?")];
    step(&sophie, &sent.desk, "ask", &asked).await;
    app.drain().await;
    let told = log.text();
    // It does speak of our work: of this very request, by its number.
    assert!(told.contains(&sent.id.to_string()), "{told}");
    let code = sent.tracking.trim_start_matches("/suivi/");
    for secret in [
        NAME,
        "zenobie",
        &sent.reference,
        &sent.shown,
        code,
        "Quetzal",
    ] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    let about: Vec<&str> = told
        .lines()
        .filter(|line| line.contains(&sent.id.to_string()))
        .collect();
    for line in about {
        for word in ["chauffage", "energie", "cpas", "social"] {
            assert!(!line.to_lowercase().contains(word), "{word}: {line}");
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_a_social_request_is_seen_by_its_citizen() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = social(&app).await;
    let readings = |page: &crate::support::browser::Page| page.texts(".readings li").len();
    assert_eq!(readings(&citizen.get(&sent.tracking).await), 0);
    let (sophie, nadia) = (app.sign_in(SOPHIE).await, app.sign_in(NADIA).await);
    assert_eq!(sophie.get(&sent.desk).await.status, StatusCode::OK);
    assert_eq!(sophie.get(&sent.desk).await.status, StatusCode::OK);
    assert_eq!(readings(&citizen.get(&sent.tracking).await), 1);
    // Another agent is another reading, and the same one an hour later too.
    assert_eq!(nadia.get(&sent.desk).await.status, StatusCode::OK);
    app.wait(chrono::Duration::minutes(59));
    // (her session lives on, or the door would answer)
    assert_eq!(sophie.get("/agent").await.status, StatusCode::OK);
    app.wait(chrono::Duration::minutes(2));
    assert_eq!(sophie.get(&sent.desk).await.status, StatusCode::OK);
    let page = citizen.get(&sent.tracking).await;
    assert_eq!(readings(&page), 3, "{}", page.body);
    let who = page.text(".readings li");
    assert!(who.contains("Énergie et chauffage"), "{who}");
    assert!(!page.body.contains("Lambert Sophie") && !page.body.contains("Sophie Lambert"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_shown_masked_is_uncovered_for_one_page_and_that_is_written_down() {
    let app = TestApp::start().await;
    app.staff().await;
    let sent = social(&app).await;
    let sophie = app.sign_in(SOPHIE).await;
    let page = sophie.get(&sent.desk).await;
    let whole = |body: &str| body.contains("85.07.30-033.28") || body.contains("85073003328");
    assert!(!whole(&page.body), "{}", page.body);
    let reveal = page.attributes("form[action*='/reponses/']", "action");
    let number = reveal
        .iter()
        .find(|path| path.contains("national_number"))
        .unwrap();
    let shown = sophie.post(&page, number, &[]).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(whole(&shown.body), "{}", shown.body);
    assert!(!whole(&sophie.get(&sent.desk).await.body));
    let id = sent.id;
    let events = app.look(|conn| audit::of_request(conn, id));
    let noted = events.iter().filter(|event| event.kind == "revealed");
    let noted: Vec<_> = noted
        .map(|event| {
            (
                event.actor_name.clone().unwrap(),
                event.data.0["field"].clone(),
            )
        })
        .collect();
    let field = number.rsplit('/').next().unwrap();
    assert_eq!(noted, [("Sophie Lambert".to_owned(), field.into())]);
    // The citizen sees that somebody looked.
    let readings = app
        .browser()
        .get(&sent.tracking)
        .await
        .texts(".readings li")
        .len();
    assert_eq!(readings, 2);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_communes_administrator_gives_no_access_to_the_cpas() {
    let app = TestApp::start().await;
    app.staff().await;
    let (paul, claire) = (app.sign_in(PAUL).await, app.sign_in(CLAIRE).await);
    let julie = app.agent(JULIE).id;
    let services = move |app: &TestApp| -> Vec<String> {
        let all = app.look(|conn| memberships_of(conn, julie));
        all.services
            .into_iter()
            .map(|membership| membership.service)
            .collect()
    };
    let page = paul.get("/admin/comptes").await;
    let offered = page.attributes("select[name=service] option", "value");
    assert!(offered.contains(&"population".to_owned()), "{offered:?}");
    assert!(!offered.contains(&"energie".to_owned()), "{offered:?}");
    assert!(!page.said().contains("Énergie"), "{}", page.said());
    let path = format!("/admin/comptes/{julie}/acces");
    for service in ["energie", "social-accueil", "nowhere", ""] {
        let refused = paul
            .post(&page, &path, &[("service", service), ("role", "head")])
            .await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{service}");
    }
    assert_eq!(services(&app), ["etat-civil", "population"]);
    // Nor to himself, nor in his own house.
    let own = format!("/admin/comptes/{}/acces", app.agent(PAUL).id);
    let refused = paul
        .post(&page, &own, &[("service", "population"), ("role", "agent")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        paul.get("/agent?file=population")
            .await
            .texts("tr[data-row]")
            .len(),
        0
    );
    // The CPAS's administrator does.
    let page = claire.get("/admin/comptes").await;
    let granted = claire
        .post(&page, &path, &[("service", "energie"), ("role", "agent")])
        .await;
    assert_eq!(granted.status, StatusCode::SEE_OTHER, "{}", granted.body);
    assert_eq!(services(&app), ["energie", "etat-civil", "population"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_taken_away_closes_the_very_next_page() {
    let app = TestApp::start().await;
    app.staff().await;
    let sent = app.send(&app.browser(), "composition-de-menage", 0).await;
    let (paul, julie) = (app.sign_in(PAUL).await, app.sign_in(JULIE).await);
    assert_eq!(julie.get(&sent.desk).await.status, StatusCode::OK);
    let page = paul.get("/admin/comptes").await;
    let path = format!(
        "/admin/comptes/{}/acces/population/retrait",
        app.agent(JULIE).id
    );
    let taken = paul.post(&page, &path, &[]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    assert_eq!(julie.get(&sent.desk).await.status, StatusCode::NOT_FOUND);
    assert!(!julie.get("/agent").await.body.contains(&sent.shown));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_failed_is_shown_without_whose_it_is_and_only_to_its_house() {
    let app = TestApp::start().await;
    app.staff().await;
    let sent = social(&app).await;
    app.change(|tx| {
        let now = tx.now();
        diesel::RunQueryDsl::execute(
            diesel::update(jobs::table).set((
                diesel::ExpressionMethods::eq(jobs::dead_at, Some(now)),
                diesel::ExpressionMethods::eq(
                    jobs::last_error,
                    Some(format!("550 <{EMAIL}> no such person")),
                ),
            )),
            tx.conn(),
        )
    })
    .await;
    let (paul, claire) = (app.sign_in(PAUL).await, app.sign_in(CLAIRE).await);
    let empty = paul.get("/admin/envois").await;
    assert_eq!(
        empty.attributes("form[action$='/relance']", "action").len(),
        0,
        "{}",
        empty.body
    );
    let page = claire.get("/admin/envois").await;
    let retries = page.attributes("form[action$='/relance']", "action");
    assert!(retries.len() >= 2, "{}", page.body);
    for secret in [
        NAME,
        "zenobie",
        EMAIL,
        &sent.reference,
        &sent.shown,
        "chauffage",
        "Chauffage",
    ] {
        assert!(!page.body.contains(secret), "{secret}: {}", page.body);
    }
    assert!(!page.body.contains(&sent.id.to_string()));
    for retry in retries {
        assert_eq!(
            paul.post(&empty_form(&paul).await, &retry, &[])
                .await
                .status,
            StatusCode::NOT_FOUND
        );
        assert_eq!(
            claire.post(&page, &retry, &[]).await.status,
            StatusCode::SEE_OTHER
        );
    }
    app.stop().await;
}

/// Any page with a form, for its token.
async fn empty_form(browser: &Browser) -> crate::support::browser::Page {
    browser.get("/reprendre").await
}

/// An id nobody has.
fn nobodys() -> Id {
    Id::parse("0190a0a0-0000-7000-8000-000000000000").unwrap()
}
