//! `GET /assets/{path}`: from memory, compressed beforehand, kept for a year when the address carries the
//! digest of today.

use super::error::Error;
use super::visit::Visit;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

/// Answers one file.
pub async fn show(
    visit: Visit,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let assets = visit.app.templates.assets();
    let asset = assets.get(&path).ok_or(Error::NotFound)?;
    let current = request.query_string().strip_prefix("v=") == Some(assets.digest());
    let tag = format!("\"{}\"", assets.digest());
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::ETAG, tag.clone()))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((
            header::CACHE_CONTROL,
            if current {
                "public, max-age=31536000, immutable"
            } else {
                "public, max-age=300"
            },
        ));
    let known = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok());
    if known == Some(tag.as_str()) {
        return Ok(answer
            .status(actix_web::http::StatusCode::NOT_MODIFIED)
            .finish());
    }
    let accepts = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    Ok(match &asset.gzip {
        Some(gzip) if accepts => answer
            .insert_header((header::CONTENT_ENCODING, "gzip"))
            .body(gzip.clone()),
        _ => answer.body(asset.plain.clone()),
    })
}
