//! The desk at which a form is gone through, question after question: what the expressions read
//! grows as answers are laid on it. One evaluation context serves the whole way.

use super::asked::Asked;
use super::shape::{blank, fits, is_blank};
use super::{Context, Object, attribute};
use crate::definition::expression::EvalError;
use crate::definition::{Expression, Field, FieldType, Scope};
use serde_json::Value as Json;

pub(super) struct Desk {
    scope: Scope,
    /// The name the answers have in expressions: `answers`, or `form` for a small form.
    root: &'static str,
}

impl Desk {
    /// Every field is there from the start, blank.
    pub(super) fn new<'a>(
        context: &Context,
        root: &'static str,
        fields: impl Iterator<Item = &'a Field>,
        names: &[(&'static str, &Json)],
    ) -> Self {
        let mut scope = context.scope();
        for (name, value) in names {
            scope.set(name, (*value).clone());
        }
        let mut answers = Object::new();
        let mut chosen = Object::new();
        for field in fields {
            if field.field_type() == FieldType::Notice {
                continue;
            }
            answers.insert(field.id.to_string(), blank(field));
            if carries_attributes(field) {
                chosen.insert(field.id.to_string(), attributes(field, None));
            }
        }
        scope.set(root, Json::Object(answers));
        scope.set("chosen", Json::Object(chosen));
        Self { scope, root }
    }

    /// What expressions read, with every answer laid so far.
    pub(super) fn scope(&self) -> &Scope {
        &self.scope
    }

    /// What an expression gives, read from the answers laid so far.
    pub(super) fn eval(&self, expression: &Expression) -> Result<Json, EvalError> {
        expression.eval(&self.scope)
    }

    /// The field as it is asked now; `None` when it is hidden.
    pub(super) fn ask<'d>(&self, field: &'d Field) -> Option<Asked<'d>> {
        if !self.holds(field.when.as_ref()) {
            return None;
        }
        let options = field
            .options
            .iter()
            .filter(|option| self.holds(option.when.as_ref()))
            .collect();
        let inner = field.fields.iter().filter_map(|f| self.ask(f)).collect();
        let computed = match field.field_type() {
            FieldType::Computed => self.value(field.value.as_ref()).unwrap_or(Json::Null),
            _ => Json::Null,
        };
        Some(Asked {
            field,
            options,
            inner,
            min: self.value(field.min.as_ref()),
            max: self.value(field.max.as_ref()),
            computed,
        })
    }

    /// True when there is no condition, or it holds.
    pub(super) fn holds(&self, when: Option<&Expression>) -> bool {
        when.is_none_or(|when| self.eval(when) == Ok(Json::Bool(true)))
    }

    /// What an expression gives; `None` when there is none or it cannot be computed yet.
    fn value(&self, expression: Option<&Expression>) -> Option<Json> {
        let value = self.eval(expression?).ok()?;
        (!value.is_null()).then_some(value)
    }

    /// Lays the answer that counts.
    pub(super) fn lay(&mut self, field: &Field, value: Json) {
        let id = field.id.as_str();
        let Some(slot) = self.slot(self.root, id) else {
            return;
        };
        if *slot == value {
            return;
        }
        let attributes = carries_attributes(field).then(|| attributes(field, value.as_str()));
        *slot = value;
        if let (Some(attributes), Some(slot)) = (attributes, self.slot("chosen", id)) {
            *slot = attributes;
        }
    }

    /// Where the value of a field stands under a name; `None` for a field that has none.
    fn slot(&mut self, name: &str, field: &str) -> Option<&mut Json> {
        self.scope.get_mut(name)?.get_mut(field)
    }

    /// The answer laid for a field.
    pub(super) fn answer(&self, field: &str) -> &Json {
        let answers = self.scope.get(self.root);
        answers
            .and_then(|all| all.get(field))
            .unwrap_or(&Json::Null)
    }

    /// Everything on it, at the end of the way.
    pub(super) fn leave(self) -> Scope {
        self.scope
    }
}

/// What the definition proposes for a question that has no answer yet.
pub(super) fn proposal(field: &Field, scope: &Scope) -> Option<Json> {
    let value = field.prefill.as_ref()?.eval(scope).ok()?;
    (!is_blank(&value) && fits(field, &value)).then_some(value)
}

/// True when some option of the field says more of itself than its words.
fn carries_attributes(field: &Field) -> bool {
    field.field_type() == FieldType::Choice && field.options.iter().any(|o| !o.with.is_empty())
}

/// The attributes of the option of that id. Those it has not, and all when nothing is chosen, are
/// `null`.
fn attributes(field: &Field, chosen: Option<&str>) -> Json {
    let mut found: Object = field
        .options
        .iter()
        .flat_map(|option| option.with.keys())
        .map(|name| (name.clone(), Json::Null))
        .collect();
    let option = chosen.and_then(|id| field.option(id));
    for (name, value) in option.iter().flat_map(|option| &option.with) {
        found.insert(name.clone(), attribute(value));
    }
    Json::Object(found)
}
