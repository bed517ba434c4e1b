//! What was decided, at the top of a closed request: the colleague who takes the telephone reads what the
//! citizen read.

use super::super::Agent;
use super::page::Around;
use super::timeline::{by, step};
use super::{Opened, url};
use crate::audit::Event;
use crate::db::At;
use crate::request::decision::{self, Said};
use crate::request::paper::Paper;
use crate::workflow::{self, Happened};
use serde::Serialize;

/// How a request ended.
#[derive(Serialize)]
pub struct Decided {
    at: Option<At>,
    by: String,
    /// The words of the step that closed it.
    label: String,
    said: Vec<Said>,
    documents: Vec<Link>,
}

#[derive(Serialize)]
struct Link {
    title: String,
    url: String,
}

/// What was decided of a closed request.
pub fn of(agent: &Agent, opened: &Opened, around: &Around) -> Option<Decided> {
    let (request, lang) = (&opened.request, agent.visit.lang());
    request.closed_at?;
    let (event, step) = closing(&around.events)?;
    let workflow = opened.published.workflow();
    let label = match &step.what {
        Happened::Taken { transition, .. } => workflow
            .transition(transition)
            .map(|transition| transition.label.get(lang)),
        _ => workflow
            .status(&step.to)
            .map(|status| status.agent.get(lang)),
    };
    let valid = |paper: &&Paper| {
        !paper.is_receipt() && paper.revoked_at.is_none() && paper.sha256.is_some()
    };
    Some(Decided {
        at: Some(event.at),
        by: by(event),
        label: label.unwrap_or_default().to_owned(),
        said: decision::said(request, &opened.published, lang),
        documents: around
            .papers
            .iter()
            .filter(valid)
            .map(|paper| Link {
                title: paper.title.clone(),
                url: format!("{}/documents/{}", url(request.id), paper.id),
            })
            .collect(),
    })
}

/// The step that brought a closed request where it stands.
pub fn closing(events: &[Event]) -> Option<(&Event, workflow::Event)> {
    let steps = events.iter().rev();
    let mut steps = steps.filter_map(|event| Some((event, step(event)?)));
    steps.find(|(_, step)| step.from.as_deref() != Some(&step.to))
}
