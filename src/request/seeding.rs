//! Sowing: many fictitious requests at once, for trials at scale. A request that was sown has gone the
//! way its workflow foresees, event after event in an unbroken chain, so that nothing that reads it
//! can tell it from a real one; but nothing is owed for it, no mail, no paper, no timer of the past.
//!
//! No page and no job comes here: only the `seed` command and the benches.

use super::{Facts, Request, search};
use crate::audit::{Actor, Event};
use crate::calendar::Calendar;
use crate::db::schema::{events, requests};
use crate::db::{At, Doc, Id, Stored, Tx};
use crate::definition::Workflow;
use crate::definition::library::Definition;
use crate::definition::workflow::{Action, Outcome, Role, Transition};
use crate::form::Answers;
use crate::on_backend;
use crate::secret::{Key, Purpose};
use crate::site::shelf::Published;
use crate::workflow::{self, Assignment, Happened};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;

/// Longest history sown, in transitions.
const LONGEST: usize = 4;

/// What a request is sown from: a procedure, one way to fill it in, and what follows from it.
pub struct Seed<'a> {
    pub published: &'a Published,
    pub site: &'a crate::definition::Site,
    pub service: &'a str,
    pub because: &'a str,
    pub fee: &'a [(String, i64)],
    pub urgent: bool,
    pub calendar: &'a Calendar,
}

/// Who asks, and what they answered.
pub struct Sower {
    pub name: String,
    pub email: Option<String>,
    pub answers: Value,
}

/// Somebody of the service, or who stands for one.
#[derive(Clone, Debug)]
pub struct Hand {
    pub id: Id,
    pub name: String,
}

/// One way through a workflow: transitions in order, and where they lead.
pub struct Way<'w> {
    steps: Vec<&'w Transition>,
    /// None while the request is open.
    pub outcome: Option<Outcome>,
}

/// A request and its history, ready to be inserted.
pub struct Sown {
    pub request: Request,
    pub events: Vec<Event>,
}

/// Every way through a workflow up to [`LONGEST`] transitions that goes nowhere twice, the empty one
/// first.
pub fn ways(workflow: &Workflow) -> Vec<Way<'_>> {
    let mut ways = Vec::new();
    let mut open: Vec<(Vec<&Transition>, &str)> = vec![(Vec::new(), &workflow.initial)];
    while let Some((steps, status)) = open.pop() {
        let outcome = workflow.status(status).and_then(|status| status.outcome);
        if outcome.is_none() && steps.len() < LONGEST {
            let onwards = workflow.transitions.iter().filter(|transition| {
                let visited = steps.iter().any(|step| *step.to == *transition.to);
                let leaves = transition.from.iter().any(|from| **from == *status);
                leaves && !visited && *transition.to != *workflow.initial && !is_routed(transition)
            });
            for transition in onwards {
                let mut further = steps.clone();
                further.push(transition);
                open.push((further, &transition.to));
            }
        }
        ways.push(Way { steps, outcome });
    }
    ways.sort_by_key(|way| way.steps.len());
    ways
}

/// Which service it would go to is an agent's word, not chance's.
fn is_routed(transition: &Transition) -> bool {
    transition
        .actions
        .iter()
        .any(|action| matches!(action, Action::Route(_)))
}

impl Way<'_> {
    /// How many moments [`Seed::sow`] needs: the submission and each transition.
    pub fn moments(&self) -> usize {
        self.steps.len() + 1
    }
}

impl Seed<'_> {
    /// Makes the request: submitted at the first of `moments`, moved on at the others, in the hands of
    /// `hand`. `random` is spent on its names. None when the workflow does not lead this way.
    pub fn sow(
        &self,
        way: &Way<'_>,
        moments: &[DateTime<Utc>],
        hand: &Hand,
        sower: Sower,
        key: &Key,
        mut random: impl FnMut() -> u64,
    ) -> Option<Sown> {
        let definition = &self.published.definition;
        let id = id_at(*moments.first()?, &mut random);
        let steps = self.steps(way, moments, hand);
        let state = workflow::replay(&definition.workflow, &steps).ok()?;
        let last = *moments.last()?;
        let mut request = self.row(id, moments[0], sower, key, &mut random);
        request.enter(&state);
        request.updated_at = At::new(last);
        request.due_on = self.due(&state, last);
        let mut rows: Vec<Event> = Vec::with_capacity(steps.len());
        for step in &steps {
            let prev_hash = rows.last().map(|row| row.hash.clone()).unwrap_or_default();
            let mut row = event_row(definition, step, hand);
            row.id = id_at(step.at, &mut random);
            row.request_id = id;
            row.seq = i32::try_from(rows.len() + 1).unwrap_or(i32::MAX);
            row.prev_hash = prev_hash;
            row.hash = row.computed_hash();
            rows.push(row);
        }
        let end = rows.last()?;
        request.event_count = end.seq;
        request.head_hash.clone_from(&end.hash);
        Some(Sown {
            request,
            events: rows,
        })
    }

    fn due(&self, state: &workflow::State, now: DateTime<Utc>) -> NaiveDate {
        let deadline = &self.published.procedure().deadline;
        workflow::deadline(deadline, state, self.calendar, now)
            .due
            .unwrap_or_else(|| workflow::due(deadline, state.submitted_on(), self.calendar))
    }

    fn steps(&self, way: &Way<'_>, moments: &[DateTime<Utc>], hand: &Hand) -> Vec<workflow::Event> {
        let workflow = &self.published.definition.workflow;
        let mut status = workflow.initial.to_string();
        let mut taken = false;
        let mut steps = vec![workflow::Event {
            at: moments.first().copied().unwrap_or_default(),
            by: workflow::Actor::Citizen,
            what: Happened::Submitted,
            from: None,
            to: status.clone(),
            service: Some(self.service.to_owned()),
            assignee: None,
        }];
        for (transition, at) in way.steps.iter().zip(moments.iter().skip(1)) {
            let (by, timer) = self.actor(transition, &status, hand);
            let assignee =
                (!taken && by.account().is_some()).then_some(Assignment::Agent(hand.id.0));
            taken |= assignee.is_some();
            steps.push(workflow::Event {
                at: *at,
                by,
                what: Happened::Taken {
                    transition: transition.id.to_string(),
                    timer,
                },
                from: Some(std::mem::replace(&mut status, transition.to.to_string())),
                to: status.clone(),
                service: None,
                assignee,
            });
        }
        steps
    }

    /// Who takes a transition: an agent when one may, and the timer when nobody else does.
    fn actor(
        &self,
        transition: &Transition,
        status: &str,
        hand: &Hand,
    ) -> (workflow::Actor, Option<String>) {
        let id = hand.id.0;
        let may = |role| transition.by.contains(&role);
        if may(Role::Agent) {
            (workflow::Actor::Agent { id }, None)
        } else if may(Role::Head) {
            (workflow::Actor::Head { id }, None)
        } else if may(Role::Citizen) {
            (workflow::Actor::Citizen, None)
        } else {
            let timers = &self.published.definition.workflow.timers;
            let timer = timers.iter().find(|timer| {
                *timer.status == *status
                    && timer
                        .take
                        .as_ref()
                        .is_some_and(|take| **take == *transition.id)
            });
            (
                workflow::Actor::System,
                timer.map(|timer| timer.id.to_string()),
            )
        }
    }

    fn row(
        &self,
        id: Id,
        submitted: DateTime<Utc>,
        sower: Sower,
        key: &Key,
        random: &mut impl FnMut() -> u64,
    ) -> Request {
        let procedure = self.published.procedure();
        let authority = self.site.authority_of(self.service);
        let definition = &self.published.definition;
        let social = definition.is_social_at(self.site, self.service);
        let facts = Facts {
            because: self.because.to_owned(),
            fee: self.fee.to_vec(),
            total: self.fee.iter().map(|(_, cents)| cents).sum(),
            ..Facts::default()
        };
        let kind = serde_json::to_value(procedure.kind);
        let mut bytes = [0; 32];
        for (place, word) in bytes.chunks_mut(8).zip(std::iter::repeat_with(random)) {
            place.copy_from_slice(&word.to_be_bytes());
        }
        Request {
            id,
            reference: crate::secret::reference(&bytes),
            code_hash: key.code(Purpose::Tracking, id).hash(),
            procedure_id: procedure.id.to_string(),
            version_id: self.published.version,
            title: procedure.title.to_string(),
            kind: kind
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            authority: authority
                .map(|house| house.id.to_string())
                .unwrap_or_default(),
            service: self.service.to_owned(),
            secrecy: if social { "social" } else { "open" }.to_owned(),
            language: "fr".to_owned(),
            status: String::new(),
            status_at: At::new(submitted),
            assignee: None,
            applicant: sower.name,
            email: sower.email,
            phone: None,
            answers: Stored(Answers::from_json(sower.answers).unwrap_or_default()),
            facts: Stored(facts),
            submitted_at: At::new(submitted),
            updated_at: At::new(submitted),
            due_on: NaiveDate::default(),
            paused_since: None,
            pauses: Stored(Vec::new()),
            closed_at: None,
            outcome: None,
            event_count: 0,
            head_hash: String::new(),
            sealed_count: 0,
            revision: 0,
            answered_at: None,
            urgent: self.urgent,
        }
    }
}

fn event_row(definition: &Definition, step: &workflow::Event, hand: &Hand) -> Event {
    let actor = match step.by {
        workflow::Actor::Citizen => Actor::Citizen,
        workflow::Actor::System => Actor::System,
        workflow::Actor::Agent { .. } | workflow::Actor::Head { .. } => Actor::Agent {
            id: hand.id,
            name: hand.name.clone(),
        },
    };
    let (actor_id, actor_name) = match &actor {
        Actor::Agent { id, name } => (Some(*id), Some(name.clone())),
        _ => (None, None),
    };
    let status = definition.workflow.status(&step.to);
    Event {
        id: hand.id,
        request_id: hand.id,
        seq: 0,
        at: At::new(step.at),
        actor: actor.word().to_owned(),
        actor_id,
        actor_name,
        kind: "step".to_owned(),
        data: Doc::of(step),
        public: status.is_some_and(|status| !status.hidden),
        prev_hash: String::new(),
        hash: String::new(),
    }
}

/// An identity of that moment, so that ids sort as the facts are said to have happened.
fn id_at(moment: DateTime<Utc>, random: &mut impl FnMut() -> u64) -> Id {
    let millis = u64::try_from(moment.timestamp_millis()).unwrap_or_default();
    let mut chance = [0; 10];
    chance[..8].copy_from_slice(&random().to_be_bytes());
    chance[8..].copy_from_slice(&random().to_be_bytes()[..2]);
    Id(uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid())
}

/// Inserts what was sown, and seals the chains with it. A reference that somebody has already is left
/// out with its request; answers how many were inserted.
pub fn insert(tx: &mut Tx, sown: &[Sown]) -> QueryResult<usize> {
    let references: Vec<&str> = sown
        .iter()
        .map(|one| one.request.reference.as_str())
        .collect();
    let mut taken: Vec<String> = requests::table
        .filter(requests::reference.eq_any(&references))
        .select(requests::reference)
        .load(tx.conn())?;
    let mut rows = Vec::with_capacity(sown.len());
    let mut trail = Vec::with_capacity(sown.len() * 3);
    for one in sown {
        if taken.contains(&one.request.reference) {
            continue;
        }
        taken.push(one.request.reference.clone());
        rows.push(Request {
            sealed_count: one.request.event_count,
            ..one.request.clone()
        });
        trail.extend_from_slice(&one.events);
    }
    // PostgreSQL takes at most 65 535 values in one statement.
    for part in rows.chunks(500) {
        on_backend!(tx.conn(), |c| diesel::insert_into(requests::table)
            .values(part)
            .execute(c))?;
    }
    for part in trail.chunks(1_000) {
        on_backend!(tx.conn(), |c| diesel::insert_into(events::table)
            .values(part)
            .execute(c))?;
    }
    let keys: Vec<_> = rows.iter().flat_map(search::keys).collect();
    search::file(tx, &keys)?;
    let heads = rows
        .iter()
        .map(|row| (row.id, row.event_count, row.head_hash.clone()))
        .collect();
    crate::audit::seal::set(tx, heads)?;
    Ok(rows.len())
}
