//! By when the service answers: the procedure's delay, the day of submission and the pauses, put
//! together for [`crate::calendar::Deadline`].

use super::{State, timer};
use crate::belgium::brussels_date;
use crate::calendar::{Calendar, Deadline, DeadlineState};
use crate::definition::procedure;
use chrono::{DateTime, NaiveDate, Utc};

/// The last day of a request submitted on that day and never paused. `house` is the calendar of the
/// authority, with its closures: a promise counts them, a legal delay does not.
pub fn due(definition: &procedure::Deadline, submitted: NaiveDate, house: &Calendar) -> NaiveDate {
    let delay = timer::delay(definition.days, definition.unit);
    if definition.legal {
        delay.due(submitted, &Calendar::legal())
    } else {
        delay.due(submitted, house)
    }
}

/// Where the deadline stands now; for a closed request, where it stood the day it was closed.
pub fn deadline(
    definition: &procedure::Deadline,
    state: &State,
    house: &Calendar,
    now: DateTime<Utc>,
) -> DeadlineState {
    let legal = Calendar::legal();
    Deadline {
        submitted: state.submitted_on(),
        delay: timer::delay(definition.days, definition.unit),
        pauses: &state.pauses,
        calendar: if definition.legal { &legal } else { house },
    }
    .state(brussels_date(state.closed.map_or(now, |closed| closed.at)))
}
