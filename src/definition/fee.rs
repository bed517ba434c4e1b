//! What a request costs: lines of an amount under a condition. Said once, here, and used by the
//! form, the summary and the receipt alike.

use super::{Expression, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// The lines of the fee; no line that holds means free of charge.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    pub lines: Vec<FeeLine>,
    /// How it is paid, in words.
    #[serde(default)]
    pub payment: Text,
}

/// One line of the fee.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeLine {
    pub label: Text,
    /// Counted only when this is true.
    #[serde(default)]
    pub when: Option<Expression>,
    /// Integer cents, never negative.
    pub amount: Expression,
}
