//! An agent's account: a name, an address to sign in with, and what proves it is them. The hash, the
//! second factor and the count of failures never leave this room.

use super::{password, session};
use crate::belgium::Email;
use crate::db::schema::agents;
use crate::db::{At, Conn, Id, Tx};
use crate::on_backend;
use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;
use diesel::prelude::*;
use std::collections::HashMap;

/// Failures that lock an account.
pub(super) const FAILURES: i32 = 5;
/// How long it stays locked.
pub(super) const LOCK: Duration = Duration::minutes(15);

const LONGEST_NAME: usize = 120;

/// Somebody who works behind the counter.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = agents)]
pub struct Agent {
    pub id: Id,
    /// In small letters.
    pub email: String,
    pub name: String,
}

/// An agent's name as colleagues and citizens read it: 1 to 120 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentName(String);

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// Somebody has that address already.
    #[error("an agent with that address exists already")]
    Taken,
    #[error(transparent)]
    Database(#[from] crate::db::Error),
}

impl From<diesel::result::Error> for CreateError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The whole row.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = agents)]
pub(super) struct Account {
    pub id: Id,
    pub email: String,
    pub name: String,
    pub password_hash: String,
    /// The salt the second factor's secret is derived from, with the site's key.
    pub totp_secret: Option<String>,
    /// The time step of the last code that was accepted; 0 while none was.
    pub totp_step: i64,
    pub locked_until: Option<At>,
    pub disabled_at: Option<At>,
}

impl AgentName {
    /// Reads what was typed; `None` when it is empty, longer than 120 characters or not one line.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
        (fits && !name.chars().any(char::is_control)).then_some(Self(name))
    }
}

impl Agent {
    /// Makes an account without any membership: it can sign in and sees nothing yet.
    pub fn create(
        tx: &mut Tx,
        email: &Email,
        name: &AgentName,
        password: &password::Hash,
    ) -> Result<Self, CreateError> {
        let agent = Self {
            id: tx.new_id(),
            email: sign_in_address(&email.to_string()),
            name: name.0.clone(),
        };
        let values = (
            agents::id.eq(agent.id),
            agents::email.eq(&agent.email),
            agents::name.eq(&agent.name),
            agents::password_hash.eq(password.as_str()),
            agents::totp_step.eq(0_i64),
            agents::failed_count.eq(0),
            agents::created_at.eq(tx.now()),
        );
        let made = on_backend!(tx.conn(), |c| diesel::insert_into(agents::table)
            .values(&values)
            .on_conflict(agents::email)
            .do_nothing()
            .execute(c))?;
        if made == 1 {
            Ok(agent)
        } else {
            Err(CreateError::Taken)
        }
    }

    /// The agent of that id, also when the account is disabled (the timeline names them still).
    pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Self>> {
        agents::table
            .find(id)
            .select(Self::as_select())
            .first(conn)
            .optional()
    }

    /// The names of these agents, also of those whose accounts are closed.
    pub fn names(conn: &mut Conn, ids: &[Id]) -> QueryResult<HashMap<Id, String>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Id, String)> = agents::table
            .filter(agents::id.eq_any(ids))
            .select((agents::id, agents::name))
            .load(conn)?;
        Ok(rows.into_iter().collect())
    }

    /// The agent who signs in with that address.
    pub fn find_by_email(conn: &mut Conn, email: &str) -> QueryResult<Option<Self>> {
        agents::table
            .filter(agents::email.eq(sign_in_address(email)))
            .select(Self::as_select())
            .first(conn)
            .optional()
    }

    /// How many accounts there are: none on a new site.
    pub fn count(conn: &mut Conn) -> QueryResult<i64> {
        agents::table.count().get_result(conn)
    }

    /// Gives a new password and ends every session. For the command line; an agent changes their own
    /// through [`password::change`].
    pub fn set_password(&self, tx: &mut Tx, password: &password::Hash) -> QueryResult<()> {
        diesel::update(agents::table.find(self.id))
            .set((
                agents::password_hash.eq(password.as_str()),
                agents::failed_count.eq(0),
                agents::locked_until.eq(None::<At>),
            ))
            .execute(tx.conn())?;
        session::end_all(tx, self.id)
    }

    /// Lets the agent try again at once, after too many wrong passwords or codes.
    pub fn unlock(&self, tx: &mut Tx) -> QueryResult<()> {
        succeed(tx, self.id)
    }

    /// Forgets the second factor (the telephone is lost) and ends every session: the next sign-in
    /// enrols again. For the command line.
    pub fn forget_second_factor(&self, tx: &mut Tx) -> QueryResult<()> {
        diesel::update(agents::table.find(self.id))
            .set((
                agents::totp_secret.eq(None::<String>),
                agents::totp_step.eq(0_i64),
            ))
            .execute(tx.conn())?;
        session::end_all(tx, self.id)
    }

    /// Closes the account (or opens it again) and ends every session. Its facts stay. For the command
    /// line.
    pub fn set_disabled(&self, tx: &mut Tx, disabled: bool) -> QueryResult<()> {
        let at = disabled.then(|| tx.now());
        diesel::update(agents::table.find(self.id))
            .set(agents::disabled_at.eq(at))
            .execute(tx.conn())?;
        session::end_all(tx, self.id)
    }
}

impl Account {
    pub fn find(conn: &mut Conn, id: Id) -> QueryResult<Option<Self>> {
        agents::table
            .find(id)
            .select(Self::as_select())
            .first(conn)
            .optional()
    }

    /// An account that is open, by a text already through [`sign_in_address`].
    pub fn by_address(conn: &mut Conn, address: &str) -> QueryResult<Option<Self>> {
        agents::table
            .filter(agents::email.eq(address))
            .filter(agents::disabled_at.is_null())
            .select(Self::as_select())
            .first(conn)
            .optional()
    }

    pub fn agent(&self) -> Agent {
        Agent {
            id: self.id,
            email: self.email.clone(),
            name: self.name.clone(),
        }
    }

    /// Until when nobody can sign in to it.
    pub fn locked(&self, now: At) -> Option<At> {
        self.locked_until.filter(|until| *until > now)
    }

    /// A code from a telephone was accepted once.
    pub fn is_enrolled(&self) -> bool {
        self.totp_secret.is_some() && self.totp_step > 0
    }
}

/// Counts a failure (password or code); the fifth locks the account, and answers until when.
pub(super) fn fail(tx: &mut Tx, id: Id) -> QueryResult<Option<At>> {
    let failed: i32 = diesel::update(agents::table.find(id))
        .set(agents::failed_count.eq(agents::failed_count + 1))
        .returning(agents::failed_count)
        .get_result(tx.conn())?;
    if failed < FAILURES {
        return Ok(None);
    }
    let until = At::new(tx.now().0 + LOCK);
    diesel::update(agents::table.find(id))
        .set((
            agents::failed_count.eq(0),
            agents::locked_until.eq(Some(until)),
        ))
        .execute(tx.conn())?;
    // Whoever keeps the machine sees that somebody tries passwords, or that an agent needs help.
    tracing::warn!(agent = %id, "an account is locked after too many wrong passwords or codes");
    Ok(Some(until))
}

/// A complete sign-in: earlier failures are forgotten.
pub(super) fn succeed(tx: &mut Tx, id: Id) -> QueryResult<()> {
    diesel::update(agents::table.find(id))
        .set((
            agents::failed_count.eq(0),
            agents::locked_until.eq(None::<At>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a hash that was computed before the transaction.
pub(super) fn keep_password(tx: &mut Tx, id: Id, password: &password::Hash) -> QueryResult<()> {
    diesel::update(agents::table.find(id))
        .set(agents::password_hash.eq(password.as_str()))
        .execute(tx.conn())?;
    Ok(())
}

/// Proposes a second factor: a new salt, which counts for nothing until a code confirms it.
pub(super) fn propose(tx: &mut Tx, id: Id) -> QueryResult<String> {
    let salt = BASE64URL_NOPAD.encode(&tx.secret());
    diesel::update(agents::table.find(id))
        .set((
            agents::totp_secret.eq(Some(&salt)),
            agents::totp_step.eq(0_i64),
        ))
        .execute(tx.conn())?;
    Ok(salt)
}

/// Takes back a proposal that nobody confirmed, so that what an earlier visitor saw is worth nothing.
pub(super) fn withdraw_proposal(tx: &mut Tx, id: Id) -> QueryResult<()> {
    diesel::update(agents::table.find(id).filter(agents::totp_step.eq(0_i64)))
        .set(agents::totp_secret.eq(None::<String>))
        .execute(tx.conn())?;
    Ok(())
}

/// Accepts the code of that time step, once: `false` when it, or a later one, was used already.
pub(super) fn use_step(tx: &mut Tx, id: Id, step: i64) -> QueryResult<bool> {
    let used = diesel::update(agents::table.find(id).filter(agents::totp_step.lt(step)))
        .set(agents::totp_step.eq(step))
        .execute(tx.conn())?;
    Ok(used == 1)
}

/// The form an address is looked up in: small letters, no spaces around it, at most 254 characters.
pub(super) fn sign_in_address(typed: &str) -> String {
    typed.trim().to_lowercase().chars().take(254).collect()
}
