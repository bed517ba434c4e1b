//! A document that should not have been issued. `GET|POST
//! /agent/demandes/{request}/documents/{document}/annulation`, for the heads of the service alone: for
//! everybody else it is not there.

use super::requests::{Opened, change, open, url};
use super::small_form::{self, Content, Words};
use super::{Agent, AgentPost};
use crate::db::Id;
use crate::request::message::Body;
use crate::request::moves::MoveError;
use crate::request::paper::{self, Paper};
use crate::web::citizen::tracking::words_of;
use crate::web::error::Error;
use crate::web::views;
use crate::web::visit::see_other;
use actix_web::{HttpResponse, web};

/// Asks why.
pub async fn new(agent: Agent, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (opened, paper) = find(&agent, &path).await?;
    if paper.revoked_at.is_some() {
        return Ok(see_other(&agent.at(url(opened.request.id))));
    }
    form(&agent, &opened, &paper, None)
}

/// Revokes it, and tells the citizen why.
pub async fn create(
    post: AgentPost,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let AgentPost { agent, posted } = post;
    let (opened, paper) = find(&agent, &path).await?;
    let typed = posted.text("reason").unwrap_or_default().to_owned();
    let reason = match Body::parse(&typed) {
        Ok(reason) => reason,
        Err(error) => return form(&agent, &opened, &paper, Some((typed, words_of(&error)))),
    };
    let id = paper.id;
    let revoked = change(&agent, opened.request.id, move |tx, scope, request| {
        Ok(request.revoke_paper(tx, &scope.actor(), id, &reason)?)
    });
    match revoked.await? {
        Ok(()) => Ok(see_other(
            &agent.at(format!("{}?fait=-annulee", url(opened.request.id))),
        )),
        Err(MoveError::Words(error)) => {
            form(&agent, &opened, &paper, Some((typed, words_of(&error))))
        }
        Err(error) => Err(error.into()),
    }
}

/// The document, for a head of the service that has its request.
async fn find(agent: &Agent, path: &(String, String)) -> Result<(Opened, Paper), Error> {
    let opened = open(agent, &path.0).await?;
    if !agent.scope.is_head(&opened.request.service) {
        return Err(Error::NotFound);
    }
    let id = Id::parse(&path.1).ok_or(Error::NotFound)?;
    let of = opened.request.id;
    let site = &agent.visit.site;
    let found = site
        .db
        .read(move |conn| paper::find(conn, of, id).map_err(Error::from));
    let paper = found.await?.filter(|paper| !paper.is_receipt());
    Ok((opened, paper.ok_or(Error::NotFound)?))
}

fn form(
    agent: &Agent,
    opened: &Opened,
    paper: &Paper,
    mend: Option<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (typed, error) = mend.map_or((String::new(), None), |(typed, how)| (typed, Some(how)));
    let mut reason = views::control("textarea", "reason", "Raison de l’annulation", &typed);
    reason.hint = Some("Le citoyen la lit telle quelle.".to_owned());
    reason.max_length = Some(crate::request::message::LONGEST);
    reason.error = error;
    let words = Words {
        label: "Annuler le document".to_owned(),
        explain: Some(format!(
            "«\u{a0}{}\u{a0}» ne sera plus valable\u{a0}: la page de vérification le dira, et le citoyen ne pourra plus le télécharger. C’est définitif.",
            paper.title
        )),
        confirm_label: "Annuler le document".to_owned(),
        tone: "bad",
        form_url: agent.at(format!(
            "{}/documents/{}/annulation",
            url(opened.request.id),
            paper.id
        )),
        warns_citizen: true,
    };
    let content = Content {
        errors: small_form::error(&reason).into_iter().collect(),
        fields: vec![reason],
        ..Content::default()
    };
    small_form::page(agent, opened, words, &content)
}
