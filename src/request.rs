//! A request (*demande*): one citizen's file, pinned to the version of the procedure it was filled
//! against. This noun's verbs stand in the files beside this one: a [`draft`] becomes a request by its
//! [`submission`]; agents and citizens move it on ([`moves`]); people write to one another
//! ([`message`]), send files ([`attachment`]) and receive papers ([`paper`]).
//!
//! There is no way to a request from the web but through a person: the code a citizen holds
//! ([`by_code`]), or the services an agent is a member of ([`desk`]).

pub mod attachment;
pub mod confirmed;
pub mod decision;
pub mod desk;
pub mod draft;
pub mod hands;
pub mod holder;
pub mod message;
pub mod moves;
pub mod paper;
pub mod room;
mod save;
pub mod search;
pub mod seeding;
pub mod sheet;
mod stored;
pub mod submission;
pub mod timers;

pub use confirmed::Confirmed;
pub use search::search_key;

use crate::audit::{self, Actor, Chain, Fact};
use crate::calendar::Pause;
use crate::db::schema::requests;
use crate::db::{At, Conn, Id, Stored, Tx};
use crate::definition::Secrecy;
use crate::definition::workflow::Outcome;
use crate::form::{Answers, Applicant, Fee};
use crate::job::{self, Job, Origin, Recipient};
use crate::secret::{Code, show_reference};
use crate::workflow::{Closed, State};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::result::DatabaseErrorKind;
use serde::{Deserialize, Serialize};

/// A request as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = requests, treat_none_as_default_value = false)]
pub struct Request {
    pub id: Id,
    /// Eight characters; see [`Request::shown_reference`].
    pub reference: String,
    code_hash: String,
    pub procedure_id: String,
    pub version_id: Id,
    pub title: String,
    pub kind: String,
    pub authority: String,
    pub service: String,
    secrecy: String,
    pub language: String,
    pub status: String,
    pub status_at: At,
    pub assignee: Option<Id>,
    /// The person's name, for lists.
    pub applicant: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    answers: Stored<Answers>,
    facts: Stored<Facts>,
    pub submitted_at: At,
    pub updated_at: At,
    pub due_on: NaiveDate,
    pub paused_since: Option<NaiveDate>,
    pauses: Stored<Vec<Pause>>,
    pub closed_at: Option<At>,
    #[diesel(deserialize_as = stored::Ending)]
    outcome: Option<String>,
    event_count: i32,
    head_hash: String,
    sealed_count: i32,
    /// When the citizen wrote or answered; none once an agent did something since.
    pub answered_at: Option<At>,
    /// It comes before the others in its queue.
    pub urgent: bool,
    /// Grows at each change; a change made over an older one is refused.
    pub revision: i32,
}

/// What was settled at submission and is told to people.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Facts {
    /// "Pourquoi ici ?": why this service has it.
    #[serde(default)]
    pub because: String,
    /// The fee, line by line, in cents.
    #[serde(default)]
    pub fee: Vec<(String, i64)>,
    #[serde(default)]
    pub total: i64,
    /// The fields the citizen was asked to correct, while they are.
    #[serde(default)]
    pub to_correct: Vec<String>,
    /// The question that waits for an answer.
    #[serde(default)]
    pub question: Option<String>,
    /// The last small form taken, for the documents and mails that follow from it.
    #[serde(default)]
    pub form: serde_json::Value,
    /// The transition that closed it, while it is closed by one.
    #[serde(default)]
    pub closed_by: Option<String>,
    /// The event that asked it.
    #[serde(default)]
    pub asked_at: Option<i32>,
    /// The steps a mail tells of, by their event.
    #[serde(default)]
    pub spoken: Vec<Spoken>,
    /// What the citizen was warned of and sent all the same.
    #[serde(default)]
    pub confirmed: Vec<Confirmed>,
    /// What a newer program keeps here and this one does not know: it is written back as it is.
    #[serde(flatten)]
    beyond: serde_json::Map<String, serde_json::Value>,
}

/// A step and its small form, empty when it has none, kept for the mail that tells of it: that one may
/// leave when others were taken since.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Spoken {
    /// Its event's place in the chain.
    pub event: i32,
    pub transition: String,
    pub form: serde_json::Value,
}

impl Facts {
    /// Takes over what it costs.
    pub(crate) fn charge(&mut self, fee: &Fee) {
        self.fee = fee
            .lines
            .iter()
            .map(|line| (line.label.clone(), line.cents))
            .collect();
        self.total = fee.total;
    }
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// Somebody else changed the request since it was read.
    #[error("the request changed in the meantime")]
    Overtaken,
    #[error(transparent)]
    Db(#[from] crate::db::Error),
}

impl From<diesel::result::Error> for SaveError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

/// The request that code opens.
pub fn by_code(conn: &mut Conn, code: &Code) -> QueryResult<Option<Request>> {
    requests::table
        .filter(requests::code_hash.eq(code.hash()))
        .select(Request::as_select())
        .first(conn)
        .optional()
}

/// The request of that id, for the program itself: jobs and commands. The web has no way here; a test
/// holds it to that.
pub fn for_system(conn: &mut Conn, id: Id) -> QueryResult<Option<Request>> {
    requests::table
        .find(id)
        .select(Request::as_select())
        .first(conn)
        .optional()
}

impl Request {
    /// `7K4·M2P·93`.
    pub fn shown_reference(&self) -> String {
        show_reference(&self.reference)
    }

    /// Open, or under social secrecy. A word nobody knows is taken for the safe one.
    pub fn secrecy(&self) -> Secrecy {
        if self.secrecy == "open" {
            Secrecy::Open
        } else {
            Secrecy::Social
        }
    }

    /// True under social secrecy.
    pub fn is_social(&self) -> bool {
        self.secrecy() == Secrecy::Social
    }

    /// The answers.
    pub fn answers(&self) -> Answers {
        self.answers.0.clone()
    }

    /// Replaces the answers. The one place they are changed after submission.
    pub(crate) fn set_answers(&mut self, answers: &Answers) {
        self.answers = Stored(answers.clone());
    }

    /// What was settled at submission.
    pub fn facts(&self) -> Facts {
        self.facts.0.clone()
    }

    /// Takes over who asks: as lists name them, and where they are reached. What it is found by
    /// ([`search`]) follows from it and is filed by the caller.
    pub(crate) fn name(&mut self, applicant: &Applicant) {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        self.applicant.clone_from(&applicant.name);
        self.email = given(&applicant.email);
        self.phone = given(&applicant.phone);
    }

    /// How it ended, when it did.
    pub fn outcome(&self) -> Option<Outcome> {
        stored::outcome(self.outcome.as_deref()?)
    }

    /// The value the workflow decides on.
    pub fn state(&self) -> State {
        State {
            status: self.status.clone(),
            entered_at: self.status_at.0,
            submitted_at: self.submitted_at.0,
            closed: self
                .closed_at
                .zip(self.outcome())
                .map(|(at, outcome)| Closed { at: at.0, outcome }),
            service: self.service.clone(),
            assignee: self.assignee.map(|id| id.0),
            pauses: self.pauses(),
        }
    }

    /// When the deadline stood still.
    pub fn pauses(&self) -> Vec<Pause> {
        self.pauses.0.clone()
    }

    /// Takes over what the workflow decided.
    pub(crate) fn enter(&mut self, state: &State) {
        self.status.clone_from(&state.status);
        self.status_at = At::new(state.entered_at);
        self.service.clone_from(&state.service);
        self.assignee = state.assignee.map(Id);
        self.pauses = Stored(state.pauses.clone());
        self.paused_since = state
            .pauses
            .last()
            .filter(|p| p.to.is_none())
            .map(|p| p.from);
        self.closed_at = state.closed.map(|closed| At::new(closed.at));
        self.outcome = state.closed.and_then(|closed| stored::word(closed.outcome));
    }

    /// Records an event at the end of this request's chain. [`Request::save`] keeps the new end. Where
    /// an event has that place already, somebody else was faster.
    pub(crate) fn record(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        fact: Fact,
    ) -> Result<(), SaveError> {
        self.note_turn(tx.now(), actor, &fact);
        let mut chain = Chain {
            count: self.event_count,
            head: std::mem::take(&mut self.head_hash),
        };
        let appended = audit::append(tx, self.id, &mut chain, actor, fact);
        self.event_count = chain.count;
        self.head_hash = chain.head;
        match appended {
            // Ids are drawn; the one other thing that is unique of an event is its place.
            Err(diesel::result::Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {
                Err(SaveError::Overtaken)
            }
            appended => Ok(appended.map(drop)?),
        }
    }

    /// Whose turn it is: the service's from the citizen's first word until an agent writes back or takes
    /// a step. Sending the request is no answer; reading one, taking it in hand and noting something are
    /// no reaction.
    fn note_turn(&mut self, now: At, actor: &Actor, fact: &Fact) {
        match actor {
            Actor::Citizen if self.event_count > 0 => {
                self.answered_at = self.answered_at.or(Some(now));
            }
            Actor::Agent { .. } if reacts(fact) => self.answered_at = None,
            _ => {}
        }
    }

    /// Whose job it is, for the outbox.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            authority: Some(self.authority.clone()),
            social: self.is_social(),
        }
    }

    /// Puts a mail about what just happened to this request in the outbox. `once` names it, so that it
    /// leaves once.
    pub(crate) fn mail(
        &self,
        tx: &mut Tx,
        message: &str,
        to: Recipient,
        once: String,
    ) -> QueryResult<()> {
        self.mail_of(tx, self.event_count, message, to, once)
    }

    /// The same, about what happened at that place in its chain.
    pub(crate) fn mail_of(
        &self,
        tx: &mut Tx,
        event: i32,
        message: &str,
        to: Recipient,
        once: String,
    ) -> QueryResult<()> {
        let job = Job::Mail {
            message: message.to_owned(),
            request: self.id,
            to,
            event: Some(event),
        };
        let now = tx.now();
        job::enqueue(tx, &job, &self.origin(), now, Some(once))
    }
}

/// Whether an agent's deed is a reaction to what the citizen wrote: a message, or a step that is more than
/// a change of hands.
fn reacts(fact: &Fact) -> bool {
    match fact.kind {
        "message" => true,
        "step" => {
            fact.data
                .pointer("/what/kind")
                .and_then(|kind| kind.as_str())
                != Some("assigned")
        }
        _ => false,
    }
}
