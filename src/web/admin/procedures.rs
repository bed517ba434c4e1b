//! `GET /admin`: the procedures of one's authorities, and what is wrong with their files.

use super::Admin;
use crate::db::At;
use crate::definition::Secrecy;
use crate::definition::defect::{Defect, DefectKind};
use crate::site::shelf::Published;
use crate::web::agent::Desk;
use crate::web::error::Error;
use crate::web::views;
use actix_web::HttpResponse;
use chrono::DateTime;
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    desk: Desk,
    procedures: Vec<Shown>,
    shared_errors: Vec<Fault>,
}

#[derive(Serialize)]
struct Shown {
    title: String,
    slug: String,
    url: Option<String>,
    authority_name: String,
    secrecy: Secrecy,
    file: String,
    version: Option<i32>,
    published_at: Option<At>,
    state: &'static str,
    errors: Vec<Fault>,
}

#[derive(Clone, Serialize)]
struct Fault {
    file: String,
    line: Option<u32>,
    column: Option<u32>,
    cause: String,
    suggestion: Option<String>,
}

/// Lists them.
pub async fn index(admin: Admin) -> Result<HttpResponse, Error> {
    let site = &admin.0.visit.site;
    let published = site.procedures();
    let mine = |authority: &str| admin.authorities().iter().any(|id| id == authority);
    let mut procedures: Vec<Shown> = published
        .iter()
        .filter(|published| mine(&published.procedure().authority))
        .map(|published| one(&admin, published))
        .collect();
    let serves = |file: &str| {
        published
            .iter()
            .any(|known| known.definition.path() == file)
    };
    let errors = || site.defects.iter().filter(|defect| defect.is_error());
    let mut refused: Vec<&String> = errors()
        .flat_map(|defect| &defect.concerns)
        .filter(|file| !serves(file) && mine(folder(file)))
        .collect();
    refused.sort_unstable();
    refused.dedup();
    procedures.extend(refused.into_iter().map(|file| never(&admin, file)));
    let page = Page {
        desk: Desk::default(),
        procedures,
        shared_errors: errors()
            .filter(|defect| defect.concerns.is_empty())
            .map(fault)
            .collect(),
    };
    let visit = &admin.0.visit;
    visit.page("admin/home.html", "Démarches", "procedures", &page)
}

fn one(admin: &Admin, published: &Published) -> Shown {
    let visit = &admin.0.visit;
    let card = views::card(&visit.site, published, visit.lang());
    let file = published.definition.path().to_owned();
    let errors = faults(admin, &file);
    Shown {
        title: card.title,
        slug: published.procedure().id.to_string(),
        url: Some(card.url),
        authority_name: card.authority_name,
        secrecy: card.secrecy,
        version: Some(published.number),
        published_at: published_at(published),
        state: if errors.is_empty() {
            "published"
        } else {
            "stale"
        },
        errors,
        file,
    }
}

/// A file that never was good enough to be published.
fn never(admin: &Admin, file: &str) -> Shown {
    let site = &admin.0.visit.site;
    let house = site.authority(folder(file));
    let slug = file
        .rsplit('/')
        .next()
        .unwrap_or(file)
        .trim_end_matches(".yaml");
    Shown {
        title: slug.to_owned(),
        slug: slug.to_owned(),
        url: None,
        authority_name: house.map_or_else(String::new, |house| house.short_name.clone()),
        secrecy: house.map_or(Secrecy::Social, |house| house.secrecy),
        file: file.to_owned(),
        version: None,
        published_at: None,
        state: "refused",
        errors: faults(admin, file),
    }
}

fn faults(admin: &Admin, file: &str) -> Vec<Fault> {
    let defects = admin.0.visit.site.defects.iter();
    defects
        .filter(|defect| defect.is_error() || defect.kind == DefectKind::WrongExample)
        .filter(|defect| defect.concerns.iter().any(|spoilt| spoilt == file))
        .map(fault)
        .collect()
}

fn fault(defect: &Defect) -> Fault {
    Fault {
        file: defect.file.clone(),
        line: (defect.line > 0).then_some(defect.line),
        column: None,
        cause: defect.message.clone(),
        suggestion: defect.suggestion.clone(),
    }
}

/// Definitions lie in the folder of their authority.
fn folder(file: &str) -> &str {
    file.split('/').next().unwrap_or_default()
}

/// The id of a version tells when it was made.
fn published_at(published: &Published) -> Option<At> {
    let (seconds, nanos) = published.version.0.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos).map(At::new)
}
