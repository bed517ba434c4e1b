//! What happened to a request. The timeline that people read and the audit trail are these rows, and
//! they are enough to tell where the request stands.

use super::{Actor, Refused, State};
use crate::definition::Workflow;
use crate::definition::workflow::Transition;
use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One thing that happened. It carries all that changes the state and nothing of what was written in
/// small forms, which belongs to the request's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// To the microsecond, as it is stored.
    pub at: DateTime<Utc>,
    pub by: Actor,
    pub what: Happened,
    /// The status before; none for the submission.
    pub from: Option<String>,
    /// The status after.
    pub to: String,
    /// The service that has it from now on, when this changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Who has it from now on, when this changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Assignment>,
}

/// What kind of thing happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happened {
    /// The citizen sent it.
    Submitted,
    /// A transition was taken, by somebody or by the timer named.
    Taken {
        transition: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timer: Option<String>,
    },
    /// A timer acted and left the request where it stands.
    Reminded { timer: String },
    /// It was given to an agent, or to nobody.
    Assigned,
    /// A head of service or an operator put it in a status.
    Forced { reason: String },
}

/// Who has a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    Agent(Uuid),
    Nobody,
}

impl From<Option<Uuid>> for Assignment {
    fn from(agent: Option<Uuid>) -> Self {
        agent.map_or(Self::Nobody, Self::Agent)
    }
}

impl Event {
    /// An event that leaves the request where it stands. Never earlier than the entry into that
    /// status, even when the clocks of two machines disagree.
    pub(super) fn at_rest(state: &State, by: Actor, what: Happened, now: DateTime<Utc>) -> Self {
        Self {
            at: now.max(state.entered_at).trunc_subsecs(6),
            by,
            what,
            from: Some(state.status.clone()),
            to: state.status.clone(),
            service: None,
            assignee: None,
        }
    }
}

/// Why a chain of events does not explain a status. `index` counts events from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unexplained {
    /// There is no event at all.
    #[error("aucun évènement")]
    Nothing,
    /// The first event is not the submission to the initial status, or a later one is a submission.
    #[error("évènement {index}\u{a0}: ce n’est pas le dépôt attendu")]
    Submission { index: usize },
    /// It leaves from another status than the one the request was in: a row is missing or was changed.
    #[error(
        "évènement {index}\u{a0}: part de «\u{a0}{from}\u{a0}» alors que la demande est «\u{a0}{found}\u{a0}»"
    )]
    Gap {
        index: usize,
        from: String,
        found: String,
    },
    /// It names a transition or a timer that the workflow does not have there, or changes the status
    /// without one.
    #[error("évènement {index}\u{a0}: le circuit ne prévoit pas ce changement")]
    NotInWorkflow { index: usize },
    /// Something was done to a closed request without forcing it open.
    #[error("évènement {index}\u{a0}: la demande était clôturée")]
    AfterEnd { index: usize },
}

/// The state that a chain of events explains, oldest first.
///
/// # Errors
/// The first event that the workflow does not explain.
pub fn replay(workflow: &Workflow, events: &[Event]) -> Result<State, Unexplained> {
    let (first, later) = events.split_first().ok_or(Unexplained::Nothing)?;
    let submission = first.what == Happened::Submitted
        && first.from.is_none()
        && first.service.is_some()
        && first.to == *workflow.initial;
    let mut state = State::born(workflow, first)
        .ok()
        .filter(|_| submission)
        .ok_or(Unexplained::Submission { index: 0 })?;
    for (event, index) in later.iter().zip(1..) {
        if event.what == Happened::Submitted {
            return Err(Unexplained::Submission { index });
        }
        if event.from.as_deref() != Some(state.status.as_str()) {
            return Err(Unexplained::Gap {
                index,
                from: event.from.clone().unwrap_or_default(),
                found: state.status,
            });
        }
        if state.closed.is_some() && !matches!(event.what, Happened::Forced { .. }) {
            return Err(Unexplained::AfterEnd { index });
        }
        if !foreseen(workflow, &state, event) {
            return Err(Unexplained::NotInWorkflow { index });
        }
        state = state
            .after(workflow, event)
            .map_err(|_: Refused| Unexplained::NotInWorkflow { index })?;
    }
    Ok(state)
}

fn foreseen(workflow: &Workflow, state: &State, event: &Event) -> bool {
    let timed = |id: &str, transition: Option<&str>| {
        workflow.timers.iter().any(|timer| {
            *timer.id == id
                && *timer.status == state.status
                && timer.take.as_ref().map(|take| take.as_str()) == transition
        })
    };
    let leads = |transition: &Transition| {
        super::leaves(transition, &state.status) && *transition.to == event.to
    };
    match &event.what {
        Happened::Taken { transition, timer } => {
            workflow.transition(transition).is_some_and(leads)
                && timer
                    .as_ref()
                    .is_none_or(|timer| timed(timer, Some(transition)))
        }
        Happened::Reminded { timer } => event.to == state.status && timed(timer, None),
        Happened::Assigned => event.to == state.status && event.assignee.is_some(),
        Happened::Forced { reason } => event.to != state.status && !reason.trim().is_empty(),
        Happened::Submitted => false,
    }
}
