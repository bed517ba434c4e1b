//! Where a page begins: after which row of the page before.

use super::Line;
use crate::db::{At, Id};
use chrono::{DateTime, NaiveDate};
use std::fmt;

/// What an address puts before the day of an urgent request.
const URGENT: char = 'u';
/// What an address puts before the day of a request that waits for the citizen.
const PAUSED: char = 's';

/// The last row of the page before, by what the list is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a list by deadline, among the urgent ones: they come first.
    Urgent(NaiveDate, Id),
    /// The same, among the others whose deadline runs.
    Day(NaiveDate, Id),
    /// The same, among those that wait for the citizen: they come after.
    Paused(NaiveDate, Id),
    /// In a list by moment.
    Moment(At, Id),
    /// In a search. Only the request is named: its applicant's name stays out of addresses.
    Request(Id),
}

impl Place {
    /// Reads an address; `None` when it is none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let Some((first, id)) = text.split_once('.') else {
            return Id::parse(text).map(Self::Request);
        };
        let id = Id::parse(id)?;
        if let Ok(micros) = first.parse::<i64>() {
            return DateTime::from_timestamp_micros(micros).map(|at| Self::Moment(At(at), id));
        }
        // An address that somebody wrote by hand names no place, and the list is shown from its start.
        let day = |text: &str| text.parse().ok();
        if let Some(text) = first.strip_prefix(PAUSED) {
            day(text).map(|day| Self::Paused(day, id))
        } else if let Some(text) = first.strip_prefix(URGENT) {
            day(text).map(|day| Self::Urgent(day, id))
        } else {
            day(first).map(|day| Self::Day(day, id))
        }
    }

    /// In a list by deadline.
    pub fn of_deadline(due_on: NaiveDate, id: Id, paused: bool, urgent: bool) -> Self {
        match (paused, urgent) {
            (true, _) => Self::Paused(due_on, id),
            (false, true) => Self::Urgent(due_on, id),
            (false, false) => Self::Day(due_on, id),
        }
    }

    pub(super) fn by_deadline(line: &Line) -> Self {
        Self::of_deadline(
            line.due_on,
            line.id,
            line.paused_since.is_some(),
            line.urgent,
        )
    }

    pub(super) fn by_answer(line: &Line) -> Option<Self> {
        line.answered_at.map(|at| Self::Moment(at, line.id))
    }

    pub(super) fn by_closing(line: &Line) -> Option<Self> {
        line.closed_at.map(|at| Self::Moment(at, line.id))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day, id) => write!(f, "{day}.{id}"),
            Self::Urgent(day, id) => write!(f, "{URGENT}{day}.{id}"),
            Self::Paused(day, id) => write!(f, "{PAUSED}{day}.{id}"),
            Self::Moment(at, id) => write!(f, "{}.{id}", at.0.timestamp_micros()),
            Self::Request(id) => write!(f, "{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_from_its_address_and_nothing_else_is_one() {
        let id = Id::parse("019cae00-0000-7000-8000-000000000001").unwrap();
        let at = At(DateTime::from_timestamp_micros(1_772_442_000_123_456).unwrap());
        let day = "2026-03-02".parse().unwrap();
        for place in [
            Place::Urgent(day, id),
            Place::Day(day, id),
            Place::Paused(day, id),
            Place::Moment(at, id),
            Place::Request(id),
        ] {
            assert_eq!(Place::parse(&place.to_string()), Some(place));
        }
        for odd in [
            "",
            ".",
            "2026-03-02.",
            "2026-13-02.x",
            "99999999999999999999.",
            "é",
        ] {
            assert_eq!(Place::parse(odd), None, "{odd}");
        }
    }
}
