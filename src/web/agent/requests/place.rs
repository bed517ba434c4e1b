//! Where a request stands in the list one came from; once it has left the list, where it stood there. Its
//! neighbours are those of that place, so that one never walks out of the list.

use super::super::Agent;
use super::{Opened, decided};
use crate::audit::Event;
use crate::db::At;
use crate::queue::{Place, Selection, View};
use crate::request::Request;
use crate::site::Site;
use crate::workflow;
use chrono::{DateTime, NaiveDate};

/// The list one came from; the queue of its service when one came from none.
pub fn list(agent: &Agent, request: &Request) -> Selection {
    match &agent.list {
        Some(list) => list.selection.clone(),
        None => Selection {
            service: Some(request.service.clone()),
            ..Selection::default()
        },
    }
}

/// Where the request stands in that list, or would stand if it had not just left it.
pub fn place(site: &Site, opened: &Opened, events: &[Event], list: &Selection) -> Place {
    let request = &opened.request;
    let of = |at: Option<At>| Place::Moment(at.unwrap_or(At(DateTime::UNIX_EPOCH)), request.id);
    match list.view {
        View::Answered => of(request.answered_at),
        View::Closed => of(request.closed_at),
        View::Open | View::Mine | View::Late => {
            let waits = list.waiting().unwrap_or_else(|| waited(opened, events));
            let due_on = if waits {
                due_while_waiting(site, opened)
            } else {
                request.due_on
            };
            Place::of_deadline(due_on, request.id, waits, request.urgent)
        }
    }
}

/// True when it waits for the citizen, or waited until it was closed. Days alone do not tell: it may have
/// been answered and decided on one of them.
fn waited(opened: &Opened, events: &[Event]) -> bool {
    let request = &opened.request;
    if request.closed_at.is_none() {
        return request.paused_since.is_some();
    }
    let from = decided::closing(events).and_then(|(_, step)| step.from);
    let status = from.and_then(|from| opened.published.workflow().status(&from));
    status.is_some_and(|status| status.pauses_deadline)
}

/// The day by which it stood among those that wait: the end of its last pause gave days back.
fn due_while_waiting(site: &Site, opened: &Opened) -> NaiveDate {
    let request = &opened.request;
    let mut state = request.state();
    let ended = state.pauses.pop().is_some_and(|pause| pause.to.is_some());
    let house = site.calendar(&request.authority);
    let definition = &opened.published.procedure().deadline;
    let stood = workflow::deadline(definition, &state, house, site.db.clock().now());
    stood.due.filter(|_| ended).unwrap_or(request.due_on)
}
