//! Stopping and taking up again. `GET|POST /brouillons/{code}/plus-tard` shows the code and sends the
//! link · `GET|POST /reprendre` opens a draft by its code.

use super::drafts::{Elsewhere, find, gone};
use super::guesses::{not_too_often, refuse};
use super::tracking;
use super::tracking::entry::{Opens, what_opens};
use crate::belgium::{Email, Mend};
use crate::db::At;
use crate::form::control::Control;
use crate::job::Origin;
use crate::limit;
use crate::secret::Code;
use crate::web::error::Error;
use crate::web::input::Posted;
use crate::web::views::{self, ErrorLine};
use crate::web::visit::{Visit, see_other};
use actix_web::{HttpResponse, web};
use chrono::Duration;
use serde::Serialize;

/// Most links sent for one draft in a day: it is mail to an address somebody typed.
const MOST_LINKS: i32 = 5;

#[derive(Serialize)]
struct Later {
    procedure: Title,
    draft: Kept,
    email: Control,
    errors: Vec<ErrorLine>,
    sent_to: Option<String>,
    send_url: String,
}

#[derive(Serialize)]
struct Title {
    title: String,
}

#[derive(Serialize)]
struct Kept {
    code: String,
    link: String,
    url: String,
    expires_on: At,
}

/// The code and the link.
pub async fn later(visit: Visit, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let open = match find(&visit, &code).await? {
        Ok(open) => open,
        Err(elsewhere) => return gone(&visit, &elsewhere),
    };
    let known = open.draft.answers();
    let context = open.context(&visit);
    let journey = crate::form::journey(open.published.procedure(), &known, &context);
    let proposed = open
        .published
        .procedure()
        .applicant
        .email
        .text(journey.scope())
        .unwrap_or_default();
    page(&visit, &open, &proposed, None, None)
}

/// Sends the link.
pub async fn mail(posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let open = match find(&visit, &code).await? {
        Ok(open) => open,
        Err(elsewhere) => return gone(&visit, &elsewhere),
    };
    let typed = posted.text("email").unwrap_or_default().trim().to_owned();
    let address = match Email::parse(&typed) {
        Ok(address) => address.to_string(),
        Err(error) => return page(&visit, &open, &typed, Some(error.mend()), None),
    };
    let origin = Origin {
        authority: Some(open.published.procedure().authority.to_string()),
        social: open.published.definition.is_social_at(
            &visit.site.file,
            &open.published.procedure().routing.default,
        ),
    };
    let (draft, to) = (open.draft.clone(), address.clone());
    let verdict = visit
        .site
        .db
        .write(move |tx| {
            let verdict = limit::hit(
                tx,
                &format!("link:{}", draft.id),
                MOST_LINKS,
                Duration::hours(24),
            )?;
            if verdict.is_allowed() {
                draft.mail_link(tx, &to, &origin)?;
            }
            Ok::<_, Error>(verdict)
        })
        .await?;
    refuse(verdict)?;
    page(&visit, &open, "", None, Some(address))
}

fn page(
    visit: &Visit,
    open: &super::drafts::Open,
    typed: &str,
    error: Option<String>,
    sent_to: Option<String>,
) -> Result<HttpResponse, Error> {
    let mut email = views::control("email", "email", "Votre adresse de courriel", typed);
    email.autocomplete = Some("email".to_owned());
    email.error.clone_from(&error);
    let url = format!("/brouillons/{}", open.code.compact());
    let later = Later {
        procedure: Title {
            title: open
                .published
                .procedure()
                .title
                .get(visit.lang())
                .to_owned(),
        },
        draft: Kept {
            code: open.code.to_string(),
            link: visit.absolute(&url),
            url,
            expires_on: open.draft.expires_at,
        },
        errors: error
            .map(|message| ErrorLine {
                field_id: email.id.clone(),
                message,
            })
            .into_iter()
            .collect(),
        email,
        sent_to,
        send_url: open.url("plus-tard"),
    };
    let title = "Vos réponses sont gardées";
    if later.errors.is_empty() {
        visit.page("citizen/draft_resume.html", title, "resume", &later)
    } else {
        visit.page_again("citizen/draft_resume.html", title, "resume", &later)
    }
}

#[derive(Serialize)]
struct Entry {
    code: Control,
    errors: Vec<ErrorLine>,
}

/// Asks for the code.
pub async fn entry(visit: Visit) -> Result<HttpResponse, Error> {
    visit.page(
        "citizen/resume.html",
        "Reprendre une demande commencée",
        "resume",
        &ask("", None),
    )
}

fn ask(typed: &str, error: Option<&str>) -> Entry {
    let mut code = views::control("text", "code", "Votre code", typed);
    code.hint = Some("16 lettres et chiffres, par exemple 7K4M\u{2060}-\u{2060}2P93\u{2060}-\u{2060}QX8T\u{2060}-\u{2060}B5WD".to_owned());
    code.error = error.map(str::to_owned);
    code.width = "medium";
    let errors = error
        .map(|message| ErrorLine {
            field_id: code.id.clone(),
            message: message.to_owned(),
        })
        .into_iter()
        .collect();
    Entry { code, errors }
}

/// Opens the draft of a code.
pub async fn open(posted: Posted) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let typed = posted.text("code").unwrap_or_default().to_owned();
    if let Ok(code) = Code::parse(&typed) {
        not_too_often(&visit).await?;
        if let Opens::Request = what_opens(&visit, &code).await? {
            return Ok(see_other(&tracking::url(&code)));
        }
    }
    match find(&visit, &typed).await? {
        Ok(open) => Ok(see_other(&format!("/brouillons/{}", open.code.compact()))),
        Err(sent @ Elsewhere::Sent(_)) => gone(&visit, &sent),
        Err(Elsewhere::Gone) => {
            let error = "Aucune demande ne correspond à ce code. Vérifiez chaque caractère\u{a0}; \
                         une demande non envoyée est effacée après 30 jours.";
            visit.page_again(
                "citizen/resume.html",
                "Reprendre une demande commencée",
                "resume",
                &ask(&typed, Some(error)),
            )
        }
    }
}
