//! Following a request. `GET /suivi` asks for the code · `GET /suivi/{code}` shows where it stands, who
//! has it and by when · `POST …/reponses` answers a question · `POST …/messages` writes to the service.

use super::drafts::{MOST_WRONG, count_wrong, refuse, wrong_key};
use super::uploads::{self};
use crate::audit::{self, Actor, Event};
use crate::db::At;
use crate::definition::Secrecy;
use crate::definition::workflow::{Outcome, Role, Transition};
use crate::form::control::Control;
use crate::form::{self, FieldError, Typed};
use crate::limit;
use crate::request::message::{self, Body, Message, WriteError};
use crate::request::moves::{MoveError, Room};
use crate::request::paper::{self, Paper};
use crate::request::{self, Request};
use crate::secret::Code;
use crate::site::shelf::Published;
use crate::web::download::File;
use crate::web::error::Error;
use crate::web::input::Posted;
use crate::web::views::{self, Contact, ErrorLine};
use crate::web::visit::{Visit, see_other};
use crate::workflow::Happened;
use actix_web::{HttpResponse, web};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A request opened by its code.
pub struct Tracked {
    pub request: Request,
    pub published: Arc<Published>,
    pub code: Code,
}

/// The address of a request, for who holds its code.
pub fn url(code: &Code) -> String {
    format!("/suivi/{}", code.compact())
}

/// The address of a paper, for who holds the request's code.
pub fn paper_url(code: &Code, paper: &Paper) -> String {
    format!("{}/documents/{}", url(code), paper.id)
}

/// Refuses an address that typed too many wrong codes.
pub async fn not_too_often(visit: &Visit) -> Result<(), Error> {
    let (key, now) = (wrong_key(visit), At::new(visit.site.db.clock().now()));
    let window = Duration::minutes(10);
    let verdict = visit
        .site
        .db
        .read(move |conn| Ok::<_, Error>(limit::look(conn, &key, MOST_WRONG, window, now)?))
        .await?;
    refuse(verdict)
}

/// The request of a code; a wrong one is counted, and is simply not there.
pub async fn find(visit: &Visit, code: &str) -> Result<Tracked, Error> {
    not_too_often(visit).await?;
    let found = match Code::parse(code) {
        Ok(code) => {
            let sought = code.clone();
            let request = visit
                .site
                .db
                .read(move |conn| Ok::<_, Error>(request::by_code(conn, &sought)?))
                .await?;
            request.map(|request| (request, code))
        }
        Err(_) => None,
    };
    let Some((request, code)) = found else {
        count_wrong(visit).await?;
        return Err(Error::NotFound);
    };
    let published = visit.site.version(request.version_id)?;
    Ok(Tracked {
        request,
        published,
        code,
    })
}

impl Tracked {
    /// The transition of that id, when the citizen may take it now.
    pub fn transition(&self, id: &str) -> Option<&Transition> {
        self.published
            .workflow()
            .transition(id)
            .filter(|transition| {
                self.request.closed_at.is_none()
                    && transition.by.contains(&Role::Citizen)
                    && transition
                        .from
                        .iter()
                        .any(|from| **from == self.request.status)
            })
    }

    /// The way back from a status that asks: the first transition of the citizen that is not the
    /// withdrawal.
    fn answering(&self) -> Option<&Transition> {
        let asks = self
            .published
            .workflow()
            .status(&self.request.status)
            .is_some_and(|status| status.asks_citizen);
        let transitions = &self.published.workflow().transitions;
        transitions
            .iter()
            .filter(|transition| asks && *transition.id != "withdraw")
            .find(|transition| self.transition(&transition.id).is_some())
    }
}

/// What was typed.
#[derive(Deserialize)]
pub struct Query {
    code: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    code: Control,
    errors: Vec<ErrorLine>,
}

/// Asks for the code, or opens it.
pub async fn entry(visit: Visit, query: web::Query<Query>) -> Result<HttpResponse, Error> {
    let typed = query.code.as_deref().unwrap_or_default().trim().to_owned();
    let mut message = None;
    if query.code.is_some() {
        match find(&visit, &typed).await {
            Ok(tracked) => return Ok(see_other(&url(&tracked.code))),
            Err(Error::NotFound) => {
                message = Some(
                    "Aucune demande ne correspond à ce code. Vérifiez chaque caractère\u{a0}: il y en a 16.",
                );
            }
            Err(error) => return Err(error),
        }
    }
    let mut code = views::control("text", "code", "Code de suivi", &typed);
    code.hint = Some("16 lettres et chiffres, par exemple 7K4M-2P93-QX8T-B5WD".to_owned());
    code.width = "medium";
    code.error = message.map(str::to_owned);
    let errors = message
        .map(|message| ErrorLine {
            field_id: code.id.clone(),
            message: message.to_owned(),
        })
        .into_iter()
        .collect();
    visit.page(
        "citizen/tracking_entry.html",
        "Suivre ma demande",
        "tracking",
        &Entry { code, errors },
    )
}

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
    readings: Vec<Reading>,
    service: Contact,
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
    reason: Option<String>,
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
    revoked: bool,
}

/// A line of the timeline.
#[derive(Serialize)]
pub struct Entered {
    pub label: String,
    pub at: Option<At>,
    pub note: Option<String>,
    pub state: &'static str,
}

/// A message as pages show it.
#[derive(Serialize)]
pub struct Said {
    pub from: &'static str,
    pub author: String,
    pub at: At,
    pub text: String,
    pub files: Vec<File>,
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

/// What was just done, in the address the browser was sent to.
#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    fait: Option<String>,
}

/// Where a request stands.
pub async fn show(
    visit: Visit,
    code: web::Path<String>,
    done: web::Query<Done>,
) -> Result<HttpResponse, Error> {
    let tracked = find(&visit, &code).await?;
    let just = match done.fait.as_deref() {
        Some("reponse") => Some("answered"),
        Some("message") => Some("message"),
        Some("retrait") if tracked.request.closed_at.is_some() => Some("withdrawn"),
        _ => None,
    };
    page(&visit, &tracked, just, &Input::default()).await
}

/// What was typed on the page and has to be mended.
#[derive(Default)]
struct Input {
    answer: Option<(Typed, Vec<FieldError>)>,
    message: Option<(String, String)>,
}

async fn page(
    visit: &Visit,
    tracked: &Tracked,
    just: Option<&'static str>,
    input: &Input,
) -> Result<HttpResponse, Error> {
    let id = tracked.request.id;
    let (events, papers, messages) = visit
        .site
        .db
        .read(move |conn| {
            Ok::<_, Error>((
                audit::of_request(conn, id)?,
                paper::of_request(conn, id)?,
                message::of_request(conn, id, false)?,
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
        .map(|_| question(visit, tracked, &room, input));
    let mut errors: Vec<ErrorLine> = input
        .answer
        .iter()
        .flat_map(|(_, faults)| views::errors(faults))
        .collect();
    errors.extend(input.message.iter().map(|(_, message)| ErrorLine {
        field_id: "message".to_owned(),
        message: message.clone(),
    }));
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
        decision: decision(request),
        documents: documents(visit, tracked, &papers),
        timeline: timeline(&tracked.published, request, &events),
        messages: messages
            .iter()
            .map(|m| said(m, &service_name(visit, request)))
            .collect(),
        message_form: request.closed_at.is_none().then(|| writing(tracked, input)),
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

fn question(visit: &Visit, tracked: &Tracked, room: &Room, input: &Input) -> Question {
    let facts = tracked.request.facts();
    let context = room.context(&tracked.request);
    let answers = tracked.request.answers();
    let journey = form::Journey::submitted(tracked.published.procedure(), &answers, &context);
    let asked = form::correctable(&journey, &facts.to_correct, &[]);
    let shown = journey.shown(&asked);
    let (typed, faults) = match &input.answer {
        Some((typed, faults)) => (typed, faults.as_slice()),
        None => (&shown, [].as_slice()),
    };
    let controls = form::Controls {
        typed,
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
    message.error = faults
        .iter()
        .find(|f| f.name == "answer")
        .map(|f| f.message.clone());
    let mut files = views::control("files", "answer_files", "Joindre un fichier", "");
    files.required = false;
    files.max_files = uploads::MOST_ANSWERED;
    files.max_size = 20_000_000;
    files.accept = crate::blob::Accept::default().attribute();
    files.upload_url = Some(String::new());
    files.error = faults
        .iter()
        .find(|f| f.name == "answer_files")
        .map(|f| f.message.clone());
    Question {
        asked_at: tracked.request.status_at,
        text: facts.question.unwrap_or_default(),
        due_on: None,
        form_url: format!("{}/reponses", url(&tracked.code)),
        fields: controls.of(&asked),
        message: Some(message),
        files: Some(files),
    }
}

fn decision(request: &Request) -> Option<Decision> {
    let form = request.facts().form;
    let words = |name: &str| {
        form.get(name)
            .and_then(|value| value.as_str())
            .map(str::to_owned)
    };
    match request.outcome()? {
        Outcome::Granted => words("decision").map(|reason| Decision {
            tone: "good",
            label: "Réponse du service".to_owned(),
            reason: Some(reason),
            appeal_html: None,
        }),
        Outcome::Refused => Some(Decision {
            tone: "bad",
            label: "Votre demande est refusée".to_owned(),
            reason: words("reason"),
            appeal_html: None,
        }),
        Outcome::Withdrawn | Outcome::Expired => None,
    }
}

fn documents(visit: &Visit, tracked: &Tracked, papers: &[Paper]) -> Vec<Document> {
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
                revoked: paper.revoked_at.is_some(),
            }
        })
        .collect()
}

/// The steps that were taken, and the one that is expected.
pub fn timeline(published: &Published, request: &Request, events: &[Event]) -> Vec<Entered> {
    let workflow = published.workflow();
    let lang = request.language.as_str();
    let mut entries: Vec<Entered> = events
        .iter()
        .filter(|event| event.public && event.kind == "step")
        .filter_map(|event| {
            let step: crate::workflow::Event = event.data.read().ok()?;
            let status = workflow.status(&step.to)?;
            let told = match &step.what {
                Happened::Taken { transition, .. } => workflow
                    .transition(transition)
                    .map(|t| t.told.get(lang).to_owned()),
                _ => None,
            };
            Some(Entered {
                label: status.citizen.get(lang).to_owned(),
                at: Some(event.at),
                note: told.filter(|told| !told.is_empty()),
                state: "done",
            })
        })
        .collect();
    if request.closed_at.is_none()
        && let Some(last) = entries.last_mut()
    {
        last.state = "now";
        let next = workflow
            .status(&request.status)
            .map(|status| status.next.get(lang));
        if let Some(next) = next.filter(|next| !next.is_empty()) {
            entries.push(Entered {
                label: "Et ensuite".to_owned(),
                at: None,
                note: Some(next.to_owned()),
                state: "next",
            });
        }
    }
    entries
}

/// A message, its author named as the reader knows them.
fn said(message: &Message, service: &str) -> Said {
    let citizen = message.author == "citizen";
    Said {
        from: if citizen { "citizen" } else { "service" },
        author: if citizen {
            "Vous".to_owned()
        } else {
            service.to_owned()
        },
        at: message.at,
        text: message.body.clone(),
        files: Vec::new(),
    }
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
    let typed = input
        .message
        .as_ref()
        .map_or("", |(typed, _)| typed.as_str());
    let mut text = views::control("textarea", "message", "Votre message", typed);
    text.max_length = Some(message::LONGEST);
    text.error = input.message.as_ref().map(|(_, message)| message.clone());
    Writing {
        url: format!("{}/messages", url(&tracked.code)),
        text,
        files: None,
    }
}

/// Answers the question: words, corrected answers, files.
pub async fn answer(mut posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let tracked = find(&visit, &code).await?;
    let back = format!("{}?fait=reponse", url(&tracked.code));
    let Some(transition) = tracked.answering().map(|t| t.id.to_string()) else {
        // Answered already: a double click, or another window.
        return Ok(see_other(&url(&tracked.code)));
    };
    let typed = Typed::parse(std::mem::take(&mut posted.pairs)).map_err(|_| Error::TooLarge)?;
    let mut faults = Vec::new();
    let words = match Body::parse(typed.raw("answer").unwrap_or_default()) {
        Ok(words) => Some(words),
        Err(WriteError::Empty) => None,
        Err(error) => {
            faults.push(fault("answer", words_of(&error)));
            None
        }
    };
    let site = Arc::clone(&visit.site);
    let corrected = {
        let room = Room {
            site: &site,
            published: &tracked.published,
        };
        let to_correct = tracked.request.facts().to_correct;
        let context = room.context(&tracked.request);
        let answers = tracked.request.answers();
        let outcome = form::correct(
            tracked.published.procedure(),
            &answers,
            &to_correct,
            &typed,
            &context,
        );
        if to_correct.is_empty() {
            None
        } else {
            faults.extend(outcome.errors.clone());
            let changed = outcome.journey.final_answers();
            (changed != answers).then_some((changed, to_correct))
        }
    };
    let files = match uploads::take_loose(&mut posted) {
        Ok(files) => files,
        Err(message) => {
            faults.push(fault("answer_files", message));
            Vec::new()
        }
    };
    if words.is_none() && corrected.is_none() && files.is_empty() && faults.is_empty() {
        faults.push(fault(
            "answer",
            "Écrivez votre réponse, ou corrigez une des réponses ci-dessus.".to_owned(),
        ));
    }
    if !faults.is_empty() {
        let input = Input {
            answer: Some((typed, faults)),
            message: None,
        };
        return page(&visit, &tracked, None, &input).await;
    }
    let Tracked {
        mut request,
        published,
        ..
    } = tracked;
    let done = visit
        .site
        .db
        .write(move |tx| {
            let room = Room {
                site: &site,
                published: &published,
            };
            uploads::add_loose(tx, request.id, &files)?;
            request.answer(tx, &room, &transition, words, corrected)
        })
        .await;
    match done {
        Ok(()) | Err(MoveError::Refused(_)) => Ok(see_other(&back)),
        Err(error) => Err(error.into()),
    }
}

fn fault(name: &str, message: String) -> FieldError {
    FieldError {
        name: name.to_owned(),
        field_id: name.to_owned(),
        message,
    }
}

/// The sentence for words that cannot be kept.
pub fn words_of(error: &WriteError) -> String {
    match error {
        WriteError::Empty => "Écrivez votre message avant de l’envoyer.".to_owned(),
        WriteError::TooLong => {
            format!(
                "Ce message est trop long\u{a0}: {} caractères au plus.",
                message::LONGEST
            )
        }
        WriteError::TooMany => {
            "Cette demande contient déjà beaucoup de messages. Contactez le service directement."
                .to_owned()
        }
        WriteError::Save(_) => "Le message n’a pas pu être enregistré. Réessayez.".to_owned(),
    }
}

/// Writes to the service.
pub async fn message(posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let tracked = find(&visit, &code).await?;
    if tracked.request.closed_at.is_some() {
        return Ok(see_other(&url(&tracked.code)));
    }
    let typed = posted.text("message").unwrap_or_default().to_owned();
    let body = match Body::parse(&typed) {
        Ok(body) => body,
        Err(error) => {
            let input = Input {
                answer: None,
                message: Some((typed, words_of(&error))),
            };
            return page(&visit, &tracked, None, &input).await;
        }
    };
    let back = format!("{}?fait=message", url(&tracked.code));
    let mut request = tracked.request;
    visit
        .site
        .db
        .write(move |tx| {
            request
                .write(tx, &Actor::Citizen, body, false)
                .map_err(MoveError::from)
        })
        .await
        .map_err(Error::from)?;
    Ok(see_other(&back))
}
