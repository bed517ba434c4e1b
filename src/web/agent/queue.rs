//! `GET /agent`: the queues of one's services, the views across them, filters and search. Everything
//! is in the address, so that a list can be kept, shared with a colleague and come back to.

mod asked;
mod filters;
pub mod rows;

use super::{Agent, Desk};
use crate::db::{Conn, Id};
use crate::definition::Secrecy;
use crate::identity::Agent as Account;
use crate::identity::{AgentScope, membership};
use crate::queue::{self, Counts, Line, MANY, Queue, Sought, View};
use crate::web::error::Error;
use crate::web::views;
use crate::web::visit::see_other;
use actix_web::{HttpResponse, web};
use filters::Filters;
use rows::Row;
use serde::Serialize;
use std::collections::HashMap;

pub use asked::{Asked, Query, queue_url};

/// A queue or a view beside the list.
#[derive(Serialize)]
struct Beside {
    name: String,
    authority_name: String,
    secrecy: Secrecy,
    count: Option<String>,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct Pages {
    first_url: Option<String>,
    next_url: Option<String>,
    shown: usize,
    total_label: String,
}

#[derive(Serialize)]
struct Page {
    desk: Desk,
    queues: Vec<Beside>,
    views: Vec<Beside>,
    heading: String,
    filters: Filters,
    rows: Vec<Row>,
    pages: Pages,
    /// The list is of several services, or of one by its name.
    several: bool,
    /// Of what is over: by when it was closed, and not by when it was due.
    closed: bool,
    empty: &'static str,
    done: Option<&'static str>,
}

/// What one reading of the database gives.
struct Read {
    page: queue::Page,
    counts: Counts,
    colleagues: Vec<Account>,
    names: HashMap<Id, String>,
}

/// The list that is asked for.
pub async fn show(agent: Agent, query: web::Query<Query>) -> Result<HttpResponse, Error> {
    let asked = Asked::parse(query.into_inner(), &agent.scope);
    let memberships = agent.scope.memberships();
    if memberships.services.is_empty() && !memberships.administers.is_empty() && asked.is_bare() {
        // Who only administers has no queue to look at.
        return Ok(see_other("/admin"));
    }
    let read = read(&agent, &asked).await?;
    let title = heading(&agent, &asked);
    let page = Page {
        desk: Desk {
            q: asked.q().to_owned(),
        },
        queues: queues(&agent, &asked, &read.counts),
        views: all_views(&asked, &read.counts),
        filters: Filters::of(&agent, &asked, &read.colleagues),
        pages: pages(&asked, &read.page),
        rows: rows::of(&agent, &asked, &read.page.lines, &read.names),
        several: asked.selection.service.is_none() && agent.scope.services().len() > 1,
        closed: asked.q().is_empty() && asked.view() == View::Closed,
        empty: asked.empty(),
        done: done(&asked, &read.page),
        heading: title.clone(),
    };
    agent.visit.page("agent/queue.html", &title, "queue", &page)
}

async fn read(agent: &Agent, asked: &Asked) -> Result<Read, Error> {
    let queue = Queue::of(&agent.visit.site, &agent.scope);
    let (scope, asked) = (agent.scope.clone(), asked.clone());
    let work = move |conn: &mut Conn| {
        let page = match (&asked.sought, asked.q().is_empty()) {
            (Some(sought), _) => found(&queue, conn, sought, &asked)?,
            (None, false) => queue::Page::default(),
            (None, true) => queue.page(conn, &asked.selection, asked.place.as_ref())?,
        };
        let colleagues = colleagues(conn, &scope, asked.selection.service.as_deref())?;
        Ok::<_, Error>(Read {
            names: Account::names(conn, &hands(&page.lines))?,
            counts: queue.counts(conn)?,
            colleagues,
            page,
        })
    };
    agent.visit.site.db.read(work).await
}

/// The members of that service; of all of the agent's, when none is named.
fn colleagues(
    conn: &mut Conn,
    scope: &AgentScope,
    service: Option<&str>,
) -> diesel::QueryResult<Vec<Account>> {
    let services = service.map_or_else(|| scope.services(), |service| vec![service]);
    let mut all: Vec<Account> = Vec::new();
    for service in services {
        for colleague in membership::colleagues(conn, scope, service)? {
            if !all.iter().any(|known| known.id == colleague.id) {
                all.push(colleague);
            }
        }
    }
    Ok(all)
}

fn found(
    queue: &Queue,
    conn: &mut Conn,
    sought: &Sought,
    asked: &Asked,
) -> diesel::QueryResult<queue::Page> {
    let page = queue.search(conn, sought, asked.place.as_ref())?;
    match asked.or_name(sought).filter(|_| page.lines.is_empty()) {
        Some(name) => queue.search(conn, &name, asked.place.as_ref()),
        None => Ok(page),
    }
}

fn hands(lines: &[Line]) -> Vec<Id> {
    lines.iter().filter_map(|line| line.assignee).collect()
}

/// The name of a list.
pub fn heading(agent: &Agent, asked: &Asked) -> String {
    if !asked.q().is_empty() {
        return "Résultats de la recherche".to_owned();
    }
    if let Some(service) = &asked.selection.service
        && asked.selection.view == View::Open
    {
        return service_name(agent, service);
    }
    asked::heading(asked.selection.view).to_owned()
}

/// The name of a service; its id when the site no longer has it.
pub fn service_name(agent: &Agent, service: &str) -> String {
    let found = agent.visit.site.service(service);
    found.map_or_else(|| service.to_owned(), |service| service.name.clone())
}

fn queues(agent: &Agent, asked: &Asked, counts: &Counts) -> Vec<Beside> {
    let site = &agent.visit.site;
    let all = counts.services.iter().map(|(service, count)| {
        let house = site.file.authority_of(service);
        Beside {
            name: service_name(agent, service),
            authority_name: house.map_or_else(String::new, |h| views::authority_name(site, &h.id)),
            secrecy: house.map_or(Secrecy::Social, |house| house.secrecy),
            count: Some(figure(*count)),
            url: asked::queue_url(service),
            current: asked.is_queue(service),
        }
    });
    all.collect()
}

fn all_views(asked: &Asked, counts: &Counts) -> Vec<Beside> {
    let view = |view: View, count: Option<usize>| Beside {
        name: asked::heading(view).to_owned(),
        authority_name: String::new(),
        secrecy: Secrecy::Open,
        count: count.map(figure),
        url: asked::view_url(view),
        current: asked.is_view(view),
    };
    let mut views = vec![
        view(View::Mine, Some(counts.mine)),
        view(View::Late, Some(counts.late)),
        view(View::Answered, Some(counts.answered)),
        view(View::Closed, None),
    ];
    if counts.services.len() > 1 {
        views.insert(0, view(View::Open, None));
    }
    views
}

fn figure(count: usize) -> String {
    if count >= MANY {
        format!("{}+", MANY - 1)
    } else {
        count.to_string()
    }
}

/// What was just done, or that the list is not where it was left.
fn done(asked: &Asked, page: &queue::Page) -> Option<&'static str> {
    let changed = "La liste a changé entre-temps\u{a0}: la voici depuis le début.";
    page.restarted.then_some(changed).or_else(|| asked.done())
}

fn pages(asked: &Asked, page: &queue::Page) -> Pages {
    let shown = page.lines.len();
    let place = asked.place.filter(|_| !page.restarted);
    let alone = page.next.is_none() && place.is_none();
    let total_label = match page.total {
        _ if alone && shown == 1 => "1 demande".to_owned(),
        _ if alone => format!("{shown} demandes"),
        // A search is not counted.
        total if total <= shown => format!("{shown} demandes sur cette page"),
        total if total >= MANY => format!("{shown} sur plus de {}", MANY - 1),
        total => format!("{shown} sur {total}"),
    };
    Pages {
        first_url: place.map(|_| asked.first_url()),
        next_url: page.next.map(|place| asked.next_url(&place)),
        shown,
        total_label,
    }
}
