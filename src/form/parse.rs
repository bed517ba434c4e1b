//! From what was typed to an answer in its normal shape: parsed once, here, and refused with its
//! reason. Whether the answer is allowed (required, bounds, counts) is for [`super::rules`].

use super::Object;
use super::asked::Asked;
use super::problem::{Fault, Problem};
use super::shape::{blank, is_blank, parts};
use super::typed::{Typed, clean};
use super::words::{part_label, part_type};
use crate::belgium::{
    Cents, Country, Decimal, Email, EnterpriseNumber, Iban, NationalNumber, Phone, PostalCode,
    parse_date, parse_integer, parse_time,
};
use crate::definition::FieldType;
use chrono::NaiveDate;
use serde_json::Value as Json;
use url::Url;

/// Reads the answers of one post.
pub(super) struct Reader<'t> {
    pub typed: &'t Typed,
    pub today: NaiveDate,
    pub faults: Vec<Fault>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(typed: &'t Typed, today: NaiveDate) -> Self {
        Self {
            typed,
            today,
            faults: Vec::new(),
        }
    }

    /// The answer typed under `name`; what cannot be read becomes blank and a fault. `stored` is the
    /// answer there was: files stay as they are, they do not come with the post.
    pub(super) fn read(&mut self, asked: &Asked<'_>, name: &str, stored: &Json) -> Json {
        let field = asked.field;
        let label = field.label.to_string();
        match field.field_type() {
            FieldType::Files => asked.effective(stored),
            FieldType::Choice => self.choice(asked, name, &label),
            FieldType::Choices => self.choices(asked, name, &label),
            FieldType::Person | FieldType::Period => self.composite(asked, name),
            FieldType::Address => self.address(asked, name),
            FieldType::DateTime => self.date_time(name, &label),
            FieldType::Group => self.items(asked, name, stored),
            FieldType::Notice | FieldType::Computed => Json::Null,
            kind => self.simple(kind, name, &label),
        }
    }

    fn fault(&mut self, name: &str, label: &str, problem: impl Into<Problem>) -> Json {
        // A day and an hour in one control are wrong once.
        if self.faults.iter().all(|fault| fault.name != name) {
            self.faults.push(Fault {
                name: name.to_owned(),
                label: label.to_owned(),
                problem: problem.into(),
            });
        }
        Json::Null
    }

    /// The cleaned text of a control; `None` when it is empty or was refused.
    fn text(&mut self, name: &str, label: &str, lines: bool) -> Option<String> {
        let raw = self.typed.raw(name)?;
        let Ok(text) = clean(raw, lines) else {
            self.fault(name, label, Problem::BadCharacter);
            return None;
        };
        (!text.is_empty()).then_some(text)
    }

    /// A control of one text.
    fn simple(&mut self, kind: FieldType, name: &str, label: &str) -> Json {
        if kind == FieldType::Declaration {
            return Json::Bool(self.typed.raw(name).is_some_and(is_yes));
        }
        let text = match kind {
            FieldType::Date => self.date_text(name, label),
            _ => self.text(name, label, kind == FieldType::LongText),
        };
        let Some(text) = text else {
            return Json::Null;
        };
        match simple(kind, &text, self.today) {
            Ok(value) => value,
            Err(problem) => self.fault(name, label, problem),
        }
    }

    /// A date in one control, or in three: `x.day`, `x.month`, `x.year`.
    fn date_text(&mut self, name: &str, label: &str) -> Option<String> {
        if self.typed.has(name) {
            return self.text(name, label, false);
        }
        let three: Vec<String> = ["day", "month", "year"]
            .into_iter()
            .filter_map(|part| self.text(&format!("{name}.{part}"), label, false))
            .collect();
        (!three.is_empty()).then(|| three.join("/"))
    }

    /// A day and an hour: in two controls, or in one (`23/11/2026 14:35`).
    fn date_time(&mut self, name: &str, label: &str) -> Json {
        let (day, time) = match self.text(name, label, false) {
            Some(both) => match both.split_once(['T', ' ']) {
                Some((day, time)) => (Some(day.to_owned()), Some(time.to_owned())),
                None => (Some(both), None),
            },
            None => (
                self.text(&format!("{name}.date"), label, false),
                self.text(&format!("{name}.time"), label, false),
            ),
        };
        let inside = |part: &str| {
            if self.typed.has(name) {
                name.to_owned()
            } else {
                format!("{name}.{part}")
            }
        };
        let (day_name, time_name) = (inside("date"), inside("time"));
        if day.is_none() && time.is_none() {
            return Json::Null;
        }
        let missing = |kind| Problem::Missing(kind);
        let day = day.map_or_else(
            || Err(missing(FieldType::Date)),
            |day| simple(FieldType::Date, &day, self.today),
        );
        let time = time.map_or_else(
            || Err(missing(FieldType::Time)),
            |time| simple(FieldType::Time, &time, self.today),
        );
        match (day, time) {
            (Ok(Json::String(day)), Ok(Json::String(time))) => Json::from(format!("{day}T{time}")),
            (day, time) => {
                if let Err(problem) = day {
                    self.fault(&day_name, part_label("date"), problem);
                }
                if let Err(problem) = time {
                    self.fault(&time_name, part_label("time"), problem);
                }
                Json::Null
            }
        }
    }

    fn choice(&mut self, asked: &Asked<'_>, name: &str, label: &str) -> Json {
        match self.text(name, label, false) {
            None => Json::Null,
            Some(id) if asked.offers(&id) => Json::String(id),
            Some(_) => self.fault(name, label, Problem::NotOffered),
        }
    }

    /// Kept once each, in the order they are offered.
    fn choices(&mut self, asked: &Asked<'_>, name: &str, label: &str) -> Json {
        let ticked = self.typed.all(name);
        let forged = ticked
            .iter()
            .any(|id| !id.is_empty() && !asked.offers(id.trim()));
        let kept = asked
            .options
            .iter()
            .filter(|option| ticked.iter().any(|id| *option.id == id.trim()))
            .map(|option| Json::String(option.id.to_string()))
            .collect();
        if forged {
            self.fault(name, label, Problem::NotOffered);
        }
        Json::Array(kept)
    }

    /// A person or a period: a control for each part.
    fn composite(&mut self, asked: &Asked<'_>, name: &str) -> Json {
        let kind = asked.field.field_type();
        let mut whole = Object::new();
        for part in parts(asked.field) {
            let value = self.simple(
                part_type(kind, part),
                &format!("{name}.{part}"),
                part_label(part),
            );
            whole.insert(part.to_owned(), value);
        }
        Json::Object(whole)
    }

    /// An address. Without a country it is in Belgium; a foreign postal code is taken as it is.
    fn address(&mut self, asked: &Asked<'_>, name: &str) -> Json {
        let Json::Object(mut whole) = blank(asked.field) else {
            return Json::Null;
        };
        let before = self.faults.len();
        let country_name = format!("{name}.country");
        let asks_country = parts(asked.field).any(|part| part == "country");
        let country = if asks_country {
            self.simple(FieldType::Country, &country_name, part_label("country"))
        } else {
            Json::Null
        };
        let abroad = country.as_str().is_some_and(|code| code != "BE");
        for part in parts(asked.field).filter(|part| *part != "country") {
            let kind = match part_type(FieldType::Address, part) {
                FieldType::PostalCode if abroad => FieldType::Text,
                kind => kind,
            };
            let value = self.simple(kind, &format!("{name}.{part}"), part_label(part));
            whole.insert(part.to_owned(), value);
        }
        // The country stands ready in its control: alone, it says that nothing was filled.
        let filled = whole.values().any(|part| !is_blank(part));
        if asks_country && filled && country.is_null() {
            if self.faults.iter().all(|fault| fault.name != country_name) {
                whole.insert("country".to_owned(), Json::from("BE"));
            }
        } else if filled || self.faults.len() > before {
            whole.insert("country".to_owned(), country);
        }
        Json::Object(whole)
    }

    /// The items of a group, all that were posted: which of them count is for [`Asked::counted`].
    fn items(&mut self, asked: &Asked<'_>, name: &str, stored: &Json) -> Json {
        let mut items = Vec::new();
        for position in self.typed.items(name) {
            let before = stored
                .get(self.typed.origin(name, position))
                .unwrap_or(&Json::Null);
            let mut item = Object::new();
            for inner in asked.inner.iter().filter(|inner| inner.field.is_question()) {
                let id = inner.field.id.as_str();
                let value = self.read(
                    inner,
                    &format!("{name}.{position}.{id}"),
                    before.get(id).unwrap_or(&Json::Null),
                );
                item.insert(id.to_owned(), value);
            }
            // What is hidden inside an item is kept, as it is for the questions of a page.
            for (id, value) in before.as_object().into_iter().flatten() {
                item.entry(id.clone()).or_insert_with(|| value.clone());
            }
            items.push(Json::Object(item));
        }
        Json::Array(items)
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text.trim(), "true" | "oui" | "on" | "yes" | "1")
}

/// A text of one control, in the normal shape of its type.
fn simple(kind: FieldType, text: &str, today: NaiveDate) -> Result<Json, Problem> {
    Ok(match kind {
        FieldType::Integer => Json::from(parse_integer(text)?),
        FieldType::Decimal => Json::from(Decimal::parse(text)?.as_f64()),
        FieldType::Money => Json::from(Cents::parse(text)?.get()),
        FieldType::Email => Json::from(Email::parse(text)?.as_str()),
        FieldType::Phone => Json::from(Phone::parse(text)?.as_str()),
        FieldType::Url => Json::from(web_address(text)?),
        FieldType::Date => Json::from(parse_date(text)?.to_string()),
        FieldType::Time => Json::from(parse_time(text)?.format("%H:%M").to_string()),
        FieldType::YesNo => Json::Bool(match text {
            _ if is_yes(text) => true,
            "false" | "non" | "no" | "0" => false,
            _ => return Err(Problem::NotOffered),
        }),
        FieldType::NationalNumber => Json::from(NationalNumber::parse(text, today)?.as_str()),
        FieldType::EnterpriseNumber => Json::from(EnterpriseNumber::parse(text)?.as_str()),
        FieldType::Iban => Json::from(Iban::parse(text)?.as_str()),
        FieldType::PostalCode => Json::from(PostalCode::parse(text)?.as_str()),
        FieldType::Country => Json::from(Country::parse(text)?.as_str()),
        _ => Json::from(text),
    })
}

/// An address of the web, with its `https://` when it was left out.
fn web_address(text: &str) -> Result<String, Problem> {
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&whole).map_err(|_| Problem::NotUrl)?;
    let named = url.host_str().is_some_and(|host| host.contains('.'));
    let plain = url.username().is_empty() && url.password().is_none();
    if matches!(url.scheme(), "http" | "https") && named && plain {
        Ok(url.to_string())
    } else {
        Err(Problem::NotUrl)
    }
}
