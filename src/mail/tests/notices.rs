//! What each message says, and what it never says.

use super::{moment, site};
use crate::definition::Site;
use crate::mail::letter::Letter;
use crate::mail::notice::{Document, Link, Message, Notice, Sender};
use crate::template::Templates;
use chrono::NaiveDate;

const EVERY: [Message; 12] = [
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

fn sender(site: &Site, social: bool) -> Sender<'_> {
    Sender {
        site,
        authority: &site.authorities[0],
        demo: true,
        language: "fr",
        social,
    }
}

/// A document by its title, that can be downloaded or not.
fn document(title: &str, here: bool, on_paper: bool) -> Document {
    let url = "https://guichet.example/suivi/7K4M2P93QX8TB5WD/documents/1";
    Document {
        title: title.to_owned(),
        url: here.then(|| url.to_owned()),
        on_paper,
    }
}

fn written(message: Message, social: bool) -> Letter {
    telling(message, social, &[document("Décision secrète", true, true)])
}

fn telling(message: Message, social: bool, documents: &[Document]) -> Letter {
    let site = site("guichet@commune.wanze.example");
    let notice = Notice {
        sender: sender(&site, social),
        reference: "7K4·M2P·93",
        procedure_title: "Aide <secrète>",
        service_name: Some("Service secret"),
        tracking_url: "https://guichet.example/suivi/7K4M2P93QX8TB5WD",
        queue_url: "https://guichet.example/agent/demandes/1",
        received_at: moment(),
        due_on: NaiveDate::from_ymd_opt(2026, 12, 23),
        urgent: false,
        reason: Some("Raison secrète"),
        appeal: Some("Raison secrète"),
        question: Some("Question secrète"),
        documents,
    };
    notice
        .compose(&Templates::new(), message, "anne@exemple.be")
        .unwrap()
}

#[test]
fn every_message_has_its_words() {
    for message in EVERY {
        let letter = written(message, false);
        assert!(letter.subject().contains("7K4·M2P·93"), "{message:?}");
        assert!(letter.text().contains("https://"), "{message:?}");
        assert!(letter.html().contains("<html"), "{message:?}");
        assert_eq!(
            letter.from(),
            "Commune de Wanze <guichet@commune.wanze.example>"
        );
    }
    assert_eq!(
        written(Message::Receipt, false).subject(),
        "Accusé de réception\u{a0}: Aide <secrète>, 7K4·M2P·93"
    );
    let refused = written(Message::Refused, false);
    assert!(
        refused.text().contains("Raison secrète"),
        "{}",
        refused.text()
    );
    assert!(
        written(Message::Question, false)
            .text()
            .contains("Question secrète")
    );
    let issued = written(Message::Issued, false);
    assert!(issued.html().contains("Décision secrète"));
    assert!(!issued.html().contains("<secrète>"));
}

#[test]
fn paper_is_said_of_the_document_that_was_asked_for_on_paper_and_of_no_other() {
    let said = |documents: &[Document]| {
        let letter = telling(Message::Issued, false, documents);
        let (text, html) = (letter.text().to_owned(), letter.html().to_owned());
        (text.replace('\u{a0}', " "), html.replace('\u{a0}', " "))
    };
    let online = document("Acte", true, false);
    let (text, html) = said(&[online.clone(), document("Copie", false, true)]);
    for all in [&text, &html] {
        assert!(all.contains("Copie (sur papier)"), "{all}");
        assert!(!all.contains("Vous l’avez demandé"), "{all}");
        assert!(!all.contains("Acte (sur"), "{all}");
        assert!(!all.contains("Acte</a> (sur"), "{all}");
    }
    assert_eq!(text.matches("/documents/1").count(), 1, "{text}");
    let (text, html) = said(&[document("Copie", false, true)]);
    for all in [&text, &html] {
        assert!(all.contains("Vous l’avez demandé sur papier"), "{all}");
        assert!(!all.contains("page de suivi, où"), "{all}");
    }
    let (text, _) = said(&[online]);
    assert!(!text.contains("papier"), "{text}");
}

#[test]
fn under_social_secrecy_a_mail_says_that_there_is_news_and_nothing_more() {
    for message in EVERY {
        let letter = written(message, true);
        let all = format!("{} {} {}", letter.subject(), letter.text(), letter.html());
        assert!(!all.to_lowercase().contains("secr"), "{message:?}: {all}");
        assert!(
            !format!("{} {all}", letter.from()).contains("Commune de"),
            "{message:?}: {all}"
        );
    }
}

#[test]
fn a_service_never_gets_the_link_of_the_citizen_nor_the_citizen_that_of_the_desk() {
    for message in EVERY {
        let letter = written(message, false);
        let all = format!("{} {}", letter.text(), letter.html());
        let desk = all.contains("/agent/demandes/1");
        assert_ne!(desk, all.contains("/suivi/7K4M2P93QX8TB5WD"), "{message:?}");
    }
}

#[test]
fn the_same_word_is_said_differently_to_each_side() {
    assert_eq!(Message::to_citizen("message"), Some(Message::Written));
    assert_eq!(
        Message::to_service("message"),
        Some(Message::MessageReceived)
    );
    assert_eq!(Message::to_citizen("new_request"), None);
    assert_eq!(Message::to_service("../receipt"), None);
}

#[test]
fn the_link_of_a_draft_says_until_when_it_opens() {
    let site = site("guichet@commune.wanze.example");
    let write = |social| {
        let link = Link {
            sender: sender(&site, social),
            procedure_title: "Aide secrète",
            url: "https://guichet.example/brouillons/7K4M",
            code: "7K4M-2P93-QX8T-B5WD",
            expires_on: NaiveDate::from_ymd_opt(2026, 12, 23).unwrap(),
        };
        link.compose(&Templates::new(), "anne@exemple.be").unwrap()
    };
    let open = write(false);
    assert!(open.text().contains("7K4M-2P93-QX8T-B5WD"));
    assert!(open.text().contains("23\u{a0}décembre 2026"));
    assert!(open.html().contains("7K4M-2P93-QX8T-B5WD"));
    assert!(open.text().contains("Aide secrète"));
    assert!(!write(true).text().contains("secrète"));
}

#[test]
fn a_citizen_reads_the_code_in_every_mail_and_the_service_in_none() {
    for message in EVERY {
        for social in [false, true] {
            let letter = written(message, social);
            let told = letter.text().contains("/suivi/7K4M2P93QX8TB5WD");
            for part in [letter.text(), letter.html()] {
                let code = part.contains("7K4M-2P93-QX8T-B5WD");
                assert_eq!(code, told, "{message:?}: {part}");
            }
        }
    }
}

#[test]
fn under_social_secrecy_a_mailbox_tells_a_waiting_question_from_news_and_from_a_receipt() {
    let subject = |message| written(message, true).subject().to_owned();
    assert_eq!(
        subject(Message::Question),
        "Une question vous attend (7K4·M2P·93)"
    );
    assert_eq!(
        subject(Message::Receipt),
        "Votre demande est arrivée (7K4·M2P·93)"
    );
    // Granted or refused: the list of a mailbox does not tell.
    for message in [Message::Issued, Message::Decided, Message::Refused] {
        assert_eq!(subject(message), "Il y a du nouveau (7K4·M2P·93)");
    }
}
