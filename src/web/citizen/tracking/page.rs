//! The page of a request, for who holds its code: what is told, and how.

use super::said::{Said, file_url, said};
use super::timeline::{Entered, timeline};
use super::{Tracked, paper_url, url};
use crate::audit::{self, Event};
use crate::db::At;
use crate::definition::Secrecy;
use crate::definition::workflow::Outcome;
use crate::form::control::Control;
use crate::form::{self, FieldError, Typed};
use crate::request::attachment::{self, Owner};
use crate::request::message;
use crate::request::paper::{self, Paper};
use crate::request::room::Room;
use crate::request::{Request, decision};
use crate::web::citizen::uploads;
use crate::web::download::{Row, Rows};
use crate::web::error::Error;
use crate::web::views::{self, Contact, ErrorLine};
use crate::web::visit::Visit;
use actix_web::HttpResponse;
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    request: Shown,
    just: Option<&'static str>,
    question: Option<Question>,
    errors: Vec<ErrorLine>,
    decision: Option<Decision>,
    documents: Vec<Document>,
    timeline: Vec<Entered>,
    messages: Vec<Said>,
    message_form: Option<Writing>,
    sent: Vec<SentPage>,
    readings: Vec<Reading>,
    service: Contact,
}

#[derive(Serialize)]
struct SentPage {
    title: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Shown {
    reference: String,
    procedure_title: String,
    status: Status,
    #[serde(rename = "final")]
    closed: bool,
    submitted_at: At,
    receipt_url: Option<String>,
    withdraw_url: Option<String>,
    due_on: Option<chrono::NaiveDate>,
    paused: bool,
    secrecy: Secrecy,
}

#[derive(Serialize)]
struct Status {
    label: String,
    tone: &'static str,
}

#[derive(Serialize)]
struct Question {
    asked_at: At,
    text: String,
    due_on: Option<chrono::NaiveDate>,
    form_url: String,
    fields: Vec<Control>,
    message: Option<Control>,
    files: Option<Control>,
}

#[derive(Serialize)]
struct Decision {
    tone: &'static str,
    label: String,
    said: Vec<decision::Said>,
    appeal_html: Option<views::Html>,
}

#[derive(Serialize)]
struct Document {
    title: String,
    url: String,
    size: u64,
    issued_at: At,
    code: String,
    verification_url: String,
    /// It was asked for on paper.
    on_paper: bool,
    /// It can be taken from this page.
    given_here: bool,
    revoked: bool,
    reason: Option<String>,
}

#[derive(Serialize)]
struct Writing {
    url: String,
    text: Control,
    files: Option<Control>,
}

#[derive(Serialize)]
struct Reading {
    at: At,
    who: String,
}

/// What was typed on the page and has to be mended.
#[derive(Default)]
pub(super) struct Input {
    pub answer: Option<(Typed, Vec<FieldError>)>,
    pub message: Option<(String, Vec<FieldError>)>,
}

/// Draws it; again, with what was typed, when something has to be mended.
pub(super) async fn draw(
    visit: &Visit,
    tracked: &Tracked,
    just: Option<&'static str>,
    input: &Input,
) -> Result<HttpResponse, Error> {
    let id = tracked.request.id;
    let (events, papers, messages, files) = visit
        .site
        .db
        .read(move |conn| {
            Ok::<_, Error>((
                audit::of_request(conn, id)?,
                paper::of_request(conn, id)?,
                message::of_request(conn, id, false)?,
                attachment::of(conn, Owner::Request(id))?,
            ))
        })
        .await?;
    let site = &visit.site;
    let request = &tracked.request;
    let room = Room {
        site,
        published: &tracked.published,
    };
    let lang = request.language.as_str();
    let status = tracked.published.workflow().status(&request.status);
    let receipt = papers.iter().find(|p| p.is_receipt() && p.sha256.is_some());
    let withdraw = tracked
        .transition("withdraw")
        .map(|_| format!("{}/retrait", url(&tracked.code)));
    let question = tracked
        .answering()
        .map(|_| question(visit, tracked, &room, input))
        .transpose()?;
    let mut errors = match (&input.answer, &question) {
        (Some((_, faults)), Some(question)) => views::error_lines(&question.fields, faults),
        _ => Vec::new(),
    };
    let faults = input.message.iter().flat_map(|(_, faults)| faults.iter());
    errors.extend(faults.flat_map(|fault| views::errors(std::slice::from_ref(fault))));
    let shown = Page {
        request: Shown {
            reference: request.shown_reference(),
            procedure_title: request.title.clone(),
            status: Status {
                label: status.map_or_else(String::new, |s| s.citizen.get(lang).to_owned()),
                tone: tone(request, question.is_some()),
            },
            closed: request.closed_at.is_some(),
            submitted_at: request.submitted_at,
            receipt_url: receipt.map(|paper| paper_url(&tracked.code, paper)),
            withdraw_url: withdraw,
            due_on: Some(request.due_on),
            paused: request.paused_since.is_some(),
            secrecy: request.secrecy(),
        },
        just,
        question,
        decision: decided(visit, tracked),
        documents: documents(visit, tracked, &room, &papers),
        timeline: timeline(&tracked.published, request, &events),
        messages: messages
            .iter()
            .map(|m| said(m, &service_name(visit, request), &tracked.code, &files))
            .collect(),
        message_form: request.closed_at.is_none().then(|| writing(tracked, input)),
        sent: sent(visit, tracked, &room),
        readings: readings(&events, &service_name(visit, request)),
        service: views::contact(site, &request.service, &request.authority),
        errors,
    };
    let title = format!("Demande {}", request.shown_reference());
    if shown.errors.is_empty() {
        visit.page("citizen/tracking.html", &title, "tracking", &shown)
    } else {
        visit.page_again("citizen/tracking.html", &title, "tracking", &shown)
    }
}

fn service_name(visit: &Visit, request: &Request) -> String {
    visit
        .site
        .service(&request.service)
        .map_or_else(String::new, |service| service.name.clone())
}

/// The colour of a status.
pub fn tone(request: &Request, asked: bool) -> &'static str {
    match request.outcome() {
        Some(Outcome::Granted) => "good",
        Some(Outcome::Refused) => "bad",
        Some(Outcome::Withdrawn | Outcome::Expired) => "neutral",
        None if asked => "warning",
        None => "accent",
    }
}

fn question(
    visit: &Visit,
    tracked: &Tracked,
    room: &Room,
    input: &Input,
) -> Result<Question, Error> {
    let facts = tracked.request.facts();
    let answers = tracked.request.answers();
    let nothing = Typed::default();
    let (posted, faults) = match &input.answer {
        Some((typed, faults)) => (Some(typed), faults.as_slice()),
        None => (None, [].as_slice()),
    };
    let correction = tracked.correction(visit, posted.unwrap_or(&nothing))?;
    let (asked, typed) = if posted.is_some() {
        let asked = form::correctable(&correction.journey, &facts.to_correct, &correction.brought);
        (asked, correction.kept)
    } else {
        let context = room.context_of_sending(&tracked.request);
        let procedure = tracked.published.procedure();
        let journey = form::Journey::submitted(procedure, &answers, &context);
        let asked = form::correctable(&journey, &facts.to_correct, &[]);
        let typed = journey.shown(&asked);
        (asked, typed)
    };
    let controls = form::Controls {
        typed: &typed,
        answers: &answers,
        errors: faults,
        lang: visit.lang(),
        upload_url: None,
    };
    let mut message = views::control(
        "textarea",
        "answer",
        "Votre réponse",
        typed.raw("answer").unwrap_or_default(),
    );
    message.max_length = Some(2_000);
    message.required = facts.to_correct.is_empty();
    message.error = fault_of(faults, "answer");
    Ok(Question {
        asked_at: tracked.request.status_at,
        text: facts.question.unwrap_or_default(),
        due_on: None,
        form_url: format!("{}/reponses", url(&tracked.code)),
        fields: controls.of(&asked),
        message: Some(message),
        files: Some(loose(uploads::ANSWERED, faults)),
    })
}

/// Files that go with words, not with a question of the form.
fn loose(name: &str, faults: &[FieldError]) -> Control {
    let mut files = views::control("files", name, "Joindre un fichier", "");
    files.required = false;
    files.max_files = uploads::MOST_ANSWERED;
    files.max_size = 20_000_000;
    files.accept = crate::blob::Accept::default().attribute();
    files.error = fault_of(faults, name);
    files
}

fn fault_of(faults: &[FieldError], name: &str) -> Option<String> {
    let found = faults.iter().find(|fault| fault.name == name);
    found.map(|fault| fault.message.clone())
}

/// What was decided, every answer of it.
fn decided(visit: &Visit, tracked: &Tracked) -> Option<Decision> {
    let request = &tracked.request;
    let (tone, label) = match request.outcome()? {
        Outcome::Granted => ("good", "Réponse du service"),
        Outcome::Refused => ("bad", "Votre demande est refusée"),
        Outcome::Withdrawn | Outcome::Expired => return None,
    };
    let said = decision::said(request, &tracked.published, &request.language);
    let procedure = tracked.published.procedure();
    let authority = visit.site.authority(&request.authority);
    let appeal = procedure.appeal(authority, &request.language);
    let appeal = appeal.filter(|_| tone == "bad");
    let shown = tone == "bad" || !said.is_empty();
    shown.then(|| Decision {
        tone,
        label: label.to_owned(),
        said,
        appeal_html: appeal.and_then(views::html),
    })
}

fn documents(visit: &Visit, tracked: &Tracked, room: &Room, papers: &[Paper]) -> Vec<Document> {
    let issued = papers
        .iter()
        .filter(|paper| !paper.is_receipt() && paper.sha256.is_some());
    issued
        .map(|paper| {
            let code = paper.code(&visit.site.key);
            Document {
                title: paper.title.clone(),
                url: paper_url(&tracked.code, paper),
                size: u64::try_from(paper.size.unwrap_or_default()).unwrap_or_default(),
                issued_at: paper.issued_at,
                code: code.to_string(),
                verification_url: format!("/verification/{}", code.compact()),
                on_paper: !room.is_online(&tracked.request, paper),
                given_here: room.is_given_here(&tracked.request, paper),
                revoked: paper.revoked_at.is_some(),
                reason: paper.revoked_reason.clone(),
            }
        })
        .collect()
}

/// The answers as they are now, page by page.
fn sent(visit: &Visit, tracked: &Tracked, room: &Room) -> Vec<SentPage> {
    let answers = tracked.request.answers();
    let context = room.context_of_sending(&tracked.request);
    let journey = form::Journey::submitted(tracked.published.procedure(), &answers, &context);
    let files = |id: &str| file_url(&tracked.code, id);
    let rows = Rows {
        file_url: &files,
        reveal_url: None,
        digests: false,
    };
    let pages = form::summary(&journey, visit.lang());
    let shown = pages.into_iter().map(|page| SentPage {
        title: page.title.clone(),
        rows: rows.of(&page.rows),
    });
    shown.collect()
}

/// Who opened a social request: the service, never an agent's name.
fn readings(events: &[Event], service: &str) -> Vec<Reading> {
    events
        .iter()
        .rev()
        .filter(|event| event.kind == "read" || event.kind == "revealed")
        .take(50)
        .map(|event| Reading {
            at: event.at,
            who: format!("Un agent du service {service}"),
        })
        .collect()
}

fn writing(tracked: &Tracked, input: &Input) -> Writing {
    let (typed, faults) = match &input.message {
        Some((typed, faults)) => (typed.as_str(), faults.as_slice()),
        None => ("", [].as_slice()),
    };
    let mut text = views::control("textarea", "message", "Votre message", typed);
    text.max_length = Some(message::LONGEST);
    text.error = fault_of(faults, "message");
    Writing {
        url: format!("{}/messages", url(&tracked.code)),
        text,
        files: Some(loose(uploads::WRITTEN, faults)),
    }
}
