//! What happened to a request, in a chain that shows any edit. The timeline a citizen reads and the
//! audit trail are the same rows: each event holds the hash of the one before it, and a job seals the
//! heads of all chains into a chain of the whole site ([`seal`]), so that a request that was taken away
//! altogether shows too. [`verify`] finds what does not fit.
//!
//! This room knows rows and hashes; it does not know what an event means.

pub mod seal;
pub mod verify;

use crate::db::schema::events;
use crate::db::{At, Conn, Doc, Id, Tx};
use diesel::prelude::*;
use sha2::{Digest, Sha256};

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Citizen,
    Agent { id: Id, name: String },
    System,
}

impl Actor {
    /// The word stored in the column.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Agent { .. } => "agent",
            Self::System => "system",
        }
    }

    fn id(&self) -> Option<Id> {
        match self {
            Self::Agent { id, .. } => Some(*id),
            _ => None,
        }
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Agent { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// One thing that happened. Append-only.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct Event {
    pub id: Id,
    pub request_id: Id,
    /// Its place in the request's chain, from 1.
    pub seq: i32,
    pub at: At,
    pub actor: String,
    pub actor_id: Option<Id>,
    pub actor_name: Option<String>,
    pub kind: String,
    pub data: Doc,
    /// The citizen sees it.
    pub public: bool,
    pub prev_hash: String,
    pub hash: String,
}

/// The end of a request's chain: how many events, and the hash of the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    pub count: i32,
    pub head: String,
}

/// What to record.
#[derive(Clone, Debug)]
pub struct Fact {
    pub kind: &'static str,
    pub data: serde_json::Value,
    pub public: bool,
}

impl Fact {
    /// A fact the citizen sees in the timeline.
    pub fn public(kind: &'static str, data: serde_json::Value) -> Self {
        Self {
            kind,
            data,
            public: true,
        }
    }

    /// A fact for agents and auditors only.
    pub fn inside(kind: &'static str, data: serde_json::Value) -> Self {
        Self {
            kind,
            data,
            public: false,
        }
    }
}

/// Appends a fact to the chain of `request`. The caller saves the chain's new end with the request,
/// in the same transaction.
pub fn append(
    tx: &mut Tx,
    request: Id,
    chain: &mut Chain,
    actor: &Actor,
    fact: Fact,
) -> QueryResult<Event> {
    let event = next(tx, request, chain, actor, fact);
    keep(tx, &event)?;
    Ok(event)
}

/// Keeps an event that [`next`] made.
pub fn keep(tx: &mut Tx, event: &Event) -> QueryResult<()> {
    diesel::insert_into(events::table)
        .values(event)
        .execute(tx.conn())
        .map(drop)
}

/// The next event of a chain, which now ends with it. It is not kept yet.
pub fn next(tx: &Tx, request: Id, chain: &mut Chain, actor: &Actor, fact: Fact) -> Event {
    let mut event = Event {
        id: tx.new_id(),
        request_id: request,
        seq: chain.count + 1,
        at: tx.now(),
        actor: actor.word().to_owned(),
        actor_id: actor.id(),
        actor_name: actor.name().map(str::to_owned),
        kind: fact.kind.to_owned(),
        data: Doc(fact.data),
        public: fact.public,
        prev_hash: chain.head.clone(),
        hash: String::new(),
    };
    event.hash = event.computed_hash();
    chain.count = event.seq;
    chain.head.clone_from(&event.hash);
    event
}

/// The events of a request, the oldest first.
pub fn of_request(conn: &mut Conn, request: Id) -> QueryResult<Vec<Event>> {
    events::table
        .filter(events::request_id.eq(request))
        .order(events::seq.asc())
        .select(Event::as_select())
        .load(conn)
}

impl Event {
    /// SHA-256 over every column but the hash itself, hexadecimal. Each part is preceded by its
    /// length, so that no two different events spell the same.
    pub fn computed_hash(&self) -> String {
        let parts = [
            self.prev_hash.clone(),
            self.id.to_string(),
            self.request_id.to_string(),
            self.seq.to_string(),
            self.at.0.timestamp_micros().to_string(),
            self.actor.clone(),
            self.actor_id.map(|id| id.to_string()).unwrap_or_default(),
            self.actor_name.clone().unwrap_or_default(),
            self.kind.clone(),
            self.public.to_string(),
            canonical(&self.data.0),
        ];
        digest(parts.iter().map(String::as_str))
    }
}

/// SHA-256 of length-prefixed parts, hexadecimal.
pub fn digest<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize())
}

/// A JSON text with sorted keys: `jsonb` does not keep the order in which keys were written.
fn canonical(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.keys().collect();
            keys.sort_unstable();
            let inner: Vec<_> = keys
                .into_iter()
                .map(|key| format!("{}:{}", Value::String(key.clone()), canonical(&map[key])))
                .collect();
            format!("{{{}}}", inner.join(","))
        }
        Value::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(canonical).collect::<Vec<_>>().join(",")
            )
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_keys_does_not_change_the_hash_but_a_value_does() {
        assert_eq!(
            canonical(&json!({"b": 1, "a": [true, null]})),
            r#"{"a":[true,null],"b":1}"#
        );
        assert_eq!(
            canonical(&json!({"a": "é\n"})),
            canonical(&json!({"a": "é\n"}))
        );
        assert_ne!(canonical(&json!({"a": 1})), canonical(&json!({"a": "1"})));
    }

    #[test]
    fn parts_cannot_be_shifted_into_one_another() {
        assert_ne!(
            digest(["ab", "c"].into_iter()),
            digest(["a", "bc"].into_iter())
        );
    }
}
