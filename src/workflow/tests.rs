//! The workflows, people and moments the tests below speak of.

mod closing;
mod deadlines;
mod deciding;
mod forcing;
mod offering;
mod replaying;
mod timers;
mod walking;

use super::{Act, Actor, Effect, Moment, Refused, State, Step, initial, step};
use crate::calendar::{Calendar, Closures};
use crate::definition::{Scope, Workflow};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// A workflow like the one of documents: checked, perhaps asked about, issued or refused.
const DOCUMENT: &str = r"
id: document
title: Document
initial: received
statuses:
  - { id: received, citizen: Reçue, agent: À traiter }
  - { id: waiting, citizen: Nous attendons votre réponse, agent: Attente du citoyen, pauses_deadline: true, asks_citizen: true }
  - { id: waiting_proof, citizen: Il manque une preuve, agent: Attente d’une preuve, pauses_deadline: true, asks_citizen: true }
  - { id: issued, citizen: Document prêt, agent: Délivrée, final: granted }
  - { id: refused, citizen: Refusée, agent: Refusée, final: refused }
  - { id: withdrawn, citizen: Retirée, agent: Retirée, final: withdrawn }
  - { id: expired, citizen: Classée, agent: Sans suite, final: expired }
transitions:
  - id: refuse
    label: Refuser
    from: [received, waiting, waiting_proof]
    to: refused
    by: [agent]
    form: [{ id: reason, type: long_text, label: Motif }]
    do: [{ mail: refused }, { revoke: true }]
  - { id: issue, label: Délivrer, from: [received], to: issued, by: [agent], main: true, do: [{ issue: all }, { assign: true }, { mail: issued }] }
  - id: ask
    label: Demander une précision
    from: [received]
    to: waiting
    by: [agent]
    form: [{ id: question, type: long_text, label: Question }]
    do: [{ mail: question }]
  - { id: ask_proof, label: Demander une preuve, from: [waiting], to: waiting_proof, by: [agent], do: [{ mail: question }] }
  - { id: answer, label: Répondre, from: [waiting, waiting_proof], to: received, by: [citizen], do: [{ notify: answered }] }
  - { id: withdraw, label: Retirer ma demande, from: [received, waiting, waiting_proof], to: withdrawn, by: [citizen], do: [{ notify: withdrawn }, { mail: withdrawn }] }
  - { id: expire, label: Classer sans suite, from: [waiting, waiting_proof], to: expired, by: [system], do: [{ mail: refused }] }
  - id: hand_over
    label: Transmettre à un autre service
    from: [received]
    to: received
    by: [head]
    guard: form.service != request.service
    form: [{ id: service, type: choice, label: Service }]
    do: [{ notify: new_request }, { route: form.service }]
timers:
  - { id: remind, status: waiting, days: 10, unit: calendar, do: [{ mail: question }] }
  - { id: give_up, status: waiting, days: 20, unit: working, take: expire }
  - { id: give_up_proof, status: waiting_proof, days: 30, unit: calendar, take: expire, do: [{ notify: withdrawn }] }
";

/// A workflow like the simple one: taken in hand, then accepted, refused or finished.
const SIMPLE: &str = r"
id: simple
title: Simple
initial: new
statuses:
  - { id: new, citizen: Reçue, agent: Nouvelle }
  - { id: handled, citizen: En cours, agent: En cours }
  - { id: done, citizen: Traitée, agent: Terminée, final: granted }
  - { id: refused, citizen: Refusée, agent: Refusée, final: refused }
transitions:
  - { id: start, label: Prendre en charge, from: [new], to: handled, by: [agent], main: true, bulk: true, take: true }
  - { id: release, label: Remettre dans la file, from: [handled], to: new, by: [agent], do: [{ assign: false }] }
  - { id: finish, label: Terminer, from: [handled], to: done, by: [agent, system], main: true, do: [{ mail: decided }] }
  - id: refuse
    label: Refuser
    from: [new, handled]
    to: refused
    by: [head]
    guard: request.fee == 0
    form:
      - { id: why, type: choice, label: Motif, options: [{ id: late, label: Tardive }, { id: other, label: Autre }] }
      - { id: words, type: text, label: Précisez, when: form.why == 'other' }
    do: [{ mail: refused }]
timers:
  - { id: overdue, status: new, days: 2, unit: working, do: [{ notify: new_request }] }
";

const ANNE: Actor = Actor::Agent {
    id: Uuid::from_u128(1),
};
const HEAD: Actor = Actor::Head {
    id: Uuid::from_u128(2),
};

fn workflow(yaml: &str) -> Workflow {
    serde_saphyr::from_str(yaml).expect("a workflow")
}

/// A house that closes on Monday 2 November 2026.
fn house() -> Calendar {
    let mut closures = Closures::default();
    closures
        .close("2026-11-02".parse().unwrap(), "Jour des morts")
        .unwrap();
    Calendar::new(closures)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// The names of a request of the service Population that costs nothing.
fn scope() -> Scope {
    let calendar = Arc::new(Calendar::legal());
    Scope::new("2026-11-23".parse().unwrap(), &calendar)
        .with("request", json!({ "service": "population", "fee": 0 }))
}

/// One request, followed through its workflow.
struct Followed {
    workflow: Workflow,
    calendar: Calendar,
    now: DateTime<Utc>,
    state: State,
    effects: Vec<Effect>,
}

impl Followed {
    /// Submitted on Friday 23 October 2026 at 10:00 in Belgium.
    fn submitted(yaml: &str) -> Self {
        let workflow = workflow(yaml);
        let calendar = house();
        let now = at("2026-10-23T08:00:00Z");
        let moment = Moment {
            now,
            calendar: &calendar,
        };
        let Step { state, effects, .. } = initial(&workflow, "population", moment).unwrap();
        Self {
            workflow,
            calendar,
            now,
            state,
            effects,
        }
    }

    fn moment(&self) -> Moment<'_> {
        Moment {
            now: self.now,
            calendar: &self.calendar,
        }
    }

    fn on(&mut self, moment: &str) -> &mut Self {
        self.now = at(moment);
        self
    }

    fn attempt(&self, actor: Actor, transition: &str, form: Value) -> Result<Step, Refused> {
        let Value::Object(form) = form else {
            panic!("a form is an object");
        };
        let act = Act {
            transition: transition.to_owned(),
            form,
        };
        step(
            &self.workflow,
            &self.state,
            &act,
            actor,
            self.moment(),
            &mut scope(),
        )
    }

    /// Takes it and stands where it leads.
    fn take(&mut self, actor: Actor, transition: &str, form: Value) -> Step {
        let step = self
            .attempt(actor, transition, form)
            .expect("the step is allowed");
        self.state = step.state.clone();
        self.effects.clone_from(&step.effects);
        step
    }

    fn refused(&self, actor: Actor, transition: &str, form: Value) -> Refused {
        self.attempt(actor, transition, form)
            .expect_err("the step is refused")
    }
}
