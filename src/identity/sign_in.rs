//! Signing in, first half: the address and the password. The answer is the same, and takes as long,
//! whether the address is unknown or the password wrong; an unknown address locks as a known one does.
//!
//! Three steps, because a hash is too slow for a transaction: count the try and read the account;
//! compare the password; write what came of it. The last step looks again, so that tries made at once
//! are all counted.
//!
//! A browser through which that very address has signed in before ([`Known`]) has tries of its own:
//! strangers at its network, and guesses at the account from elsewhere, do not shut its agent out. Its
//! wrong ones are as few as an account's.

use super::account::{self, Account, Agent};
use super::password;
use super::scope::Needs;
use super::session::{self, Token};
use crate::db::{At, Db, Error, Tx};
use crate::known::{Earned, Known};
use crate::limit::{self, Verdict};
use crate::secret::Key;
use chrono::Duration;
use diesel::QueryResult;
use std::net::IpAddr;

const WINDOW: Duration = Duration::minutes(15);
/// Tries of one address in a window, right or wrong.
const PER_ADDRESS: i32 = 20;
/// Tries from one network in a window, right or wrong: a whole town hall comes from one.
const PER_NETWORK: i32 = 300;
/// Wrong ones from one network in a window: more than a whole town hall mistypes on the first day back.
const WRONG_PER_NETWORK: i32 = 60;

/// What somebody typed at the door, and where they stand.
#[derive(Clone)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    /// Where the request comes from.
    pub address: IpAddr,
    /// The browser's description of itself.
    pub user_agent: String,
    /// The session this browser had; it ends.
    pub previous: Option<Token>,
    /// The cookies of a browser that has signed in before, for whomever.
    pub known: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum SignedIn {
    /// The password is right. The session opens nothing until the second factor is passed.
    Welcome {
        agent: Agent,
        token: Token,
        needs: Needs,
    },
    /// No account has that address, or the password is another. Nobody is told which.
    Wrong,
    /// Too many tries, of this address or from this place; nothing is tried before then.
    Locked { until: At },
}

enum Begun {
    Stop(At),
    Compare(Option<Account>),
}

impl SignIn {
    /// Tries to sign in.
    pub async fn run(self, db: &Db, key: &Key) -> Result<SignedIn, Error> {
        let email = account::sign_in_address(&self.email);
        let now = db.clock().now();
        let from = From {
            place: limit::network(self.address),
            known: Known::among(key, Earned::SignIn(&email), &self.known, now),
        };
        let begun = {
            let (email, from) = (email.clone(), from.clone());
            db.write(move |tx| Ok::<_, Error>(begin(tx, &email, &from)?))
                .await?
        };
        let account = match begun {
            Begun::Stop(until) => return Ok(SignedIn::Locked { until }),
            Begun::Compare(account) => account,
        };
        let stored = account.as_ref().map(|a| a.password_hash.clone());
        let right = password::verify_later(self.password, stored).await?;
        let visitor = Visitor {
            label: session::label(&self.user_agent),
            previous: self.previous,
        };
        db.write(move |tx| {
            Ok(match account {
                Some(account) if right => welcome(tx, &account, visitor, &from)?,
                account => refuse(tx, account.as_ref(), &email, &from)?,
            })
        })
        .await
    }
}

struct Visitor {
    label: String,
    previous: Option<Token>,
}

/// From where somebody tries.
#[derive(Clone)]
struct From {
    place: String,
    /// The browser, when this address signed in through it before.
    known: Option<Known>,
}

/// What the wrong tries of a known browser are counted under.
pub(super) fn wrong_of(known: &Known) -> String {
    known.budget("wrong")
}

/// Until when a known browser tries nothing more.
pub(super) fn stopped(tx: &mut Tx, known: &Known) -> QueryResult<Verdict> {
    let (key, now) = (wrong_of(known), tx.now());
    limit::look(tx.conn(), &key, account::FAILURES, account::LOCK, now)
}

/// Counts a wrong try of a known browser; answers until when it tries nothing more.
pub(super) fn fail_known(tx: &mut Tx, known: &Known) -> QueryResult<Option<At>> {
    let counted = limit::hit(tx, &wrong_of(known), account::FAILURES - 1, account::LOCK)?;
    Ok(match counted {
        Verdict::Allowed => None,
        Verdict::Exceeded { retry_after } => Some(At::new(tx.now().0 + retry_after)),
    })
}

fn tries(tx: &mut Tx, email: &str, from: &From) -> QueryResult<Vec<Verdict>> {
    let (now, place) = (tx.now(), &from.place);
    if let Some(known) = &from.known {
        return Ok(vec![
            limit::hit(tx, &known.budget("sign-in"), PER_ADDRESS, WINDOW)?,
            stopped(tx, known)?,
        ]);
    }
    Ok(vec![
        limit::hit(tx, &format!("sign-in:email:{email}"), PER_ADDRESS, WINDOW)?,
        limit::hit(tx, &format!("sign-in:from:{place}"), PER_NETWORK, WINDOW)?,
        limit::look(
            tx.conn(),
            &wrong_from(place),
            WRONG_PER_NETWORK,
            WINDOW,
            now,
        )?,
        limit::look(tx.conn(), &nobody_locked(email), 0, account::LOCK, now)?,
    ])
}

fn begin(tx: &mut Tx, email: &str, from: &From) -> QueryResult<Begun> {
    let now = tx.now();
    let wait = tries(tx, email, from)?
        .into_iter()
        .filter_map(|verdict| match verdict {
            Verdict::Allowed => None,
            Verdict::Exceeded { retry_after } => Some(retry_after),
        })
        .max();
    if let Some(wait) = wait {
        return Ok(Begun::Stop(At::new(now.0 + wait)));
    }
    let account = Account::by_address(tx.conn(), email)?;
    let locked = account.as_ref().and_then(|account| account.locked(now));
    Ok(match locked.filter(|_| from.known.is_none()) {
        Some(until) => Begun::Stop(until),
        None => Begun::Compare(account),
    })
}

fn welcome(
    tx: &mut Tx,
    compared: &Account,
    visitor: Visitor,
    from: &From,
) -> QueryResult<SignedIn> {
    // Looked at again: meanwhile it may be locked or closed, or its password changed.
    let Some(account) = Account::by_address(tx.conn(), &compared.email)?
        .filter(|account| account.password_hash == compared.password_hash)
    else {
        return Ok(SignedIn::Wrong);
    };
    let locked = account.locked(tx.now());
    if let Some(until) = locked.filter(|_| from.known.is_none()) {
        return Ok(SignedIn::Locked { until });
    }
    if let Some(previous) = visitor.previous {
        session::sign_out(tx, &previous)?;
    }
    // Only the last to give the password goes on to the code, and nobody enrols a telephone with a
    // secret that another visitor has seen.
    session::end_half_way(tx, account.id)?;
    account::withdraw_proposal(tx, account.id)?;
    let (token, _) = session::open(tx, account.id, visitor.label, false)?;
    Ok(SignedIn::Welcome {
        agent: account.agent(),
        token,
        needs: Needs::of(&account),
    })
}

fn refuse(
    tx: &mut Tx,
    account: Option<&Account>,
    email: &str,
    from: &From,
) -> QueryResult<SignedIn> {
    let locked = match (&from.known, account) {
        (Some(known), _) => fail_known(tx, known)?,
        (None, Some(account)) => account::fail(tx, account.id)?,
        (None, None) => fail_nobody(tx, email)?,
    };
    limit::hit(tx, &wrong_from(&from.place), WRONG_PER_NETWORK, WINDOW)?;
    Ok(locked.map_or(SignedIn::Wrong, |until| SignedIn::Locked { until }))
}

/// An address nobody has locks after as many failures, and as long, as an account.
fn fail_nobody(tx: &mut Tx, email: &str) -> QueryResult<Option<At>> {
    let count = format!("sign-in:nobody:{email}");
    if limit::hit(tx, &count, account::FAILURES - 1, limit::LONGEST)?.is_allowed() {
        return Ok(None);
    }
    limit::clear(tx, &count)?;
    limit::clear(tx, &nobody_locked(email))?;
    limit::hit(tx, &nobody_locked(email), 0, account::LOCK)?;
    Ok(Some(At::new(tx.now().0 + account::LOCK)))
}

fn wrong_from(place: &str) -> String {
    format!("sign-in:wrong:{place}")
}

fn nobody_locked(email: &str) -> String {
    format!("sign-in:nobody-locked:{email}")
}
