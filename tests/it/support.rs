//! The application under test: a real server on a free port, a real database of its own (SQLite, or
//! PostgreSQL when `PERRON_TEST_ENGINE=postgres`), a clock that stands still, mail in a folder.

pub mod browser;
pub mod examples;

use browser::Browser;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::RunQueryDsl;
use perron::app::App;
use perron::clock::Clock;
use perron::config::{MailArgs, SiteArgs};
use perron::db::Url;
use perron::site::Site;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Everything a test needs. Its folder and database go with it.
pub struct TestApp {
    pub site: Arc<Site>,
    pub app: Arc<App>,
    pub clock: Clock,
    pub base: String,
    pub folder: PathBuf,
    database: Option<(String, String)>,
    server: actix_web::dev::ServerHandle,
}

impl TestApp {
    /// The demo site of Wanze on Monday 23 November 2026, ten in the morning in Belgium.
    pub async fn start() -> Self {
        Self::start_at(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()).await
    }

    /// The same, another day.
    pub async fn start_at(day: NaiveDate) -> Self {
        let moment: DateTime<Utc> = day.and_hms_opt(9, 0, 0).unwrap().and_utc();
        let clock = Clock::fixed(moment);
        let folder = std::env::temp_dir().join(format!("perron-it-{}", unique()));
        std::fs::create_dir_all(&folder).unwrap();
        let database = postgres();
        let listener = perron::server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let args = SiteArgs {
            data: folder.clone(),
            database: database.as_ref().map(|(url, _)| url.clone()),
            forms: None,
            demo: true,
            key: Some("07".repeat(32)),
            public_url: Some(format!("http://{address}")),
            mail: MailArgs::default(),
        };
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
            folder,
            database,
            server: handle,
        }
    }

    /// Somebody's browser, with its own cookies and without JavaScript.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// Stops the server and throws the database away.
    pub async fn stop(self) {
        self.server.stop(false).await;
        let Self {
            site,
            app,
            database,
            folder,
            ..
        } = self;
        drop(app);
        drop(site);
        if let Some((_, name)) = database {
            let server = server_url().unwrap();
            tokio::task::spawn_blocking(move || {
                let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                let mut conn = Url::parse(&server).unwrap().connect().unwrap();
                diesel::sql_query(sql).execute(&mut conn).unwrap();
            })
            .await
            .unwrap();
        }
        std::fs::remove_dir_all(folder).ok();
    }
}

/// A database of its own on the server of the tests, when they run on PostgreSQL: its address and name.
fn postgres() -> Option<(String, String)> {
    let server = server_url()?;
    let name = format!("perron_it_{}", unique());
    let mut conn = Url::parse(&server).unwrap().connect().unwrap();
    diesel::sql_query(format!("CREATE DATABASE {name}"))
        .execute(&mut conn)
        .unwrap();
    let (address, _) = server.rsplit_once('/').unwrap();
    Some((format!("{address}/{name}"), name))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the engine under test is told by the environment, here alone"
)]
fn server_url() -> Option<String> {
    let engine = std::env::var("PERRON_TEST_ENGINE").unwrap_or_default();
    match engine.as_str() {
        "postgres" => Some(
            std::env::var("PERRON_TEST_POSTGRES")
                .expect("PERRON_TEST_ENGINE=postgres needs PERRON_TEST_POSTGRES"),
        ),
        "" | "sqlite" => None,
        other => panic!("PERRON_TEST_ENGINE={other}: sqlite or postgres"),
    }
}

/// A word no other test of any process has.
pub fn unique() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{}_{}_{n}", std::process::id(), now.subsec_nanos())
}
