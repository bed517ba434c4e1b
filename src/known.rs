//! Browsers that have shown a right code, or through which an agent has signed in. They keep a cookie
//! that says so, under a name of its own, and have a budget of wrong tries of their own: strangers on the
//! same network, and guesses from elsewhere, do not shut them out.
//!
//! The cookie is a MAC with the site's key over the name, what it was earned with, and an hour of expiry.
//! Nothing is stored, and it opens nothing: the code, or the password and the second factor, are asked all
//! the same. See decision 0016.

use crate::secret::{self, Key};
use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;

/// Bytes of a name, of an expiry and of a MAC.
const NAME: usize = 16;
const EXPIRY: usize = 8;
const MAC: usize = 24;

/// What a browser has earned its budget with. One does not stand for the other.
#[derive(Clone, Copy, Debug)]
pub enum Earned<'a> {
    /// It has shown the code of a draft or a request.
    Code,
    /// An agent of that address has signed in through it.
    SignIn(&'a str),
}

/// A browser that is known. Budgets are counted under its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known([u8; NAME]);

impl Earned<'_> {
    fn words(&self) -> [&[u8]; 2] {
        match self {
            Self::Code => [b"code", b""],
            Self::SignIn(address) => [b"sign-in", address.as_bytes()],
        }
    }
}

impl Known {
    /// A browser that becomes known; `secret` is a drawn one.
    pub fn named(secret: [u8; 32]) -> Self {
        let mut name = [0; NAME];
        name.copy_from_slice(&secret[..NAME]);
        Self(name)
    }

    /// The one a cookie names, when it was earned so and has not expired.
    pub fn of(key: &Key, earned: Earned<'_>, cookie: &str, now: DateTime<Utc>) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(cookie.as_bytes()).ok()?;
        let (name, rest) = bytes.split_first_chunk::<NAME>()?;
        let (expiry, given) = rest.split_first_chunk::<EXPIRY>()?;
        let mac = seal(key, earned, name, *expiry);
        let holds =
            secret::same(&mac[..MAC], given) && i64::from_be_bytes(*expiry) > now.timestamp();
        holds.then_some(Self(*name))
    }

    /// The first that one of these cookies names.
    pub fn among(
        key: &Key,
        earned: Earned<'_>,
        cookies: &[String],
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let mut cookies = cookies.iter();
        cookies.find_map(|cookie| Self::of(key, earned, cookie, now))
    }

    /// The cookie it keeps for that long.
    pub fn cookie(
        &self,
        key: &Key,
        earned: Earned<'_>,
        now: DateTime<Utc>,
        lasts: Duration,
    ) -> String {
        let expiry = (now + lasts).timestamp().to_be_bytes();
        let mac = seal(key, earned, &self.0, expiry);
        let mut bytes = Vec::with_capacity(NAME + EXPIRY + MAC);
        bytes.extend_from_slice(&self.0);
        bytes.extend_from_slice(&expiry);
        bytes.extend_from_slice(&mac[..MAC]);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// What its tries are counted under.
    pub fn budget(&self, of: &str) -> String {
        format!("known:{of}:{}", BASE64URL_NOPAD.encode(&self.0))
    }
}

fn seal(key: &Key, earned: Earned<'_>, name: &[u8], expiry: [u8; EXPIRY]) -> [u8; 32] {
    let [word, whose] = earned.words();
    key.mac(&[b"known", word, whose, name, &expiry])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_known_for_what_it_showed_until_its_cookie_expires_and_for_nothing_else() {
        let key = Key::new([1; 32]);
        let now = DateTime::UNIX_EPOCH + Duration::days(20_000);
        let known = Known::named([7; 32]);
        let julie = Earned::SignIn("julie@exemple.be");
        let cookie = known.cookie(&key, julie, now, Duration::days(90));
        assert_eq!(Known::of(&key, julie, &cookie, now), Some(known));
        for (key, earned, days) in [
            (Key::new([2; 32]), julie, 0),
            (key.clone(), Earned::SignIn("marc@exemple.be"), 0),
            (key.clone(), Earned::Code, 0),
            (key.clone(), julie, 91),
        ] {
            let then = now + Duration::days(days);
            assert_eq!(Known::of(&key, earned, &cookie, then), None, "{earned:?}");
        }
        for forged in ["", "x", "AAAA", &cookie[1..], &format!("{cookie}A")] {
            assert_eq!(Known::of(&key, julie, forged, now), None, "{forged}");
        }
    }
}
