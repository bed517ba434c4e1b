//! Moving a request on: an agent or the citizen takes a transition, a request changes hands.
//! `workflow::step` decides; one transaction writes the state, the event and everything owed.

use super::message::{self, Body, WriteError};
use super::room::Room;
use super::{Confirmed, Request, SaveError, Spoken};
use crate::audit::{Actor, Fact};
use crate::db::{Doc, Id, Tx};
use crate::form::Corrected;
use crate::job::Recipient;
use crate::workflow::{self, Act, Documents, Effect, Happened, Refused, Step};
use serde_json::{Map, Value, json};

/// Why a request did not move.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The workflow says no, in words for agents.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The service named does not exist, or is of another house.
    #[error("no such service")]
    NoSuchService,
    #[error(transparent)]
    Words(#[from] WriteError),
    #[error(transparent)]
    Save(#[from] SaveError),
}

impl From<crate::db::Error> for MoveError {
    fn from(error: crate::db::Error) -> Self {
        Self::Save(error.into())
    }
}
impl From<diesel::result::Error> for MoveError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Save(error.into())
    }
}

/// How often a change is tried again when somebody else was faster.
const TRIES: usize = 4;
/// How many steps are kept for mails that have not left.
const SPOKEN: usize = 12;

/// Makes a change, and again when somebody else changed the request in the same instant.
pub(super) async fn while_overtaken<T, F: Future<Output = Result<T, MoveError>>>(
    attempt: impl Fn() -> F,
) -> Result<T, MoveError> {
    for _ in 1..TRIES {
        match attempt().await {
            Err(
                MoveError::Save(SaveError::Overtaken)
                | MoveError::Words(WriteError::Save(SaveError::Overtaken)),
            ) => {}
            done => return done,
        }
    }
    attempt().await
}

impl Request {
    /// Takes a transition with its small form.
    pub fn take(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        by: workflow::Actor,
        actor: &Actor,
        act: &Act,
    ) -> Result<(), MoveError> {
        let mut scope = room.scope(self);
        let moment = room.moment(self, tx);
        let step = workflow::step(
            room.published.workflow(),
            &self.state(),
            act,
            by,
            moment,
            &mut scope,
        )?;
        self.apply(tx, room, actor, step, &act.form)
    }

    /// An agent takes it in hand: by the transition the workflow has for that, where it has one from
    /// here, and otherwise by name alone. Answers that transition's id.
    pub fn take_in_hand(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        by: workflow::Actor,
        actor: &Actor,
    ) -> Result<Option<String>, MoveError> {
        let scope = room.scope(self);
        let workflow = room.published.workflow();
        if let Some(transition) = workflow::taking(workflow, &self.state(), by.role(), &scope) {
            let act = Act::simply(&transition.id);
            self.take(tx, room, by, actor, &act)?;
            return Ok(Some(act.transition));
        }
        self.assign(tx, room, by, actor, by.account().map(Id))?;
        Ok(None)
    }

    /// The citizen answers a question: words, corrected answers, or both.
    pub fn answer(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        transition: &str,
        words: Option<&Body>,
        corrected: Option<&Corrected>,
    ) -> Result<(), MoveError> {
        if let Some(corrected) = corrected {
            self.correct(tx, room, corrected)?;
        }
        let words = words.map_or_else(|| "Réponses corrigées.".to_owned(), ToString::to_string);
        let form = Map::from_iter([("answer".to_owned(), Value::String(words))]);
        let act = Act {
            transition: transition.to_owned(),
            form,
        };
        self.take(tx, room, workflow::Actor::Citizen, &Actor::Citizen, &act)
    }

    /// Takes over corrected answers and what follows from them: who is reached where, and the fee.
    fn correct(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        corrected: &Corrected,
    ) -> Result<(), MoveError> {
        self.set_answers(corrected.answers());
        self.urgent = corrected.urgent();
        if let Some(applicant) = corrected.applicant() {
            self.name(applicant);
            self.file_again(tx)?;
        }
        if let Some(fee) = corrected.fee() {
            self.facts.0.charge(fee);
        }
        let (form, warnings) = (&room.published.procedure().form, corrected.warnings());
        self.facts.0.confirmed = Confirmed::of(form, warnings, &self.language);
        let fields = json!({ "fields": corrected.fields() });
        self.record(tx, &Actor::Citizen, Fact::public("corrected", fields))?;
        Ok(())
    }

    /// Gives it to an agent of its service, or to nobody.
    pub fn assign(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        by: workflow::Actor,
        actor: &Actor,
        to: Option<Id>,
    ) -> Result<(), MoveError> {
        let moment = room.moment(self, tx);
        let workflow = room.published.workflow();
        let step = workflow::assign(workflow, &self.state(), to.map(|id| id.0), by, moment)?;
        self.apply(tx, room, actor, step, &Map::new())
    }

    /// A head of the service puts it in a status, whatever the workflow says.
    pub fn force(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        by: workflow::Actor,
        actor: &Actor,
        status: &str,
        reason: &str,
    ) -> Result<(), MoveError> {
        let moment = room.moment(self, tx);
        let workflow = room.published.workflow();
        let step = workflow::force(workflow, &self.state(), status, reason, by, moment)?;
        self.apply(tx, room, actor, step, &Map::new())
    }

    pub(super) fn apply(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        actor: &Actor,
        step: Step,
        form: &Map<String, Value>,
    ) -> Result<(), MoveError> {
        self.enter(&step.state);
        if let Some(due) = room.deadline(self).due {
            self.due_on = due;
        }
        let shown = is_told(room, &step);
        let event = serde_json::to_value(&step.event).unwrap_or_default();
        let fact = if shown {
            Fact::public("step", event)
        } else {
            Fact::inside("step", event)
        };
        let answered_at = self.answered_at;
        self.record(tx, actor, fact)?;
        if takes_in_hand(room, &step) {
            // Nobody has reacted to what the citizen wrote yet.
            self.answered_at = answered_at;
        }
        let event = self.event_count;
        self.remember(room, &step, form);
        self.keep_words(tx, actor, form)?;
        for effect in step.effects {
            self.owe(tx, room, actor, effect, event, form)?;
        }
        self.save(tx)?;
        Ok(())
    }

    /// Keeps what the small form said for the mails and papers that follow, and what the citizen is
    /// asked; forgets the question when the status no longer asks.
    fn remember(&mut self, room: &Room, step: &Step, form: &Map<String, Value>) {
        let asks = room
            .published
            .workflow()
            .status(&self.status)
            .is_some_and(|status| status.asks_citizen);
        let facts = &mut self.facts.0;
        if !form.is_empty() {
            facts.form = Value::Object(form.clone());
        }
        let taken = match &step.event.what {
            Happened::Taken { transition, .. } => Some(transition),
            _ => None,
        };
        let told = step
            .effects
            .iter()
            .any(|e| matches!(e, Effect::Mail { .. }));
        if let Some(transition) = taken.filter(|_| told) {
            // A mail is tried for a day and a half; nobody takes so many steps in that time.
            let old = (facts.spoken.len() + 1).saturating_sub(SPOKEN);
            facts.spoken.drain(..old);
            facts.spoken.push(Spoken {
                event: self.event_count,
                transition: transition.clone(),
                form: Value::Object(form.clone()),
            });
        }
        facts.closed_by = taken.filter(|_| step.state.closed.is_some()).cloned();
        if asks {
            if let Some(question) = form.get("question").and_then(Value::as_str) {
                facts.question = Some(question.to_owned());
                facts.asked_at = Some(self.event_count);
            }
            facts.to_correct = form
                .get("fields")
                .and_then(|fields| serde_json::from_value(fields.clone()).ok())
                .unwrap_or_else(|| std::mem::take(&mut facts.to_correct));
        } else {
            facts.question = None;
            facts.asked_at = None;
            facts.to_correct = Vec::new();
        }
    }

    /// Words of a small form that are said to somebody join the conversation: a question and its
    /// answer between service and citizen, a note among agents.
    fn keep_words(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        form: &Map<String, Value>,
    ) -> Result<(), MoveError> {
        for (field, inside) in [("question", false), ("answer", false), ("note", true)] {
            let Some(text) = form.get(field).and_then(Value::as_str) else {
                continue;
            };
            if let Ok(words) = Body::parse(text) {
                message::keep(tx, self.id, actor, words, inside)?;
            }
        }
        Ok(())
    }

    fn owe(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        actor: &Actor,
        effect: Effect,
        event: i32,
        form: &Map<String, Value>,
    ) -> Result<(), MoveError> {
        match effect {
            Effect::Mail { template } => {
                let once = format!("{template}:{}:{event}", self.id);
                self.mail_of(tx, event, &template, Recipient::Citizen, once)?;
            }
            Effect::Notify { template } => {
                let once = format!("notify:{template}:{}:{event}", self.id);
                self.mail_of(tx, event, &template, Recipient::Service, once)?;
            }
            Effect::Issue(which) => self.issue(tx, room, actor, &which, form)?,
            Effect::Revoke => self.revoke_papers(tx, actor, "")?,
            Effect::Route { service } => {
                self.route(room, &service)?;
                self.file_again(tx)?;
            }
            Effect::StartTimers(timers) => self.start_timers(tx, &timers)?,
            Effect::CancelTimers => self.cancel_timers(tx)?,
            // These are in the state already.
            Effect::Assign { .. }
            | Effect::PauseDeadline
            | Effect::ResumeDeadline
            | Effect::Close(_)
            | Effect::Reopen => {}
        }
        Ok(())
    }

    fn issue(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        actor: &Actor,
        which: &Documents,
        form: &Map<String, Value>,
    ) -> Result<(), SaveError> {
        let by = match actor {
            Actor::Agent { name, .. } => Some(name.clone()),
            _ => None,
        };
        for template in &room.published.procedure().documents {
            if matches!(which, Documents::One(id) if *id != *template.id) {
                continue;
            }
            let title = template.title.get(&self.language).to_owned();
            let data = Doc(Value::Object(form.clone()));
            let paper =
                self.make_paper(tx, &room.site.key, &template.id, &title, data, by.clone())?;
            self.record(
                tx,
                actor,
                Fact::public("issued", json!({ "document": paper, "title": title })),
            )?;
        }
        Ok(())
    }

    /// A request may go to another service of its own house. From the commune to the CPAS the whole
    /// request goes and becomes social; from the CPAS nothing leaves this way.
    fn route(&mut self, room: &Room, service: &str) -> Result<(), MoveError> {
        let target = room.site.service(service).ok_or(MoveError::NoSuchService)?;
        let leaves_house = *target.authority != self.authority;
        if leaves_house && self.is_social() {
            return Err(MoveError::NoSuchService);
        }
        target.authority.as_str().clone_into(&mut self.authority);
        if room.site.is_social(service) {
            "social".clone_into(&mut self.secrecy);
        }
        Ok(())
    }
}

/// Whether that step only takes the request in hand.
fn takes_in_hand(room: &Room, step: &Step) -> bool {
    match &step.event.what {
        Happened::Taken { transition, .. } => room
            .published
            .workflow()
            .transition(transition)
            .is_some_and(|transition| transition.take),
        _ => false,
    }
}

/// The citizen reads of steps that were taken, into statuses that are not technical. Changes of
/// hands, reminders and the reason of a forced status stay inside.
fn is_told(room: &Room, step: &Step) -> bool {
    let visible = room
        .published
        .workflow()
        .status(&step.state.status)
        .is_some_and(|status| !status.hidden);
    visible
        && matches!(
            step.event.what,
            Happened::Submitted | Happened::Taken { .. }
        )
}
