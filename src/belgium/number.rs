//! Numbers as Belgians write them: a comma before the decimals, a dot or a space
//! between the thousands. `1.234,56` never meets a plain float parser, which
//! would refuse it or, worse, read something else.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// More digits than this say nothing that a counter needs.
const LONGEST: usize = 15;
/// Decimals that a [`Decimal`] keeps.
const DECIMALS: usize = 6;

/// Why it is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// A letter or a sign stands among the digits.
    #[error("{found:?} does not belong in a number")]
    NotDigits {
        /// The first character that is out of place.
        found: char,
    },
    /// Dots, spaces or commas stand where they do not belong: `1.23.4`, `1,5,2`.
    #[error("a separator is out of place")]
    MisplacedSeparator,
    /// More decimals than are kept.
    #[error("at most {most} decimals")]
    TooPrecise {
        /// How many decimals are kept; 0 for a whole number.
        most: usize,
    },
    /// More digits than any counter needs.
    #[error("the number is too large")]
    TooLarge,
}

/// A number as it was written, before anybody decided its unit.
pub(super) struct Written {
    negative: bool,
    whole: String,
    decimals: String,
}

impl Written {
    /// Reads a sign, a whole part that may be grouped by threes, a comma and
    /// decimals. A lone dot followed by one or two digits is the decimal key of
    /// a numeric keypad: `15.50` is fifteen and a half, `1.234` is a thousand.
    pub(super) fn read(input: &str) -> Result<Self, NumberError> {
        let input = input.trim();
        let (negative, input) = match input.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, input),
        };
        if input.is_empty() {
            return Err(NumberError::Empty);
        }
        let odd = |c: &char| !(c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | ','));
        if let Some(found) = input.chars().find(odd) {
            return Err(NumberError::NotDigits { found });
        }
        let (whole, decimals) = match input.split_once(',') {
            Some(parts) => parts,
            None => match input.split_once('.') {
                Some((whole, end)) if matches!(end.len(), 1 | 2) => (whole, end),
                _ => (input, ""),
            },
        };
        if !decimals.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumberError::MisplacedSeparator);
        }
        let whole = ungrouped(whole)?;
        let decimals = decimals.trim_end_matches('0');
        if whole.len() + decimals.len() > LONGEST {
            return Err(NumberError::TooLarge);
        }
        Ok(Self {
            negative,
            whole,
            decimals: decimals.to_owned(),
        })
    }

    /// The number times ten to the power `most`: cents when `most` is 2.
    pub(super) fn scaled(&self, most: usize) -> Result<i64, NumberError> {
        if self.decimals.len() > most {
            return Err(NumberError::TooPrecise { most });
        }
        let units = format!("{}{:0<most$}", self.whole, self.decimals)
            .parse::<i64>()
            .map_err(|_| NumberError::TooLarge)?;
        Ok(if self.negative { -units } else { units })
    }
}

/// The digits of a whole part, whose groups after the first must be of three.
/// Without leading zeros.
fn ungrouped(whole: &str) -> Result<String, NumberError> {
    let mut groups = whole.split(|c: char| c == '.' || c.is_whitespace());
    let first = groups.next().unwrap_or_default();
    let mut digits = first.to_owned();
    let mut grouped = false;
    for group in groups {
        if group.len() != 3 {
            return Err(NumberError::MisplacedSeparator);
        }
        grouped = true;
        digits.push_str(group);
    }
    if first.is_empty() || (grouped && first.len() > 3) {
        return Err(NumberError::MisplacedSeparator);
    }
    let significant = digits.trim_start_matches('0');
    Ok(if significant.is_empty() {
        "0"
    } else {
        significant
    }
    .to_owned())
}

/// Reads a whole number: `15`, `1.234`, `1 234`, `-3`.
pub fn parse_integer(input: &str) -> Result<i64, NumberError> {
    Written::read(input)?.scaled(0)
}

/// Writes a whole part with an unbreakable space between the thousands.
pub(super) fn grouped(whole: u64) -> String {
    let digits = whole.to_string();
    let mut text = String::new();
    for (place, c) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(c);
    }
    text
}

/// A number with up to six decimals, exact: what it holds is what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Decimal {
    millionths: i64,
}

impl Decimal {
    const ONE: i64 = 10_i64.pow(DECIMALS as u32);

    /// Reads `1.234,56`, `1 234,56`, `15`, `15,5`, `15.5`.
    pub fn parse(input: &str) -> Result<Self, NumberError> {
        let millionths = Written::read(input)?.scaled(DECIMALS)?;
        Ok(Self { millionths })
    }

    /// The nearest binary fraction, for expressions that compute with it.
    pub fn as_f64(self) -> f64 {
        self.millionths as f64 / Self::ONE as f64
    }

    /// The number in millionths, exact.
    pub const fn millionths(self) -> i64 {
        self.millionths
    }

    /// As it is shown again in a field: `1234,5`, no grouping.
    pub fn to_input(self) -> String {
        let (sign, whole, decimals) = self.parts();
        format!("{sign}{whole}{decimals}")
    }

    fn parts(self) -> (&'static str, u64, String) {
        let sign = if self.millionths < 0 { "-" } else { "" };
        let size = self.millionths.unsigned_abs();
        let one = Self::ONE.unsigned_abs();
        let decimals = format!(",{:0DECIMALS$}", size % one);
        let decimals = decimals.trim_end_matches('0').trim_end_matches(',');
        (sign, size / one, decimals.to_owned())
    }
}

/// `1 234,56`
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, whole, decimals) = self.parts();
        write!(f, "{sign}{}{decimals}", grouped(whole))
    }
}

/// As text with a comma and no grouping, so that no reader of the JSON rounds it.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_input())
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
