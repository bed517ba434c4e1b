//! A draft, page after page, until it is sent.
//!
//! `POST /demarches/{procedure}/brouillons` begins one · `GET|POST /brouillons/{code}/pages/{page}` a
//! page of questions · `GET …/verification` the answers once more · `POST …/envoi` sends them ·
//! `GET …/confirmation` the reference, and what happens next.

use super::super::views::{self, Contact, ErrorLine, Privacy};
use super::uploads;
use crate::db::{At, Id};
use crate::definition::Secrecy;
use crate::form::control::Control;
use crate::form::{self, Answers, Complete, Context, Journey, NotReady, PageOutcome, Typed, markdown};
use crate::limit;
use crate::request::draft::{Draft, Found};
use crate::request::paper::Paper;
use crate::request::submission::{Submission, SubmitError};
use crate::request::{self, paper};
use crate::secret::{Code, Purpose};
use crate::site::shelf::Published;
use crate::web::citizen::tracking;
use crate::web::download::Rows;
use crate::web::error::Error;
use crate::web::input::Posted;
use crate::web::visit::{Visit, see_other};
use actix_web::{HttpResponse, web};
use chrono::Duration;
use serde::Serialize;
use std::sync::Arc;

/// Most drafts begun from one address in an hour: a library's computers share one.
const MOST_BEGUN: i32 = 120;
/// Most wrong codes from one address in ten minutes.
pub const MOST_WRONG: i32 = 30;

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
    let Ok(code) = Code::parse(code) else { return wrong(visit).await };
    let (site, now) = (Arc::clone(&visit.site), At::new(visit.site.db.clock().now()));
    let sought = code.clone();
    let key = wrong_key(visit);
    let found = site
        .db
        .read(move |conn| {
            let verdict = limit::look(conn, &key, MOST_WRONG, Duration::minutes(10), now)?;
            refuse(verdict)?;
            Ok::<_, Error>(Draft::find(conn, &sought, now)?)
        })
        .await?;
    match found {
        Found::Open(draft) => {
            let published = site.version(draft.version_id)?;
            Ok(Ok(Open { draft: *draft, published, code }))
        }
        Found::Sent(request) => Ok(Err(Elsewhere::Sent(request))),
        Found::Nothing => wrong(visit).await,
    }
}

async fn wrong<T>(visit: &Visit) -> Result<Result<T, Elsewhere>, Error> {
    count_wrong(visit).await?;
    Ok(Err(Elsewhere::Gone))
}

/// Counts a wrong code; refuses when there were too many.
pub async fn count_wrong(visit: &Visit) -> Result<(), Error> {
    let key = wrong_key(visit);
    let verdict = visit
        .site
        .db
        .write(move |tx| Ok::<_, Error>(limit::hit(tx, &key, MOST_WRONG, Duration::minutes(10))?))
        .await?;
    refuse(verdict)
}

/// The key wrong codes of this visit's address are counted under.
pub fn wrong_key(visit: &Visit) -> String {
    format!("code:{}", limit::network(visit.ip))
}

/// Turns a verdict into an answer.
pub fn refuse(verdict: limit::Verdict) -> Result<(), Error> {
    match verdict {
        limit::Verdict::Allowed => Ok(()),
        limit::Verdict::Exceeded { retry_after } => Err(Error::TooMany { retry_after }),
    }
}

/// Begins a draft of the current version and goes to its first page.
pub async fn create(posted: Posted, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit;
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
        Ok(draft) => Ok(see_other(&format!("/brouillons/{}", draft.code(&visit.site.key).compact()))),
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

#[derive(Serialize)]
struct PageShown<'a> {
    procedure: Heading,
    step: Step<'a>,
    draft: Saved,
    back_url: String,
    fields: Vec<Control>,
    errors: Vec<ErrorLine>,
    warnings: Vec<String>,
    reviewing: bool,
}

/// The procedure, in the heading of a draft's pages.
#[derive(Serialize)]
pub struct Heading {
    pub title: String,
    pub url: String,
    pub secrecy: Secrecy,
    pub authority_name: String,
}

/// The heading of a draft's pages.
pub fn heading(visit: &Visit, published: &Published) -> Heading {
    let card = views::card(&visit.site, published, visit.lang());
    Heading {
        title: card.title,
        url: card.url,
        secrecy: card.secrecy,
        authority_name: card.authority_name,
    }
}

#[derive(Serialize)]
struct Step<'a> {
    number: usize,
    total: usize,
    title: &'a str,
    intro_html: Option<String>,
}

#[derive(Serialize)]
struct Saved {
    saved_at: Option<At>,
}

/// One page of questions.
pub async fn show(
    visit: Visit,
    path: web::Path<(String, String)>,
    query: web::Query<Reviewing>,
) -> Result<HttpResponse, Error> {
    let (code, page) = path.into_inner();
    let open = match find(&visit, &code).await? {
        Ok(open) => open,
        Err(elsewhere) => return gone(&visit, &elsewhere),
    };
    let context = open.context(&visit);
    let answers = open.draft.answers();
    let journey = form::journey(open.published.procedure(), &answers, &context);
    if !journey.can_visit(&page) {
        return Ok(see_other(&next_url(&open, &journey)));
    }
    let drawn = Drawn { visit: &visit, open: &open, journey: &journey, page: &page, reviewing: query.reviewing() };
    drawn.answer(None, &[], &[])
}

/// Whether one came from the check page, and goes back to it.
#[derive(serde::Deserialize)]
pub struct Reviewing {
    #[serde(default)]
    retour: Option<String>,
}

impl Reviewing {
    fn reviewing(&self) -> bool {
        self.retour.as_deref() == Some("verification")
    }
}

struct Drawn<'a> {
    visit: &'a Visit,
    open: &'a Open,
    journey: &'a Journey<'a>,
    page: &'a str,
    reviewing: bool,
}

impl Drawn<'_> {
    fn answer(
        &self,
        typed: Option<&Typed>,
        errors: &[form::FieldError],
        warnings: &[form::FieldError],
    ) -> Result<HttpResponse, Error> {
        let (visit, open) = (self.visit, self.open);
        let seen = self.journey.page(self.page).ok_or(Error::NotFound)?;
        let upload = open.url("fichiers");
        let controls = self.journey.controls(self.page, typed, errors, visit.lang(), Some(&upload));
        let progress = self.journey.progress(self.page).ok_or(Error::NotFound)?;
        let intro = seen.page().intro.get(visit.lang());
        let title = seen.page().title.get(visit.lang());
        let shown = PageShown {
            procedure: heading(visit, &open.published),
            step: Step {
                number: progress.step,
                // The check is a step too.
                total: progress.of + 1,
                title,
                intro_html: (!intro.is_empty()).then(|| markdown::to_html(intro)),
            },
            draft: Saved { saved_at: (!open.draft.answers().is_empty()).then_some(open.draft.updated_at) },
            back_url: self.back_url(),
            fields: controls.ok_or(Error::NotFound)?,
            errors: views::errors(errors),
            warnings: warnings.iter().map(|warning| warning.message.clone()).collect(),
            reviewing: self.reviewing,
        };
        if errors.is_empty() {
            visit.page("citizen/draft_page.html", title, "", &shown)
        } else {
            visit.page_again("citizen/draft_page.html", title, "", &shown)
        }
    }

    fn back_url(&self) -> String {
        if self.reviewing {
            return self.open.url("verification");
        }
        match self.journey.previous(self.page) {
            Some(page) => self.open.url(&format!("pages/{}", page.id())),
            None => views::procedure_url(self.open.published.procedure()),
        }
    }
}

/// Saves a page and goes on, or shows it again: to mend, to confirm, with new questions, or because
/// one of its own buttons was pressed.
pub async fn update(
    mut posted: Posted,
    path: web::Path<(String, String)>,
    query: web::Query<Reviewing>,
) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let (code, page) = path.into_inner();
    let mut open = match find(&visit, &code).await? {
        Ok(open) => open,
        Err(elsewhere) => return gone(&visit, &elsewhere),
    };
    let context = open.context(&visit);
    let mut answers = open.draft.answers();
    let refused = uploads::take_all(&visit, &open, &context, &mut answers, &mut posted).await?;
    if let Some(file) = posted.text("_delete_file") {
        uploads::remove(&visit, &open, &mut answers, file).await?;
    }
    let mut typed =
        Typed::parse(std::mem::take(&mut posted.pairs)).map_err(|_| Error::TooLarge)?;
    let button = Button::of(&typed);
    match &button {
        Button::Add(group) => typed.add_item(group),
        Button::Remove(item) => typed.remove_item(item),
        _ => {}
    }
    let published = Arc::clone(&open.published);
    let Some(mut outcome) =
        form::read_page(published.procedure(), &page, &typed, &answers, &context)
    else {
        let journey = form::journey(published.procedure(), &answers, &context);
        return Ok(see_other(&next_url(&open, &journey)));
    };
    outcome.errors.extend(refused);
    if !save(&visit, &mut open, outcome.answers.clone()).await? {
        return gone(&visit, &Elsewhere::Gone);
    }
    let reviewing = query.reviewing();
    answer(&visit, &open, &page, &button, &outcome, reviewing)
}

fn answer(
    visit: &Visit,
    open: &Open,
    page: &str,
    button: &Button,
    outcome: &PageOutcome,
    reviewing: bool,
) -> Result<HttpResponse, Error> {
    let drawn = Drawn { visit, open, journey: &outcome.journey, page, reviewing };
    match button {
        Button::Later => Ok(see_other(&open.url("plus-tard"))),
        // Saving and coming back says nothing about what is still missing; a refused file is said.
        Button::Refresh | Button::Add(_) | Button::Remove(_) => {
            let refused: Vec<_> = outcome.errors.iter().filter(|e| e.message.contains('«')).cloned().collect();
            let shown: &[form::FieldError] = if *button == Button::Refresh { &[] } else { &refused };
            drawn.answer(Some(&outcome.kept), shown, &[])
        }
        Button::Continue if !outcome.errors.is_empty() => {
            drawn.answer(Some(&outcome.kept), &outcome.errors, &[])
        }
        Button::Continue if !outcome.newly_asked.is_empty() => {
            drawn.answer(Some(&outcome.kept), &[], &[])
        }
        Button::Continue if !outcome.may_go_on() => {
            drawn.answer(Some(&outcome.kept), &[], &outcome.warnings)
        }
        Button::Continue if reviewing => Ok(see_other(&next_url(open, &outcome.journey))),
        Button::Continue => Ok(see_other(&match outcome.journey.next(page) {
            Some(next) => open.url(&format!("pages/{}", next.id())),
            None => open.url("verification"),
        })),
    }
}

/// The button that posted a page.
#[derive(Debug, PartialEq, Eq)]
enum Button {
    Continue,
    Later,
    Refresh,
    Add(String),
    Remove(String),
}

impl Button {
    fn of(typed: &Typed) -> Self {
        if let Some(group) = typed.raw("_add") {
            Self::Add(group.to_owned())
        } else if let Some(item) = typed.raw("_remove") {
            Self::Remove(item.to_owned())
        } else if typed.has("_later") {
            Self::Later
        } else if typed.has("_refresh") || typed.has("_delete_file") || typed.has("_upload") {
            Self::Refresh
        } else {
            Self::Continue
        }
    }
}

/// Keeps the answers; `false` when the draft went away in the meantime.
pub async fn save(visit: &Visit, open: &mut Open, answers: Answers) -> Result<bool, Error> {
    let mut draft = open.draft.clone();
    let (draft, kept) = visit
        .site
        .db
        .write(move |tx| {
            let kept = draft.keep(tx, &answers)?;
            Ok::<_, Error>((draft, kept))
        })
        .await?;
    open.draft = draft;
    Ok(kept)
}

#[derive(Serialize)]
struct Review {
    procedure: Heading,
    step: Number,
    back_url: String,
    submit_url: String,
    pages: Vec<ReviewPage>,
    fee: Option<FeeShown>,
    privacy: Privacy,
    declarations: Vec<Control>,
    errors: Vec<ErrorLine>,
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
        Err(not_ready) => return back(&open, not_ready),
    };
    let journey = form::journey(procedure, &answers, &context);
    let files = |id: &str| open.url(&format!("fichiers/{id}/contenu"));
    let rows = Rows { file_url: &files, reveal_url: None, digests: false };
    let pages = form::summary(&journey, visit.lang()).into_iter().map(|page| ReviewPage {
        change_url: open.url(&format!("pages/{}?retour=verification", page.id)),
        title: page.title.clone(),
        rows: rows.of(&page.rows),
    });
    let total = journey.pages().len() + 1;
    let last = journey.pages().last().map_or_else(String::new, |page| page.id().to_owned());
    let review = Review {
        procedure: heading(&visit, &published),
        step: Number { number: total, total },
        back_url: open.url(&format!("pages/{last}")),
        submit_url: open.url("envoi"),
        pages: pages.collect(),
        fee: procedure.fee.as_ref().map(|fee| FeeShown {
            label: "Coût de la démarche".to_owned(),
            cents: complete.fee().total,
            note: views::given(&fee.payment, visit.lang()).filter(|_| complete.fee().total > 0),
        }),
        privacy: views::privacy(&visit.site, procedure, visit.lang()),
        declarations: Vec::new(),
        errors: Vec::new(),
    };
    visit.page("citizen/draft_review.html", "Vérifiez vos réponses", "", &review)
}

/// Back to the first page that is not in order; a definition that gives nothing is our mistake.
fn back(open: &Open, not_ready: NotReady) -> Result<HttpResponse, Error> {
    match not_ready {
        NotReady::Unfinished(faults) => {
            let page = faults.first().map_or("", |fault| fault.page.as_str());
            Ok(see_other(&open.url(&format!("pages/{page}"))))
        }
        broken => Err(Error::Internal(broken.to_string())),
    }
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
                Err(not_ready) => return back(&open, not_ready),
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
    next: Vec<String>,
    service: Contact,
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
    let shown = Confirmation {
        next: next_sentences(&published, visit.lang()),
        service: views::contact(&site, &request.service, &request.authority),
        request: Sent {
            reference: request.shown_reference(),
            tracking_code: tracking_code.to_string(),
            tracking_url: tracking::url(&tracking_code),
            procedure_title: request.title.clone(),
            submitted_at: request.submitted_at,
            receipt_url: receipt.map(|paper| tracking::paper_url(&tracking_code, paper)).unwrap_or_default(),
            receipt_ready: receipt.is_some_and(|paper: &Paper| paper.sha256.is_some()),
            email: request.email.clone(),
            due_on: Some(request.due_on),
            due_label: None,
        },
    };
    visit.page("citizen/confirmation.html", "Votre demande est envoyée", "", &shown)
}

/// What happens next, sentence by sentence, as the procedure's page says it.
fn next_sentences(published: &Published, lang: &str) -> Vec<String> {
    let text = published.procedure().page.next.get(lang);
    text.lines()
        .map(|line| line.trim().trim_start_matches("- ").trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// Takes the draft away, at its owner's wish.
pub async fn delete(posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit;
    if let Ok(open) = find(&visit, &code).await? {
        visit.site.db.write(move |tx| Ok::<_, Error>(open.draft.discard(tx)?)).await?;
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
        Elsewhere::Gone => Gone { reason: "expired", procedure: None, tracking_url: None },
    };
    let mut answer = visit.page("citizen/draft_gone.html", "Demande introuvable", "resume", &shown)?;
    *answer.status_mut() = actix_web::http::StatusCode::GONE;
    Ok(answer)
}
