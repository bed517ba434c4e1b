//! What cannot wait: first in the queue, and said so.

use crate::support::TestApp;
use crate::support::desk::{JULIE, NADIA, SOPHIE, step};
use crate::support::examples::reply;

const APPOINTMENT: &str = "premier-rendez-vous";

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_request_comes_first_in_its_queue_and_the_notice_says_so_and_nothing_else() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    // Anne can wait; Marc, who wrote after her, cannot.
    let waits = app.send(&citizen, APPOINTMENT, 0).await;
    let urgent = app.send(&citizen, APPOINTMENT, 1).await;
    app.drain().await;
    assert!(!app.request(&waits).urgent && app.request(&urgent).urgent);
    let sophie = app.sign_in(SOPHIE).await;
    let list = sophie.get("/agent?file=social-accueil").await;
    let first = list.texts("tr[data-row] th").remove(0);
    assert!(
        first.contains("urgent") && first.contains(&urgent.shown),
        "{first}"
    );
    let page = sophie.get(&urgent.desk).await.text("h1");
    assert!(page.contains("urgent"), "{page}");
    let page = sophie.get(&waits.desk).await.text("h1");
    assert!(!page.contains("urgent"), "{page}");
    let mails = app.mails();
    let notices: Vec<_> = mails
        .iter()
        .filter(|mail| mail.text.contains("urgente"))
        .collect();
    let [notice] = &notices[..] else {
        panic!(
            "{:?}",
            mails.iter().map(|mail| &mail.subject).collect::<Vec<_>>()
        )
    };
    // What shows on a locked telephone says nothing of what was answered.
    let subject = format!("Nouvelle demande {}", urgent.shown);
    assert_eq!(notice.subject, subject);
    assert!(
        notice.text.contains("Une demande urgente est arrivée"),
        "{}",
        notice.text
    );
    for secret in ["Dupont", "rendez-vous", "logement", "Tigrigna"] {
        assert!(!notice.text.contains(secret), "{secret}: {}", notice.text);
    }
    // Another service learns of it neither by the order of its own list nor by a word.
    let julie = app.sign_in(JULIE).await;
    assert!(!julie.get("/agent").await.body.contains("urgent"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_that_takes_the_urgency_away_puts_the_request_among_the_others() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, APPOINTMENT, 1).await;
    let nadia = app.sign_in(NADIA).await;
    let question = [
        ("question", "Est-ce toujours urgent ?"),
        ("fields", "urgent"),
    ];
    step(&nadia, &sent.desk, "ask", &question).await;
    let pairs = [("answer", "Non, un ami m’aide."), ("urgent", "attendre")];
    let done = reply(&citizen, &sent, &pairs).await;
    assert_eq!(
        done.status,
        reqwest::StatusCode::SEE_OTHER,
        "{}",
        done.said()
    );
    assert!(!app.request(&sent).urgent);
    app.stop().await;
}
