//! The form of a procedure: small pages of questions, in order, each perhaps under a condition.

use super::{Expression, Field, Located, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// The pages of a form, in order.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The pages, in the order they are answered.
    pub pages: Vec<Page>,
}

/// One page of a form.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Its name in addresses and in examples.
    pub id: Located<String>,
    /// Its title.
    pub title: Text,
    /// A short introduction (Markdown).
    #[serde(default)]
    pub intro: Text,
    /// Shown only when this is true (answers of earlier pages, settings).
    #[serde(default)]
    pub when: Option<Expression>,
    /// Its questions.
    pub fields: Vec<Field>,
    /// What must hold when the page is left.
    #[serde(default)]
    pub checks: Vec<PageCheck>,
}

/// A rule over the answers given so far. It is passed over while an answer it reads is blank.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageCheck {
    /// What must be true.
    pub that: Expression,
    /// What the citizen reads when it is not: how to mend it.
    pub message: Text,
    /// An error stops; a warning may be confirmed.
    #[serde(default)]
    pub level: CheckLevel,
    /// The field the message stands beside (the first of the page when left out).
    #[serde(default)]
    pub field: Option<Located<String>>,
}

/// How serious a page check is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckLevel {
    #[default]
    Error,
    Warning,
}

impl Form {
    /// Every field of the form in order, groups' inner fields not included.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.pages.iter().flat_map(|page| page.fields.iter())
    }

    /// The field of that id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields().find(|field| *field.id == id)
    }

    /// The page of that id.
    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| *page.id == id)
    }
}
