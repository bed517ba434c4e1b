//! Files and papers of a request, for the members of its service. `GET …/fichiers/{file}` · `GET
//! …/documents/{document}`.

use super::Agent;
use super::requests::open;
use crate::db::Id;
use crate::request::attachment::{self, Owner};
use crate::request::paper;
use crate::web::download;
use crate::web::error::Error;
use actix_web::{HttpResponse, web};

/// A file the citizen sent.
pub async fn file(agent: Agent, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (request, file) = path.into_inner();
    let owner = Owner::Request(open(&agent, &request).await?.request.id);
    let id = Id::parse(&file).ok_or(Error::NotFound)?;
    let site = &agent.visit.site;
    let found = site
        .db
        .read(move |conn| attachment::find(conn, owner, id).map_err(Error::from));
    let file = found.await?.ok_or(Error::NotFound)?;
    download::give(
        &site.blobs,
        &file.sha256,
        Some(file.size),
        &file.name,
        &file.media_type,
    )
    .await
}

/// A paper, also a revoked one: agents see what was issued.
pub async fn document(
    agent: Agent,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let (request, document) = path.into_inner();
    let request = open(&agent, &request).await?.request;
    let id = Id::parse(&document).ok_or(Error::NotFound)?;
    let (site, of) = (&agent.visit.site, request.id);
    let found = site
        .db
        .read(move |conn| paper::find(conn, of, id).map_err(Error::from));
    let paper = found.await?.ok_or(Error::NotFound)?;
    let sha256 = paper.sha256.as_deref().ok_or(Error::NotFound)?;
    let name = download::paper_name(&request, &paper);
    download::give(&site.blobs, sha256, paper.size, &name, "application/pdf").await
}
