//! The texts of documents: they can be read, and every value they name exists when they are issued.

use super::names::{Known, Names, Small};
use super::report::Subject;
use super::types::Type;
use crate::definition::defect::{Defect, DefectKind, closest};
use crate::definition::procedure::DocumentTemplate;
use crate::definition::workflow::{Action, Transition};
use indexmap::IndexMap;
use minijinja::Environment;
use std::collections::BTreeSet;

/// What the template language has by itself.
const BUILT_IN: [&str; 5] = ["range", "dict", "namespace", "debug", "loop"];
/// The filters a text may use: ours (of `crate::printing`), then those of the template language.
const FILTERS: [&str; 40] = [
    "date",
    "long_date",
    "short_date",
    "money",
    "nn",
    "abs",
    "batch",
    "bool",
    "capitalize",
    "count",
    "d",
    "default",
    "dictsort",
    "first",
    "float",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "replace",
    "reverse",
    "round",
    "select",
    "sort",
    "split",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
];

pub fn check(subject: &mut Subject<'_>, names: &Names) {
    let procedure = subject.procedure;
    for document in &procedure.documents {
        letter(subject, names, document);
    }
}

fn letter(subject: &mut Subject<'_>, names: &Names, document: &DocumentTemplate) {
    let path = subject.path;
    let start = document.text.line();
    let mut environment = Environment::new();
    let text = document.text.as_str();
    if let Err(error) = environment.add_template("text", text) {
        let line = error.line().unwrap_or(1);
        let broken = text.lines().nth(line - 1).unwrap_or_default().trim();
        let line = subject.lines(path).holding(start, broken);
        let message = format!(
            "Le texte du document « {} » ne peut pas être lu",
            *document.id
        );
        let defect = Defect::new(path, line, DefectKind::BrokenTemplate, message);
        subject.add(defect.suggest("Vérifiez les accolades {{ … }} et {% … %} de cette ligne"));
        return;
    }
    let Ok(template) = environment.get_template("text") else {
        return;
    };
    let values: BTreeSet<String> = template.undeclared_variables(true).into_iter().collect();
    for filter in unknown_filters(text) {
        let line = subject.lines(path).holding(start, filter);
        let message = format!(
            "Document « {} » : le filtre « {filter} » n’existe pas",
            *document.id
        );
        let defect = Defect::new(path, line, DefectKind::UnknownValue, message);
        subject.add(defect.did_you_mean(filter, FILTERS));
    }
    let forms = issued_by(subject, document);
    for value in &values {
        if let Some(defect) = unknown(subject, names, document, value, &forms) {
            subject.add(defect);
        }
    }
}

/// The transitions that issue this document; `None` for a timer, which has no small form.
fn issued_by<'a>(
    subject: &Subject<'a>,
    document: &DocumentTemplate,
) -> Vec<Option<&'a Transition>> {
    let issues = |actions: &[Action]| {
        actions.iter().any(|action| {
            matches!(action, Action::Issue(word) if word == "all" || *word == *document.id)
        })
    };
    let workflow = subject.workflow;
    let by_hand = workflow.transitions.iter();
    let by_hand = by_hand.filter(|transition| issues(&transition.actions));
    let alone = workflow.timers.iter();
    let alone = alone.filter(|timer| issues(&timer.actions) && timer.take.is_none());
    by_hand.map(Some).chain(alone.map(|_| None)).collect()
}

/// What is wrong with one dotted name.
fn unknown(
    subject: &Subject<'_>,
    names: &Names,
    document: &DocumentTemplate,
    value: &str,
    forms: &[Option<&Transition>],
) -> Option<Defect> {
    let path: Vec<&str> = value.split('.').collect();
    let (root, members) = path.split_first()?;
    let known = values(names);
    let (message, advice) = match *root {
        root if BUILT_IN.contains(&root) => return None,
        "form" => forms.iter().find_map(|transition| {
            let form = match transition {
                Some(transition) => Small::of(transition, transition.form.len()).form,
                None => Type::record("form", []),
            };
            let (message, advice) = walk(&form, "form", members)?;
            let by = transition.map_or("un délai".to_owned(), |transition| {
                format!("« {} »", *transition.id)
            });
            Some((format!("{message} quand {by} délivre ce document"), advice))
        }),
        root => {
            if let Some(kind) = known.get(root) {
                walk(kind, root, members)
            } else {
                let all = known.keys().copied().chain(["form"]);
                let close = closest(root, all).map(str::to_owned);
                Some((format!("La valeur « {root} » n’existe pas"), close))
            }
        }
    }?;
    let line = subject
        .lines(subject.path)
        .holding(document.text.line(), value);
    let message = format!("Document « {} » : {message}", *document.id);
    let defect = Defect::new(subject.path, line, DefectKind::UnknownValue, message);
    Some(match advice {
        Some(name) => defect.suggest(format!("Voulez-vous dire « {name} » ?")),
        None => defect,
    })
}

/// Follows members down a type; gives the complaint and the name that was meant.
fn walk(kind: &Type, path: &str, members: &[&str]) -> Option<(String, Option<String>)> {
    let (name, rest) = members.split_first()?;
    match kind {
        Type::Record(record) => {
            if let Some(inner) = record.members.get(*name) {
                return walk(inner, &format!("{path}.{name}"), rest);
            }
            let close = closest(name, record.members.keys().map(String::as_str));
            let advice = close.map(|close| format!("{path}.{close}"));
            Some((format!("« {path}.{name} » n’existe pas"), advice))
        }
        // `list.0` is an item.
        Type::List(item) if name.parse::<usize>().is_ok() => {
            walk(item, &format!("{path}.{name}"), rest)
        }
        Type::Any | Type::Null => None,
        other => Some((
            format!(
                "« {path} » est {} : il n’a pas de « {name} »",
                other.words()
            ),
            None,
        )),
    }
}

/// What a text reads, beside the small form: the values that `crate::printing` puts in.
fn values(names: &Names) -> IndexMap<&'static str, Type> {
    let scope = names.form(Known::All);
    let named = |root| (root, scope.root(root).unwrap_or(Type::Any));
    let labels = names.answers().map(|id| (id, Type::Any));
    IndexMap::from([
        named("answers"),
        named("settings"),
        named("today"),
        ("labels", Type::record("labels", labels)),
        ("site", Type::record("site", [("name", Type::Text)])),
        (
            "authority",
            Type::record("authority", [("name", Type::Text)]),
        ),
        (
            "request",
            Type::record(
                "request",
                [("reference", Type::Text), ("submitted", Type::Date)],
            ),
        ),
    ])
}

/// The filters named in a text that do not exist. Only what stands in braces is looked at, and not what
/// stands in quotes.
fn unknown_filters(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let inside = &rest[open + 2..];
        let close = inside.find("}}").into_iter().chain(inside.find("%}")).min();
        let Some(close) = close else { break };
        for (place, part) in inside[..close].split(['"', '\'']).enumerate() {
            if place % 2 == 1 {
                continue;
            }
            for piece in part.split('|').skip(1) {
                let name = piece.trim_start();
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
                let name = &name[..end.unwrap_or(name.len())];
                if !name.is_empty() && !FILTERS.contains(&name) {
                    found.push(name);
                }
            }
        }
        rest = &inside[close..];
    }
    found
}
