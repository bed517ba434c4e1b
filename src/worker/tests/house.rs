//! The house, and people who ask for something in it.

use crate::app::App;
use crate::clock::Clock;
use crate::config::{MailArgs, SiteArgs};
use crate::db::schema::jobs;
use crate::db::{self, Id};
use crate::definition::FieldType;
use crate::form::{Answers, Context, validate_all};
use crate::job;
use crate::mail::folder::Kept;
use crate::request::draft::Draft;
use crate::request::submission::Submission;
use crate::request::{self, Request};
use crate::site::Site;
use crate::worker::{Drained, Worker};
use chrono::{Duration, TimeZone, Utc};
use diesel::prelude::*;
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::sync::Arc;

pub struct House {
    pub site: Arc<Site>,
    pub clock: Clock,
    pub worker: Worker,
    folder: PathBuf,
    /// On PostgreSQL: the server, and the database made for this house.
    database: Option<(String, String)>,
}

impl House {
    /// The site on Monday 23 November 2026, ten in the morning; its mail leaves by `smtp`, or is kept.
    pub async fn open(smtp: Option<String>) -> Self {
        let clock = Clock::fixed(Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap());
        let folder =
            std::env::temp_dir().join(format!("perron-worker-{}", Clock::system().new_id()));
        let database = postgres();
        let args = SiteArgs {
            data: folder.clone(),
            database: database.as_ref().map(|(server, name)| on(server, name)),
            forms: None,
            demo: smtp.is_none(),
            key: Some("07".repeat(32)),
            public_url: Some("https://guichet.wanze.example".to_owned()),
            mail: MailArgs { smtp },
        };
        let at = clock.clone();
        let site = tokio::task::spawn_blocking(move || Site::open(&args, None, at));
        let site = Arc::new(
            site.await
                .unwrap()
                .unwrap_or_else(|error| panic!("{error}")),
        );
        assert!(site.defects.is_empty(), "{:?}", site.defects);
        let app = Arc::new(App::new(vec![Arc::clone(&site)], Vec::new()));
        Self {
            site,
            clock,
            worker: Worker::new(app),
            folder,
            database,
        }
    }

    /// Does what is due now.
    pub async fn drain(&self) -> Drained {
        self.worker.drain().await.unwrap()
    }

    /// Lets time pass, a little at a time, working all along.
    pub async fn pass(&self, time: Duration, step: Duration) -> Drained {
        let end = self.clock.now() + time;
        let mut all = Drained::default();
        while self.clock.now() < end {
            self.clock.advance(step);
            let some = self.drain().await;
            all.done += some.done;
            all.retried += some.retried;
            all.dead += some.dead;
        }
        all
    }

    /// The mails that were kept, the oldest first.
    pub fn mails(&self) -> Vec<Kept> {
        let mut mails = self.site.post.folder().unwrap().list().unwrap();
        mails.reverse();
        mails
    }

    /// A begun draft with these answers; every other question is left out.
    pub async fn draft(&self, procedure: &str, given: Value) -> Draft {
        let published = self.site.procedure(procedure).unwrap();
        let key = self.site.key.clone();
        let answers = Answers::from_json(self.answers(procedure, given)).unwrap();
        let begun = self.site.db.write(move |tx| {
            let mut draft = Draft::begin(tx, &key, &published, "fr")?;
            assert!(draft.keep_unless_overtaken(tx, &answers)?);
            Ok::<_, db::Error>(draft)
        });
        begun.await.unwrap()
    }

    /// A request with these answers.
    pub async fn submit(&self, procedure: &str, given: Value) -> Id {
        let draft = self.draft(procedure, given).await;
        let published = self.site.procedure(procedure).unwrap();
        let definition = published.procedure();
        let calendar = Arc::clone(self.site.calendar(&definition.authority));
        let context = Context::new(definition, &self.site.file, self.site.today(), calendar);
        let complete = validate_all(definition, &draft.answers(), &context);
        let submission = Submission {
            site: Arc::clone(&self.site),
            complete: complete.unwrap_or_else(|error| panic!("{error:?}")),
            draft,
            published,
        };
        self.site
            .db
            .write(move |tx| submission.submit(tx))
            .await
            .unwrap()
    }

    /// Anne Lambert asks for her composition of household.
    pub async fn anne(&self) -> Id {
        self.submit("composition-de-menage", anne()).await
    }

    /// Anne Lambert asks the social service for an appointment.
    pub async fn appointment(&self) -> Id {
        let given = json!({
            "urgent": "attendre", "joindre": "courriel", "courriel": "anne.lambert@exemple.be",
            "personne": { "last_name": "Lambert", "first_name": "Anne" },
            "ou": "cpas", "jours": ["lundi"], "heures": ["matin"], "interprete": false,
        });
        self.submit("premier-rendez-vous", given).await
    }

    pub async fn request(&self, id: Id) -> Request {
        let found = self
            .site
            .db
            .read(move |conn| Ok::<_, db::Error>(request::for_system(conn, id)?));
        found.await.unwrap().unwrap()
    }

    /// The jobs laid aside for a person of the commune or of the CPAS.
    pub async fn dead(&self) -> Vec<job::Row> {
        let authorities = ["commune".to_owned(), "cpas".to_owned()];
        let dead = self
            .site
            .db
            .read(move |conn| Ok::<_, db::Error>(job::dead(conn, &authorities, 99)?));
        dead.await.unwrap()
    }

    /// Every job of that kind.
    pub async fn jobs(&self, kind: &'static str) -> Vec<job::Row> {
        let all = self.site.db.read(move |conn| {
            let of_kind = jobs::table.filter(jobs::kind.eq(kind));
            Ok::<_, db::Error>(of_kind.select(job::Row::as_select()).load(conn)?)
        });
        all.await.unwrap()
    }

    fn answers(&self, procedure: &str, given: Value) -> Value {
        let published = self.site.procedure(procedure).unwrap();
        let mut all = Map::new();
        for field in published.procedure().form.fields() {
            let blank = match field.field_type() {
                FieldType::Notice => continue,
                FieldType::Choices | FieldType::Files | FieldType::Group => json!([]),
                _ => Value::Null,
            };
            all.insert(field.id.to_string(), blank);
        }
        for (field, answer) in given.as_object().unwrap() {
            all.insert(field.clone(), answer.clone());
        }
        Value::Object(all)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
        if let Some((server, name)) = &self.database {
            run(
                server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
        }
    }
}

/// A database of its own, when this run is PostgreSQL's.
fn postgres() -> Option<(String, String)> {
    let server = db::testing::server_under_test()?;
    let name = format!("perron_worker_{}", Clock::system().new_id().0.simple());
    run(&server, &format!("CREATE DATABASE {name}"));
    Some((server, name))
}

fn on(server: &str, name: &str) -> String {
    let (address, _) = server.rsplit_once('/').unwrap();
    format!("{address}/{name}")
}

fn run(server: &str, sql: &str) {
    let mut conn = db::Url::parse(server).unwrap().connect().unwrap();
    diesel::sql_query(sql).execute(&mut conn).unwrap();
}

/// What Anne Lambert answers.
pub fn anne() -> Value {
    json!({
        "pour_qui": "moi", "code_postal": "4520", "motif": "social",
        "demandeur": { "last_name": "Lambert", "first_name": "Anne", "national_number": "85073003328" },
        "courriel": "anne.lambert@exemple.be", "mode_retrait": "en_ligne",
    })
}
