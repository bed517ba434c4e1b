//! `GET|POST /suivi/{code}/retrait`: the citizen takes the request back.

use super::tracking::{self, Tracked};
use crate::audit::Actor;
use crate::request::holder;
use crate::request::message::{self, Body, WriteError};
use crate::request::moves::MoveError;
use crate::request::room::Room;
use crate::web::error::Error;
use crate::web::input::Posted;
use crate::web::views::{self, ErrorLine};
use crate::web::visit::{Visit, see_other};
use crate::workflow::{self, Act};
use actix_web::{HttpResponse, web};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Withdrawal {
    request: Request,
    form_url: String,
    reason: crate::form::control::Control,
    errors: Vec<ErrorLine>,
}

#[derive(Serialize)]
struct Request {
    reference: String,
    procedure_title: String,
    url: String,
}

/// Asks whether it is meant.
pub async fn new(visit: Visit, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let tracked = tracking::find(&visit, &code).await?;
    if tracked.transition("withdraw").is_none() {
        // Withdrawn or closed since: its page says which.
        return Ok(see_other(&tracking::url(&tracked.code)));
    }
    ask(&visit, &tracked, "", None)
}

/// Draws the question; again, with what was typed, when it has to be mended.
fn ask(
    visit: &Visit,
    tracked: &Tracked,
    typed: &str,
    mend: Option<String>,
) -> Result<HttpResponse, Error> {
    let mut reason = views::control(
        "textarea",
        "reason",
        "Pourquoi la retirez-vous\u{a0}?",
        typed,
    );
    reason.required = false;
    reason.max_length = Some(message::LONGEST);
    reason.error.clone_from(&mend);
    let page = Withdrawal {
        request: Request {
            reference: tracked.request.shown_reference(),
            procedure_title: tracked.request.title.clone(),
            url: tracking::url(&tracked.code),
        },
        form_url: format!("{}/retrait", tracking::url(&tracked.code)),
        errors: mend
            .into_iter()
            .map(|message| ErrorLine {
                field_id: reason.id.clone(),
                message,
            })
            .collect(),
        reason,
    };
    let (template, title) = ("citizen/withdrawal.html", "Retirer votre demande");
    if page.errors.is_empty() {
        visit.page(template, title, "tracking", &page)
    } else {
        visit.page_again(template, title, "tracking", &page)
    }
}

/// Withdraws it. A second time finds it withdrawn already.
pub async fn create(posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let tracked = tracking::find(&visit, &code).await?;
    let typed = posted.text("reason").unwrap_or_default();
    let reason = match Body::parse(typed) {
        Ok(reason) => Some(reason),
        Err(WriteError::Empty) => None,
        Err(error) => return ask(&visit, &tracked, typed, Some(tracking::words_of(&error))),
    };
    let (site, published) = (Arc::clone(&visit.site), Arc::clone(&tracked.published));
    let done = holder::change(&visit.site.db, &tracked.code, move |tx, request| {
        let room = Room {
            site: &site,
            published: &published,
        };
        if let Some(reason) = reason.clone() {
            request.write(tx, &Actor::Citizen, reason, false)?;
        }
        let act = Act::simply("withdraw");
        request.take(tx, &room, workflow::Actor::Citizen, &Actor::Citizen, &act)
    });
    match done.await {
        Ok(_) | Err(MoveError::Refused(_)) => {
            let url = tracking::url(&tracked.code);
            Ok(see_other(&format!("{url}?fait=retrait")))
        }
        Err(error) => Err(error.into()),
    }
}
