//! Random walks: people who take, forget, withdraw, force and come back, in any order and at any hour,
//! through our workflows and through those that are shipped.

use super::*;
use crate::definition::workflow::{Role, Transition};
use crate::definition::{Field, FieldType};
use crate::workflow::{Event, Fired, Refused, TimerDue, assign, fire, force, offered, replay};
use chrono::Duration;
use proptest::prelude::*;

/// What somebody tries. Numbers choose among what there is.
#[derive(Clone, Debug)]
enum Try {
    Take { way: usize, actor: u8, filled: bool },
    Ring { timer: usize },
    RingAgain { timer: usize },
    Force { status: usize, actor: u8 },
    Assign { actor: u8, agent: Option<u128> },
}

fn tries() -> impl Strategy<Value = Vec<(u16, Try)>> {
    let one = prop_oneof![
        8 => (any::<usize>(), 0..4_u8, proptest::bool::weighted(0.8))
            .prop_map(|(way, actor, filled)| Try::Take { way, actor, filled }),
        2 => any::<usize>().prop_map(|timer| Try::Ring { timer }),
        1 => any::<usize>().prop_map(|timer| Try::RingAgain { timer }),
        1 => (any::<usize>(), 0..4_u8).prop_map(|(status, actor)| Try::Force { status, actor }),
        1 => (0..4_u8, proptest::option::of(1..5_u128))
            .prop_map(|(actor, agent)| Try::Assign { actor, agent }),
    ];
    proptest::collection::vec((0..300_u16, one), 1..40)
}

fn actor(number: u8) -> Actor {
    [Actor::Citizen, ANNE, HEAD, Actor::System][usize::from(number) % 4]
}

/// Our two, and every one that is shipped.
fn all() -> Vec<Workflow> {
    let mut all = vec![workflow(DOCUMENT), workflow(SIMPLE)];
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("forms/shared/workflows");
    for file in std::fs::read_dir(shipped).into_iter().flatten() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|end| end == "yaml") {
            all.push(workflow(&std::fs::read_to_string(path).unwrap()));
        }
    }
    all
}

fn filled_in(transition: &Transition) -> Value {
    let answer = |field: &Field| match field.field_type() {
        FieldType::Choice => field
            .options
            .first()
            .map_or(json!("travaux"), |option| json!(option.id.as_str())),
        FieldType::Choices | FieldType::Files | FieldType::Group => json!(["travaux"]),
        FieldType::YesNo | FieldType::Declaration => json!(true),
        FieldType::Integer | FieldType::Money | FieldType::Decimal => json!(12),
        FieldType::Date => json!("2026-12-24"),
        _ => json!("travaux"),
    };
    transition
        .form
        .iter()
        .map(|field| (field.id.to_string(), answer(field)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// A request on its way, with everything that was written about it.
struct Walk {
    request: Followed,
    events: Vec<Event>,
    /// The timers that the effects left waiting, as the table of jobs would.
    waiting: Vec<TimerDue>,
    /// Every timer that ever started.
    started: Vec<TimerDue>,
    paused: bool,
    closed: bool,
}

impl Walk {
    fn begin(workflow: Workflow) -> Self {
        let calendar = house();
        let now = at("2026-10-23T08:00:00Z");
        let moment = Moment {
            now,
            calendar: &calendar,
        };
        let first = initial(&workflow, "population", moment).unwrap();
        let mut walk = Self {
            request: Followed {
                state: first.state.clone(),
                effects: Vec::new(),
                workflow,
                calendar,
                now,
            },
            events: Vec::new(),
            waiting: Vec::new(),
            started: Vec::new(),
            paused: false,
            closed: false,
        };
        walk.write(first);
        walk
    }

    /// What the transaction would write.
    fn write(&mut self, step: Step) {
        for effect in &step.effects {
            match effect {
                Effect::StartTimers(due) => {
                    self.waiting.extend(due.iter().cloned());
                    self.started.extend(due.iter().cloned());
                }
                Effect::CancelTimers => self.waiting.clear(),
                Effect::PauseDeadline => {
                    assert!(!self.paused, "a pause starts only when none runs");
                    self.paused = true;
                }
                Effect::ResumeDeadline => {
                    assert!(self.paused, "only what stands still resumes");
                    self.paused = false;
                }
                Effect::Close(_) => {
                    assert!(!self.closed, "a request closes once");
                    self.closed = true;
                }
                Effect::Reopen => {
                    assert!(self.closed, "only what is closed reopens");
                    self.closed = false;
                }
                _ => {}
            }
        }
        let before = self.events.last().map(|event| event.to.clone());
        assert_eq!(step.event.from, before, "the chain has no gap");
        self.request.state = step.state;
        self.events.push(step.event);
    }

    fn attempt(&mut self, attempt: &Try) -> Result<(), Refused> {
        let request = &self.request;
        let (workflow, state, moment) = (&request.workflow, &request.state, request.moment());
        let was_closed = state.closed.is_some();
        let step = match attempt {
            Try::Take {
                way,
                actor: who,
                filled,
            } => {
                let transition = &workflow.transitions[way % workflow.transitions.len()];
                let form = if *filled {
                    filled_in(transition)
                } else {
                    json!({})
                };
                request.attempt(actor(*who), &transition.id, form)?
            }
            Try::Ring { timer } => {
                if self.waiting.is_empty() {
                    return Ok(());
                }
                let due = self.waiting.remove(timer % self.waiting.len());
                self.request.now = self.request.now.max(due.due_at);
                let fired = self.rings(&due);
                assert_ne!(
                    fired,
                    Fired::Stale,
                    "what leaves a status cancels its timers"
                );
                match fired {
                    Fired::Acted(step) => *step,
                    Fired::Refused(refused) => return Err(refused),
                    Fired::Stale => return Ok(()),
                }
            }
            Try::RingAgain { timer } => {
                if !self.started.is_empty() {
                    let due = &self.started[timer % self.started.len()];
                    if due.since != state.entered_at {
                        assert_eq!(self.rings(due), Fired::Stale);
                    }
                }
                return Ok(());
            }
            Try::Force { status, actor: who } => {
                let status = &workflow.statuses[status % workflow.statuses.len()].id;
                let step = force(workflow, state, status, "Essai", actor(*who), moment)?;
                self.write(step);
                return Ok(());
            }
            Try::Assign { actor: who, agent } => {
                let agent = agent.map(Uuid::from_u128);
                assign(workflow, state, agent, actor(*who), moment)?
            }
        };
        assert!(!was_closed, "nothing but force leaves a final status");
        self.write(step);
        Ok(())
    }

    fn rings(&self, due: &TimerDue) -> Fired {
        let request = &self.request;
        fire(
            &request.workflow,
            &request.state,
            due,
            request.moment(),
            &mut scope(),
        )
    }

    fn holds(&self) {
        let (workflow, state) = (&self.request.workflow, &self.request.state);
        let status = workflow.status(&state.status).expect("the status is known");
        assert_eq!(
            replay(workflow, &self.events).as_ref(),
            Ok(state),
            "the events explain the state"
        );
        assert_eq!(state.closed.map(|closed| closed.outcome), status.outcome);
        assert_eq!(self.closed, state.closed.is_some());
        assert_eq!(self.paused, state.is_paused());
        assert_eq!(
            state.is_paused(),
            status.pauses_deadline && status.outcome.is_none()
        );
        let mut last = state.submitted_on();
        for (number, pause) in state.pauses.iter().enumerate() {
            assert!(pause.from >= last, "pauses follow one another");
            match pause.to {
                Some(to) => {
                    assert!(to >= pause.from);
                    last = to;
                }
                None => assert_eq!(number + 1, state.pauses.len(), "only the last is open"),
            }
        }
        let roles = [Role::Citizen, Role::Agent, Role::Head, Role::System];
        let somebody = roles
            .into_iter()
            .any(|role| !offered(workflow, state, role, &scope()).is_empty());
        assert_eq!(
            somebody || !self.waiting.is_empty(),
            state.closed.is_none(),
            "an open request has a way on, a closed one has none"
        );
    }
}

#[test]
fn the_shipped_workflows_are_walked_too() {
    let ids: Vec<String> = all().iter().map(|one| one.id.to_string()).collect();
    assert_eq!(ids[..2], ["document", "simple"]);
    assert!(ids[2..].contains(&"document".to_owned()), "{ids:?}");
    assert!(ids[2..].contains(&"simple".to_owned()), "{ids:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_a_request_is_never_lost(tries in tries()) {
        for workflow in all() {
            let mut walk = Walk::begin(workflow);
            walk.holds();
            for (hours, attempt) in &tries {
                walk.request.now += Duration::hours(i64::from(*hours));
                let before = walk.request.state.clone();
                let written = walk.events.len();
                if walk.attempt(attempt).is_err() {
                    prop_assert_eq!(&walk.request.state, &before);
                    prop_assert_eq!(walk.events.len(), written);
                }
                walk.holds();
            }
        }
    }

    #[test]
    fn whatever_is_offered_can_be_taken_once_its_form_is_filled_in(choices in proptest::collection::vec((any::<usize>(), 0..4_u8), 1..20)) {
        for workflow in all() {
            let mut walk = Walk::begin(workflow);
            for (way, who) in &choices {
                let actor = actor(*who);
                let ways = offered(&walk.request.workflow, &walk.request.state, actor.role(), &scope());
                let Some(transition) = ways.get(way % ways.len().max(1)) else { continue };
                let id = transition.id.to_string();
                let form = filled_in(transition);
                match walk.request.attempt(actor, &id, form) {
                    Ok(step) => walk.write(step),
                    // Only what the small form itself decides may still be refused.
                    Err(refused) => prop_assert!(matches!(refused, Refused::GuardFailed { .. }) , "{refused:?}"),
                }
            }
        }
    }
}
