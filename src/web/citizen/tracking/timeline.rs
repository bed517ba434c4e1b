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
    let mut entries: Vec<Entered> = events
        .iter()
        .filter(|event| event.public && event.kind == "step")
        .filter_map(|event| {
            let step: crate::workflow::Event = event.data.read().ok()?;
            let status = workflow.status(&step.to)?;
            let told = match &step.what {
                Happened::Taken { transition, .. } => workflow
                    .transition(transition)
                    .map(|t| t.told.get(lang).to_owned()),
                _ => None,
            };
            Some(Entered {
                label: status.citizen.get(lang).to_owned(),
                at: Some(event.at),
                note: told.filter(|told| !told.is_empty()),
                state: "done",
            })
        })
        .collect();
    if request.closed_at.is_none()
        && let Some(last) = entries.last_mut()
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
