//! A visit: one request of a browser, the site it asks, and what every page needs to be drawn.

use super::error::Error;
use super::token;
use crate::app::App;
use crate::definition::Secrecy;
use crate::site::Site;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use serde::Serialize;
use std::future::{Ready, ready};
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

/// The cookie that tells one browser from another, for the tokens of forms. It names nobody.
pub const VISITOR: &str = "perron_visiteur";

/// One request of a browser.
#[derive(Clone)]
pub struct Visit {
    pub app: Arc<App>,
    pub site: Arc<Site>,
    /// Path and query, as asked.
    path: Rc<str>,
    /// The browser's own random name, from its cookie.
    visitor: Rc<str>,
    /// Where it comes from, for rate limits only.
    pub ip: IpAddr,
    /// The agent's name and whether they administer, when signed in.
    agent: Option<Rc<AgentView>>,
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
    csrf: String,
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
    /// Made at the door, once a request; `visitor` is the browser's name, old or new.
    pub(super) fn new(
        app: Arc<App>,
        site: Arc<Site>,
        request: &ServiceRequest,
        visitor: &str,
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
            visitor: visitor.into(),
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

    /// A token for the forms of this page.
    pub fn csrf(&self) -> String {
        token::make(&self.site.key, &self.visitor, self.site.db.clock().now())
    }

    /// Refuses a form whose token is not one of this visitor's, or is too old.
    pub fn check(&self, given: &str) -> Result<(), Error> {
        if token::holds(
            &self.site.key,
            &self.visitor,
            given,
            self.site.db.clock().now(),
        ) {
            Ok(())
        } else {
            Err(Error::Token)
        }
    }

    /// Draws a page.
    pub fn html<T: Serialize>(
        &self,
        template: &str,
        title: &str,
        nav: &str,
        content: &T,
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
                csrf: self.csrf(),
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
