//! One request, everything about it on one screen. `GET /agent/demandes/{request}` · `POST
//! …/reponses/{field}` uncovers an answer that is shown masked, and notes it.

mod decided;
mod documents;
mod page;
mod place;
mod side;
mod timeline;

use super::{Agent, AgentPost};
use crate::db::{Id, Tx};
use crate::definition::workflow::Transition;
use crate::form::Journey;
use crate::form::summary::{SummaryPage, summary};
use crate::identity::AgentScope;
use crate::request::moves::MoveError;
use crate::request::room::Room;
use crate::request::{Request, desk};
use crate::site::Site;
use crate::site::shelf::Published;
use crate::web::error::Error;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use std::sync::Arc;

pub use page::{Notice, meanwhile, page};
pub use side::{may_take, tone_of, transition_url};
pub use timeline::count;

/// A request the agent may see, and the version it is pinned to.
#[derive(Clone)]
pub struct Opened {
    pub request: Request,
    pub published: Arc<Published>,
}

/// The address of a request.
pub fn url(id: Id) -> String {
    format!("/agent/demandes/{id}")
}

/// Opens a request of the agent's services to read it; of a social one, the reading is noted.
pub async fn open(agent: &Agent, id: &str) -> Result<Opened, Error> {
    let id = Id::parse(id).ok_or(Error::NotFound)?;
    let site = &agent.visit.site;
    let found = desk::open(&site.db, &agent.scope, id).await?;
    let request = found.ok_or(Error::NotFound)?;
    let published = site.version(request.version_id)?;
    Ok(Opened { request, published })
}

/// Changes a request of the agent's services; what is not theirs is not there.
pub async fn change<T, F>(agent: &Agent, id: Id, work: F) -> Result<Result<T, MoveError>, Error>
where
    F: Fn(&mut Tx, &AgentScope, &mut Request) -> Result<T, MoveError> + Clone + Send + 'static,
    T: Send + 'static,
{
    match desk::change(&agent.visit.site.db, &agent.scope, id, work).await {
        Ok(done) => Ok(Ok(done.ok_or(Error::NotFound)?)),
        Err(MoveError::Save(error)) => Err(error.into()),
        Err(refused) => Ok(Err(refused)),
    }
}

impl Opened {
    /// Where it is moved.
    pub fn room<'a>(&'a self, site: &'a Site) -> Room<'a> {
        Room {
            site,
            published: &self.published,
        }
    }

    /// The answers as the citizen saw them.
    pub fn summary(&self, agent: &Agent) -> Vec<SummaryPage> {
        let context = self.room(&agent.visit.site).context(&self.request);
        let answers = self.request.answers();
        let journey = Journey::submitted(self.published.procedure(), &answers, &context);
        summary(&journey, agent.visit.lang())
    }
}

/// What was just done, in the address the browser was sent to.
#[derive(Deserialize)]
pub struct Done {
    fait: Option<String>,
    deja: Option<String>,
}

/// Shows the request.
pub async fn show(
    agent: Agent,
    id: web::Path<String>,
    done: web::Query<Done>,
) -> Result<HttpResponse, Error> {
    let opened = open(&agent, &id).await?;
    let notice = Notice {
        done: sentence(&opened, &done, agent.visit.lang()),
        leads_on: leads_on(&opened, &done),
        ..Notice::default()
    };
    page(&agent, &opened, &notice).await
}

/// Shows it with one masked answer uncovered, in this answer only.
pub async fn reveal(
    post: AgentPost,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (id, field) = path.into_inner();
    let agent = post.agent;
    let opened = open(&agent, &id).await?;
    let pages = opened.summary(&agent);
    let mut rows = pages.iter().flat_map(|page| &page.rows);
    if !rows.any(|row| row.field == field && row.secret.is_some()) {
        return Err(Error::NotFound);
    }
    let noted = field.clone();
    change(&agent, opened.request.id, move |tx, scope, request| {
        Ok(request.note_revealing(tx, &scope.actor(), &noted)?)
    })
    .await??;
    let notice = Notice {
        revealed: Some(field),
        ..Notice::default()
    };
    page(&agent, &opened, &notice).await
}

/// True when the address names a step that leads where the request stands; a note or a message does not.
fn leads_on(opened: &Opened, done: &Done) -> bool {
    let id = done.fait.as_deref().or(done.deja.as_deref());
    let taken = id.and_then(|id| opened.published.workflow().transition(id));
    taken.is_some_and(|taken| *taken.to == *opened.request.status)
}

fn sentence(opened: &Opened, done: &Done, lang: &str) -> Option<String> {
    let label = |id: &str| {
        let transition = opened.published.workflow().transition(id)?;
        Some(transition.label.get(lang).to_owned())
    };
    let fixed = match done.fait.as_deref() {
        Some("-prise") => Some("La demande est à vous."),
        Some("-rendue") => Some("La demande est rendue à la file."),
        Some("-confiee") => Some("La demande est confiée."),
        Some("-trop-tard") => Some("Quelqu’un d’autre a déjà pris cette demande."),
        Some("-message") => Some("Le message est envoyé au citoyen."),
        Some("-annulee") => Some("Le document est annulé. Le citoyen en lit la raison."),
        Some("-etat") => Some("L’état est changé."),
        Some("-note") => Some("La note est ajoutée."),
        _ => None,
    };
    if let Some(fixed) = fixed {
        return Some(fixed.to_owned());
    }
    if let Some(id) = done.fait.as_deref()
        && let Some(transition) = opened.published.workflow().transition(id)
    {
        return Some(done_of(transition, lang));
    }
    let label = done.deja.as_deref().and_then(label)?;
    Some(format!("C’était déjà fait\u{a0}: {label}."))
}

/// What the agent reads when a transition is done.
fn done_of(transition: &Transition, lang: &str) -> String {
    if transition.done.is_empty() {
        let label = transition.label.get(lang);
        return format!("«\u{a0}{label}\u{a0}»\u{a0}: c’est fait.");
    }
    transition.done.get(lang).to_owned()
}
