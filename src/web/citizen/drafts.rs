//! A draft, page after page, until it is sent.
//!
//! `POST /demarches/{procedure}/brouillons` begins one · `GET /brouillons/{code}` takes it up where it
//! was left · `GET|POST …/pages/{page}` a page of questions · `POST …/suppression` takes it away.

use super::super::views::{self, ErrorLine};
use super::uploads;
use crate::db::{At, Id};
use crate::definition::Secrecy;
use crate::form::control::Control;
use crate::form::{self, Answers, Context, Journey, PageOutcome, Typed};
use crate::limit;
use crate::request::draft::{Draft, Found};
use crate::secret::{self, Code, Purpose};
use crate::site::shelf::Published;
use crate::web::button::Button;
use crate::web::citizen::tracking;
use crate::web::error::Error;
use crate::web::input::{Posted, WithFiles};
use crate::web::visit::{Visit, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::Duration;
use serde::Serialize;
use std::sync::Arc;

/// Most drafts begun from one address in an hour: a library's computers share one.
const MOST_BEGUN: i32 = 120;
/// How often a page is laid over what somebody else just saved.
const TRIES: usize = 8;
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
    let Ok(code) = Code::parse(code) else {
        return wrong(visit).await;
    };
    let (site, now) = (
        Arc::clone(&visit.site),
        At::new(visit.site.db.clock().now()),
    );
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
        Ok(draft) => Ok(see_other(&format!(
            "/brouillons/{}",
            draft.code(&visit.site.key).compact()
        ))),
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
    /// What the warnings were said of: sent back unchanged, it is meant.
    warned: Option<String>,
    reviewing: bool,
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

#[derive(Serialize)]
struct Step<'a> {
    number: usize,
    total: usize,
    title: &'a str,
    intro_html: Option<views::Html>,
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
    let reviewing = query.reviewing();
    let draw = |journey: &Journey<'_>, typed: Option<&Typed>, told: Told<'_>| {
        let drawn = Drawn {
            visit: &visit,
            open: &open,
            journey,
            page: &page,
            reviewing,
        };
        drawn.answer(typed, told)
    };
    let Some(typed) = open.draft.typed(&page) else {
        return draw(&journey, None, Told::default());
    };
    // What could not be left yet is shown as it was typed, and judged when « Continuer » was pressed.
    let procedure = open.published.procedure();
    match form::read_page(procedure, &page, &typed, &answers, &context) {
        Some(outcome) => draw(&outcome.journey, Some(&outcome.kept), query.told(&outcome)),
        None => draw(&journey, None, Told::default()),
    }
}

/// What a page says of what was typed on it.
#[derive(Clone, Copy, Default)]
struct Told<'a> {
    errors: &'a [form::FieldError],
    warnings: &'a [form::FieldError],
}

/// Whether one came from the check page, and goes back to it; and what the page has to say.
#[derive(serde::Deserialize)]
pub struct Reviewing {
    #[serde(default)]
    retour: Option<String>,
    #[serde(default)]
    suite: Option<String>,
}

impl Reviewing {
    fn reviewing(&self) -> bool {
        self.retour.as_deref() == Some("verification")
    }

    fn told<'a>(&self, outcome: &'a PageOutcome<'_>) -> Told<'a> {
        match self.suite.as_deref() {
            Some("a-corriger") => Told {
                errors: &outcome.errors,
                warnings: &[],
            },
            Some("a-confirmer") => Told {
                errors: &[],
                warnings: &outcome.warnings,
            },
            _ => Told::default(),
        }
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
    fn answer(&self, typed: Option<&Typed>, told: Told<'_>) -> Result<HttpResponse, Error> {
        let Told { errors, warnings } = told;
        let (visit, open) = (self.visit, self.open);
        let seen = self.journey.page(self.page).ok_or(Error::NotFound)?;
        let upload = open.url("fichiers");
        let controls = self
            .journey
            .controls(self.page, typed, errors, visit.lang(), Some(&upload));
        let controls = controls.ok_or(Error::NotFound)?;
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
                intro_html: views::html(intro),
            },
            draft: Saved {
                saved_at: (!open.draft.answers().is_empty()).then_some(open.draft.updated_at),
            },
            back_url: self.back_url(),
            errors: views::error_lines(&controls, errors),
            fields: controls,
            warnings: warnings
                .iter()
                .map(|warning| warning.message.clone())
                .collect(),
            warned: typed.filter(|_| !warnings.is_empty()).map(fingerprint),
            reviewing: self.reviewing,
        };
        visit.page("citizen/draft_page.html", title, "", &shown)
    }

    /// The address of this page, to be shown again.
    fn again(&self, suite: &str, group: Option<&str>) -> String {
        let retour = if self.reviewing {
            "&retour=verification"
        } else {
            ""
        };
        let place = group.map_or_else(String::new, |group| format!("#{group}"));
        let page = self.page;
        self.open
            .url(&format!("pages/{page}?suite={suite}{retour}{place}"))
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
    WithFiles(mut posted): WithFiles,
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
    let (came, refused) =
        uploads::take_all(&visit, &open, &context, &mut answers, &mut posted).await?;
    let deleted = posted.text("_delete_file").map(str::to_owned);
    if let Some(file) = &deleted {
        uploads::remove(&visit, &open, &mut answers, file).await?;
    }
    let mut typed = Typed::parse(std::mem::take(&mut posted.pairs)).map_err(|_| Error::TooLarge)?;
    let button = Button::of(&typed);
    button.press(&mut typed);
    // Whoever goes on with the very answers that were warned about means them.
    if typed.raw("_warned") == Some(fingerprint(&typed).as_str()) {
        typed.confirm();
    }
    let published = Arc::clone(&open.published);
    // A file may arrive beside the page, or another window save: then the page is laid over what is
    // there now, and nothing of the other is lost.
    for _ in 0..TRIES {
        let Some(mut outcome) =
            form::read_page(published.procedure(), &page, &typed, &answers, &context)
        else {
            let journey = form::journey(published.procedure(), &answers, &context);
            return Ok(see_other(&next_url(&open, &journey)));
        };
        outcome.errors.extend(refused.iter().cloned());
        let left = match button {
            Button::Continue => outcome.may_go_on(),
            Button::Later => outcome.errors.is_empty(),
            Button::Refresh | Button::Add(_) | Button::Remove(_) => false,
        };
        open.draft
            .note_typed(&page, (!left).then_some(&outcome.kept));
        if save(&visit, &mut open, outcome.answers.clone()).await? {
            let drawn = Drawn {
                visit: &visit,
                open: &open,
                journey: &outcome.journey,
                page: &page,
                reviewing: query.reviewing(),
            };
            let live = typed.has("_live");
            return answer(&drawn, &button, &outcome, &refused, live);
        }
        open = match find(&visit, &code).await? {
            Ok(open) => open,
            Err(elsewhere) => return gone(&visit, &elsewhere),
        };
        answers = open.draft.answers();
        for (field, file, most) in &came {
            if let Err(error) = answers.attach(field, file, *most) {
                // Others filled the question in the meantime; the page shows which files count.
                tracing::debug!(%error, "a file came too late");
            }
        }
        if let Some(file) = &deleted {
            answers.detach(file);
        }
    }
    Err(Error::Overtaken)
}

/// Where a page that was saved leads. A page that stays is asked for again, so that going back and
/// reloading repeat nothing; a script takes it at once, and a file that was refused is not kept, so its
/// name is said here and now.
fn answer(
    drawn: &Drawn<'_>,
    button: &Button,
    outcome: &PageOutcome<'_>,
    refused: &[form::FieldError],
    live: bool,
) -> Result<HttpResponse, Error> {
    let here = |told: Told<'_>| drawn.answer(Some(&outcome.kept), told);
    let again = |suite: &str| Ok(see_other(&drawn.again(suite, None)));
    let errors = |errors| Told {
        errors,
        ..Told::default()
    };
    match button {
        Button::Later => Ok(see_other(&drawn.open.url("plus-tard"))),
        Button::Continue if !refused.is_empty() => {
            again_with_reproach(here(errors(&outcome.errors)))
        }
        _ if !refused.is_empty() => again_with_reproach(here(errors(refused))),
        Button::Refresh | Button::Add(_) | Button::Remove(_) if live => here(Told::default()),
        // Saving and coming back says nothing about what is still missing.
        Button::Refresh => again("a-completer"),
        Button::Add(group) | Button::Remove(group) => {
            let group = group.split('.').next();
            Ok(see_other(&drawn.again("a-completer", group)))
        }
        Button::Continue if !outcome.errors.is_empty() => again("a-corriger"),
        Button::Continue if !outcome.newly_asked.is_empty() => again("a-completer"),
        Button::Continue if !outcome.may_go_on() => again("a-confirmer"),
        Button::Continue if drawn.reviewing => {
            Ok(see_other(&next_url(drawn.open, &outcome.journey)))
        }
        Button::Continue => Ok(see_other(&match outcome.journey.next(drawn.page) {
            Some(next) => drawn.open.url(&format!("pages/{}", next.id())),
            None => drawn.open.url("verification"),
        })),
    }
}

/// The page of a post that could not be taken whole.
fn again_with_reproach(page: Result<HttpResponse, Error>) -> Result<HttpResponse, Error> {
    let mut page = page?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

/// What stands for the answers of a page: two posts of the same answers have the same.
fn fingerprint(typed: &Typed) -> String {
    secret::hash(typed.words().as_bytes())
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
