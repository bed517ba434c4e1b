//! A delay: so many days or months after an act. The day of the act is excluded,
//! the last day is included, and it may be carried to the next working day.
//!
//! Months go "from a date to the eve of that date": a month after an act of 15
//! March ends on 15 April, one after an act of 31 January on the last day of
//! February. Where texts could be read as giving a day or more on top, this
//! gives the earlier date: a screen must not lengthen a delay.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Calendar;

/// How long, in which unit, and whether the last day is carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// How many.
    pub n: u16,
    /// Of what.
    pub kind: DelayKind,
    /// Whether a last day that is not worked gives way to the next working day.
    #[serde(default)]
    pub roll: bool,
}

/// The unit of a delay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DelayKind {
    /// Every day counts.
    Calendar,
    /// Only working days count.
    Working,
    /// Whole months.
    Months,
}

impl Delay {
    /// So many days, whatever they are.
    pub const fn calendar(n: u16) -> Self {
        Self::of(n, DelayKind::Calendar)
    }

    /// So many working days.
    pub const fn working(n: u16) -> Self {
        Self::of(n, DelayKind::Working)
    }

    /// So many months.
    pub const fn months(n: u16) -> Self {
        Self::of(n, DelayKind::Months)
    }

    /// The same delay, whose last day is carried to the next working day.
    pub const fn rolled(self) -> Self {
        Self { roll: true, ..self }
    }

    const fn of(n: u16, kind: DelayKind) -> Self {
        Self {
            n,
            kind,
            roll: false,
        }
    }

    /// The last day of the delay after an act of `from`, by the calendar that
    /// the caller chose: the legal one for a legal delay.
    pub fn due(self, from: NaiveDate, calendar: &Calendar) -> NaiveDate {
        self.due_after_pauses(from, 0, calendar)
    }

    /// The last day before it is carried over. This is the date to aim at, and
    /// to show where a longer delay than the law's would do harm.
    pub fn target(self, from: NaiveDate, calendar: &Calendar) -> NaiveDate {
        Self {
            roll: false,
            ..self
        }
        .due(from, calendar)
    }

    /// The last day when `paused` of its days did not count: working days for a
    /// delay in working days, days otherwise.
    pub(super) fn due_after_pauses(
        self,
        from: NaiveDate,
        paused: u32,
        calendar: &Calendar,
    ) -> NaiveDate {
        let n = u32::from(self.n);
        let days = |date: NaiveDate, days: u32| date.checked_add_days(Days::new(days.into()));
        let last = match self.kind {
            DelayKind::Calendar => days(from, n.saturating_add(paused)),
            DelayKind::Working => {
                let all = i32::try_from(n.saturating_add(paused)).unwrap_or(i32::MAX);
                Some(calendar.add_working_days(from, all))
            }
            DelayKind::Months => from
                .checked_add_months(Months::new(n))
                .and_then(|date| days(date, paused)),
        }
        .unwrap_or(NaiveDate::MAX);
        if self.roll { calendar.roll(last) } else { last }
    }

    /// Its length between two days in its own unit of counting.
    pub(super) fn counted(self, from: NaiveDate, to: NaiveDate, calendar: &Calendar) -> u32 {
        let days = match self.kind {
            DelayKind::Working => calendar.working_days_between(from, to),
            DelayKind::Calendar | DelayKind::Months => to.signed_duration_since(from).num_days(),
        };
        u32::try_from(days.max(0)).unwrap_or(u32::MAX)
    }
}
