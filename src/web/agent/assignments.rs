//! `POST /agent/demandes/{request}/attribution`: a request changes hands. `?a=moi` takes it,
//! `?a=personne` gives it back, the field `agent` gives it to a member of its service; nothing of these,
//! from a list, takes it when nobody has it.

use super::requests::{Notice, Opened, change, open, page, url};
use super::{Agent, AgentPost, local};
use crate::db::Id;
use crate::identity::membership;
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
    /// To the agent, whoever has it.
    Me,
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
    let asked = asked(&agent, &opened, &query, colleague).await?;
    match give(&agent, &opened, &asked).await? {
        Ok(done) => Ok(see_other(&back(&query, opened.request.id, done))),
        Err(MoveError::Refused(why)) => {
            let notice = Notice {
                refused: Some(why.to_string()),
                ..Notice::default()
            };
            page(&agent, &opened, &notice).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn asked(
    agent: &Agent,
    opened: &Opened,
    query: &Query,
    colleague: Option<&str>,
) -> Result<Asked, Error> {
    Ok(match (query.a.as_deref(), colleague) {
        (Some("personne"), _) => Asked::Nobody,
        (Some(_), _) => Asked::Me,
        (None, Some(id)) => Asked::To(member(agent, &opened.request.service, id).await?),
        (None, None) => Asked::MeIfFree,
    })
}

/// Gives it; answers the word for what was done.
async fn give(
    agent: &Agent,
    opened: &Opened,
    asked: &Asked,
) -> Result<Result<&'static str, MoveError>, Error> {
    let me = agent.scope.agent().id;
    let (to, done) = match asked {
        Asked::Nobody => (None, "rendue"),
        Asked::To(id) => (Some(*id), "confiee"),
        Asked::Me | Asked::MeIfFree => (Some(me), "prise"),
    };
    let only_if_free = matches!(asked, Asked::MeIfFree);
    let (site, published) = (Arc::clone(&agent.visit.site), Arc::clone(&opened.published));
    let given = change(agent, opened.request.id, move |tx, scope, request| {
        if request.assignee == to {
            return Ok(done);
        }
        if only_if_free && request.assignee.is_some() {
            return Ok("trop-tard");
        }
        let room = Room {
            site: &site,
            published: &published,
        };
        let by = scope.acting_on(request);
        request.assign(tx, &room, by, &scope.actor(), to)?;
        Ok(done)
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

fn back(query: &Query, request: Id, done: &str) -> String {
    match query.retour.as_deref().and_then(local) {
        Some(list) => {
            let sign = if list.contains('?') { '&' } else { '?' };
            format!("{list}{sign}fait={done}")
        }
        None => format!("{}?fait=-{done}", url(request)),
    }
}
