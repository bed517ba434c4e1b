//! The site's key and the codes made with it. A code opens a draft or a request without an account;
//! the database holds only its hash, and the site's key makes it again when a mail must carry it. So a
//! stolen database opens nothing, and the key alone neither.

use crate::db::Id;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

/// Crockford's base 32: no I, L, O, U, so that a code can be read aloud and written by hand.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code: 80 bits.
const LENGTH: usize = 16;

/// The site's key: 32 bytes that are in no database.
#[derive(Clone)]
pub struct Key([u8; 32]);

/// What a code opens. A code of one purpose never opens another thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Draft,
    Tracking,
    Document,
}

/// Sixteen characters in four groups: `7K4M-2P93-QX8T-B5WD`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// Why a text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("a code has {LENGTH} characters")]
    Length,
    #[error("a code has only letters and digits")]
    Character,
}

impl Key {
    /// The key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE
            .decode(text.trim().as_bytes())
            .ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The 64 digits [`Key::parse`] reads; for the key file only.
    pub fn reveal(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }

    /// The code of that thing: always the same.
    pub fn code(&self, purpose: Purpose, id: Id) -> Code {
        let word = match purpose {
            Purpose::Draft => "draft",
            Purpose::Tracking => "tracking",
            Purpose::Document => "document",
        };
        let mac = self.mac(&[b"code", word.as_bytes(), id.0.as_bytes()]);
        Code(letters(&mac).take(LENGTH).collect())
    }

    /// HMAC-SHA256 of length-prefixed parts.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC takes a key of any length; the error exists only in the trait.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return [0; 32];
        };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Code {
    /// Reads what a person typed: any case, any grouping, O for 0, I and L for 1.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let mut code = String::with_capacity(LENGTH);
        for c in text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '·' | '.' | '–'))
        {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                'U' => 'V',
                c => c,
            };
            if !c.is_ascii() || !ALPHABET.contains(&(c as u8)) {
                return Err(CodeError::Character);
            }
            code.push(c);
            if code.len() > LENGTH {
                return Err(CodeError::Length);
            }
        }
        if code.len() == LENGTH {
            Ok(Self(code))
        } else {
            Err(CodeError::Length)
        }
    }

    /// What the database keeps: SHA-256, hexadecimal.
    pub fn hash(&self) -> String {
        hash(self.0.as_bytes())
    }

    /// The plain sixteen characters, for addresses.
    pub fn compact(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    /// In four groups of four, as it is shown and read aloud.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, c) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// A request's reference, from random bytes: eight characters with a digit at every third place, so
/// that no word can appear (`7K4·M2P·93`). It is quoted, never a key.
pub fn reference(random: &[u8; 32]) -> String {
    random
        .iter()
        .take(8)
        .enumerate()
        .map(|(at, byte)| {
            let among: &[u8] = if at % 3 == 2 {
                b"23456789"
            } else {
                b"23456789ABCDEFGHJKMNPQRSTVWXYZ"
            };
            char::from(among[usize::from(*byte) % among.len()])
        })
        .collect()
}

/// The reference as it is shown: `7K4·M2P·93`.
pub fn show_reference(reference: &str) -> String {
    let chars: Vec<char> = reference.chars().collect();
    chars
        .chunks(3)
        .map(String::from_iter)
        .collect::<Vec<_>>()
        .join("·")
}

/// The reference in what a person typed: letters and digits, upper case.
pub fn read_reference(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .take(16)
        .collect()
}

/// SHA-256, hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Compares without telling how far two texts agree.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

fn letters(bytes: &[u8]) -> impl Iterator<Item = char> + '_ {
    bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let key = Key::new([7; 32]);
        let code = key.code(Purpose::Draft, Id(Uuid::nil()));
        let shown = code.to_string();
        assert_eq!(shown.len(), 19);
        assert_eq!(Code::parse(&shown), Ok(code.clone()));
        assert_eq!(
            Code::parse(&shown.to_lowercase().replace('-', " ")),
            Ok(code.clone())
        );
        assert_eq!(
            Code::parse("O0I1-LLLL-0000-0000").map(|c| c.0),
            Ok("0011111100000000".into())
        );
        assert_eq!(Code::parse("7K4M"), Err(CodeError::Length));
        assert_eq!(
            Code::parse("7K4M-2P93-QX8T-B5W!"),
            Err(CodeError::Character)
        );
        assert_eq!(Code::parse(&"7".repeat(100_000)), Err(CodeError::Length));
    }

    #[test]
    fn a_code_of_one_purpose_opens_nothing_else() {
        let key = Key::new([7; 32]);
        let id = Id(Uuid::from_u128(3));
        assert_ne!(
            key.code(Purpose::Draft, id),
            key.code(Purpose::Tracking, id)
        );
        assert_ne!(
            key.code(Purpose::Draft, id),
            Key::new([8; 32]).code(Purpose::Draft, id)
        );
    }

    #[test]
    fn a_reference_has_a_digit_at_every_third_place_and_is_shown_in_groups() {
        let reference = reference(&[255; 32]);
        assert_eq!(reference.len(), 8);
        assert!(
            reference
                .chars()
                .skip(2)
                .step_by(3)
                .all(|c| c.is_ascii_digit()),
            "{reference}"
        );
        assert_eq!(show_reference("7K4M2P93"), "7K4·M2P·93");
        assert_eq!(read_reference(" 7k4·m2p·93 "), "7K4M2P93");
    }
}
