//! Out of a dead end: a head of the service puts a request in another state than the workflow foresees,
//! and says why. `GET|POST /agent/demandes/{request}/etat`. For everybody else it is not there.

use super::requests::{Opened, change, open, url};
use super::small_form::{self, Content, Words};
use super::{Agent, AgentPost};
use crate::form::control::{Control, ControlOption};
use crate::request::message::LONGEST;
use crate::request::moves::MoveError;
use crate::request::room::Room;
use crate::web::error::Error;
use crate::web::views;
use crate::web::visit::see_other;
use crate::workflow::Refused;
use actix_web::{HttpResponse, web};
use std::sync::Arc;

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    status: String,
    reason: String,
    wrong_status: Option<String>,
    wrong_reason: Option<String>,
}

/// Asks for the state and the reason.
pub async fn new(agent: Agent, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let opened = find(&agent, &id).await?;
    form(&agent, &opened, Typed::default())
}

/// Puts it there.
pub async fn create(post: AgentPost, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let AgentPost { agent, posted } = post;
    let opened = find(&agent, &id).await?;
    let text = |name| posted.text(name).unwrap_or_default().trim().to_owned();
    let mut typed = Typed {
        status: text("status"),
        reason: text("reason"),
        ..Typed::default()
    };
    let known = choices(&agent, &opened, "");
    if !known.iter().any(|choice| choice.id == typed.status) {
        typed.wrong_status = Some("Choisissez un état.".to_owned());
    }
    if typed.reason.is_empty() {
        typed.wrong_reason = Some(Refused::ReasonMissing.to_string());
    } else if typed.reason.chars().count() > LONGEST {
        let most = format!("Cette raison est trop longue\u{a0}: {LONGEST} caractères au plus.");
        typed.wrong_reason = Some(most);
    }
    if typed.wrong_status.is_some() || typed.wrong_reason.is_some() {
        return form(&agent, &opened, typed);
    }
    let (site, published) = (Arc::clone(&agent.visit.site), Arc::clone(&opened.published));
    let (status, reason) = (typed.status.clone(), typed.reason.clone());
    let forced = change(&agent, opened.request.id, move |tx, scope, request| {
        let room = Room {
            site: &site,
            published: &published,
        };
        let by = scope.acting_on(request);
        request.force(tx, &room, by, &scope.actor(), &status, &reason)
    });
    match forced.await? {
        Ok(()) => Ok(see_other(
            &agent.at(format!("{}?fait=-etat", url(opened.request.id))),
        )),
        Err(MoveError::Refused(why)) => {
            typed.wrong_status = Some(why.to_string());
            form(&agent, &opened, typed)
        }
        Err(error) => Err(error.into()),
    }
}

/// The request, for a head of its service.
async fn find(agent: &Agent, id: &str) -> Result<Opened, Error> {
    let opened = open(agent, id).await?;
    let heads = agent.scope.is_head(&opened.request.service);
    heads.then_some(opened).ok_or(Error::NotFound)
}

/// Every other state. One that asks the citizen is entered with a question, never without.
fn choices(agent: &Agent, opened: &Opened, chosen: &str) -> Vec<ControlOption> {
    let statuses = &opened.published.workflow().statuses;
    let others = statuses
        .iter()
        .filter(|status| *status.id != opened.request.status && !status.asks_citizen);
    others
        .map(|status| ControlOption {
            id: status.id.to_string(),
            label: status.agent.get(agent.visit.lang()).to_owned(),
            hint: None,
            checked: *status.id == chosen,
        })
        .collect()
}

fn form(agent: &Agent, opened: &Opened, typed: Typed) -> Result<HttpResponse, Error> {
    let mut status = views::control("radio", "status", "Nouvel état", &typed.status);
    status.options = choices(agent, opened, &typed.status);
    status.error = typed.wrong_status;
    let mut reason = views::control("textarea", "reason", "Raison", &typed.reason);
    reason.hint = Some("Elle figure dans les étapes, pour les agents.".to_owned());
    reason.max_length = Some(LONGEST);
    reason.error = typed.wrong_reason;
    let words = Words {
        label: "Changer l’état".to_owned(),
        explain: Some(
            "Pour sortir d’une impasse\u{a0}: l’état change sans passer par le circuit. Aucun document n’est délivré ni annulé, aucun courriel ne part."
                .to_owned(),
        ),
        confirm_label: "Changer l’état".to_owned(),
        tone: "bad",
        form_url: agent.at(format!("{}/etat", url(opened.request.id))),
        warns_citizen: false,
    };
    let fields: Vec<Control> = vec![status, reason];
    let content = Content {
        errors: fields.iter().filter_map(small_form::error).collect(),
        fields,
        ..Content::default()
    };
    small_form::page(agent, opened, words, &content)
}
