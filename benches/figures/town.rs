//! A town to measure in: the demonstration in a folder of its own, sown as full as one likes, and the
//! real program that serves it.

use super::load::{Browser, get};
use super::measure::{Outcome, memory, process_time, wrong};
use data_encoding::BASE64URL_NOPAD;
use diesel::RunQueryDsl;
use diesel::prelude::*;
use perron::clock::Clock;
use perron::config::{MailArgs, SiteArgs};
use perron::db::schema::sessions;
use perron::db::{self, At, Id};
use perron::identity::{Agent, Token};
use perron::site::Site;
use perron::site::shelf::Published;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The procedure that is measured.
pub const PROCEDURE: &str = "composition-de-menage";
/// An agent of the demonstration, at the busiest service.
const AGENT: &str = "julie.noel@wanze.example";
const PROGRAM: &str = env!("CARGO_BIN_EXE_perron");

/// A site in a folder that goes with it.
pub struct Town {
    pub folder: PathBuf,
    pub site: Arc<Site>,
}

impl Town {
    /// An empty one; `database` when it is not SQLite in the folder.
    pub fn open(name: &str, database: Option<String>) -> Outcome<Self> {
        let folder =
            std::env::temp_dir().join(format!("perron-bench-{}-{name}", std::process::id()));
        let args = SiteArgs {
            data: folder.clone(),
            database,
            forms: None,
            demo: true,
            key: None,
            public_url: None,
            mail: MailArgs::default(),
        };
        let site = Site::open(&args, None, Clock::system())?;
        perron::demo::open(&site)?;
        Ok(Self {
            folder,
            site: Arc::new(site),
        })
    }

    /// The procedure that is measured.
    pub fn procedure(&self) -> Outcome<Arc<Published>> {
        let found = self.site.procedure(PROCEDURE);
        found.ok_or_else(|| wrong("the procedure is not there"))
    }

    /// Sows so many requests, by the command an operator would type; answers how long it took.
    pub fn sow(&self, requests: u64) -> Outcome<Duration> {
        let started = Instant::now();
        let sown = Command::new(PROGRAM)
            .env_clear()
            .args(["seed", "--seed", "1", "--requests", &requests.to_string()])
            .arg("--data")
            .arg(&self.folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        if !sown.success() {
            return Err(wrong("sowing failed"));
        }
        Ok(started.elapsed())
    }

    /// Signs the agent in, past both factors; answers the token of the session.
    pub fn sign_in(&self) -> Outcome<Token> {
        let clock = self.site.db.clock();
        let text = BASE64URL_NOPAD.encode(&clock.secret());
        let hash = perron::secret::hash(text.as_bytes());
        self.site.db.write_now(move |tx| {
            let agent = Agent::find_by_email(tx.conn(), AGENT)?;
            let agent = agent.ok_or(diesel::result::Error::NotFound)?;
            let now = tx.now();
            let id: Id = tx.new_id();
            diesel::insert_into(sessions::table)
                .values((
                    sessions::token_hash.eq(hash),
                    sessions::id.eq(id),
                    sessions::agent_id.eq(agent.id),
                    sessions::label.eq("bench"),
                    sessions::second_factor.eq(true),
                    sessions::created_at.eq(now),
                    sessions::seen_at.eq(now),
                    sessions::expires_at.eq(At::new(now.0 + chrono::Duration::hours(1))),
                ))
                .execute(tx.conn())?;
            Ok::<_, db::Error>(())
        })?;
        Token::parse(&text).ok_or_else(|| wrong("no token"))
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// The real program, serving a town.
pub struct Counter {
    child: Child,
    pub address: SocketAddr,
    /// From its start to its first page.
    pub first_answer: Duration,
}

impl Counter {
    /// Starts it and waits for its first page.
    pub async fn open(town: &Town, workers: usize) -> Outcome<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let started = Instant::now();
        let child = Command::new(PROGRAM)
            .env_clear()
            .args(["serve", "--demo", "--listen", &address.to_string()])
            .args(["--workers", &workers.to_string()])
            .arg("--data")
            .arg(&town.folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut counter = Self {
            child,
            address,
            first_answer: Duration::ZERO,
        };
        while started.elapsed() < Duration::from_mins(1) {
            if let Ok(mut browser) = Browser::open(address).await
                && let Ok(page) = browser.answer(&get(address, "/", "")).await
                && page.status == 200
            {
                counter.first_answer = started.elapsed();
                return Ok(counter);
            }
            actix_web::rt::time::sleep(Duration::from_millis(2)).await;
        }
        Err(wrong("the program does not answer"))
    }

    /// Processor time it took so far.
    pub fn time(&self) -> Outcome<Duration> {
        process_time(self.child.id())
    }

    /// Memory: `VmRSS` now, `VmHWM` at most. Megabytes.
    pub fn memory(&self, name: &str) -> Outcome<f64> {
        memory(self.child.id(), name)
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
