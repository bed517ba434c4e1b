//! An agent finds a request by what people say at the counter and on the telephone.

use crate::support::TestApp;
use crate::support::browser::Browser;
use crate::support::desk::{JULIE, SOPHIE, step};
use crate::support::examples::reply;
use crate::support::place::Place;
use diesel::RunQueryDsl;
use diesel::prelude::*;
use perron::db::migrate;
use perron::db::schema::search_keys;

async fn finds(agent: &Browser, typed: &str) -> Vec<String> {
    let typed: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    let page = agent.get(&format!("/agent?q={typed}")).await;
    page.texts("tr[data-row] th a")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_found_by_first_name_address_and_telephone_in_its_service_alone() {
    let app = TestApp::start().await;
    app.staff().await;
    // Anne Lambert, anne.lambert@exemple.be, 0470 12 34 56.
    let sent = app
        .send(&app.browser(), "occupation-voie-publique", 0)
        .await;
    let fatima = app.sign_in(crate::support::desk::FATIMA).await;
    let said = [
        "anne",
        "LAMBERT",
        "lambert anne",
        "Anne.Lambert@exemple.be",
        "0470/12 34 56",
    ];
    for typed in said {
        assert_eq!(
            finds(&fatima, typed).await,
            [sent.shown.as_str()],
            "{typed}"
        );
    }
    let (julie, sophie) = (app.sign_in(JULIE).await, app.sign_in(SOPHIE).await);
    for typed in said {
        assert!(finds(&julie, typed).await.is_empty(), "{typed}");
        assert!(finds(&sophie, typed).await.is_empty(), "{typed}");
    }
    let page = fatima.get("/agent?q=a").await.said();
    assert!(page.contains("Tapez au moins deux lettres"), "{page}");
    let page = fatima.get("/agent?q=zzz").await.said();
    assert!(page.contains("numéro de téléphone en entier"), "{page}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_sent_on_to_another_service_is_found_there_and_no_longer_here() {
    let app = TestApp::start().await;
    app.staff().await;
    let sent = app.send(&app.browser(), "composition-de-menage", 0).await;
    let (julie, fatima) = (
        app.sign_in(JULIE).await,
        app.sign_in(crate::support::desk::FATIMA).await,
    );
    let name = app.request(&sent).applicant;
    assert_eq!(finds(&julie, &name).await.len(), 1, "{name}");
    assert!(finds(&fatima, &name).await.is_empty());
    step(&julie, &sent.desk, "transfer", &[("service", "travaux")]).await;
    assert_eq!(app.request(&sent).service, "travaux");
    assert!(finds(&julie, &name).await.is_empty());
    assert_eq!(finds(&fatima, &name).await, [sent.shown.as_str()]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_name_is_found_and_the_wrong_one_no_longer() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "composition-de-menage", 0).await;
    let julie = app.sign_in(JULIE).await;
    let before = app.request(&sent).applicant;
    let question = [("question", "Votre nom ?"), ("fields", "demandeur")];
    step(&julie, &sent.desk, "ask", &question).await;
    let pairs = [
        ("answer", "Pardon."),
        ("demandeur.last_name", "Vanderstraeten"),
        ("demandeur.first_name", "Zénobie"),
        ("demandeur.national_number", "85.07.30-033.28"),
    ];
    let done = reply(&citizen, &sent, &pairs).await;
    assert_eq!(
        done.status,
        reqwest::StatusCode::SEE_OTHER,
        "{}",
        done.said()
    );
    assert_eq!(finds(&julie, "zenobie").await, [sent.shown.as_str()]);
    assert!(finds(&julie, &before).await.is_empty(), "{before}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_cannot_go_on_where_it_was_left_says_so() {
    let app = TestApp::start().await;
    app.staff().await;
    let sent = app.send(&app.browser(), "composition-de-menage", 0).await;
    let julie = app.sign_in(JULIE).await;
    let name = app.request(&sent).applicant;
    let typed: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let gone = "019cae00-0000-7000-8000-000000000001";
    let page = julie.get(&format!("/agent?q={typed}&apres={gone}")).await;
    let said = page.text("[role=status]");
    assert!(said.contains("La liste a changé"), "{said}");
    assert_eq!(page.texts("tr[data-row] th a"), [sent.shown.as_str()]);
    app.stop().await;
}

const OLD: [&str; 2] = [
    "INSERT INTO versions (id, procedure_id, number, digest, sources, published_at) \
     VALUES ('019cae00-0000-7000-8000-000000000001', 'p', 1, '', '{}', '2026-03-02T08:00:00Z')",
    "INSERT INTO requests (id, reference, code_hash, procedure_id, version_id, title, kind, authority, \
     service, secrecy, language, status, status_at, applicant, applicant_key, email, phone, answers, \
     facts, submitted_at, updated_at, due_on, pauses, event_count, head_hash, sealed_count, revision) \
     VALUES ('019cae00-0000-7000-8000-000000000002', 'R', 'h', 'p', \
     '019cae00-0000-7000-8000-000000000001', 't', 'document', 'commune', 'population', 'open', 'fr', \
     'received', '2026-03-02T08:00:00Z', 'Van der Van Élise', 'van der van elise', 'Elise@exemple.be', \
     '+32470123456', '{}', '{}', '2026-03-02T08:00:00Z', '2026-03-02T08:00:00Z', '2026-04-02', '[]', 1, \
     '', 0, 0)",
];

#[test]
fn requests_of_an_older_program_are_filed_when_the_database_is_brought_up_to_date() {
    let place = Place::new();
    let mut conn = place.connect();
    let older = ["0001", "0002", "0003", "0004"].map(str::to_owned);
    migrate::up_to(&mut conn, &older).unwrap();
    for statement in OLD {
        diesel::sql_query(statement).execute(&mut conn).unwrap();
    }
    migrate::up(&mut conn).unwrap();
    let mut keys: Vec<(String, String, String)> = search_keys::table
        .select((search_keys::word, search_keys::service, search_keys::name))
        .load(&mut conn)
        .unwrap();
    keys.sort();
    let words: Vec<&str> = keys.iter().map(|(word, ..)| word.as_str()).collect();
    let expected = ["+32470123456", "@elise@exemple.be", "der", "elise", "van"];
    assert_eq!(words, expected);
    assert!(
        keys.iter()
            .all(|(_, service, name)| service == "population" && name == "van der van elise")
    );
    migrate::down(&mut conn).unwrap();
}
