//! Ids: well formed, and each once where they must differ.

use super::report::Subject;
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::{Field, Located};
use std::collections::HashMap;

/// Words of the expression language that cannot name a field.
const RESERVED: [&str; 21] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// How an id is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A name in expressions: `date_livraison`.
    Name,
    /// A part of an address: `composition-de-menage`.
    Slug,
    /// An option or a status: either.
    Either,
}

/// An id with what it names, the file it is in.
pub struct Named<'a> {
    pub id: &'a Located<String>,
    pub file: &'a str,
}

pub fn check(subject: &mut Subject<'_>) {
    let procedure = subject.procedure;
    let path = subject.path;
    let here = |id| Named { id, file: path };
    let id = &procedure.id;
    all(subject, "Cette démarche", Shape::Slug, [here(id)]);
    let pages = procedure.form.pages.iter().map(|page| here(&page.id));
    all(subject, "La page", Shape::Slug, pages);
    let settings = procedure.settings.iter().map(|setting| here(&setting.id));
    all(subject, "Le réglage", Shape::Name, settings);
    let documents = procedure.documents.iter();
    let documents = documents.map(|document| here(&document.id));
    all(subject, "Le document", Shape::Either, documents);
    let own = procedure.transitions.iter();
    let own = own.map(|transition| here(&transition.id));
    all(subject, "La transition", Shape::Either, own);

    fields(subject, procedure.form.fields());
    for field in procedure.form.fields() {
        inside(subject, field);
    }
    workflow(subject);
}

fn workflow(subject: &mut Subject<'_>) {
    let workflow = subject.workflow;
    let file = subject.workflow_path;
    let here = |id| Named { id, file };
    let statuses = workflow.statuses.iter().map(|status| here(&status.id));
    all(subject, "Le statut", Shape::Either, statuses);
    let timers = workflow.timers.iter().map(|timer| here(&timer.id));
    all(subject, "Le délai", Shape::Either, timers);
    let shared: Vec<_> = workflow
        .transitions
        .iter()
        .filter(|transition| subject.file_of_transition(transition) == file)
        .map(|transition| here(&transition.id))
        .collect();
    all(subject, "La transition", Shape::Either, shared);
    for transition in &workflow.transitions {
        fields(subject, transition.form.iter());
        for field in &transition.form {
            inside(subject, field);
        }
    }
}

/// Ids of the fields of a form. Notices may go without.
fn fields<'f>(subject: &mut Subject<'_>, fields: impl Iterator<Item = &'f Field>) {
    let mut names = Vec::new();
    for field in fields {
        let file = subject.file_of(field).to_owned();
        names.push((&field.id, file));
    }
    let names = names.iter().map(|(id, file)| Named { id, file });
    all(subject, "La question", Shape::Name, names);
}

/// Ids inside a field: its options, and the fields of its items.
fn inside(subject: &mut Subject<'_>, field: &Field) {
    let file = match &field.from {
        Some(registry) => super::expressions::registry_path(registry),
        None => subject.file_of(field).to_owned(),
    };
    let options = field.options.iter().map(|option| Named {
        id: &option.id,
        file: &file,
    });
    all(subject, "L’option", Shape::Either, options);
    if !field.fields.is_empty() {
        fields(subject, field.fields.iter());
        for inner in &field.fields {
            inside(subject, inner);
        }
    }
}

fn all<'n>(
    subject: &mut Subject<'_>,
    what: &str,
    shape: Shape,
    names: impl IntoIterator<Item = Named<'n>>,
) {
    for defect in defects(what, shape, names) {
        subject.add(defect);
    }
}

/// What is wrong with these ids, which must all differ.
pub fn defects<'n>(
    what: &str,
    shape: Shape,
    names: impl IntoIterator<Item = Named<'n>>,
) -> Vec<Defect> {
    let mut found = Vec::new();
    let mut seen: HashMap<&str, (u32, &str)> = HashMap::new();
    for name in names {
        let (id, line) = (name.id.as_str(), name.id.line());
        if let Some(cause) = misshapen(id, shape) {
            let message = format!("{what} « {id} » : {cause}");
            let defect = Defect::new(name.file, line, DefectKind::BadId, message);
            let advice = corrected(id, shape);
            found.push(if advice.is_empty() || advice == id {
                defect
            } else {
                defect.suggest(format!("Par exemple « {advice} »"))
            });
        }
        if let Some((first, file)) = seen.get(id) {
            let message = format!("{what} « {id} » existe déjà ({file}, ligne {first})");
            let defect = Defect::new(name.file, line, DefectKind::DuplicateId, message);
            found.push(defect.suggest("Donnez-lui un autre id"));
        } else {
            seen.insert(id, (line, name.file));
        }
    }
    found
}

fn misshapen(id: &str, shape: Shape) -> Option<&'static str> {
    let Some(first) = id.chars().next() else {
        return Some("il lui faut un id");
    };
    let fits = |letter: char| {
        letter.is_ascii_lowercase()
            || letter.is_ascii_digit()
            || (letter == '_' && shape != Shape::Slug)
            || (letter == '-' && shape != Shape::Name)
    };
    if id.len() > 60 {
        return Some("l’id a plus de 60 caractères");
    }
    let begins = first.is_ascii_lowercase() || (shape == Shape::Either && first.is_ascii_digit());
    if !begins {
        return Some("un id commence par une minuscule sans accent");
    }
    if !id.chars().all(fits) {
        return Some(match shape {
            Shape::Name => "un id n’a que des minuscules sans accent, des chiffres et « _ »",
            Shape::Slug => "un id n’a que des minuscules sans accent, des chiffres et « - »",
            Shape::Either => {
                "un id n’a que des minuscules sans accent, des chiffres, « - » et « _ »"
            }
        });
    }
    (shape == Shape::Name && RESERVED.contains(&id))
        .then_some("ce mot a un sens dans les expressions")
}

/// The id that was probably meant.
fn corrected(id: &str, shape: Shape) -> String {
    use unicode_normalization::UnicodeNormalization;
    let gap = if shape == Shape::Slug { '-' } else { '_' };
    let letters = id.nfd().filter(char::is_ascii);
    let letters = letters.map(|letter| match letter.to_ascii_lowercase() {
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => gap,
    });
    let made: String = letters.collect();
    made.trim_matches(gap).to_owned()
}
