//! Correcting a request that was sent: the fields the service named, those their change brings up, and
//! nothing else. What else changed since, settings or the definition's view of a day, has no say: an
//! answer that was in order when it was sent stays as it was filed.

use super::asked::Asked;
use super::complete::{Applicant, Fee, NotReady};
use super::journey::{Journey, SeenPage};
use super::page::{closed_up, newly_asked, reproaches};
use super::problem::{Fault, FieldError, Problem};
use super::walk::{Post, walk};
use super::{Answers, Context, Typed};
use crate::definition::{FieldType, Procedure};
use std::collections::HashSet;

/// What came of the post of a correction.
pub struct Correction<'d> {
    /// What was typed, to be shown again exactly so.
    pub kept: Typed,
    /// What must be mended.
    pub errors: Vec<FieldError>,
    /// Questions that the correction just brought up and that the page did not show yet.
    pub newly_asked: Vec<String>,
    /// Every question it brings up, shown yet or not.
    pub brought: Vec<String>,
    /// The way with the correction in it.
    pub journey: Journey<'d>,
    /// What is different now; none when nothing is, or when something must be mended first.
    pub corrected: Option<Corrected>,
}

/// Answers that were corrected, and what follows from them. Only [`correct`] makes one.
#[derive(Clone, Debug)]
pub struct Corrected {
    answers: Answers,
    fields: Vec<String>,
    applicant: Option<Applicant>,
    fee: Option<Fee>,
    urgent: bool,
    warnings: Vec<FieldError>,
}

impl Corrected {
    /// All answers, as they are to be kept.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The questions whose answer changed, in the form's order.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }

    /// Who asks, when the correction changes it.
    pub fn applicant(&self) -> Option<&Applicant> {
        self.applicant.as_ref()
    }

    /// What the form warns of now, the corrected answers in it.
    pub fn warnings(&self) -> &[FieldError] {
        &self.warnings
    }

    /// Whether it is urgent now.
    pub fn urgent(&self) -> bool {
        self.urgent
    }

    /// What it costs, when the correction changes it.
    pub fn fee(&self) -> Option<&Fee> {
        self.fee.as_ref()
    }
}

/// Reads a correction. `answers` are the request's, `allowed` the fields the service named, `context`
/// that of the day it was sent. Fails when the definition gives no applicant or no fee for the corrected
/// answers, though it did for those that were filed.
pub fn correct<'d>(
    procedure: &'d Procedure,
    answers: &Answers,
    allowed: &[String],
    typed: &Typed,
    context: &Context,
) -> Result<Correction<'d>, NotReady> {
    let before = Journey::of(procedure, walk(procedure, answers, context, None));
    let known: HashSet<&str> = before.asked().map(|asked| &**asked.field.id).collect();
    let known = |field: &str| known.contains(field) || answers.get(field).is_some();
    let open = |field: &str| allowed.iter().any(|name| name == field) || !known(field);
    let typed = &closed_up(typed, procedure.form.fields());
    let post = Post {
        typed,
        wanted: &|_, field| open(field),
    };
    let journey = Journey::of(procedure, walk(procedure, answers, context, Some(&post)));
    let mut found = Correction {
        kept: typed.clone(),
        errors: Vec::new(),
        newly_asked: Vec::new(),
        brought: Vec::new(),
        corrected: None,
        journey,
    };
    found.judge(&before, &open);
    found.brought = found
        .journey
        .asked()
        .filter(|asked| asked.field.is_question() && !known(&asked.field.id))
        .map(|asked| asked.field.id.to_string())
        .collect();
    if found.errors.is_empty() && found.newly_asked.is_empty() {
        found.corrected = Corrected::between(answers, &before, &found.journey, &open)?;
    }
    Ok(found)
}

impl Correction<'_> {
    /// Collects what is wrong with the open questions, page by page.
    fn judge(&mut self, before: &Journey<'_>, open: &dyn Fn(&str) -> bool) {
        for page in self.journey.pages() {
            let asked: Vec<Asked<'_>> = page
                .asked
                .iter()
                .filter(|asked| asked.field.is_question() && open(&asked.field.id))
                .cloned()
                .collect();
            let Some(first) = asked.first() else { continue };
            let was = before.page(page.id());
            // A rule of the page may speak beside a question that is not open: it speaks beside the
            // first that is. One that did not hold before the correction either is not its fault.
            let here = |fault: &Fault| -> Option<Fault> {
                let field = fault.name.split('.').next().unwrap_or_default();
                let rule = matches!(fault.problem, Problem::Rule(_));
                if rule && was.is_some_and(|was| was.faults.contains(fault)) {
                    return None;
                }
                match (rule, open(field)) {
                    (_, true) => Some(fault.clone()),
                    (true, false) => Some(Fault {
                        name: first.field.id.to_string(),
                        ..fault.clone()
                    }),
                    (false, false) => None,
                }
            };
            let brought = newly_asked(&asked, &self.kept);
            let faults: Vec<Fault> = page.faults.iter().filter_map(here).collect();
            self.errors.extend(reproaches(&faults, &brought));
            self.newly_asked.extend(brought);
        }
    }
}

impl Corrected {
    /// The stored answers with what the correction changes: open questions as they were posted, computed
    /// values that come out differently, and without what it hides.
    fn between(
        stored: &Answers,
        before: &Journey<'_>,
        after: &Journey<'_>,
        open: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Self>, NotReady> {
        let (old, new) = (before.final_answers(), after.final_answers());
        let mut answers = stored.clone();
        let mut fields = Vec::new();
        for field in after.procedure().form.fields() {
            let id = field.id.as_str();
            let (was, is) = (old.get(id), new.get(id));
            let computed = field.field_type() == FieldType::Computed;
            if !(open(id) || computed || is.is_none()) || was == is {
                continue;
            }
            let stays = stored.get(id) == is;
            match is {
                Some(value) => answers.put(id, value.clone()),
                None => answers.take_out(id),
            }
            if !computed && !stays {
                fields.push(id.to_owned());
            }
        }
        if answers == *stored {
            return Ok(None);
        }
        let applicant = |way: &Journey<'_>| way.applicant().map_err(NotReady::from);
        Ok(Some(Self {
            answers,
            fields,
            applicant: changed(applicant(before), applicant(after))?,
            fee: changed(before.fee(), after.fee())?,
            urgent: after.urgent(),
            warnings: after.pages().iter().flat_map(SeenPage::warnings).collect(),
        }))
    }
}

/// What is new of it, when it is. What could not be worked out before the correction either stays as it
/// was filed; what the correction takes away is the definition's fault, and nothing is corrected.
fn changed<T: PartialEq>(
    before: Result<T, NotReady>,
    after: Result<T, NotReady>,
) -> Result<Option<T>, NotReady> {
    match (before, after) {
        (Ok(was), Ok(is)) if was == is => Ok(None),
        (_, Ok(is)) => Ok(Some(is)),
        (Err(_), Err(_)) => Ok(None),
        (Ok(_), Err(broken)) => Err(broken),
    }
}

/// The questions a correction shows: those named that are asked, in the form's order. `also` names
/// those the last post brought up ([`Correction::brought`]).
pub fn correctable<'d>(
    journey: &Journey<'d>,
    allowed: &[String],
    also: &[String],
) -> Vec<Asked<'d>> {
    journey
        .asked()
        .filter(|asked| {
            let id = asked.field.id.as_str();
            asked.field.is_question() && allowed.iter().chain(also).any(|name| name == id)
        })
        .cloned()
        .collect()
}
