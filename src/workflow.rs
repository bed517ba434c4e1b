//! What becomes of a request once it is submitted: where it stands, what each person may do with it
//! now, and what that sets off.
//!
//! Everything here is decided, nothing is done: [`step`] takes a state and gives the next one, the
//! event for the timeline and the effects owed ([`Effect`]). Whoever calls it writes the three in one
//! transaction. A state is only ever changed by applying an event ([`State::after`]), so the timeline
//! explains the status by construction and [`replay`] can prove it.
//!
//! This room refuses to know databases, mails, screens and what time it is: the moment is given. It
//! takes the definition as checked; what a broken one would ask for is refused, never guessed.

mod actor;
mod deadline;
mod effect;
mod event;
mod refused;
mod small_form;
mod state;
mod timer;

#[cfg(test)]
mod tests;

pub use actor::{Act, Actor};
pub use deadline::{deadline, due};
pub use effect::{Documents, Effect};
pub use event::{Assignment, Event, Happened, Unexplained, replay};
pub use refused::Refused;
pub use state::{Closed, State};
pub use timer::{Fired, TimerDue, fire, timers_for};

use crate::calendar::Calendar;
use crate::definition::workflow::{Action, Role, Transition};
use crate::definition::{Scope, Workflow};
use chrono::{DateTime, SubsecRound, Utc};
use uuid::Uuid;

/// When it happens, and which days are worked by the house that handles it.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub now: DateTime<Utc>,
    pub calendar: &'a Calendar,
}

/// What a decision gives: to be written together or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where the request stands afterwards.
    pub state: State,
    /// The row of the timeline.
    pub event: Event,
    /// What is owed: change of service and of hands, then the actions in the order of the definition,
    /// then what leaving and entering a status asks.
    pub effects: Vec<Effect>,
}

/// The first state of a request that was just submitted to `service`.
///
/// # Errors
/// [`Refused::UnknownStatus`] when the workflow's initial status does not exist.
pub fn initial(workflow: &Workflow, service: &str, moment: Moment<'_>) -> Result<Step, Refused> {
    let event = Event {
        at: moment.now.trunc_subsecs(6),
        by: Actor::Citizen,
        what: Happened::Submitted,
        from: None,
        to: workflow.initial.to_string(),
        service: Some(service.to_owned()),
        assignee: None,
    };
    let state = State::born(workflow, &event)?;
    let mut effects = Vec::new();
    if state.pauses.last().is_some_and(|pause| pause.to.is_none()) {
        effects.push(Effect::PauseDeadline);
    }
    effects.extend(state.closed.map(|closed| Effect::Close(closed.outcome)));
    start_timers(workflow, &state, moment.calendar, &mut effects);
    Ok(Step {
        state,
        event,
        effects,
    })
}

/// What `role` may take now, the main way first, otherwise in the order of the definition. `scope`
/// holds the request's names; its `form` is not filled in yet, so a guard that reads the small form
/// does not hide its transition here and is decided by [`step`].
pub fn offered<'a>(
    workflow: &'a Workflow,
    state: &State,
    role: Role,
    scope: &Scope,
) -> Vec<&'a Transition> {
    if state.closed.is_some() {
        return Vec::new();
    }
    let mut offered: Vec<&Transition> = workflow
        .transitions
        .iter()
        .filter(|transition| {
            leaves(transition, &state.status)
                && actor::may_take(role, transition)
                && transition
                    .guard
                    .as_ref()
                    .is_none_or(|guard| small_form::read_by(guard) || guard.holds(scope))
        })
        .collect();
    offered.sort_by_key(|transition| !transition.main);
    offered
}

/// The transition by which `role` takes such a request in hand, when the workflow has one from here.
pub fn taking<'a>(
    workflow: &'a Workflow,
    state: &State,
    role: Role,
    scope: &Scope,
) -> Option<&'a Transition> {
    let mut offered = offered(workflow, state, role, scope).into_iter();
    offered.find(|transition| transition.take)
}

/// Takes a transition. An agent who takes one of a request nobody has, has it from then on. `scope` holds the request's names; its `form` becomes the small form of `act`,
/// blank where a question was not answered, and stays so for the texts that follow.
///
/// # Errors
/// A [`Refused`] that says why nothing happens; the request stands where it stood.
pub fn step(
    workflow: &Workflow,
    state: &State,
    act: &Act,
    actor: Actor,
    moment: Moment<'_>,
    scope: &mut Scope,
) -> Result<Step, Refused> {
    take(workflow, state, act, actor, None, moment, scope)
}

/// Puts a request in a status whatever the workflow says: the way out for a head of service or an
/// operator, with its reason in the timeline. Nothing of a transition's actions is set off; timers,
/// deadline and closing follow the new status. A closed request is opened again.
///
/// # Errors
/// [`Refused::NotYours`] for a citizen or a simple agent, [`Refused::ReasonMissing`],
/// [`Refused::UnknownStatus`], [`Refused::AlreadyThere`].
pub fn force(
    workflow: &Workflow,
    state: &State,
    status: &str,
    reason: &str,
    actor: Actor,
    moment: Moment<'_>,
) -> Result<Step, Refused> {
    if !matches!(actor, Actor::Head { .. } | Actor::System) {
        return Err(Refused::NotYours { role: actor.role() });
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refused::ReasonMissing);
    }
    if state.status == status {
        return Err(Refused::AlreadyThere);
    }
    let what = Happened::Forced {
        reason: reason.to_owned(),
    };
    let mut event = Event::at_rest(state, actor, what, moment.now);
    status.clone_into(&mut event.to);
    happen(workflow, state, event, Vec::new(), moment)
}

/// Gives the request to an agent of its service, or to nobody. That the agent is a member of the
/// service is the caller's query.
///
/// # Errors
/// [`Refused::Closed`], and [`Refused::NotYours`] for a citizen.
pub fn assign(
    workflow: &Workflow,
    state: &State,
    agent: Option<Uuid>,
    actor: Actor,
    moment: Moment<'_>,
) -> Result<Step, Refused> {
    if state.closed.is_some() {
        return Err(Refused::Closed);
    }
    if actor == Actor::Citizen {
        return Err(Refused::NotYours { role: actor.role() });
    }
    let mut event = Event::at_rest(state, actor, Happened::Assigned, moment.now);
    event.assignee = Some(Assignment::from(agent));
    let effects = vec![Effect::Assign { agent }];
    happen(workflow, state, event, effects, moment)
}

/// Takes it out of the hands of an agent who is no member of its service any more. Whatever the workflow
/// says of it, nothing else changes.
pub fn let_go(state: &State, now: DateTime<Utc>) -> Event {
    let mut event = Event::at_rest(state, Actor::System, Happened::Assigned, now);
    event.assignee = Some(Assignment::Nobody);
    event
}

/// Takes a transition, for a person or for the timer of that id.
fn take(
    workflow: &Workflow,
    state: &State,
    act: &Act,
    actor: Actor,
    timer: Option<&str>,
    moment: Moment<'_>,
    scope: &mut Scope,
) -> Result<Step, Refused> {
    let transition =
        workflow
            .transition(&act.transition)
            .ok_or_else(|| Refused::UnknownTransition {
                transition: act.transition.clone(),
            })?;
    if state.closed.is_some() {
        return Err(Refused::Closed);
    }
    if !leaves(transition, &state.status) {
        return Err(Refused::NotFromHere {
            status: state.status.clone(),
            label: workflow
                .status(&state.status)
                .map_or_else(|| state.status.clone(), |status| status.agent.to_string()),
        });
    }
    if !actor::may_take(actor.role(), transition) {
        return Err(Refused::NotYours { role: actor.role() });
    }
    let form = small_form::complete(transition, &act.form, scope)?;
    if let Some(guard) = &transition.guard
        && !guard.holds(scope)
    {
        return Err(Refused::GuardFailed {
            transition: transition.id.to_string(),
        });
    }
    let what = Happened::Taken {
        transition: transition.id.to_string(),
        timer: timer.map(str::to_owned),
    };
    let mut event = Event::at_rest(state, actor, what, moment.now);
    event.to = transition.to.to_string();
    let by_itself = timer
        .and_then(|id| workflow.timers.iter().find(|timer| *timer.id == id))
        .map_or(&[][..], |timer| &timer.actions);
    let actions = by_itself.iter().chain(&transition.actions);
    if transition.take || state.assignee.is_none() {
        event.assignee = actor.account().map(Assignment::Agent);
    }
    let effects = effect::of_actions(actions, state, &form, &mut event)?;
    happen(workflow, state, event, effects, moment)
}

/// A timer's own actions, without a transition.
fn act_alone(
    workflow: &Workflow,
    state: &State,
    timer: &str,
    actions: &[Action],
    moment: Moment<'_>,
) -> Result<Step, Refused> {
    let what = Happened::Reminded {
        timer: timer.to_owned(),
    };
    let mut event = Event::at_rest(state, Actor::System, what, moment.now);
    let effects = effect::of_actions(actions, state, &serde_json::Map::new(), &mut event)?;
    happen(workflow, state, event, effects, moment)
}

/// Applies the event and adds what leaving one status for another asks.
fn happen(
    workflow: &Workflow,
    before: &State,
    event: Event,
    mut effects: Vec<Effect>,
    moment: Moment<'_>,
) -> Result<Step, Refused> {
    let after = before.after(workflow, &event)?;
    if before.status != after.status {
        effects.push(Effect::CancelTimers);
        match (before.is_paused(), after.is_paused()) {
            (false, true) => effects.push(Effect::PauseDeadline),
            (true, false) => effects.push(Effect::ResumeDeadline),
            _ => {}
        }
        if before.closed.is_some() {
            effects.push(Effect::Reopen);
        }
        effects.extend(after.closed.map(|closed| Effect::Close(closed.outcome)));
        start_timers(workflow, &after, moment.calendar, &mut effects);
    }
    Ok(Step {
        state: after,
        event,
        effects,
    })
}

fn start_timers(
    workflow: &Workflow,
    state: &State,
    calendar: &Calendar,
    effects: &mut Vec<Effect>,
) {
    if state.closed.is_some() {
        // What comes after the end is retention's.
        return;
    }
    let due = timers_for(workflow, &state.status, state.entered_at, calendar);
    if !due.is_empty() {
        effects.push(Effect::StartTimers(due));
    }
}

fn leaves(transition: &Transition, status: &str) -> bool {
    transition.from.iter().any(|from| **from == status)
}
