//! `GET|POST /brouillons/{code}/pages/{page}`: a page of questions, drawn from what was answered and what
//! was typed, saved, and left. No page is drawn in answer to a post, but for the files it refused.

use super::super::uploads;
use super::version::{Choice, Newer};
use super::{Heading, Open, TRIES, find, gone, heading, next_url, save};
use crate::db::At;
use crate::form::control::Control;
use crate::form::{self, Journey, PageOutcome, Typed};
use crate::secret;
use crate::web::button::Button;
use crate::web::error::Error;
use crate::web::input::WithFiles;
use crate::web::views::{self, ErrorLine};
use crate::web::visit::{Visit, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use std::sync::Arc;

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
    newer: Option<Newer>,
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
            newer: Newer::of(visit, open),
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
    let choice = Choice::of(|name| typed.raw(name));
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
            Button::Later | Button::Choose => outcome.errors.is_empty(),
            Button::Refresh | Button::Add(_) | Button::Remove(_) => false,
        };
        open.draft
            .note_typed(&page, (!left).then_some(&outcome.kept));
        // Whose file was refused reads why first, on the page it was sent from.
        if let Some(choice) = choice.filter(|_| refused.is_empty()) {
            choice.settle(&visit, &mut open.draft);
        }
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
        Button::Refresh | Button::Choose => again("a-completer"),
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
