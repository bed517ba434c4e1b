//! Mail through a real SMTP conversation: a server that is down, that refuses, that comes back. Nobody
//! gets two, and a subject never tells of a social matter.

mod late;

use crate::support::TestApp;
use crate::support::desk::{NADIA, SOPHIE, step};
use crate::support::smtp::{Manner, Received, Sink};
use chrono::Duration;
use diesel::prelude::*;
use perron::db::schema::jobs;
use perron::definition::Definition;
use perron::mail::notice::{Link, Message, Notice, Sender};
use perron::template::Templates;
use reqwest::StatusCode;
use std::collections::BTreeSet;

/// A site that sends its mail to that server.
async fn app(sink: &Sink) -> TestApp {
    let url = sink.url();
    TestApp::start_with(|args| {
        args.demo = false;
        args.mail.smtp = Some(url);
    })
    .await
}

fn waiting(app: &TestApp) -> i64 {
    app.look(|conn| {
        jobs::table
            .filter(jobs::done_at.is_null())
            .count()
            .get_result(conn)
    })
}

fn names(mails: &[Received]) -> BTreeSet<String> {
    mails
        .iter()
        .map(|mail| mail.header("Message-ID").unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_mail_server_is_down_for_an_hour_requests_go_on_and_nobody_gets_two() {
    let mut sink = Sink::start().await;
    let app = app(&sink).await;
    let browser = app.browser();
    app.send(&browser, "composition-de-menage", 0).await;
    app.drain().await;
    assert_eq!(sink.mails().len(), 2);
    sink.stop().await;
    for minute in 0..60 {
        if minute % 20 == 0 {
            app.send(&browser, "composition-de-menage", 0).await;
        }
        let drained = app.drain().await;
        assert_eq!(drained.dead, 0);
        app.wait(Duration::minutes(1));
    }
    assert_eq!(sink.mails().len(), 2);
    assert_eq!(waiting(&app), 6);
    sink.come_back().await;
    // Within the next quarter of an hour or so everything has left.
    let mut minutes = 0;
    while waiting(&app) > 0 {
        app.wait(Duration::minutes(1));
        app.drain().await;
        minutes += 1;
        assert!(minutes < 120, "{} wait still", waiting(&app));
    }
    let mails = sink.mails();
    assert_eq!((mails.len(), names(&mails).len()), (8, 8));
    let to = |address: &str| mails.iter().filter(|mail| mail.to == [address]).count();
    assert_eq!(to("anne.lambert@exemple.be"), 4);
    assert_eq!(to("population@commune.wanze.example"), 4);
    app.wait(Duration::hours(8));
    app.drain().await;
    assert_eq!(sink.mails().len(), 8);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_up_after_the_letter_gets_it_again_under_the_same_name() {
    let sink = Sink::start().await;
    let app = app(&sink).await;
    app.send(&app.browser(), "composition-de-menage", 0).await;
    sink.behave(Manner::HangUp);
    app.drain().await;
    let first = names(&sink.mails());
    assert!(!first.is_empty());
    sink.behave(Manner::Accept);
    for _ in 0..60 {
        app.wait(Duration::minutes(1));
        app.drain().await;
    }
    // Mailboxes show mails of one name once.
    assert_eq!(names(&sink.mails()).len(), 2);
    assert_eq!(waiting(&app), 0);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_refused_is_laid_aside_and_can_be_tried_again() {
    let sink = Sink::start().await;
    let app = app(&sink).await;
    let browser = app.browser();
    let sent = app.send(&browser, "composition-de-menage", 0).await;
    sink.behave(Manner::Refuse(550));
    let drained = app.drain().await;
    assert_eq!((drained.done, drained.dead), (1, 2));
    // The request is none the worse for it.
    assert_eq!(browser.get(&sent.tracking).await.status, StatusCode::OK);
    app.staff().await;
    let paul = app.sign_in(crate::support::desk::PAUL).await;
    let page = paul.get("/admin/envois").await;
    let retries = page.attributes("form[action$='/relance']", "action");
    assert_eq!(retries.len(), 2, "{}", page.body);
    assert!(!page.body.contains("anne.lambert"), "{}", page.body);
    sink.behave(Manner::Accept);
    for retry in &retries {
        assert_eq!(
            paul.post(&page, retry, &[]).await.status,
            StatusCode::SEE_OTHER
        );
    }
    app.wait(Duration::minutes(1));
    app.drain().await;
    assert_eq!(sink.mails().len(), 2);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mail_of_a_social_request_is_silent() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let (sophie, nadia) = (app.sign_in(SOPHIE).await, app.sign_in(NADIA).await);
    let granted = app.send(&citizen, "allocation-chauffage", 0).await;
    step(
        &sophie,
        &granted.desk,
        "ask",
        &[("question", "Avez-vous la facture de mazout ?")],
    )
    .await;
    app.drain().await;
    let page = citizen.get(&granted.tracking).await;
    let answer = format!("{}/reponses", granted.tracking);
    citizen
        .post(&page, &answer, &[("answer", "La facture de mazout suit.")])
        .await;
    let message = format!("{}/messages", granted.desk);
    let said = [("message", "Merci pour la facture de mazout.")];
    sophie
        .post(&sophie.get(&granted.desk).await, &message, &said)
        .await;
    let message = format!("{}/messages", granted.tracking);
    citizen
        .post(
            &page,
            &message,
            &[("message", "Encore une facture de mazout.")],
        )
        .await;
    app.drain().await;
    let decision = [
        ("date_decision", "23/11/2026"),
        ("montant", "140,00"),
        ("calcul", "1 000 litres de mazout"),
        ("motivation", "Revenus sous le plafond, facture de mazout."),
    ];
    let decided = step(&nadia, &granted.desk, "decide", &decision).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.said());
    let refused = app.send(&citizen, "allocation-chauffage", 0).await;
    let reason = [
        ("date_decision", "23/11/2026"),
        ("reason", "Plafond dépassé, mazout."),
    ];
    let done = step(&nadia, &refused.desk, "refuse", &reason).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.said());
    let withdrawn = app.send(&citizen, "premier-rendez-vous", 0).await;
    let path = format!("{}/retrait", withdrawn.tracking);
    citizen.post(&citizen.get(&path).await, &path, &[]).await;
    app.drain().await;
    let mails = app.mails();
    assert!(
        mails.len() >= 11,
        "{:#?}",
        mails.iter().map(|m| &m.subject).collect::<Vec<_>>()
    );
    for mail in mails {
        let outside = format!("{} {} {}", mail.from, mail.subject, mail.to).to_lowercase();
        let service = mail.to.ends_with("@cpas.wanze.example");
        for word in [
            "chauffage",
            "allocation",
            "énergie",
            "rendez",
            "social",
            "mazout",
            "cpas",
        ] {
            let hidden = !outside.contains(word) || (service && word == "cpas");
            assert!(hidden, "{word}: {outside}");
        }
        for word in [
            "mazout",
            "facture",
            "chauffage",
            "plafond",
            "Lambert",
            "Dupont",
        ] {
            assert!(!mail.text.contains(word), "{word}: {}", mail.text);
            assert!(!mail.html.contains(word), "{word}: {}", mail.html);
        }
    }
    app.stop().await;
}

const KINDS: [Message; 12] = [
    Message::Receipt,
    Message::Question,
    Message::Issued,
    Message::Decided,
    Message::Refused,
    Message::Withdrawn,
    Message::HandedOver,
    Message::Written,
    Message::NewRequest,
    Message::Answered,
    Message::MessageReceived,
    Message::RequestWithdrawn,
];

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_mail_says_what_it_may_and_a_social_one_only_that_there_is_news() {
    let app = TestApp::start().await;
    let templates = Templates::new();
    for (id, social) in [("acte-de-mariage", false), ("allocation-chauffage", true)] {
        let published = app.procedure(id);
        let definition: &Definition = &published.definition;
        let title = definition.procedure.title.get("fr");
        let sender = Sender {
            site: &app.site.file,
            authority: app.site.authority(&definition.procedure.authority).unwrap(),
            demo: false,
            language: "fr",
            social,
        };
        let documents = [perron::mail::notice::Document {
            title: "Pièce SECRET".to_owned(),
            url: Some("http://exemple.be/SECRET".to_owned()),
            on_paper: true,
        }];
        let notice = Notice {
            sender,
            reference: "7K4·M2P·93",
            procedure_title: title,
            service_name: Some("Service SECRET"),
            tracking_url: "http://exemple.be/suivi/X",
            queue_url: "http://exemple.be/agent/demandes/X",
            received_at: app.clock.now(),
            due_on: Some(app.site.today()),
            urgent: false,
            reason: Some("SECRET reason"),
            appeal: Some("SECRET appeal"),
            question: Some("SECRET question"),
            documents: &documents,
        };
        for kind in KINDS {
            let letter = notice.compose(&templates, kind, "anne@exemple.be").unwrap();
            let all = format!("{letter:?}");
            assert!(all.contains("7K4·M2P·93"), "{kind:?}: {all}");
            assert!(
                !social || !(all.contains("SECRET") || all.contains(title)),
                "{kind:?}: {all}"
            );
        }
        let open = notice
            .compose(&templates, Message::Question, "anne@exemple.be")
            .unwrap();
        assert_eq!(format!("{open:?}").contains("SECRET question"), !social);
        let link = Link {
            sender,
            procedure_title: title,
            url: "http://exemple.be/brouillons/X",
            code: "7K4M-2P93-QX8T-B5WD",
            expires_on: app.site.today(),
        };
        let letter = format!("{:?}", link.compose(&templates, "anne@exemple.be").unwrap());
        assert_eq!(letter.contains(title), !social, "{letter}");
    }
    app.stop().await;
}
