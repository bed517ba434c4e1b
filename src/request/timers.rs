//! The timers of a request: set when a status is entered, taken back when it is left, and rung once.

use super::Request;
use super::moves::MoveError;
use super::room::Room;
use crate::audit::Actor;
use crate::db::schema::{jobs, timers};
use crate::db::{At, Conn, Id, Tx};
use crate::job::{self, Job};
use crate::workflow::{self, Fired, TimerDue};
use diesel::prelude::*;
use serde_json::Map;

/// A timer as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = timers)]
struct TimerRow {
    id: Id,
    request_id: Id,
    timer: String,
    status: String,
    /// The entry into that status: the timer is stale once the request has left it.
    since: At,
    due_at: At,
    done_at: Option<At>,
}

impl Request {
    /// A timer of this request rings.
    pub fn ring(&mut self, tx: &mut Tx, room: &Room, timer: Id) -> Result<(), MoveError> {
        let row: Option<TimerRow> = timers::table
            .find(timer)
            .filter(timers::done_at.is_null())
            .select(TimerRow::as_select())
            .first(tx.conn())
            .optional()?;
        let Some(row) = row else { return Ok(()) };
        diesel::update(timers::table.find(timer))
            .set(timers::done_at.eq(Some(tx.now())))
            .execute(tx.conn())?;
        let due = TimerDue {
            timer: row.timer,
            since: row.since.0,
            due_at: row.due_at.0,
        };
        let mut scope = room.scope(self);
        let moment = room.moment(self, tx);
        match workflow::fire(
            room.published.workflow(),
            &self.state(),
            &due,
            moment,
            &mut scope,
        ) {
            Fired::Acted(step) => self.apply(tx, room, &Actor::System, *step, &Map::new()),
            Fired::Stale => Ok(()),
            Fired::Refused(refused) => {
                tracing::warn!(request = %self.id, timer = due.timer, %refused, "a timer was not followed");
                Ok(())
            }
        }
    }

    pub(super) fn start_timers(&self, tx: &mut Tx, due: &[TimerDue]) -> QueryResult<()> {
        for timer in due {
            let row = TimerRow {
                id: tx.new_id(),
                request_id: self.id,
                timer: timer.timer.clone(),
                status: self.status.clone(),
                since: At::new(timer.since),
                due_at: At::new(timer.due_at),
                done_at: None,
            };
            diesel::insert_into(timers::table)
                .values(&row)
                .execute(tx.conn())?;
        }
        Ok(())
    }

    pub(super) fn cancel_timers(&self, tx: &mut Tx) -> QueryResult<()> {
        let waiting = timers::table
            .filter(timers::request_id.eq(self.id))
            .filter(timers::done_at.is_null());
        diesel::update(waiting)
            .set(timers::done_at.eq(Some(tx.now())))
            .execute(tx.conn())?;
        Ok(())
    }
}

/// Timers that are due, each made a job once. One query on an index.
pub fn ring_due(tx: &mut Tx, most: i64) -> QueryResult<usize> {
    // Those whose job waits, or was laid aside after all its tries, do not stand before the others.
    let rung: Vec<Option<String>> = jobs::table
        .filter(jobs::done_at.is_null())
        .filter(jobs::kind.eq("fire"))
        .select(jobs::dedupe)
        .load(tx.conn())?;
    let rung = rung.iter().flatten();
    let rung: Vec<Id> = rung
        .filter_map(|name| Id::parse(name.strip_prefix("fire:")?))
        .collect();
    let due: Vec<Id> = timers::table
        .filter(timers::done_at.is_null())
        .filter(timers::id.ne_all(rung))
        .filter(timers::due_at.le(tx.now()))
        .order(timers::due_at.asc())
        .limit(most)
        .select(timers::id)
        .load(tx.conn())?;
    let now = tx.now();
    for timer in &due {
        let once = Some(format!("fire:{timer}"));
        job::enqueue(
            tx,
            &Job::Fire { timer: *timer },
            &job::Origin::default(),
            now,
            once,
        )?;
    }
    Ok(due.len())
}

/// The request a timer belongs to.
pub fn timer_request(conn: &mut Conn, timer: Id) -> QueryResult<Option<Id>> {
    timers::table
        .find(timer)
        .select(timers::request_id)
        .first(conn)
        .optional()
}
