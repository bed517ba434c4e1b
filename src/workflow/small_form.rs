//! The small form of a transition: the reason of a refusal, the service it goes to. It comes parsed;
//! here it is only held complete.

use super::Refused;
use crate::definition::workflow::Transition;
use crate::definition::{Expression, Field, FieldType, Scope};
use serde_json::{Map, Value};

/// A service chosen in the small form is written `form.<field>` in a definition.
const FORM: &str = "form.";

/// The form with every question present, put into the scope under `form`. Refuses when a required
/// question that is asked has no answer; a question that is not asked keeps none.
pub(super) fn complete(
    transition: &Transition,
    given: &Map<String, Value>,
    scope: &mut Scope,
) -> Result<Map<String, Value>, Refused> {
    let mut form = given.clone();
    for field in transition.form.iter().filter(|field| field.is_question()) {
        let answer = form
            .entry(field.id.as_str())
            .or_insert_with(|| blank(field.field_type()));
        if answer.is_null() {
            *answer = blank(field.field_type());
        }
    }
    scope.set("form", Value::Object(form.clone()));
    for field in transition.form.iter().filter(|field| field.is_question()) {
        let asked = field.when.as_ref().is_none_or(|when| when.holds(scope));
        if !asked {
            // Like a hidden question of a form: whatever was sent for it does not count.
            form.insert(field.id.to_string(), blank(field.field_type()));
            scope.set("form", Value::Object(form.clone()));
        } else if !field.optional && !is_answered(field, form.get(field.id.as_str())) {
            return Err(Refused::SmallFormIncomplete {
                field: field.id.to_string(),
                label: field.label.to_string(),
            });
        }
    }
    Ok(form)
}

/// True when the expression reads the small form, which is not filled in when transitions are offered.
pub(super) fn read_by(guard: &Expression) -> bool {
    guard
        .program()
        .is_some_and(|program| program.references().has_variable("form"))
}

/// The service that a `route` action names: its id, or the answer of a question of the small form.
pub(super) fn named_service(word: &str, form: &Map<String, Value>) -> Result<String, Refused> {
    let Some(field) = word.strip_prefix(FORM) else {
        return Ok(word.to_owned());
    };
    match form.get(field).and_then(Value::as_str).map(str::trim) {
        Some(service) if !service.is_empty() => Ok(service.to_owned()),
        _ => Err(Refused::SmallFormIncomplete {
            field: field.to_owned(),
            label: field.to_owned(),
        }),
    }
}

fn blank(kind: FieldType) -> Value {
    match kind {
        FieldType::Choices | FieldType::Files | FieldType::Group => Value::Array(Vec::new()),
        _ => Value::Null,
    }
}

fn is_answered(field: &Field, answer: Option<&Value>) -> bool {
    match answer {
        // A declaration that is required is one that is made.
        Some(Value::Bool(made)) => *made || field.field_type() != FieldType::Declaration,
        Some(answer) => !is_blank(answer),
        None => false,
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(parts) => parts.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
