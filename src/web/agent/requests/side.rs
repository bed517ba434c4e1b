//! The side of the page: what can be done, who has it, by when, why here.

use super::super::Agent;
use super::super::deadline::{self, Badge};
use super::super::queue::{heading, queue_url, rows, service_name};
use super::page::Around;
use super::{Opened, timeline, url};
use crate::belgium::french::short_date;
use crate::belgium::{Cents, brussels_date};
use crate::db::Id;
use crate::definition::workflow::{Outcome, Role, Transition};
use crate::identity;
use crate::workflow::offered;
use chrono::NaiveDate;
use serde::Serialize;

/// Something this agent may do now.
#[derive(Serialize)]
pub struct Move {
    label: String,
    url: String,
    tone: &'static str,
    /// It asks nothing: one press does it.
    direct: bool,
    /// It takes the request in hand, for the key A.
    takes: bool,
    key: String,
}

/// The requests before and after this one in its queue.
#[derive(Serialize)]
pub struct Position {
    previous_url: Option<String>,
    next_url: Option<String>,
}

/// By when.
#[derive(Serialize)]
pub struct DeadlineBox {
    #[serde(flatten)]
    badge: Badge,
    due_on: Option<NaiveDate>,
    kind: &'static str,
    paused_label: Option<String>,
}

/// Who has it.
#[derive(Serialize)]
pub struct Assignee {
    name: String,
    is_me: bool,
}

/// To whom it can be given.
#[derive(Serialize)]
pub struct Assign {
    url: String,
    agents: Vec<Colleague>,
}

#[derive(Serialize)]
struct Colleague {
    id: Id,
    name: String,
    checked: bool,
}

/// A fact for agents.
#[derive(Serialize)]
pub struct Value {
    label: &'static str,
    text: String,
}

/// What this agent may do now, the main way first.
pub fn transitions(agent: &Agent, opened: &Opened) -> Vec<Move> {
    let mut all = takeable(agent, opened);
    let hands = opened.request.assignee;
    // In somebody else's hands it is taken back from them, by the button that says so.
    all.retain(|transition| {
        !transition.take || hands.is_none_or(|id| id == agent.scope.agent().id)
    });
    let takes = |transition: &Transition| transition.take && hands.is_none();
    let bad = |transition: &Transition| leads_to_refusal(opened, transition);
    let has_main = all.iter().any(|transition| transition.main);
    all.iter()
        .enumerate()
        .map(|(at, transition)| Move {
            label: transition.label.get(agent.visit.lang()).to_owned(),
            url: agent.at(if takes(transition) {
                hands_url(opened.request.id, "moi")
            } else {
                transition_url(opened.request.id, transition)
            }),
            takes: takes(transition),
            tone: match transition {
                transition if bad(transition) => "bad",
                transition if transition.main || (!has_main && at == 0) => "primary",
                _ => "plain",
            },
            direct: is_direct(transition),
            key: transition.id.to_string(),
        })
        .collect()
}

/// True when this agent may take it now.
pub fn may_take(agent: &Agent, opened: &Opened, transition: &Transition) -> bool {
    takeable(agent, opened)
        .iter()
        .any(|takeable| takeable.id == transition.id)
}

fn takeable<'a>(agent: &Agent, opened: &'a Opened) -> Vec<&'a Transition> {
    let room = opened.room(&agent.visit.site);
    let scope = room.scope(&opened.request);
    let role = match agent.scope.role_in(&opened.request.service) {
        Some(identity::Role::Head) => Role::Head,
        _ => Role::Agent,
    };
    let workflow = opened.published.workflow();
    let mut all = offered(workflow, &opened.request.state(), role, &scope);
    all.retain(|transition| room.leads_somewhere(&opened.request, transition));
    all
}

/// True when one of the moves takes the request, that nobody has, in hand.
pub fn taken_by_a_move(agent: &Agent, opened: &Opened) -> bool {
    let nobody = opened.request.assignee.is_none();
    nobody && takeable(agent, opened).iter().any(|one| one.take)
}

/// Where a request changes hands: `moi`, `personne`.
pub fn hands_url(request: Id, whose: &str) -> String {
    format!("{}/attribution?a={whose}", url(request))
}

/// The address of a transition of a request.
pub fn transition_url(request: Id, transition: &Transition) -> String {
    format!("{}/transitions/{}", url(request), *transition.id)
}

/// How the page of that transition looks.
pub fn tone_of(opened: &Opened, transition: &Transition) -> &'static str {
    if leads_to_refusal(opened, transition) {
        "bad"
    } else {
        "primary"
    }
}

fn leads_to_refusal(opened: &Opened, transition: &Transition) -> bool {
    let target = opened.published.workflow().status(&transition.to);
    target.is_some_and(|status| status.outcome == Some(Outcome::Refused))
}

fn is_direct(transition: &Transition) -> bool {
    transition.form.is_empty() && !transition.asks_fields && transition.confirm.is_empty()
}

/// Where the request stands, in agents' words.
pub fn status(opened: &Opened, lang: &str) -> Badge {
    let request = &opened.request;
    rows::badge(&opened.published, &request.status, request.outcome(), lang)
}

/// The ways to its neighbours.
pub fn position(agent: &Agent, around: &Around) -> Position {
    let (before, after) = around.beside;
    Position {
        previous_url: before.map(|id| agent.at(url(id))),
        next_url: after.map(|id| agent.at(url(id))),
    }
}

/// The way on, once a request is closed.
#[derive(Serialize)]
pub struct Next {
    /// None when it was the last of the list.
    url: Option<String>,
    reference: Option<String>,
    list_url: String,
    list_name: String,
}

/// What comes after a request that was just closed.
pub fn next(agent: &Agent, opened: &Opened, around: &Around) -> Next {
    let (list_url, list_name) = back(agent, opened);
    Next {
        url: around.beside.1.map(|id| agent.at(url(id))),
        reference: around.next.clone(),
        list_url,
        list_name,
    }
}

/// The list one came from: its address and its name.
pub fn back(agent: &Agent, opened: &Opened) -> (String, String) {
    if let Some(list) = &agent.list {
        return (list.first_url(), heading(agent, list));
    }
    let service = &opened.request.service;
    (queue_url(service), service_name(agent, service))
}

/// Where the deadline stands, by the procedure's own calendar.
pub fn deadline(agent: &Agent, opened: &Opened) -> DeadlineBox {
    let site = &agent.visit.site;
    let request = &opened.request;
    let state = opened.room(site).deadline(request);
    let house = site.calendar(&request.authority);
    let badge = match request.closed_at {
        Some(_) if state.working_days_left.is_some_and(|left| left < 0) => Badge {
            label: "clôturée hors délai".to_owned(),
            tone: "neutral",
        },
        Some(_) => Badge {
            label: "clôturée dans le délai".to_owned(),
            tone: "neutral",
        },
        None => deadline::badge_of(&state, request.due_on, site.today(), house),
    };
    let paused = request.paused_since.filter(|_| state.paused);
    DeadlineBox {
        badge,
        due_on: state.due,
        kind: if opened.published.procedure().deadline.legal {
            "Délai légal"
        } else {
            "Réponse promise"
        },
        paused_label: paused.map(|day| format!("depuis le {}", short_date(day))),
    }
}

/// Who has it; nobody's name when nobody has.
pub fn assignee(around: &Around, assignee: Option<Id>, me: Id) -> Option<Assignee> {
    let id = assignee?;
    Some(Assignee {
        name: around
            .names
            .get(&id)
            .map_or_else(|| "quelqu’un d’autre".to_owned(), Clone::clone),
        is_me: id == me,
    })
}

/// The members of its service, when it can still change hands.
pub fn assign(agent: &Agent, opened: &Opened, around: &Around) -> Option<Assign> {
    let open = opened.request.closed_at.is_none();
    (open && around.colleagues.len() > 1).then(|| Assign {
        url: agent.at(format!("{}/attribution", url(opened.request.id))),
        agents: around
            .colleagues
            .iter()
            .map(|colleague| Colleague {
                id: colleague.id,
                name: colleague.name.clone(),
                checked: opened.request.assignee == Some(colleague.id),
            })
            .collect(),
    })
}

/// "Pourquoi ici ?": who sent it on, when somebody did.
pub fn why_here(agent: &Agent, opened: &Opened, around: &Around) -> String {
    if let Some(sent_on) = sent_on(agent, around) {
        return sent_on;
    }
    let because = opened.request.facts().because;
    if because.trim().is_empty() {
        let service = service_name(agent, &opened.request.service);
        format!("Le service {service} traite cette démarche.")
    } else {
        because
    }
}

/// "Transmise par Julie Noël (Population) le 23/11/2026."
fn sent_on(agent: &Agent, around: &Around) -> Option<String> {
    let moved = around.events.iter().filter_map(|event| {
        let service = timeline::step(event)?.service?;
        Some((event, service))
    });
    let moved: Vec<_> = moved.collect();
    let [.., (_, from), (event, _)] = &moved[..] else {
        return None;
    };
    Some(format!(
        "Transmise par {} ({}) le {}.",
        timeline::by(event),
        service_name(agent, from),
        short_date(brussels_date(event.at.0))
    ))
}

/// The fee and how to reach the person.
pub fn values(opened: &Opened) -> Vec<Value> {
    let request = &opened.request;
    let total = request.facts().total;
    let fee = (total > 0).then(|| Cents::new(total).to_string());
    let facts = [
        ("Redevance", fee),
        ("Courriel", request.email.clone()),
        ("Téléphone", request.phone.clone()),
    ];
    facts
        .into_iter()
        .filter_map(|(label, text)| Some(Value { label, text: text? }))
        .collect()
}
