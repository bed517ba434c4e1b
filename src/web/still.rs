//! Still pages: those that are the same for everyone until the day turns. They are drawn once a day, kept
//! as bytes with their compressed form and their digest, and given without drawing anything. They hold
//! no token and set no cookie.
//!
//! A site's definitions do not change while it is open; what does change from day to day is what a page
//! says of coming closures. The cache is bounded because only pages that exist are ever kept in it.

use super::error::Error;
use super::visit::Visit;
use crate::app::App;
use crate::belgium::from_brussels;
use crate::site::Site;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use chrono::{DateTime, Days, NaiveTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The still pages drawn so far, by site and path. A cache only.
#[derive(Default)]
pub struct Stills(RwLock<HashMap<String, Arc<Still>>>);

struct Still {
    /// The midnight after which it is drawn anew.
    until: DateTime<Utc>,
    plain: Bytes,
    /// Compressed, when that makes it smaller.
    gzip: Option<Bytes>,
    tag: HeaderValue,
}

impl Still {
    fn of(until: DateTime<Utc>, html: String) -> Self {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(&html)[..16]);
        let plain = Bytes::from(html);
        Self {
            until,
            gzip: crate::template::assets::gzip(&plain),
            plain,
            // Weak: the compressed form has other bytes.
            tag: HeaderValue::from_str(&format!("W/\"{digest}\""))
                .unwrap_or(HeaderValue::from_static("\"\"")),
        }
    }

    fn answer(&self, headers: &HeaderMap) -> HttpResponse {
        let said = |name| {
            headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        let mut answer = HttpResponse::Ok();
        answer
            .insert_header((header::ETAG, self.tag.clone()))
            .insert_header((header::VARY, HeaderValue::from_static("Accept-Encoding")))
            // May be kept, and is asked about each time: what is published is seen at once.
            .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-cache")));
        let tag = self.tag.to_str().unwrap_or_default();
        if said(header::IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|t| t.trim() == tag))
        {
            return answer
                .status(actix_web::http::StatusCode::NOT_MODIFIED)
                .finish();
        }
        answer.insert_header((
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ));
        let accepts = said(header::ACCEPT_ENCODING).is_some_and(|value| value.contains("gzip"));
        match &self.gzip {
            Some(gzip) if accepts => answer
                .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")))
                .body(gzip.clone()),
            _ => answer.body(self.plain.clone()),
        }
    }
}

/// A page as its template wants it.
pub struct Page<'a, T> {
    pub template: &'a str,
    pub title: &'a str,
    /// The place of the menu it belongs to.
    pub nav: &'a str,
    pub content: T,
}

/// The page of this path when it was drawn today. The door asks before anything else is done, so that
/// what everyone reads costs least; an address with a question in it is no still page.
pub(super) fn kept(app: &App, site: &Site, request: &ServiceRequest) -> Option<HttpResponse> {
    if request.method() != Method::GET || !request.query_string().is_empty() {
        return None;
    }
    let still = app.stills.of(site, &key(site, request.path()))?;
    Some(still.answer(request.headers()))
}

impl Stills {
    fn of(&self, site: &Site, key: &str) -> Option<Arc<Still>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let still = kept.get(key)?;
        (site.db.clock().now() < still.until).then(|| Arc::clone(still))
    }
}

fn key(site: &Site, path: &str) -> String {
    format!("{}{path}", site.base_url)
}

/// Answers the page of this path, drawn today already or now.
pub fn show<'a, T: Serialize>(
    visit: &'a Visit,
    request: &HttpRequest,
    page: impl FnOnce() -> Page<'a, T>,
) -> Result<HttpResponse, Error> {
    let key = key(&visit.site, visit.path());
    let stills = &visit.app.stills;
    if let Some(still) = stills.of(&visit.site, &key) {
        return Ok(still.answer(request.headers()));
    }
    let page = page();
    let html = visit.html_for_all(page.template, page.title, page.nav, &page.content)?;
    let tomorrow = visit.site.today() + Days::new(1);
    let midnight = from_brussels(tomorrow.and_time(NaiveTime::MIN));
    // Every day of Belgium has a midnight; one that had none would be drawn anew each time.
    let until = midnight.unwrap_or(DateTime::UNIX_EPOCH);
    let still = Arc::new(Still::of(until, html));
    let answer = still.answer(request.headers());
    let mut kept = stills.0.write().unwrap_or_else(PoisonError::into_inner);
    kept.insert(key, still);
    Ok(answer)
}
