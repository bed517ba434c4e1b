//! The filters above a list: state, procedure, deadline, hands.

use super::asked::{Asked, MINE, NOBODY, OUTCOMES, PRESSURES};
use super::{Agent, service_name};
use crate::identity::Agent as Account;
use crate::queue::{Hands, View};
use serde::Serialize;

/// The filters of a list; none for a list that has none.
#[derive(Serialize)]
pub struct Filters {
    action: &'static str,
    hidden: Vec<Hidden>,
    selects: Vec<Select>,
    active: usize,
    clear_url: String,
}

#[derive(Serialize)]
struct Hidden {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Select {
    name: &'static str,
    label: &'static str,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    id: String,
    label: String,
    checked: bool,
}

impl Filters {
    /// The filters of that list. `colleagues` are the members of its service, when it is of one.
    pub fn of(agent: &Agent, asked: &Asked, colleagues: &[Account]) -> Self {
        let view = asked.selection.view;
        let by_deadline = matches!(view, View::Open | View::Mine | View::Late);
        let mut selects = Vec::new();
        if asked.q().is_empty() && by_deadline {
            selects.push(states(agent, asked));
            selects.push(procedures(agent, asked));
            if view != View::Late {
                selects.push(deadlines(asked));
            }
            if view != View::Mine {
                selects.push(hands(asked, colleagues));
            }
        } else if asked.q().is_empty() {
            if agent.scope.services().len() > 1 {
                selects.push(services(agent, asked));
            }
            selects.push(procedures(agent, asked));
            selects.push(hands(asked, colleagues));
            if view == View::Closed {
                selects.push(outcomes(asked));
            }
        }
        let by_select = |name: &str| selects.iter().any(|select: &Select| select.name == name);
        let kept = asked.kept().into_iter();
        Self {
            action: "/agent",
            hidden: kept
                .filter(|(name, value)| !value.is_empty() && !by_select(name))
                .map(|(name, value)| Hidden {
                    name,
                    value: value.to_owned(),
                })
                .collect(),
            selects,
            active: asked.active(),
            clear_url: asked.clear_url(),
        }
    }
}

fn select(
    name: &'static str,
    label: &'static str,
    all: &str,
    chosen: &str,
    options: impl IntoIterator<Item = (String, String)>,
) -> Select {
    let mut choices = vec![Choice {
        id: String::new(),
        label: all.to_owned(),
        checked: chosen.is_empty(),
    }];
    choices.extend(options.into_iter().map(|(id, label)| Choice {
        checked: id == chosen,
        id,
        label,
    }));
    Select {
        name,
        label,
        options: choices,
    }
}

/// The open states of what the agent's houses offer, each once.
fn states(agent: &Agent, asked: &Asked) -> Select {
    let lang = agent.visit.lang();
    let mut options: Vec<(String, String)> = Vec::new();
    for published in offered(agent) {
        for status in &published.workflow().statuses {
            let known = options.iter().any(|(id, _)| *status.id == *id);
            if status.outcome.is_none() && !known {
                options.push((status.id.to_string(), status.agent.get(lang).to_owned()));
            }
        }
    }
    let chosen = asked.selection.status.as_deref().unwrap_or_default();
    select("etat", "État", "Tous", chosen, options)
}

fn procedures(agent: &Agent, asked: &Asked) -> Select {
    let lang = agent.visit.lang();
    let mut options: Vec<(String, String)> = offered(agent)
        .map(|published| {
            let procedure = published.procedure();
            (
                procedure.id.to_string(),
                procedure.title.get(lang).to_owned(),
            )
        })
        .collect();
    options.sort_by(|(_, a), (_, b)| a.cmp(b));
    let chosen = asked.selection.procedure.as_deref().unwrap_or_default();
    let all = "Toutes";
    select("demarche", "Démarche", all, chosen, options)
}

/// The procedures of the houses the agent works in.
fn offered(agent: &Agent) -> impl Iterator<Item = std::sync::Arc<crate::site::shelf::Published>> {
    let site = &agent.visit.site;
    let services = agent.scope.services().into_iter();
    let houses: Vec<String> = services
        .filter_map(|service| Some(site.file.authority_of(service)?.id.to_string()))
        .collect();
    let all = site.procedures().into_iter();
    all.filter(move |published| {
        houses
            .iter()
            .any(|id| *published.procedure().authority == *id)
    })
}

/// The agent's services, for a list across them.
fn services(agent: &Agent, asked: &Asked) -> Select {
    let services = agent.scope.services().into_iter();
    let options = services.map(|id| (id.to_owned(), service_name(agent, id)));
    let chosen = asked.selection.service.as_deref().unwrap_or_default();
    select("file", "Service", "Tous", chosen, options)
}

fn outcomes(asked: &Asked) -> Select {
    let chosen = OUTCOMES
        .iter()
        .find(|(_, outcome, _)| Some(*outcome) == asked.selection.outcome)
        .map_or("", |(word, ..)| word);
    let options = OUTCOMES
        .iter()
        .map(|(word, _, label)| ((*word).to_owned(), (*label).to_owned()));
    select("issue", "Issue", "Toutes", chosen, options)
}

fn deadlines(asked: &Asked) -> Select {
    let chosen = PRESSURES
        .iter()
        .find(|(_, pressure, _)| Some(*pressure) == asked.selection.pressure)
        .map_or("", |(word, ..)| word);
    let options = PRESSURES
        .iter()
        .map(|(word, _, label)| ((*word).to_owned(), (*label).to_owned()));
    select("delai", "Délai", "Tous", chosen, options)
}

fn hands(asked: &Asked, colleagues: &[Account]) -> Select {
    let chosen = match asked.selection.hands {
        Some(Hands::Mine) => MINE.to_owned(),
        Some(Hands::Nobody) => NOBODY.to_owned(),
        Some(Hands::Of(id)) => id.to_string(),
        None => String::new(),
    };
    let own = [
        (MINE.to_owned(), "Moi".to_owned()),
        (NOBODY.to_owned(), "Personne".to_owned()),
    ];
    let others = colleagues
        .iter()
        .map(|colleague| (colleague.id.to_string(), colleague.name.clone()));
    select(
        "agent",
        "Agent",
        "Tous",
        &chosen,
        own.into_iter().chain(others),
    )
}
