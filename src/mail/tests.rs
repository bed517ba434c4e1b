//! Letters on their way: to a server that takes them, refuses them, is down and comes back; into the
//! folder of the demonstration.

mod notices;

use super::folder::Folder;
use super::letter::Letter;
use super::post::{Post, PostError, SendError};
use super::testing::{Manner, Sink};
use crate::clock::Clock;
use crate::config::{MailArgs, SiteArgs};
use crate::db::Id;
use crate::definition::Site;
use chrono::{DateTime, Duration, TimeZone, Utc};
use std::path::PathBuf;

/// A folder of its own, thrown away afterwards.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let id = Clock::system().new_id();
        Self(std::env::temp_dir().join(format!("perron-mail-{id}")))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn site(mail_from: &str) -> Site {
    serde_json::from_value(serde_json::json!({
        "name": "Wanze", "short_name": "Wanze", "hosts": [], "languages": ["fr"],
        "postal_codes": [], "services": [],
        "authorities": [{
            "id": "commune", "name": "Commune de Wanze", "short_name": "Commune",
            "secrecy": "open", "address": [], "mail_from": mail_from,
        }],
    }))
    .unwrap()
}

fn post(place: &Place, smtp: Option<String>, demo: bool) -> Result<Post, PostError> {
    let args = SiteArgs {
        data: place.0.clone(),
        database: None,
        forms: None,
        demo,
        key: None,
        public_url: None,
        mail: MailArgs { smtp },
    };
    Post::new(&args, &site("guichet@commune.wanze.example"))
}

fn letter() -> Letter {
    Letter::parse(
        ("Commune de Wanze", "guichet@commune.wanze.example"),
        "anne@exemple.be",
        "Votre document est prêt\u{a0}: à télécharger",
        "Bonjour,\n\nÀ bientôt.\n.\n".to_owned(),
        "<p>À bientôt.</p>".to_owned(),
    )
    .unwrap()
}

fn moment() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 13, 35, 0).unwrap()
}

fn id(n: u128) -> Id {
    Id(uuid::Uuid::from_u128(n))
}

#[tokio::test]
async fn a_letter_reaches_the_server_whole() {
    let place = Place::new();
    let sink = Sink::start().await;
    let post = post(&place, Some(sink.url()), false).unwrap();
    assert!(post.folder().is_none());
    post.send(id(1), &letter(), moment()).await.unwrap();
    let [mail] = &sink.mails()[..] else {
        panic!("one mail")
    };
    assert_eq!(mail.from, "guichet@commune.wanze.example");
    assert_eq!(mail.to, ["anne@exemple.be"]);
    assert_eq!(
        mail.header("Message-ID").unwrap(),
        "<00000000-0000-0000-0000-000000000001@commune.wanze.example>"
    );
    assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-generated");
    assert!(mail.header("Subject").unwrap().is_ascii());
}

#[tokio::test]
async fn a_refusal_for_good_and_one_for_now_are_told_apart() {
    let place = Place::new();
    let sink = Sink::start().await;
    let post = post(&place, Some(sink.url()), false).unwrap();
    sink.behave(Manner::Refuse(550));
    let refused = post.send(id(1), &letter(), moment()).await.unwrap_err();
    assert!(refused.is_final());
    assert_eq!(refused.to_string(), "the mail server refuses it: 550");
    sink.behave(Manner::Refuse(451));
    let later = post.send(id(1), &letter(), moment()).await.unwrap_err();
    assert!(!later.is_final());
    assert_eq!(
        later.to_string(),
        "the mail server does not take it now: 451"
    );
    // A password that changed is ours to mend.
    sink.behave(Manner::Refuse(530));
    let ours = post.send(id(1), &letter(), moment()).await.unwrap_err();
    assert!(!ours.is_final(), "{ours}");
    sink.behave(Manner::Accept);
    post.send(id(1), &letter(), moment()).await.unwrap();
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn while_the_server_is_down_it_is_left_in_peace_and_then_the_mail_leaves() {
    let place = Place::new();
    let mut sink = Sink::start().await;
    let post = post(&place, Some(sink.url()), false).unwrap();
    post.send(id(1), &letter(), moment()).await.unwrap();
    sink.stop().await;
    let down = post.send(id(2), &letter(), moment()).await.unwrap_err();
    assert!(matches!(down, SendError::Down(_)), "{down}");
    sink.come_back().await;
    let soon = moment() + Duration::seconds(5);
    let rests = post.send(id(2), &letter(), soon).await.unwrap_err();
    assert_eq!(
        rests.to_string(),
        "the mail server: the server was down a moment ago"
    );
    let later = moment() + Duration::seconds(30);
    post.send(id(2), &letter(), later).await.unwrap();
    assert_eq!(sink.mails().len(), 2);
}

#[tokio::test]
async fn a_server_that_hangs_up_gets_the_same_mail_under_the_same_name() {
    let place = Place::new();
    let sink = Sink::start().await;
    let post = post(&place, Some(sink.url()), false).unwrap();
    sink.behave(Manner::HangUp);
    assert!(post.send(id(1), &letter(), moment()).await.is_err());
    sink.behave(Manner::Accept);
    let later = moment() + Duration::seconds(30);
    post.send(id(1), &letter(), later).await.unwrap();
    let names: Vec<_> = sink
        .mails()
        .iter()
        .map(|m| m.header("Message-ID"))
        .collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0], names[1]);
}

#[tokio::test]
async fn a_demonstration_keeps_its_mail_whatever_server_is_named() {
    let place = Place::new();
    let sink = Sink::start().await;
    let post = post(&place, Some(sink.url()), true).unwrap();
    post.send(id(1), &letter(), moment()).await.unwrap();
    let later = moment() + Duration::seconds(9);
    post.send(id(2), &letter(), later).await.unwrap();
    // The same one again, as after a crash.
    post.send(id(2), &letter(), later).await.unwrap();
    assert_eq!(sink.mails(), []);
    let folder = post.folder().unwrap();
    let mails = folder.list().unwrap();
    let ids: Vec<Id> = mails.iter().map(|mail| mail.id).collect();
    assert_eq!(ids, [id(2), id(1)]);
    assert_eq!(mails[0].sent_at, later);
    assert_eq!(
        mails[0].from,
        "Commune de Wanze <guichet@commune.wanze.example>"
    );
    assert_eq!(mails[0].to, "anne@exemple.be");
    assert_eq!(
        folder.read(id(1)).unwrap().unwrap().html,
        "<p>À bientôt.</p>"
    );
    assert_eq!(folder.read(id(9)).unwrap(), None);
    let wire = std::fs::read_to_string(place.0.join("mail").join(format!("{}.eml", id(1))));
    assert!(wire.unwrap().contains("Auto-Submitted: auto-generated"));
}

#[test]
fn a_folder_lists_only_mails_and_keeps_the_newest() {
    let place = Place::new();
    let folder = Folder::open(&place.0).unwrap();
    for n in 1..=3 {
        folder.keep(id(n), &letter(), b"x", moment()).unwrap();
    }
    std::fs::write(place.0.join("notes.json"), "{}").unwrap();
    std::fs::write(place.0.join(format!("{}.json", id(7))), "{").unwrap();
    assert_eq!(folder.list().unwrap().len(), 3);
    assert_eq!(folder.tidy(2).unwrap(), 2);
    let left: Vec<Id> = folder.list().unwrap().iter().map(|m| m.id).collect();
    assert_eq!(left, [id(3)]);
    assert!(!place.0.join(format!("{}.eml", id(1))).exists());
}

#[test]
fn an_address_in_the_site_file_that_is_none_stops_the_start() {
    let place = Place::new();
    let args = SiteArgs {
        data: place.0.clone(),
        database: None,
        forms: None,
        demo: true,
        key: None,
        public_url: None,
        mail: MailArgs::default(),
    };
    let refused = Post::new(&args, &site("guichet")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "site.yaml: « guichet » (mail_from, commune) is not a mail address"
    );
}
