//! The sweeping of the floor: what is past its time goes, some at a time, so that nobody waits behind
//! the broom. Requests and their events are not swept; their time is the retention's.

use super::perform::end_bare;
use super::trouble::Trouble;
use crate::db::schema::jobs;
use crate::db::{self, At, Id, Tx};
use crate::identity::session;
use crate::limit;
use crate::request::{attachment, draft};
use crate::site::Site;
use chrono::TimeDelta;
use diesel::prelude::*;
use futures_util::TryStreamExt;
use std::sync::Arc;

/// Rows taken away in one transaction.
const SOME: i64 = 500;
/// Transactions of one kind in one tidying; the rest goes the next time.
const TIMES: usize = 40;
/// How long a job that is done is kept.
const DONE_KEPT: TimeDelta = TimeDelta::days(30);
/// Files asked about in one query.
const ASKED_AT_ONCE: usize = 500;
/// How old a file that no row uses must be: a row may be on its way to it.
const UNUSED_KEPT: TimeDelta = TimeDelta::days(1);
/// Mails a demonstration keeps.
const DEMO_MAILS: usize = 1_000;

/// Tidies everything.
pub async fn tidy(site: &Arc<Site>, id: Id) -> Result<(), Trouble> {
    let drafts = sweep(site, |tx| draft::tidy(tx, SOME)).await?;
    let jobs = sweep(site, done_jobs).await?;
    let sessions = once(site, session::tidy).await?;
    once(site, limit::tidy).await?;
    let files = unused_files(site).await?;
    let uploads = broken_uploads(site).await?;
    demo_mails(site).await?;
    tracing::info!(drafts, jobs, sessions, files, uploads, "tidied");
    end_bare(site, id).await
}

/// Takes away some rows, and some more, until fewer are left than one time takes.
async fn sweep(site: &Site, some: fn(&mut Tx) -> QueryResult<usize>) -> Result<usize, Trouble> {
    let mut gone = 0;
    for _ in 0..TIMES {
        let now = once(site, some).await?;
        gone += now;
        if now < usize::try_from(SOME).unwrap_or(usize::MAX) {
            break;
        }
    }
    Ok(gone)
}

async fn once(site: &Site, verb: fn(&mut Tx) -> QueryResult<usize>) -> Result<usize, Trouble> {
    site.db.write(move |tx| Ok(verb(tx)?)).await
}

fn done_jobs(tx: &mut Tx) -> QueryResult<usize> {
    let before = At::new(tx.now().0 - DONE_KEPT);
    let old: Vec<Id> = jobs::table
        .filter(jobs::done_at.lt(before))
        .limit(SOME)
        .select(jobs::id)
        .load(tx.conn())?;
    diesel::delete(jobs::table.filter(jobs::id.eq_any(old))).execute(tx.conn())
}

/// Takes away the files that no attachment and no document uses, when they are older than a day.
async fn unused_files(site: &Site) -> Result<usize, Trouble> {
    let since = At::new(site.db.clock().now() - UNUSED_KEPT);
    let mut gone = 0;
    let mut old = site
        .blobs
        .list()
        .try_filter(|file| std::future::ready(file.put_at < since))
        .try_chunks(ASKED_AT_ONCE);
    while let Some(files) = old.try_next().await.map_err(|error| error.1)? {
        let names: Vec<String> = files.iter().map(|f| f.digest.to_string()).collect();
        let used = site
            .db
            .read(move |conn| Ok::<_, db::Error>(attachment::blobs_in_use(conn, &names)?));
        let used = used.await?;
        for file in files {
            let unused = !used.contains(file.digest.as_str());
            if unused && site.blobs.delete(&file.digest, since).await? {
                gone += 1;
            }
        }
    }
    Ok(gone)
}

/// Uploads that a crash left unfinished.
async fn broken_uploads(site: &Arc<Site>) -> Result<usize, Trouble> {
    let before = At::new(site.db.clock().now() - UNUSED_KEPT);
    let site = Arc::clone(site);
    match tokio::task::spawn_blocking(move || site.blobs.sweep(before)).await {
        Ok(swept) => swept.map_err(|error| Trouble::Files(error.into())),
        Err(_) => Err(Trouble::Panicked),
    }
}

/// A demonstration runs for months and nobody empties its mailbox.
async fn demo_mails(site: &Site) -> Result<(), Trouble> {
    let Some(folder) = site.post.folder().filter(|_| site.demo).cloned() else {
        return Ok(());
    };
    match tokio::task::spawn_blocking(move || folder.tidy(DEMO_MAILS)).await {
        Ok(tidied) => tidied
            .map(drop)
            .map_err(|error| Trouble::Files(error.into())),
        Err(_) => Err(Trouble::Panicked),
    }
}
