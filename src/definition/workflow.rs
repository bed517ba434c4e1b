//! A workflow as it is defined: statuses, transitions, actions, timers. What it *does* is decided by
//! `crate::workflow`; this is only its shape.

use super::{Expression, Field, Located, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A workflow shared by procedures.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    pub id: Located<String>,
    pub title: Text,
    /// The status of a request that was just submitted.
    pub initial: Located<String>,
    pub statuses: Vec<Status>,
    pub transitions: Vec<Transition>,
    #[serde(default)]
    pub timers: Vec<Timer>,
}

/// Where a request can stand.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Status {
    pub id: Located<String>,
    /// What the citizen reads.
    pub citizen: Text,
    /// What agents read.
    pub agent: Text,
    /// What happens next, for the citizen.
    #[serde(default)]
    pub next: Text,
    /// Not shown in the citizen's timeline (technical).
    #[serde(default)]
    pub hidden: bool,
    /// The deadline stands still while a request is here.
    #[serde(default)]
    pub pauses_deadline: bool,
    /// The citizen is asked something here.
    #[serde(default)]
    pub asks_citizen: bool,
    /// A request that comes here is closed, with this outcome.
    #[serde(default, rename = "final")]
    pub outcome: Option<Outcome>,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Granted,
    Refused,
    Withdrawn,
    Expired,
}

/// Who may take a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Citizen,
    /// A member of the service that has the request.
    Agent,
    /// A head of that service.
    Head,
    /// A timer, or the program.
    System,
}

/// A way from one status to another.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the file")]
pub struct Transition {
    pub id: Located<String>,
    /// The words of the button.
    pub label: Text,
    /// What the timeline says when it was taken, for the citizen.
    #[serde(default)]
    pub told: Text,
    /// What the agent reads when it is done: « Le document est délivré. »
    #[serde(default)]
    pub done: Text,
    /// The statuses it leaves from.
    pub from: Vec<Located<String>>,
    pub to: Located<String>,
    /// Who may take it.
    pub by: Vec<Role>,
    /// It is offered only when this is true.
    #[serde(default)]
    pub guard: Option<Expression>,
    /// Its small form.
    #[serde(default)]
    pub form: Vec<Field>,
    /// The sentence asked before it is taken.
    #[serde(default)]
    pub confirm: Text,
    /// It may be taken for many requests at once.
    #[serde(default)]
    pub bulk: bool,
    /// The way of most requests: shown first, as the main button.
    #[serde(default)]
    pub main: bool,
    /// It is how an agent takes such a request in hand: « Prendre » takes it and gives the request to who
    /// acts. It asks nothing.
    #[serde(default)]
    pub take: bool,
    /// Asks the citizen to correct named fields: the small form lists the form's questions.
    #[serde(default)]
    pub asks_fields: bool,
    /// What it sets off.
    #[serde(default, rename = "do")]
    pub actions: Vec<Action>,
}

/// The mails a transition can send to the citizen.
pub const MAILS: [&str; 6] = [
    "question",
    "issued",
    "decided",
    "refused",
    "withdrawn",
    "handed_over",
];
/// The mails a transition can send to the service.
pub const NOTICES: [&str; 3] = ["new_request", "answered", "withdrawn"];

/// What a transition sets off. Everything goes to the outbox of the same transaction.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// A mail to the citizen: `question`, `issued`, `decided`, `refused`, `withdrawn`.
    Mail(String),
    /// A mail to the service: `new_request`, `answered`, `withdrawn`.
    Notify(String),
    /// Issue every document of the procedure, or the one named.
    Issue(String),
    /// Revoke the documents issued for this request.
    Revoke(bool),
    /// Give the request to another service (its id; `form.service` when the small form asks it).
    Route(String),
    /// Assign it to the agent who acts.
    Assign(bool),
}

/// Something that happens by itself after a while in a status.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    pub id: Located<String>,
    /// The status it runs in.
    pub status: Located<String>,
    /// After this many days.
    pub days: u32,
    pub unit: super::procedure::DayUnit,
    /// The transition taken (by `system`); none for a timer that only acts.
    #[serde(default)]
    pub take: Option<Located<String>>,
    /// What it sets off by itself.
    #[serde(default, rename = "do")]
    pub actions: Vec<Action>,
}

impl Workflow {
    /// The status of that id.
    pub fn status(&self, id: &str) -> Option<&Status> {
        self.statuses.iter().find(|status| *status.id == id)
    }

    /// The transition of that id.
    pub fn transition(&self, id: &str) -> Option<&Transition> {
        self.transitions
            .iter()
            .find(|transition| *transition.id == id)
    }
}
