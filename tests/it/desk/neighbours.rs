//! The way on, once a request has left the list it was opened from: it stays in that list.

use super::{ACT, asked, went_on};
use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::desk::{JULIE, MARC, step};
use crate::support::examples::Sent;
use chrono::Duration;
use reqwest::StatusCode;

const HOUSEHOLD: &str = "composition-de-menage";
const QUEUE: &str = "file=population";
const PAUSED: &str = "file=population&delai=suspendu";
const LATE: &str = "vue=retard";
const QUESTION: [(&str, &str); 1] = [("question", "Pour quel usage ?")];
const NO: [(&str, &str); 1] = [("reason", "Doublon.")];

/// Takes a step on a request that was opened from that list; answers its page afterwards.
async fn step_from(
    agent: &Browser,
    list: &str,
    sent: &Sent,
    id: &str,
    form: &[(&str, &str)],
) -> Page {
    let shown = agent.get(&format!("/agent?{list}")).await;
    let rows = shown.attributes("tr[data-row] th a", "href");
    let row = rows.iter().find(|row| row.starts_with(&sent.desk));
    let page = agent.get(row.unwrap_or_else(|| panic!("{rows:?}"))).await;
    let list: String = url::form_urlencoded::byte_serialize(list.as_bytes()).collect();
    let path = format!("{}/transitions/{id}?liste={list}", sent.desk);
    let done = agent.post(&page, &path, form).await;
    went_on(&done);
    agent.follow(done).await
}

/// The neighbours of a page must be those, before and after.
fn stands_between(page: &Page, before: Option<&Sent>, after: Option<&Sent>) {
    for (way, expected) in [("[data-previous]", before), ("[data-next]", after)] {
        let links = page.attributes(way, "href");
        let leads = links.first().map(|link| link.split('?').next().unwrap());
        assert_eq!(leads, expected.map(|sent| sent.desk.as_str()), "{way}");
    }
}

/// So many requests of one service, in their order, sent the same day.
async fn several(app: &TestApp, how_many: usize) -> Vec<Sent> {
    app.staff().await;
    let citizen = app.browser();
    let mut all = Vec::new();
    for _ in 0..how_many {
        all.push(app.send(&citizen, HOUSEHOLD, 0).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn who_closes_requests_that_wait_goes_on_among_those_that_wait() {
    let app = TestApp::start().await;
    let sent = several(&app, 5).await;
    let julie = app.sign_in(JULIE).await;
    for waiting in &sent[1..] {
        went_on(&step(&julie, &waiting.desk, "ask", &QUESTION).await);
    }
    // Days later, the end of the wait gives days back: the deadline moves, and the place does not.
    app.wait(Duration::days(9));
    let julie = app.sign_in(JULIE).await;
    let page = step_from(&julie, PAUSED, &sent[2], "refuse", &NO).await;
    stands_between(&page, Some(&sent[1]), Some(&sent[3]));
    let said = page.text("[role=status]");
    assert!(said.contains(&sent[3].shown), "{said}");
    let page = step_from(&julie, PAUSED, &sent[4], "resume", &[]).await;
    stands_between(&page, Some(&sent[3]), None);
    // In the whole queue too, where those that run stand before.
    let page = step_from(&julie, QUEUE, &sent[1], "refuse", &NO).await;
    stands_between(&page, Some(&sent[4]), Some(&sent[3]));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_a_question_about_a_late_request_goes_on_among_the_late() {
    let app = TestApp::start().await;
    let sent = several(&app, 4).await;
    let julie = app.sign_in(JULIE).await;
    went_on(&step(&julie, &sent[0].desk, "ask", &QUESTION).await);
    app.wait(Duration::days(9));
    let julie = app.sign_in(JULIE).await;
    let page = step_from(&julie, LATE, &sent[2], "ask", &QUESTION).await;
    stands_between(&page, Some(&sent[1]), Some(&sent[3]));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_taken_up_again_and_closed_the_same_day_was_among_those_that_run() {
    let app = TestApp::start().await;
    let sent = several(&app, 4).await;
    let julie = app.sign_in(JULIE).await;
    for waiting in &sent[..2] {
        went_on(&step(&julie, &waiting.desk, "ask", &QUESTION).await);
    }
    went_on(&step(&julie, &sent[1].desk, "resume", &[]).await);
    let page = step_from(&julie, QUEUE, &sent[1], "refuse", &NO).await;
    stands_between(&page, None, Some(&sent[2]));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_head_does_and_what_is_uncovered_keeps_the_list_one_came_from() {
    let (app, _, julie, sent) = asked().await;
    went_on(&step(&julie, &sent.desk, "issue", &ACT).await);
    app.drain().await;
    let marc = app.sign_in(MARC).await;
    let page = marc
        .get(&format!("{}?liste=vue%3Dcloturees", sent.desk))
        .await;
    let kept = |address: &str| {
        assert!(address.ends_with("liste=vue%3Dcloturees"), "{address}");
    };
    let secret = page.attributes("form[action*='/reponses/']", "action");
    kept(&secret[0]);
    let shown = marc.post(&page, &secret[0], &[]).await;
    assert_eq!(shown.status, StatusCode::OK);
    for (form, typed) in [
        ("/annulation", vec![("reason", "Une faute.")]),
        (
            "/etat",
            vec![("reason", "À refaire."), ("status", "in_progress")],
        ),
    ] {
        let link = format!("a[href*='{form}']");
        let asks = shown.attributes(&link, "href").remove(0);
        kept(&asks);
        let asks = marc.get(&asks).await;
        let action = asks.attributes("main form[enctype]", "action").remove(0);
        kept(&action);
        let done = marc.post(&asks, &action, &typed).await;
        went_on(&done);
        kept(done.location.as_deref().unwrap());
        // Asked again for what is taken back already, one comes back there too.
        if form == "/annulation" {
            kept(marc.get(&action).await.location.as_deref().unwrap());
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_on_a_closed_request_does_not_say_what_comes_after_it() {
    let app = TestApp::start().await;
    let sent = several(&app, 1).await.remove(0);
    let julie = app.sign_in(JULIE).await;
    let last = "C’était la dernière de la liste.";
    let page = step_from(&julie, QUEUE, &sent, "refuse", &NO).await;
    assert!(page.text("[role=status]").contains(last), "{}", page.said());
    let path = format!("{}/notes", sent.desk);
    let noted = julie.post(&page, &path, &[("note", "Rappelé.")]).await;
    let page = julie.follow(noted).await;
    let said = page.text("[role=status]");
    assert!(
        said.contains("La note est ajoutée.") && !said.contains(last),
        "{said}"
    );
    app.stop().await;
}
