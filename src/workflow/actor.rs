//! Who acts, and what they ask for.

use crate::definition::workflow::{Role, Transition};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The one who acts. That an agent is a member of the request's service is the query that loaded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Actor {
    /// The person whose request it is, or who holds its code.
    Citizen,
    /// A member of the service.
    Agent { id: Uuid },
    /// A head of the service, who may also do whatever its agents do.
    Head { id: Uuid },
    /// A timer, the program, or an operator at the command line.
    System,
}

impl Actor {
    /// The role in the words of definitions.
    pub fn role(self) -> Role {
        match self {
            Self::Citizen => Role::Citizen,
            Self::Agent { .. } => Role::Agent,
            Self::Head { .. } => Role::Head,
            Self::System => Role::System,
        }
    }

    /// The account that acts; none for a citizen or the program.
    pub fn account(self) -> Option<Uuid> {
        match self {
            Self::Agent { id } | Self::Head { id } => Some(id),
            Self::Citizen | Self::System => None,
        }
    }
}

/// What is asked: a transition and its small form, already parsed (see `definition::field` for the
/// shapes of answers).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Act {
    pub transition: String,
    pub form: Map<String, Value>,
}

impl Act {
    /// A transition without a small form.
    pub fn simply(transition: &str) -> Self {
        Self {
            transition: transition.to_owned(),
            form: Map::new(),
        }
    }
}

/// A head is also an agent of the service.
pub(super) fn may_take(role: Role, transition: &Transition) -> bool {
    transition.by.contains(&role) || (role == Role::Head && transition.by.contains(&Role::Agent))
}
