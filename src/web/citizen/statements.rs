//! What every public site owes: `GET /accessibilite`, `/vie-privee`, `/mentions-legales`, and
//! `/robots.txt` for machines.

use crate::definition::Secrecy;
use crate::web::error::Error;
use crate::web::still;
use crate::web::views;
use crate::web::visit::Visit;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

#[derive(Serialize)]
struct Accessibility {
    statement: Statement,
}

#[derive(Serialize)]
struct Statement {
    prepared_on: &'static str,
    contacts: Vec<House>,
}

/// An authority and how it is reached.
#[derive(Serialize)]
struct House {
    name: String,
    secrecy: Secrecy,
    email: Option<String>,
    phone: Option<String>,
    address: Vec<String>,
    enterprise_number: Option<String>,
}

fn houses(visit: &Visit) -> Vec<House> {
    let authorities = visit.site.file.authorities.iter();
    authorities
        .map(|authority| House {
            name: authority.name.clone(),
            secrecy: authority.secrecy,
            email: Some(authority.mail_from.clone()),
            phone: None,
            address: authority.address.clone(),
            enterprise_number: None,
        })
        .collect()
}

/// The day the statement was last gone through.
const PREPARED_ON: &str = "2026-11-23";

/// How far everybody can use it, honestly.
pub async fn accessibility(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    still::show(&visit, &request, || still::Page {
        template: "citizen/accessibility.html",
        title: "Accessibilité",
        nav: "",
        content: Accessibility {
            statement: Statement {
                prepared_on: PREPARED_ON,
                contacts: houses(&visit),
            },
        },
    })
}

#[derive(Serialize)]
struct Privacy {
    controllers: Vec<Controller>,
}

#[derive(Serialize)]
struct Controller {
    name: String,
    secrecy: Secrecy,
    dpo: Option<String>,
    address: Vec<String>,
    procedures: Vec<Processing>,
}

#[derive(Serialize)]
struct Processing {
    title: String,
    url: String,
    purpose: String,
    legal_basis: String,
    retention: String,
}

/// What becomes of the data, authority by authority, procedure by procedure.
pub async fn privacy(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    still::show(&visit, &request, || still::Page {
        template: "citizen/privacy.html",
        title: "Vie privée",
        nav: "",
        content: Privacy {
            controllers: controllers(&visit),
        },
    })
}

fn controllers(visit: &Visit) -> Vec<Controller> {
    let all = visit.site.procedures();
    let authorities = visit.site.file.authorities.iter();
    authorities
        .map(|authority| Controller {
            name: authority.name.clone(),
            secrecy: authority.secrecy,
            dpo: Some(authority.privacy_contact.clone()).filter(|dpo| !dpo.is_empty()),
            address: authority.address.clone(),
            procedures: all
                .iter()
                .filter(|published| *published.procedure().authority == *authority.id)
                .map(|published| {
                    let procedure = published.procedure();
                    let shown = views::privacy(&visit.site, procedure, visit.lang());
                    Processing {
                        title: procedure.title.get(visit.lang()).to_owned(),
                        url: views::procedure_url(procedure),
                        purpose: shown.purpose,
                        legal_basis: shown.legal_basis,
                        retention: shown.retention,
                    }
                })
                .collect(),
        })
        .collect()
}

#[derive(Serialize)]
struct Legal {
    publishers: Vec<House>,
    version: &'static str,
}

/// Who publishes the site.
pub async fn legal(visit: Visit, request: HttpRequest) -> Result<HttpResponse, Error> {
    still::show(&visit, &request, || still::Page {
        template: "citizen/legal.html",
        title: "Mentions légales",
        nav: "",
        content: Legal {
            publishers: houses(&visit),
            version: env!("CARGO_PKG_VERSION"),
        },
    })
}

/// Machines may read the public pages and nothing that a code opens.
pub async fn robots() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(header::ContentType::plaintext())
        .body(
            "User-agent: *\nDisallow: /brouillons/\nDisallow: /suivi/\nDisallow: /verification/\n\
         Disallow: /agent\nDisallow: /admin\nDisallow: /demo\n",
        )
}
