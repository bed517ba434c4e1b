//! The days an authority closes besides the legal holidays: the bridge after
//! Ascension, 15 November, the day after Christmas. Each has a reason, because
//! the page that says "closed" also says why.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest run of days closed in one go.
const LONGEST_RUN: i64 = 366;
/// Closed days that one authority may hold: a century of them.
const MOST: usize = 10_000;

/// The closed days of one authority, with their reasons. In JSON, an object of
/// dates and reasons.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Closures(BTreeMap<NaiveDate, String>);

/// Why days cannot be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ClosuresError {
    /// The last day comes before the first.
    #[error("the last day comes before the first")]
    Reversed,
    /// More than a year at once.
    #[error("more than {LONGEST_RUN} days at once")]
    TooLong,
    /// The authority holds too many closed days already.
    #[error("more than {MOST} closed days")]
    TooMany,
    /// Nobody would know why it is closed.
    #[error("a closure needs a reason")]
    NoReason,
}

impl Closures {
    /// No closure.
    pub fn none() -> Self {
        Self::default()
    }

    /// Closes one day. A day that was closed already takes the new reason.
    pub fn close(&mut self, date: NaiveDate, reason: &str) -> Result<(), ClosuresError> {
        self.close_from(date, date, reason)
    }

    /// Closes every day from `first` to `last`, both included. Closes none of
    /// them when it fails.
    pub fn close_from(
        &mut self,
        first: NaiveDate,
        last: NaiveDate,
        reason: &str,
    ) -> Result<(), ClosuresError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(ClosuresError::NoReason);
        }
        let length = last.signed_duration_since(first).num_days() + 1;
        if length < 1 {
            return Err(ClosuresError::Reversed);
        }
        if length > LONGEST_RUN {
            return Err(ClosuresError::TooLong);
        }
        if self.0.len() + length as usize > MOST {
            return Err(ClosuresError::TooMany);
        }
        for date in first.iter_days().take(length as usize) {
            self.0.insert(date, reason.to_owned());
        }
        Ok(())
    }

    /// Why the authority closes that day, if it does.
    pub fn reason_on(&self, date: NaiveDate) -> Option<&str> {
        self.0.get(&date).map(String::as_str)
    }

    /// Every closed day and its reason, in order.
    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, &str)> {
        self.0.iter().map(|(date, reason)| (*date, reason.as_str()))
    }

    /// The closed days from `first` to `last`, both included.
    pub(super) fn between(
        &self,
        first: NaiveDate,
        last: NaiveDate,
    ) -> impl Iterator<Item = NaiveDate> {
        self.0.range(first..=last).map(|(date, _)| *date)
    }
}
