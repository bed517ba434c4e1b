//! Papers and files of a request, and whether a paper is ours. `GET /suivi/{code}/documents/{document}`
//! · `GET /suivi/{code}/fichiers/{file}` · `GET /verification[/{code}]`.

use super::guesses::{count_wrong, not_too_often};
use super::tracking;
use crate::db::Id;
use crate::form::control::Control;
use crate::request::attachment::{self, Owner};
use crate::request::paper::{self, Authenticity};
use crate::request::room::Room;
use crate::secret::Code;
use crate::web::download;
use crate::web::error::Error;
use crate::web::views::{self, ErrorLine};
use crate::web::visit::{Visit, see_other};
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

/// A paper, for who holds the request's code.
pub async fn document(
    visit: Visit,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (code, document) = path.into_inner();
    let tracked = tracking::find(&visit, &code).await?;
    let id = Id::parse(&document).ok_or(Error::NotFound)?;
    let request = tracked.request.id;
    let paper = visit
        .site
        .db
        .read(move |conn| paper::find(conn, request, id)?.ok_or(Error::NotFound))
        .await?;
    let room = Room {
        site: &visit.site,
        published: &tracked.published,
    };
    let sha256 = paper
        .sha256
        .as_deref()
        .filter(|_| paper.revoked_at.is_none() && room.is_given_here(&tracked.request, &paper))
        .ok_or(Error::NotFound)?;
    let name = download::paper_name(&tracked.request, &paper);
    download::give(
        &visit.site.blobs,
        sha256,
        paper.size,
        &name,
        "application/pdf",
    )
    .await
}

/// A file the citizen sent.
pub async fn file(visit: Visit, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (code, file) = path.into_inner();
    let tracked = tracking::find(&visit, &code).await?;
    let id = Id::parse(&file).ok_or(Error::NotFound)?;
    let owner = Owner::Request(tracked.request.id);
    let file = visit
        .site
        .db
        .read(move |conn| attachment::find(conn, owner, id)?.ok_or(Error::NotFound))
        .await?;
    download::give(
        &visit.site.blobs,
        &file.sha256,
        Some(file.size),
        &file.name,
        &file.media_type,
    )
    .await
}

/// What was typed.
#[derive(Deserialize)]
pub struct Query {
    code: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    code: Control,
    errors: Vec<ErrorLine>,
}

/// Asks for the code printed on a paper.
pub async fn verification_entry(
    visit: Visit,
    query: web::Query<Query>,
) -> Result<HttpResponse, Error> {
    let typed = query.code.as_deref().unwrap_or_default().trim();
    if let Ok(code) = Code::parse(typed) {
        return Ok(see_other(&format!("/verification/{}", code.compact())));
    }
    let mut code = views::control("text", "code", "Code du document", typed);
    code.hint = Some(
        "16 lettres et chiffres, près du carré noir et blanc, par exemple 7K4M-2P93-QX8T-B5WD"
            .to_owned(),
    );
    let mut errors = Vec::new();
    if query.code.is_some() {
        let message =
            "Un code compte 16 lettres et chiffres. Vérifiez chaque caractère.".to_owned();
        code.error = Some(message.clone());
        errors.push(ErrorLine {
            field_id: code.id.clone(),
            message,
        });
    }
    visit.page(
        "citizen/verification_entry.html",
        "Vérifier un document",
        "verification",
        &Entry { code, errors },
    )
}

#[derive(Serialize)]
struct Verdict {
    verdict: &'static str,
    code: String,
}

/// Authentic, revoked or unknown, and nothing else.
pub async fn verification(visit: Visit, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let Ok(code) = Code::parse(&code) else {
        // Asked again, with what was typed.
        let typed: String = code.chars().take(100).collect();
        let query: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        return Ok(see_other(&format!("/verification?code={query}")));
    };
    let sought = code.clone();
    not_too_often(&visit).await?;
    let found = visit
        .site
        .db
        .read(move |conn| Ok::<_, Error>(paper::authenticity(conn, &sought)?))
        .await?;
    if found == Authenticity::Unknown {
        count_wrong(&visit).await?;
    }
    let verdict = match found {
        Authenticity::Authentic => "authentic",
        Authenticity::Revoked => "revoked",
        Authenticity::Unknown => "unknown",
    };
    let shown = Verdict {
        verdict,
        code: code.to_string(),
    };
    visit.page(
        "citizen/verification.html",
        "Vérifier un document",
        "verification",
        &shown,
    )
}
