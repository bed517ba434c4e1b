//! A draft, until it is sent.
//!
//! `POST /demarches/{procedure}/brouillons` begins one · `GET /brouillons/{code}` takes it up where it
//! was left · `POST …/suppression` takes it away. Its pages of questions are in [`page`],
//! a newer version of its procedure in [`version`].

pub mod page;
pub mod version;

use super::super::views;
use super::guesses::{count_wrong, not_too_often, refuse};
use crate::db::{At, Id};
use crate::definition::Secrecy;
use crate::form::{self, Answers, Context, Journey};
use crate::limit;
use crate::request::draft::{Draft, Found};
use crate::secret::{Code, Purpose};
use crate::site::shelf::Published;
use crate::web::citizen::tracking;
use crate::web::error::Error;
use crate::web::input::Posted;
use crate::web::visit::{Visit, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::Duration;
use serde::Serialize;
use std::sync::Arc;

/// Most drafts begun from one address in an hour: a library's computers share one.
const MOST_BEGUN: i32 = 120;

/// How often what is kept is laid over what somebody else just saved.
const TRIES: usize = 8;

/// A draft that was found, and the version it keeps.
pub struct Open {
    pub draft: Draft,
    pub published: Arc<Published>,
    pub code: Code,
}

impl Open {
    /// The address of one of its pages.
    pub fn url(&self, tail: &str) -> String {
        url(&self.code, tail)
    }

    /// The day and place its form is answered against.
    pub fn context(&self, visit: &Visit) -> Context {
        let procedure = self.published.procedure();
        let calendar = visit.site.calendar(&procedure.authority).clone();
        Context::new(procedure, &visit.site.file, visit.site.today(), calendar)
    }
}

/// The address of a page of the draft that code opens.
pub fn url(code: &Code, tail: &str) -> String {
    format!("/brouillons/{}/{tail}", code.compact())
}

/// What a code in an address leads to, when not to an open draft.
pub enum Elsewhere {
    /// It was sent; this request came of it.
    Sent(Id),
    Gone,
}

/// Finds the draft of a code. Wrong codes are counted by address and then refused.
pub async fn find(visit: &Visit, code: &str) -> Result<Result<Open, Elsewhere>, Error> {
    let Ok(code) = Code::parse(code) else {
        return wrong(visit).await;
    };
    let (site, now) = (
        Arc::clone(&visit.site),
        At::new(visit.site.db.clock().now()),
    );
    let sought = code.clone();
    not_too_often(visit).await?;
    let found = site
        .db
        .read(move |conn| Ok::<_, Error>(Draft::find(conn, &sought, now)?))
        .await?;
    if !matches!(found, Found::Nothing) {
        visit.has_shown_a_code();
    }
    match found {
        Found::Open(draft) => {
            let published = site.version(draft.version_id)?;
            Ok(Ok(Open {
                draft: *draft,
                published,
                code,
            }))
        }
        Found::Sent(request) => Ok(Err(Elsewhere::Sent(request))),
        Found::Nothing => wrong(visit).await,
    }
}

async fn wrong<T>(visit: &Visit) -> Result<Result<T, Elsewhere>, Error> {
    count_wrong(visit).await?;
    Ok(Err(Elsewhere::Gone))
}

/// Begins a draft of the current version and goes to its first page. The page with this button is the
/// same for everyone, so that there is no token to ask for; an empty draft gives nobody anything.
pub async fn create(visit: Visit, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let published = visit.site.procedure(&id).ok_or(Error::NotFound)?;
    let (site, lang) = (Arc::clone(&visit.site), visit.lang().to_owned());
    let key = format!("draft:{}", limit::network(visit.ip));
    let begun = visit
        .site
        .db
        .write(move |tx| {
            if let verdict @ limit::Verdict::Exceeded { .. } =
                limit::hit(tx, &key, MOST_BEGUN, Duration::hours(1))?
            {
                return Ok(Err(verdict));
            }
            Ok::<_, Error>(Ok(Draft::begin(tx, &site.key, &published, &lang)?))
        })
        .await?;
    match begun {
        Ok(draft) => {
            // Whoever is given a code goes on with it, also from a network where others guess.
            visit.has_shown_a_code();
            let code = draft.code(&visit.site.key);
            Ok(see_other(&format!("/brouillons/{}", code.compact())))
        }
        Err(verdict) => refuse(verdict).map(|()| see_other("/")),
    }
}

/// Takes a draft up where it was left.
pub async fn open(visit: Visit, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let open = match find(&visit, &code).await? {
        Ok(open) => open,
        Err(elsewhere) => return gone(&visit, &elsewhere),
    };
    let context = open.context(&visit);
    let answers = open.draft.answers();
    let journey = form::journey(open.published.procedure(), &answers, &context);
    Ok(see_other(&next_url(&open, &journey)))
}

/// The first page left to answer, or the check.
fn next_url(open: &Open, journey: &Journey) -> String {
    match journey.first_incomplete() {
        Some(page) => open.url(&format!("pages/{}", page.id())),
        None => open.url("verification"),
    }
}

/// The procedure, in the heading of a draft's pages.
#[derive(Serialize)]
pub struct Heading {
    pub title: String,
    pub url: String,
    pub secrecy: Secrecy,
    pub authority_name: String,
    /// Of the service, for texts that say to call.
    pub phone: Option<String>,
}

/// The heading of a draft's pages.
pub fn heading(visit: &Visit, published: &Published) -> Heading {
    let card = views::card(&visit.site, published, visit.lang());
    Heading {
        title: card.title,
        url: card.url,
        secrecy: card.secrecy,
        authority_name: card.authority_name,
        phone: views::phone(&visit.site, published.procedure()),
    }
}

/// Keeps the answers; `false` when somebody saved, sent or took the draft away in the meantime.
pub async fn save(visit: &Visit, open: &mut Open, answers: Answers) -> Result<bool, Error> {
    let mut draft = open.draft.clone();
    let (draft, kept) = visit
        .site
        .db
        .write(move |tx| {
            let kept = draft.keep_unless_overtaken(tx, &answers)?;
            Ok::<_, Error>((draft, kept))
        })
        .await?;
    open.draft = draft;
    Ok(kept)
}

/// Takes the draft away, at its owner's wish.
pub async fn delete(posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit;
    if let Ok(open) = find(&visit, &code).await? {
        visit
            .site
            .db
            .write(move |tx| Ok::<_, Error>(open.draft.discard(tx)?))
            .await?;
    }
    gone(&visit, &Elsewhere::Gone)
}

#[derive(Serialize)]
struct Gone {
    reason: &'static str,
    procedure: Option<Heading>,
    tracking_url: Option<String>,
}

/// The page of a draft that cannot be taken up.
pub fn gone(visit: &Visit, elsewhere: &Elsewhere) -> Result<HttpResponse, Error> {
    let shown = match elsewhere {
        Elsewhere::Sent(id) => Gone {
            reason: "submitted",
            procedure: None,
            tracking_url: Some(tracking::url(&visit.site.key.code(Purpose::Tracking, *id))),
        },
        Elsewhere::Gone => Gone {
            reason: "expired",
            procedure: None,
            tracking_url: None,
        },
    };
    let mut answer = visit.page(
        "citizen/draft_gone.html",
        "Demande introuvable",
        "resume",
        &shown,
    )?;
    *answer.status_mut() = StatusCode::GONE;
    Ok(answer)
}
