//! The steps of a request as agents read them: what, and by whom.

use super::super::Agent;
use super::Opened;
use super::page::Around;
use crate::audit::Event;
use crate::db::Id;
use crate::web::citizen::tracking::timeline::{Entered, corrected, revoked};
use crate::workflow::{self, Assignment, Happened};

/// The agents that steps hand requests to.
pub fn people(events: &[Event]) -> Vec<Id> {
    let mut people: Vec<Id> = events
        .iter()
        .filter_map(|event| match step(event)?.assignee? {
            Assignment::Agent(id) => Some(Id(id)),
            Assignment::Nobody => None,
        })
        .collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// The steps, the oldest first; the last one is where an open request stands.
pub fn of(agent: &Agent, opened: &Opened, around: &Around) -> Vec<Entered> {
    let lang = agent.visit.lang();
    let told = |event: &Event| {
        let (label, note) = told(opened, around, event, lang)?;
        Some(Entered {
            label,
            at: Some(event.at),
            note: Some(note),
            state: "done",
        })
    };
    let mut entries: Vec<Entered> = around.events.iter().filter_map(told).collect();
    if opened.request.closed_at.is_none()
        && let Some(last) = entries.last_mut()
    {
        last.state = "now";
    }
    entries
}

/// How many things happened to it. Reading is no happening.
pub fn count(events: &[Event]) -> usize {
    happened(events).count()
}

/// What happened after the first so many things, in sentences.
pub fn since(agent: &Agent, opened: &Opened, around: &Around, seen: usize) -> Vec<String> {
    let sentence = |event: &Event| {
        let (label, note) = match event.kind.as_str() {
            "message" => ("Message".to_owned(), by(event)),
            "note" => ("Note interne".to_owned(), by(event)),
            _ => told(opened, around, event, agent.visit.lang())?,
        };
        Some(format!("{label} ({note})"))
    };
    let mut told: Vec<String> = happened(&around.events)
        .skip(seen)
        .filter_map(sentence)
        .collect();
    if told.is_empty() {
        told.push("Quelque chose a changé.".to_owned());
    }
    told
}

fn happened(events: &[Event]) -> impl Iterator<Item = &Event> {
    events
        .iter()
        .filter(|event| !matches!(event.kind.as_str(), "read" | "revealed"))
}

fn told(opened: &Opened, around: &Around, event: &Event, lang: &str) -> Option<(String, String)> {
    if event.kind == "step" {
        return told_step(opened, around, event, lang);
    }
    let label = told_fact(opened, event, lang)?;
    let reason = event
        .data
        .0
        .get("reason")
        .and_then(|reason| reason.as_str());
    Some(match reason.filter(|reason| !reason.is_empty()) {
        Some(reason) => (label, format!("{} · {reason}", by(event))),
        None => (label, by(event)),
    })
}

pub(super) fn step(event: &Event) -> Option<workflow::Event> {
    (event.kind == "step").then(|| event.data.read().ok())?
}

fn told_step(
    opened: &Opened,
    around: &Around,
    event: &Event,
    lang: &str,
) -> Option<(String, String)> {
    let step = step(event)?;
    let workflow = opened.published.workflow();
    let status = workflow.status(&step.to).map_or_else(
        || step.to.clone(),
        |status| status.agent.get(lang).to_owned(),
    );
    let by = by(event);
    Some(match &step.what {
        Happened::Submitted => ("Déposée".to_owned(), by),
        Happened::Taken { transition, .. } => {
            let label = workflow.transition(transition);
            let label = label.map_or("", |transition| transition.label.get(lang));
            (status, format!("{label} · {by}"))
        }
        Happened::Reminded { .. } => ("Rappel automatique".to_owned(), by),
        Happened::Assigned => (given(around, step.assignee?), by),
        Happened::Forced { reason } => (status, format!("État imposé · {by} · {reason}")),
    })
}

fn given(around: &Around, to: Assignment) -> String {
    match to {
        Assignment::Nobody => "Rendue à la file".to_owned(),
        Assignment::Agent(id) => match around.names.get(&Id(id)) {
            Some(name) => format!("Confiée à {name}"),
            None => "Confiée à un agent".to_owned(),
        },
    }
}

/// What is told beside the steps. Readings are the citizen's to see, messages stand above.
fn told_fact(opened: &Opened, event: &Event, lang: &str) -> Option<String> {
    let title = event.data.0.get("title").and_then(|title| title.as_str());
    Some(match event.kind.as_str() {
        "issued" => format!("Document émis\u{a0}: {}", title.unwrap_or_default()),
        "revoked" => revoked(event),
        "corrected" => corrected(&opened.published, event, lang),
        "revealed" => "Réponse masquée affichée".to_owned(),
        _ => return None,
    })
}

pub(super) fn by(event: &Event) -> String {
    match (&event.actor_name, event.actor.as_str()) {
        (Some(name), _) => name.clone(),
        (None, "citizen") => "le citoyen".to_owned(),
        (None, _) => "automatiquement".to_owned(),
    }
}
