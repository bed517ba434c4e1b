//! An account number. Any country's IBAN is taken (crate `iban_validate` knows
//! the shape of each); a Belgian one is also judged by its own two last digits.
//! No list of banks is kept: a bank that is born tomorrow is not refused.

use std::fmt;

use iban::{IbanLike, ParseBaseIbanError, ParseIbanError};
use thiserror::Error;

use super::digits;
use super::value::{kept_as_text, masked_in_logs};

/// The longest IBAN that the standard allows.
const LONGEST: usize = 34;
/// Letters and digits of a Belgian IBAN.
const BELGIAN: usize = 16;

/// An IBAN whose check digits are right. Capitals and digits, no space.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Iban(String);

/// Why it is not an IBAN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IbanError {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// Something that is neither a letter nor a digit.
    #[error("{found:?} does not belong in an IBAN")]
    NotAllowed {
        /// The first character that is out of place.
        found: char,
    },
    /// It does not start with two letters and two digits. Twelve digits alone
    /// are an old Belgian account number.
    #[error("an IBAN starts with the two letters of a country and two digits")]
    NoCountry,
    /// No country has this code, or the country has no IBAN.
    #[error("the country of this IBAN is not known")]
    UnknownCountry,
    /// Some characters are missing (Belgian accounts).
    #[error("{missing} characters are missing")]
    TooShort {
        /// How many.
        missing: usize,
    },
    /// There are too many characters.
    #[error("there are {extra} characters too many")]
    TooLong {
        /// How many.
        extra: usize,
    },
    /// The length or the place of letters is not that country's.
    #[error("this is not the shape of an account of that country")]
    WrongShape,
    /// The check digits do not agree with the rest: a typing error.
    #[error("the check digits are wrong")]
    BadChecksum,
}

impl Iban {
    /// Reads what was typed: any spaces, dots or dashes, small letters, the
    /// word IBAN in front.
    pub fn parse(input: &str) -> Result<Self, IbanError> {
        let text = compact(input)?;
        let text = text.strip_prefix("IBAN").unwrap_or(&text);
        if text.is_empty() {
            return Err(IbanError::Empty);
        }
        let (letters, rest) = text.split_at(text.len().min(2));
        if letters.len() < 2 || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(IbanError::NoCountry);
        }
        if letters == "BE" {
            measure(text, BELGIAN)?;
        }
        if !rest.bytes().take(2).all(|b| b.is_ascii_digit()) || rest.len() < 2 {
            return Err(IbanError::NoCountry);
        }
        match text.parse::<iban::Iban>() {
            Ok(iban) if belgian_check_is_wrong(iban.electronic_str()) => {
                Err(IbanError::BadChecksum)
            }
            Ok(iban) => Ok(Self(iban.electronic_str().to_owned())),
            Err(ParseIbanError::InvalidBaseIban {
                source: ParseBaseIbanError::InvalidChecksum,
            }) => Err(IbanError::BadChecksum),
            Err(ParseIbanError::UnknownCountry(_)) => Err(IbanError::UnknownCountry),
            Err(_) => Err(IbanError::WrongShape),
        }
    }

    /// The two letters of the account's country.
    pub fn country_code(&self) -> &str {
        &self.0[..2]
    }

    /// `BE71 **** 6769`: enough for its owner to recognise it.
    pub fn masked(&self) -> String {
        let n = &self.0;
        format!("{} **** {}", &n[..4], &n[n.len() - 4..])
    }
}

/// Capitals and digits only, refusing everything but separators.
fn compact(input: &str) -> Result<String, IbanError> {
    let mut text = String::new();
    for c in input.chars() {
        if c.is_ascii_alphanumeric() {
            text.push(c.to_ascii_uppercase());
        } else if !(c.is_whitespace() || matches!(c, '.' | '-' | ':')) {
            return Err(IbanError::NotAllowed { found: c });
        }
    }
    let length = text.strip_prefix("IBAN").unwrap_or(&text).len();
    if length > LONGEST {
        return Err(IbanError::TooLong {
            extra: length - LONGEST,
        });
    }
    Ok(text)
}

fn measure(text: &str, length: usize) -> Result<(), IbanError> {
    match text.len() {
        shorter if shorter < length => Err(IbanError::TooShort {
            missing: length - shorter,
        }),
        longer if longer > length => Err(IbanError::TooLong {
            extra: longer - length,
        }),
        _ => Ok(()),
    }
}

/// The national check: the last two digits are the remainder by 97 of the ten
/// before them, 97 when there is none.
fn belgian_check_is_wrong(iban: &str) -> bool {
    let Some(account) = iban.strip_prefix("BE") else {
        return false;
    };
    let (base, check) = (
        digits::value(&account[2..12]),
        digits::value(&account[12..]),
    );
    check != if base % 97 == 0 { 97 } else { base % 97 }
}

/// `BE71 0961 2345 6769`
impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, c) in self.0.chars().enumerate() {
            if place > 0 && place.is_multiple_of(4) {
                f.write_str("\u{a0}")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}

kept_as_text!(Iban, IbanError, Iban::parse);
masked_in_logs!(Iban, Iban::masked);
