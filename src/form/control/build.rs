//! How each type of question becomes a control.

use super::kinds::{accept, drawn, inputmode, simple, token, width};
use super::{Control, ControlFile, ControlItem, ControlOption, Controls, Shown};
use crate::belgium::Country;
use crate::definition::field::NoticeLevel;
use crate::definition::{Field, FieldType};
use crate::form::answers::attachment;
use crate::form::asked::Asked;
use crate::form::markdown::to_html;
use crate::form::rules::{longest, longest_part};
use crate::form::shape::parts;
use crate::form::summary::computed;
use crate::form::words::{part_hint, part_label, part_type};
use minijinja::Value as Html;
use serde_json::Value as Json;
use std::collections::HashSet;

impl Controls<'_> {
    pub(super) fn build(&self, asked: &[Asked<'_>], live: &HashSet<String>) -> Vec<Control> {
        asked
            .iter()
            .map(|asked| {
                let id = asked.field.id.as_str();
                self.control(asked, id, live.contains(id))
            })
            .collect()
    }

    fn control(&self, asked: &Asked<'_>, name: &str, live: bool) -> Control {
        let field = asked.field;
        let kind = field.field_type();
        let mut control = self.plain(kind, name, live);
        control.control = drawn(asked);
        field.label.get(self.lang).clone_into(&mut control.label);
        control.hint = hint(field, self.lang);
        control.required = field.is_question() && !field.optional;
        control.min = asked.min.as_ref().map(bound);
        control.max = asked.max.as_ref().map(bound);
        control.autocomplete.clone_from(&field.autocomplete);
        match kind {
            FieldType::Text | FieldType::LongText | FieldType::Url => {
                control.max_length = Some(longest(kind, field.max_length));
            }
            FieldType::Choice | FieldType::Choices => {
                control.options = self.options(asked, &control.value);
            }
            FieldType::Person | FieldType::Address | FieldType::Period => {
                control.parts = parts(field)
                    .map(|part| self.part(asked, name, part, live))
                    .collect();
            }
            FieldType::DateTime => {
                control.parts = ["date", "time"]
                    .map(|part| self.part(asked, name, part, live))
                    .into();
            }
            FieldType::Files => {
                control.files = self.files(name);
                control.accept = accept(field);
                control.max_files = asked.most_files();
                control.max_size = asked.most_bytes();
                control.upload_url = self.upload_url.map(str::to_owned);
            }
            FieldType::Group => {
                control.min_items = asked.least();
                control.max_items = asked.most();
                control.add_label = match field.add_label.get(self.lang) {
                    "" => "Ajouter".to_owned(),
                    words => words.to_owned(),
                };
                control.items = self.items(asked, name, live);
            }
            FieldType::Notice => {
                if field.level == NoticeLevel::Warning {
                    control.level = "warning";
                }
                // With a hint, the label is a title and the hint the text; else the label is the text.
                let text = match field.hint.get(self.lang) {
                    "" => std::mem::take(&mut control.label),
                    text => text.to_owned(),
                };
                control.html_text = Html::from_safe_string(to_html(&text));
                control.hint = None;
            }
            FieldType::Computed => control.display = computed(asked, &asked.computed),
            _ => {}
        }
        control
    }

    /// A control of that type under that name, with what was typed and its error.
    fn plain(&self, kind: FieldType, name: &str, live: bool) -> Control {
        let raw = self.typed.raw(name).unwrap_or_default();
        let error = self.errors.iter().find(|error| error.name == name);
        let value = match kind {
            FieldType::Choices => Shown::Ids(self.typed.all(name).to_vec()),
            FieldType::Declaration => {
                let ticked = matches!(raw, "true" | "oui" | "on");
                Shown::Text(if ticked { "true" } else { "" }.to_owned())
            }
            _ => Shown::Text(raw.to_owned()),
        };
        let options = match kind {
            FieldType::YesNo => yes_no(raw),
            FieldType::Country => countries(raw),
            _ => Vec::new(),
        };
        Control {
            error: error.map(|error| error.message.clone()),
            value,
            options,
            inputmode: inputmode(kind),
            width: width(kind),
            live,
            ..Control::blank(simple(kind), name)
        }
    }

    fn part(&self, asked: &Asked<'_>, name: &str, part: &str, live: bool) -> Control {
        let field = asked.field;
        let kind = part_type(field.field_type(), part);
        let mut control = self.plain(kind, &format!("{name}.{part}"), live);
        part_label(part).clone_into(&mut control.label);
        control.hint = part_hint(part).map(str::to_owned);
        control.required = !field.optional && part != "box";
        match part {
            "last_name" | "first_name" => control.width = "medium",
            "number" | "box" => control.width = "short",
            "from" => control.min = asked.min.as_ref().map(bound),
            "to" => control.max = asked.max.as_ref().map(bound),
            "date" => {
                control.min = asked.min.as_ref().map(bound);
                control.max = asked.max.as_ref().map(bound);
            }
            "country" if !self.typed.has(&control.name) => {
                control.value = Shown::Text("BE".to_owned());
                control.options = countries("BE");
            }
            _ => {}
        }
        if kind == FieldType::Text {
            control.max_length = Some(longest_part(part));
        }
        // The browser's own data are the citizen's: offered only where the question is about them.
        if field.prefill.is_some() || field.autocomplete.is_some() {
            control.autocomplete = token(part).map(str::to_owned);
        }
        control
    }

    fn options(&self, asked: &Asked<'_>, value: &Shown) -> Vec<ControlOption> {
        let option = |option: &&crate::definition::field::Choice| ControlOption {
            id: option.id.to_string(),
            label: option.label.get(self.lang).to_owned(),
            hint: words(option.hint.get(self.lang)),
            checked: match value {
                Shown::Text(id) => *option.id == *id,
                Shown::Ids(ids) => ids.contains(&option.id),
            },
        };
        asked.options.iter().map(option).collect()
    }

    /// The files of a question: `plan`, or `enfants.0.acte` in a group.
    fn files(&self, name: &str) -> Vec<ControlFile> {
        let mut value: Option<&Json> = None;
        for part in name.split('.') {
            value = match (value, part.parse::<usize>()) {
                (None, _) => self.answers.get(part),
                (Some(Json::Array(items)), Ok(index)) => items.get(index),
                (Some(value), _) => value.get(part),
            };
            if value.is_none() {
                return Vec::new();
            }
        }
        let files = value.and_then(Json::as_array).into_iter().flatten();
        files.filter_map(attachment).map(Into::into).collect()
    }

    /// The items posted or stored, and empty ones up to the least number.
    fn items(&self, asked: &Asked<'_>, name: &str, live: bool) -> Vec<ControlItem> {
        let mut positions = self.typed.items(name);
        while positions.len() < asked.least() {
            positions.push(positions.last().map_or(0, |last| last + 1));
        }
        let item = |index: usize| ControlItem {
            index,
            fields: asked
                .inner
                .iter()
                .map(|inner| {
                    let name = format!("{name}.{index}.{}", *inner.field.id);
                    self.control(inner, &name, live)
                })
                .collect(),
        };
        positions.into_iter().map(item).collect()
    }
}

/// The help under a question and why it is asked.
fn hint(field: &Field, lang: &str) -> Option<String> {
    let own = match (field.field_type(), field.hint.get(lang)) {
        (FieldType::NationalNumber, "") => part_hint("national_number").unwrap_or_default(),
        (_, own) => own,
    };
    let both = format!("{own} {}", field.because.get(lang));
    words(both.trim())
}

fn words(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn bound(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn yes_no(raw: &str) -> Vec<ControlOption> {
    let option = |id: &str, label: &str, also: &str| ControlOption {
        id: id.to_owned(),
        label: label.to_owned(),
        hint: None,
        checked: raw == id || raw == also,
    };
    vec![option("oui", "Oui", "true"), option("non", "Non", "false")]
}

fn countries(raw: &str) -> Vec<ControlOption> {
    Country::all()
        .map(|country| ControlOption {
            id: country.as_str().to_owned(),
            label: country.to_string(),
            hint: None,
            checked: country.as_str().eq_ignore_ascii_case(raw.trim()),
        })
        .collect()
}
