//! The desk at which a form is gone through, question after question: what the expressions read
//! grows as answers are laid on it. One evaluation context serves the whole way.

use super::asked::Asked;
use super::shape::{blank, fits, is_blank};
use super::{Context, Object, attribute};
use crate::definition::expression::EvalError;
use crate::definition::{Expression, Field, FieldType, Scope};
use serde_json::Value as Json;
use std::collections::HashSet;

pub(super) struct Desk {
    scope: Scope,
    /// The name the answers have in expressions: `answers`, or `form` for a small form.
    root: &'static str,
    answers: Object,
    chosen: Object,
    /// The answers some expression asked for, which the scope holds. Most are never asked for, and
    /// telling the scope is what a walk costs.
    told: HashSet<String>,
    /// Answers laid since the scope was last told.
    stale: HashSet<String>,
    stale_chosen: bool,
}

impl Desk {
    /// Every field is there from the start, blank.
    pub(super) fn new<'a>(
        context: &Context,
        root: &'static str,
        fields: impl Iterator<Item = &'a Field>,
        names: &[(&str, &Json)],
    ) -> Self {
        let mut scope = context.scope();
        for (name, value) in names {
            scope.set(name, value);
        }
        let mut answers = Object::new();
        let mut chosen = Object::new();
        for field in fields {
            if field.field_type() == FieldType::Notice {
                continue;
            }
            answers.insert(field.id.to_string(), blank(field));
            if field.field_type() == FieldType::Choice {
                chosen.insert(field.id.to_string(), attributes(field, None));
            }
        }
        Self {
            scope,
            root,
            answers,
            chosen,
            told: HashSet::new(),
            stale: HashSet::new(),
            stale_chosen: true,
        }
    }

    /// The scope, told of every answer laid so far.
    pub(super) fn scope(&mut self) -> &Scope {
        let all = self.answers.keys();
        self.told.extend(all.cloned());
        self.tell();
        self.tell_chosen();
        &self.scope
    }

    /// What an expression gives, read from the answers laid so far.
    pub(super) fn eval(&mut self, expression: &Expression) -> Result<Json, EvalError> {
        let mentions = expression.mentions();
        if mentions.whole(self.root) {
            return expression.eval(self.scope());
        }
        let mut old = false;
        for field in mentions.fields(self.root) {
            if !self.told.contains(field) {
                self.told.insert(field.to_owned());
                old = true;
            }
            old |= self.stale.contains(field);
        }
        if old {
            self.tell();
        }
        if mentions.reads("chosen") {
            self.tell_chosen();
        }
        expression.eval(&self.scope)
    }

    fn tell(&mut self) {
        let told = &self.told;
        let known = self.answers.iter().filter(|(id, _)| told.contains(*id));
        self.scope.set_object(self.root, known);
        self.stale.clear();
    }

    fn tell_chosen(&mut self) {
        if self.stale_chosen {
            self.scope.set_object("chosen", &self.chosen);
            self.stale_chosen = false;
        }
    }

    /// The field as it is asked now; `None` when it is hidden.
    pub(super) fn ask<'d>(&mut self, field: &'d Field) -> Option<Asked<'d>> {
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
    pub(super) fn holds(&mut self, when: Option<&Expression>) -> bool {
        when.is_none_or(|when| self.eval(when) == Ok(Json::Bool(true)))
    }

    /// What an expression gives; `None` when there is none or it cannot be computed yet.
    fn value(&mut self, expression: Option<&Expression>) -> Option<Json> {
        let value = self.eval(expression?).ok()?;
        (!value.is_null()).then_some(value)
    }

    /// Lays the answer that counts.
    pub(super) fn lay(&mut self, field: &Field, value: Json) {
        let Some(slot) = self.answers.get_mut(field.id.as_str()) else {
            return;
        };
        if *slot == value {
            return;
        }
        if field.field_type() == FieldType::Choice {
            let attributes = attributes(field, value.as_str());
            self.chosen.insert(field.id.to_string(), attributes);
            self.stale_chosen = true;
        }
        *slot = value;
        self.stale.insert(field.id.to_string());
    }

    /// The answer laid for a field.
    pub(super) fn answer(&self, field: &str) -> &Json {
        self.answers.get(field).unwrap_or(&Json::Null)
    }

    /// Everything on it, at the end of the way.
    pub(super) fn leave(mut self) -> (Scope, Object) {
        self.scope();
        (self.scope, self.answers)
    }

    /// Everything on it, and a scope for these expressions, which are all that is read further on.
    pub(super) fn leave_for<'e>(
        mut self,
        expressions: impl Iterator<Item = &'e Expression>,
    ) -> (Scope, Object) {
        for expression in expressions {
            let mentions = expression.mentions();
            if mentions.whole(self.root) {
                return self.leave();
            }
            let fields = mentions.fields(self.root).map(str::to_owned);
            self.told.extend(fields);
        }
        self.tell();
        self.tell_chosen();
        (self.scope, self.answers)
    }
}

/// What the definition proposes for a question that has no answer yet.
pub(super) fn proposal(field: &Field, scope: &Scope) -> Option<Json> {
    let value = field.prefill.as_ref()?.eval(scope).ok()?;
    (!is_blank(&value) && fits(field, &value)).then_some(value)
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
