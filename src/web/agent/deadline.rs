//! A deadline in a few words and a colour, for lists and pages of the desk.

use crate::belgium::french::short_date;
use crate::calendar::{Calendar, DeadlineState, Level};
use crate::queue::Pressure;
use chrono::NaiveDate;
use serde::Serialize;

/// A word on a colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Badge {
    pub label: String,
    /// `late`, `soon`, `fine`, `pause`, or the tone of a status.
    pub tone: &'static str,
}

/// Beyond this many working days, the day itself says more.
const COUNTED: i64 = 10;

/// How pressing `due` is today.
pub fn badge(pressure: Pressure, due: NaiveDate, today: NaiveDate, house: &Calendar) -> Badge {
    let (label, tone) = match pressure {
        Pressure::Paused => ("suspendu".to_owned(), "pause"),
        Pressure::Late => (late(house.working_days_between(due, today)), "late"),
        Pressure::Soon => (left(due, today, house), "soon"),
        Pressure::Fine => (left(due, today, house), "fine"),
    };
    Badge { label, tone }
}

/// The same, of a deadline whose state is known.
pub fn badge_of(
    state: &DeadlineState,
    due_on: NaiveDate,
    today: NaiveDate,
    house: &Calendar,
) -> Badge {
    let pressure = match state.level {
        Level::Paused => Pressure::Paused,
        Level::Late => Pressure::Late,
        Level::Soon => Pressure::Soon,
        Level::Fine => Pressure::Fine,
    };
    badge(pressure, state.due.unwrap_or(due_on), today, house)
}

fn late(days: i64) -> String {
    match days {
        ..=0 => "en retard".to_owned(),
        1 => "1\u{a0}jour de retard".to_owned(),
        days => format!("{days}\u{a0}jours de retard"),
    }
}

fn left(due: NaiveDate, today: NaiveDate, house: &Calendar) -> String {
    if due == today {
        return "aujourd’hui".to_owned();
    }
    if today.succ_opt() == Some(due) {
        return "demain".to_owned();
    }
    match house.working_days_between(today, due) {
        ..=1 => "1\u{a0}jour ouvrable".to_owned(),
        days @ ..=COUNTED => format!("{days}\u{a0}jours ouvrables"),
        _ => short_date(due),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_said_in_the_fewest_words() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (today, house) = (day("2026-03-05"), Calendar::legal());
        let says = |pressure, due: &str| badge(pressure, day(due), today, &house).label;
        assert_eq!(says(Pressure::Late, "2026-03-04"), "1\u{a0}jour de retard");
        assert_eq!(says(Pressure::Late, "2026-02-26"), "5\u{a0}jours de retard");
        assert_eq!(says(Pressure::Soon, "2026-03-05"), "aujourd’hui");
        assert_eq!(says(Pressure::Soon, "2026-03-06"), "demain");
        assert_eq!(says(Pressure::Soon, "2026-03-09"), "2\u{a0}jours ouvrables");
        assert_eq!(says(Pressure::Fine, "2026-04-30"), "30/04/2026");
        assert_eq!(says(Pressure::Paused, "2026-03-09"), "suspendu");
    }
}
