//! The shape of each type's answer: its blank, whether a value has it, whether it is blank.

use super::Object;
use super::answers::attachment;
use crate::definition::field::{ADDRESS_PARTS, PERSON_PARTS};
use crate::definition::{Field, FieldType};
use chrono::{NaiveDate, NaiveTime};
use serde_json::Value as Json;

/// The two ends of a period.
pub(super) const PERIOD_PARTS: [&str; 2] = ["from", "to"];

/// The parts of a person or an address that this field asks, in the order they are shown.
pub(super) fn parts(field: &Field) -> impl Iterator<Item = &'static str> {
    let all: &'static [&'static str] = match field.field_type() {
        FieldType::Person => &PERSON_PARTS,
        FieldType::Address => &ADDRESS_PARTS,
        FieldType::Period => &PERIOD_PARTS,
        _ => &[],
    };
    let chosen = &field.parts;
    all.iter()
        .copied()
        .filter(move |part| chosen.is_empty() || chosen.iter().any(|asked| **asked == *part))
}

/// The blank of a field's type, as expressions meet it.
pub(super) fn blank(field: &Field) -> Json {
    match field.field_type() {
        FieldType::Choices | FieldType::Files | FieldType::Group => Json::Array(Vec::new()),
        // Every part of an address is always there; only the asked ones of a person.
        FieldType::Address => nulls(ADDRESS_PARTS.iter().copied()),
        FieldType::Person | FieldType::Period => nulls(parts(field)),
        _ => Json::Null,
    }
}

fn nulls(parts: impl Iterator<Item = &'static str>) -> Json {
    Json::Object(parts.map(|part| (part.to_owned(), Json::Null)).collect())
}

/// True when there is nothing in it.
pub(super) fn is_blank(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.values().all(is_blank),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// True when a value has the shape of this field's answer (blank or not). What has not is treated as
/// if it was never answered.
pub(super) fn fits(field: &Field, value: &Json) -> bool {
    if value.is_null() {
        return true;
    }
    match field.field_type() {
        FieldType::Integer | FieldType::Money => value.is_i64(),
        FieldType::Decimal => value.is_number(),
        FieldType::Date => is_date(value),
        FieldType::Time => value.as_str().is_some_and(is_time),
        FieldType::DateTime => value
            .as_str()
            .and_then(|text| text.split_once('T'))
            .is_some_and(|(day, time)| day.parse::<NaiveDate>().is_ok() && is_time(time)),
        FieldType::Period => object(value, |_, end| end.is_null() || is_date(end)),
        FieldType::YesNo | FieldType::Declaration => value.is_boolean(),
        FieldType::Choices => list(value, Json::is_string),
        FieldType::Files => list(value, |file| attachment(file).is_some()),
        FieldType::Address => object(value, |_, part| part.is_null() || part.is_string()),
        FieldType::Person => object(value, |name, part| {
            part.is_null() || (part.is_string() && (name != "birth_date" || is_date(part)))
        }),
        FieldType::Group => list(value, |item| {
            item.as_object().is_some_and(|item| inner_fits(field, item))
        }),
        FieldType::Notice | FieldType::Computed => false,
        _ => value.is_string(),
    }
}

fn inner_fits(group: &Field, item: &Object) -> bool {
    group.fields.iter().all(|inner| {
        item.get(inner.id.as_str())
            .is_none_or(|value| fits(inner, value))
    })
}

fn object(value: &Json, fits: impl Fn(&str, &Json) -> bool) -> bool {
    value
        .as_object()
        .is_some_and(|map| map.iter().all(|(name, part)| fits(name, part)))
}

fn list(value: &Json, fits: impl Fn(&Json) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(fits))
}

fn is_date(value: &Json) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.parse::<NaiveDate>().is_ok())
}

fn is_time(text: &str) -> bool {
    NaiveTime::parse_from_str(text, "%H:%M").is_ok()
}

/// The date in a value.
pub(super) fn date(value: &Json) -> Option<NaiveDate> {
    value.as_str()?.get(..10)?.parse().ok()
}
