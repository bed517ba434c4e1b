//! The examples of a procedure, run: their answers are typed in, page after page, and what comes of
//! them is compared with what they expect.

use super::answers::{Answers, Attachment};
use super::journey::Journey;
use super::walk::{Post, walk};
use super::{Complete, Context, Object, Typed, complete, validate_all};
use crate::calendar::{Calendar, Closures};
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::example::Example;
use crate::definition::library::Definition;
use crate::definition::workflow::Action;
use crate::definition::{Field, FieldType, Procedure, Site};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Runs every example of a procedure; answers each difference from what it says, on its line.
pub fn run_examples(definition: &Definition, site: &Site) -> Vec<Defect> {
    let procedure = &definition.procedure;
    let calendar = Arc::new(calendar_of(procedure, site));
    let mut found = Vec::new();
    for example in &procedure.examples {
        let mut context = Context::new(procedure, site, example.today, Arc::clone(&calendar));
        for (id, value) in &example.settings {
            context = context.with_setting(id, value);
        }
        let run = Run {
            definition,
            example,
            context,
            differences: Vec::new(),
        };
        found.extend(run.run().into_iter().map(|difference| {
            let message = format!("Exemple « {} » : {difference}", example.name);
            let (path, kind) = (definition.path(), DefectKind::WrongExample);
            Defect::new(path, example.line, kind, message).concerning(path)
        }));
    }
    found
}

/// What somebody who fills the form in as an example says would send; none for an example of a form
/// that is refused. Its own settings count.
pub fn filled(definition: &Definition, site: &Site, example: &Example) -> Option<Complete> {
    let procedure = &definition.procedure;
    let calendar = Arc::new(calendar_of(procedure, site));
    let mut context = Context::new(procedure, site, example.today, calendar);
    for (id, value) in &example.settings {
        context = context.with_setting(id, value);
    }
    let run = Run {
        definition,
        example,
        context: context.clone(),
        differences: Vec::new(),
    };
    validate_all(procedure, run.way()?.stored(), &context).ok()
}

/// The calendar of the authority a procedure belongs to, with its closures.
pub fn calendar_of(procedure: &Procedure, site: &Site) -> Calendar {
    let mut closures = Closures::none();
    let authority = site.authority(&procedure.authority);
    for closure in authority.iter().flat_map(|authority| &authority.closures) {
        // A closure without a reason, or one too many, is the site file's defect, said elsewhere.
        let _ = closures.close(closure.date, &closure.reason);
    }
    Calendar::new(closures)
}

struct Run<'a> {
    definition: &'a Definition,
    example: &'a Example,
    context: Context,
    differences: Vec<String>,
}

impl<'a> Run<'a> {
    fn run(mut self) -> Vec<String> {
        self.unknown_names();
        match self.way() {
            Some(way) => self.compare(&way),
            None => self.say("ses réponses sont trop longues."),
        }
        self.differences
    }

    /// The way its answers lead; none when they are too long to be typed.
    fn way(&self) -> Option<Journey<'a>> {
        let procedure: &'a Procedure = &self.definition.procedure;
        let mut stored = Answers::new();
        let mut texts = Object::new();
        for (id, value) in &self.example.answers {
            if let Some(field) = procedure.form.field(id) {
                let rest = without_files(field, id, value, &mut stored);
                texts.insert(id.clone(), rest);
            }
        }
        let typed = Typed::from_example(&texts).ok()?;
        let post = Post {
            typed: &typed,
            wanted: &|_, _| true,
        };
        Some(Journey::of(
            procedure,
            walk(procedure, &stored, &self.context, Some(&post)),
        ))
    }

    fn say(&mut self, what: impl Into<String>) {
        self.differences.push(what.into());
    }

    /// A name no question has is a slip of the pen: the answer would be lost.
    fn unknown_names(&mut self) {
        let form = &self.definition.procedure.form;
        for (id, value) in &self.example.answers {
            let Some(field) = form.field(id).filter(|field| field.is_question()) else {
                self.say(format!("aucune question ne s’appelle « {id} »."));
                continue;
            };
            let items = value.as_array().into_iter().flatten();
            if field.field_type() != FieldType::Group {
                continue;
            }
            for inner in items.filter_map(Json::as_object).flat_map(Object::keys) {
                if field.fields.iter().all(|field| *field.id != *inner) {
                    self.say(format!("« {id} » n’a pas de question « {inner} »."));
                }
            }
        }
    }

    fn compare(&mut self, way: &Journey<'_>) {
        let expect = &self.example.expect;
        let pages: Vec<&str> = way.pages().iter().map(super::SeenPage::id).collect();
        if !expect.pages.is_empty() && expect.pages != pages {
            let wanted = expect.pages.join(", ");
            self.say(format!(
                "les pages vues sont {} au lieu de {wanted}.",
                pages.join(", ")
            ));
        }
        let faults = way.page_faults();
        let errors: BTreeSet<&str> = faults.iter().map(|fault| root(&fault.error.name)).collect();
        let wanted: BTreeSet<&str> = expect.errors.iter().map(String::as_str).collect();
        for missing in wanted.difference(&errors) {
            self.say(format!(
                "« {missing} » devrait être refusé et ne l’est pas."
            ));
        }
        for field in errors.difference(&wanted) {
            let fault = faults
                .iter()
                .find(|fault| root(&fault.error.name) == *field);
            let why = fault.map_or("", |fault| fault.error.message.as_str());
            self.say(format!("« {field} » est refusé : {why}"));
        }
        let warnings = way.pages().iter().flat_map(super::SeenPage::warnings);
        let warned: BTreeSet<String> = warnings.map(|warning| warning.name).collect();
        let wanted: BTreeSet<String> = expect.warnings.iter().cloned().collect();
        if warned != wanted {
            self.say(format!(
                "les avertissements portent sur {} au lieu de {}.",
                list(&warned),
                list(&wanted)
            ));
        }
        self.compare_consequences(way, faults.is_empty());
        self.compare_computed(way);
    }

    fn compare_consequences(&mut self, way: &Journey<'_>, can_be_sent: bool) {
        let expect = &self.example.expect;
        let procedure = way.procedure();
        let service = way.route().service;
        if let Some(wanted) = expect.service.as_ref().filter(|wanted| **wanted != service) {
            self.say(format!(
                "le service est « {service} » au lieu de « {wanted} »."
            ));
        }
        if expect.urgent.is_some_and(|wanted| wanted != way.urgent()) {
            self.say(if way.urgent() {
                "la demande est urgente, et ne devrait pas l’être.".to_owned()
            } else {
                "la demande n’est pas urgente, et devrait l’être.".to_owned()
            });
        }
        match (expect.fee, way.fee()) {
            (Some(wanted), Ok(fee)) if fee.total != wanted => {
                self.say(format!(
                    "le prix est de {} centimes au lieu de {wanted}.",
                    fee.total
                ));
            }
            (Some(_), Err(error)) => self.say(format!("le prix ne se calcule pas : {error}.")),
            _ => {}
        }
        let due = complete::due(procedure, self.context.today(), self.context.calendar());
        if let Some(wanted) = expect.due.filter(|wanted| *wanted != due) {
            self.say(format!(
                "la réponse est attendue le {due} au lieu du {wanted}."
            ));
        }
        if can_be_sent && let Err(error) = validate_all(procedure, way.stored(), &self.context) {
            self.say(format!("la demande ne peut pas partir : {error}."));
        }
        if !expect.documents.is_empty() {
            let issued = self.documents();
            let wanted: BTreeSet<String> = expect.documents.iter().cloned().collect();
            if issued != wanted {
                self.say(format!(
                    "les documents possibles sont {} au lieu de {}.",
                    list(&issued),
                    list(&wanted)
                ));
            }
        }
    }

    fn compare_computed(&mut self, way: &Journey<'_>) {
        for (id, wanted) in &self.example.expect.computed {
            let value = way.answers().get(id).unwrap_or(&Json::Null);
            if !same(value, wanted) {
                self.say(format!("« {id} » donne {value} au lieu de {wanted}."));
            }
        }
    }

    /// The documents the workflow's transitions can issue.
    fn documents(&self) -> BTreeSet<String> {
        let procedure = &self.definition.procedure;
        let transitions = &self.definition.workflow.transitions;
        let mut issued = BTreeSet::new();
        for action in transitions
            .iter()
            .flat_map(|transition| &transition.actions)
        {
            let Action::Issue(which) = action else {
                continue;
            };
            let all = procedure
                .documents
                .iter()
                .map(|document| document.id.to_string());
            issued.extend(all.filter(|id| which == "all" || which == id));
        }
        issued
    }
}

/// The field a dotted name belongs to.
fn root(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn list(names: &BTreeSet<String>) -> String {
    if names.is_empty() {
        return "rien".to_owned();
    }
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    all.join(", ")
}

/// 12 and 12.0 are the same to who writes an example.
fn same(value: &Json, wanted: &Json) -> bool {
    match (value.as_f64(), wanted.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        _ => value == wanted,
    }
}

/// The answer as it is typed; its files, which are not typed, are attached to `stored`.
fn without_files(field: &Field, name: &str, value: &Json, stored: &mut Answers) -> Json {
    match (field.field_type(), value) {
        (FieldType::Files, Json::Array(files)) => {
            for (index, file) in files.iter().enumerate() {
                // More than the question takes is for the question to refuse.
                let _ = stored.attach(name, &sample(name, index, file), usize::MAX);
            }
            Json::Null
        }
        (FieldType::Files, file) => {
            let _ = stored.attach(name, &sample(name, 0, file), usize::MAX);
            Json::Null
        }
        (FieldType::Group, Json::Array(items)) => {
            let item = |(index, item): (usize, &Json)| -> Json {
                let Json::Object(item) = item else {
                    return item.clone();
                };
                let mut rest = Object::new();
                for (id, value) in item {
                    let inner = field.fields.iter().find(|inner| *inner.id == *id);
                    let value = inner.map_or(Json::Null, |inner| {
                        without_files(inner, &format!("{name}.{index}.{id}"), value, stored)
                    });
                    rest.insert(id.clone(), value);
                }
                Json::Object(rest)
            };
            Json::Array(items.iter().enumerate().map(item).collect())
        }
        _ => value.clone(),
    }
}

/// `{name: plan.pdf}`, or the name alone.
fn sample(name: &str, index: usize, file: &Json) -> Attachment {
    let called = file
        .get("name")
        .unwrap_or(file)
        .as_str()
        .unwrap_or_default();
    Attachment {
        id: format!("{name}-{index}"),
        name: called.to_owned(),
        size: 1,
        media_type: "application/octet-stream".to_owned(),
        sha256: "0".repeat(64),
    }
}
