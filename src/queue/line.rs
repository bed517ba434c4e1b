//! A row of the list: only what the list shows.

use crate::db::schema::requests;
use crate::db::{At, Id};
use crate::definition::Secrecy;
use crate::definition::workflow::Outcome;
use chrono::NaiveDate;
use diesel::prelude::*;

/// A request as a list shows it. No answer is in it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = requests)]
pub struct Line {
    pub id: Id,
    pub reference: String,
    pub version_id: Id,
    pub title: String,
    pub authority: String,
    pub service: String,
    secrecy: String,
    pub status: String,
    pub assignee: Option<Id>,
    pub applicant: String,
    pub submitted_at: At,
    pub due_on: NaiveDate,
    pub urgent: bool,
    pub paused_since: Option<NaiveDate>,
    pub answered_at: Option<At>,
    pub closed_at: Option<At>,
    outcome: Option<String>,
}

impl Line {
    /// Open, or under social secrecy. A word nobody knows is taken for the safe one.
    pub fn secrecy(&self) -> Secrecy {
        if self.secrecy == "open" {
            Secrecy::Open
        } else {
            Secrecy::Social
        }
    }

    /// How it ended, when it did.
    pub fn outcome(&self) -> Option<Outcome> {
        serde_json::from_value(serde_json::Value::String(self.outcome.clone()?)).ok()
    }
}
