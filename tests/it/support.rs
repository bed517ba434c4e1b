//! The application under test: a real server on a free port, a real database of its own (SQLite, or
//! PostgreSQL when `PERRON_TEST_ENGINE=postgres`), a clock that stands still, mail in a folder.

pub mod browser;
pub mod desk;
pub mod examples;
pub mod log;
pub mod place;
pub mod program;
#[path = "../../src/mail/testing.rs"]
pub mod smtp;

use browser::Browser;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::RunQueryDsl;
use perron::app::App;
use perron::clock::Clock;
use perron::config::SiteArgs;
use perron::db::schema::limits;
use perron::db::{self, Conn, Tx};
use perron::mail::folder::Kept;
use perron::site::Site;
use perron::worker::{Drained, Worker};
use place::Place;
use std::sync::Arc;

/// Everything a test needs. Its folder and database go with it.
pub struct TestApp {
    pub site: Arc<Site>,
    pub app: Arc<App>,
    pub clock: Clock,
    pub base: String,
    pub place: Place,
    server: actix_web::dev::ServerHandle,
}

/// Ten in the morning in Belgium, that day.
pub fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(9, 0, 0).unwrap().and_utc()
}

/// Monday 23 November 2026.
pub fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

impl TestApp {
    /// The demo site of Wanze on Monday 23 November 2026, ten in the morning in Belgium.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, with other settings.
    pub async fn start_with(edit: impl FnOnce(&mut SiteArgs)) -> Self {
        Self::start_in(Place::new(), edit).await
    }

    /// The same, in a place where there may be something already.
    pub async fn start_in(place: Place, edit: impl FnOnce(&mut SiteArgs)) -> Self {
        log::catch();
        let clock = Clock::fixed(morning(monday()));
        let listener = perron::server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let mut args = place.args();
        args.public_url = Some(format!("http://{address}"));
        edit(&mut args);
        let opened = {
            let clock = clock.clone();
            tokio::task::spawn_blocking(move || Site::open(&args, Some(address), clock))
                .await
                .unwrap()
        };
        let site = Arc::new(opened.unwrap_or_else(|error| panic!("{error}")));
        let app = Arc::new(App::new(vec![Arc::clone(&site)], Vec::new()));
        let server = perron::server::build(Arc::clone(&app), listener, 2).unwrap();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            site,
            app,
            clock,
            base: format!("http://{address}"),
            place,
            server: handle,
        }
    }

    /// Somebody's browser, with its own cookies and without JavaScript.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// Does everything that is due now.
    pub async fn drain(&self) -> Drained {
        Worker::new(Arc::clone(&self.app)).drain().await.unwrap()
    }

    /// The mails the demonstration kept, the oldest first.
    pub fn mails(&self) -> Vec<Kept> {
        let mut mails = self.site.post.folder().unwrap().list().unwrap();
        mails.sort_by_key(|mail| mail.id);
        mails
    }

    /// Time passes.
    pub fn wait(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Looks in the database.
    pub fn look<T>(&self, work: impl FnOnce(&mut Conn) -> diesel::QueryResult<T>) -> T {
        let found = self
            .site
            .db
            .read_now(|conn| work(conn).map_err(db::Error::from));
        found.unwrap()
    }

    /// Does something in the database that no page does.
    pub async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx) -> diesel::QueryResult<T> + Send + 'static,
    ) -> T {
        let changed = self
            .site
            .db
            .write(move |tx| work(tx).map_err(db::Error::from));
        changed.await.unwrap()
    }

    /// Forgets how often this machine tried what is limited.
    pub async fn forgive(&self) {
        self.change(|tx| diesel::delete(limits::table).execute(tx.conn()).map(drop))
            .await;
    }

    /// Stops the server and keeps its place, to start there again.
    pub async fn close(self) -> Place {
        self.server.stop(false).await;
        self.place
    }

    /// Stops the server and throws the database away.
    pub async fn stop(self) {
        let place = self.close().await;
        tokio::task::spawn_blocking(move || drop(place))
            .await
            .unwrap();
    }
}
