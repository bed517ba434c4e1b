//! The token of a form: it proves that the form was drawn for this browser, not long ago. A MAC with the
//! site's key over the browser's own cookie and an hour of expiry; nothing is stored.

use crate::secret::{self, Key};
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;

/// Seconds a form may stay open.
const LIFE: i64 = 12 * 3600;

/// A token for the forms of a page drawn now.
pub fn make(key: &Key, visitor: &str, now: DateTime<Utc>) -> String {
    let expiry = (now.timestamp() + LIFE).to_be_bytes();
    let mac = seal(key, visitor, expiry);
    let mut token = Vec::with_capacity(8 + 24);
    token.extend_from_slice(&expiry);
    token.extend_from_slice(&mac[..24]);
    BASE64URL_NOPAD.encode(&token)
}

/// True for a token of this visitor that has not expired.
pub fn holds(key: &Key, visitor: &str, token: &str, now: DateTime<Utc>) -> bool {
    let Ok(bytes) = BASE64URL_NOPAD.decode(token.as_bytes()) else {
        return false;
    };
    let Some((expiry, given)) = bytes.split_first_chunk::<8>() else {
        return false;
    };
    let mac = seal(key, visitor, *expiry);
    secret::same(&mac[..24], given) && i64::from_be_bytes(*expiry) > now.timestamp()
}

fn seal(key: &Key, visitor: &str, expiry: [u8; 8]) -> [u8; 32] {
    key.mac(&[b"form", visitor.as_bytes(), &expiry])
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    #[test]
    fn a_token_holds_for_its_visitor_until_it_expires_and_for_nobody_else() {
        let key = Key::new([1; 32]);
        let now = DateTime::UNIX_EPOCH + Duration::days(20_000);
        let token = make(&key, "anne", now);
        assert!(holds(&key, "anne", &token, now));
        assert!(holds(&key, "anne", &token, now + Duration::hours(11)));
        assert!(!holds(&key, "anne", &token, now + Duration::hours(13)));
        assert!(!holds(&key, "paul", &token, now));
        assert!(!holds(&Key::new([2; 32]), "anne", &token, now));
        for forged in ["", "x", "AAAA", &token[1..], &format!("{token}A")] {
            assert!(!holds(&key, "anne", forged, now), "{forged}");
        }
    }
}
