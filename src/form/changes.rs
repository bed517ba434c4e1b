//! What changed between two versions of a form, for somebody who is filling in the older one: questions by
//! their id, in plain words.

use crate::definition::form::CheckLevel;
use crate::definition::{Expression, Field, Procedure};
use indexmap::IndexMap;
use std::fmt;

/// Something that somebody who answered the older version should know of the newer one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A question that was not asked.
    Added(String),
    /// A question that is not asked any more.
    Gone(String),
    /// Other words for the same question.
    Reworded { before: String, after: String },
    /// The same question takes other answers.
    Answers(String),
    /// It must be answered now.
    Required(String),
    /// It may be left out now.
    Optional(String),
    /// Other limits, or other checks of what is answered.
    Rules(String),
    /// What it costs.
    Fee,
}

/// What the newer version asks otherwise: new questions first, then those that changed, then those that
/// are gone. Nothing, when whoever fills it in would not notice.
pub fn changes(before: &Procedure, after: &Procedure, lang: &str) -> Vec<Change> {
    let (old, new) = (questions(before), questions(after));
    let label = |field: &Field| label(field, lang);
    let added = new.iter().filter(|(id, _)| !old.contains_key(*id));
    let mut found: Vec<Change> = added
        .map(|(_, field)| Change::Added(label(field)))
        .collect();
    for (id, field) in &new {
        let Some(was) = old.get(id) else { continue };
        if label(was) != label(field) {
            found.push(Change::Reworded {
                before: label(was),
                after: label(field),
            });
        }
        if answers(was, lang) != answers(field, lang) {
            found.push(Change::Answers(label(field)));
        }
        match (was.optional, field.optional) {
            (true, false) => found.push(Change::Required(label(field))),
            (false, true) => found.push(Change::Optional(label(field))),
            _ => {}
        }
        if limits(was) != limits(field) || checks(before, id) != checks(after, id) {
            found.push(Change::Rules(label(field)));
        }
    }
    let gone = old.iter().filter(|(id, _)| !new.contains_key(*id));
    found.extend(gone.map(|(_, field)| Change::Gone(label(field))));
    if fee(before, lang) != fee(after, lang) {
        found.push(Change::Fee);
    }
    found
}

/// Every question under its dotted id, those inside groups with theirs.
fn questions(procedure: &Procedure) -> IndexMap<String, &Field> {
    let mut found = IndexMap::new();
    for field in procedure.form.fields().filter(|field| field.is_question()) {
        found.insert(field.id.to_string(), field);
        for inner in field.fields.iter().filter(|inner| inner.is_question()) {
            found.insert(format!("{}.{}", *field.id, *inner.id), inner);
        }
    }
    found
}

fn label(field: &Field, lang: &str) -> String {
    let label = field.label.get(lang);
    label.trim_end_matches([' ', '\u{a0}', '?', ':']).to_owned()
}

/// What can be answered: the type, its parts, and the options in their words.
fn answers<'f>(field: &'f Field, lang: &str) -> impl PartialEq + use<'f> {
    let options = field.options.iter();
    let options = options.map(|option| (option.id.to_string(), option.label.get(lang).to_owned()));
    let options: Vec<_> = options.collect();
    (field.field_type(), &field.parts, options)
}

/// How much, how long, how many, and which files.
fn limits(field: &Field) -> impl PartialEq + use<'_> {
    let values = (&field.min, &field.max, field.max_length);
    let files = (&field.accept, field.max_mb);
    (values, (field.min_items, field.max_items), files)
}

/// What its page checks of a question, in order. A check that names none stands beside the first.
fn checks<'p>(procedure: &'p Procedure, id: &str) -> Vec<(&'p Expression, CheckLevel)> {
    let pages = procedure.form.pages.iter();
    let of_page = pages.flat_map(|page| {
        let first = page.fields.iter().find(|field| field.is_question());
        page.checks
            .iter()
            .map(move |check| (check, check.field.as_ref().or(first.map(|field| &field.id))))
    });
    of_page
        .filter(|(_, field)| field.is_some_and(|field| field.as_str() == id))
        .map(|(check, _)| (&check.that, check.level))
        .collect()
}

fn fee(procedure: &Procedure, lang: &str) -> Vec<(String, String, Option<String>)> {
    let lines = procedure.fee.iter().flat_map(|fee| &fee.lines);
    let said = lines.map(|line| {
        let when = line.when.as_ref().map(|when| when.source().to_owned());
        let amount = line.amount.source().to_owned();
        (line.label.get(lang).to_owned(), amount, when)
    });
    said.collect()
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added(label) => write!(f, "Nouvelle question\u{a0}: «\u{a0}{label}\u{a0}»."),
            Self::Gone(label) => write!(f, "«\u{a0}{label}\u{a0}» n’est plus demandé."),
            Self::Reworded { before, after } => {
                write!(f, "«\u{a0}{before}\u{a0}» devient «\u{a0}{after}\u{a0}».")
            }
            Self::Answers(label) => {
                write!(
                    f,
                    "«\u{a0}{label}\u{a0}»\u{a0}: les réponses possibles ont changé."
                )
            }
            Self::Required(label) => {
                write!(f, "«\u{a0}{label}\u{a0}» est maintenant obligatoire.")
            }
            Self::Optional(label) => write!(f, "«\u{a0}{label}\u{a0}» est maintenant facultatif."),
            Self::Rules(label) => write!(
                f,
                "«\u{a0}{label}\u{a0}»\u{a0}: les règles de cette question ont changé."
            ),
            Self::Fee => f.write_str("Le tarif a changé."),
        }
    }
}
