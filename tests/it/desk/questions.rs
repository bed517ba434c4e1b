//! What the service asks the citizen, and the answer.

use super::{asked, went_on};
use crate::support::desk::{JULIE, step};
use chrono::Duration;
use perron::audit::verify::verify;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn a_question_suspends_the_delay_until_the_citizen_answers_and_mends_the_named_answer() {
    let (app, citizen, julie, sent) = asked().await;
    let due = app.request(&sent).due_on;
    let question = [
        ("question", "Quelle est la date exacte ?"),
        ("fields", "date_mariage"),
    ];
    went_on(&step(&julie, &sent.desk, "ask", &question).await);
    let waiting = app.request(&sent);
    assert_eq!(waiting.status, "waiting");
    assert_eq!(waiting.paused_since, Some(app.site.today()));
    app.drain().await;
    let mails = app.mails();
    let mail = mails.last().unwrap();
    assert_eq!(mail.to, "marc.dupont@exemple.be");
    assert!(
        mail.text.contains("Quelle est la date exacte ?"),
        "{}",
        mail.text
    );
    app.wait(Duration::days(7));
    let page = citizen.get(&sent.tracking).await;
    assert!(
        page.said().contains("Quelle est la date exacte ?"),
        "{}",
        page.said()
    );
    assert_eq!(
        page.attributes("input[name^=date_mariage]", "name").len(),
        1,
        "{}",
        page.body
    );
    assert!(page.attributes("input[name^=conjoint]", "name").is_empty());
    // What is wrong stays, what was not asked for is not taken.
    let path = format!("{}/reponses", sent.tracking);
    let wrong = citizen
        .post(
            &page,
            &path,
            &[("date_mariage", "15/02/2036"), ("answer", "Voici.")],
        )
        .await;
    assert_eq!(
        wrong.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        wrong.said()
    );
    assert!(
        wrong.attributes("[value='15/02/2036']", "value").len() == 1
            && wrong.said().contains("Voici."),
        "{}",
        wrong.body
    );
    let right = [
        ("date_mariage", "15/02/2020"),
        ("conjoint.last_name", "Pirate"),
        ("courriel", "pirate@exemple.be"),
        ("answer", "Je m’étais trompé d’un jour."),
    ];
    let answered = citizen.post(&page, &path, &right).await;
    went_on(&answered);
    let request = app.request(&sent);
    assert_eq!(request.status, "in_progress");
    assert_eq!(request.paused_since, None);
    assert!(
        request.due_on >= due + Duration::days(7),
        "{} {due}",
        request.due_on
    );
    let answers = request.answers().to_json();
    assert_eq!(answers["date_mariage"], "2020-02-15");
    assert_eq!(answers["conjoint"]["last_name"], "Lambert");
    assert_eq!(request.email.as_deref(), Some("marc.dupont@exemple.be"));
    // A second click changes nothing, and the agent reads what was written.
    went_on(&citizen.post(&page, &path, &right).await);
    let julie = app.sign_in(JULIE).await;
    let seen = julie.get(&sent.desk).await;
    assert_eq!(
        seen.said().matches("Je m’étais trompé d’un jour.").count(),
        1,
        "{}",
        seen.said()
    );
    assert!(
        julie
            .get("/agent?vue=reponses")
            .await
            .body
            .contains(&sent.shown)
    );
    assert!(app.look(verify).faults.is_empty());
    app.stop().await;
}
