//! Who has a request, and whose turn it is.

use super::{asked, went_on};
use crate::support::desk::{JULIE, MARC, step};
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_request_a_moment_too_late_is_told_by_whom_it_was_taken() {
    let (app, _, julie, sent) = asked().await;
    let marc = app.sign_in(MARC).await;
    let path = format!("{}/attribution?a=moi", sent.desk);
    let (hers, his) = (julie.get(&sent.desk).await, marc.get(&sent.desk).await);
    went_on(&julie.post(&hers, &path, &[("vu", "")]).await);
    let late = marc.post(&his, &path, &[("vu", "")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        late.said().contains("Julie Noël vient de la prendre."),
        "{}",
        late.said()
    );
    let julies = app.request(&sent).assignee;
    assert!(julies.is_some_and(|id| id != app.agent(MARC).id));
    // The page he has now says whose it is; taking it from her is another button, and no key.
    assert!(
        late.said().contains("Reprendre à Julie Noël"),
        "{}",
        late.said()
    );
    assert!(late.attributes("[data-take]", "class").is_empty());
    let seen = late.attributes("input[name=vu]", "value");
    went_on(&marc.post(&late, &path, &[("vu", &seen[0])]).await);
    assert_eq!(app.request(&sent).assignee, Some(app.agent(MARC).id));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_stays_among_those_received_until_somebody_reacts_to_it() {
    let (app, citizen, julie, sent) = asked().await;
    let page = citizen.get(&sent.tracking).await;
    let messages = format!("{}/messages", sent.tracking);
    went_on(
        &citizen
            .post(&page, &messages, &[("message", "Où en est-on ?")])
            .await,
    );
    let page = julie.get(&sent.desk).await;
    let here = |path: &str| format!("{}/{path}", sent.desk);
    let answered = || app.request(&sent).answered_at.is_some();
    went_on(&julie.post(&page, &here("attribution?a=moi"), &[]).await);
    went_on(
        &julie
            .post(&page, &here("notes"), &[("note", "À voir.")])
            .await,
    );
    let list = julie.get("/agent?vue=reponses").await;
    assert!(
        answered() && list.body.contains(&sent.shown),
        "{}",
        list.body
    );
    went_on(
        &julie
            .post(&page, &here("messages"), &[("message", "Demain.")])
            .await,
    );
    assert!(!answered());
    let page = citizen.get(&sent.tracking).await;
    went_on(
        &citizen
            .post(&page, &messages, &[("message", "Merci.")])
            .await,
    );
    assert!(answered());
    went_on(&step(&julie, &sent.desk, "ask", &[("question", "Quel jour ?")]).await);
    assert!(!answered());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_a_request_from_the_list_comes_back_to_its_row() {
    let (app, _, julie, sent) = asked().await;
    let list = julie.get("/agent").await;
    let form = list.attributes("form[action*='/attribution']", "action");
    let taken = julie.post(&list, &form[0], &[]).await;
    let row = format!("r-{}", sent.id);
    let back = taken.location.unwrap();
    assert!(back.ends_with(&format!("#{row}")), "{back}");
    let list = julie.get(&back).await;
    assert_eq!(list.attributes("tr[data-row] th a", "id"), [row]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_way_to_take_a_new_request_and_the_citizen_is_told_of_it() {
    let (app, citizen, julie, sent) = asked().await;
    let page = julie.get(&sent.desk).await;
    let takes = page.texts("[data-take]");
    assert_eq!(takes, ["Prendre en charge A"], "{}", page.said());
    assert!(!page.body.contains("/transitions/take"), "{}", page.body);
    let path = format!("{}/attribution?a=moi", sent.desk);
    let taken = julie.post(&page, &path, &[("vu", "")]).await;
    went_on(&taken);
    let request = app.request(&sent);
    assert_eq!(request.status, "in_progress");
    assert_eq!(request.assignee, Some(app.agent(JULIE).id));
    let page = julie.follow(taken).await;
    let said = page.text("[role=status]");
    assert!(said.contains("La demande est à vous."), "{said}");
    assert!(page.texts("[data-take]").is_empty(), "{}", page.body);
    let tracked = citizen.get(&sent.tracking).await.said();
    assert!(
        tracked.contains("pris votre demande en charge"),
        "{tracked}"
    );
    // Given back and taken again, only the hands change: it is in progress already.
    let back = format!("{}/attribution?a=personne", sent.desk);
    went_on(&julie.post(&page, &back, &[]).await);
    went_on(&julie.post(&page, &path, &[("vu", "")]).await);
    assert_eq!(app.request(&sent).assignee, Some(app.agent(JULIE).id));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_who_takes_a_new_request_confided_to_a_colleague_takes_it_from_them_and_starts_it() {
    let (app, _, julie, sent) = asked().await;
    let marc = app.sign_in(MARC).await;
    let page = marc.get(&sent.desk).await;
    let path = format!("{}/attribution", sent.desk);
    let her = app.agent(JULIE).id.to_string();
    went_on(&marc.post(&page, &path, &[("agent", &her)]).await);
    assert_eq!(app.request(&sent).status, "received");
    // She starts it by the same button; he would take it back from her by another.
    let hers = julie.get(&sent.desk).await;
    assert!(hers.said().contains("Prendre en charge"), "{}", hers.said());
    let his = marc.get(&sent.desk).await.said();
    assert!(his.contains("Reprendre à Julie"), "{his}");
    assert!(!his.contains("Prendre en charge"), "{his}");
    let seen = [("vu", her.as_str())];
    went_on(&marc.post(&page, &format!("{path}?a=moi"), &seen).await);
    let request = app.request(&sent);
    assert_eq!(request.status, "in_progress");
    assert_eq!(request.assignee, Some(app.agent(MARC).id));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_issues_a_document_nobody_had_taken_is_who_handled_it() {
    let (app, _, julie, sent) = asked().await;
    let issued = step(&julie, &sent.desk, "issue", &super::ACT).await;
    went_on(&issued);
    assert_eq!(app.request(&sent).assignee, Some(app.agent(JULIE).id));
    let page = julie.follow(issued).await;
    assert!(
        page.said().contains("L’acte est délivré."),
        "{}",
        page.said()
    );
    app.stop().await;
}
