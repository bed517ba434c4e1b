//! What was decided, to be read again: every answer of the small form that closed the request, for the
//! person, for the agents and for the mail. What agents say among themselves is not in it.

use super::Request;
use crate::definition::workflow::{Outcome, Transition};
use crate::definition::{Field, FieldType};
use crate::form::field_labels;
use crate::site::shelf::Published;
use serde::Serialize;
use serde_json::Value as Json;

/// The field of a small form that is said among agents.
const INSIDE: &str = "note";

/// One answer of the small form that closed a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    pub field: String,
    pub label: String,
    /// Never empty; an item of a group is one line.
    pub lines: Vec<String>,
}

/// What the service said when it closed the request, in the form's order; nothing while it is open, and
/// nothing when closing it asked nothing.
pub fn said(request: &Request, published: &Published, lang: &str) -> Vec<Said> {
    match closing(request, published) {
        Some(transition) => told(transition, &request.facts().form, lang),
        None => Vec::new(),
    }
}

/// What a mail tells of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What the service said in its small form.
    pub said: Vec<Said>,
    /// How the request ended by it, when it did.
    pub outcome: Option<Outcome>,
}

/// What the step of that event said and how it ended the request, whatever happened since; how it stands
/// now for a mail that knows no event. Of an event whose step was not kept nothing is told.
pub fn told_at(request: &Request, published: &Published, event: Option<i32>, lang: &str) -> Told {
    let Some(event) = event else {
        return Told {
            said: said(request, published, lang),
            outcome: request.outcome(),
        };
    };
    let workflow = published.workflow();
    let spoken = &request.facts().spoken;
    let then = spoken.iter().find(|spoken| spoken.event == event);
    let step = then.and_then(|then| Some((workflow.transition(&then.transition)?, &then.form)));
    let Some((transition, form)) = step else {
        return Told::default();
    };
    let led_to = workflow.status(&transition.to);
    Told {
        said: told(transition, form, lang),
        outcome: led_to.and_then(|status| status.outcome),
    }
}

fn told(transition: &Transition, form: &Json, lang: &str) -> Vec<Said> {
    let Some(answers) = form.as_object() else {
        return Vec::new();
    };
    let texts = field_labels(&transition.form, answers, lang);
    let fields = transition.form.iter().filter(|field| is_told(field));
    fields
        .filter_map(|field| {
            let raw = answers.get(field.id.as_str())?;
            let lines = lines(field, raw, texts.get(field.id.as_str())?);
            // These two are asked of the agent as « votre réponse »: whoever reads it is somebody else.
            let label = match field.id.as_str() {
                "decision" => "Réponse",
                "reason" => "Raison",
                _ => field.label.get(lang),
            };
            (!lines.is_empty()).then(|| Said {
                field: field.id.to_string(),
                label: label.trim_end_matches([' ', '\u{a0}', ':', '?']).to_owned(),
                lines,
            })
        })
        .collect()
}

/// The same as one text, for a mail; the words of a form with one question stand alone.
pub fn text(said: &[Said]) -> Option<String> {
    match said {
        [] => None,
        [only] => Some(only.lines.join("\n")),
        all => {
            let part = |one: &Said| match &one.lines[..] {
                [line] => format!("{}\u{a0}: {line}", one.label),
                lines => format!("{}\u{a0}:\n{}", one.label, lines.join("\n")),
            };
            Some(all.iter().map(part).collect::<Vec<_>>().join("\n\n"))
        }
    }
}

/// The transition that closed it. Requests closed before it was kept have the one that leads where they
/// stand, when there is one alone.
fn closing<'a>(request: &Request, published: &'a Published) -> Option<&'a Transition> {
    request.closed_at?;
    let workflow = published.workflow();
    if let Some(id) = request.facts().closed_by {
        return workflow.transition(&id);
    }
    let mut leading = workflow
        .transitions
        .iter()
        .filter(|transition| *transition.to == request.status);
    leading.next().filter(|_| leading.next().is_none())
}

/// A number of the national register is in the document that needs it, and is not repeated.
fn is_told(field: &Field) -> bool {
    *field.id != INSIDE
        && !field.label.is_empty()
        && !matches!(
            field.field_type(),
            FieldType::Notice | FieldType::NationalNumber
        )
}

fn lines(field: &Field, raw: &Json, text: &Json) -> Vec<String> {
    let given = |text: &str| !text.trim().is_empty();
    match (field.field_type(), text) {
        (FieldType::Group, Json::Array(items)) => {
            let item = |item: &Json| {
                let told = field.fields.iter().filter(|inner| is_told(inner));
                let texts = told.filter_map(|inner| item.get(inner.id.as_str())?.as_str());
                let texts: Vec<&str> = texts.filter(|text| given(text)).collect();
                texts.join(", ")
            };
            items.iter().map(item).filter(|line| given(line)).collect()
        }
        (FieldType::LongText, _) => {
            let words = raw.as_str().unwrap_or_default().trim();
            words.lines().map(str::to_owned).collect()
        }
        (_, text) => {
            let text = text.as_str().unwrap_or_default();
            Some(text.to_owned())
                .filter(|text| given(text))
                .into_iter()
                .collect()
        }
    }
}
