//! Whoever does what was put off: sends the mails, prints the papers, rings the timers, seals the
//! audit, sweeps the floor. It runs inside `perron serve`, or alone as `perron work`; several may work
//! on one database.
//!
//! A job is taken (claimed in a transaction), done outside of any transaction, and ended in the same
//! transaction that writes what it did: a paper is never printed without its job being done, a timer
//! never rings twice.
//!
//! # Nobody gets two
//!
//! A mail is marked as sent (its job is done) in one write, right after the server took it. Between the
//! server's 250 and that write stands a window: when the process dies there, or the database is away
//! for longer than [`perform::PERSEVERANCE`], the mail leaves a second time once the lease is over. It
//! then carries the same `Message-ID`, made of the job's id, so that mailboxes show it once. Nothing
//! short of a transaction shared with the mail server can close that window; losing the mail would be
//! the other choice.
//!
//! A job never runs for longer than [`LIMIT`], which is less than the lease, so that no other worker
//! takes it over while it runs.

mod mailing;
mod perform;
mod press;
mod rounds;
mod tidy;
mod timers;
mod trouble;

#[cfg(test)]
mod tests;

pub use trouble::Trouble;

use crate::app::App;
use crate::db::{self, At};
use crate::job::{self, Row};
use crate::site::Site;
use perform::Ending;
use rounds::Rounds;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

/// Jobs done at the same time, for each site.
const LANES: usize = 4;
/// How often the table is looked at when nobody rings.
const TICK: Duration = Duration::from_secs(1);
/// How long a job may take: less than [`job::LEASE`].
pub const LIMIT: Duration = Duration::from_mins(4);
/// How long a stop waits for the jobs under way.
const GRACE: Duration = Duration::from_secs(20);
/// How often the counters of the queue are brought up to date.
const COUNTING: Duration = Duration::from_secs(15);

/// A worker for every site of an application. Cheap to clone; clones share the bell.
#[derive(Clone)]
pub struct Worker {
    app: Arc<App>,
    bell: Arc<Notify>,
}

/// A worker at work in the background.
pub struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// What [`Worker::drain`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    pub done: usize,
    /// To be tried again later.
    pub retried: usize,
    /// Laid aside for a person.
    pub dead: usize,
}

impl Worker {
    /// A worker that has not begun.
    pub fn new(app: Arc<App>) -> Self {
        Self {
            app,
            bell: Arc::new(Notify::new()),
        }
    }

    /// Says that there is something to do, so that nobody waits for the next second.
    pub fn ring(&self) {
        self.bell.notify_waiters();
    }

    /// Works in the background until it is stopped. To be called inside a runtime.
    pub fn start(&self) -> Running {
        let (stop, stopped) = watch::channel(false);
        let worker = self.clone();
        let task = tokio::spawn(async move { worker.run(stopped).await });
        Running { stop, task }
    }

    /// Works until `stop` says true (or its sender is gone), then waits for the jobs under way.
    pub async fn run(&self, stop: watch::Receiver<bool>) {
        let mut sites = JoinSet::new();
        for site in self.app.sites() {
            let (worker, site, stop) = (self.clone(), Arc::clone(site), stop.clone());
            sites.spawn(async move { worker.serve(site, stop).await });
        }
        let (worker, stop) = (self.clone(), stop);
        sites.spawn(async move { worker.count(stop).await });
        while sites.join_next().await.is_some() {}
    }

    /// Does everything that is due now, in order, and what follows from it. For tests and commands;
    /// what comes round every few minutes (seal, tidy) is not called for.
    pub async fn drain(&self) -> Result<Drained, db::Error> {
        let mut drained = Drained::default();
        for site in self.app.sites() {
            loop {
                rounds::ring(site).await?;
                let rows = take(site, LANES).await?;
                if rows.is_empty() {
                    break;
                }
                for row in rows {
                    match self.perform(site, &row).await {
                        Ending::Done => drained.done += 1,
                        Ending::Retried => drained.retried += 1,
                        Ending::Dead => drained.dead += 1,
                    }
                }
            }
        }
        Ok(drained)
    }

    /// Calls for the seal and the tidying of the present period, once each.
    pub async fn call_rounds(&self) -> Result<(), db::Error> {
        for site in self.app.sites() {
            Rounds::default().call(site).await?;
        }
        Ok(())
    }

    /// One site, until told to stop.
    async fn serve(&self, site: Arc<Site>, mut stop: watch::Receiver<bool>) {
        let mut rounds = Rounds::default();
        let mut busy = JoinSet::new();
        while !is_stopped(&stop) {
            let more = match self.turn(&site, &mut rounds, &mut busy).await {
                Ok(more) => more,
                Err(error) => {
                    // Said once a second while the database is away; the work goes on when it is back.
                    tracing::warn!(%error, "the jobs cannot be read");
                    false
                }
            };
            if more {
                continue;
            }
            tokio::select! {
                _ = busy.join_next(), if !busy.is_empty() => {}
                () = self.bell.notified() => {}
                () = sleep(TICK) => {}
                _ = stop.changed() => {}
            }
        }
        let ended = timeout(GRACE, async { while busy.join_next().await.is_some() {} }).await;
        if ended.is_err() {
            tracing::warn!(
                "stopped with jobs under way: they begin again when their lease is over"
            );
        }
    }

    /// Takes as many jobs as lanes are free; true when there may be more at once.
    async fn turn(
        &self,
        site: &Arc<Site>,
        rounds: &mut Rounds,
        busy: &mut JoinSet<()>,
    ) -> Result<bool, db::Error> {
        rounds.call_when_due(site).await?;
        while busy.try_join_next().is_some() {}
        let free = LANES - busy.len().min(LANES);
        if free == 0 {
            return Ok(false);
        }
        let rows = take(site, free).await?;
        let more = rows.len() == free && busy.len() + rows.len() < LANES;
        for row in rows {
            let (worker, site) = (self.clone(), Arc::clone(site));
            busy.spawn(async move {
                worker.perform(&site, &row).await;
            });
        }
        Ok(more)
    }

    async fn perform(&self, site: &Arc<Site>, row: &Row) -> Ending {
        let ending = perform::perform(&self.app, site, row).await;
        let result = ending.word();
        self.app
            .metrics
            .jobs
            .with_label_values(&[row.kind.as_str(), result])
            .inc();
        ending
    }

    /// Keeps the counters of the queue.
    async fn count(&self, mut stop: watch::Receiver<bool>) {
        while !is_stopped(&stop) {
            let (mut waiting, mut dead) = (0, 0);
            for site in self.app.sites() {
                let counted = site
                    .db
                    .read(|conn| job::counts(conn).map_err(db::Error::from))
                    .await;
                if let Ok((some, laid_aside)) = counted {
                    waiting += some;
                    dead += laid_aside;
                }
            }
            let queue = &self.app.metrics.queue;
            queue.with_label_values(&["waiting"]).set(waiting);
            queue.with_label_values(&["dead"]).set(dead);
            tokio::select! {
                () = sleep(COUNTING) => {}
                _ = stop.changed() => {}
            }
        }
    }
}

impl Running {
    /// Stops: takes no new job, and waits (not for ever) for those under way.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the worker ended badly");
        }
    }
}

fn is_stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

/// Claims up to `most` jobs that are due.
async fn take(site: &Site, most: usize) -> Result<Vec<Row>, db::Error> {
    let now = At::new(site.db.clock().now());
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let due = site
        .db
        .read(move |conn| job::due(conn, now, most).map_err(db::Error::from))
        .await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let claimed = site.db.write(move |tx| {
        let mut rows = Vec::with_capacity(due.len());
        for id in due {
            rows.extend(job::claim(tx, id)?);
        }
        Ok::<_, db::Error>(rows)
    });
    claimed.await
}
