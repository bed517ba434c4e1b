//! Warnings a citizen reads and confirms: the service sees them beside the answers.

use crate::support::TestApp;
use crate::support::desk::{JULIE, step};
use crate::support::examples::sending;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn what_the_citizen_confirmed_is_read_again_before_sending_and_by_the_agent() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    // A household of another commune: one is warned, and may go on.
    let filling = app.example("composition-de-menage", 2);
    let check = app.ready(&citizen, "composition-de-menage", &filling).await;
    let note = check.text(".note--warning");
    assert!(note.contains("À savoir avant d’envoyer"), "{note}");
    let sent = citizen.post(&check, &sending(&check), &[]).await;
    let sent = app.sent(&citizen.follow(sent).await);
    let confirmed = app.request(&sent).facts().confirmed;
    assert_eq!(confirmed.len(), 1, "{confirmed:?}");
    assert_eq!(confirmed[0].field, "code_postal");
    assert!(note.contains(&confirmed[0].message), "{note}");
    let julie = app.sign_in(JULIE).await;
    let desk = julie.get(&sent.desk).await;
    let told = desk.text(".note--warning").replace('\u{a0}', " ");
    assert!(told.contains("Le formulaire a averti de ceci :"), "{told}");
    assert!(told.contains(&confirmed[0].message.replace('\u{a0}', " ")));
    // Once the answer is corrected, nothing is left of it.
    let question = [("question", "Le code postal ?"), ("fields", "code_postal")];
    let asked = step(&julie, &sent.desk, "ask", &question).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.said());
    let page = citizen.get(&sent.tracking).await;
    let path = format!("{}/reponses", sent.tracking);
    let right = [("code_postal", "4520"), ("answer", "Voici.")];
    let answered = citizen.post(&page, &path, &right).await;
    assert_eq!(
        answered.status,
        StatusCode::SEE_OTHER,
        "{}",
        answered.said()
    );
    assert!(app.request(&sent).facts().confirmed.is_empty());
    assert!(
        julie
            .get(&sent.desk)
            .await
            .texts(".note--warning")
            .is_empty()
    );
    // Who was warned of nothing has nothing of it on the page.
    let filling = app.example("composition-de-menage", 0);
    let check = app.ready(&citizen, "composition-de-menage", &filling).await;
    assert!(check.texts(".note--warning").is_empty(), "{}", check.said());
    app.stop().await;
}
