//! What rows of requests and drafts hold as documents or words of this program, and when it is
//! understood. What is not makes the row unreadable ([`Unreadable`]), never empty.

use super::Facts;
use crate::calendar::Pause;
use crate::db::{Document, Unreadable};
use crate::definition::workflow::Outcome;
use crate::form::{Answers, Typed};
use diesel::deserialize::{self, FromStaticSqlRow, Queryable};
use serde_json::{Map, Value};
use std::fmt;

impl Document for Answers {
    const NAME: &'static str = "answers";

    fn from_stored(json: Value) -> Option<Self> {
        Self::from_json(json)
    }

    fn to_stored(&self) -> Value {
        self.to_json()
    }
}

impl Document for Facts {
    const NAME: &'static str = "facts";

    fn from_stored(json: Value) -> Option<Self> {
        serde_json::from_value(json).ok()
    }

    fn to_stored(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Document for Vec<Pause> {
    const NAME: &'static str = "pauses";

    fn from_stored(json: Value) -> Option<Self> {
        serde_json::from_value(json).ok()
    }

    fn to_stored(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// What was typed on pages of a draft that could not be left, by page.
#[derive(Clone, Default)]
pub struct Pages(pub Map<String, Value>);

/// Shows which pages, and never what was typed there.
impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Document for Pages {
    const NAME: &'static str = "typed pages";

    fn from_stored(json: Value) -> Option<Self> {
        let Value::Object(pages) = json else {
            return None;
        };
        let read = pages.values().all(|page| Typed::from_json(page).is_some());
        read.then_some(Self(pages))
    }

    fn to_stored(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

/// The word of an outcome.
pub(super) fn word(outcome: Outcome) -> Option<String> {
    let word = serde_json::to_value(outcome).ok()?;
    word.as_str().map(str::to_owned)
}

/// The outcome of that word.
pub(super) fn outcome(word: &str) -> Option<Outcome> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}

/// The column of the outcome, as it may be read: none, or a word this program knows.
pub struct Ending(Option<String>);

impl<DB, ST> Queryable<ST, DB> for Ending
where
    DB: diesel::backend::Backend,
    Option<String>: FromStaticSqlRow<ST, DB>,
{
    type Row = Option<String>;

    fn build(word: Self::Row) -> deserialize::Result<Self> {
        match word {
            Some(word) if outcome(&word).is_none() => Err(Unreadable("outcome").into()),
            known => Ok(Self(known)),
        }
    }
}

impl From<Ending> for Option<String> {
    fn from(ending: Ending) -> Self {
        ending.0
    }
}
