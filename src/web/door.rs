//! The door: every request passes here on its way in and out. In: which site it asks, which browser it
//! comes from. Out: a page for every error, and the headers that keep a browser from doing what it
//! should not.

mod caller;

use super::error;
use super::still;
use super::visit::{VISITOR, Visit, Visitor, app};
use crate::app::App;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use std::rc::Rc;
use std::sync::Arc;

/// Nothing from elsewhere, nothing inline, nothing evaluated.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; \
     base-uri 'none'; manifest-src 'self'";

/// Passes a request in and its answer out.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(app) = app(&request) else {
        return Err(error::Error::Internal("no application".to_owned()).into());
    };
    let started = std::time::Instant::now();
    let area = area(request.path());
    let answer = visited(&app, request, next).await?;
    app.metrics
        .answers
        .with_label_values(&[area, class(answer.status().as_u16())])
        .inc();
    app.metrics
        .seconds
        .with_label_values(&[area])
        .observe(started.elapsed().as_secs_f64());
    Ok(answer)
}

async fn visited(
    app: &Arc<App>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // The operator's pages are asked by address, not by a site's name.
    if matches!(request.path(), "/healthz" | "/metrics") {
        return next
            .call(request)
            .await
            .map(ServiceResponse::map_into_boxed_body);
    }
    let Some(site) = app.site(&caller::host(app, &request)).cloned() else {
        let refused = HttpResponse::MisdirectedRequest()
            .insert_header(header::ContentType::plaintext())
            .body("Ce serveur ne répond pas à ce nom.\n");
        return Ok(request.into_response(refused));
    };
    if let Some(still) = still::kept(app, &site, &request) {
        let mut answer = request.into_response(still);
        protect(answer.headers_mut(), false);
        return Ok(answer);
    }
    let cookie = request.cookie(VISITOR);
    let visitor = Rc::new(Visitor::of(cookie.as_ref().map(Cookie::value)));
    let own = caller::is_own(app, &site, &request);
    let ip = caller::address(app, &request);
    let visit = Visit::new(Arc::clone(app), site, &request, Rc::clone(&visitor), ip);
    request.extensions_mut().insert(visit.clone());
    let asset = request.path().starts_with("/assets/");
    // Errors of handlers and extractors are answers by now; the request itself must not be held here,
    // or the router could not note what it matched.
    let mut answer = if own {
        next.call(request).await?.map_into_boxed_body()
    } else {
        request.into_response(HttpResponse::Forbidden().finish())
    };
    let status = answer.status();
    let is_page = answer.headers().contains_key(header::CONTENT_TYPE);
    if (status.is_client_error() || status.is_server_error())
        && (!is_page || plain(answer.headers()))
    {
        let html = error::page(&visit, status);
        answer = answer.map_body(|head, _| {
            head.headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            );
            BoxBody::new(html)
        });
    }
    if let Some(name) = visitor.drawn() {
        let secure = visit.site.base_url.starts_with("https://");
        let cookie = Cookie::build(VISITOR, name)
            .path("/")
            .http_only(true)
            .secure(secure)
            .same_site(SameSite::Lax)
            .finish();
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    protect(answer.headers_mut(), asset);
    Ok(answer)
}

/// The framework's own errors are plain text; ours have no body. Both get our page.
fn plain(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/plain"))
}

fn protect(headers: &mut HeaderMap, asset: bool) {
    let mut unless_set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    unless_set(header::CONTENT_SECURITY_POLICY, POLICY);
    unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_set(header::X_FRAME_OPTIONS, "DENY");
    // Addresses of drafts and requests hold their codes: they are told to nobody.
    unless_set(header::REFERRER_POLICY, "no-referrer");
    unless_set(header::CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    unless_set(
        header::PERMISSIONS_POLICY,
        "camera=(), microphone=(), geolocation=(), payment=()",
    );
    if !asset {
        unless_set(header::CACHE_CONTROL, "no-store");
    }
}

fn area(path: &str) -> &'static str {
    match path.split('/').nth(1) {
        Some("agent") => "agent",
        Some("admin") => "admin",
        Some("assets") => "assets",
        Some("healthz" | "metrics") => "operator",
        Some("demo") => "demo",
        _ => "citizen",
    }
}

fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
