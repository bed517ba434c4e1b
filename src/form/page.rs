//! Reading what was posted: a page of a form, the small form of a transition.

use super::asked::Asked;
use super::desk::{Desk, proposal};
use super::journey::Journey;
use super::problem::{Fault, FieldError};
use super::walk::{Post, answer, walk};
use super::{Answers, Context, Object, Typed};
use crate::definition::{Field, FieldType, Procedure};
use serde_json::Value as Json;

/// What came of a post.
pub struct PageOutcome<'d> {
    /// The stored answers with what could be read of the post. Save them even when there are errors.
    pub answers: Answers,
    /// What was typed, to be shown again exactly so. Items of groups are moved up over gaps, as
    /// they are stored. A question that is new on the page shows what it was answered before, or the
    /// definition's proposal.
    pub kept: Typed,
    /// What must be mended before the page can be left.
    pub errors: Vec<FieldError>,
    /// What the citizen may confirm (`_confirm`) or change.
    pub warnings: Vec<FieldError>,
    /// Questions that the answers just brought up and that the page did not show yet (without
    /// JavaScript): show the page again, without reproach.
    pub newly_asked: Vec<String>,
    /// The warnings were confirmed.
    pub confirmed: bool,
    /// The way as it is now.
    pub journey: Journey<'d>,
}

impl PageOutcome<'_> {
    /// True when the page can be left for the next one.
    pub fn may_go_on(&self) -> bool {
        self.errors.is_empty()
            && self.newly_asked.is_empty()
            && (self.confirmed || self.warnings.is_empty())
    }
}

/// What came of the post of a small form.
pub struct FieldsOutcome<'d> {
    /// The answers, by field id; what could not be read is blank.
    pub answers: Object,
    /// What was typed.
    pub kept: Typed,
    /// What must be mended. When it is empty the answers are whole.
    pub errors: Vec<FieldError>,
    /// Questions that were not shown yet.
    pub newly_asked: Vec<String>,
    /// The fields as they are asked now, for their controls.
    pub asked: Vec<Asked<'d>>,
}

/// Reads the post of one page. `None` when that page cannot be visited now: it is not on the way, or
/// an earlier page is not complete.
pub fn read_page<'d>(
    procedure: &'d Procedure,
    page: &str,
    typed: &Typed,
    answers: &Answers,
    context: &Context,
) -> Option<PageOutcome<'d>> {
    let fields = &procedure.form.page(page)?.fields;
    let typed = &closed_up(typed, fields.iter());
    // A question the page did not show was not answered by this post: what is stored of it stays.
    let shown = typed.all("_shown");
    let seen = |field: &str| {
        shown.is_empty() || shown.iter().any(|name| name == field) || typed.holds(field)
    };
    let wanted = |on: &str, field: &str| on == page && seen(field);
    let post = Post {
        typed,
        wanted: &wanted,
    };
    let walked = walk(procedure, answers, context, Some(&post));
    let merged = walked.merged.clone();
    let journey = Journey::of(procedure, walked);
    if !journey.can_visit(page) {
        return None;
    }
    let seen = journey.page(page)?;
    let newly_asked = newly_asked(&seen.asked, typed);
    let mut kept = typed.clone();
    for asked in &seen.asked {
        let id = asked.field.id.as_str();
        if newly_asked.iter().any(|new| new == id) && !typed.holds(id) {
            kept.show_question(asked, &merged, journey.scope());
        }
    }
    let errors = reproaches(&seen.faults, &newly_asked);
    let warnings = seen.warnings();
    Some(PageOutcome {
        answers: merged,
        kept,
        errors,
        warnings,
        newly_asked,
        confirmed: confirmed(typed),
        journey,
    })
}

/// The fields of a small form as they are asked before anything was typed, and what their controls
/// show then. `names` are what else their conditions and proposals read: `answers`, `request`.
pub fn ask_fields<'d>(
    fields: &'d [Field],
    names: &[(&'static str, &Json)],
    context: &Context,
) -> (Vec<Asked<'d>>, Typed) {
    let mut desk = Desk::new(context, "form", fields.iter(), names);
    let mut all = Vec::new();
    for field in fields {
        let Some(asked) = desk.ask(field) else {
            continue;
        };
        if let Some(value) = proposal(field, desk.scope()) {
            desk.lay(field, asked.effective(&value));
        }
        all.push(asked);
    }
    let typed = Typed::shown(&all, &Answers::new(), desk.scope());
    (all, typed)
}

/// Reads the post of a small form; its conditions read its own answers as `form.<field>`.
pub fn read_fields<'d>(
    fields: &'d [Field],
    typed: &Typed,
    names: &[(&'static str, &Json)],
    context: &Context,
) -> FieldsOutcome<'d> {
    let typed = &closed_up(typed, fields.iter());
    let mut desk = Desk::new(context, "form", fields.iter(), names);
    let mut answers = Object::new();
    let mut faults = Vec::new();
    let mut all = Vec::new();
    for field in fields {
        let Some(asked) = desk.ask(field) else {
            continue;
        };
        let value = if field.is_question() {
            let (value, found) = answer(&asked, None, Some(typed), context.today());
            faults.extend(found);
            asked.effective(&value)
        } else {
            asked.computed.clone()
        };
        desk.lay(field, value.clone());
        if field.field_type() != FieldType::Notice {
            answers.insert(field.id.to_string(), asked.without_hidden(value));
        }
        all.push(asked);
    }
    let newly_asked = newly_asked(&all, typed);
    FieldsOutcome {
        answers,
        kept: typed.clone(),
        errors: reproaches(&faults, &newly_asked),
        newly_asked,
        asked: all,
    }
}

/// The page posts the name of each question it showed (`_shown`). What is asked and was not shown is
/// new; a page that posts no such name is taken to have shown everything.
pub(super) fn newly_asked(asked: &[Asked<'_>], typed: &Typed) -> Vec<String> {
    let shown = typed.all("_shown");
    if shown.is_empty() {
        return Vec::new();
    }
    let mut new = Vec::new();
    for question in asked.iter().filter(|asked| asked.field.is_question()) {
        let id = question.field.id.as_str();
        if !shown.iter().any(|name| name == id) {
            new.push(id.to_owned());
            continue;
        }
        for position in typed.items(id) {
            let item = format!("{id}.{position}.");
            let tracked = shown.iter().any(|name| name.starts_with(&item));
            let inner = question.inner.iter().filter(|a| a.field.is_question());
            new.extend(
                inner
                    .map(|inner| format!("{item}{}", *inner.field.id))
                    .filter(|name| tracked && !shown.contains(name)),
            );
        }
    }
    new
}

/// What was typed, the items of groups without gaps.
pub(super) fn closed_up<'a>(typed: &Typed, fields: impl Iterator<Item = &'a Field>) -> Typed {
    fields
        .filter(|field| field.field_type() == FieldType::Group)
        .fold(typed.clone(), |typed, group| typed.closed_up(&group.id))
}

/// The faults of the questions the citizen has seen.
pub(super) fn reproaches(faults: &[Fault], newly_asked: &[String]) -> Vec<FieldError> {
    let new = |name: &str| {
        newly_asked.iter().any(|new| {
            name.strip_prefix(new.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    faults
        .iter()
        .filter(|fault| !new(&fault.name))
        .map(Fault::error)
        .collect()
}

fn confirmed(typed: &Typed) -> bool {
    typed.raw("_confirm").is_some_and(|text| !text.is_empty())
}
