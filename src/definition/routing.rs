//! Which service receives a request: the first rule that holds, else the default.

use super::{Expression, Located, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

/// The rules, tried in order, and the service when none holds.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// The service that receives what no rule takes; without it the check refuses the procedure.
    #[serde(default)]
    pub default: Located<String>,
}

/// One rule.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub when: Expression,
    /// The id of the service.
    pub service: Located<String>,
    /// Told to the agent: "pourquoi ici ?".
    #[serde(default)]
    pub because: Text,
}

/// Reads `routing:` with nothing under it as no route at all, for the check to say so.
pub(super) fn or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Routing, D::Error> {
    Option::<Routing>::deserialize(deserializer).map(Option::unwrap_or_default)
}
