//! Warnings of the form: what is unusual in the answers and was sent all the same. The citizen read and
//! confirmed them before sending; one that a correction brings up is kept for the service alone.

use crate::definition::Form;
use crate::form::FieldError;
use serde::{Deserialize, Serialize};

/// A warning, as it was worded then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Confirmed {
    /// Id of the question it stood beside.
    pub field: String,
    /// The question, as the citizen read it.
    pub label: String,
    /// The warning in words.
    pub message: String,
}

impl Confirmed {
    /// These warnings of that form, to be kept with a request.
    pub fn of(form: &Form, warnings: &[FieldError], language: &str) -> Vec<Self> {
        let kept = warnings.iter().map(|warning| {
            let field = warning.name.split('.').next().unwrap_or_default();
            let label = form.field(field).map(|field| field.label.get(language));
            let label = label.unwrap_or_default();
            Self {
                field: field.to_owned(),
                label: label.trim_end_matches([' ', '\u{a0}', '?', ':']).to_owned(),
                message: warning.message.clone(),
            }
        });
        kept.collect()
    }
}
