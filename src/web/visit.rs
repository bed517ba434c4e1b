//! A visit: one request of a browser, the site it asks, and what every page needs to be drawn.

use super::error::Error;
use super::token;
use crate::app::App;
use crate::definition::Secrecy;
use crate::known::{Earned, Known};
use crate::site::Site;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use serde::Serialize;
use std::cell::{Cell, OnceCell};
use std::future::{Ready, ready};
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

/// The cookie that tells one browser from another, for the tokens of forms. It names nobody.
pub const VISITOR: &str = "perron_visiteur";

/// The cookie of a browser that has shown a right code. It goes with the session.
pub const KNOWN: &str = "perron_connu";
/// How long it counts, where a browser keeps sessions for ever.
const KNOWN_FOR: chrono::Duration = chrono::Duration::days(7);

/// One request of a browser.
#[derive(Clone)]
pub struct Visit {
    pub app: Arc<App>,
    pub site: Arc<Site>,
    /// Path and query, as asked.
    path: Rc<str>,
    visitor: Rc<Visitor>,
    /// Where it comes from, for rate limits only.
    pub ip: IpAddr,
    /// The agent's name and whether they administer, when signed in.
    agent: Option<Rc<AgentView>>,
}

/// The browser's own random name: the one in its cookie, or one drawn when a form first needs it, so
/// that who only reads is given no cookie.
#[derive(Default)]
pub struct Visitor {
    known: Option<String>,
    drawn: OnceCell<String>,
    /// It has shown a right code before.
    before: Option<Known>,
    /// It shows one now.
    now: Cell<bool>,
}

impl Visitor {
    /// The one a cookie names; any other value is no name.
    pub(super) fn of(cookie: Option<&str>, before: Option<Known>) -> Self {
        Self {
            known: cookie.filter(|name| name.len() == 22).map(str::to_owned),
            drawn: OnceCell::new(),
            before,
            now: Cell::new(false),
        }
    }

    /// The cookie this answer must carry because the browser has become known by it.
    pub(super) fn earned(&self, site: &Site) -> Option<String> {
        if self.before.is_some() || !self.now.get() {
            return None;
        }
        let clock = site.db.clock();
        let known = Known::named(clock.secret());
        Some(known.cookie(&site.key, Earned::Code, clock.now(), KNOWN_FOR))
    }

    /// The name that was drawn for this answer, which its cookie must carry back.
    pub(super) fn drawn(&self) -> Option<&str> {
        self.drawn.get().map(String::as_str)
    }

    fn name(&self, site: &Site) -> &str {
        self.known.as_deref().unwrap_or_else(|| {
            self.drawn.get_or_init(|| {
                data_encoding::BASE64URL_NOPAD.encode(&site.db.clock().secret()[..16])
            })
        })
    }
}

/// What layouts say of the agent.
#[derive(Clone, Debug, Serialize)]
pub struct AgentView {
    pub name: String,
    pub can_admin: bool,
    pub initials: String,
}

#[derive(Serialize)]
struct SiteView<'a> {
    name: &'a str,
    short_name: &'a str,
    tagline: &'a str,
    lang: &'a str,
    languages: &'a [String],
    authorities: Vec<AuthorityView<'a>>,
    demo: bool,
}

#[derive(Serialize)]
struct AuthorityView<'a> {
    id: &'a str,
    name: &'a str,
    short_name: &'a str,
    secrecy: Secrecy,
}

#[derive(Serialize)]
struct PageView<'a> {
    title: &'a str,
    path: &'a str,
    csrf: Option<String>,
    lang: &'a str,
    nav: &'a str,
    agent: Option<&'a AgentView>,
}

#[derive(Serialize)]
struct Full<'a, T> {
    site: SiteView<'a>,
    page: PageView<'a>,
    #[serde(flatten)]
    content: &'a T,
}

impl Visit {
    /// Made at the door, once a request.
    pub(super) fn new(
        app: Arc<App>,
        site: Arc<Site>,
        request: &ServiceRequest,
        visitor: Rc<Visitor>,
        ip: IpAddr,
    ) -> Self {
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        Self {
            app,
            site,
            path: path.into(),
            visitor,
            ip,
            agent: None,
        }
    }

    /// The path alone.
    pub fn path(&self) -> &str {
        self.path.split('?').next().unwrap_or("/")
    }

    /// The same visit, by this agent.
    pub fn by(mut self, agent: AgentView) -> Self {
        self.agent = Some(Rc::new(agent));
        self
    }

    /// The language of the page.
    pub fn lang(&self) -> &str {
        self.site
            .file
            .languages
            .first()
            .map_or("fr", String::as_str)
    }

    /// Notes that the code in the address is right.
    pub fn has_shown_a_code(&self) {
        self.visitor.now.set(true);
    }

    /// The browser, when it has shown a right code before.
    pub fn known(&self) -> Option<&Known> {
        self.visitor.before.as_ref()
    }

    /// A token for the forms of this page.
    pub fn csrf(&self) -> String {
        let now = self.site.db.clock().now();
        token::make(&self.site.key, self.visitor.name(&self.site), now)
    }

    /// Refuses a form whose token is not one of this visitor's, or is too old.
    pub fn check(&self, given: &str) -> Result<(), Error> {
        let now = self.site.db.clock().now();
        let holds = |visitor: &String| token::holds(&self.site.key, visitor, given, now);
        if self.visitor.known.as_ref().is_some_and(holds) {
            Ok(())
        } else {
            Err(Error::Token)
        }
    }

    /// Draws a page, with a token for its forms.
    pub fn html<T: Serialize>(
        &self,
        template: &str,
        title: &str,
        nav: &str,
        content: &T,
    ) -> Result<String, Error> {
        self.draw(template, title, nav, content, Some(self.csrf()))
    }

    /// Draws a page that is the same for everyone: a form with a token in it is an error of its template.
    pub fn html_for_all<T: Serialize>(
        &self,
        template: &str,
        title: &str,
        nav: &str,
        content: &T,
    ) -> Result<String, Error> {
        self.draw(template, title, nav, content, None)
    }

    fn draw<T: Serialize>(
        &self,
        template: &str,
        title: &str,
        nav: &str,
        content: &T,
        csrf: Option<String>,
    ) -> Result<String, Error> {
        let file = &self.site.file;
        let full = Full {
            site: SiteView {
                name: &file.name,
                short_name: &file.short_name,
                tagline: &file.tagline,
                lang: self.lang(),
                languages: &file.languages,
                authorities: file
                    .authorities
                    .iter()
                    .map(|a| AuthorityView {
                        id: &a.id,
                        name: &a.name,
                        short_name: &a.short_name,
                        secrecy: a.secrecy,
                    })
                    .collect(),
                demo: self.site.demo,
            },
            page: PageView {
                title,
                path: self.path(),
                csrf,
                lang: self.lang(),
                nav,
                agent: self.agent.as_deref(),
            },
            content,
        };
        Ok(self.app.templates.render(template, &full)?)
    }

    /// Answers a page.
    pub fn page<T: Serialize>(
        &self,
        template: &str,
        title: &str,
        nav: &str,
        content: &T,
    ) -> Result<HttpResponse, Error> {
        let html = self.html(template, title, nav, content)?;
        Ok(HttpResponse::Ok()
            .insert_header(header::ContentType::html())
            .body(html))
    }

    /// Answers the same page to somebody whose input has to be mended (422).
    pub fn page_again<T: Serialize>(
        &self,
        template: &str,
        title: &str,
        nav: &str,
        content: &T,
    ) -> Result<HttpResponse, Error> {
        let html = self.html(template, title, nav, content)?;
        Ok(HttpResponse::UnprocessableEntity()
            .insert_header(header::ContentType::html())
            .body(html))
    }

    /// An absolute address on this site.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.site.base_url)
    }
}

impl FromRequest for Visit {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(
            request
                .extensions()
                .get::<Self>()
                .cloned()
                .ok_or(Error::UnknownHost),
        )
    }
}

/// "See other": what a form is answered with, so that going back or reloading sends nothing twice.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .finish()
}

/// The application, from anywhere in the web.
pub fn app(request: &ServiceRequest) -> Option<Arc<App>> {
    request
        .app_data::<web::Data<App>>()
        .map(|data| Arc::clone(data))
}
