//! Signing in, second half: the code from the telephone, asked of everybody. At the first sign-in the
//! telephone is enrolled: a secret is shown once, and one right code confirms it. A code counts once.
//! Passing gives a new token; the one that had only seen the password opens nothing more. It makes the
//! browser known: its next tries are its own, whatever strangers do to the account meanwhile.

use super::account::{self, Account, Agent};
use super::session::{self, Session, Token};
use super::sign_in::{fail_known, stopped, wrong_of};
use super::totp::{Totp, qr_svg};
use crate::db::{At, Conn, Id, Tx};
use crate::known::{Earned, Known};
use crate::limit::{self, Verdict};
use crate::secret::Key;
use chrono::Duration;
use diesel::QueryResult;

/// How long a browser that signed in stays known.
pub const KNOWN_FOR: Duration = Duration::days(90);

/// What is shown to enrol a telephone.
#[derive(Clone)]
pub struct Enrolment {
    /// An SVG drawing to point the telephone at.
    pub qr: String,
    /// The same secret, to type by hand: base 32 in groups of four.
    pub spelled: String,
    /// The same as an `otpauth:` link, for an application on this very device.
    pub uri: String,
}

/// What came of a code.
#[derive(Clone, Debug)]
pub enum Passed {
    /// Signed in: this token takes the place of the one before.
    Welcome {
        token: Token,
        session: Session,
        /// The cookie this browser is known by from now on.
        known: String,
    },
    /// Not the code of this moment, or one that was used.
    Wrong,
    /// Too many wrong ones: the session has ended, and nothing is tried before then.
    Locked { until: At },
    /// The session had passed already, has ended, or no enrolment was begun: start again.
    StartAgain,
}

/// What to show so that the agent of this half-way session enrols a telephone: the same at each
/// reading, until it is confirmed or the agent signs in anew. `None` when one is enrolled already.
pub fn enrolment(
    tx: &mut Tx,
    key: &Key,
    session: &Session,
    issuer: &str,
) -> QueryResult<Option<Enrolment>> {
    let Some(account) = waiting(tx, session)?.filter(|account| !account.is_enrolled()) else {
        return Ok(None);
    };
    let salt = match account.totp_secret {
        Some(salt) => salt,
        None => account::propose(tx, account.id)?,
    };
    let totp = Totp::of(key, account.id, &salt);
    let uri = totp.uri(issuer, &account.email);
    Ok(Some(Enrolment {
        qr: qr_svg(&uri, "Code QR à lire avec votre téléphone").unwrap_or_default(),
        spelled: totp.spelled(),
        uri,
    }))
}

/// Gives the code of this moment: confirms an enrolment, or passes the second factor.
pub fn pass(
    tx: &mut Tx,
    key: &Key,
    session: &Session,
    typed: &str,
    cookies: &[String],
) -> QueryResult<Passed> {
    let Some(account) = waiting(tx, session)? else {
        return Ok(Passed::StartAgain);
    };
    let Some(salt) = &account.totp_secret else {
        return Ok(Passed::StartAgain);
    };
    let (now, earned) = (tx.now(), Earned::SignIn(&account.email));
    let known = Known::among(key, earned, cookies, now.0);
    let locked = match &known {
        Some(known) => match stopped(tx, known)? {
            Verdict::Allowed => None,
            Verdict::Exceeded { retry_after } => Some(At::new(now.0 + retry_after)),
        },
        None => account.locked(now),
    };
    if let Some(until) = locked {
        session::end(tx, account.id, session.id)?;
        return Ok(Passed::Locked { until });
    }
    let step = Totp::of(key, account.id, salt).step_of(typed, tx.now());
    let accepted = match step {
        Some(step) => account::use_step(tx, account.id, step)?,
        None => false,
    };
    if !accepted {
        let locked = match &known {
            Some(known) => fail_known(tx, known)?,
            None => account::fail(tx, account.id)?,
        };
        if locked.is_some() {
            session::end(tx, account.id, session.id)?;
        }
        return Ok(locked.map_or(Passed::Wrong, |until| Passed::Locked { until }));
    }
    match &known {
        // What strangers tried at the account stays counted: an agent at work gives them no new tries.
        Some(known) => limit::clear(tx, &wrong_of(known))?,
        None => account::succeed(tx, account.id)?,
    }
    let known = known.unwrap_or_else(|| Known::named(tx.secret()));
    let cookie = known.cookie(key, earned, now.0, KNOWN_FOR);
    session::end(tx, account.id, session.id)?;
    let (token, session) = session::open(tx, account.id, session.label.clone(), true)?;
    Ok(Passed::Welcome {
        token,
        session,
        known: cookie,
    })
}

/// Enrols an agent without a telephone, for the demonstration and for tests; answers the generator
/// that stands for it.
pub fn enrol_unseen(tx: &mut Tx, key: &Key, agent: &Agent) -> QueryResult<Totp> {
    let salt = account::propose(tx, agent.id)?;
    account::use_step(tx, agent.id, 1)?;
    Ok(Totp::of(key, agent.id, &salt))
}

/// The generator of an enrolled agent: only the demonstration, which shows its accounts' codes, and
/// tests may ask.
pub fn generator(conn: &mut Conn, key: &Key, agent: Id) -> QueryResult<Option<Totp>> {
    let account = Account::find(conn, agent)?;
    Ok(account
        .and_then(|account| account.totp_secret)
        .map(|salt| Totp::of(key, agent, &salt)))
}

/// The account of a session that waits for its second factor and is still there.
fn waiting(tx: &mut Tx, session: &Session) -> QueryResult<Option<Account>> {
    let now = tx.now();
    if session.second_factor || !session::exists(tx.conn(), session.id, now)? {
        return Ok(None);
    }
    let account = Account::find(tx.conn(), session.agent)?;
    Ok(account.filter(|account| account.disabled_at.is_none()))
}
