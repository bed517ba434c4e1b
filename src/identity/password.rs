//! Passwords: what one must be, and its hash (Argon2id, 19 MiB, 2 passes, as OWASP asks). Hashing is
//! slow on purpose: [`hash`] and [`verify`] are plain functions for a thread that may block, never
//! for a transaction; [`hash_later`] and [`verify_later`] send them there, few at a time.
//!
//! Length is what makes a password good; no sign or capital is asked for.

use super::account::{self, Account};
use super::session::{self, Session};
use crate::belgium::Mend;
use crate::db::{At, Db, Error, blocking};
use crate::limit::{self, Verdict};
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::Duration;
use std::fmt;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// Fewest characters of a password.
pub const SHORTEST: usize = 12;
/// Most characters of a password.
pub const LONGEST: usize = 256;
/// Fewest different characters, so that a held-down key is no password.
const FEWEST_DIFFERENT: usize = 5;

/// 19 MiB: each hash under way holds as much.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Hashes under way at once: they take a core and 19 MiB each, whoever asks for them.
static ROOM: Semaphore = Semaphore::const_new(2);

const CHANGES: i32 = 5;
const CHANGES_WINDOW: Duration = Duration::minutes(15);

/// A password somebody chose, fit to be one.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// A password's hash, in the PHC form (`$argon2id$…`).
#[derive(Clone, PartialEq, Eq)]
pub struct Hash(String);

/// Why a password cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`SHORTEST`] characters.
    #[error("the password is too short")]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("the password is too long")]
    TooLong,
    /// The same few characters over and over.
    #[error("the password repeats the same few characters")]
    TooPlain,
}

impl Mend for PasswordError {
    fn mend(&self) -> String {
        match self {
            Self::TooShort => format!(
                "Choisissez un mot de passe d’au moins {SHORTEST}\u{a0}caractères, par exemple quatre mots sans lien entre eux."
            ),
            Self::TooLong => {
                format!("Choisissez un mot de passe d’au plus {LONGEST}\u{a0}caractères.")
            }
            Self::TooPlain => {
                "Ce mot de passe répète les mêmes caractères. Choisissez-en un plus varié, par exemple quatre mots sans lien entre eux.".to_owned()
            }
        }
    }
}

/// The hash could not be computed (no memory for it).
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed: {0}")]
pub struct HashError(argon2::password_hash::Error);

/// What came of changing one's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is changed, and every other session of the agent has ended.
    Done,
    /// The current password was not the one typed.
    WrongCurrent,
    /// Too many wrong ones; nothing is tried before then.
    Locked { until: At },
}

impl Password {
    /// Reads a chosen password. Letters typed in two ways (é, e + ´) are the same password.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let password = Self::demo(text)?;
        let mut different: Vec<char> = password.0.chars().collect();
        let length = different.len();
        different.sort_unstable();
        different.dedup();
        if length < SHORTEST {
            Err(PasswordError::TooShort)
        } else if different.len() < FEWEST_DIFFERENT {
            Err(PasswordError::TooPlain)
        } else {
            Ok(password)
        }
    }

    /// The password of a demo account, which everybody may know: it may be short.
    pub fn demo(text: &str) -> Result<Self, PasswordError> {
        // Normalising a long text is work too: four bytes a character is the most it can need.
        if text.len() > LONGEST * 4 {
            return Err(PasswordError::TooLong);
        }
        let text = normal(text);
        match text.chars().count() {
            0 => Err(PasswordError::TooShort),
            1..=LONGEST => Ok(Self(text)),
            _ => Err(PasswordError::TooLong),
        }
    }
}

impl Hash {
    /// For the column.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hash(…)")
    }
}

/// The hash of a password; `secret` (of [`Clock::secret`](crate::clock::Clock::secret)) is its salt.
/// Slow.
pub fn hash(password: &Password, secret: [u8; 32]) -> Result<Hash, HashError> {
    hasher()?
        .hash_password_with_salt(password.0.as_bytes(), &secret[..16])
        .map(|hash| Hash(hash.to_string()))
        .map_err(HashError)
}

/// Whether `typed` is the password of that stored hash. Without a hash (nobody has that address) it
/// takes as long and answers no, so that time does not tell who has an account. Slow.
pub fn verify(typed: &str, stored: Option<&str>) -> bool {
    let fits = typed.len() <= LONGEST * 4;
    let typed = if fits { normal(typed) } else { String::new() };
    let Ok(hasher) = hasher() else {
        return false;
    };
    if let Some(Ok(stored)) = stored.map(PasswordHash::new) {
        return hasher.verify_password(typed.as_bytes(), &stored).is_ok() && fits;
    }
    // The work of a verification, for nothing.
    let work = hasher.hash_password_with_salt(typed.as_bytes(), &[0; 16]);
    drop(std::hint::black_box(work));
    false
}

/// [`hash`] on a thread that may block.
pub async fn hash_later(password: Password, secret: [u8; 32]) -> Result<Hash, Error> {
    let place = ROOM.acquire().await;
    blocking(move || {
        // Held by the thread: it goes on when the visitor hangs up.
        let _place = place;
        // A hash that finds no memory is as fatal to its caller as a panic, and as rare.
        hash(&password, secret).map_err(|_| Error::Panicked)
    })
    .await
}

/// [`verify`] on a thread that may block.
pub async fn verify_later(typed: String, stored: Option<String>) -> Result<bool, Error> {
    let place = ROOM.acquire().await;
    blocking(move || {
        let _place = place;
        Ok::<_, Error>(verify(&typed, stored.as_deref()))
    })
    .await
}

/// An agent changes their own password: the current one is asked again, and every other session ends.
pub async fn change(
    db: &Db,
    session: &Session,
    current: String,
    new: Password,
) -> Result<Changed, Error> {
    let agent = session.agent;
    let key = format!("password:{agent}");
    let counted = key.clone();
    let (verdict, account) = db
        .write(move |tx| {
            let verdict = limit::hit(tx, &counted, CHANGES, CHANGES_WINDOW)?;
            Ok::<_, Error>((verdict, Account::find(tx.conn(), agent)?))
        })
        .await?;
    if let Verdict::Exceeded { retry_after } = verdict {
        let until = At::new(db.clock().now() + retry_after);
        return Ok(Changed::Locked { until });
    }
    let stored = account.map(|account| account.password_hash);
    if !verify_later(current, stored).await? {
        return Ok(Changed::WrongCurrent);
    }
    let hash = hash_later(new, db.clock().secret()).await?;
    let session = session.clone();
    db.write(move |tx| {
        limit::clear(tx, &key)?;
        account::keep_password(tx, agent, &hash)?;
        session::end_others(tx, &session)?;
        Ok(Changed::Done)
    })
    .await
}

fn normal(text: &str) -> String {
    text.nfkc().collect()
}

fn hasher() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|e| HashError(e.into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_another_is_not() {
        let password = Password::parse("quatre mots épars ici").unwrap();
        let hash = hash(&password, [7; 32]).unwrap();
        assert!(
            hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{}",
            hash.as_str()
        );
        assert!(verify("quatre mots épars ici", Some(hash.as_str())));
        // The same é, typed as e and an accent.
        assert!(verify("quatre mots e\u{301}pars ici", Some(hash.as_str())));
        assert!(!verify("quatre mots epars ici", Some(hash.as_str())));
        assert!(!verify("quatre mots épars ici", None));
        assert!(!verify("quatre mots épars ici", Some("not a hash")));
        assert!(!verify(&"x".repeat(1_000_000), Some(hash.as_str())));
    }

    #[test]
    fn a_short_a_long_and_a_plain_password_are_refused() {
        assert_eq!(Password::parse("onze signes"), Err(PasswordError::TooShort));
        assert_eq!(
            Password::parse(&"ab".repeat(20)),
            Err(PasswordError::TooPlain)
        );
        assert_eq!(
            Password::parse(&"abcdefghij".repeat(26)),
            Err(PasswordError::TooLong)
        );
        assert!(Password::parse("douze signes").is_ok());
        assert!(Password::parse(&"é".repeat(12)).is_err());
        assert!(Password::demo("demo").is_ok());
        assert!(Password::demo("").is_err());
    }

    #[test]
    fn a_password_and_its_hash_show_nothing_in_logs() {
        let password = Password::parse("quatre mots sans lien").unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
        assert_eq!(
            format!("{:?}", hash(&password, [1; 32]).unwrap()),
            "Hash(…)"
        );
    }
}
