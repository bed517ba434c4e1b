//! Fresh databases for tests: every test of rows runs on SQLite in a folder of its own and, when
//! `PERRON_TEST_POSTGRES` names a server where databases may be created, on PostgreSQL too. Both are
//! thrown away afterwards.

use super::{Conn, Db, Url};
use crate::clock::Clock;
use chrono::{TimeZone, Utc};
use diesel::RunQueryDsl;
use std::path::PathBuf;

/// An empty database under a clock that stands still.
pub struct Fresh {
    db: Option<Db>,
    /// Monday 2 March 2026, 09:00 UTC, until it is moved.
    pub clock: Clock,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Server { url: String, name: String },
}

/// Runs a test on each engine at hand.
pub fn on_each_engine(test: impl Fn(&Fresh)) {
    test(&Fresh::sqlite());
    if let Some(server) = server() {
        test(&Fresh::postgres(&server));
    }
}

/// The server, for tests that run whole on one engine, when this run is PostgreSQL's
/// (`PERRON_TEST_ENGINE=postgres`).
pub fn server_under_test() -> Option<String> {
    let postgres = told("PERRON_TEST_ENGINE").as_deref() == Some("postgres");
    postgres.then(|| server().unwrap())
}

fn server() -> Option<String> {
    told("PERRON_TEST_POSTGRES")
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test asks what it runs on here, and nowhere else"
)]
fn told(name: &str) -> Option<String> {
    match std::env::var(name) {
        Ok(word) if !word.is_empty() => Some(word),
        _ => None,
    }
}

impl Fresh {
    /// The database.
    pub fn db(&self) -> &Db {
        self.db.as_ref().unwrap()
    }

    fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("perron-test-{}", unique()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = Url::Sqlite(folder.join("perron.sqlite"));
        Self::at(&url, Place::Folder(folder))
    }

    fn postgres(server: &str) -> Self {
        let name = format!("perron_test_{}", unique());
        run(server, &format!("CREATE DATABASE {name}"));
        let mut url = url::Url::parse(server).unwrap();
        url.set_path(&name);
        let place = Place::Server {
            url: server.to_owned(),
            name,
        };
        Self::at(&Url::parse(url.as_str()).unwrap(), place)
    }

    fn at(url: &Url, place: Place) -> Self {
        let clock = Clock::fixed(Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap());
        Self {
            db: Some(Db::open(url, clock.clone()).unwrap()),
            clock,
            place,
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.db = None;
        match &self.place {
            Place::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Place::Server { url, name } => {
                run(url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            }
        }
    }
}

fn unique() -> String {
    Clock::system().new_id().0.simple().to_string()
}

fn run(server: &str, sql: &str) {
    let mut conn = Url::parse(server).unwrap().connect().unwrap();
    if let Conn::Postgres(conn) = &mut conn {
        diesel::sql_query(sql).execute(conn).unwrap();
    }
}
