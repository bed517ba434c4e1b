//! `GET|POST /suivi/{code}/retrait`: the citizen takes the request back.

use super::tracking::{self, Tracked};
use crate::audit::Actor;
use crate::request::message::Body;
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
    tracked.transition("withdraw").ok_or(Error::NotFound)?;
    let mut reason = views::control("textarea", "reason", "Pourquoi la retirez-vous\u{a0}?", "");
    reason.required = false;
    reason.max_length = Some(1_000);
    let page = Withdrawal {
        request: Request {
            reference: tracked.request.shown_reference(),
            procedure_title: tracked.request.title.clone(),
            url: tracking::url(&tracked.code),
        },
        form_url: format!("{}/retrait", tracking::url(&tracked.code)),
        reason,
        errors: Vec::new(),
    };
    visit.page(
        "citizen/withdrawal.html",
        "Retirer votre demande",
        "tracking",
        &page,
    )
}

/// Withdraws it. A second time finds it withdrawn already.
pub async fn create(posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let Tracked {
        mut request,
        published,
        code,
    } = tracking::find(&visit, &code).await?;
    let reason = posted
        .text("reason")
        .and_then(|text| Body::parse(text).ok());
    let site = Arc::clone(&visit.site);
    let done = visit
        .site
        .db
        .write(move |tx| {
            let room = Room {
                site: &site,
                published: &published,
            };
            if let Some(reason) = reason {
                request.write(tx, &Actor::Citizen, reason, false)?;
            }
            let act = Act::simply("withdraw");
            request.take(tx, &room, workflow::Actor::Citizen, &Actor::Citizen, &act)
        })
        .await;
    match done {
        Ok(()) | Err(MoveError::Refused(_)) => {
            Ok(see_other(&format!("{}?fait=retrait", tracking::url(&code))))
        }
        Err(error) => Err(error.into()),
    }
}
