//! The communication of a Belgian transfer, `+++DDD/DDDD/DDDCC+++`: ten digits
//! of our choice and their remainder by 97 (97 when there is none). It lets a
//! bank statement find its request again.

use std::fmt;

use thiserror::Error;

use super::digits::{self, DigitsError};
use super::value::kept_as_text;

/// A structured communication whose check digits are right. Twelve digits, as
/// in the files of the banks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StructuredCommunication(String);

/// Why it is not a structured communication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StructuredCommunicationError {
    /// It is not twelve digits.
    #[error(transparent)]
    Digits(#[from] DigitsError),
    /// The two last digits do not agree with the ten first: a typing error.
    #[error("the check digits are wrong")]
    BadChecksum,
    /// The base given to [`StructuredCommunication::from_base`] is zero or has
    /// more than ten digits.
    #[error("a base goes from 1 to 9 999 999 999")]
    BaseOutOfRange,
}

impl StructuredCommunication {
    /// Reads what was typed or what a bank wrote: with or without `+++` or
    /// `***` around, with or without slashes.
    pub fn parse(input: &str) -> Result<Self, StructuredCommunicationError> {
        let bare = input.trim().trim_matches(['+', '*']);
        let digits = digits::exactly(bare, 12)?;
        if digits::value(&digits[10..]) != check(digits::value(&digits[..10])) {
            return Err(StructuredCommunicationError::BadChecksum);
        }
        Ok(Self(digits))
    }

    /// The communication of a base that we allot, from 1 to 9 999 999 999 (a
    /// year on four digits and a sequence on six, for instance).
    pub fn from_base(base: u64) -> Result<Self, StructuredCommunicationError> {
        if !(1..=9_999_999_999).contains(&base) {
            return Err(StructuredCommunicationError::BaseOutOfRange);
        }
        Ok(Self(format!("{base:010}{:02}", check(base))))
    }

    /// The ten digits that were allotted.
    pub fn base(&self) -> u64 {
        digits::value(&self.0[..10])
    }
}

fn check(base: u64) -> u64 {
    match base % 97 {
        0 => 97,
        remainder => remainder,
    }
}

/// `+++202/6000/00192+++`
impl fmt::Display for StructuredCommunication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = &self.0;
        write!(f, "+++{}/{}/{}+++", &n[0..3], &n[3..7], &n[7..12])
    }
}

kept_as_text!(
    StructuredCommunication,
    StructuredCommunicationError,
    StructuredCommunication::parse
);
