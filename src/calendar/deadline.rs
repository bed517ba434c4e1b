//! The deadline of a request: a delay that runs from its submission and stands
//! still while the citizen is asked something. The days that stood still are
//! given back at the end, in the unit of the delay: an authority is never faster
//! or later for having asked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Calendar, Delay};

/// With fewer working days left than this, a deadline is near.
const SOON: i64 = 3;

/// A time during which the deadline stands still: from the day the citizen was
/// asked to the day of the answer. Both on one day stop nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The day of the question.
    pub from: NaiveDate,
    /// The day of the answer; `None` while we wait for it.
    pub to: Option<NaiveDate>,
}

/// A delay at work.
#[derive(Debug, Clone, Copy)]
pub struct Deadline<'a> {
    /// The day the request was submitted, which does not count.
    pub submitted: NaiveDate,
    /// What was promised, or what the law sets.
    pub delay: Delay,
    /// Whenever the citizen was asked something. In any order; those that
    /// overlap count once.
    pub pauses: &'a [Pause],
    /// The legal calendar for a legal delay, the authority's for a promised one.
    pub calendar: &'a Calendar,
}

/// Where a deadline stands on a given day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlineState {
    /// The last day; unknown while the deadline stands still.
    pub due: Option<NaiveDate>,
    /// Whether it stands still.
    pub paused: bool,
    /// Working days from today, excluded, to the last day, included; negative
    /// when it is past. Unknown while the deadline stands still.
    pub working_days_left: Option<i64>,
    /// What the colour of the queue says.
    pub level: Level,
}

/// How pressing a deadline is. Later levels press more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It stands still: the citizen's turn.
    Paused,
    /// Three working days or more are left after today.
    Fine,
    /// Fewer than three are left; the last day may be today.
    Soon,
    /// The last day is past.
    Late,
}

impl Deadline<'_> {
    /// Where it stands on the day `today`. What happens after that day is not
    /// known yet: later pauses are ignored, and one that ends later still runs.
    pub fn state(&self, today: NaiveDate) -> DeadlineState {
        let waiting =
            |pause: &Pause| pause.from <= today && pause.to.is_none_or(|answered| answered > today);
        if self.pauses.iter().any(waiting) {
            return DeadlineState {
                due: None,
                paused: true,
                working_days_left: None,
                level: Level::Paused,
            };
        }
        let due = self.due(today);
        let left = self.calendar.working_days_between(today, due);
        let level = if today > due {
            Level::Late
        } else if left < SOON {
            Level::Soon
        } else {
            Level::Fine
        };
        DeadlineState {
            due: Some(due),
            paused: false,
            working_days_left: Some(left),
            level,
        }
    }

    /// The last day, by the pauses that are over on the day `today`.
    fn due(&self, today: NaiveDate) -> NaiveDate {
        let mut pauses: Vec<(NaiveDate, NaiveDate)> = self
            .pauses
            .iter()
            .filter_map(|pause| {
                let from = pause.from.max(self.submitted);
                let to = pause.to?;
                (from < to && to <= today).then_some((from, to))
            })
            .collect();
        pauses.sort_unstable();
        let mut counted_until = self.submitted;
        let mut paused = 0_u32;
        for (from, to) in pauses {
            let from = from.max(counted_until);
            if from < to {
                paused = paused.saturating_add(self.delay.counted(from, to, self.calendar));
                counted_until = to;
            }
        }
        self.delay
            .due_after_pauses(self.submitted, paused, self.calendar)
    }
}
