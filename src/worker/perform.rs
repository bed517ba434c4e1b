//! One job: done within its time, ended in the transaction of what it did, or its failure written down.

use super::trouble::Trouble;
use super::{LIMIT, mailing, press, tidy, timers};
use crate::app::App;
use crate::db::{Id, Tx};
use crate::job::{self, Job, Row};
use crate::site::Site;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How long the end of a mail that left is tried to be written, when the database is away.
pub const PERSEVERANCE: Duration = Duration::from_secs(30);

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Done,
    /// It is tried again later.
    Retried,
    /// It is laid aside.
    Dead,
}

impl Ending {
    /// The word in the counters.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Dead => "dead",
        }
    }
}

/// Does a job that was claimed. Never panics; whatever happened is written down.
pub async fn perform(app: &App, site: &Arc<Site>, row: &Row) -> Ending {
    match guarded(dispatch(app, site, row)).await {
        Ok(()) => Ending::Done,
        Err(trouble) => give_up(site, row, &trouble).await,
    }
}

/// Within its time, and without taking the worker down when the program fails.
pub(super) async fn guarded(
    work: impl Future<Output = Result<(), Trouble>>,
) -> Result<(), Trouble> {
    match AssertUnwindSafe(timeout(LIMIT, work)).catch_unwind().await {
        Ok(Ok(ended)) => ended,
        Ok(Err(_)) => Err(Trouble::TooSlow),
        Err(_) => Err(Trouble::Panicked),
    }
}

async fn dispatch(app: &App, site: &Arc<Site>, row: &Row) -> Result<(), Trouble> {
    let job: Job = row.payload.read().map_err(|_| Trouble::UnknownJob)?;
    match job {
        Job::Mail {
            message,
            request,
            to,
            event,
        } => mailing::mail(app, site, row.id, &message, request, &to, event).await,
        Job::MailDraft { draft, to } => mailing::mail_draft(app, site, row.id, draft, &to).await,
        Job::Print { document } => press::print(site, row.id, document).await,
        Job::Fire { timer } => timers::fire(site, row.id, timer).await,
        Job::Seal => timers::seal(site, row.id).await,
        Job::Tidy => tidy::tidy(site, row.id).await,
    }
}

/// Writes the failure down: to be tried again, or to be looked at.
async fn give_up(site: &Site, row: &Row, trouble: &Trouble) -> Ending {
    let dead = trouble.is_final() || row.attempts >= job::ATTEMPTS;
    let cause = trouble.to_string();
    if dead {
        tracing::error!(job = %row.id, kind = row.kind, cause, "a job was laid aside");
    } else {
        tracing::warn!(job = %row.id, kind = row.kind, attempt = row.attempts, cause, "a job failed");
    }
    let mut failed = row.clone();
    if dead {
        failed.attempts = failed.attempts.max(job::ATTEMPTS);
    }
    let written = site
        .db
        .write(move |tx| Ok::<_, Trouble>(job::fail(tx, &failed, &cause)?));
    if let Err(error) = written.await {
        // Its lease ends by itself, and then it is tried again.
        tracing::warn!(job = %row.id, %error, "the failure of a job was not written down");
        return Ending::Retried;
    }
    if dead { Ending::Dead } else { Ending::Retried }
}

/// Ends a job in the transaction of what it did.
pub(super) async fn end<F>(site: &Site, id: Id, write: F) -> Result<(), Trouble>
where
    F: FnOnce(&mut Tx) -> Result<(), Trouble> + Send + 'static,
{
    let both = move |tx: &mut Tx| {
        write(tx)?;
        job::finish(tx, id)?;
        Ok(())
    };
    site.db.write(both).await
}

/// Ends a job that left nothing to write.
pub(super) async fn end_bare(site: &Site, id: Id) -> Result<(), Trouble> {
    end(site, id, |_| Ok(())).await
}

/// Ends the job of a mail that left: while the database is away it is tried again and again, because
/// a mail whose end is not written leaves twice.
pub(super) async fn end_sent(site: &Site, id: Id) -> Result<(), Trouble> {
    let persevere = async {
        while let Err(error) = end_bare(site, id).await {
            tracing::warn!(job = %id, %error, "a mail left and its end cannot be written yet");
            sleep(Duration::from_millis(500)).await;
        }
    };
    match timeout(PERSEVERANCE, persevere).await {
        Ok(()) => Ok(()),
        Err(_) => end_bare(site, id).await,
    }
}
