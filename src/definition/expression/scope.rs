//! What an expression reads. A scope holds plain JSON; CEL asks it for the names an expression comes
//! to, `answers.motif` or `today`, and gets each as it is asked for. Nothing is converted ahead: a page
//! evaluates dozens of expressions over the same answers, and most read one or two of them.

use super::functions;
use crate::calendar::Calendar;
use cel::common::types::{CelBool, CelInt, CelNull, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Env, Value};
use chrono::NaiveDate;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// CEL's own functions, declared once for every scope.
static STANDARD: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));
/// What is there and holds nothing yet.
static EMPTY: LazyLock<Arc<Json>> =
    LazyLock::new(|| Arc::new(Json::Object(serde_json::Map::new())));

/// The names an expression may read, each with its value.
#[derive(Clone, Debug)]
pub struct Scope {
    calendar: Arc<Calendar>,
    names: Vec<(&'static str, Arc<Json>)>,
}

impl Scope {
    /// A scope for that day and calendar, all names present and empty.
    pub fn new(today: NaiveDate, calendar: &Arc<Calendar>) -> Self {
        let empty = [
            "answers", "chosen", "settings", "site", "citizen", "request", "form",
        ];
        let mut names = Vec::with_capacity(empty.len() + 1);
        names.extend(empty.map(|name| (name, Arc::clone(&EMPTY))));
        names.push(("today", Arc::new(Json::String(today.to_string()))));
        Self {
            calendar: Arc::clone(calendar),
            names,
        }
    }

    /// Gives `name` this value.
    pub fn set(&mut self, name: &'static str, value: impl Into<Arc<Json>>) {
        let value = value.into();
        match self.names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = value,
            None => self.names.push((name, value)),
        }
    }

    /// The same scope with one more name.
    pub fn with(mut self, name: &'static str, value: impl Into<Arc<Json>>) -> Self {
        self.set(name, value);
        self
    }

    /// What `name` holds.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let (_, value) = self.names.iter().find(|(known, _)| *known == name)?;
        Some(value)
    }

    /// What `name` holds, to be changed in place.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        let (_, value) = self.names.iter_mut().find(|(known, _)| *known == name)?;
        Some(Arc::make_mut(value))
    }

    /// CEL's view of it, with our own functions for an expression that calls one.
    pub(super) fn context(&self, ours: bool) -> Context<'_, '_> {
        let mut context = Context::with_env(Arc::clone(&STANDARD));
        if ours {
            let added = functions::add_all(&mut context, &self.calendar);
            debug_assert!(
                added.is_ok(),
                "the names of the functions are all different"
            );
        }
        context.set_variable_resolver(self);
        context
    }
}

impl VariableResolver for Scope {
    /// `answers.demandeur.last_name` is asked for whole, then as `answers.demandeur`, then as `answers`,
    /// until one is there.
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let mut parts = variable.split('.');
        let mut value = self.get(parts.next()?)?;
        for part in parts {
            value = value.get(part)?;
        }
        val_of(value)
    }
}

/// JSON as CEL computes with it; texts are lent, not copied.
fn val_of(value: &Json) -> Option<CowVal<'_, '_>> {
    Some(match value {
        Json::Null => CowVal::owned(CelNull),
        Json::Bool(yes) => CowVal::owned(CelBool::from(*yes)),
        Json::String(text) => CowVal::owned(CelString::from(text.as_str())),
        Json::Number(number) if number.is_i64() => CowVal::owned(CelInt::from(number.as_i64()?)),
        // Refused for values of the program's own only, and there are none of these in JSON.
        other => CowVal::Owned(Box::<dyn Val>::try_from(cel_of(other)).ok()?),
    })
}

/// JSON to CEL. Whole numbers are `int`, others `double`.
pub fn cel_of(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => n
            .as_i64()
            .map_or_else(|| Value::Float(n.as_f64().unwrap_or(f64::NAN)), Value::Int),
        Json::String(s) => Value::String(Arc::new(s.clone())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(cel_of).collect())),
        Json::Object(map) => Value::Map(
            map.iter()
                .map(|(key, value)| (key.clone(), cel_of(value)))
                .collect::<HashMap<_, _>>()
                .into(),
        ),
    }
}

/// CEL to JSON; what JSON has no word for becomes `null`.
pub fn json_of(value: &Value) -> Json {
    match value {
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(n) => Json::from(*n),
        Value::UInt(n) => Json::from(*n),
        Value::Float(n) => serde_json::Number::from_f64(*n).map_or(Json::Null, Json::Number),
        Value::String(s) => Json::String(s.to_string()),
        Value::List(items) => Json::Array(items.iter().map(json_of).collect()),
        Value::Map(map) => Json::Object(
            map.map
                .iter()
                .map(|(key, value)| (key.to_string(), json_of(value)))
                .collect(),
        ),
        _ => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use crate::calendar::Calendar;
    use crate::definition::{Expression, Scope};
    use serde_json::{Value as Json, json};
    use std::sync::Arc;

    fn read(source: &str) -> Option<Json> {
        let calendar = Arc::new(Calendar::default());
        let answers = json!({
            "pour": "autre", "qui": { "nom": "Dupont" }, "rien": null,
            "membres": [{ "age": 7 }, { "age": 40 }],
        });
        let scope = Scope::new("2026-11-23".parse().unwrap(), &calendar).with("answers", answers);
        Expression::new(source, 1).eval(&scope).ok()
    }

    #[test]
    fn an_answer_is_the_same_however_deep_and_by_whichever_way_it_is_read() {
        for source in [
            "answers.pour == 'autre'",
            "answers['pour'] == 'autre'",
            "answers.qui.nom == 'Dupont'",
            "answers.qui['nom'] == 'Dupont'",
            "has(answers.pour) && has(answers.qui.nom)",
            "!has(answers.autre) && !has(answers.qui.prenom)",
            "answers.membres[1].age == 40 && size(answers.membres) == 2",
            "answers.membres.exists(m, m.age > size(answers.pour))",
            "'pour' in answers && size(answers) == 4",
            "answers.rien == null && is_blank(answers.rien)",
            "answers.pour.startsWith('au')",
            "add_days(today, 1) == '2026-11-24'",
        ] {
            assert_eq!(read(source), Some(json!(true)), "{source}");
        }
    }

    #[test]
    fn what_is_not_there_or_blank_gives_nothing() {
        for source in [
            "answers.autre",
            "answers.rien.nom",
            "answers.pour.x",
            "demain",
        ] {
            assert_eq!(read(source), None, "{source}");
        }
    }
}
