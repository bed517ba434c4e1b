//! Sending a draft. `GET /brouillons/{code}/verification` the answers once more · `POST …/envoi` sends
//! them, once · `GET …/confirmation` the reference, and what happens next.

use super::drafts::version::Newer;
use super::drafts::{Elsewhere, Heading, Open, find, gone, heading, url};
use crate::db::At;
use crate::form::control::Control;
use crate::form::{self, Complete, FieldError, NotReady};
use crate::request::paper::Paper;
use crate::request::room::Room;
use crate::request::submission::{Submission, SubmitError};
use crate::request::{self, Request, paper};
use crate::secret::{Code, Purpose};
use crate::site::Site;
use crate::site::shelf::Published;
use crate::web::citizen::tracking;
use crate::web::download::Rows;
use crate::web::error::Error;
use crate::web::input::Posted;
use crate::web::views::{self, Contact, ErrorLine, Privacy};
use crate::web::visit::{Visit, see_other};
use actix_web::{HttpResponse, web};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Review {
    procedure: Heading,
    step: Number,
    back_url: String,
    submit_url: String,
    pages: Vec<ReviewPage>,
    /// What the form warned of, in words.
    warnings: Vec<String>,
    fee: Option<FeeShown>,
    privacy: Privacy,
    declarations: Vec<Control>,
    errors: Vec<ErrorLine>,
    newer: Option<Newer>,
}

#[derive(Serialize)]
struct Number {
    number: usize,
    total: usize,
}

#[derive(Serialize)]
struct ReviewPage {
    title: String,
    change_url: String,
    rows: Vec<crate::web::download::Row>,
}

#[derive(Serialize)]
struct FeeShown {
    label: String,
    cents: i64,
    note: Option<String>,
}

/// The answers once more, before sending.
pub async fn review(visit: Visit, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let open = match find(&visit, &code).await? {
        Ok(open) => open,
        Err(elsewhere) => return gone(&visit, &elsewhere),
    };
    let context = open.context(&visit);
    let answers = open.draft.answers();
    let published = Arc::clone(&open.published);
    let procedure = published.procedure();
    let complete = match form::validate_all(procedure, &answers, &context) {
        Ok(complete) => complete,
        Err(not_ready) => return mend(&open, not_ready),
    };
    let journey = form::journey(procedure, &answers, &context);
    let files = |id: &str| open.url(&format!("fichiers/{id}/contenu"));
    let rows = Rows {
        file_url: &files,
        reveal_url: None,
        digests: false,
    };
    let pages = form::summary(&journey, visit.lang())
        .into_iter()
        .map(|page| ReviewPage {
            change_url: open.url(&format!("pages/{}?retour=verification", page.id)),
            title: page.title.clone(),
            rows: rows.of(&page.rows),
        });
    let total = journey.pages().len() + 1;
    let last = journey
        .pages()
        .last()
        .map_or_else(String::new, |page| page.id().to_owned());
    let review = Review {
        procedure: heading(&visit, &published),
        step: Number {
            number: total,
            total,
        },
        back_url: open.url(&format!("pages/{last}")),
        submit_url: open.url("envoi"),
        pages: pages.collect(),
        warnings: words(complete.warnings()),
        fee: procedure.fee.as_ref().map(|fee| FeeShown {
            label: "Coût de la démarche".to_owned(),
            cents: complete.fee().total,
            note: views::given(&fee.payment, visit.lang()).filter(|_| complete.fee().total > 0),
        }),
        privacy: views::privacy(&visit.site, procedure, visit.lang()),
        declarations: Vec::new(),
        errors: Vec::new(),
        newer: Newer::of(&visit, &open),
    };
    visit.page(
        "citizen/draft_review.html",
        "Vérifiez vos réponses",
        "",
        &review,
    )
}

fn words(warnings: &[FieldError]) -> Vec<String> {
    let words = warnings.iter().map(|warning| warning.message.clone());
    words.collect()
}

/// Back to the first page that is not in order; a definition that gives nothing is our mistake.
fn mend(open: &Open, not_ready: NotReady) -> Result<HttpResponse, Error> {
    match not_ready {
        NotReady::Unfinished(faults) => {
            let page = faults.first().map_or("", |fault| fault.page.as_str());
            Ok(see_other(&open.url(&format!("pages/{page}"))))
        }
        broken => Err(Error::Internal(broken.to_string())),
    }
}

/// The check, for who comes back to the address its button posts to.
pub async fn back_to_check(code: web::Path<String>) -> HttpResponse {
    to(&code, "/verification")
}

/// The draft, for who comes back to an address one of its forms posts to.
pub async fn back(code: web::Path<String>) -> HttpResponse {
    to(&code, "")
}

fn to(code: &str, tail: &str) -> HttpResponse {
    see_other(&Code::parse(code).map_or_else(
        |_| "/reprendre".to_owned(),
        |code| format!("/brouillons/{}{tail}", code.compact()),
    ))
}

/// Sends the draft, once. Whoever sends it again, by a double click or a resent form, arrives at the
/// same confirmation.
pub async fn submit(posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit;
    // A save from another window between reading and sending: read again.
    for _ in 0..3 {
        let open = match find(&visit, &code).await? {
            Ok(open) => open,
            Err(Elsewhere::Sent(_)) => {
                let code = Code::parse(&code).map_err(|_| Error::NotFound)?;
                return Ok(see_other(&url(&code, "confirmation")));
            }
            Err(elsewhere) => return gone(&visit, &elsewhere),
        };
        let context = open.context(&visit);
        let answers = open.draft.answers();
        let complete: Complete =
            match form::validate_all(open.published.procedure(), &answers, &context) {
                Ok(complete) => complete,
                Err(not_ready) => return mend(&open, not_ready),
            };
        let confirmation = open.url("confirmation");
        let submission = Submission {
            site: Arc::clone(&visit.site),
            draft: open.draft,
            published: open.published,
            complete,
        };
        match visit.site.db.write(move |tx| submission.submit(tx)).await {
            Ok(_) => return Ok(see_other(&confirmation)),
            Err(SubmitError::Overtaken) => {}
            Err(SubmitError::Definition(cause)) => return Err(Error::Internal(cause)),
            Err(SubmitError::Db(error)) => return Err(error.into()),
        }
    }
    Err(Error::Overtaken)
}

#[derive(Serialize)]
struct Confirmation {
    request: Sent,
    fee: Option<Due>,
    next: Vec<String>,
    service: Contact,
}

/// What is to be paid.
#[derive(Serialize)]
struct Due {
    cents: i64,
    note: Option<String>,
}

#[derive(Serialize)]
struct Sent {
    reference: String,
    tracking_code: String,
    tracking_url: String,
    procedure_title: String,
    submitted_at: At,
    receipt_url: String,
    receipt_ready: bool,
    email: Option<String>,
    due_on: Option<chrono::NaiveDate>,
    due_label: Option<String>,
}

/// The reference in large type, what happens next and when.
pub async fn confirmation(visit: Visit, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let id = match find(&visit, &code).await? {
        Err(Elsewhere::Sent(id)) => id,
        Ok(open) => return Ok(see_other(&open.url("verification"))),
        Err(elsewhere) => return gone(&visit, &elsewhere),
    };
    let site = Arc::clone(&visit.site);
    let tracking_code = site.key.code(Purpose::Tracking, id);
    let sought = tracking_code.clone();
    let (request, papers) = site
        .db
        .read(move |conn| {
            let request = request::by_code(conn, &sought)?.ok_or(Error::NotFound)?;
            let papers = paper::of_request(conn, request.id)?;
            Ok::<_, Error>((request, papers))
        })
        .await?;
    let published = site.version(request.version_id)?;
    let receipt = papers.iter().find(|paper| paper.is_receipt());
    let total = request.facts().total;
    let payment = published.procedure().fee.as_ref().map(|fee| &fee.payment);
    let shown = Confirmation {
        fee: (total > 0).then(|| Due {
            cents: total,
            note: payment.and_then(|payment| views::given(payment, visit.lang())),
        }),
        next: next_sentences(&site, &published, &request, visit.lang()),
        service: views::contact(&site, &request.service, &request.authority),
        request: Sent {
            reference: request.shown_reference(),
            tracking_code: tracking_code.to_string(),
            tracking_url: tracking::url(&tracking_code),
            procedure_title: request.title.clone(),
            submitted_at: request.submitted_at,
            receipt_url: receipt
                .map(|paper| tracking::paper_url(&tracking_code, paper))
                .unwrap_or_default(),
            receipt_ready: receipt.is_some_and(|paper: &Paper| paper.sha256.is_some()),
            email: request.email.clone(),
            due_on: Some(request.due_on),
            due_label: None,
        },
    };
    visit.page(
        "citizen/confirmation.html",
        "Votre demande est envoyée",
        "",
        &shown,
    )
}

/// What happens next with these answers, sentence by sentence.
fn next_sentences(
    site: &Site,
    published: &Published,
    request: &Request,
    lang: &str,
) -> Vec<String> {
    let room = Room { site, published };
    let text = published
        .procedure()
        .page
        .next
        .after(&room.scope(request), lang);
    text.lines()
        .map(|line| {
            line.trim()
                .trim_start_matches("- ")
                .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
                .trim()
                .to_owned()
        })
        .filter(|line| !line.is_empty())
        .collect()
}
