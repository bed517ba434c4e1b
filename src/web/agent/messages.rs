//! Writing inside a request. `POST …/messages` to the citizen · `POST …/notes` among agents.

use super::AgentPost;
use super::requests::{Notice, change, open, page, url};
use crate::request::message::{Body, WriteError};
use crate::request::moves::MoveError;
use crate::web::citizen::tracking::words_of;
use crate::web::error::Error;
use crate::web::visit::see_other;
use actix_web::{HttpResponse, web};

/// Writes to the citizen.
pub async fn create(post: AgentPost, id: web::Path<String>) -> Result<HttpResponse, Error> {
    write(post, &id, false).await
}

/// Notes something for colleagues.
pub async fn note(post: AgentPost, id: web::Path<String>) -> Result<HttpResponse, Error> {
    write(post, &id, true).await
}

async fn write(post: AgentPost, id: &str, inside: bool) -> Result<HttpResponse, Error> {
    let agent = post.agent;
    let opened = open(&agent, id).await?;
    let id = opened.request.id;
    let field = if inside { "note" } else { "message" };
    let typed = post.posted.text(field).unwrap_or_default().to_owned();
    if opened.request.closed_at.is_some() && !inside {
        // Between the page and its post somebody closed it: nothing is sent after the end.
        let why = "Ce message n’est pas envoyé\u{a0}: la demande vient d’être clôturée. Votre texte est gardé ci-dessous pour que vous puissiez le copier.";
        let notice = Notice {
            message: Some((typed, why.to_owned())),
            ..Notice::default()
        };
        return page(&agent, &opened, &notice).await;
    }
    let kept = match Body::parse(&typed) {
        Err(error) => Err(error),
        Ok(body) => {
            let kept = change(&agent, id, move |tx, scope, request| {
                Ok(request.write(tx, &scope.actor(), body.clone(), inside)?)
            });
            match kept.await? {
                Err(MoveError::Words(error)) => Err(error),
                other => Ok(other?),
            }
        }
    };
    let Err(error) = kept else {
        return Ok(see_other(&agent.at(format!("{}?fait=-{field}", url(id)))));
    };
    let how = match error {
        WriteError::Empty if inside => "Écrivez votre note avant de l’ajouter.".to_owned(),
        error => words_of(&error),
    };
    let mend = Some((typed, how));
    let notice = if inside {
        Notice {
            note: mend,
            ..Notice::default()
        }
    } else {
        Notice {
            message: mend,
            ..Notice::default()
        }
    };
    page(&agent, &opened, &notice).await
}
