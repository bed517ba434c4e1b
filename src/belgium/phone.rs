//! A telephone number that a service can call back. The rules are those of
//! libphonenumber (crate `phonenumber`): no home-made pattern. Short numbers
//! (112, 1733) are nobody's own and are refused.

use std::fmt;

use phonenumber::{Mode, country};
use thiserror::Error;

use super::value::{kept_as_text, masked_in_logs};

/// A longer text is no telephone number, whatever it holds.
const LONGEST_TYPED: usize = 40;

/// A valid number, kept as E.164: `+3285273510`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

/// Why it is not a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhoneError {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// A letter or a sign that no telephone number holds.
    #[error("{found:?} does not belong in a telephone number")]
    NotAllowed {
        /// The first character that is out of place.
        found: char,
    },
    /// Too few digits for its country.
    #[error("digits are missing")]
    TooShort,
    /// Too many digits for its country.
    #[error("there are too many digits")]
    TooLong,
    /// The length is possible, but no such number is given out in its country.
    #[error("no such number exists")]
    NotGivenOut,
}

impl Phone {
    /// Reads `085 27 35 10`, `0470/12.34.56`, `0032…`, `+32 (0)85…`, or a
    /// foreign number with its `+`. Without prefix it is Belgian.
    pub fn parse(input: &str) -> Result<Self, PhoneError> {
        let text = dialled(input)?;
        let number = phonenumber::parse(Some(country::BE), &text).map_err(|error| match error {
            phonenumber::ParseError::TooLong => PhoneError::TooLong,
            phonenumber::ParseError::TooShortAfterIdd
            | phonenumber::ParseError::TooShortNsn
            | phonenumber::ParseError::NoNumber => PhoneError::TooShort,
            _ => PhoneError::NotGivenOut,
        })?;
        if !number.is_valid() {
            let digits = number.national().value().to_string().len();
            // A Belgian number has eight digits after its 0, a mobile one nine.
            return Err(match (number.country().code(), digits) {
                (32, ..=7) => PhoneError::TooShort,
                (32, 10..) => PhoneError::TooLong,
                _ => PhoneError::NotGivenOut,
            });
        }
        Ok(Self(number.format().mode(Mode::E164).to_string()))
    }

    /// `tel:+3285273510`, for a link.
    pub fn link(&self) -> String {
        format!("tel:{}", self.0)
    }

    /// `…10`: the two last digits.
    pub fn masked(&self) -> String {
        format!("…{}", &self.0[self.0.len().saturating_sub(2)..])
    }
}

/// Digits and a leading `+`. The `(0)` of `+32 (0)85` is dialled inside the
/// country only.
fn dialled(input: &str) -> Result<String, PhoneError> {
    let input = input.trim();
    if input.chars().count() > LONGEST_TYPED {
        return Err(PhoneError::TooLong);
    }
    let international = input.starts_with('+') || input.starts_with("00");
    let input = if international {
        input.replacen("(0)", "", 1)
    } else {
        input.to_owned()
    };
    let mut text = String::new();
    for (place, c) in input.chars().enumerate() {
        match c {
            '0'..='9' => text.push(c),
            '+' if place == 0 => text.push(c),
            '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}' => {}
            c if c.is_whitespace() => {}
            found => return Err(PhoneError::NotAllowed { found }),
        }
    }
    if text.is_empty() {
        return Err(PhoneError::Empty);
    }
    Ok(text)
}

/// `085 27 35 10`, and `+33 1 23 45 67 89` abroad.
impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(number) = phonenumber::parse(None, &self.0) else {
            return f.write_str(&self.0);
        };
        let mode = if number.country().code() == 32 {
            Mode::National
        } else {
            Mode::International
        };
        write!(f, "{}", number.format().mode(mode))
    }
}

kept_as_text!(Phone, PhoneError, Phone::parse);
masked_in_logs!(Phone, Phone::masked);
