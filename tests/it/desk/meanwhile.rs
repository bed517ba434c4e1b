//! Two people at one request: what one decides on is what the other left.

use super::{asked, status, went_on};
use crate::support::desk::{MARC, step};
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_on_answers_that_changed_meanwhile_is_asked_again_with_everything_typed() {
    let (app, citizen, julie, sent) = asked().await;
    let path = format!("{}/transitions/refuse", sent.desk);
    let form = julie.get(&path).await;
    let seen = form.attributes("input[name=_seen]", "value").remove(0);
    let marc = app.sign_in(MARC).await;
    let question = [("question", "La date ?"), ("fields", "date_mariage")];
    went_on(&step(&marc, &sent.desk, "ask", &question).await);
    let page = citizen.get(&sent.tracking).await;
    let right = [("date_mariage", "15/02/2020"), ("answer", "Voici.")];
    let answers = format!("{}/reponses", sent.tracking);
    went_on(&citizen.post(&page, &answers, &right).await);
    let typed = [
        ("reason", "Rien à cette date-là."),
        ("_seen", seen.as_str()),
    ];
    let again = julie.post(&form, &path, &typed).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(status(&app, &sent), "in_progress");
    let warning = again.text(".note--warning");
    for happened in [
        "Demander une précision",
        "Marc Dubois",
        "Réponses corrigées : Date du mariage",
    ] {
        assert!(
            warning.replace('\u{a0}', " ").contains(happened),
            "{happened}: {warning}"
        );
    }
    assert_eq!(again.text("textarea[name=reason]"), "Rien à cette date-là.");
    assert!(
        again.said().contains("Confirmer quand même"),
        "{}",
        again.said()
    );
    // Reading changes nothing; having been told, she may.
    marc.get(&sent.desk).await;
    let now = again.attributes("input[name=_seen]", "value").remove(0);
    assert_ne!(now, seen);
    let confirmed = [("reason", "Rien à cette date-là."), ("_seen", now.as_str())];
    went_on(&julie.post(&again, &path, &confirmed).await);
    assert_eq!(status(&app, &sent), "refused");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_corrected_is_named_on_both_sides_and_its_files_stand_beside_the_words() {
    let (app, citizen, julie, sent) = asked().await;
    let question = [("question", "La date ?"), ("fields", "date_mariage")];
    went_on(&step(&julie, &sent.desk, "ask", &question).await);
    app.wait(chrono::Duration::hours(1));
    let page = citizen.get(&sent.tracking).await;
    let pairs = [("date_mariage", "15/02/2020"), ("answer", "Voici.")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let file = crate::support::examples::file_named("livret.jpg");
    let files = vec![("answer_files".to_owned(), "livret.jpg".to_owned(), file)];
    let path = format!("{}/reponses", sent.tracking);
    went_on(&citizen.post_files(&page, &path, &pairs, files).await);
    let julie = app.sign_in(crate::support::desk::JULIE).await;
    let desk = julie.get(&sent.desk).await;
    let tracked = citizen.get(&sent.tracking).await;
    for page in [&desk, &tracked] {
        let steps = page.text(".timeline").replace('\u{a0}', " ");
        assert!(
            steps.contains("Réponses corrigées : Date du mariage"),
            "{steps}"
        );
    }
    let said = desk.text(".said--citizen");
    assert!(
        said.contains("Voici.") && said.contains("livret.jpg"),
        "{said}"
    );
    let here = tracked.texts(".timeline [aria-current=step] strong");
    assert_eq!(here, ["En traitement"], "{}", tracked.text(".timeline"));
    app.stop().await;
}
