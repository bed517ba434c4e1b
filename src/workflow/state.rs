//! Where a request stands. A state is born of its submission and changes only by events.

use super::{Assignment, Event, Happened, Refused};
use crate::belgium::brussels_date;
use crate::calendar::Pause;
use crate::definition::Workflow;
use crate::definition::workflow::{Outcome, Status};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the engine needs to know of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Id of a status of the workflow.
    pub status: String,
    /// Since when; to the microsecond, as it is stored.
    pub entered_at: DateTime<Utc>,
    pub submitted_at: DateTime<Utc>,
    /// When and how it ended; none while it is open.
    pub closed: Option<Closed>,
    /// Id of the service that has it.
    pub service: String,
    /// The agent who has it.
    pub assignee: Option<Uuid>,
    /// When the deadline stood still, oldest first; only the last may still run. Days of Belgium.
    pub pauses: Vec<Pause>,
}

/// The end of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    pub at: DateTime<Utc>,
    pub outcome: Outcome,
}

impl State {
    /// The state that a submission makes.
    pub(super) fn born(workflow: &Workflow, event: &Event) -> Result<Self, Refused> {
        let mut state = Self {
            status: String::new(),
            entered_at: event.at,
            submitted_at: event.at,
            closed: None,
            service: event.service.clone().unwrap_or_default(),
            assignee: None,
            pauses: Vec::new(),
        };
        state.enter(known(workflow, &event.to)?, event.at);
        Ok(state)
    }

    /// The state after an event: status, deadline, closing, service and agent, nothing else.
    /// It does not judge whether the event was allowed; that is [`super::step`]'s.
    ///
    /// # Errors
    /// [`Refused::UnknownStatus`] when the event leads to a status the workflow does not have.
    pub fn after(&self, workflow: &Workflow, event: &Event) -> Result<Self, Refused> {
        if event.what == Happened::Submitted {
            return Self::born(workflow, event);
        }
        let mut state = self.clone();
        if let Some(service) = &event.service {
            state.service.clone_from(service);
        }
        if let Some(assignee) = event.assignee {
            state.assignee = match assignee {
                Assignment::Agent(id) => Some(id),
                Assignment::Nobody => None,
            };
        }
        // Back to the same status is not entering it: timers and deadline go on.
        if event.to != state.status {
            state.enter(known(workflow, &event.to)?, event.at);
        }
        Ok(state)
    }

    /// The deadline stands still.
    pub fn is_paused(&self) -> bool {
        self.pauses.last().is_some_and(|pause| pause.to.is_none())
    }

    /// The Belgian day it was submitted.
    pub fn submitted_on(&self) -> NaiveDate {
        brussels_date(self.submitted_at)
    }

    fn enter(&mut self, status: &Status, at: DateTime<Utc>) {
        status.id.as_str().clone_into(&mut self.status);
        self.entered_at = at;
        self.closed = status.outcome.map(|outcome| Closed { at, outcome });
        let day = brussels_date(at);
        // What is closed waits for nobody.
        let pauses = status.pauses_deadline && status.outcome.is_none();
        match self.pauses.last_mut().filter(|pause| pause.to.is_none()) {
            Some(open) if !pauses => open.to = Some(day.max(open.from)),
            None if pauses => self.pauses.push(Pause {
                from: day,
                to: None,
            }),
            _ => {}
        }
    }
}

fn known<'a>(workflow: &'a Workflow, id: &str) -> Result<&'a Status, Refused> {
    workflow.status(id).ok_or_else(|| Refused::UnknownStatus {
        status: id.to_owned(),
    })
}
