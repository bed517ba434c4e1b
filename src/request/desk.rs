//! The agents' way to requests, and the only one the web has: through the services an agent is a
//! member of. The query is the authorisation: what is another service's is not refused, it is not
//! there. A social request is not read without a note in its timeline that the citizen can see.

use super::moves::{MoveError, while_overtaken};
use super::{Request, SaveError};
use crate::audit::{Actor, Fact};
use crate::db::schema::{events, requests};
use crate::db::{At, Conn, Db, Id, Tx};
use crate::identity::{AgentScope, Role};
use crate::workflow;
use chrono::Duration;
use diesel::prelude::*;
use serde_json::json;

/// A reading is noted once in this time for each agent: who turns pages is not who comes back.
const READING: Duration = Duration::hours(1);
/// How often a change is tried again when somebody else was faster.
const TRIES: usize = 4;

/// The request of that id, when it is of one of the agent's services.
pub fn find(conn: &mut Conn, scope: &AgentScope, id: Id) -> QueryResult<Option<Request>> {
    requests::table
        .find(id)
        .filter(requests::service.eq_any(scope.services()))
        .select(Request::as_select())
        .first(conn)
        .optional()
}

/// The same, to be read: of a social request, who reads it is noted first.
pub async fn open(db: &Db, scope: &AgentScope, id: Id) -> Result<Option<Request>, SaveError> {
    let since = At::new(db.clock().now() - READING);
    for _ in 1..TRIES {
        match open_once(db, scope.clone(), id, since).await {
            Err(SaveError::Overtaken) => {}
            opened => return opened,
        }
    }
    open_once(db, scope.clone(), id, since).await
}

async fn open_once(
    db: &Db,
    scope: AgentScope,
    id: Id,
    since: At,
) -> Result<Option<Request>, SaveError> {
    let reader = scope.clone();
    let (found, noted) = db
        .read(move |conn| {
            let found = find(conn, &reader, id)?;
            let noted = match &found {
                Some(request) if request.is_social() => {
                    was_read(conn, id, reader.agent().id, since)?
                }
                _ => true,
            };
            Ok::<_, SaveError>((found, noted))
        })
        .await?;
    if noted {
        return Ok(found);
    }
    db.write(move |tx| {
        let Some(mut request) = find(tx.conn(), &scope, id)? else {
            return Ok(None);
        };
        request.note_reading(tx, &scope.actor())?;
        Ok(Some(request))
    })
    .await
}

/// Does something to a request of the agent's services, in one transaction, and again when somebody
/// else was faster. `None` when there is no such request for this agent.
pub async fn change<T, F>(
    db: &Db,
    scope: &AgentScope,
    id: Id,
    work: F,
) -> Result<Option<T>, MoveError>
where
    F: Fn(&mut Tx, &AgentScope, &mut Request) -> Result<T, MoveError> + Clone + Send + 'static,
    T: Send + 'static,
{
    while_overtaken(|| {
        let (scope, work) = (scope.clone(), work.clone());
        db.write(move |tx| match find(tx.conn(), &scope, id)? {
            Some(mut request) => work(tx, &scope, &mut request).map(Some),
            None => Ok(None),
        })
    })
    .await
}

/// Whether that agent's reading of the request was noted since then.
fn was_read(conn: &mut Conn, request: Id, agent: Id, since: At) -> QueryResult<bool> {
    let noted: i64 = events::table
        .filter(events::request_id.eq(request))
        .filter(events::kind.eq("read"))
        .filter(events::actor_id.eq(agent))
        .filter(events::at.gt(since))
        .count()
        .get_result(conn)?;
    Ok(noted > 0)
}

impl AgentScope {
    /// As whom the agent acts on that request.
    pub fn acting_on(&self, request: &Request) -> workflow::Actor {
        let id = self.agent().id.0;
        match self.role_in(&request.service) {
            Some(Role::Head) => workflow::Actor::Head { id },
            _ => workflow::Actor::Agent { id },
        }
    }
}

impl Request {
    /// Notes that an agent opened this request, when it is social: the citizen can see who did. Once
    /// per agent and hour is enough to say so.
    pub fn note_reading(&mut self, tx: &mut Tx, actor: &Actor) -> Result<(), SaveError> {
        self.note(tx, actor, Fact::inside("read", json!({})))
    }

    /// Notes that an agent uncovered an answer that is shown masked.
    pub fn note_revealing(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        field: &str,
    ) -> Result<(), SaveError> {
        self.note(
            tx,
            actor,
            Fact::inside("revealed", json!({ "field": field })),
        )
    }
}
