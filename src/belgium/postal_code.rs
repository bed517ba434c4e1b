//! A Belgian postal code: four digits, the first not 0. One code covers many
//! localities and one commune may have many codes: this type knows neither.

use std::fmt;

use thiserror::Error;

use super::digits::{self, DigitsError};
use super::value::kept_as_text;

/// Four digits, 1000 to 9999.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PostalCode(String);

/// Why it is not a Belgian postal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PostalCodeError {
    /// It is not four digits.
    #[error(transparent)]
    Digits(#[from] DigitsError),
    /// No Belgian code starts with 0.
    #[error("a Belgian postal code does not start with 0")]
    LeadingZero,
}

impl PostalCode {
    /// Reads `4520`, also written `B-4520` or `BE-4520`.
    pub fn parse(input: &str) -> Result<Self, PostalCodeError> {
        let input = input.trim();
        let bare = ["BE-", "B-", "be-", "b-"]
            .iter()
            .find_map(|prefix| input.strip_prefix(prefix))
            .unwrap_or(input);
        let digits = digits::exactly(bare, 4)?;
        if digits.starts_with('0') {
            return Err(PostalCodeError::LeadingZero);
        }
        Ok(Self(digits))
    }
}

impl fmt::Display for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

kept_as_text!(PostalCode, PostalCodeError, PostalCode::parse);
