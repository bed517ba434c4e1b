//! The page of a small form: of a step, of a revocation, of a forced state. Only the words differ.

use super::requests::{Opened, url};
use super::transitions::preview::Preview;
use super::{Agent, Desk};
use crate::form::control::Control;
use crate::request::Request;
use crate::web::download::{Row, Rows};
use crate::web::error::Error;
use crate::web::views::ErrorLine;
use actix_web::HttpResponse;
use serde::Serialize;

/// What the form does, and where it is sent.
#[derive(Serialize)]
pub struct Words {
    pub label: String,
    pub explain: Option<String>,
    pub confirm_label: String,
    pub tone: &'static str,
    pub form_url: String,
    /// Whether the citizen is told of it.
    pub warns_citizen: bool,
}

/// What stands in the form.
#[derive(Default)]
pub struct Content {
    pub fields: Vec<Control>,
    pub errors: Vec<ErrorLine>,
    /// How far the agent read the request.
    pub seen: Option<usize>,
    /// What happened since, when something did: the form asks again.
    pub meanwhile: Vec<String>,
    /// The documents that can be looked at before.
    pub previews: Vec<Preview>,
}

#[derive(Serialize)]
struct Page<'a> {
    desk: Desk,
    request: Heading,
    transition: Words,
    fields: &'a [Control],
    errors: &'a [ErrorLine],
    seen: Option<usize>,
    meanwhile: &'a [String],
    reached: Option<String>,
    previews: &'a [Preview],
    /// What is decided about.
    answer_pages: Vec<AnswerPage>,
}

#[derive(Serialize)]
struct AnswerPage {
    title: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Heading {
    reference: String,
    url: String,
    procedure_title: String,
    applicant: String,
}

/// Draws it; again, when something has to be mended or confirmed.
pub fn page(
    agent: &Agent,
    opened: &Opened,
    words: Words,
    content: &Content,
) -> Result<HttpResponse, Error> {
    let request = &opened.request;
    let title = words.label.clone();
    let shown = Page {
        desk: Desk::default(),
        request: Heading {
            reference: request.shown_reference(),
            url: agent.at(url(request.id)),
            procedure_title: request.title.clone(),
            applicant: request.applicant.clone(),
        },
        reached: words.warns_citizen.then(|| reached(request)),
        transition: words,
        fields: &content.fields,
        errors: &content.errors,
        seen: content.seen,
        meanwhile: &content.meanwhile,
        previews: &content.previews,
        answer_pages: answers(agent, opened),
    };
    let template = "agent/transition.html";
    if content.errors.is_empty() && content.meanwhile.is_empty() {
        agent.visit.page(template, &title, "queue", &shown)
    } else {
        agent.visit.page_again(template, &title, "queue", &shown)
    }
}

/// The answers, to be read while one decides; what is masked is uncovered on the request's own page.
fn answers(agent: &Agent, opened: &Opened) -> Vec<AnswerPage> {
    let request = opened.request.id;
    let file_url = |file: &str| format!("{}/fichiers/{file}", url(request));
    let rows = Rows {
        file_url: &file_url,
        reveal_url: None,
        digests: false,
    };
    let pages = opened.summary(agent).into_iter();
    pages
        .map(|page| AnswerPage {
            rows: rows.of(&page.rows),
            title: page.title,
        })
        .collect()
}

/// How the citizen learns of it, in a sentence.
fn reached(request: &Request) -> String {
    match (&request.email, &request.phone) {
        (Some(email), _) => {
            format!("Le citoyen sera averti à {email}, et sur sa page de suivi.")
        }
        (None, Some(phone)) => format!(
            "Le citoyen n’a pas donné d’adresse électronique\u{a0}: prévenez-le au {phone}, en respectant les précautions qu’il demande. Il le lira aussi sur sa page de suivi."
        ),
        (None, None) => "Le citoyen n’a donné ni adresse électronique ni téléphone\u{a0}: il le lira sur sa page de suivi.".to_owned(),
    }
}

/// One line under the error summary, of a field of ours.
pub fn error(field: &Control) -> Option<ErrorLine> {
    Some(ErrorLine {
        field_id: field.id.clone(),
        message: field.error.clone()?,
    })
}
