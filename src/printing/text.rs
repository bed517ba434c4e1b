//! The text of a document, filled in. A value that is not there is an error, never an empty spot in an
//! official paper; a text that never ends runs out of fuel.

use super::blocks::cover;
use crate::belgium::{Cents, NationalNumber, brussels_date, french};
use chrono::{DateTime, NaiveDate};
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::Value as Json;
use std::sync::LazyLock;

/// Steps a text may take: some hundred times what the longest shipped one takes.
const FUEL: u64 = 100_000;
/// Most bytes of a filled in text, before the press counts pages.
const LONGEST: usize = 400_000;

/// Why a text could not be filled in. Says where, and nothing of what people answered.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The text names a value that is not there, misuses one, or is not well formed.
    #[error("the text of the document, line {line}: {kind}")]
    Template {
        /// From 1; 0 when it is unknown.
        line: usize,
        kind: ErrorKind,
    },
    /// The text grew beyond what a letter can be.
    #[error("the text of the document is too long")]
    TooLong,
}

impl From<Error> for TextError {
    fn from(error: Error) -> Self {
        Self::Template {
            line: error.line().unwrap_or_default(),
            kind: error.kind(),
        }
    }
}

/// Fills in the text. What is put in is covered, so that [`super::blocks::cut`] takes no structure
/// from it.
pub fn render(text: &str, values: &Json) -> Result<String, TextError> {
    static DESK: LazyLock<Environment<'static>> = LazyLock::new(desk);
    let filled = DESK.render_named_str("document", text, minijinja::value::Serde(values))?;
    if filled.len() > LONGEST {
        return Err(TextError::TooLong);
    }
    Ok(filled)
}

fn desk() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_fuel(Some(FUEL));
    env.set_formatter(|out, _, value| {
        // An answer that was left out prints as nothing, not as "none".
        if !value.is_none() && !value.is_undefined() {
            out.write_str(&cover(&value.to_string()))?;
        }
        Ok(())
    });
    env.add_filter("date", |value: &Value| {
        in_days(value, french::date_in_words)
    });
    env.add_filter("long_date", |value: &Value| {
        in_days(value, french::long_date)
    });
    env.add_filter("short_date", |value: &Value| {
        in_days(value, french::short_date)
    });
    env.add_filter("money", money);
    env.add_filter("nn", national_number);
    env
}

/// A day in words; a blank answer stays blank.
fn in_days(value: &Value, words: fn(NaiveDate) -> String) -> Result<Value, Error> {
    if value.is_none() {
        return Ok(value.clone());
    }
    let text = value.as_str().ok_or_else(|| misused("a date"))?;
    let day: Option<NaiveDate> = text.parse().ok();
    let day = day.or_else(|| {
        let moment = DateTime::parse_from_rfc3339(text).ok()?;
        Some(brussels_date(moment.to_utc()))
    });
    day.map(|day| Value::from(words(day)))
        .ok_or_else(|| misused("a date"))
}

/// Whole cents as an amount.
fn money(value: &Value) -> Result<Value, Error> {
    if value.is_none() {
        return Ok(value.clone());
    }
    let cents = (value.kind() == ValueKind::Number)
        .then(|| value.as_i64())
        .flatten();
    let cents = cents.ok_or_else(|| misused("an amount in cents"))?;
    Ok(Value::from(Cents::new(cents).to_string()))
}

/// A number of the national register in the Belgian manner.
fn national_number(value: &Value) -> Result<Value, Error> {
    if value.is_none() {
        return Ok(value.clone());
    }
    let number: Option<NationalNumber> = value.as_str().and_then(|text| text.parse().ok());
    number
        .map(|number| Value::from(number.to_string()))
        .ok_or_else(|| misused("a national number"))
}

/// Names what was wanted, never what was given.
fn misused(wanted: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("this is not {wanted}"))
}
