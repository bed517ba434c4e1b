//! The number of an enterprise at the Banque-Carrefour des Entreprises, which is
//! also its VAT number: ten digits, the first 0 or 1, the last two 97 less the
//! remainder of the first eight by 97.

use std::fmt;

use thiserror::Error;

use super::digits::{self, DigitsError};
use super::value::kept_as_text;

/// An enterprise number whose check digits are right. Ten digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnterpriseNumber(String);

/// Why it is not an enterprise number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EnterpriseNumberError {
    /// It is not ten digits.
    #[error(transparent)]
    Digits(#[from] DigitsError),
    /// Another country's VAT number.
    #[error("{}{} is not the prefix of a Belgian number", prefix[0], prefix[1])]
    ForeignPrefix {
        /// The two letters in front.
        prefix: [char; 2],
    },
    /// It starts with something else than 0 or 1. An establishment number
    /// (2 to 8) is often given by mistake.
    #[error("an enterprise number starts with 0 or 1, not {found}")]
    BadFirstDigit {
        /// The first digit.
        found: char,
    },
    /// It starts with four zeros: right by arithmetic, given to nobody.
    #[error("an enterprise number does not start with four zeros")]
    FourZeros,
    /// The two last digits do not agree with the others: a typing error.
    #[error("the check digits are wrong")]
    BadChecksum,
}

impl EnterpriseNumber {
    /// Reads what was typed: `0403.019.261`, `BE 0403 019 261`, `TVA BE…`, or
    /// the nine digits of an old VAT number.
    pub fn parse(input: &str) -> Result<Self, EnterpriseNumberError> {
        let digits = digits::digits(without_prefix(input)?)?;
        // Nine digits are an old number, whose first zero went without saying;
        // but they may as well be a recent one that lacks a digit.
        if digits.len() == 9 {
            return match Self::judge(format!("0{digits}")) {
                Err(EnterpriseNumberError::BadChecksum) if digits.starts_with(['0', '1']) => {
                    Err(DigitsError::TooShort { missing: 1 }.into())
                }
                outcome => outcome,
            };
        }
        digits::measure(&digits, 10)?;
        Self::judge(digits)
    }

    /// `BE 0403.019.261`, as on an invoice.
    pub fn vat(&self) -> String {
        format!("BE\u{a0}{self}")
    }

    fn judge(digits: String) -> Result<Self, EnterpriseNumberError> {
        if let Some(found) = digits.chars().next().filter(|c| !matches!(c, '0' | '1')) {
            return Err(EnterpriseNumberError::BadFirstDigit { found });
        }
        if digits.starts_with("0000") {
            return Err(EnterpriseNumberError::FourZeros);
        }
        let base = digits::value(&digits[..8]);
        if digits::value(&digits[8..]) != 97 - base % 97 {
            return Err(EnterpriseNumberError::BadChecksum);
        }
        Ok(Self(digits))
    }
}

/// What follows `TVA`, `BTW` and `BE`, in this order, each optional.
fn without_prefix(input: &str) -> Result<&str, EnterpriseNumberError> {
    let mut rest = input.trim();
    for word in ["TVA", "BTW", "BE"] {
        if rest
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
        {
            rest = rest[word.len()..].trim_start_matches([' ', '\u{a0}', ':', '.', '-']);
        }
    }
    let mut letters = rest.chars();
    if let (Some(a), Some(b), Some(next)) = (letters.next(), letters.next(), letters.next())
        && a.is_ascii_alphabetic()
        && b.is_ascii_alphabetic()
        && !next.is_alphabetic()
    {
        let prefix = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
        return Err(EnterpriseNumberError::ForeignPrefix { prefix });
    }
    Ok(rest)
}

/// `0403.019.261`
impl fmt::Display for EnterpriseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = &self.0;
        write!(f, "{}.{}.{}", &n[0..4], &n[4..7], &n[7..10])
    }
}

kept_as_text!(
    EnterpriseNumber,
    EnterpriseNumberError,
    EnterpriseNumber::parse
);
