//! Moving a request on: an agent or the citizen takes a transition, a timer rings, a request changes
//! hands. `workflow::step` decides; one transaction writes the state, the event and everything owed.

use super::message::{self, Body, WriteError};
use super::{Request, SaveError};
use crate::audit::{Actor, Fact};
use crate::calendar::DeadlineState;
use crate::db::schema::timers;
use crate::db::{At, Conn, Doc, Id, Tx};
use crate::definition::field::Choice;
use crate::definition::load::SERVICES;
use crate::definition::workflow::Transition;
use crate::definition::{Field, FieldType, Located, Scope, Text};
use crate::form::{self, Answers, Context};
use crate::job::{self, Job, Recipient};
use crate::site::Site;
use crate::site::shelf::Published;
use crate::workflow::{
    self, Act, Documents, Effect, Fired, Happened, Moment, Refused, Step, TimerDue,
};
use diesel::prelude::*;
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

/// A timer as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = timers)]
struct TimerRow {
    id: Id,
    request_id: Id,
    timer: String,
    status: String,
    /// The entry into that status: the timer is stale once the request has left it.
    since: At,
    due_at: At,
    done_at: Option<At>,
}

/// Where a request is moved: its site and the version it is pinned to.
pub struct Room<'a> {
    pub site: &'a Site,
    pub published: &'a Published,
}

impl Room<'_> {
    /// What expressions read of this request.
    pub fn scope(&self, request: &Request) -> Scope {
        let answers = request.answers();
        let context = self.context(request);
        let mut scope =
            form::Journey::submitted(self.published.procedure(), &answers, &context).into_scope();
        scope.set(
            "request",
            &json!({
                "reference": request.shown_reference(),
                "service": request.service,
                "fee": request.facts().total,
                "submitted": crate::belgium::brussels_date(request.submitted_at.0).to_string(),
            }),
        );
        scope
    }

    /// The day and place this request's forms are answered against.
    pub fn context(&self, request: &Request) -> Context {
        let calendar = self.site.calendar(&request.authority);
        Context::new(
            self.published.procedure(),
            &self.site.file,
            self.site.today(),
            calendar.clone(),
        )
    }

    /// Where the deadline stands.
    pub fn deadline(&self, request: &Request) -> DeadlineState {
        workflow::deadline(
            &self.published.procedure().deadline,
            &request.state(),
            self.site.calendar(&request.authority),
            self.site.db.clock().now(),
        )
    }

    /// The small form of a transition, as it is asked for this request: the services it may go to, and
    /// the questions the citizen may be asked to correct, are put in here.
    pub fn small_form(&self, request: &Request, transition: &Transition) -> Vec<Field> {
        let mut fields = transition.form.clone();
        for field in &mut fields {
            if field.from.as_ref().is_some_and(|from| **from == SERVICES) {
                field.options = self.services(request);
            }
        }
        if transition.asks_fields {
            fields.push(self.correctable(request));
        }
        fields
    }

    fn services(&self, request: &Request) -> Vec<Choice> {
        let site = &self.site.file;
        site.services
            .iter()
            .filter(|service| {
                *service.authority == request.authority && *service.id != request.service
            })
            .map(|service| choice(&service.id, &service.name))
            .collect()
    }

    fn correctable(&self, request: &Request) -> Field {
        let journey = form::Journey::submitted(
            self.published.procedure(),
            &request.answers(),
            &self.context(request),
        );
        let questions = journey
            .asked()
            .map(form::Asked::field)
            .filter(|field| field.is_question());
        Field {
            id: Located::nowhere("fields".to_owned()),
            kind: Some(FieldType::Choices),
            label: Text::from("Réponses que le citoyen peut corriger"),
            hint: Text::from(
                "Cochez celles qui posent problème. Il peut toujours répondre par écrit.",
            ),
            optional: true,
            options: questions
                .map(|field| choice(&field.id, field.label.get(&request.language)))
                .collect(),
            ..Field::default()
        }
    }

    fn moment(&self, request: &Request, tx: &Tx) -> Moment<'_> {
        Moment {
            now: tx.now().0,
            calendar: self.site.calendar(&request.authority),
        }
    }
}

fn choice(id: &str, label: &str) -> Choice {
    Choice {
        id: Located::nowhere(id.to_owned()),
        label: Text::from(label),
        ..Choice::default()
    }
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

    /// The citizen answers a question: words, corrected answers, or both.
    pub fn answer(
        &mut self,
        tx: &mut Tx,
        room: &Room,
        transition: &str,
        words: Option<Body>,
        corrected: Option<(Answers, Vec<String>)>,
    ) -> Result<(), MoveError> {
        if let Some((answers, fields)) = corrected {
            self.set_answers(&answers);
            self.record(
                tx,
                &Actor::Citizen,
                Fact::public("corrected", json!({ "fields": fields })),
            )?;
        }
        let words = words.map_or_else(
            || "Réponses corrigées.".to_owned(),
            |words| words.to_string(),
        );
        let form = Map::from_iter([("answer".to_owned(), Value::String(words))]);
        let act = Act {
            transition: transition.to_owned(),
            form,
        };
        self.take(tx, room, workflow::Actor::Citizen, &Actor::Citizen, &act)
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

    /// A timer of this request rings.
    pub fn ring(&mut self, tx: &mut Tx, room: &Room, timer: Id) -> Result<(), MoveError> {
        let row: Option<TimerRow> = timers::table
            .find(timer)
            .filter(timers::done_at.is_null())
            .select(TimerRow::as_select())
            .first(tx.conn())
            .optional()?;
        let Some(row) = row else { return Ok(()) };
        diesel::update(timers::table.find(timer))
            .set(timers::done_at.eq(Some(tx.now())))
            .execute(tx.conn())?;
        let due = TimerDue {
            timer: row.timer,
            since: row.since.0,
            due_at: row.due_at.0,
        };
        let mut scope = room.scope(self);
        let moment = room.moment(self, tx);
        match workflow::fire(
            room.published.workflow(),
            &self.state(),
            &due,
            moment,
            &mut scope,
        ) {
            Fired::Acted(step) => self.apply(tx, room, &Actor::System, *step, &Map::new()),
            Fired::Stale => Ok(()),
            Fired::Refused(refused) => {
                tracing::warn!(request = %self.id, timer = due.timer, %refused, "a timer was not followed");
                Ok(())
            }
        }
    }

    /// Notes that an agent opened this request, when it is social: the citizen can see who did. Once
    /// per agent and hour is enough to say so.
    pub fn note_reading(&mut self, tx: &mut Tx, actor: &Actor) -> Result<(), SaveError> {
        self.record(tx, actor, Fact::inside("read", json!({})))?;
        self.save(tx)
    }

    fn apply(
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
        self.record(tx, actor, fact)?;
        self.remember(room, form);
        self.keep_words(tx, actor, form)?;
        for effect in step.effects {
            self.owe(tx, room, actor, effect, form)?;
        }
        self.save(tx)?;
        Ok(())
    }

    /// Keeps what the small form said for the mails and papers that follow, and what the citizen is
    /// asked; forgets the question when the status no longer asks.
    fn remember(&mut self, room: &Room, form: &Map<String, Value>) {
        let asks = room
            .published
            .workflow()
            .status(&self.status)
            .is_some_and(|status| status.asks_citizen);
        let mut facts = self.facts();
        if !form.is_empty() {
            facts.form = Value::Object(form.clone());
        }
        if asks {
            if let Some(question) = form.get("question").and_then(Value::as_str) {
                facts.question = Some(question.to_owned());
            }
            facts.to_correct = form
                .get("fields")
                .and_then(|fields| serde_json::from_value(fields.clone()).ok())
                .unwrap_or(facts.to_correct);
        } else {
            facts.question = None;
            facts.to_correct = Vec::new();
        }
        self.set_facts(&facts);
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
        form: &Map<String, Value>,
    ) -> Result<(), MoveError> {
        match effect {
            Effect::Mail { template } => {
                let once = format!("{template}:{}:{}", self.id, self.event_count);
                self.mail(tx, &template, Recipient::Citizen, once)?;
            }
            Effect::Notify { template } => {
                let once = format!("notify:{template}:{}:{}", self.id, self.event_count);
                self.mail(tx, &template, Recipient::Service, once)?;
            }
            Effect::Issue(which) => self.issue(tx, room, actor, &which, form)?,
            Effect::Revoke => self.revoke_papers(tx, actor, "")?,
            Effect::Route { service } => self.route(room, &service)?,
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
    ) -> QueryResult<()> {
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

    pub(super) fn start_timers(&self, tx: &mut Tx, due: &[TimerDue]) -> QueryResult<()> {
        for timer in due {
            let row = TimerRow {
                id: tx.new_id(),
                request_id: self.id,
                timer: timer.timer.clone(),
                status: self.status.clone(),
                since: At::new(timer.since),
                due_at: At::new(timer.due_at),
                done_at: None,
            };
            diesel::insert_into(timers::table)
                .values(&row)
                .execute(tx.conn())?;
        }
        Ok(())
    }

    fn cancel_timers(&self, tx: &mut Tx) -> QueryResult<()> {
        let waiting = timers::table
            .filter(timers::request_id.eq(self.id))
            .filter(timers::done_at.is_null());
        diesel::update(waiting)
            .set(timers::done_at.eq(Some(tx.now())))
            .execute(tx.conn())?;
        Ok(())
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

/// Timers that are due, each made a job once. One query on an index.
pub fn ring_due(tx: &mut Tx, most: i64) -> QueryResult<usize> {
    let due: Vec<Id> = timers::table
        .filter(timers::done_at.is_null())
        .filter(timers::due_at.le(tx.now()))
        .order(timers::due_at.asc())
        .limit(most)
        .select(timers::id)
        .load(tx.conn())?;
    let now = tx.now();
    for timer in &due {
        let once = Some(format!("fire:{timer}"));
        job::enqueue(
            tx,
            &Job::Fire { timer: *timer },
            &job::Origin::default(),
            now,
            once,
        )?;
    }
    Ok(due.len())
}

/// The request a timer belongs to.
pub fn timer_request(conn: &mut Conn, timer: Id) -> QueryResult<Option<Id>> {
    timers::table
        .find(timer)
        .select(timers::request_id)
        .first(conn)
        .optional()
}
