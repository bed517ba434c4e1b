//! Answers in words, page by page, exactly as the citizen saw the questions: check-your-answers, the
//! receipt, the agent's screen.

use super::Object;
use super::answers::{Attachment, attachment};
use super::asked::Asked;
use super::journey::Journey;
use super::shape::{is_blank, parts};
use super::words::{
    address_lines, in_words, masked_national_number, part_label, part_type, period, person_name,
};
use crate::definition::FieldType;
use serde::Serialize;
use serde_json::Value as Json;

/// The answers of one page.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryPage {
    pub id: String,
    pub title: String,
    pub rows: Vec<Row>,
}

/// One answer in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Dotted name of the answer.
    pub field: String,
    pub label: String,
    /// In lines; empty when the question was left out. Masked when it is a secret.
    pub value: Vec<String>,
    /// What was masked, for who must copy it.
    pub secret: Option<Secret>,
    pub files: Vec<Attachment>,
}

/// An answer that is not shown whole where it is not needed.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Secret {
    /// `national_number`.
    pub kind: &'static str,
    /// The whole value, in the Belgian manner.
    pub full: String,
}

/// Shows the kind alone.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({})", self.kind)
    }
}

/// The answers of the way, page by page, in the words of `lang`. Notices and blank computed values
/// are left out.
pub fn summary(journey: &Journey<'_>, lang: &str) -> Vec<SummaryPage> {
    let page = |page: &super::SeenPage<'_>| SummaryPage {
        id: page.id().to_owned(),
        title: page.page().title.get(lang).to_owned(),
        rows: page
            .asked()
            .iter()
            .flat_map(|asked| {
                let id = asked.field.id.as_str();
                let value = journey.answers().get(id).unwrap_or(&Json::Null);
                rows(asked, id, value, lang)
            })
            .collect(),
    };
    let pages = journey.pages().iter().map(page);
    pages.filter(|page| !page.rows.is_empty()).collect()
}

/// Each answer as one text, by field id, for the letters (`labels.<field>`); a group is a list of
/// such objects. Every field of the form is there, empty when blank or hidden.
pub fn labels(journey: &Journey<'_>, lang: &str) -> Json {
    let fields = journey.procedure().form.fields();
    let texts = fields
        .filter(|field| field.field_type() != FieldType::Notice)
        .map(|field| {
            let id = field.id.to_string();
            let value = journey.answers().get(&id).unwrap_or(&Json::Null);
            let text = label(&Asked::submitted(field, value), value, lang);
            (id, text)
        });
    Json::Object(texts.collect())
}

/// The same for the answers of a small form, as `read_fields` gives them.
pub fn field_labels(fields: &[crate::definition::Field], answers: &Object, lang: &str) -> Json {
    let texts = fields
        .iter()
        .filter(|field| field.field_type() != FieldType::Notice)
        .map(|field| {
            let value = answers.get(field.id.as_str()).unwrap_or(&Json::Null);
            let text = label(&Asked::submitted(field, value), value, lang);
            (field.id.to_string(), text)
        });
    Json::Object(texts.collect())
}

fn label(asked: &Asked<'_>, value: &Json, lang: &str) -> Json {
    if asked.field.field_type() == FieldType::Group {
        let items = value.as_array().into_iter().flatten();
        let item = |item: &Json| -> Json {
            let inner = asked.field.fields.iter().map(|field| {
                let value = item.get(field.id.as_str()).unwrap_or(&Json::Null);
                let text = label(&Asked::submitted(field, value), value, lang);
                (field.id.to_string(), text)
            });
            Json::Object(inner.collect())
        };
        return Json::Array(items.map(item).collect());
    }
    Json::from(match asked.field.field_type() {
        FieldType::Person => person_name(value),
        FieldType::Files => {
            let files = files(value);
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            names.join(", ")
        }
        _ => lines(asked, value, lang).join(", "),
    })
}

/// The rows of one answer: a number of the national register has its own.
fn rows(asked: &Asked<'_>, name: &str, value: &Json, lang: &str) -> Vec<Row> {
    let field = asked.field;
    let kind = field.field_type();
    let row = |value: Vec<String>| Row {
        field: name.to_owned(),
        label: field.label.get(lang).to_owned(),
        value,
        secret: None,
        files: Vec::new(),
    };
    match kind {
        FieldType::Notice => Vec::new(),
        FieldType::Computed if is_blank(value) || field.label.is_empty() => Vec::new(),
        FieldType::NationalNumber => vec![secret(row(Vec::new()), value)],
        FieldType::Files => vec![Row {
            files: files(value),
            ..row(Vec::new())
        }],
        FieldType::Person => {
            let mut all = vec![row(person_lines(asked, value))];
            let number = value.get("national_number").unwrap_or(&Json::Null);
            if parts(field).any(|part| part == "national_number") && !number.is_null() {
                let own = Row {
                    field: format!("{name}.national_number"),
                    label: part_label("national_number").to_owned(),
                    ..row(Vec::new())
                };
                all.push(secret(own, number));
            }
            all
        }
        FieldType::Group => items(asked, name, value, lang)
            .into_iter()
            .chain(is_blank(value).then(|| row(Vec::new())))
            .collect(),
        _ => vec![row(lines(asked, value, lang))],
    }
}

/// One row for each item, its answers a line each; secrets and files beside it.
fn items(asked: &Asked<'_>, name: &str, value: &Json, lang: &str) -> Vec<Row> {
    let mut all = Vec::new();
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        let heading = format!("{} – {}", asked.field.label.get(lang), index + 1);
        let mut whole = Row {
            field: format!("{name}.{index}"),
            label: heading.clone(),
            value: Vec::new(),
            secret: None,
            files: Vec::new(),
        };
        let mut beside = Vec::new();
        for inner in &asked.inner {
            let id = inner.field.id.as_str();
            let answer = item.get(id).unwrap_or(&Json::Null);
            for row in rows(inner, &format!("{name}.{index}.{id}"), answer, lang) {
                if row.secret.is_some() {
                    let label = format!("{heading} – {}", row.label);
                    beside.push(Row { label, ..row });
                    continue;
                }
                if !row.value.is_empty() {
                    let value = row.value.join(", ");
                    whole.value.push(format!("{}\u{a0}: {value}", row.label));
                }
                whole.files.extend(row.files);
            }
        }
        all.push(whole);
        all.extend(beside);
    }
    all
}

fn secret(row: Row, number: &Json) -> Row {
    let Some(text) = number.as_str() else {
        return row;
    };
    Row {
        value: vec![masked_national_number(text)],
        secret: Some(Secret {
            kind: "national_number",
            full: in_words(FieldType::NationalNumber, number),
        }),
        ..row
    }
}

fn person_lines(asked: &Asked<'_>, value: &Json) -> Vec<String> {
    let mut all = vec![person_name(value)];
    if parts(asked.field).any(|part| part == "birth_date") {
        let born = value.get("birth_date").unwrap_or(&Json::Null);
        let kind = part_type(FieldType::Person, "birth_date");
        if !born.is_null() {
            let born = in_words(kind, born);
            all.push(format!("{}\u{a0}: {born}", part_label("birth_date")));
        }
    }
    all.retain(|line| !line.is_empty());
    all
}

/// A simple answer in lines.
fn lines(asked: &Asked<'_>, value: &Json, lang: &str) -> Vec<String> {
    let field = asked.field;
    let option = |id: &Json| -> Option<String> {
        let id = id.as_str()?;
        let option = field.option(id);
        Some(
            option
                .map_or(id, |option| option.label.get(lang))
                .to_owned(),
        )
    };
    if is_blank(value) {
        return Vec::new();
    }
    match field.field_type() {
        FieldType::Choice => option(value).into_iter().collect(),
        FieldType::Choices => {
            let ids = value.as_array().into_iter().flatten();
            ids.filter_map(option).collect()
        }
        FieldType::Address => address_lines(value),
        FieldType::Period => vec![period(value)],
        FieldType::LongText => {
            let text = value.as_str().unwrap_or_default();
            text.lines().map(str::to_owned).collect()
        }
        FieldType::Computed => vec![computed(asked, value)],
        kind => vec![in_words(kind, value)],
    }
}

/// A computed value as the definition says it is shown.
pub(super) fn computed(asked: &Asked<'_>, value: &Json) -> String {
    in_words(asked.field.shows.unwrap_or(FieldType::Text), value)
}

fn files(value: &Json) -> Vec<Attachment> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(attachment).collect()
}
