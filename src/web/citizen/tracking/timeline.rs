//! The timeline: the steps that were taken, in plain words, and the one that is expected.

use crate::audit::Event;
use crate::db::At;
use crate::request::Request;
use crate::site::shelf::Published;
use crate::workflow::Happened;
use serde::Serialize;

/// A line of the timeline.
#[derive(Serialize)]
pub struct Entered {
    pub label: String,
    pub at: Option<At>,
    pub note: Option<String>,
    pub state: &'static str,
}

/// The steps that were taken, and the one that is expected.
pub fn timeline(published: &Published, request: &Request, events: &[Event]) -> Vec<Entered> {
    let workflow = published.workflow();
    let lang = request.language.as_str();
    let mut last_step = None;
    let mut entries = Vec::new();
    for event in events.iter().filter(|event| event.public) {
        let entry = match event.kind.as_str() {
            "step" => {
                let entry = step(published, event, lang);
                if entry.is_some() {
                    last_step = Some(entries.len());
                }
                entry
            }
            "corrected" => Some(happened(event, corrected(published, event, lang), None)),
            "revoked" => {
                let reason = event
                    .data
                    .0
                    .get("reason")
                    .and_then(|reason| reason.as_str());
                let reason = reason.filter(|reason| !reason.is_empty());
                Some(happened(event, revoked(event), reason.map(str::to_owned)))
            }
            _ => None,
        };
        entries.extend(entry);
    }
    if request.closed_at.is_none()
        && let Some(last) = last_step.and_then(|at| entries.get_mut(at))
    {
        last.state = "now";
        let next = workflow
            .status(&request.status)
            .map(|status| status.next.get(lang));
        if let Some(next) = next.filter(|next| !next.is_empty()) {
            entries.push(Entered {
                label: "Maintenant".to_owned(),
                at: None,
                note: Some(next.to_owned()),
                state: "next",
            });
        }
    }
    entries
}

fn happened(event: &Event, label: String, note: Option<String>) -> Entered {
    Entered {
        label,
        at: Some(event.at),
        note,
        state: "done",
    }
}

fn step(published: &Published, event: &Event, lang: &str) -> Option<Entered> {
    let workflow = published.workflow();
    let step: crate::workflow::Event = event.data.read().ok()?;
    let status = workflow.status(&step.to)?;
    let told = match &step.what {
        Happened::Taken { transition, .. } => workflow
            .transition(transition)
            .map(|transition| transition.told.get(lang).to_owned()),
        _ => None,
    };
    let label = status.citizen.get(lang).to_owned();
    Some(happened(event, label, told.filter(|told| !told.is_empty())))
}

/// "Réponses corrigées", and which.
pub fn corrected(published: &Published, event: &Event, lang: &str) -> String {
    let fields: Vec<String> = event
        .data
        .0
        .get("fields")
        .and_then(|fields| serde_json::from_value(fields.clone()).ok())
        .unwrap_or_default();
    let form = &published.procedure().form;
    let label = |id: &String| {
        let label = form.field(id)?.label.get(lang);
        let label = label.trim_end_matches([' ', '\u{a0}', '?', ':']);
        (!label.is_empty()).then(|| label.to_owned())
    };
    let labels: Vec<String> = fields.iter().filter_map(label).collect();
    if labels.is_empty() {
        "Réponses corrigées".to_owned()
    } else {
        format!("Réponses corrigées\u{a0}: {}", labels.join(", "))
    }
}

/// "Document annulé", and which.
pub fn revoked(event: &Event) -> String {
    match event.data.0.get("title").and_then(|title| title.as_str()) {
        Some(title) => format!("Document annulé\u{a0}: {title}"),
        None => "Documents annulés".to_owned(),
    }
}
