//! Who has a request, and whose turn it is.

use super::{asked, went_on};
use crate::support::desk::{MARC, step};
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
    went_on(&step(&julie, &sent.desk, "take", &[]).await);
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
