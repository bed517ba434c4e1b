//! Sessions: who is at the desk now. A session is a row, so it can be listed and ended; the browser
//! holds a token of 32 random bytes and the row only its SHA-256. It ends 12 hours after it was
//! opened, or after an hour in which nothing was asked.

use crate::db::schema::sessions;
use crate::db::{At, Conn, Id, Tx};
use crate::secret;
use chrono::Duration;
use data_encoding::BASE64URL_NOPAD;
use diesel::prelude::*;
use std::fmt;

/// A session lasts no longer.
pub const LONGEST: Duration = Duration::hours(12);
/// Nor longer than this without a request.
pub const IDLE: Duration = Duration::minutes(60);
/// How long one may take between the password and the code.
pub const HALF_WAY: Duration = Duration::minutes(10);
/// `seen_at` is written no more often.
const TOUCH: Duration = Duration::minutes(1);

/// What the browser's cookie holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// A row of `sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub id: Id,
    #[diesel(column_name = agent_id)]
    pub agent: Id,
    /// The browser and the system, for the list of one's sessions: "Firefox · Windows".
    pub label: String,
    /// The code from the telephone was given too.
    pub second_factor: bool,
    pub created_at: At,
    pub seen_at: At,
    pub expires_at: At,
}

impl Token {
    /// Reads a cookie; `None` when it cannot be one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == 32).then(|| Self(text.to_owned()))
    }

    /// For the cookie, and nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(super) fn hash(&self) -> String {
        secret::hash(self.0.as_bytes())
    }

    fn new(tx: &Tx) -> Self {
        Self(BASE64URL_NOPAD.encode(&tx.secret()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Session {
    /// Whether it still counts at that moment.
    pub fn is_alive(&self, now: At) -> bool {
        now < self.expires_at && now.0 < self.seen_at.0 + IDLE
    }

    /// Whether [`Session::touch`] is due: at most once a minute.
    pub fn wants_touch(&self, now: At) -> bool {
        now.0 >= self.seen_at.0 + TOUCH
    }

    /// Notes that the agent is still there.
    pub fn touch(&self, tx: &mut Tx) -> QueryResult<()> {
        diesel::update(sessions::table.filter(sessions::id.eq(self.id)))
            .set(sessions::seen_at.eq(tx.now()))
            .execute(tx.conn())?;
        Ok(())
    }
}

/// Opens a session; its token is told once. One that waits for the second factor lasts
/// [`HALF_WAY`], a complete one [`LONGEST`].
pub(super) fn open(
    tx: &mut Tx,
    agent: Id,
    label: String,
    second_factor: bool,
) -> QueryResult<(Token, Session)> {
    let token = Token::new(tx);
    let now = tx.now();
    let lasts = if second_factor { LONGEST } else { HALF_WAY };
    let session = Session {
        id: tx.new_id(),
        agent,
        label,
        second_factor,
        created_at: now,
        seen_at: now,
        expires_at: At::new(now.0 + lasts),
    };
    diesel::insert_into(sessions::table)
        .values((
            sessions::token_hash.eq(token.hash()),
            sessions::id.eq(session.id),
            sessions::agent_id.eq(session.agent),
            sessions::label.eq(&session.label),
            sessions::second_factor.eq(session.second_factor),
            sessions::created_at.eq(session.created_at),
            sessions::seen_at.eq(session.seen_at),
            sessions::expires_at.eq(session.expires_at),
        ))
        .execute(tx.conn())?;
    Ok((token, session))
}

/// The living session of a token.
pub(super) fn of(conn: &mut Conn, token: &Token, now: At) -> QueryResult<Option<Session>> {
    let session: Option<Session> = sessions::table
        .find(token.hash())
        .select(Session::as_select())
        .first(conn)
        .optional()?;
    Ok(session.filter(|session| session.is_alive(now)))
}

/// Whether the session is still there: it may have ended since it was loaded.
pub(super) fn exists(conn: &mut Conn, id: Id, now: At) -> QueryResult<bool> {
    let session: Option<Session> = sessions::table
        .filter(sessions::id.eq(id))
        .select(Session::as_select())
        .first(conn)
        .optional()?;
    Ok(session.is_some_and(|session| session.is_alive(now)))
}

/// An agent's own complete sessions, the last seen first.
pub fn list(conn: &mut Conn, agent: Id, now: At) -> QueryResult<Vec<Session>> {
    let mut list: Vec<Session> = sessions::table
        .filter(sessions::agent_id.eq(agent))
        .filter(sessions::second_factor.eq(true))
        .order(sessions::seen_at.desc())
        .limit(100)
        .select(Session::as_select())
        .load(conn)?;
    list.retain(|session| session.is_alive(now));
    Ok(list)
}

/// Ends one of the agent's own sessions; `false` when it is not theirs or is gone.
pub fn end(tx: &mut Tx, agent: Id, session: Id) -> QueryResult<bool> {
    let ended = diesel::delete(
        sessions::table
            .filter(sessions::id.eq(session))
            .filter(sessions::agent_id.eq(agent)),
    )
    .execute(tx.conn())?;
    Ok(ended == 1)
}

/// Ends all sessions of the agent but this one; answers how many.
pub fn end_others(tx: &mut Tx, keep: &Session) -> QueryResult<usize> {
    diesel::delete(
        sessions::table
            .filter(sessions::agent_id.eq(keep.agent))
            .filter(sessions::id.ne(keep.id)),
    )
    .execute(tx.conn())
}

/// Ends the session of a token, whoever it is: signing out.
pub fn sign_out(tx: &mut Tx, token: &Token) -> QueryResult<()> {
    diesel::delete(sessions::table.find(token.hash())).execute(tx.conn())?;
    Ok(())
}

/// Ends all sessions of an agent.
pub(super) fn end_all(tx: &mut Tx, agent: Id) -> QueryResult<()> {
    diesel::delete(sessions::table.filter(sessions::agent_id.eq(agent))).execute(tx.conn())?;
    Ok(())
}

/// Ends the agent's sessions that wait for a second factor.
pub(super) fn end_half_way(tx: &mut Tx, agent: Id) -> QueryResult<()> {
    diesel::delete(
        sessions::table
            .filter(sessions::agent_id.eq(agent))
            .filter(sessions::second_factor.eq(false)),
    )
    .execute(tx.conn())?;
    Ok(())
}

/// Takes away the sessions that are over; answers how many.
pub fn tidy(tx: &mut Tx) -> QueryResult<usize> {
    let now = tx.now();
    let idle = At::new(now.0 - IDLE);
    diesel::delete(
        sessions::table.filter(sessions::expires_at.le(now).or(sessions::seen_at.le(idle))),
    )
    .execute(tx.conn())
}

/// "Firefox · Windows" from a browser's own long description. Only words of ours come out.
pub fn label(user_agent: &str) -> String {
    // An order matters where one browser also claims to be another.
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ];
    let find = |among: &[(&str, &'static str)], other| {
        among
            .iter()
            .find(|(sign, _)| user_agent.contains(sign))
            .map_or(other, |(_, word)| *word)
    };
    let browser = find(&BROWSERS, "Navigateur");
    let system = find(&SYSTEMS, "appareil inconnu");
    format!("{browser} · {system}")
}
