//! Numbers of a fixed length, as people write them: with spaces, dots, dashes
//! and slashes wherever they like.

use thiserror::Error;

/// Why what was typed is not the expected run of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DigitsError {
    /// Nothing was typed, or separators only.
    #[error("nothing was typed")]
    Empty,
    /// A letter or a sign stands among the digits.
    #[error("{found:?} is not a digit")]
    NotDigits {
        /// The first character that is out of place.
        found: char,
    },
    /// Some digits are missing.
    #[error("{missing} digits are missing")]
    TooShort {
        /// How many.
        missing: usize,
    },
    /// There are too many digits.
    #[error("there are {extra} digits too many")]
    TooLong {
        /// How many.
        extra: usize,
    },
}

/// The digits of `input`, separators dropped.
pub(super) fn digits(input: &str) -> Result<String, DigitsError> {
    let mut digits = String::new();
    for c in input.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else if !is_separator(c) {
            return Err(DigitsError::NotDigits { found: c });
        }
    }
    if digits.is_empty() {
        return Err(DigitsError::Empty);
    }
    Ok(digits)
}

/// Exactly `length` digits of `input`, separators dropped.
pub(super) fn exactly(input: &str, length: usize) -> Result<String, DigitsError> {
    let digits = digits(input)?;
    measure(&digits, length)?;
    Ok(digits)
}

/// Refuses a run of digits that has not this length.
pub(super) fn measure(digits: &str, length: usize) -> Result<(), DigitsError> {
    if digits.len() < length {
        return Err(DigitsError::TooShort {
            missing: length - digits.len(),
        });
    }
    if digits.len() > length {
        return Err(DigitsError::TooLong {
            extra: digits.len() - length,
        });
    }
    Ok(())
}

/// The value of a run of digits that is known to be short enough for `u64`.
pub(super) fn value(digits: &str) -> u64 {
    digits.bytes().fold(0, |value: u64, b| {
        value
            .wrapping_mul(10)
            .wrapping_add(u64::from(b.wrapping_sub(b'0')))
    })
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '.' | '-' | '/' | '_' | '\u{2010}'..='\u{2015}' | '\u{200b}'
        )
}
