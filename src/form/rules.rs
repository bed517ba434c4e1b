//! Whether an answer in the right shape is allowed: required, bounds, lengths, counts. The same rules
//! judge what was just typed and what was stored long ago.

use super::asked::Asked;
use super::problem::{Fault, Problem};
use super::shape::{date, is_blank, parts};
use super::words::{part_label, part_type};
use crate::definition::FieldType;
use chrono::NaiveDate;
use serde_json::Value as Json;
use std::cmp::Ordering;

/// The greatest number of characters of a text.
pub(super) fn longest(kind: FieldType, set: Option<u32>) -> usize {
    set.map_or(
        match kind {
            FieldType::LongText => 5_000,
            FieldType::Url => 2_000,
            _ => 200,
        },
        |most| most as usize,
    )
}

/// The greatest number of characters of a part.
pub(super) fn longest_part(part: &str) -> usize {
    match part {
        "number" | "box" | "postal_code" => 12,
        _ => 100,
    }
}

/// Judges answers; an answer that has a fault already gets no second one.
pub(super) struct Judge {
    pub today: NaiveDate,
    pub faults: Vec<Fault>,
}

impl Judge {
    pub(super) fn judge(&mut self, asked: &Asked<'_>, name: &str, value: &Json) {
        let kind = asked.field.field_type();
        match kind {
            FieldType::Notice | FieldType::Computed => {}
            FieldType::Files | FieldType::Choices => {
                self.count(asked, name, value.as_array().map_or(0, Vec::len));
            }
            FieldType::Group => self.group(asked, name, value),
            FieldType::Person | FieldType::Address => self.composite(asked, name, value),
            FieldType::Period => self.period(asked, name, value),
            FieldType::Declaration => {
                if !asked.field.optional && *value != Json::Bool(true) {
                    self.missing(asked, name);
                }
            }
            _ if is_blank(value) => {
                if !asked.field.optional {
                    self.missing(asked, name);
                }
            }
            _ => {
                let most = longest(kind, asked.field.max_length);
                self.length(name, &asked.field.label.to_string(), value, most);
                self.bounds(asked, name, kind, value, true, true);
            }
        }
    }

    fn fault(&mut self, name: &str, label: &str, problem: Problem) {
        if self.faults.iter().all(|fault| fault.name != name) {
            self.faults.push(Fault {
                name: name.to_owned(),
                label: label.to_owned(),
                problem,
            });
        }
    }

    fn missing(&mut self, asked: &Asked<'_>, name: &str) {
        // An unreadable part of the answer already says what to mend.
        let below = format!("{name}.");
        if self.faults.iter().any(|f| f.name.starts_with(&below)) {
            return;
        }
        let problem = Problem::Missing(asked.field.field_type());
        self.fault(name, &asked.field.label.to_string(), problem);
    }

    fn length(&mut self, name: &str, label: &str, value: &Json, most: usize) {
        let Json::String(text) = value else { return };
        // Counting characters costs; no text has more of them than bytes.
        if text.len() > most {
            let over = text.chars().count().saturating_sub(most);
            if over > 0 {
                self.fault(name, label, Problem::TooLong { most, over });
            }
        }
    }

    fn bounds(
        &mut self,
        asked: &Asked<'_>,
        name: &str,
        kind: FieldType,
        value: &Json,
        least: bool,
        most: bool,
    ) {
        let label = asked.field.label.to_string();
        if let Some(min) = asked.min.as_ref().filter(|_| least)
            && compare(value, min) == Some(Ordering::Less)
        {
            self.fault(name, &label, Problem::TooSmall(kind, min.clone()));
        }
        if let Some(max) = asked.max.as_ref().filter(|_| most)
            && compare(value, max) == Some(Ordering::Greater)
        {
            self.fault(name, &label, Problem::TooLarge(kind, max.clone()));
        }
    }

    fn count(&mut self, asked: &Asked<'_>, name: &str, count: usize) {
        let kind = asked.field.field_type();
        let label = asked.field.label.to_string();
        if count < asked.least() && !(count == 0 && asked.field.optional) {
            self.fault(name, &label, Problem::TooFew(kind, asked.least()));
        }
        if count > asked.most() {
            self.fault(name, &label, Problem::TooMany(kind, asked.most()));
        }
    }

    /// Judges the items that count, under their positions, then how many they are.
    fn group(&mut self, asked: &Asked<'_>, name: &str, value: &Json) {
        let items = value.as_array().map_or(&[][..], Vec::as_slice);
        let unreadable = |position: usize| {
            let below = format!("{name}.{position}.");
            self.faults.iter().any(|f| f.name.starts_with(&below))
        };
        let counted = asked.counted(items, unreadable);
        for position in &counted {
            for inner in &asked.inner {
                let id = inner.field.id.as_str();
                let answer = inner.effective(items[*position].get(id).unwrap_or(&Json::Null));
                self.judge(inner, &format!("{name}.{position}.{id}"), &answer);
            }
        }
        self.count(asked, name, counted.len());
    }

    /// Every part is needed but a box; none is when nothing was filled and nothing had to be.
    fn composite(&mut self, asked: &Asked<'_>, name: &str, value: &Json) {
        if asked.field.optional && self.untouched(name, value) {
            return;
        }
        let kind = asked.field.field_type();
        let empty = is_blank(value);
        for part in parts(asked.field) {
            let answer = value.get(part).unwrap_or(&Json::Null);
            let name = format!("{name}.{part}");
            let kind = part_type(kind, part);
            if is_blank(answer) {
                // The country stands ready in its control: nobody leaves it out of an empty address.
                if part != "box" && !(part == "country" && empty) {
                    self.fault(&name, part_label(part), Problem::Missing(kind));
                }
                continue;
            }
            self.length(&name, part_label(part), answer, longest_part(part));
            if part == "birth_date" && date(answer).is_some_and(|born| born > self.today) {
                let today = Json::from(self.today.to_string());
                self.fault(&name, part_label(part), Problem::TooLarge(kind, today));
            }
        }
    }

    fn period(&mut self, asked: &Asked<'_>, name: &str, value: &Json) {
        if asked.field.optional && self.untouched(name, value) {
            return;
        }
        let end = |part: &str| value.get(part).unwrap_or(&Json::Null);
        let (from, to) = (end("from"), end("to"));
        for (part, answer) in [("from", from), ("to", to)] {
            let name = format!("{name}.{part}");
            if is_blank(answer) {
                self.fault(&name, part_label(part), Problem::Missing(FieldType::Date));
            } else {
                let (first, last) = (part == "from", part == "to");
                self.bounds(asked, &name, FieldType::Date, answer, first, last);
            }
        }
        if compare(to, from) == Some(Ordering::Less) {
            self.fault(&format!("{name}.to"), part_label("to"), Problem::Reversed);
        }
    }

    /// Nothing was filled, and nothing that was filled was refused.
    fn untouched(&self, name: &str, value: &Json) -> bool {
        let below = format!("{name}.");
        is_blank(value) && !self.faults.iter().any(|f| f.name.starts_with(&below))
    }
}

/// Numbers as numbers, dates and hours by their text; `None` for what cannot be compared.
fn compare(a: &Json, b: &Json) -> Option<Ordering> {
    match (a, b) {
        (Json::Number(x), Json::Number(y)) => match (x.as_i64(), y.as_i64()) {
            (Some(x), Some(y)) => Some(x.cmp(&y)),
            _ => x.as_f64()?.partial_cmp(&y.as_f64()?),
        },
        // A bound that is a day holds for every hour of it.
        (Json::String(x), Json::String(y)) => {
            let length = x.len().min(y.len());
            Some(x.get(..length)?.cmp(y.get(..length)?))
        }
        _ => None,
    }
}
