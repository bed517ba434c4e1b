//! Answers in words, as the citizen saw them, and as they stand in a control. The names of the parts
//! of a person, an address, a period are here too.

use crate::belgium::french::{date_in_words, time};
use crate::belgium::{Cents, Country, Decimal, EnterpriseNumber, Iban, NationalNumber, Phone};
use crate::definition::FieldType;
use chrono::{NaiveDate, NaiveTime};
use serde_json::Value as Json;
use std::fmt::Display;
use std::str::FromStr;

/// What a part of a composite answer is called.
pub(super) fn part_label(part: &str) -> &'static str {
    match part {
        "last_name" => "Nom",
        "first_name" => "Prénom",
        "birth_date" => "Date de naissance",
        "national_number" => "Numéro national",
        "street" => "Rue",
        "number" => "Numéro",
        "box" => "Boîte",
        "postal_code" => "Code postal",
        "locality" => "Localité",
        "country" => "Pays",
        "from" => "Du",
        "to" => "Au",
        "date" => "Date",
        "time" => "Heure",
        _ => "",
    }
}

/// A line of help under a part.
pub(super) fn part_hint(part: &str) -> Option<&'static str> {
    match part {
        "national_number" => {
            Some("11 chiffres, au dos de la carte d’identité. Par exemple 85.07.30-033.28")
        }
        _ => None,
    }
}

/// The type of a part of a composite answer.
pub(super) fn part_type(kind: FieldType, part: &str) -> FieldType {
    match (kind, part) {
        (FieldType::Period, _) | (_, "birth_date" | "date") => FieldType::Date,
        (_, "time") => FieldType::Time,
        (_, "national_number") => FieldType::NationalNumber,
        (_, "country") => FieldType::Country,
        (FieldType::Address, "postal_code") => FieldType::PostalCode,
        _ => FieldType::Text,
    }
}

/// A simple answer as it stands in a control; `None` when there is nothing to show.
pub(super) fn as_typed(kind: FieldType, value: &Json) -> Option<String> {
    Some(match value {
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
        Json::Bool(yes) => match (kind, yes) {
            (FieldType::Declaration, true) => "true".to_owned(),
            (FieldType::Declaration, false) => return None,
            (_, true) => "oui".to_owned(),
            (_, false) => "non".to_owned(),
        },
        Json::Number(number) => match (kind, number.as_i64()) {
            (FieldType::Money, Some(cents)) => Cents::new(cents).to_input(),
            _ => number_as_typed(number),
        },
        Json::String(text) => match kind {
            FieldType::NationalNumber => shown_as::<NationalNumber>(text),
            FieldType::EnterpriseNumber => shown_as::<EnterpriseNumber>(text),
            FieldType::Iban => shown_as::<Iban>(text),
            FieldType::Phone => shown_as::<Phone>(text),
            _ => text.clone(),
        },
    })
}

/// `3`, `3,5`: a whole decimal without its point.
fn number_as_typed(number: &serde_json::Number) -> String {
    number.as_i64().map_or_else(
        || {
            let text = format!("{}", number.as_f64().unwrap_or_default());
            text.replace('.', ",")
        },
        |whole| whole.to_string(),
    )
}

/// The Belgian manner of a number kept as text; the text itself when it is none.
fn shown_as<T: FromStr + Display>(text: &str) -> String {
    text.parse::<T>()
        .map_or_else(|_| text.to_owned(), |value| value.to_string())
}

/// A simple answer in words; empty for a blank.
pub(super) fn in_words(kind: FieldType, value: &Json) -> String {
    match value {
        Json::Null | Json::Object(_) => String::new(),
        Json::Bool(yes) => if *yes { "Oui" } else { "Non" }.to_owned(),
        Json::Number(number) => in_figures(kind, number),
        Json::String(text) => match kind {
            FieldType::Date => day(text).map_or_else(|| text.clone(), date_in_words),
            FieldType::Time => hour(text).map_or_else(|| text.clone(), time),
            FieldType::DateTime => moment(text).unwrap_or_else(|| text.clone()),
            FieldType::Country => {
                Country::parse(text).map_or_else(|_| text.clone(), |country| country.to_string())
            }
            _ => as_typed(kind, value).unwrap_or_default(),
        },
        Json::Array(items) => {
            let all: Vec<String> = items.iter().map(|item| in_words(kind, item)).collect();
            all.join(", ")
        }
    }
}

/// `1 234,5`, `15,00 €`
fn in_figures(kind: FieldType, number: &serde_json::Number) -> String {
    if let (FieldType::Money, Some(cents)) = (kind, number.as_i64()) {
        return Cents::new(cents).to_string();
    }
    let typed = number_as_typed(number);
    Decimal::parse(&typed).map_or(typed, |decimal| decimal.to_string())
}

/// `85.07.30-***.**`
pub(super) fn masked_national_number(text: &str) -> String {
    text.parse::<NationalNumber>()
        .map_or_else(|_| "***********".to_owned(), |number| number.masked())
}

/// `23 novembre 2026 à 14 h 35`
fn moment(text: &str) -> Option<String> {
    let (date, at) = text.split_once('T')?;
    Some(format!(
        "{} à {}",
        date_in_words(day(date)?),
        time(hour(at)?)
    ))
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn hour(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// « du 3 au 7 » of a period, with what is known of it.
pub(super) fn period(value: &Json) -> String {
    let end = |part: &str| {
        value
            .get(part)
            .filter(|date| !date.is_null())
            .map(|date| in_words(FieldType::Date, date))
    };
    match (end("from"), end("to")) {
        (Some(from), Some(to)) => format!("du {from} au {to}"),
        (Some(from), None) => format!("à partir du {from}"),
        (None, Some(to)) => format!("jusqu’au {to}"),
        (None, None) => String::new(),
    }
}

/// « Anne Lambert » of a person.
pub(super) fn person_name(value: &Json) -> String {
    let part = |name: &str| value.get(name).and_then(Json::as_str).unwrap_or_default();
    format!("{} {}", part("first_name"), part("last_name"))
        .trim()
        .to_owned()
}

/// The lines of an address, as on an envelope; the country when it is not Belgium.
pub(super) fn address_lines(value: &Json) -> Vec<String> {
    let part = |name: &str| value.get(name).and_then(Json::as_str).unwrap_or_default();
    let mut street = format!("{} {}", part("street"), part("number"));
    if !part("box").is_empty() {
        street.push_str(" bte ");
        street.push_str(part("box"));
    }
    let town = format!("{} {}", part("postal_code"), part("locality"));
    let country = match part("country") {
        "" | "BE" => String::new(),
        code => in_words(FieldType::Country, &Json::from(code)),
    };
    [street, town, country]
        .into_iter()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}
