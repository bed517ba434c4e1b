//! What happens by itself after a while in a status. Timers ring in the morning, before the counters
//! open, on the day they are due in Belgium.

use super::{Act, Actor, Moment, Refused, State, Step, act_alone, take};
use crate::belgium::{brussels_date, from_brussels};
use crate::calendar::{Calendar, Delay};
use crate::definition::procedure::DayUnit;
use crate::definition::{Scope, Workflow};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// The hour they ring, on a Belgian clock, summer and winter.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(6, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// A timer that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimerDue {
    /// Id of the timer in the workflow.
    pub timer: String,
    /// The entry into the status that started it: it is stale once the request has left it, even if
    /// it came back since.
    pub since: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
}

/// What a timer that rang gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Fired {
    /// It acted: to be written like any step.
    Acted(Box<Step>),
    /// The request left that status since; nothing to do, forget the timer.
    Stale,
    /// Its transition is not taken: the guard does not hold, or the definition no longer has it.
    /// Nothing to do, forget the timer and say so in the log.
    Refused(Refused),
}

/// The timers of a status entered at that moment. Working days are those of `calendar`; the day of the
/// entry does not count. A delay of 0 days is due at once.
pub fn timers_for(
    workflow: &Workflow,
    status: &str,
    entered_at: DateTime<Utc>,
    calendar: &Calendar,
) -> Vec<TimerDue> {
    let entered_on = brussels_date(entered_at);
    workflow
        .timers
        .iter()
        .filter(|timer| *timer.status == status)
        .map(|timer| {
            let day = delay(timer.days, timer.unit).due(entered_on, calendar);
            TimerDue {
                timer: timer.id.to_string(),
                since: entered_at,
                due_at: morning_of(day).max(entered_at),
            }
        })
        .collect()
}

/// Makes a timer ring. `scope` holds the request's names, as for [`super::step`].
pub fn fire(
    workflow: &Workflow,
    state: &State,
    due: &TimerDue,
    moment: Moment<'_>,
    scope: &mut Scope,
) -> Fired {
    if state.closed.is_some() || due.since != state.entered_at {
        return Fired::Stale;
    }
    let timer = workflow
        .timers
        .iter()
        .find(|timer| *timer.id == due.timer && *timer.status == state.status);
    let Some(timer) = timer else {
        return Fired::Stale;
    };
    let step = match &timer.take {
        Some(transition) => take(
            workflow,
            state,
            &Act::simply(transition),
            Actor::System,
            Some(&timer.id),
            moment,
            scope,
        ),
        None => act_alone(workflow, state, &timer.id, &timer.actions, moment),
    };
    step.map_or_else(Fired::Refused, |step| Fired::Acted(Box::new(step)))
}

/// A delay of a definition; more days than a calendar can count stop at its most.
pub(super) fn delay(days: u32, unit: DayUnit) -> Delay {
    let days = u16::try_from(days).unwrap_or(u16::MAX);
    match unit {
        DayUnit::Working => Delay::working(days),
        DayUnit::Calendar => Delay::calendar(days),
    }
}

fn morning_of(day: NaiveDate) -> DateTime<Utc> {
    let local = day.and_time(MORNING);
    // No night of March skips six o'clock; were it so one day, it would ring an hour or two late.
    from_brussels(local).unwrap_or_else(|| local.and_utc())
}
