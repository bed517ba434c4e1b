//! An agent leaves a service: what was in their hands there goes back to its queue, in the same
//! transaction, so that nobody waits for somebody who cannot see the request any more. Whoever takes the
//! access away reads figures of their own authority, and no request.

use super::{Request, SaveError};
use crate::audit::{Actor, Fact};
use crate::db::schema::{agents, memberships, requests};
use crate::db::{Conn, Db, Id, Tx};
use crate::identity::AgentScope;
use crate::identity::membership::{self, Desk, GrantError, Granter};
use crate::workflow;
use diesel::prelude::*;

/// Requests without anybody are not counted further.
pub const MANY: i64 = 1_000;
/// How often it is tried again when somebody was at work on one of the requests.
const TRIES: usize = 4;

/// What an agent leaves behind in a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// Open requests in their hands.
    pub in_hand: i64,
    /// They are its last member with an open account.
    pub last: bool,
    /// Open requests of the service, up to [`MANY`].
    pub open: i64,
}

/// Why somebody did not leave.
#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    /// It is the last member, and nobody said that they know.
    #[error("nobody would see the requests of this service")]
    Last,
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Save(#[from] SaveError),
}

impl From<crate::db::Error> for LeaveError {
    fn from(error: crate::db::Error) -> Self {
        Self::Save(error.into())
    }
}
impl From<diesel::result::Error> for LeaveError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Save(error.into())
    }
}

/// What that agent would leave behind at that desk. `None` when they are no member of it, and when the
/// scope does not administer its authority.
pub fn leaving(
    conn: &mut Conn,
    scope: &AgentScope,
    agent: Id,
    desk: &Desk,
) -> QueryResult<Option<Leaving>> {
    if !scope.administers(desk.authority()) || !is_member(conn, agent, desk)? {
        return Ok(None);
    }
    let open: Vec<Id> = requests::table
        .filter(requests::service.eq(desk.service()))
        .filter(requests::closed_at.is_null())
        .limit(MANY)
        .select(requests::id)
        .load(conn)?;
    let in_hand: i64 = in_hand(agent, desk).count().get_result(conn)?;
    Ok(Some(Leaving {
        in_hand,
        last: is_last(conn, agent, desk)?,
        open: i64::try_from(open.len()).unwrap_or(MANY),
    }))
}

/// An administrator ends a membership, and again when one of the requests changed in the same instant.
/// The last member leaves only when that is `known`.
pub async fn take_away(
    db: &Db,
    scope: &AgentScope,
    agent: Id,
    desk: &Desk,
    known: bool,
) -> Result<(), LeaveError> {
    let once = || {
        let (scope, desk) = (scope.clone(), desk.clone());
        db.write(move |tx| {
            let (by, actor) = (Granter::Administrator(&scope), scope.actor());
            leave(tx, by, &actor, agent, &desk, known)
        })
    };
    for _ in 1..TRIES {
        match once().await {
            Err(LeaveError::Save(SaveError::Overtaken)) => {}
            done => return done,
        }
    }
    once().await
}

/// Ends a membership and gives what the agent had there back to the queue.
pub fn leave(
    tx: &mut Tx,
    granter: Granter,
    actor: &Actor,
    agent: Id,
    desk: &Desk,
    known: bool,
) -> Result<(), LeaveError> {
    if !membership::revoke(tx, granter, agent, desk)? {
        return Ok(());
    }
    if !known && is_last(tx.conn(), agent, desk)? {
        return Err(LeaveError::Last);
    }
    let theirs: Vec<Request> = in_hand(agent, desk)
        .select(Request::as_select())
        .load(tx.conn())?;
    for mut request in theirs {
        request.let_go(tx, actor)?;
    }
    Ok(())
}

impl Request {
    /// Nobody has it any more, whatever the workflow says.
    fn let_go(&mut self, tx: &mut Tx, actor: &Actor) -> Result<(), SaveError> {
        let event = workflow::let_go(&self.state(), tx.now().0);
        let event = serde_json::to_value(&event).unwrap_or_default();
        self.assignee = None;
        self.record(tx, actor, Fact::inside("step", event))?;
        self.save(tx)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn in_hand<'a>(agent: Id, desk: &'a Desk) -> _ {
    let service: &'a str = desk.service();
    requests::table
        .filter(requests::assignee.eq(agent))
        .filter(requests::service.eq(service))
        .filter(requests::closed_at.is_null())
}

fn is_member(conn: &mut Conn, agent: Id, desk: &Desk) -> QueryResult<bool> {
    let row = memberships::table.find((agent, desk.service()));
    let held: i64 = row.count().get_result(conn)?;
    Ok(held > 0)
}

/// Whether nobody else with an open account is a member.
fn is_last(conn: &mut Conn, agent: Id, desk: &Desk) -> QueryResult<bool> {
    let others: i64 = memberships::table
        .inner_join(agents::table)
        .filter(memberships::service.eq(desk.service()))
        .filter(memberships::agent_id.ne(agent))
        .filter(agents::disabled_at.is_null())
        .count()
        .get_result(conn)?;
    Ok(others == 0)
}
