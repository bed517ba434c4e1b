//! Answering a form: what a citizen types becomes answers, answers become a way through the pages,
//! and a finished way becomes something that can be sent.
//!
//! The way is *derived* ([`journey()`]) from the definition, the stored answers and the day, each time
//! it is needed, and never stored: there is nothing to get out of step. What is typed is parsed once
//! ([`read_page`]); what can be sent is a [`Complete`], which only this room can make.
//!
//! This room refuses to know where answers are kept, who asks over which wire, and what time it is:
//! the day comes in with the [`Context`].

pub mod answers;
pub mod changes;
pub mod complete;
pub mod control;
pub mod correction;
pub mod examples;
pub mod journey;
pub mod markdown;
pub mod page;
pub mod problem;
pub mod summary;
pub mod typed;

mod asked;
mod desk;
mod parse;
mod reads;
mod rules;
mod shape;
mod walk;
mod words;

#[cfg(test)]
mod tests;

pub use answers::{Answers, Attachment};
pub use asked::Asked;
pub use changes::{Change, changes};
pub use complete::{Applicant, Complete, Fee, FeeLine, NotReady, Route, validate_all};
pub use control::{Control, Controls};
pub use correction::{Corrected, Correction, correct, correctable};
pub use examples::{calendar_of, run_examples};
pub use journey::{Journey, Progress, SeenPage, journey};
pub use page::{FieldsOutcome, PageOutcome, ask_fields, read_fields, read_page};
pub use problem::{Fault, FieldError, PageFault, Problem};
pub use summary::{Row, Secret, SummaryPage, field_labels, labels, summary};
pub use typed::{TooMuch, Typed};

use crate::calendar::Calendar;
use crate::definition::field::Attribute;
use crate::definition::{Procedure, Scope, Site};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::sync::{Arc, LazyLock};

/// Somebody we know nothing of.
static NOBODY: LazyLock<Arc<Json>> = LazyLock::new(|| Arc::new(json!(Citizen::default())));

/// What a form is answered against: the day, the place, what is known of the person.
#[derive(Clone, Debug)]
pub struct Context {
    today: NaiveDate,
    settings: Arc<Json>,
    site: Arc<Json>,
    citizen: Arc<Json>,
    calendar: Arc<Calendar>,
}

/// What is known of the person who fills the form in; nothing, for somebody without an account.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Citizen {
    pub last_name: Option<String>,
    pub first_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub national_number: Option<String>,
    pub birth_date: Option<NaiveDate>,
    /// How sure we are that it is this person: `low`, `substantial`, `high`.
    pub assurance: Option<String>,
}

/// Says only whether something is known: personal data stay out of logs.
impl std::fmt::Debug for Citizen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = *self != Self::default();
        write!(f, "Citizen({})", if known { "known" } else { "unknown" })
    }
}

impl Context {
    /// The procedure's settings as the site sets them, the facts of the site, an unknown citizen.
    /// `calendar` is the one its deadline is counted with.
    pub fn new(
        procedure: &Procedure,
        site: &Site,
        today: NaiveDate,
        calendar: Arc<Calendar>,
    ) -> Self {
        let set = site.settings.get(procedure.id.as_str());
        let settings = procedure.settings.iter().map(|setting| {
            let value = set
                .and_then(|values| values.get(setting.id.as_str()))
                .unwrap_or(&setting.default);
            (setting.id.to_string(), attribute(value))
        });
        Self {
            today,
            settings: Arc::new(Json::Object(settings.collect())),
            site: Arc::new(json!({ "name": site.name, "postal_codes": site.postal_codes })),
            citizen: Arc::clone(&NOBODY),
            calendar,
        }
    }

    /// The same, for a person we know something of.
    pub fn with_citizen(mut self, citizen: &Citizen) -> Self {
        self.citizen = Arc::new(json!(citizen));
        self
    }

    /// The same, with one setting changed (examples do).
    pub fn with_setting(mut self, id: &str, value: &Attribute) -> Self {
        if let Json::Object(settings) = Arc::make_mut(&mut self.settings) {
            settings.insert(id.to_owned(), attribute(value));
        }
        self
    }

    /// The day the form is filled in, in Brussels.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// The calendar working days are counted with.
    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.calendar
    }

    /// The settings' values, by id.
    pub fn settings(&self) -> &Json {
        &self.settings
    }

    /// A scope with everything but the answers.
    fn scope(&self) -> Scope {
        Scope::new(self.today, &self.calendar)
            .with("settings", Arc::clone(&self.settings))
            .with("site", Arc::clone(&self.site))
            .with("citizen", Arc::clone(&self.citizen))
    }
}

/// An attribute as expressions read it.
pub(crate) fn attribute(value: &Attribute) -> Json {
    match value {
        Attribute::Bool(b) => Json::Bool(*b),
        Attribute::Int(n) => Json::from(*n),
        Attribute::Text(text) => Json::String(text.clone()),
    }
}

/// A JSON object, for the many places that build one.
pub(crate) type Object = Map<String, Json>;
