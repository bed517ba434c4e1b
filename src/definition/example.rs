//! Examples that live with the form: sample answers and what must come of them. They run at every
//! check and before every publication.

use super::field::Attribute;
use super::{Located, Text};
use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// One sample filling of the form.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Who it is about, as a sentence.
    pub name: Text,
    /// The day it is filled in.
    #[schemars(with = "String")]
    pub today: NaiveDate,
    /// Settings that differ from the defaults.
    #[serde(default)]
    pub settings: IndexMap<String, Attribute>,
    /// The answers as a person types them (`"0470 12 34 56"`, `"23/11/2026"`), by field id; parts and
    /// group items nested; a file is `{name: plan.pdf}`.
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    pub answers: serde_json::Map<String, serde_json::Value>,
    pub expect: Expected,
    /// Line of the example in its file.
    #[serde(skip)]
    pub line: u32,
}

/// What must come of it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Ids of the pages seen, in order.
    #[serde(default)]
    pub pages: Vec<String>,
    /// The service that receives it.
    #[serde(default)]
    pub service: Option<String>,
    /// Whether it is urgent.
    #[serde(default)]
    pub urgent: Option<bool>,
    /// The fee in cents.
    #[serde(default)]
    pub fee: Option<i64>,
    /// Ids of the fields in error (empty: it can be sent).
    #[serde(default)]
    pub errors: Vec<String>,
    /// Ids of the fields with a warning.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The day an answer is expected, when it is sent that day.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub due: Option<NaiveDate>,
    /// Values of computed fields.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, serde_json::Value>")]
    pub computed: IndexMap<String, serde_json::Value>,
    /// Ids of the documents the workflow can issue.
    #[serde(default)]
    pub documents: Vec<String>,
}

/// Reads a list of examples, each told its line.
pub(super) fn with_lines<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Example>, D::Error> {
    let examples = Vec::<Located<Example>>::deserialize(deserializer)?;
    Ok(examples
        .into_iter()
        .map(|located| {
            let line = located.line();
            Example {
                line,
                ..located.into_inner()
            }
        })
        .collect())
}
