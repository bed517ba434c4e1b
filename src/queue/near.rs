//! How pressing a deadline is, from its day alone: what the list shows and filters by. On the page of
//! a request the calendar of its own procedure decides.

use crate::calendar::Calendar;
use chrono::NaiveDate;

/// With fewer working days left than this, a deadline is near.
const SOON: i64 = 3;

/// How pressing a deadline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressure {
    /// The last day is past.
    Late,
    /// Fewer than three working days are left.
    Soon,
    Fine,
    /// It stands still: the citizen's turn.
    Paused,
}

/// The last day that is near on the day `today`.
pub fn last_near(calendar: &Calendar, today: NaiveDate) -> NaiveDate {
    let mut last = today;
    while let Some(next) = last.succ_opt()
        && calendar.working_days_between(today, next) < SOON
    {
        last = next;
    }
    last
}

/// How pressing that day is, when `near` is the last near one.
pub fn pressure(due_on: NaiveDate, paused: bool, today: NaiveDate, near: NaiveDate) -> Pressure {
    if paused {
        Pressure::Paused
    } else if due_on < today {
        Pressure::Late
    } else if due_on <= near {
        Pressure::Soon
    } else {
        Pressure::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn on_a_thursday_the_next_monday_is_near_and_tuesday_is_not() {
        let (today, calendar) = (day("2026-03-05"), Calendar::legal());
        let near = last_near(&calendar, today);
        assert_eq!(near, day("2026-03-09"));
        let says = |due: &str| pressure(day(due), false, today, near);
        assert_eq!(says("2026-03-04"), Pressure::Late);
        assert_eq!(says("2026-03-05"), Pressure::Soon);
        assert_eq!(says("2026-03-09"), Pressure::Soon);
        assert_eq!(says("2026-03-10"), Pressure::Fine);
        assert_eq!(pressure(today, true, today, near), Pressure::Paused);
    }
}
