//! The rows of a list.

use super::asked::Asked;
use super::{Agent, service_name};
use crate::db::{At, Id};
use crate::definition::Secrecy;
use crate::definition::workflow::Outcome;
use crate::queue::{self, Line};
use crate::secret::show_reference;
use crate::site::shelf::Published;
use crate::web::agent::deadline::{self, Badge};
use crate::web::agent::in_list;
use crate::web::agent::requests::url;
use serde::Serialize;
use std::collections::HashMap;
use url::form_urlencoded::byte_serialize;

/// A request in a list.
#[derive(Serialize)]
pub struct Row {
    id: Id,
    reference: String,
    url: String,
    procedure_title: String,
    applicant: String,
    status: Badge,
    deadline: Option<Badge>,
    assignee: Option<String>,
    is_mine: bool,
    received_at: At,
    closed_at: Option<At>,
    queue_name: String,
    secrecy: Secrecy,
    urgent: bool,
    unread: bool,
    take_url: Option<String>,
}

/// The rows of these lines; `names` are the names of those who have them.
pub(super) fn of(
    agent: &Agent,
    asked: &Asked,
    lines: &[Line],
    names: &HashMap<Id, String>,
) -> Vec<Row> {
    let back: String = byte_serialize(asked.here().as_bytes()).collect();
    let list = asked.list();
    let row = |line: &Line| {
        let open = line.closed_at.is_none();
        let take = format!("{}/attribution?retour={back}", url(line.id));
        Row {
            id: line.id,
            reference: show_reference(&line.reference),
            url: in_list(url(line.id), list.as_deref()),
            procedure_title: line.title.clone(),
            applicant: line.applicant.clone(),
            status: state(agent, line),
            deadline: open.then(|| due(agent, line)),
            assignee: line.assignee.and_then(|id| names.get(&id).cloned()),
            is_mine: line.assignee == Some(agent.scope.agent().id),
            received_at: line.submitted_at,
            closed_at: line.closed_at,
            queue_name: service_name(agent, &line.service),
            secrecy: line.secrecy(),
            urgent: open && line.urgent,
            unread: open && line.answered_at.is_some(),
            take_url: (open && line.assignee.is_none()).then_some(take),
        }
    };
    lines.iter().map(row).collect()
}

fn state(agent: &Agent, line: &Line) -> Badge {
    match agent.visit.site.version(line.version_id) {
        Ok(published) => badge(&published, &line.status, line.outcome(), agent.visit.lang()),
        // A version that cannot be read was logged where it was tried; the list still stands.
        Err(_) => Badge {
            label: line.status.clone(),
            tone: "neutral",
        },
    }
}

/// A state in agents' words, and its colour.
pub fn badge(published: &Published, status: &str, outcome: Option<Outcome>, lang: &str) -> Badge {
    let found = published.workflow().status(status);
    let tone = match (outcome, found) {
        (Some(Outcome::Granted), _) => "good",
        (Some(Outcome::Refused), _) => "bad",
        (None, Some(status)) if status.asks_citizen => "warning",
        (None, _) if *published.workflow().initial == *status => "accent",
        _ => "neutral",
    };
    Badge {
        label: found.map_or_else(
            || status.to_owned(),
            |status| status.agent.get(lang).to_owned(),
        ),
        tone,
    }
}

fn due(agent: &Agent, line: &Line) -> Badge {
    let site = &agent.visit.site;
    let (today, calendar) = (site.today(), site.calendar(&line.authority));
    let near = queue::last_near(calendar, today);
    let pressure = queue::pressure(line.due_on, line.paused_since.is_some(), today, near);
    deadline::badge(pressure, line.due_on, today, calendar)
}
