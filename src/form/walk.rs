//! One walk through a form, question after question, each condition seeing the answers before it.
//! Reading a post, finding the way and judging the whole are the same walk, so they cannot disagree.

use super::asked::Asked;
use super::desk::Desk;
use super::journey::SeenPage;
use super::parse::Reader;
use super::problem::{Fault, Problem};
use super::reads::reads;
use super::rules::Judge;
use super::shape::is_blank;
use super::{Answers, Context, Object, Typed};
use crate::definition::form::{CheckLevel, Page, PageCheck};
use crate::definition::{Expression, Field, FieldType, Procedure, Scope};
use chrono::NaiveDate;
use serde_json::Value as Json;

/// What was posted, and which questions (page, field) it answers.
pub(super) struct Post<'p> {
    pub typed: &'p Typed,
    pub wanted: &'p dyn Fn(&str, &str) -> bool,
}

/// What a walk leaves behind.
pub(super) struct Walked<'d> {
    pub pages: Vec<SeenPage<'d>>,
    pub scope: Scope,
    /// Every field's answer as expressions see it.
    pub answers: Object,
    /// The stored answers with what was posted put in.
    pub merged: Answers,
}

pub(super) fn walk<'d>(
    procedure: &'d Procedure,
    stored: &Answers,
    context: &Context,
    post: Option<&Post<'_>>,
) -> Walked<'d> {
    let form = &procedure.form;
    let mut desk = Desk::new(context, "answers", form.fields(), &[]);
    let mut merged = stored.clone();
    let mut pages = Vec::new();
    for page in &form.pages {
        if !desk.holds(page.when.as_ref()) {
            continue;
        }
        let mut seen = SeenPage::of(page);
        for field in &page.fields {
            let typed = post
                .filter(|post| (post.wanted)(&page.id, &field.id))
                .map(|post| post.typed);
            let Some(asked) = desk.ask(field) else {
                keep_hidden(field, typed, &mut merged, context.today());
                continue;
            };
            if field.is_question() {
                let id = field.id.as_str();
                let (value, faults) = answer(&asked, merged.get(id), typed, context.today());
                desk.lay(field, asked.effective(&value));
                if typed.is_some() {
                    merged.put(id, value);
                }
                if faults.is_empty() && merged.get(id).is_none() {
                    seen.unseen
                        .get_or_insert_with(|| fault(field, Problem::Unseen));
                }
                seen.faults.extend(faults);
            } else {
                desk.lay(field, asked.computed.clone());
            }
            seen.asked.push(asked);
        }
        if !seen.asked.is_empty() {
            check(page, &mut seen, &mut desk);
            pages.push(seen);
        }
    }
    let (scope, answers) = desk.leave_for(read_afterwards(procedure));
    Walked {
        pages,
        scope,
        answers,
        merged,
    }
}

/// What is read of the answers once the way was gone: proposals for questions without an answer, the
/// route, the fee, who asks and whether it is urgent.
fn read_afterwards(procedure: &Procedure) -> impl Iterator<Item = &Expression> {
    let proposals = procedure.form.fields().filter_map(|f| f.prefill.as_ref());
    let routes = procedure.routing.rules.iter().map(|rule| &rule.when);
    let lines = procedure.fee.iter().flat_map(|fee| &fee.lines);
    let fee = lines.flat_map(|line| line.when.iter().chain([&line.amount]));
    let applicant = &procedure.applicant;
    let asking = [&applicant.name, &applicant.email];
    let asking = asking.into_iter().chain(&applicant.phone);
    let urgent = procedure.priority.iter();
    proposals
        .chain(routes)
        .chain(fee)
        .chain(asking)
        .chain(urgent)
}

/// A question that the same post hides keeps what was typed in it, when that is an answer: whoever comes
/// back to it finds it there. What is hidden when the form is sent is not sent.
fn keep_hidden(field: &Field, typed: Option<&Typed>, merged: &mut Answers, today: NaiveDate) {
    let Some(typed) = typed.filter(|typed| field.is_question() && typed.holds(&field.id)) else {
        return;
    };
    let (value, faults) = answer(
        &Asked::hidden(field),
        merged.get(&field.id),
        Some(typed),
        today,
    );
    if faults.is_empty() && !is_blank(&value) {
        merged.put(&field.id, value);
    }
}

/// The answer to a question and what is wrong with it: read from the post when there is one, else as
/// it was stored.
pub(super) fn answer(
    asked: &Asked<'_>,
    stored: Option<&Json>,
    typed: Option<&Typed>,
    today: NaiveDate,
) -> (Json, Vec<Fault>) {
    let name = asked.field.id.as_str();
    let stored = stored.unwrap_or(&Json::Null);
    let Some(typed) = typed else {
        let value = asked.offered(stored);
        let mut judge = Judge {
            today,
            faults: Vec::new(),
        };
        judge.judge(asked, name, &value);
        return (value, judge.faults);
    };
    let mut reader = Reader::new(typed, today);
    let value = reader.read(asked, name, stored);
    let mut judge = Judge {
        today,
        faults: reader.faults,
    };
    judge.judge(asked, name, &value);
    (value, judge.faults)
}

fn fault(field: &Field, problem: Problem) -> Fault {
    Fault {
        name: field.id.to_string(),
        label: field.label.to_string(),
        problem,
    }
}

/// The page's own rules. One is passed over while an answer it needs is blank, and when it cannot be
/// computed, which has the same cause.
fn check(page: &Page, seen: &mut SeenPage<'_>, desk: &mut Desk) {
    for rule in &page.checks {
        if waits(rule, desk) || desk.eval(&rule.that) != Ok(Json::Bool(false)) {
            continue;
        }
        let named = rule.field.as_deref().map(String::as_str);
        let beside = seen
            .asked
            .iter()
            .find(|asked| named == Some(asked.field.id.as_str()))
            .or_else(|| seen.asked.iter().find(|asked| asked.field.is_question()))
            .or(seen.asked.first());
        let Some(beside) = beside else { continue };
        let found = fault(beside.field, Problem::Rule(rule.message.to_string()));
        let list = match rule.level {
            CheckLevel::Error => &mut seen.faults,
            CheckLevel::Warning => &mut seen.warnings,
        };
        if list.iter().all(|other| other.name != found.name) {
            list.push(found);
        }
    }
}

fn waits(rule: &PageCheck, desk: &Desk) -> bool {
    reads(&rule.that, "answers").iter().any(|read| {
        let whole = desk.answer(&read.field);
        let value = match &read.part {
            Some(part) => whole.get(part).unwrap_or(whole),
            None => whole,
        };
        !read.guarded && is_blank(value)
    })
}

/// The walk through a request that was sent: what was asked then is what has an answer; the
/// conditions, settings and options of today have no say.
pub(super) fn walk_submitted<'d>(
    procedure: &'d Procedure,
    answers: &Answers,
    context: &Context,
) -> Walked<'d> {
    let form = &procedure.form;
    let mut desk = Desk::new(context, "answers", form.fields(), &[]);
    let mut pages = Vec::new();
    for page in &form.pages {
        let mut seen = SeenPage::of(page);
        for field in &page.fields {
            let Some(value) = answers.get(&field.id) else {
                continue;
            };
            let asked = Asked::submitted(field, value);
            let value = match field.field_type() {
                FieldType::Computed => value.clone(),
                _ => asked.effective(value),
            };
            desk.lay(field, value);
            seen.asked.push(asked);
        }
        if !seen.asked.is_empty() {
            pages.push(seen);
        }
    }
    let (scope, laid) = desk.leave();
    Walked {
        pages,
        scope,
        answers: laid,
        merged: answers.clone(),
    }
}
