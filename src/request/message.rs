//! What people write inside a request: messages between the citizen and the service, and notes that
//! only agents see. The one place their words are read and written.

use super::{Request, SaveError};
use crate::audit::{Actor, Fact};
use crate::db::schema::messages;
use crate::db::{At, Conn, Id, Tx};
use crate::job::Recipient;
use diesel::prelude::*;
use serde_json::json;

/// Most characters of a message.
pub const LONGEST: usize = 5_000;
/// How long the same words said again are taken for the same message.
const AGAIN: chrono::Duration = chrono::Duration::minutes(10);
/// Most messages and notes in one request.
pub const MOST: i64 = 500;

/// A message or note as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = messages)]
pub struct Message {
    pub id: Id,
    pub request_id: Id,
    pub at: At,
    /// `citizen` or `agent`.
    pub author: String,
    pub agent_id: Option<Id>,
    pub agent_name: Option<String>,
    pub body: String,
    /// A note: agents only.
    pub inside: bool,
}

/// Why words were not kept.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("an empty message")]
    Empty,
    #[error("more than {LONGEST} characters")]
    TooLong,
    #[error("this request holds {MOST} messages already")]
    TooMany,
    #[error(transparent)]
    Save(#[from] SaveError),
}

impl From<crate::db::Error> for WriteError {
    fn from(error: crate::db::Error) -> Self {
        Self::Save(error.into())
    }
}
impl From<diesel::result::Error> for WriteError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Save(error.into())
    }
}

/// Words that can be kept: not empty, not endless, in the normal form, without control characters.
#[derive(Clone, Debug)]
pub struct Body(String);

impl Body {
    /// Reads what was typed.
    pub fn parse(text: &str) -> Result<Self, WriteError> {
        use unicode_normalization::UnicodeNormalization;
        let text: String = text
            .replace("\r\n", "\n")
            .nfc()
            .filter(|c| *c == '\n' || !c.is_control())
            .take(LONGEST + 1)
            .collect();
        let text = text.trim();
        if text.is_empty() {
            Err(WriteError::Empty)
        } else if text.chars().count() > LONGEST {
            Err(WriteError::TooLong)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl std::fmt::Display for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The messages of a request, the oldest first; with the notes when `inside`.
pub fn of_request(conn: &mut Conn, request: Id, inside: bool) -> QueryResult<Vec<Message>> {
    let mut query = messages::table
        .filter(messages::request_id.eq(request))
        .into_boxed();
    if !inside {
        query = query.filter(messages::inside.eq(false));
    }
    query
        .order((messages::at.asc(), messages::id.asc()))
        .select(Message::as_select())
        .load(conn)
}

impl Request {
    /// Keeps a message (or a note, when `inside`) and tells the other side. The same words of the same
    /// person again within ten minutes are a double click or a form sent twice: they are kept once.
    pub fn write(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        body: Body,
        inside: bool,
    ) -> Result<(), WriteError> {
        let held: i64 = messages::table
            .filter(messages::request_id.eq(self.id))
            .count()
            .get_result(tx.conn())?;
        if held >= MOST {
            return Err(WriteError::TooMany);
        }
        if said_already(tx, self.id, actor, &body, inside)? {
            return Ok(());
        }
        let message = keep(tx, self.id, actor, body, inside)?;
        let data = json!({ "message": message });
        let fact = if inside {
            Fact::inside("note", data)
        } else {
            Fact::public("message", data)
        };
        self.note(tx, actor, fact)?;
        if !inside {
            let to = if *actor == Actor::Citizen {
                Recipient::Service
            } else {
                Recipient::Citizen
            };
            self.mail(tx, "message", to, format!("message:{message}"))?;
        }
        Ok(())
    }
}

/// Whether the last words of this person here were the same, a moment ago.
fn said_already(
    tx: &mut Tx,
    request: Id,
    actor: &Actor,
    body: &Body,
    inside: bool,
) -> QueryResult<bool> {
    let last: Option<(At, Option<Id>, String)> = messages::table
        .filter(messages::request_id.eq(request))
        .filter(messages::author.eq(actor.word()))
        .filter(messages::inside.eq(inside))
        .order((messages::at.desc(), messages::id.desc()))
        .select((messages::at, messages::agent_id, messages::body))
        .first(tx.conn())
        .optional()?;
    let by = match actor {
        Actor::Agent { id, .. } => Some(*id),
        _ => None,
    };
    Ok(last.is_some_and(|(at, agent, words)| {
        agent == by && words == body.0 && tx.now().0 - at.0 < AGAIN
    }))
}

pub(super) fn keep(
    tx: &mut Tx,
    request: Id,
    actor: &Actor,
    body: Body,
    inside: bool,
) -> QueryResult<Id> {
    let (agent_id, agent_name) = match actor {
        Actor::Agent { id, name } => (Some(*id), Some(name.clone())),
        _ => (None, None),
    };
    let message = Message {
        id: tx.new_id(),
        request_id: request,
        at: tx.now(),
        author: actor.word().to_owned(),
        agent_id,
        agent_name,
        body: body.0,
        inside,
    };
    diesel::insert_into(messages::table)
        .values(&message)
        .execute(tx.conn())?;
    Ok(message.id)
}
