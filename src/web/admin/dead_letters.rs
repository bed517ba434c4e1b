//! `GET /admin/envois`: mails and jobs of one's authorities that were given up · `POST
//! …/{job}/relance` gives one another round. Never their content, never whose they are.

use super::{Admin, AdminPost};
use crate::db::{At, Id};
use crate::job;
use crate::web::agent::Desk;
use crate::web::error::Error;
use crate::web::views;
use crate::web::visit::see_other;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

/// Most of one list.
const MOST: i64 = 100;

#[derive(Serialize)]
struct Page {
    desk: Desk,
    letters: Vec<Letter>,
    pages: Pages,
    retry_all_url: Option<String>,
    done: Option<&'static str>,
}

#[derive(Serialize)]
struct Letter {
    kind: &'static str,
    name: &'static str,
    authority_name: Option<String>,
    attempts: i32,
    created_at: At,
    failed_at: At,
    last_error: String,
    retry_url: String,
}

#[derive(Serialize)]
struct Pages {
    first_url: Option<String>,
    next_url: Option<String>,
    shown: usize,
    total_label: String,
}

/// What was just done.
#[derive(Deserialize)]
pub struct Done {
    fait: Option<String>,
}

/// Lists them.
pub async fn index(admin: Admin, done: web::Query<Done>) -> Result<HttpResponse, Error> {
    let authorities = admin.authorities().to_vec();
    let dead = admin
        .0
        .visit
        .site
        .db
        .read(move |conn| job::dead(conn, &authorities, MOST).map_err(Error::from));
    let rows = dead.await?;
    let page = Page {
        desk: Desk::default(),
        pages: Pages {
            first_url: None,
            next_url: None,
            shown: rows.len(),
            total_label: label(rows.len()),
        },
        letters: rows.into_iter().map(|row| letter(&admin, row)).collect(),
        retry_all_url: None,
        done: (done.fait.as_deref() == Some("relance"))
            .then_some("L’envoi sera réessayé dans un instant."),
    };
    let visit = &admin.0.visit;
    visit.page(
        "admin/dead_letters.html",
        "Envois en échec",
        "dead_letters",
        &page,
    )
}

/// Gives one another round.
pub async fn retry(post: AdminPost, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let admin = post.admin;
    let id = Id::parse(&id).ok_or(Error::NotFound)?;
    let authorities = admin.authorities().to_vec();
    let revived = admin
        .0
        .visit
        .site
        .db
        .write(move |tx| job::revive(tx, id, &authorities).map_err(Error::from));
    if revived.await? {
        Ok(see_other("/admin/envois?fait=relance"))
    } else {
        Err(Error::NotFound)
    }
}

fn letter(admin: &Admin, row: job::Row) -> Letter {
    let site = &admin.0.visit.site;
    let mail = matches!(row.kind.as_str(), "mail" | "mail_draft");
    Letter {
        kind: if mail { "mail" } else { "job" },
        name: name(&row),
        authority_name: row.authority.map(|id| views::authority_name(site, &id)),
        attempts: row.attempts,
        created_at: row.created_at,
        failed_at: row.dead_at.unwrap_or(row.created_at),
        last_error: without_addresses(&row.last_error.unwrap_or_default()),
        retry_url: format!("/admin/envois/{}/relance", row.id),
    }
}

/// What it was, in two words: not which message, which would tell what became of somebody's request.
fn name(row: &job::Row) -> &'static str {
    match row.kind.as_str() {
        "mail" => "à propos d’une demande",
        "mail_draft" => "lien d’un brouillon",
        "print" => "impression d’un document",
        "fire" => "échéance d’une demande",
        _ => "entretien du guichet",
    }
}

/// An error in a mail server's words may quote an address: it is left out.
fn without_addresses(error: &str) -> String {
    let word = |word: &str| {
        if word.contains('@') {
            "…".to_owned()
        } else {
            word.to_owned()
        }
    };
    error.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn label(shown: usize) -> String {
    match shown {
        0 | 1 => format!("{shown} envoi"),
        100.. => format!("les {shown} derniers"),
        _ => format!("{shown} envois"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_is_shown_in_an_error() {
        assert_eq!(
            without_addresses("550 5.1.1 <anne@exemple.be>: Recipient address rejected"),
            "550 5.1.1 … Recipient address rejected"
        );
    }
}
