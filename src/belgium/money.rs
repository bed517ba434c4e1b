//! An amount in euros, counted in whole cents: never a float.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Serialize};

use super::number::{NumberError, Written, grouped};

/// Euro cents. `Cents::new(1500)` is fifteen euros. In JSON, the integer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cents(i64);

impl Cents {
    /// Nothing to pay.
    pub const ZERO: Self = Self(0);

    /// An amount of this many cents.
    pub const fn new(cents: i64) -> Self {
        Self(cents)
    }

    /// Reads `15`, `15,5`, `15,50 €`, `1.234,56`, `1 234,56`, `€ 15`, `15 EUR`.
    pub fn parse(input: &str) -> Result<Self, NumberError> {
        let input = input.trim();
        let bare = ["€", "EUR", "eur", "euros", "euro"]
            .iter()
            .find_map(|unit| {
                input
                    .strip_suffix(unit)
                    .or_else(|| input.strip_prefix(unit))
            })
            .unwrap_or(input);
        Written::read(bare)?.scaled(2).map(Self)
    }

    /// How many cents.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, `None` beyond what an integer holds.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, `None` beyond what an integer holds.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// So many times the amount (copies at a unit price), `None` beyond what an
    /// integer holds.
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }

    /// As it is shown again in a field: `1234,50`, no grouping, no sign €.
    pub fn to_input(self) -> String {
        let (sign, euros, cents) = self.parts();
        format!("{sign}{euros},{cents:02}")
    }

    fn parts(self) -> (&'static str, u64, u64) {
        let size = self.0.unsigned_abs();
        (if self.0 < 0 { "-" } else { "" }, size / 100, size % 100)
    }
}

/// Adds amounts; stays at the largest integer rather than wrapping.
impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0, |total, amount| total.saturating_add(amount.0)))
    }
}

/// `1 234,50 €`, with spaces that no line breaks at.
impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, euros, cents) = self.parts();
        write!(f, "{sign}{},{cents:02}\u{a0}€", grouped(euros))
    }
}
