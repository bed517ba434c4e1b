//! Where a site lives for the time of a test: a folder and a database of its own. Both are thrown away
//! with it, also when the test fails.

use diesel::RunQueryDsl;
use perron::config::{MailArgs, SiteArgs};
use perron::db::{Conn, Url};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder and a database.
pub struct Place {
    pub folder: PathBuf,
    /// Address and name, on PostgreSQL.
    database: Option<(String, String)>,
}

impl Place {
    /// An empty one, on the engine under test.
    pub fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("perron-it-{}", unique()));
        std::fs::create_dir_all(&folder).unwrap();
        let database = server_url().map(|server| {
            let name = format!("perron_it_{}", unique());
            run(&server, &format!("CREATE DATABASE {name}"));
            let (address, _) = server.rsplit_once('/').unwrap();
            (format!("{address}/{name}"), name)
        });
        Self { folder, database }
    }

    /// The settings of a demonstration here.
    pub fn args(&self) -> SiteArgs {
        SiteArgs {
            data: self.folder.clone(),
            database: self.database.as_ref().map(|(url, _)| url.clone()),
            forms: None,
            demo: true,
            key: Some("07".repeat(32)),
            public_url: None,
            mail: MailArgs::default(),
        }
    }

    /// The address of its database.
    pub fn url(&self) -> Url {
        self.args().url().unwrap()
    }

    /// Opens a connection of one's own.
    pub fn connect(&self) -> Conn {
        self.url().connect().unwrap()
    }

    /// Runs a statement beside the database, as its operator would (PostgreSQL only): `{}` is its name.
    pub fn administer(&self, sql: &str) {
        let (_, name) = self.database.as_ref().unwrap();
        run(&server_url().unwrap(), &sql.replace("{}", name));
    }

    /// Every file in the folder, the database's left out.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut left = vec![self.folder.clone()];
        while let Some(folder) = left.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    left.push(path);
                } else if !path.to_string_lossy().contains("perron.sqlite") {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let (Some((_, name)), Some(server)) = (&self.database, server_url()) {
            run(
                &server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
        }
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// True when the tests run on PostgreSQL.
pub fn on_postgres() -> bool {
    server_url().is_some()
}

fn run(server: &str, sql: &str) {
    let mut conn = Url::parse(server).unwrap().connect().unwrap();
    diesel::sql_query(sql).execute(&mut conn).unwrap();
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
