//! The days a town hall counts: legal holidays, its own closures, working days,
//! and the delays and deadlines made of them.
//!
//! The calendar is the caller's choice, and it matters. A delay that an
//! authority *promises* counts its own closures ([`Calendar::new`] with them); a
//! delay that the *law* sets knows legal holidays only ([`Calendar::legal`]),
//! unless the law says otherwise. Nothing here knows which law applies, nor what
//! day it is: the day is given.

mod closures;
mod deadline;
mod delay;
mod holidays;

#[cfg(test)]
mod tests;

use chrono::{Datelike, Days, NaiveDate, Weekday};

pub use closures::{Closures, ClosuresError};
pub use deadline::{Deadline, DeadlineState, Level, Pause};
pub use delay::{Delay, DelayKind};
pub use holidays::{Holiday, holiday_on, holidays};

/// Which days are worked. Saturdays, Sundays, legal holidays and the closures it
/// was given are not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    closures: Closures,
}

/// Why a day is not worked, for a page that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest<'a> {
    /// Saturday or Sunday.
    Weekend,
    /// A legal holiday, by its French name.
    Holiday(&'static str),
    /// A day the authority closes, and its reason.
    Closure(&'a str),
}

impl Calendar {
    /// The calendar of the law: weekends and legal holidays.
    pub fn legal() -> Self {
        Self::default()
    }

    /// The calendar of an authority: the legal one and its own closures.
    pub fn new(closures: Closures) -> Self {
        Self { closures }
    }

    /// The days the authority closes besides the legal ones.
    pub fn closures(&self) -> &Closures {
        &self.closures
    }

    /// Why nobody works that day; `None` on a working day. A holiday says more
    /// than a weekend, and a weekend more than a closure.
    pub fn rest_on(&self, date: NaiveDate) -> Option<Rest<'_>> {
        if let Some(name) = holiday_on(date) {
            return Some(Rest::Holiday(name));
        }
        if is_weekend(date) {
            return Some(Rest::Weekend);
        }
        self.closures.reason_on(date).map(Rest::Closure)
    }

    /// Whether the service works that day.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.rest_on(date).is_none()
    }

    /// The day itself when it is worked, otherwise the next one that is.
    pub fn roll(&self, date: NaiveDate) -> NaiveDate {
        if self.is_working_day(date) {
            return date;
        }
        self.add_working_days(date, 1)
    }

    /// The `n`th working day after `from`, which itself never counts; before it
    /// when `n` is negative; `from` itself when `n` is 0. Stops at the ends of
    /// time rather than failing.
    pub fn add_working_days(&self, from: NaiveDate, n: i32) -> NaiveDate {
        let forward = n >= 0;
        let mut left = u64::from(n.unsigned_abs());
        let mut date = from;
        // `left` working days take at least `left` days: a leap of so many never
        // goes too far. What it did not count is left for the next leap, and the
        // last leap is made of working days only, so it ends on one.
        while left > 0 {
            let leap = Days::new(left);
            let next = if forward {
                date.checked_add_days(leap)
            } else {
                date.checked_sub_days(leap)
            };
            let Some(next) = next else {
                return if forward {
                    NaiveDate::MAX
                } else {
                    NaiveDate::MIN
                };
            };
            let counted = self.working_days_between(date, next).unsigned_abs();
            left = left.saturating_sub(counted);
            date = next;
        }
        date
    }

    /// How many working days lie from `from`, excluded, to `to`, included;
    /// negative when `to` is before `from`. The inverse of
    /// [`Calendar::add_working_days`].
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to >= from {
            from.succ_opt().map_or(0, |first| self.worked(first, to))
        } else {
            from.pred_opt().map_or(0, |last| -self.worked(to, last))
        }
    }

    /// Working days of a run of days, both ends included: its weekdays by
    /// arithmetic, less the holidays and closures that fall on them.
    fn worked(&self, first: NaiveDate, last: NaiveDate) -> i64 {
        if first > last {
            return 0;
        }
        let run = first..=last;
        let rests = (first.year()..=last.year())
            .flat_map(holidays::weekday_holidays)
            .filter(|date| run.contains(date))
            .count();
        let closed = self
            .closures
            .between(first, last)
            .filter(|date| !is_weekend(*date) && holiday_on(*date).is_none())
            .count();
        let day_before = i64::from(first.num_days_from_ce()) - 1;
        weekdays_until(i64::from(last.num_days_from_ce()))
            - weekdays_until(day_before)
            - rests as i64
            - closed as i64
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Mondays to Fridays from day 1, which is a Monday, to this day.
fn weekdays_until(day: i64) -> i64 {
    day.div_euclid(7) * 5 + day.rem_euclid(7).min(5)
}
