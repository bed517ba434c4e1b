//! Papers, timers, seals, brooms, and the worker's own manners.

use super::house::{House, anne};
use crate::audit::Actor;
use crate::audit::seal::Seal;
use crate::blob::Digest;
use crate::db::schema::{drafts, jobs, seals};
use crate::db::{self, Id};
use crate::job;
use crate::request::paper;
use crate::request::room::Room;
use crate::worker::perform::guarded;
use crate::worker::{Drained, Trouble};
use crate::workflow::{self, Act};
use bytes::Bytes;
use chrono::Duration;
use diesel::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::Arc;

async fn papers(house: &House, request: Id) -> Vec<paper::Paper> {
    let found = house
        .site
        .db
        .read(move |conn| Ok::<_, db::Error>(paper::of_request(conn, request)?));
    found.await.unwrap()
}

/// An agent of the service takes a transition.
async fn take(house: &House, request: Id, transition: &str, form: Value) {
    let mut request = house.request(request).await;
    let published = house.site.version(request.version_id).unwrap();
    let site = Arc::clone(&house.site);
    let act = Act {
        transition: transition.to_owned(),
        form: form.as_object().cloned().unwrap_or_else(Map::new),
    };
    let agent = house.clock.new_id();
    let moved = house.site.db.write(move |tx| {
        let room = Room {
            site: &site,
            published: &published,
        };
        let who = Actor::Agent {
            id: agent,
            name: "Julie Exemple".to_owned(),
        };
        request.take(
            tx,
            &room,
            workflow::Actor::Agent { id: agent.0 },
            &who,
            &act,
        )
    });
    moved.await.unwrap();
}

fn household() -> Value {
    json!({
        "date_situation": "2026-11-23",
        "adresse": {
            "street": "Rue de l’Exemple", "number": "1", "box": null, "postal_code": "4520",
            "locality": "Wanze", "country": "BE",
        },
        "membres": [{
            "last_name": "Lambert", "first_name": "Anne", "birth_date": "1985-07-30",
            "relation": "reference", "nationality": "BE", "national_number": null,
        }],
    })
}

#[tokio::test]
async fn a_receipt_and_a_document_are_printed_once_and_told_of_when_they_can_be_opened() {
    let house = House::open(None).await;
    let id = house.anne().await;
    house.drain().await;
    take(&house, id, "issue", household()).await;
    assert_eq!(house.drain().await.done, 2);
    let papers = papers(&house, id).await;
    assert_eq!(papers.len(), 2);
    for paper in &papers {
        let digest = Digest::parse(paper.sha256.as_deref().unwrap()).unwrap();
        let pdf = house.site.blobs.get(&digest).await.unwrap().unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        assert_eq!(paper.size, i64::try_from(pdf.len()).ok());
    }
    let mails = house.mails();
    let issued = mails.last().unwrap();
    assert!(
        issued.subject.starts_with("Votre document est prêt"),
        "{}",
        issued.subject
    );
    assert!(
        issued
            .text
            .contains(&format!("/documents/{}", papers[1].id)),
        "{}",
        issued.text
    );
    assert!(issued.text.contains("Composition de ménage"));
}

#[tokio::test]
async fn a_question_without_an_answer_is_asked_again_after_ten_working_days_once() {
    let house = House::open(None).await;
    let id = house.anne().await;
    take(
        &house,
        id,
        "ask",
        json!({ "question": "Quelle est votre boîte\u{a0}?" }),
    )
    .await;
    house.drain().await;
    let asked = |house: &House| {
        house
            .mails()
            .iter()
            .filter(|mail| mail.text.contains("Quelle est votre boîte"))
            .count()
    };
    assert_eq!(asked(&house), 1);
    house.pass(Duration::days(20), Duration::days(1)).await;
    assert_eq!(asked(&house), 2);
    let events = house.request(id).await;
    assert_eq!(events.status, "waiting");
    assert_eq!(house.jobs("fire").await.len(), 1);
    // And sixty days without an answer close it.
    house.pass(Duration::days(45), Duration::days(1)).await;
    assert_eq!(house.request(id).await.status, "expired");
    assert_eq!(asked(&house), 2);
    assert_eq!(house.drain().await, Drained::default());
}

#[tokio::test]
async fn the_rounds_are_called_once_a_period_and_seal_what_grew() {
    let house = House::open(None).await;
    house.anne().await;
    house.drain().await;
    for _ in 0..3 {
        house.worker.call_rounds().await.unwrap();
    }
    assert_eq!(house.jobs("seal").await.len(), 1);
    assert_eq!(house.jobs("tidy").await.len(), 1);
    assert_eq!(house.drain().await.done, 2);
    house.clock.advance(Duration::minutes(5));
    house.worker.call_rounds().await.unwrap();
    assert_eq!(house.jobs("seal").await.len(), 2);
    assert_eq!(house.jobs("tidy").await.len(), 1);
    house.drain().await;
    let sealed = house.site.db.read(|conn| {
        Ok::<_, db::Error>(seals::table.select(Seal::as_select()).load::<Seal>(conn)?)
    });
    let sealed = sealed.await.unwrap();
    assert_eq!(
        sealed.iter().map(|seal| seal.heads).collect::<Vec<_>>(),
        [1]
    );
}

#[tokio::test]
async fn the_broom_takes_what_is_past_its_time_and_nothing_that_is_used() {
    let house = House::open(None).await;
    let id = house.anne().await;
    house.draft("composition-de-menage", anne()).await;
    house.drain().await;
    let stray = house
        .site
        .blobs
        .put(Bytes::from_static(b"nobody's"))
        .await
        .unwrap();
    let used = papers(&house, id).await[0].sha256.clone().unwrap();
    let used = Digest::parse(&used).unwrap();
    // Years later by this clock; the files' own moments are the world's.
    house.clock.advance(Duration::days(4_000));
    house.worker.call_rounds().await.unwrap();
    house.drain().await;
    assert!(house.site.blobs.get(&stray).await.unwrap().is_none());
    assert!(house.site.blobs.get(&used).await.unwrap().is_some());
    let left = house.site.db.read(|conn| {
        let open = drafts::table.filter(drafts::request_id.is_null()).count();
        let done = jobs::table
            .filter(jobs::kind.eq_any(["mail", "print"]))
            .count();
        Ok::<(i64, i64), db::Error>((open.get_result(conn)?, done.get_result(conn)?))
    });
    assert_eq!(left.await.unwrap(), (0, 0));
}

#[tokio::test]
async fn a_job_in_the_hands_of_another_worker_is_left_to_it_until_its_lease_is_over() {
    let house = House::open(None).await;
    house.anne().await;
    let now = db::At::new(house.clock.now());
    let claimed = house.site.db.write(move |tx| {
        let due = job::due(tx.conn(), now, 99)?;
        for id in &due {
            job::claim(tx, *id)?;
        }
        Ok::<_, db::Error>(due.len())
    });
    assert_eq!(claimed.await.unwrap(), 3);
    assert_eq!(house.drain().await, Drained::default());
    house.clock.advance(job::LEASE + Duration::seconds(1));
    assert_eq!(house.drain().await.done, 3);
    assert_eq!(house.mails().len(), 2);
}

#[tokio::test]
async fn a_worker_works_in_the_background_and_stops_when_it_is_told() {
    let house = House::open(None).await;
    let running = house.worker.start();
    house.anne().await;
    house.worker.ring();
    for _ in 0..200 {
        if house.mails().len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(house.mails().len(), 2);
    let stopped = tokio::time::timeout(std::time::Duration::from_secs(10), running.stop());
    stopped.await.unwrap();
    house.anne().await;
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    assert_eq!(house.mails().len(), 2);
}

#[tokio::test]
async fn a_fault_of_the_program_is_a_failure_of_the_job_and_of_nothing_else() {
    let failed = guarded(async { panic!("a fault, for the test") }).await;
    assert!(matches!(failed, Err(Trouble::Panicked)));
    assert_eq!(failed.unwrap_err().to_string(), "the program failed");
}

#[tokio::test]
async fn a_job_of_a_newer_program_is_laid_aside() {
    let house = House::open(None).await;
    house.anne().await;
    let damaged = house.site.db.write(|tx| {
        let print = jobs::table.filter(jobs::kind.eq("print"));
        diesel::update(print)
            .set(jobs::payload.eq(db::Doc(json!({ "do": "sing" }))))
            .execute(tx.conn())?;
        Ok::<_, db::Error>(())
    });
    damaged.await.unwrap();
    let drained = house.drain().await;
    assert_eq!((drained.done, drained.dead), (2, 1));
    let dead = house.dead().await;
    assert_eq!(
        dead[0].last_error.as_deref(),
        Some("this program does not know the job")
    );
}
