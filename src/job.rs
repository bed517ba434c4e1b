//! The outbox and everything else that is done a little later: a table of jobs. A job is written in the
//! transaction of the fact it follows from; a worker claims it, does it, and says so. One that fails
//! is tried again, later and later, and one that fails too often is laid aside where a person sees it.
//!
//! Claiming needs no row lock: take a due id, then update it *if nobody did*; it is yours if one row
//! changed. A claim that is older than [`LEASE`] was a worker that died: it may be claimed again.

use crate::db::schema::jobs;
use crate::db::{At, Conn, Doc, Id, Tx};
use crate::definition::Secrecy;
use crate::on_backend;
use chrono::Duration;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// How long a worker may take for one job before another may take it over.
pub const LEASE: Duration = Duration::minutes(5);
/// After so many failures a job is laid aside: about a day and a half of trying.
pub const ATTEMPTS: i32 = 16;

/// Everything that can be done later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Job {
    /// Send a mail about a request; `to` is `citizen` or a service's address.
    Mail {
        message: String,
        request: Id,
        to: Recipient,
        /// The place in the request's chain of the event it tells of: a mail that leaves late says what
        /// happened then. None in jobs of an older program.
        #[serde(default)]
        event: Option<i32>,
    },
    /// Send the link of a draft to the address its owner gave.
    MailDraft { draft: Id, to: String },
    /// Print a document (or the receipt) and keep it.
    Print { document: Id },
    /// A timer of a request's workflow is due.
    Fire { timer: Id },
    /// Seal the heads of the audit chains.
    Seal,
    /// Take away what is past its time: drafts, sessions, done jobs, rate limits, unused files.
    Tidy,
}

/// To whom a mail goes. The address is looked up when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    Citizen,
    Service,
}

impl Job {
    /// The word in the `kind` column.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Mail { .. } => "mail",
            Self::MailDraft { .. } => "mail_draft",
            Self::Print { .. } => "print",
            Self::Fire { .. } => "fire",
            Self::Seal => "seal",
            Self::Tidy => "tidy",
        }
    }
}

/// A job as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = jobs)]
pub struct Row {
    pub id: Id,
    pub kind: String,
    pub payload: Doc,
    /// The same thing is never put twice under one name.
    pub dedupe: Option<String>,
    /// Whose job it is, for the list of those that failed.
    pub authority: Option<String>,
    pub secrecy: String,
    pub run_at: At,
    pub attempts: i32,
    pub claimed_at: Option<At>,
    pub last_error: Option<String>,
    pub done_at: Option<At>,
    pub dead_at: Option<At>,
    pub created_at: At,
}

/// Where a job comes from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub authority: Option<String>,
    pub social: bool,
}

/// Puts a job in the table, to be done from `run_at` on. Under a name that is taken, nothing
/// happens.
pub fn enqueue(
    tx: &mut Tx,
    job: &Job,
    origin: &Origin,
    run_at: At,
    dedupe: Option<String>,
) -> QueryResult<()> {
    let secrecy = if origin.social {
        Secrecy::Social
    } else {
        Secrecy::Open
    };
    let row = Row {
        id: tx.new_id(),
        kind: job.kind().to_owned(),
        payload: Doc::of(job),
        dedupe,
        authority: origin.authority.clone(),
        secrecy: if secrecy == Secrecy::Social {
            "social"
        } else {
            "open"
        }
        .to_owned(),
        run_at,
        attempts: 0,
        claimed_at: None,
        last_error: None,
        done_at: None,
        dead_at: None,
        created_at: tx.now(),
    };
    on_backend!(tx.conn(), |c| diesel::insert_into(jobs::table)
        .values(&row)
        .on_conflict(jobs::dedupe)
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// The ids of jobs that are due and not held by a living worker, the oldest first.
pub fn due(conn: &mut Conn, now: At, most: i64) -> QueryResult<Vec<Id>> {
    let stale = At::new(now.0 - LEASE);
    jobs::table
        .filter(jobs::done_at.is_null())
        .filter(jobs::dead_at.is_null())
        .filter(jobs::run_at.le(now))
        .filter(jobs::claimed_at.is_null().or(jobs::claimed_at.lt(stale)))
        .order((jobs::run_at.asc(), jobs::id.asc()))
        .limit(most)
        .select(jobs::id)
        .load(conn)
}

/// Takes a job for this worker; `None` when another was faster.
pub fn claim(tx: &mut Tx, id: Id) -> QueryResult<Option<Row>> {
    let now = tx.now();
    let stale = At::new(now.0 - LEASE);
    let free = jobs::claimed_at.is_null().or(jobs::claimed_at.lt(stale));
    let taken = diesel::update(
        jobs::table
            .find(id)
            .filter(jobs::done_at.is_null())
            .filter(jobs::dead_at.is_null())
            .filter(free),
    )
    .set((
        jobs::claimed_at.eq(Some(now)),
        jobs::attempts.eq(jobs::attempts + 1),
    ))
    .execute(tx.conn())?;
    if taken == 0 {
        return Ok(None);
    }
    jobs::table
        .find(id)
        .select(Row::as_select())
        .first(tx.conn())
        .optional()
}

/// The job is done.
pub fn finish(tx: &mut Tx, id: Id) -> QueryResult<()> {
    diesel::update(jobs::table.find(id))
        .set((
            jobs::done_at.eq(Some(tx.now())),
            jobs::last_error.eq(None::<String>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The job failed: it is tried again after 2^n times 15 seconds (at most six hours), or laid aside.
/// `error` names the cause without personal data.
pub fn fail(tx: &mut Tx, job: &Row, error: &str) -> QueryResult<()> {
    let dead = (job.attempts >= ATTEMPTS).then(|| tx.now());
    let seconds = (15_i64 << job.attempts.clamp(0, 20)).min(6 * 3600);
    let next = At::new(tx.now().0 + Duration::seconds(seconds));
    let error: String = error.chars().take(500).collect();
    diesel::update(jobs::table.find(job.id))
        .set((
            jobs::claimed_at.eq(None::<At>),
            jobs::run_at.eq(next),
            jobs::last_error.eq(Some(error)),
            jobs::dead_at.eq(dead),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The jobs laid aside for these authorities, and those of the counter itself, which are everybody's.
pub fn dead(conn: &mut Conn, authorities: &[String], most: i64) -> QueryResult<Vec<Row>> {
    let own = jobs::authority.eq_any(authorities);
    jobs::table
        .filter(jobs::dead_at.is_not_null())
        .filter(own.assume_not_null().or(jobs::authority.is_null()))
        .order(jobs::dead_at.desc())
        .limit(most)
        .select(Row::as_select())
        .load(conn)
}

/// Gives a job that was laid aside another round; `false` when it is not there.
pub fn revive(tx: &mut Tx, id: Id, authorities: &[String]) -> QueryResult<bool> {
    let now = tx.now();
    let revived = diesel::update(
        jobs::table
            .find(id)
            .filter(jobs::dead_at.is_not_null())
            .filter(
                jobs::authority
                    .eq_any(authorities)
                    .assume_not_null()
                    .or(jobs::authority.is_null()),
            ),
    )
    .set((
        jobs::dead_at.eq(None::<At>),
        jobs::claimed_at.eq(None::<At>),
        jobs::attempts.eq(0),
        jobs::run_at.eq(now),
    ))
    .execute(tx.conn())?;
    Ok(revived == 1)
}

/// How many wait, and how many were laid aside: for the metrics.
pub fn counts(conn: &mut Conn) -> QueryResult<(i64, i64)> {
    let waiting = jobs::table
        .filter(jobs::done_at.is_null())
        .filter(jobs::dead_at.is_null())
        .count()
        .get_result(conn)?;
    let dead = jobs::table
        .filter(jobs::dead_at.is_not_null())
        .count()
        .get_result(conn)?;
    Ok((waiting, dead))
}
