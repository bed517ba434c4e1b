//! `GET /`: one question in large type, the most used procedures, two doors of equal rank.

use super::procedures::{Category, by_category};
use crate::definition::Secrecy;
use crate::web::error::Error;
use crate::web::still;
use crate::web::views::{self, Link};
use crate::web::visit::Visit;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

#[derive(Serialize)]
struct Home {
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
pub async fn show(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    still::show(&visit, &request, || home(&visit))
}

fn home<'a>(visit: &Visit) -> still::Page<'a, Home> {
    let procedures = visit.site.procedures();
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
            most_used: most_used(visit),
            doors: doors.collect(),
            // Opening hours come with the directory; until then nothing is claimed.
            today: Vec::new(),
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
