//! People at the door, and what they may do behind it.

mod door;
mod wall;

use super::password::{self, Hash, Password};
use super::*;
use crate::belgium::Email;
use crate::db::testing::Fresh;
use crate::db::{At, Error, Tx};
use crate::secret::Key;
use std::sync::LazyLock;

const PASSWORD: &str = "cheval pile agrafe correct";

/// Hashing is slow on purpose: once is enough for all tests.
static HASH: LazyLock<Hash> =
    LazyLock::new(|| password::hash(&Password::parse(PASSWORD).unwrap(), [3; 32]).unwrap());

fn key() -> Key {
    Key::new([9; 32])
}

fn write<T: Send + 'static>(
    fresh: &Fresh,
    work: impl FnOnce(&mut Tx) -> diesel::QueryResult<T> + Send + 'static,
) -> T {
    fresh
        .db()
        .write_now(move |tx| Ok::<_, Error>(work(tx)?))
        .unwrap()
}

fn agent(fresh: &Fresh, email: &'static str) -> Agent {
    fresh
        .db()
        .write_now(move |tx| {
            let name = AgentName::parse(email.split('@').next().unwrap()).unwrap();
            Agent::create(tx, &Email::parse(email).unwrap(), &name, &HASH)
        })
        .unwrap()
}

fn presence(fresh: &Fresh, token: &Token) -> Presence {
    let now = At::new(fresh.clock.now());
    fresh
        .db()
        .read_now(|conn| Ok::<_, Error>(Presence::of(conn, token, now)?))
        .unwrap()
}

/// The scope of that agent, whatever the session.
fn scope(fresh: &Fresh, agent: &Agent) -> AgentScope {
    let now = At::new(fresh.clock.now());
    fresh
        .db()
        .read_now(|conn| Ok::<_, Error>(AgentScope::for_test(conn, agent, now)?))
        .unwrap()
}
