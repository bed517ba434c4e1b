//! A step of the workflow. `GET …/transitions/{transition}` its small form · `POST` takes it, once: a
//! second time finds it taken and says so · [`preview`] shows the document it would issue.

pub mod preview;

use super::requests::{self, Notice, Opened, change, open, page, transition_url, url};
use super::small_form::{self, Content, Words};
use super::{Agent, AgentPost};
use crate::audit;
use crate::db::Id;
use crate::definition::Field;
use crate::definition::workflow::{Action, Transition};
use crate::form::control::Control;
use crate::form::{
    Answers, Asked, Context, Controls, FieldError, Journey, Typed, ask_fields, read_fields,
};
use crate::request::Request;
use crate::request::moves::MoveError;
use crate::request::room::Room;
use crate::web::button::Button;
use crate::web::error::Error;
use crate::web::views;
use crate::web::visit::see_other;
use crate::workflow::Act;
use actix_web::{HttpResponse, web};
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// The small form of a transition of an opened request.
struct Form<'a> {
    opened: &'a Opened,
    transition: &'a Transition,
    fields: Vec<Field>,
    context: Context,
    answers: Json,
    request: Json,
}

/// Asks what the transition asks.
pub async fn new(agent: Agent, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (id, transition) = path.into_inner();
    let opened = open(&agent, &id).await?;
    let transition = known(&opened, &transition)?;
    if !requests::may_take(&agent, &opened, transition) {
        let shown = already(&opened.request, transition);
        let shown = shown.unwrap_or_else(|| url(opened.request.id));
        return Ok(see_other(&agent.at(shown)));
    }
    let form = Form::of(&agent, &opened, transition);
    let (asked, typed) = ask_fields(&form.fields, &form.names(), &form.context);
    let controls = controls(&agent, &typed, &[], &asked);
    let seen = so_far(&agent, opened.request.id).await?;
    form.page(&agent, controls, &[], seen, Vec::new())
}

/// Takes it, or shows what has to be mended, or why it cannot be taken.
pub async fn create(
    post: AgentPost,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (id, transition) = path.into_inner();
    let AgentPost { agent, posted } = post;
    let opened = open(&agent, &id).await?;
    let transition = known(&opened, &transition)?;
    let form = Form::of(&agent, &opened, transition);
    let mut typed = Typed::parse(posted.pairs).map_err(|_| Error::TooLarge)?;
    let seen: Option<usize> = typed.raw("_seen").and_then(|seen| seen.parse().ok());
    let button = Button::of(&typed);
    button.press(&mut typed);
    let read = read_fields(&form.fields, &typed, &form.names(), &form.context);
    let goes_on = button == Button::Continue;
    if !goes_on || !read.errors.is_empty() || !read.newly_asked.is_empty() {
        let errors = if goes_on { &read.errors } else { &[][..] };
        let controls = controls(&agent, &read.kept, errors, &read.asked);
        let seen = match seen {
            Some(seen) => seen,
            None => so_far(&agent, opened.request.id).await?,
        };
        return form.page(&agent, controls, errors, seen, Vec::new());
    }
    let act = Act {
        transition: transition.id.to_string(),
        form: read.answers.into_iter().collect(),
    };
    match take(&agent, &opened, transition, act, seen).await? {
        Taken::Done(service) => Ok(see_other(&after(&agent, &opened, transition, &service))),
        Taken::Refused(why) => refused(&agent, &opened, transition, &why).await,
        Taken::Moved(now) => {
            let controls = controls(&agent, &read.kept, &[], &read.asked);
            let meanwhile = requests::meanwhile(&agent, &opened, seen.unwrap_or(now)).await?;
            form.page(&agent, controls, &[], now, meanwhile)
        }
    }
}

/// What came of a step.
enum Taken {
    /// It is taken; that service has the request.
    Done(String),
    /// It is not, in words.
    Refused(String),
    /// So many things happened to it now: more than the agent had read.
    Moved(usize),
}

/// How many things happened to the request so far.
async fn so_far(agent: &Agent, request: Id) -> Result<usize, Error> {
    let site = &agent.visit.site;
    let events = site
        .db
        .read(move |conn| audit::of_request(conn, request).map_err(Error::from));
    Ok(requests::count(&events.await?))
}

/// Takes the transition, unless something happened since the agent read the request. What cannot be
/// taken from where it stands now is refused as such.
async fn take(
    agent: &Agent,
    opened: &Opened,
    transition: &Transition,
    act: Act,
    seen: Option<usize>,
) -> Result<Taken, Error> {
    let (site, published) = (Arc::clone(&agent.visit.site), Arc::clone(&opened.published));
    let from: Vec<String> = transition.from.iter().map(ToString::to_string).collect();
    let taken = change(agent, opened.request.id, move |tx, scope, request| {
        let possible = request.closed_at.is_none() && from.contains(&request.status);
        if let Some(seen) = seen.filter(|_| possible) {
            let now = requests::count(&audit::of_request(tx.conn(), request.id)?);
            if now != seen {
                return Ok(Taken::Moved(now));
            }
        }
        let room = Room {
            site: &site,
            published: &published,
        };
        let by = scope.acting_on(request);
        request.take(tx, &room, by, &scope.actor(), &act)?;
        Ok(Taken::Done(request.service.clone()))
    });
    match taken.await? {
        Ok(taken) => Ok(taken),
        Err(MoveError::Refused(why)) => Ok(Taken::Refused(why.to_string())),
        Err(MoveError::NoSuchService) => Ok(Taken::Refused(
            "Ce service ne peut pas recevoir cette demande. Choisissez-en un autre.".to_owned(),
        )),
        Err(error) => Err(error.into()),
    }
}

/// The request again; its list when it went to a service the agent does not see.
fn after(agent: &Agent, opened: &Opened, transition: &Transition, service: &str) -> String {
    if agent.scope.is_member(service) {
        agent.at(format!(
            "{}?fait={}",
            url(opened.request.id),
            *transition.id
        ))
    } else {
        "/agent?fait=transmise".to_owned()
    }
}

/// A refusal: a double click is told that it is done, anything else why not.
async fn refused(
    agent: &Agent,
    opened: &Opened,
    transition: &Transition,
    why: &str,
) -> Result<HttpResponse, Error> {
    let now = requests::open(agent, &opened.request.id.to_string()).await?;
    if let Some(elsewhere) = already(&now.request, transition) {
        return Ok(see_other(&agent.at(elsewhere)));
    }
    let notice = Notice {
        refused: Some(why.to_owned()),
        ..Notice::default()
    };
    page(agent, &now, &notice).await
}

/// Where to go when the request already stands where the transition leads.
fn already(request: &Request, transition: &Transition) -> Option<String> {
    let there = *transition.to == *request.status;
    let leaves = transition.from.iter().any(|from| **from == request.status);
    (there && !leaves).then(|| format!("{}?deja={}", url(request.id), *transition.id))
}

fn known<'a>(opened: &'a Opened, id: &str) -> Result<&'a Transition, Error> {
    let found = opened.published.workflow().transition(id);
    found.ok_or(Error::NotFound)
}

impl<'a> Form<'a> {
    fn of(agent: &Agent, opened: &'a Opened, transition: &'a Transition) -> Self {
        let request = &opened.request;
        let room = opened.room(&agent.visit.site);
        let (context, answers) = (room.context(request), request.answers());
        // With what is computed from the answers, and a blank where nothing was asked.
        let way = Journey::submitted(opened.published.procedure(), &answers, &context);
        Self {
            fields: room.small_form(request, transition),
            answers: way.answers().clone(),
            context,
            request: json!({
                "reference": request.shown_reference(),
                "service": request.service,
                "fee": request.facts().total,
            }),
            opened,
            transition,
        }
    }

    /// What else the conditions and proposals of the form read.
    fn names(&self) -> [(&'static str, &Json); 2] {
        [("answers", &self.answers), ("request", &self.request)]
    }

    fn page(
        &self,
        agent: &Agent,
        fields: Vec<Control>,
        errors: &[FieldError],
        seen: usize,
        meanwhile: Vec<String>,
    ) -> Result<HttpResponse, Error> {
        let (transition, lang) = (self.transition, agent.visit.lang());
        let label = transition.label.get(lang).to_owned();
        let words = Words {
            label: label.clone(),
            explain: views::given(&transition.confirm, lang),
            confirm_label: label,
            tone: requests::tone_of(self.opened, transition),
            form_url: agent.at(transition_url(self.opened.request.id, transition)),
            warns_citizen: warns(transition),
        };
        let content = Content {
            errors: views::error_lines(&fields, errors),
            fields,
            seen: Some(seen),
            meanwhile,
            previews: preview::of(self.opened, transition, lang),
        };
        small_form::page(agent, self.opened, words, &content)
    }
}

fn controls(
    agent: &Agent,
    typed: &Typed,
    errors: &[FieldError],
    asked: &[Asked<'_>],
) -> Vec<Control> {
    let controls = Controls {
        typed,
        answers: &Answers::new(),
        errors,
        lang: agent.visit.lang(),
        upload_url: None,
    };
    controls.of(asked)
}

/// True when the citizen gets a mail of it.
fn warns(transition: &Transition) -> bool {
    let mails = |action: &Action| matches!(action, Action::Mail(_));
    transition.actions.iter().any(mails)
}
