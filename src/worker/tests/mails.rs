//! Mails: each leaves once, whatever the server does.

use super::house::{House, anne};
use crate::job::{Job, Recipient};
use crate::mail::testing::{Manner, Sink};
use crate::worker::Drained;
use chrono::Duration;
use serde_json::json;
use std::collections::HashSet;

#[tokio::test]
async fn a_request_is_acknowledged_to_its_citizen_and_announced_to_its_service() {
    let house = House::open(None).await;
    let id = house.anne().await;
    let request = house.request(id).await;
    let drained = house.drain().await;
    assert_eq!((drained.done, drained.retried, drained.dead), (3, 0, 0));
    let mails = house.mails();
    let [receipt, notice] = &mails[..] else {
        panic!("{mails:#?}")
    };
    assert_eq!(receipt.to, "anne.lambert@exemple.be");
    assert_eq!(
        receipt.from,
        "Commune de Wanze <guichet@commune.wanze.example>"
    );
    let shown = request.shown_reference();
    assert_eq!(
        receipt.subject,
        format!("Accusé de réception\u{a0}: Composition de ménage, {shown}")
    );
    assert!(
        receipt
            .text
            .contains("https://guichet.wanze.example/suivi/")
    );
    assert_eq!(notice.to, "population@commune.wanze.example");
    assert!(notice.text.contains(&format!("/agent/demandes/{id}")));
    assert!(!notice.text.contains("Lambert"));
    assert_eq!(house.drain().await, Drained::default());
}

#[tokio::test]
async fn a_social_request_is_acknowledged_in_silence() {
    let house = House::open(None).await;
    let id = house.appointment().await;
    assert!(house.request(id).await.is_social());
    assert_eq!(house.drain().await.done, 3);
    for mail in house.mails() {
        let all = format!("{} {} {} {}", mail.from, mail.subject, mail.text, mail.html);
        for word in ["CPAS", "social", "rendez-vous", "Lambert"] {
            assert!(!all.contains(word), "{word}: {all}");
        }
    }
}

#[tokio::test]
async fn a_citizen_without_an_address_gets_no_mail_and_the_service_hears_of_it() {
    let house = House::open(None).await;
    let given = json!({
        "urgent": "attendre", "joindre": "appel", "telephone": "+32470123456",
        "personne": { "last_name": "Lambert", "first_name": "Anne" },
        "ou": "cpas", "jours": ["lundi"], "heures": ["matin"], "interprete": false,
    });
    house.submit("premier-rendez-vous", given).await;
    assert_eq!(house.drain().await.done, 3);
    let to: Vec<String> = house.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["accueil@cpas.wanze.example"]);
}

#[tokio::test]
async fn while_the_server_is_down_requests_go_on_and_every_mail_leaves_once_when_it_is_back() {
    let mut sink = Sink::start().await;
    let house = House::open(Some(sink.url())).await;
    sink.stop().await;
    for _ in 0..3 {
        house.anne().await;
    }
    let hour = house.pass(Duration::hours(1), Duration::minutes(1)).await;
    // The receipts are printed; the mails wait.
    assert_eq!((hour.done, hour.dead), (3, 0));
    assert_eq!(sink.mails().len(), 0);
    sink.come_back().await;
    let later = house.pass(Duration::hours(2), Duration::minutes(1)).await;
    assert_eq!((later.done, later.dead), (6, 0));
    let mails = sink.mails();
    assert_eq!(mails.len(), 6);
    let names: HashSet<_> = mails
        .iter()
        .map(|m| m.header("Message-ID").unwrap())
        .collect();
    assert_eq!(names.len(), 6);
    let to_citizens = mails.iter().filter(|m| m.to == ["anne.lambert@exemple.be"]);
    assert_eq!(to_citizens.count(), 3);
}

#[tokio::test]
async fn a_mail_refused_for_good_is_laid_aside_without_naming_anybody() {
    let sink = Sink::start().await;
    let house = House::open(Some(sink.url())).await;
    sink.behave(Manner::Refuse(550));
    house.anne().await;
    let drained = house.drain().await;
    assert_eq!((drained.done, drained.retried, drained.dead), (1, 0, 2));
    let dead = house.dead().await;
    assert_eq!(dead.len(), 2);
    for job in dead {
        let cause = job.last_error.unwrap();
        assert_eq!(cause, "the mail server refuses it: 550");
    }
    assert_eq!(house.drain().await, Drained::default());
}

#[tokio::test]
async fn a_mail_refused_for_now_is_tried_for_a_day_and_a_half_and_then_laid_aside() {
    let sink = Sink::start().await;
    let house = House::open(Some(sink.url())).await;
    sink.behave(Manner::Refuse(451));
    house.anne().await;
    let day = house.pass(Duration::hours(36), Duration::minutes(30)).await;
    assert_eq!((day.done, day.dead), (1, 0));
    let next = house.pass(Duration::hours(8), Duration::minutes(30)).await;
    assert_eq!((next.done, next.dead), (0, 2));
    assert_eq!(sink.mails().len(), 0);
}

#[tokio::test]
async fn a_mail_taken_by_a_worker_that_died_leaves_when_the_lease_is_over_under_the_same_name() {
    let sink = Sink::start().await;
    let house = House::open(Some(sink.url())).await;
    house.anne().await;
    // The server has the mail and the worker never hears of it.
    sink.behave(Manner::HangUp);
    house.drain().await;
    sink.behave(Manner::Accept);
    house
        .pass(Duration::minutes(10), Duration::minutes(1))
        .await;
    let mails = sink.mails();
    let names: HashSet<_> = mails
        .iter()
        .map(|m| m.header("Message-ID").unwrap())
        .collect();
    assert!(mails.len() > 2, "{}", mails.len());
    assert_eq!(names.len(), 2);
}

#[tokio::test]
async fn the_link_of_a_draft_is_sent_while_there_is_a_draft() {
    let house = House::open(None).await;
    let mail_link = |draft: crate::request::draft::Draft| {
        let write = house.site.db.write(move |tx| {
            draft.mail_link(tx, "anne@exemple.be", &crate::job::Origin::default())?;
            Ok::<_, crate::db::Error>(())
        });
        async move { write.await.unwrap() }
    };
    let draft = house.draft("composition-de-menage", anne()).await;
    let code = draft.code(&house.site.key);
    mail_link(draft.clone()).await;
    assert_eq!(house.drain().await.done, 1);
    let mails = house.mails();
    assert_eq!(mails[0].to, "anne@exemple.be");
    assert!(
        mails[0]
            .text
            .contains(&format!("/brouillons/{}", code.compact()))
    );
    assert!(mails[0].text.contains(&code.to_string()));
    assert!(!mails[0].subject.contains("ménage"));
    // Thirty days later it is gone.
    house.clock.advance(Duration::days(31));
    mail_link(draft).await;
    assert_eq!(house.drain().await.done, 1);
    assert_eq!(house.mails().len(), 1);
}

#[tokio::test]
async fn a_mail_no_program_knows_is_laid_aside() {
    let house = House::open(None).await;
    let id = house.anne().await;
    house.drain().await;
    let request = house.request(id).await;
    let job = Job::Mail {
        message: "congratulations".to_owned(),
        request: id,
        to: Recipient::Citizen,
        event: None,
    };
    let origin = crate::job::Origin {
        authority: Some(request.authority),
        social: false,
    };
    let put = house.site.db.write(move |tx| {
        let now = tx.now();
        crate::job::enqueue(tx, &job, &origin, now, None)?;
        Ok::<_, crate::db::Error>(())
    });
    put.await.unwrap();
    assert_eq!(house.drain().await.dead, 1);
    let dead = house.dead().await;
    assert_eq!(dead[0].last_error.as_deref(), Some("no mail of this name"));
}

#[tokio::test]
async fn two_workers_on_one_outbox_send_each_mail_once() {
    let sink = Sink::start().await;
    let house = House::open(Some(sink.url())).await;
    for _ in 0..8 {
        house.anne().await;
    }
    let other = house.worker.clone();
    let (one, two) = tokio::join!(house.worker.drain(), other.drain());
    assert_eq!(one.unwrap().done + two.unwrap().done, 24);
    let mails = sink.mails();
    let names: HashSet<_> = mails
        .iter()
        .map(|m| m.header("Message-ID").unwrap())
        .collect();
    assert_eq!((mails.len(), names.len()), (16, 16));
}
