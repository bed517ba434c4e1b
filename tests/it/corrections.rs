//! What the service asks to correct: nothing is sent before one sends it, what a correction brings up is
//! asked, what follows from it follows, and what nobody touched stays as it was filed.

use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::desk::{FATIMA, JULIE, step};
use crate::support::examples::{Sent, reply};
use chrono::Duration;
use reqwest::StatusCode;

struct Waiting {
    app: TestApp,
    citizen: Browser,
    agent: Browser,
    sent: Sent,
}

/// A request whose agent asks to correct these fields.
async fn waiting(procedure: &str, agent: &str, fields: &[&str]) -> Waiting {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, procedure, 0).await;
    app.drain().await;
    let agent = app.sign_in(agent).await;
    let mut form = vec![("question", "Pouvez-vous corriger ceci ?")];
    form.extend(fields.iter().map(|field| ("fields", *field)));
    let asked = step(&agent, &sent.desk, "ask", &form).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.said());
    app.drain().await;
    Waiting {
        app,
        citizen,
        agent,
        sent,
    }
}

impl Waiting {
    async fn post(&self, pairs: &[(&str, &str)]) -> Page {
        reply(&self.citizen, &self.sent, pairs).await
    }

    fn status(&self) -> String {
        self.app.request(&self.sent).status
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_typed_answer_is_not_sent_by_anything_but_its_button() {
    let waiting = waiting("composition-de-menage", JULIE, &["courriel"]).await;
    for button in ["_refresh", "_upload", "_delete_file", "_add", "_remove"] {
        let kept = waiting
            .post(&[
                ("answer", "Bonjour, je vou"),
                ("courriel", "anne@"),
                (button, "1"),
            ])
            .await;
        assert_eq!(kept.status, StatusCode::OK, "{button}: {}", kept.said());
        assert_eq!(kept.text("textarea[name=answer]"), "Bonjour, je vou");
        assert!(kept.texts(".errors").is_empty(), "{button}");
        assert_eq!(waiting.status(), "waiting", "{button}");
    }
    waiting.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_follow_a_corrected_address_and_the_desk_finds_a_corrected_name() {
    let fields = ["courriel", "demandeur"];
    let waiting = waiting("composition-de-menage", JULIE, &fields).await;
    let before = waiting.app.request(&waiting.sent);
    let answered = waiting
        .post(&[
            ("courriel", "nouvelle@exemple.be"),
            ("demandeur.last_name", "Zébulon"),
            ("demandeur.first_name", "Anne"),
            ("demandeur.national_number", "85.07.30-033.28"),
        ])
        .await;
    assert_eq!(
        answered.status,
        StatusCode::SEE_OTHER,
        "{}",
        answered.said()
    );
    let after = waiting.app.request(&waiting.sent);
    assert_eq!(after.email.as_deref(), Some("nouvelle@exemple.be"));
    assert_ne!(before.applicant, after.applicant);
    let found = waiting.agent.get("/agent?q=zebulon").await;
    assert!(found.body.contains(&waiting.sent.shown), "{}", found.said());
    waiting.app.drain().await;
    let refused = step(
        &waiting.agent,
        &waiting.sent.desk,
        "refuse",
        &[("reason", "Introuvable.")],
    );
    assert_eq!(refused.await.status, StatusCode::SEE_OTHER);
    waiting.app.drain().await;
    let mails = waiting.app.mails();
    let told = mails.iter().rfind(|mail| mail.text.contains("Introuvable"));
    assert!(told.unwrap().to.contains("nouvelle@exemple.be"));
    waiting.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_correction_brings_up_is_asked_before_it_is_sent() {
    let waiting = waiting("occupation-voie-publique", FATIMA, &["materiel"]).await;
    let shown = [
        ("materiel", "vehicule"),
        ("materiel", "echafaudage"),
        ("_shown", "materiel"),
    ];
    let asked = waiting.post(&shown).await;
    assert_eq!(waiting.status(), "waiting");
    let question = "select[name=echafaudage_type], input[name=echafaudage_type]";
    assert!(
        !asked.attributes(question, "name").is_empty(),
        "{}",
        asked.body
    );
    assert!(asked.texts(".errors").is_empty(), "{}", asked.said());
    let mut whole = shown.to_vec();
    whole.extend([
        ("_shown", "echafaudage_type"),
        ("_shown", "echafaudage_longueur"),
        ("_shown", "echafaudage_largeur"),
    ]);
    let missing = waiting.post(&whole).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(waiting.status(), "waiting");
    whole.extend([
        ("echafaudage_type", "a_cote"),
        ("echafaudage_longueur", "6"),
        ("echafaudage_largeur", "1,20"),
    ]);
    let sent = waiting.post(&whole).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.said());
    let answers = waiting.app.request(&waiting.sent).answers().to_json();
    assert_eq!(answers["echafaudage_type"], "a_cote", "{answers}");
    waiting.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weeks_later_a_correction_is_judged_by_the_day_of_sending_and_touches_nothing_else() {
    let waiting = waiting("occupation-voie-publique", FATIMA, &["surface"]).await;
    let before = waiting.app.request(&waiting.sent).answers().to_json();
    // The day that was far enough ahead when it was sent is long past.
    waiting.app.wait(Duration::days(45));
    let answered = waiting
        .post(&[("surface", "30"), ("_shown", "surface")])
        .await;
    assert_eq!(
        answered.status,
        StatusCode::SEE_OTHER,
        "{}",
        answered.said()
    );
    let mut expected = before.clone();
    expected["surface"] = 30.into();
    assert_eq!(
        waiting.app.request(&waiting.sent).answers().to_json(),
        expected
    );
    waiting.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_words_sent_twice_are_one_message() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "composition-de-menage", 0).await;
    app.drain().await;
    let path = format!("{}/messages", sent.tracking);
    let page = citizen.get(&sent.tracking).await;
    for text in ["Est-ce prêt ?", "Est-ce prêt ?", "Merci."] {
        let said = citizen.post(&page, &path, &[("message", text)]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.said());
    }
    app.wait(Duration::hours(1));
    let again = citizen.post(&page, &path, &[("message", "Merci.")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let id = sent.id;
    let kept = app.look(|conn| perron::request::message::of_request(conn, id, true));
    let words: Vec<&str> = kept.iter().map(|message| message.body.as_str()).collect();
    assert_eq!(words, ["Est-ce prêt ?", "Merci.", "Merci."]);
    app.drain().await;
    app.stop().await;
}
