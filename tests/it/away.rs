//! The database is away, or the disk is full: everybody is told in a page, nothing is lost, and it
//! recovers by itself.

use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::examples::begin;
use crate::support::place::{Place, on_postgres};
use crate::support::program::Serving;
use perron::db;
use reqwest::StatusCode;
use std::process::Command;

/// Takes the database away from a running program, or gives it back: PostgreSQL lets nobody in; under
/// SQLite no file may grow any more, which is what a full disk is.
fn take_away(place: &Place, serving: &Serving, away: bool) {
    if on_postgres() {
        place.administer(&format!("ALTER DATABASE {{}} ALLOW_CONNECTIONS {}", !away));
        if away {
            place.administer(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
            );
        }
        return;
    }
    let limit = if away {
        "--fsize=0:unlimited"
    } else {
        "--fsize=unlimited:unlimited"
    };
    let id = serving.id().to_string();
    let set = Command::new("prlimit")
        .args(["--pid", &id, limit])
        .status()
        .unwrap();
    assert!(set.success());
}

async fn save(browser: &Browser, page: &Page, code: &str) -> Page {
    let pairs = [
        ("pour_qui", "moi"),
        ("code_postal", code),
        ("_refresh", "1"),
    ];
    browser.post(page, &page.path, &pairs).await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nothing_can_be_written_everybody_is_told_and_afterwards_it_goes_on() {
    let place = Place::new();
    let serving = Serving::start(&place);
    let browser = Browser::new(&serving.base);
    let page = begin(&browser, "composition-de-menage").await;
    assert_eq!(
        save(&browser, &page, "4520").await.status,
        StatusCode::SEE_OTHER
    );
    take_away(&place, &serving, true);
    let refused = save(&browser, &page, "4500").await;
    assert_eq!(
        refused.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        refused.body
    );
    let said = refused.said();
    assert!(
        said.contains("momentanément indisponible") && said.contains("n’est pas perdu"),
        "{said}"
    );
    assert!(refused.headers.contains_key("retry-after"));
    // What needs no database is still answered.
    assert_eq!(browser.get("/demarches").await.status, StatusCode::OK);
    let health = browser.get("/healthz").await.status;
    assert_eq!(
        health == StatusCode::SERVICE_UNAVAILABLE,
        on_postgres(),
        "{health}"
    );
    take_away(&place, &serving, false);
    // By itself: nobody restarts anything.
    let kept = browser.get(&page.path).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.body);
    assert_eq!(
        kept.attributes("input[name=code_postal]", "value"),
        ["4520"]
    );
    assert_eq!(
        save(&browser, &page, "4500").await.status,
        StatusCode::SEE_OTHER
    );
    let kept = browser.get(&page.path).await;
    assert_eq!(
        kept.attributes("input[name=code_postal]", "value"),
        ["4500"]
    );
    assert_eq!(browser.get("/healthz").await.status, StatusCode::OK);
    let log = serving.log();
    assert!(log.contains("503"), "{log}");
    assert!(!log.contains("4500"), "{log}");
}

/// More than any pool lends.
const MANY: usize = 40;

#[expect(
    clippy::await_holding_lock,
    reason = "the lock is what keeps the connections lent while the page is asked for"
)]
#[tokio::test(flavor = "multi_thread")]
async fn when_every_connection_is_taken_one_is_told_in_time_and_later_answered() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    let (taken, counting) = std::sync::mpsc::channel();
    let release = std::sync::Arc::new(std::sync::RwLock::new(()));
    let keeping = release.write().unwrap();
    let holders: Vec<_> = (0..MANY)
        .map(|_| {
            let (db, taken, release) = (app.site.db.clone(), taken.clone(), release.clone());
            std::thread::spawn(move || {
                let held = db.read_now(|_| {
                    taken.send(true).unwrap();
                    drop(release.read());
                    Ok::<_, db::Error>(())
                });
                if held.is_err() {
                    taken.send(false).unwrap();
                }
            })
        })
        .collect();
    // Whoever had to wait was told after a few seconds; whoever has a connection keeps it.
    let lent = (0..MANY).filter(|_| counting.recv().unwrap()).count();
    assert!((1..MANY).contains(&lent), "{lent}");
    let refused = browser.get(&page.path).await;
    assert_eq!(
        refused.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        refused.body
    );
    drop(keeping);
    for holder in holders {
        holder.join().unwrap();
    }
    assert_eq!(browser.get(&page.path).await.status, StatusCode::OK);
    app.stop().await;
}
