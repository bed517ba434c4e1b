//! `POST …/transitions/{transition}/projets/{document}`: the document that a step would issue, from what
//! is typed in its small form. It is a draft and says so across every page: it has no code, is kept
//! nowhere, goes to nobody. Who may take the step may look at it.

use super::super::requests::{self, Opened, open, transition_url};
use super::super::{Agent, AgentPost};
use super::{Form, controls, known, so_far};
use crate::definition::workflow::{Action, Transition};
use crate::form::{Typed, read_fields};
use crate::request::sheet::{SheetError, Written};
use crate::web::download;
use crate::web::error::Error;
use crate::workflow::Documents;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use serde_json::Value as Json;
use std::sync::Arc;

/// A document that can be looked at before it is issued.
#[derive(Serialize)]
pub struct Preview {
    url: String,
    /// Its title, when there are several.
    title: Option<String>,
}

/// The documents that a transition would issue.
pub fn of(opened: &Opened, transition: &Transition, lang: &str) -> Vec<Preview> {
    let url = transition_url(opened.request.id, transition);
    let all: Vec<_> = documents(opened, transition).collect();
    let several = all.len() > 1;
    let preview = |(id, title): &(&str, &str)| Preview {
        url: format!("{url}/projets/{id}"),
        title: several.then(|| (*title).to_owned()),
    };
    let title = |id: &str| {
        let document = opened.published.procedure().document(id);
        document.map_or("", |document| document.title.get(lang))
    };
    let titled: Vec<_> = all.iter().map(|id| (*id, title(id))).collect();
    titled.iter().map(preview).collect()
}

/// Shows it; the form again, when something in it has to be mended first.
pub async fn create(
    post: AgentPost,
    path: web::Path<(String, String, String)>,
) -> Result<HttpResponse, Error> {
    let (id, transition, document) = path.into_inner();
    let AgentPost { agent, posted } = post;
    let opened = open(&agent, &id).await?;
    let transition = known(&opened, &transition)?;
    if !requests::may_take(&agent, &opened, transition)
        || !documents(&opened, transition).any(|id| id == document)
    {
        return Err(Error::NotFound);
    }
    let form = Form::of(&agent, &opened, transition);
    let typed = Typed::parse(posted.pairs).map_err(|_| Error::TooLarge)?;
    let read = read_fields(&form.fields, &typed, &form.names(), &form.context);
    if !read.errors.is_empty() || !read.newly_asked.is_empty() {
        let controls = controls(&agent, &read.kept, &read.errors, &read.asked);
        let seen = so_far(&agent, opened.request.id).await?;
        return form.page(&agent, controls, &read.errors, seen, Vec::new());
    }
    let answers = Json::Object(read.answers.into_iter().collect());
    print(&agent, &opened, &document, &answers).await
}

async fn print(
    agent: &Agent,
    opened: &Opened,
    document: &str,
    form: &Json,
) -> Result<HttpResponse, Error> {
    let site = Arc::clone(&agent.visit.site);
    let written = Written {
        template: document,
        title: None,
        form,
        at: site.db.clock().now(),
        verification: None,
    };
    let sheet = opened.room(&site).sheet(&opened.request, written);
    let sheet = sheet.map_err(|error| match error {
        SheetError::UnknownDocument => Error::NotFound,
        other => Error::Internal(other.to_string()),
    })?;
    let printed = tokio::task::spawn_blocking(move || site.press.print(&sheet)).await;
    let bytes = printed
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|error| Error::Internal(error.to_string()))?;
    let name = format!("projet-{}.pdf", opened.request.reference);
    Ok(download::show(bytes, &name, "application/pdf"))
}

/// The ids of the documents that a transition issues.
fn documents<'a>(opened: &'a Opened, transition: &'a Transition) -> impl Iterator<Item = &'a str> {
    let issued: Vec<Documents> = transition
        .actions
        .iter()
        .filter_map(|action| match action {
            Action::Issue(word) => Some(Documents::parse(word)),
            _ => None,
        })
        .collect();
    let all = opened.published.procedure().documents.iter();
    all.map(|document| document.id.as_str()).filter(move |id| {
        issued.iter().any(|which| match which {
            Documents::All => true,
            Documents::One(one) => one == id,
        })
    })
}
