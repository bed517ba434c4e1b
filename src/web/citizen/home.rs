//! `GET /`: one question in large type, the most used procedures, two doors of equal rank.

use super::procedures::{Category, by_category, search};
use crate::definition::Secrecy;
use crate::web::error::Error;
use crate::web::still;
use crate::web::views::{self, Card, Link};
use crate::web::visit::Visit;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

/// What was typed in the search.
#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct Home {
    q: String,
    results: Option<Vec<Card>>,
    most_used: Vec<Link>,
    doors: Vec<Door>,
    today: Vec<Today>,
}

#[derive(Serialize)]
struct Door {
    name: String,
    secrecy: Secrecy,
    summary: String,
    categories: Vec<Category<Link>>,
}

#[derive(Serialize)]
struct Today {
    name: String,
    status: String,
    open: bool,
}

/// The front steps.
pub async fn show(
    visit: Visit,
    request: HttpRequest,
    query: web::Query<Query>,
) -> Result<HttpResponse, Error> {
    let q: String = query.q.trim().chars().take(100).collect();
    if q.is_empty() {
        return still::show(&visit, &request, || home(&visit, q));
    }
    let page = home(&visit, q);
    visit.page(page.template, page.title, page.nav, &page.content)
}

fn home<'a>(visit: &Visit, q: String) -> still::Page<'a, Home> {
    let procedures = visit.site.procedures();
    let results = (!q.is_empty()).then(|| {
        search(&procedures, &q, visit.lang())
            .iter()
            .map(|found| views::card(&visit.site, found, visit.lang()))
            .collect()
    });
    let doors = visit.site.file.authorities.iter().map(|authority| Door {
        name: authority.short_name.clone(),
        secrecy: authority.secrecy,
        summary: authority.summary.clone(),
        categories: by_category(&procedures, &authority.id, visit.lang(), |published| Link {
            title: published.procedure().title.get(visit.lang()).to_owned(),
            url: views::procedure_url(published.procedure()),
        }),
    });
    still::Page {
        template: "citizen/home.html",
        title: "Que souhaitez-vous faire\u{a0}?",
        nav: "home",
        content: Home {
            results,
            most_used: most_used(visit),
            doors: doors.collect(),
            // Opening hours come with the directory; until then nothing is claimed.
            today: Vec::new(),
            q,
        },
    }
}

/// The procedures the site puts first.
pub fn most_used(visit: &Visit) -> Vec<Link> {
    let listed = visit
        .site
        .file
        .most_used
        .iter()
        .filter_map(|id| visit.site.procedure(id));
    listed
        .map(|published| Link {
            title: published.procedure().title.get(visit.lang()).to_owned(),
            url: views::procedure_url(published.procedure()),
        })
        .collect()
}
