//! An agent leaves a service: what was in their hands there goes back to its queue, in the same
//! transaction, so that nobody waits for somebody who cannot see the request any more. Whoever takes the
//! access away reads figures of their own authority, and no request; of a social service, not even figures.

use super::{Request, SaveError};
use crate::audit::{Actor, Fact};
use crate::db::schema::{agents, memberships, requests};
use crate::db::{Conn, Db, Id, Tx, Unreadable};
use crate::identity::membership::{self, Desk, GrantError, Granter};
use crate::identity::{Agent, AgentScope};
use crate::workflow;
use diesel::prelude::*;

/// Requests without anybody are not counted further.
pub const MANY: i64 = 1_000;
/// How often it is tried again when somebody was at work on one of the requests.
const TRIES: usize = 4;

/// What an agent leaves behind in a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// They are its last member with an open account.
    pub last: bool,
    /// Of a service under social secrecy none, for who is no member of it.
    pub figures: Option<Figures>,
}

/// How many requests it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Open requests in their hands.
    pub in_hand: i64,
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

/// What that agent would leave behind at that desk, which is `social` or not. `None` when they are no
/// member of it, and when the scope does not administer its authority.
pub fn leaving(
    conn: &mut Conn,
    scope: &AgentScope,
    agent: Id,
    desk: &Desk,
    social: bool,
) -> QueryResult<Option<Leaving>> {
    if !scope.administers(desk.authority()) || !is_member(conn, agent, desk)? {
        return Ok(None);
    }
    let told = !social || scope.is_member(desk.service());
    Ok(Some(Leaving {
        last: is_last(conn, agent, desk)?,
        figures: told.then(|| figures(conn, agent, desk)).transpose()?,
    }))
}

fn figures(conn: &mut Conn, agent: Id, desk: &Desk) -> QueryResult<Figures> {
    let open: Vec<Id> = requests::table
        .filter(requests::service.eq(desk.service()))
        .filter(requests::closed_at.is_null())
        .limit(MANY)
        .select(requests::id)
        .load(conn)?;
    let theirs = in_hand(agent).filter(requests::service.eq(desk.service()));
    Ok(Figures {
        in_hand: theirs.count().get_result(conn)?,
        open: i64::try_from(open.len()).unwrap_or(MANY),
    })
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
    hold(tx, desk)?;
    if !membership::revoke(tx, granter, agent, desk)? {
        return Ok(());
    }
    if !known && is_last(tx.conn(), agent, desk)? {
        return Err(LeaveError::Last);
    }
    let theirs = in_hand(agent)
        .filter(requests::service.eq(desk.service()))
        .select(requests::id)
        .load(tx.conn())?;
    Ok(give_back(tx, actor, theirs)?)
}

/// Closes an account, for who works on the machine itself, and gives everything the agent had in hand back
/// to the queues. The accesses stay, for the day the account is opened again.
pub fn close(tx: &mut Tx, agent: &Agent) -> Result<(), SaveError> {
    agent.set_disabled(tx, true)?;
    let theirs = in_hand(agent.id).select(requests::id).load(tx.conn())?;
    give_back(tx, &Actor::System, theirs)
}

/// One by one: a request that only a newer program understands keeps its name on it, and keeps nobody from
/// being sent away.
fn give_back(tx: &mut Tx, actor: &Actor, requests: Vec<Id>) -> Result<(), SaveError> {
    for id in requests {
        let found = requests::table
            .find(id)
            .select(Request::as_select())
            .first(tx.conn());
        match found {
            Ok(mut request) => request.let_go(tx, actor)?,
            Err(error) if Unreadable::behind(&error).is_some() => {
                tracing::warn!(request = %id, "not given back: a newer program wrote it");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// On PostgreSQL two administrators at once would each see the other's last member.
fn hold(tx: &mut Tx, desk: &Desk) -> QueryResult<()> {
    if let Conn::Postgres(conn) = tx.conn() {
        diesel::sql_query("SELECT 1 FROM memberships WHERE service = $1 FOR UPDATE")
            .bind::<diesel::sql_types::Text, _>(desk.service())
            .execute(conn)?;
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
fn in_hand(agent: Id) -> _ {
    requests::table
        .filter(requests::assignee.eq(agent))
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
