//! The controls of a page, ready for the templates: nothing is left to decide there but how it looks.

mod build;
mod kinds;

use super::answers::Attachment;
use super::asked::Asked;
use super::journey::{Journey, SeenPage};
use super::problem::FieldError;
use super::reads::reads;
use super::{Answers, Typed};
use crate::definition::{Expression, Field};
use minijinja::Value as Html;
use serde::Serialize;
use std::collections::HashSet;

/// One control. Every key is always there; the templates rely on it.
#[derive(Clone, Debug, Serialize)]
pub struct Control {
    /// Form key: `demandeur.last_name`, `personnes.0.nom`.
    pub name: String,
    /// The name with dashes.
    pub id: String,
    /// Which partial draws it: `text`, `radio`, `person` …
    pub control: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub required: bool,
    /// What was typed, or the ids ticked.
    pub value: Shown,
    pub options: Vec<ControlOption>,
    /// The parts of a person, an address, a period, a day and hour.
    pub parts: Vec<Control>,
    pub max_length: Option<usize>,
    pub min: Option<String>,
    pub max: Option<String>,
    pub autocomplete: Option<String>,
    pub inputmode: Option<&'static str>,
    /// `short`, `medium`, `full`.
    pub width: &'static str,
    /// A condition, an option or a computed value of the same page reads it.
    pub live: bool,
    pub files: Vec<ControlFile>,
    /// The `accept` of the input; empty for any.
    pub accept: String,
    pub max_files: usize,
    /// In bytes.
    pub max_size: u64,
    pub upload_url: Option<String>,
    pub items: Vec<ControlItem>,
    pub min_items: usize,
    pub max_items: usize,
    pub add_label: String,
    /// `info` or `warning`.
    pub level: &'static str,
    /// The text of a notice, escaped and marked safe.
    pub html_text: Html,
    /// A computed value in words.
    pub display: String,
}

impl Control {
    /// A control of that kind and name with nothing in it: for the small forms of the program itself.
    pub fn blank(control: &'static str, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            id: name.replace('.', "-"),
            control,
            label: String::new(),
            hint: None,
            error: None,
            required: false,
            value: Shown::Text(String::new()),
            options: Vec::new(),
            parts: Vec::new(),
            max_length: None,
            min: None,
            max: None,
            autocomplete: None,
            inputmode: None,
            width: "full",
            live: false,
            files: Vec::new(),
            accept: String::new(),
            max_files: 0,
            max_size: 0,
            upload_url: None,
            items: Vec::new(),
            min_items: 0,
            max_items: 0,
            add_label: String::new(),
            level: "info",
            html_text: Html::from_safe_string(String::new()),
            display: String::new(),
        }
    }
}

/// What stands in a control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Shown {
    Text(String),
    Ids(Vec<String>),
}

/// An option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ControlOption {
    pub id: String,
    pub label: String,
    pub hint: Option<String>,
    pub checked: bool,
}

/// A file already received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ControlFile {
    pub id: String,
    pub name: String,
    pub size: u64,
    pub media_type: String,
}

impl From<Attachment> for ControlFile {
    fn from(file: Attachment) -> Self {
        Self {
            id: file.id,
            name: file.name,
            size: file.size,
            media_type: file.media_type,
        }
    }
}

/// One item of a group.
#[derive(Clone, Debug, Serialize)]
pub struct ControlItem {
    /// Its position in the names of its controls; may have gaps.
    pub index: usize,
    pub fields: Vec<Control>,
}

/// What controls are made from, beside the questions.
pub struct Controls<'a> {
    /// What stands in them, as it was typed.
    pub typed: &'a Typed,
    /// The answers that hold the files.
    pub answers: &'a Answers,
    pub errors: &'a [FieldError],
    pub lang: &'a str,
    /// Where files are sent; none for a form without files.
    pub upload_url: Option<&'a str>,
}

impl Controls<'_> {
    /// The controls of these questions. `live` is worked out among them.
    pub fn of(&self, asked: &[Asked<'_>]) -> Vec<Control> {
        let fields: Vec<&Field> = asked.iter().map(Asked::field).collect();
        self.build(asked, &live(&fields, "form"))
    }

    /// The controls of a page. Questions that are hidden now count for `live`.
    pub fn of_page(&self, page: &SeenPage<'_>) -> Vec<Control> {
        let fields: Vec<&Field> = page.page().fields.iter().collect();
        self.build(page.asked(), &live(&fields, "answers"))
    }
}

impl Journey<'_> {
    /// The controls of a page of this way: with `typed` after a post, else with what is stored or
    /// proposed. `None` for a page that is not on the way.
    pub fn controls(
        &self,
        page: &str,
        typed: Option<&Typed>,
        errors: &[FieldError],
        lang: &str,
        upload_url: Option<&str>,
    ) -> Option<Vec<Control>> {
        let page = self.page(page)?;
        let shown;
        let typed = if let Some(typed) = typed {
            typed
        } else {
            shown = self.shown(page.asked());
            &shown
        };
        let controls = Controls {
            typed,
            answers: self.stored(),
            errors,
            lang,
            upload_url,
        };
        Some(controls.of_page(page))
    }
}

/// The fields that change what the page shows: read by a condition, an option, a bound or a computed
/// value.
fn live(fields: &[&Field], root: &str) -> HashSet<String> {
    fn expressions(field: &Field) -> impl Iterator<Item = &Expression> {
        let options = field
            .options
            .iter()
            .filter_map(|option| option.when.as_ref());
        [&field.when, &field.min, &field.max, &field.value]
            .into_iter()
            .flatten()
            .chain(options)
    }
    let inner = fields.iter().flat_map(|field| &field.fields);
    fields
        .iter()
        .copied()
        .chain(inner)
        .flat_map(expressions)
        .flat_map(|expression| reads(expression, root))
        .map(|read| read.field)
        .collect()
}
