//! The page of a request, as `templates/agent/request.html` is told it.

use super::super::deadline::Badge;
use super::super::{Agent, Desk};
use super::side::{Assign, Assignee, DeadlineBox, Move, Next, Position, Value};
use super::{Opened, decided, side, timeline, url};
use crate::audit::{self, Event};
use crate::db::{At, Conn, Id};
use crate::definition::Secrecy;
use crate::form::control::Control;
use crate::form::summary::SummaryPage;
use crate::identity::{Agent as Account, membership};
use crate::queue::{Beside, Queue};
use crate::request::Confirmed;
use crate::request::attachment::{self, Attachment, Owner};
use crate::request::message::{self, Message};
use crate::request::paper::{self, Paper};
use crate::web::citizen::tracking::said::Said;
use crate::web::citizen::tracking::timeline::Entered;
use crate::web::download::{File, Row, Rows, Uncovered};
use crate::web::error::Error;
use crate::web::views::{self, ErrorLine};
use actix_web::HttpResponse;
use serde::Serialize;
use std::collections::HashMap;

/// What the page says beside the request itself.
#[derive(Default)]
pub struct Notice {
    /// What was just done.
    pub done: Option<String>,
    /// Why something was not done.
    pub refused: Option<String>,
    /// The answer that is uncovered.
    pub revealed: Option<String>,
    /// A message that has to be mended: what was typed, and how.
    pub message: Option<(String, String)>,
    /// The same for a note.
    pub note: Option<(String, String)>,
}

#[derive(Serialize)]
struct Page {
    desk: Desk,
    request: Shown,
    position: Option<Position>,
    next: Option<Next>,
    deadline: Option<DeadlineBox>,
    decision: Option<decided::Decided>,
    confirmed: Vec<Confirmed>,
    answer_pages: Vec<AnswerPage>,
    attachments: Vec<File>,
    documents: Vec<Document>,
    transitions: Vec<Move>,
    assign: Option<Assign>,
    conversation: Vec<Said>,
    timeline: Vec<Entered>,
    message_form: Option<Writing>,
    note_form: Option<Writing>,
    errors: Vec<ErrorLine>,
    refused: Option<String>,
    done: Option<String>,
}

#[derive(Serialize)]
struct Shown {
    reference: String,
    url: String,
    procedure_title: String,
    procedure_version: i32,
    submitted_at: At,
    channel: &'static str,
    secrecy: Secrecy,
    status: Status,
    urgent: bool,
    applicant: String,
    queue: InQueue,
    why_here: String,
    assignee: Option<Assignee>,
    /// Who had it when the page was drawn, for the forms that change that.
    assignee_id: Option<Id>,
    take_url: Option<String>,
    release_url: Option<String>,
    /// For heads: another state than the workflow foresees.
    state_url: Option<String>,
    receipt_url: Option<String>,
    internal_values: Vec<Value>,
}

#[derive(Serialize)]
struct Status {
    #[serde(flatten)]
    badge: Badge,
    #[serde(rename = "final")]
    closed: bool,
}

#[derive(Serialize)]
struct InQueue {
    name: String,
    url: String,
}

#[derive(Serialize)]
struct AnswerPage {
    title: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Document {
    title: String,
    /// None while it is being printed.
    url: Option<String>,
    size: u64,
    issued_at: At,
    code: String,
    revoked: bool,
    reason: Option<String>,
    revoke_url: Option<String>,
}

#[derive(Serialize)]
struct Writing {
    url: String,
    text: Control,
}

/// Everything about the request that lies in other tables.
pub struct Around {
    pub events: Vec<Event>,
    pub papers: Vec<Paper>,
    messages: Vec<Message>,
    attachments: Vec<Attachment>,
    pub colleagues: Vec<Account>,
    pub names: HashMap<Id, String>,
    pub beside: Beside,
    /// The reference of the one after, as it is shown.
    pub next: Option<String>,
}

/// Answers the page.
pub async fn page(agent: &Agent, opened: &Opened, notice: &Notice) -> Result<HttpResponse, Error> {
    let around = around(agent, opened).await?;
    let request = &opened.request;
    let summary = opened.summary(agent);
    let open = request.closed_at.is_none();
    let shown = Page {
        desk: Desk::default(),
        request: head(agent, opened, &around),
        position: (open || agent.list.is_some()).then(|| side::position(agent, &around)),
        next: (notice.done.is_some() && !open).then(|| side::next(agent, opened, &around)),
        deadline: Some(side::deadline(agent, opened)),
        decision: decided::of(agent, opened, &around),
        confirmed: request.facts().confirmed,
        attachments: loose(request.id, &summary, &around.attachments),
        answer_pages: answers(request.id, summary, notice),
        documents: documents(agent, opened, &around.papers),
        transitions: side::transitions(agent, opened),
        assign: side::assign(agent, opened, &around),
        conversation: conversation(opened, &around),
        timeline: timeline::of(agent, opened, &around),
        message_form: (open || notice.message.is_some())
            .then(|| writing(agent, request.id, "messages", notice.message.as_ref())),
        note_form: Some(writing(agent, request.id, "notes", notice.note.as_ref())),
        errors: errors(notice),
        refused: notice.refused.clone(),
        done: notice.done.clone(),
    };
    let title = format!("Demande {}", request.shown_reference());
    if shown.errors.is_empty() && shown.refused.is_none() {
        agent
            .visit
            .page("agent/request.html", &title, "queue", &shown)
    } else {
        agent
            .visit
            .page_again("agent/request.html", &title, "queue", &shown)
    }
}

/// What happened to the request since the agent read that far, in sentences.
pub async fn meanwhile(agent: &Agent, opened: &Opened, seen: usize) -> Result<Vec<String>, Error> {
    let around = around(agent, opened).await?;
    Ok(timeline::since(agent, opened, &around, seen))
}

async fn around(agent: &Agent, opened: &Opened) -> Result<Around, Error> {
    let queue = Queue::of(&agent.visit.site, &agent.scope);
    let (scope, id) = (agent.scope.clone(), opened.request.id);
    let service = opened.request.service.clone();
    let list = side::list(agent, &opened.request);
    let place = side::place(&opened.request, list.view);
    let assignee = opened.request.assignee;
    let work = move |conn: &mut Conn| {
        let events = audit::of_request(conn, id)?;
        let mut people = timeline::people(&events);
        people.extend(assignee);
        let beside = queue.beside(conn, &list, &place)?;
        Ok::<_, Error>(Around {
            papers: paper::of_request(conn, id)?,
            messages: message::of_request(conn, id, true)?,
            attachments: attachment::of(conn, Owner::Request(id))?,
            colleagues: membership::colleagues(conn, &scope, &service)?,
            names: Account::names(conn, &people)?,
            next: match beside.1 {
                Some(id) => queue.reference(conn, id)?,
                None => None,
            },
            beside,
            events,
        })
    };
    agent.visit.site.db.read(work).await
}

fn head(agent: &Agent, opened: &Opened, around: &Around) -> Shown {
    let request = &opened.request;
    let (me, open) = (agent.scope.agent().id, request.closed_at.is_none());
    let mine = request.assignee == Some(me);
    let lets_go = mine || (request.assignee.is_some() && agent.scope.is_head(&request.service));
    let hands = |whose: &str| agent.at(side::hands_url(request.id, whose));
    let takes = !mine && !side::taken_by_a_move(agent, opened);
    let (list_url, list_name) = side::back(agent, opened);
    let receipt = around
        .papers
        .iter()
        .find(|p| p.is_receipt() && p.sha256.is_some());
    Shown {
        reference: request.shown_reference(),
        url: url(request.id),
        procedure_title: request.title.clone(),
        procedure_version: opened.published.number,
        submitted_at: request.submitted_at,
        channel: "en ligne",
        secrecy: request.secrecy(),
        status: Status {
            badge: side::status(opened, agent.visit.lang()),
            closed: !open,
        },
        urgent: open && request.urgent,
        applicant: request.applicant.clone(),
        queue: InQueue {
            name: list_name,
            url: list_url,
        },
        why_here: side::why_here(agent, opened, around),
        assignee: side::assignee(around, request.assignee, me),
        assignee_id: request.assignee,
        take_url: (open && takes).then(|| hands("moi")),
        release_url: (open && lets_go).then(|| hands("personne")),
        state_url: agent
            .scope
            .is_head(&request.service)
            .then(|| format!("{}/etat", url(request.id))),
        receipt_url: receipt.map(|paper| format!("{}/documents/{}", url(request.id), paper.id)),
        internal_values: side::values(opened),
    }
}

fn file_url(request: Id, file: impl std::fmt::Display) -> String {
    format!("{}/fichiers/{file}", url(request))
}

fn answers(request: Id, pages: Vec<SummaryPage>, notice: &Notice) -> Vec<AnswerPage> {
    let file_url = |file: &str| file_url(request, file);
    let reveal = |field: &str| {
        if notice.revealed.as_deref() == Some(field) {
            Uncovered::Shown
        } else {
            Uncovered::At(format!("{}/reponses/{field}", url(request)))
        }
    };
    let rows = Rows {
        file_url: &file_url,
        reveal_url: Some(&reveal),
        digests: true,
    };
    pages
        .into_iter()
        .map(|page| AnswerPage {
            rows: rows.of(&page.rows),
            title: page.title,
        })
        .collect()
}

/// The files that answer no question: sent with an answer to the service.
fn loose(request: Id, pages: &[SummaryPage], all: &[Attachment]) -> Vec<File> {
    let answered = |id: &str| {
        let mut files = pages
            .iter()
            .flat_map(|page| &page.rows)
            .flat_map(|row| &row.files);
        files.any(|file| file.id == id)
    };
    all.iter()
        .filter(|file| !answered(&file.id.to_string()))
        .map(|file| link(request, file))
        .collect()
}

fn link(request: Id, file: &Attachment) -> File {
    File {
        name: file.name.clone(),
        url: file_url(request, file.id),
        size: u64::try_from(file.size).unwrap_or_default(),
        media_type: file.media_type.clone(),
        sha256: Some(file.sha256.clone()),
    }
}

/// The files the citizen sent with those words: they were kept in the same instant.
fn sent_with(request: Id, message: &Message, all: &[Attachment]) -> Vec<File> {
    all.iter()
        .filter(|file| message.author == "citizen" && file.created_at == message.at)
        .map(|file| link(request, file))
        .collect()
}

fn documents(agent: &Agent, opened: &Opened, papers: &[Paper]) -> Vec<Document> {
    let key = &agent.visit.site.key;
    let request = opened.request.id;
    let heads = agent.scope.is_head(&opened.request.service);
    let issued = papers.iter().filter(|paper| !paper.is_receipt());
    issued
        .map(|paper| Document {
            title: paper.title.clone(),
            url: paper
                .sha256
                .as_ref()
                .map(|_| format!("{}/documents/{}", url(request), paper.id)),
            size: u64::try_from(paper.size.unwrap_or_default()).unwrap_or_default(),
            issued_at: paper.issued_at,
            code: paper.code(key).to_string(),
            revoked: paper.revoked_at.is_some(),
            reason: paper.revoked_reason.clone(),
            revoke_url: (heads && paper.revoked_at.is_none())
                .then(|| format!("{}/documents/{}/annulation", url(request), paper.id)),
        })
        .collect()
}

fn conversation(opened: &Opened, around: &Around) -> Vec<Said> {
    let said = |message: &Message| {
        let from = match (message.inside, message.author.as_str()) {
            (true, _) => "note",
            (false, "citizen") => "citizen",
            (false, _) => "service",
        };
        let author = match &message.agent_name {
            Some(name) => name.clone(),
            None if from == "citizen" => opened.request.applicant.clone(),
            None => "Le guichet".to_owned(),
        };
        Said {
            from,
            author,
            at: message.at,
            text: message.body.clone(),
            files: sent_with(opened.request.id, message, &around.attachments),
        }
    };
    around.messages.iter().map(said).collect()
}

fn writing(
    agent: &Agent,
    request: Id,
    to: &'static str,
    mend: Option<&(String, String)>,
) -> Writing {
    let typed = mend.map_or("", |(typed, _)| typed.as_str());
    let (name, label) = match to {
        "notes" => ("note", "Votre note"),
        _ => ("message", "Votre message"),
    };
    let mut text = views::control("textarea", name, label, typed);
    text.max_length = Some(message::LONGEST);
    text.error = mend.map(|(_, how)| how.clone());
    Writing {
        url: agent.at(format!("{}/{to}", url(request))),
        text,
    }
}

fn errors(notice: &Notice) -> Vec<ErrorLine> {
    let line = |field_id: &str, message: &String| ErrorLine {
        field_id: field_id.to_owned(),
        message: message.clone(),
    };
    let mut all: Vec<ErrorLine> = Vec::new();
    all.extend(notice.message.iter().map(|(_, how)| line("message", how)));
    all.extend(notice.note.iter().map(|(_, how)| line("note", how)));
    all
}
