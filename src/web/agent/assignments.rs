//! `POST /agent/demandes/{request}/attribution`: a request changes hands. `?a=moi` takes it
//! from whoever had it when the page was drawn (the field `vu`), `?a=personne` gives it back, the field
//! `agent` gives it to a member of its service; nothing of these, from a list, takes it when nobody has it.
//! Whoever comes second is told who was faster.

use super::requests::{Notice, Opened, change, open, page, url};
use super::{Agent, AgentPost, local};
use crate::db::Id;
use crate::identity::{Agent as Account, membership};
use crate::request::moves::MoveError;
use crate::request::room::Room;
use crate::web::error::Error;
use crate::web::visit::see_other;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use std::sync::Arc;

/// To whom, and where to go back to.
#[derive(Deserialize)]
pub struct Query {
    a: Option<String>,
    /// A list, when it was asked from one.
    retour: Option<String>,
}

/// To whom it is asked to go.
enum Asked {
    /// To the agent, when nobody has it: from a list, that may be a moment old.
    MeIfFree,
    /// To the agent, when the one they saw has it still.
    MeFrom(Option<Id>),
    Nobody,
    To(Id),
}

/// Gives the request to somebody, or to nobody.
pub async fn create(
    post: AgentPost,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Error> {
    let agent = post.agent;
    let opened = open(&agent, &id).await?;
    let colleague = post.posted.text("agent");
    let seen = post.posted.text("vu").and_then(Id::parse);
    let asked = asked(&agent, &opened, &query, colleague, seen).await?;
    match give(&agent, &opened, &asked).await? {
        Ok(Given::Done(done)) => Ok(see_other(&back(&agent, &query, opened.request.id, done))),
        Ok(Given::Taken(_)) if query.retour.is_some() => {
            Ok(see_other(&back(&agent, &query, opened.request.id, "prise")))
        }
        Ok(Given::Taken(by)) => {
            let shown = format!("{}?fait={by}", url(opened.request.id));
            Ok(see_other(&agent.at(shown)))
        }
        Ok(Given::Overtaken(_)) if query.retour.is_some() => Ok(see_other(&back(
            &agent,
            &query,
            opened.request.id,
            "trop-tard",
        ))),
        Ok(Given::Overtaken(by)) => {
            let why = overtaken(&agent, by).await?;
            refused(&agent, &opened, why).await
        }
        Err(MoveError::Refused(why)) => refused(&agent, &opened, why.to_string()).await,
        Err(error) => Err(error.into()),
    }
}

/// The request as it stands now, and why it did not change.
async fn refused(agent: &Agent, opened: &Opened, why: String) -> Result<HttpResponse, Error> {
    let now = open(agent, &opened.request.id.to_string()).await?;
    let notice = Notice {
        refused: Some(why),
        ..Notice::default()
    };
    page(agent, &now, &notice).await
}

/// Who was faster, in a sentence.
async fn overtaken(agent: &Agent, by: Option<Id>) -> Result<String, Error> {
    let Some(by) = by else {
        return Ok(
            "La demande vient d’être rendue à la file. Prenez-la si vous la traitez.".to_owned(),
        );
    };
    let site = &agent.visit.site;
    let names = site
        .db
        .read(move |conn| Account::names(conn, &[by]).map_err(Error::from));
    let names = names.await?;
    let name = names.get(&by).map_or("Quelqu’un d’autre", String::as_str);
    Ok(format!("{name} vient de la prendre."))
}

async fn asked(
    agent: &Agent,
    opened: &Opened,
    query: &Query,
    colleague: Option<&str>,
    seen: Option<Id>,
) -> Result<Asked, Error> {
    Ok(match (query.a.as_deref(), colleague) {
        (Some("personne"), _) => Asked::Nobody,
        (Some(_), _) => Asked::MeFrom(seen),
        (None, Some(id)) => Asked::To(member(agent, &opened.request.service, id).await?),
        (None, None) => Asked::MeIfFree,
    })
}

/// What came of it.
enum Given {
    /// The word for what was done.
    Done(&'static str),
    /// It is the agent's, by that transition.
    Taken(String),
    /// Nothing: it is in these hands now.
    Overtaken(Option<Id>),
}

/// Gives it, unless somebody was faster.
async fn give(
    agent: &Agent,
    opened: &Opened,
    asked: &Asked,
) -> Result<Result<Given, MoveError>, Error> {
    let me = agent.scope.agent().id;
    let (to, done) = match asked {
        Asked::Nobody => (None, "rendue"),
        Asked::To(id) => (Some(*id), "confiee"),
        Asked::MeFrom(_) | Asked::MeIfFree => (Some(me), "prise"),
    };
    let only_from = match asked {
        Asked::MeFrom(seen) => Some(*seen),
        Asked::MeIfFree => Some(None),
        Asked::Nobody | Asked::To(_) => None,
    };
    let (site, published) = (Arc::clone(&agent.visit.site), Arc::clone(&opened.published));
    let given = change(agent, opened.request.id, move |tx, scope, request| {
        if request.assignee == to {
            return Ok(Given::Done(done));
        }
        if only_from.is_some_and(|seen| seen != request.assignee) {
            return Ok(Given::Overtaken(request.assignee));
        }
        let room = Room {
            site: &site,
            published: &published,
        };
        let by = scope.acting_on(request);
        if to == Some(scope.agent().id) {
            let taken = request.take_in_hand(tx, &room, by, &scope.actor())?;
            return Ok(taken.map_or(Given::Done(done), Given::Taken));
        }
        request.assign(tx, &room, by, &scope.actor(), to)?;
        Ok(Given::Done(done))
    });
    given.await
}

/// A member of the request's service, by id.
async fn member(agent: &Agent, service: &str, id: &str) -> Result<Id, Error> {
    let id = Id::parse(id).ok_or(Error::NotFound)?;
    let (scope, service) = (agent.scope.clone(), service.to_owned());
    let all = agent
        .visit
        .site
        .db
        .read(move |conn| membership::colleagues(conn, &scope, &service).map_err(Error::from));
    let known = all.await?.iter().any(|colleague| colleague.id == id);
    known.then_some(id).ok_or(Error::NotFound)
}

fn back(agent: &Agent, query: &Query, request: Id, done: &str) -> String {
    match query.retour.as_deref().and_then(local) {
        Some(list) => {
            let sign = if list.contains('?') { '&' } else { '?' };
            format!("{list}{sign}fait={done}#r-{request}")
        }
        None => agent.at(format!("{}?fait=-{done}", url(request))),
    }
}
