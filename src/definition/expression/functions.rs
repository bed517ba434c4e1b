//! The functions definitions may call beside CEL's own. Each takes and gives plain values; dates are
//! texts `YYYY-MM-DD`. A blank date gives `null`, so that a rule over it does not hold.

use crate::belgium::{Cents, NationalNumber};
use crate::calendar::Calendar;
use cel::{Context, ExecutionError, Value};
use chrono::{Datelike, Days, NaiveDate};
use std::sync::Arc;

/// Name, arguments and result of each function, for the type check and for messages. `date`,
/// `int`, `bool`, `text`, `any`.
pub const SIGNATURES: [(&str, &[&str], &str); 9] = [
    ("add_days", &["date", "int"], "date"),
    ("add_working_days", &["date", "int"], "date"),
    ("days_between", &["date", "date"], "int"),
    ("working_days_between", &["date", "date"], "int"),
    ("age", &["date", "date"], "int"),
    ("birth_date", &["text", "date"], "date"),
    ("money", &["int"], "text"),
    ("is_blank", &["any"], "bool"),
    ("join", &["list", "text"], "text"),
];

/// Puts all functions into a context. Fails only when a name is taken twice.
pub fn add_all(
    context: &mut Context<'_, '_>,
    calendar: &Arc<Calendar>,
) -> Result<(), cel::DeclarationError> {
    context.add_function(
        "add_days",
        |from: Value, days: i64| -> Result<Value, ExecutionError> {
            dated("add_days", &from, |date| shift(date, days))
        },
    )?;
    let working = Arc::clone(calendar);
    context.add_function(
        "add_working_days",
        move |from: Value, days: i64| -> Result<Value, ExecutionError> {
            dated("add_working_days", &from, |date| {
                Some(working.add_working_days(date, clamp(days)))
            })
        },
    )?;
    context.add_function(
        "days_between",
        |a: Value, b: Value| -> Result<Value, ExecutionError> {
            between("days_between", &a, &b, |a, b| (b - a).num_days())
        },
    )?;
    let working = Arc::clone(calendar);
    context.add_function(
        "working_days_between",
        move |a: Value, b: Value| -> Result<Value, ExecutionError> {
            between("working_days_between", &a, &b, |a, b| {
                working.working_days_between(a, b)
            })
        },
    )?;
    context.add_function(
        "age",
        |born: Value, at: Value| -> Result<Value, ExecutionError> {
            between("age", &born, &at, years)
        },
    )?;
    context.add_function(
        "birth_date",
        |number: Value, today: Value| -> Result<Value, ExecutionError> {
            born("birth_date", &number, &today)
        },
    )?;
    context.add_function("money", |cents: Value| -> Value {
        match cents {
            Value::Int(cents) => Value::String(Arc::new(Cents::new(cents).to_string())),
            _ => Value::Null,
        }
    })?;
    context.add_function("is_blank", |value: Value| -> bool { is_blank(&value) })?;
    context.add_function("join", |list: Value, by: Arc<String>| -> String {
        join(&list, &by)
    })?;
    Ok(())
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.map.values().all(is_blank),
        _ => false,
    }
}

fn join(list: &Value, by: &str) -> String {
    let Value::List(items) = list else {
        return String::new();
    };
    let texts = items.iter().filter_map(|item| match item {
        Value::String(text) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(by)
}

/// The day somebody was born, by their national number; `null` when the number does not tell.
fn born(function: &str, number: &Value, today: &Value) -> Result<Value, ExecutionError> {
    let (Value::String(number), Some(today)) = (number, date_of(function, today)?) else {
        return Ok(Value::Null);
    };
    // What was typed as a number was refused where it was typed; here it only tells no day.
    let born = match NationalNumber::parse(number, today) {
        Ok(number) => number.birth_date(today),
        Err(_) => None,
    };
    Ok(born.map_or(Value::Null, |day| Value::String(Arc::new(day.to_string()))))
}

/// The date in a value: `None` when blank.
fn date_of(function: &str, value: &Value) -> Result<Option<NaiveDate>, ExecutionError> {
    match value {
        Value::Null => Ok(None),
        // A date-time is taken by its day.
        Value::String(text) => text
            .get(..10)
            .and_then(|day| day.parse().ok())
            .map(Some)
            .ok_or_else(|| ExecutionError::function_error(function, "not a date")),
        _ => Err(ExecutionError::function_error(function, "not a date")),
    }
}

fn dated(
    function: &str,
    from: &Value,
    step: impl FnOnce(NaiveDate) -> Option<NaiveDate>,
) -> Result<Value, ExecutionError> {
    Ok(date_of(function, from)?
        .and_then(step)
        .map_or(Value::Null, |date| {
            Value::String(Arc::new(date.to_string()))
        }))
}

fn between(
    function: &str,
    a: &Value,
    b: &Value,
    count: impl FnOnce(NaiveDate, NaiveDate) -> i64,
) -> Result<Value, ExecutionError> {
    Ok(match (date_of(function, a)?, date_of(function, b)?) {
        (Some(a), Some(b)) => Value::Int(count(a, b)),
        _ => Value::Null,
    })
}

/// A count of days no calendar needs is cut to what it can hold.
fn clamp(days: i64) -> i32 {
    i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX })
}

fn shift(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let by = Days::new(days.unsigned_abs());
    if days < 0 {
        date.checked_sub_days(by)
    } else {
        date.checked_add_days(by)
    }
}

/// Whole years from `born` to `at`; someone born on 29 February has a birthday on 1 March.
fn years(born: NaiveDate, at: NaiveDate) -> i64 {
    let had_birthday = (at.month(), at.day()) >= (born.month(), born.day());
    i64::from(at.year() - born.year()) - i64::from(!had_birthday)
}
