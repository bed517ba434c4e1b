//! What a decision owes: rows for the outbox, documents, timers. Named here, done elsewhere, in the
//! transaction that writes the event.

use super::{Assignment, Event, Refused, State, TimerDue, small_form};
use crate::definition::workflow::{Action, Outcome};
use serde_json::{Map, Value};
use uuid::Uuid;

/// One thing owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A mail to the citizen.
    Mail { template: String },
    /// A notice to the service that has the request after this step.
    Notify { template: String },
    /// Documents to issue.
    Issue(Documents),
    /// The documents issued for this request are no longer valid.
    Revoke,
    /// The request changes service. A service that does not exist is refused by the caller.
    Route { service: String },
    /// It changes hands, or leaves them.
    Assign { agent: Option<Uuid> },
    /// The deadline stands still from this day on.
    PauseDeadline,
    /// The deadline runs again.
    ResumeDeadline,
    /// The request is closed, with this outcome.
    Close(Outcome),
    /// A closed request was forced open.
    Reopen,
    /// Timers of the status that was entered.
    StartTimers(Vec<TimerDue>),
    /// Whatever timer of this request still waits shall not fire. Comes before `StartTimers`.
    CancelTimers,
}

/// Which documents of the procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Documents {
    /// Every one.
    All,
    /// The one of that id.
    One(String),
}

/// The word of definitions for every document of the procedure (`issue: all`).
const ALL: &str = "all";

impl Documents {
    /// Reads the word of an `issue` action.
    pub fn parse(word: &str) -> Self {
        if word == ALL {
            Self::All
        } else {
            Self::One(word.to_owned())
        }
    }
}

/// The effects of actions, in their order. What changes the state (service, agent) goes into `event`.
pub(super) fn of_actions<'a>(
    actions: impl IntoIterator<Item = &'a Action>,
    state: &State,
    form: &Map<String, Value>,
    event: &mut Event,
) -> Result<Vec<Effect>, Refused> {
    let mut effects = Vec::new();
    for action in actions {
        match action {
            Action::Mail(template) => effects.push(Effect::Mail {
                template: template.clone(),
            }),
            Action::Notify(template) => effects.push(Effect::Notify {
                template: template.clone(),
            }),
            Action::Issue(word) => effects.push(Effect::Issue(Documents::parse(word))),
            Action::Revoke(true) => effects.push(Effect::Revoke),
            Action::Route(word) => {
                event.service = Some(small_form::named_service(word, form)?);
            }
            Action::Assign(true) => {
                // A citizen or the program cannot take a request: the word is for agents.
                if let Some(agent) = event.by.account() {
                    event.assignee = Some(Assignment::Agent(agent));
                }
            }
            Action::Assign(false) => event.assignee = Some(Assignment::Nobody),
            Action::Revoke(false) => {}
        }
    }
    settle(state, event);
    let changed = event.service.iter().map(|service| Effect::Route {
        service: service.clone(),
    });
    let handed = event.assignee.iter().map(|assignment| Effect::Assign {
        agent: match assignment {
            Assignment::Agent(id) => Some(*id),
            Assignment::Nobody => None,
        },
    });
    // Notices go to the service that has the request afterwards, so it is routed first.
    Ok(changed.chain(handed).chain(effects).collect())
}

/// Keeps only what changes, and takes a request that leaves a service out of the hands of its agents.
fn settle(state: &State, event: &mut Event) {
    event.service.take_if(|service| *service == state.service);
    if event.service.is_some() {
        event.assignee = Some(Assignment::Nobody);
    }
    event
        .assignee
        .take_if(|assignee| *assignee == Assignment::from(state.assignee));
}
