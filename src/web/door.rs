//! The door: every request passes here on its way in and out. In: which site it asks, which browser it
//! comes from. Out: a page for every error, and the headers that keep a browser from doing what it
//! should not.

mod caller;

use super::error;
use super::still;
use super::visit::{KNOWN, VISITOR, Visit, Visitor, app};
use crate::app::App;
use crate::known::{Earned, Known};
use crate::telemetry::Area;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

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
    let started = Instant::now();
    let area = area(request.path());
    let answer = visited(&app, request, next).await?;
    let status = answer.status().as_u16();
    app.metrics.answered(area, status, started.elapsed());
    Ok(answer)
}

/// Gives the page that everyone reads, when it was drawn today, before anything else is done.
pub async fn still(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let kept = app(&request).and_then(|app| {
        let site = app.site(&caller::host(&app, &request))?;
        let answer = still::kept(&app, site, &request)?;
        let (area, status) = (area(request.path()), answer.status().as_u16());
        app.metrics.answered(area, status, started.elapsed());
        Some(answer)
    });
    let Some(mut answer) = kept else {
        return next
            .call(request)
            .await
            .map(ServiceResponse::map_into_boxed_body);
    };
    for (name, value) in &GUARDS {
        answer
            .headers_mut()
            .insert(name.clone(), HeaderValue::from_static(value));
    }
    Ok(request.into_response(answer))
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
    let cookie = request.cookie(VISITOR);
    let before = request.cookie(KNOWN).and_then(|cookie| {
        let now = site.db.clock().now();
        Known::of(&site.key, Earned::Code, cookie.value(), now)
    });
    let visitor = Rc::new(Visitor::of(cookie.as_ref().map(Cookie::value), before));
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
    let drawn = visitor.drawn().map(|name| (VISITOR, name.to_owned()));
    let earned = visitor.earned(&visit.site).map(|known| (KNOWN, known));
    for (name, value) in drawn.into_iter().chain(earned) {
        let secure = visit.site.base_url.starts_with("https://");
        let cookie = Cookie::build(name, value)
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

/// What keeps a browser from doing what it should not.
const GUARDS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Addresses of drafts and requests hold their codes: they are told to nobody.
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (
        header::PERMISSIONS_POLICY,
        "camera=(), microphone=(), geolocation=(), payment=()",
    ),
];

fn protect(headers: &mut HeaderMap, asset: bool) {
    let private = (header::CACHE_CONTROL, "no-store");
    for (name, value) in GUARDS.iter().chain((!asset).then_some(&private)) {
        if !headers.contains_key(name) {
            headers.insert(name.clone(), HeaderValue::from_static(value));
        }
    }
}

fn area(path: &str) -> Area {
    match path.split('/').nth(1) {
        Some("agent") => Area::Agent,
        Some("admin") => Area::Admin,
        Some("assets") => Area::Assets,
        Some("healthz" | "metrics") => Area::Operator,
        Some("demo") => Area::Demo,
        _ => Area::Citizen,
    }
}
