//! Questions: each has what its type needs, and nothing that does not suit it.

use super::report::Subject;
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::field::{ADDRESS_PARTS, FILE_TYPES, PERSON_PARTS};
use crate::definition::load::is_filled_in;
use crate::definition::{Field, FieldType, Located};
use cel::common::ast::{Expr, LiteralValue};
use std::collections::HashMap;

/// Where a field stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Form,
    Small,
    Item,
}

pub fn check(subject: &mut Subject<'_>) {
    let procedure = subject.procedure;
    for page in &procedure.form.pages {
        if page.title.is_empty() {
            missing(subject, subject.path, &page.id, "La page", "title");
        }
        if page.fields.is_empty() {
            let message = format!("La page « {} » n’a aucune question", *page.id);
            subject.say(
                subject.path,
                page.id.line(),
                DefectKind::UnsuitedKey,
                message,
            );
        }
        for field in &page.fields {
            self::field(subject, field, Where::Form);
        }
        for rule in &page.checks {
            if let Some(beside) = &rule.field
                && page.fields.iter().all(|field| field.id != *beside)
            {
                let message = format!(
                    "La question « {beside} » n’est pas sur la page « {} »",
                    *page.id
                );
                let known = page.fields.iter().map(|field| field.id.as_str());
                let line = beside.line();
                let defect = Defect::new(subject.path, line, DefectKind::UnknownField, message);
                subject.add(defect.did_you_mean(beside, known));
            }
            if rule.message.is_empty() {
                let message = "Cette vérification ne dit pas quoi faire (« message » est vide)";
                let line = rule.that.line();
                subject.say(subject.path, line, DefectKind::MissingLabel, message);
            }
        }
    }
    let workflow = subject.workflow;
    for transition in &workflow.transitions {
        for field in &transition.form {
            self::field(subject, field, Where::Small);
        }
    }
}

fn missing(subject: &mut Subject<'_>, file: &str, id: &Located<String>, what: &str, key: &str) {
    let line = subject.beside(file, id.line(), key);
    let message = format!("{what} « {id} » n’a pas de « {key} »");
    subject.say(file, line, DefectKind::MissingLabel, message);
}

fn field(subject: &mut Subject<'_>, field: &Field, place: Where) {
    let file = subject.file_of(field).to_owned();
    let id = &field.id;
    let Some(kind) = field.kind else {
        let message = format!("La question « {id} » n’a pas de type");
        let defect = Defect::new(&file, id.line(), DefectKind::MissingKey, message);
        subject.add(defect.suggest("Ajoutez par exemple « type: text »"));
        return;
    };
    if field.label.is_empty() {
        missing(subject, &file, id, "La question", "label");
    }
    for (key, present, suits) in keys(field, kind, place) {
        if present && !suits {
            let line = subject.beside(&file, id.line(), key);
            let message = format!("La clé « {key} » ne convient pas à la question « {id} »");
            subject.say(&file, line, DefectKind::UnsuitedKey, message);
        }
    }
    needs(subject, field, kind, place, &file);
    reason(subject, field, kind, &file);
    bounds(subject, field, &file);
    for inner in &field.fields {
        if inner.kind == Some(FieldType::Group) {
            let message = "Un groupe ne peut pas contenir un autre groupe";
            let file = subject.file_of(inner).to_owned();
            subject.say(&file, inner.id.line(), DefectKind::NestedGroup, message);
        } else {
            self::field(subject, inner, Where::Item);
        }
    }
}

/// The keys of a field: name, whether it is there, whether it suits the type.
fn keys(field: &Field, kind: FieldType, place: Where) -> [(&'static str, bool, bool); 16] {
    use FieldType as T;
    let choice = matches!(kind, T::Choice | T::Choices);
    let counted = matches!(kind, T::Files | T::Group | T::Choices);
    let ordered = matches!(
        kind,
        T::Integer | T::Decimal | T::Money | T::Date | T::DateTime | T::Time | T::Period
    );
    let text = matches!(kind, T::Text | T::LongText | T::Email | T::Phone | T::Url);
    let question = !matches!(kind, T::Notice | T::Computed);
    let typed = question && !matches!(kind, T::Files | T::Group | T::Declaration);
    // Agents are proposed items that are there already; a citizen adds their own.
    let proposed = typed || (kind == T::Group && place == Where::Small);
    [
        (
            "options",
            !field.options.is_empty() && field.from.is_none(),
            choice,
        ),
        ("from", field.from.is_some(), choice),
        ("as", field.shown_as.is_some(), choice),
        (
            "parts",
            !field.parts.is_empty(),
            matches!(kind, T::Person | T::Address),
        ),
        ("min", field.min.is_some(), ordered),
        ("max", field.max.is_some(), ordered),
        ("max_length", field.max_length.is_some(), text),
        ("min_items", field.min_items.is_some(), counted),
        ("max_items", field.max_items.is_some(), counted),
        ("accept", !field.accept.is_empty(), kind == T::Files),
        ("max_mb", field.max_mb.is_some(), kind == T::Files),
        ("fields", !field.fields.is_empty(), kind == T::Group),
        ("value", field.value.is_some(), kind == T::Computed),
        ("shows", field.shows.is_some(), kind == T::Computed),
        ("prefill", field.prefill.is_some(), proposed),
        ("optional", field.optional, question),
    ]
}

/// What a type cannot do without, and what it may name.
fn needs(subject: &mut Subject<'_>, field: &Field, kind: FieldType, place: Where, file: &str) {
    let id = &field.id;
    let line = id.line();
    match kind {
        FieldType::Choice | FieldType::Choices => {
            let filled =
                place == Where::Small && field.from.as_ref().is_some_and(|from| is_filled_in(from));
            if field.options.is_empty() && !filled {
                let line = subject.beside(file, line, "options");
                let message = format!("Le choix « {id} » n’a pas d’options");
                let defect = Defect::new(file, line, DefectKind::NoOptions, message);
                subject.add(defect.suggest("Ajoutez « options: » ou « from: » avec un registre"));
            }
            options(subject, field, file);
        }
        FieldType::Group if field.fields.is_empty() => {
            let message =
                format!("Le groupe « {id} » n’a pas de questions (« fields » ou « use »)");
            subject.say(file, line, DefectKind::UnsuitedKey, message);
        }
        FieldType::Computed if field.value.is_none() => {
            let message = format!("La valeur calculée « {id} » n’a pas de « value »");
            subject.say(file, line, DefectKind::UnsuitedKey, message);
        }
        FieldType::Files => {
            for name in &field.accept {
                if !FILE_TYPES.contains(&name.as_str()) {
                    let message = format!("Le type de fichier « {name} » n’est pas accepté");
                    let kind = DefectKind::UnknownFileType;
                    let defect = Defect::new(file, name.line(), kind, message);
                    let meant = if **name == "jpg" {
                        "jpeg"
                    } else {
                        name.as_str()
                    };
                    subject.add(defect.did_you_mean(meant, FILE_TYPES));
                }
            }
        }
        FieldType::Person => parts(subject, field, &PERSON_PARTS, file),
        FieldType::Address => parts(subject, field, &ADDRESS_PARTS, file),
        _ => {}
    }
}

fn parts(subject: &mut Subject<'_>, field: &Field, known: &[&'static str], file: &str) {
    for part in &field.parts {
        if !known.contains(&part.as_str()) {
            let message = format!("« {} » n’a pas de partie « {part} »", *field.id);
            let defect = Defect::new(file, part.line(), DefectKind::UnknownPart, message);
            subject.add(defect.did_you_mean(part, known.iter().copied()));
        }
    }
}

/// Options have words, and the same attributes of the same types.
fn options(subject: &mut Subject<'_>, field: &Field, file: &str) {
    let registry = field.from.as_ref();
    let registry = registry.map(|from| super::expressions::registry_path(from));
    let file = registry.as_deref().unwrap_or(file);
    for option in &field.options {
        if option.label.is_empty() {
            missing(subject, file, &option.id, "L’option", "label");
        }
    }
    let mut first = HashMap::new();
    for (name, value) in field.options.iter().flat_map(|option| &option.with) {
        first.entry(name).or_insert(std::mem::discriminant(value));
    }
    for (name, kind) in first {
        let uneven = field.options.iter().find_map(|option| {
            let cause = match option.with.get(name) {
                None => "n’a pas l’attribut",
                Some(value) if std::mem::discriminant(value) != kind => {
                    "a un attribut d’un autre type que les options voisines :"
                }
                Some(_) => return None,
            };
            Some((option, cause))
        });
        if let Some((option, cause)) = uneven {
            let message = format!("L’option « {} » {cause} « {name} »", *option.id);
            let line = option.id.line();
            let defect = Defect::new(file, line, DefectKind::UnevenAttribute, message);
            subject.add(defect.suggest("Donnez cet attribut, du même type, à toutes les options"));
        }
    }
}

/// What is sensitive says why it is asked.
fn reason(subject: &mut Subject<'_>, field: &Field, kind: FieldType, file: &str) {
    let asks = |part: &str| {
        field.parts.is_empty() || field.parts.iter().any(|asked| asked.as_str() == part)
    };
    let sensitive = match kind {
        FieldType::NationalNumber | FieldType::Iban | FieldType::Files => true,
        FieldType::Person => asks("national_number") || asks("birth_date"),
        _ => false,
    };
    if sensitive && field.because.is_empty() {
        let id = &field.id;
        let line = subject.beside(file, id.line(), "because");
        let message =
            format!("La question « {id} » est sensible et ne dit pas pourquoi on la pose");
        let defect = Defect::new(file, line, DefectKind::NoReason, message);
        subject.add(defect.suggest("Ajoutez « because: » avec la raison, en une phrase"));
    }
}

fn bounds(subject: &mut Subject<'_>, field: &Field, file: &str) {
    let number = |bound: &Option<crate::definition::Expression>| {
        let program = bound.as_ref()?.program()?;
        match &program.expression().expr {
            Expr::Literal(LiteralValue::Int(value)) => Some(*value.inner()),
            _ => None,
        }
    };
    let pairs = [
        ("min", number(&field.min), number(&field.max)),
        (
            "min_items",
            field.min_items.map(i64::from),
            field.max_items.map(i64::from),
        ),
    ];
    for (key, least, greatest) in pairs {
        if let (Some(least), Some(greatest)) = (least, greatest)
            && least > greatest
        {
            let line = subject.beside(file, field.id.line(), key);
            let message = format!(
                "« {} » : le minimum {least} dépasse le maximum {greatest}",
                *field.id
            );
            subject.say(file, line, DefectKind::LeastAboveGreatest, message);
        }
    }
}
