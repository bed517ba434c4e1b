//! The service's way: sign in, see one's queues, handle a request. Everything behind the door starts
//! from an [`Agent`], whose scope is the only way to a request; without a complete sign-in the door
//! is shown instead.

pub mod account;
pub mod assignments;
pub mod deadline;
pub mod files;
pub mod messages;
pub mod queue;
pub mod requests;
pub mod revocations;
pub mod sessions;
pub mod sign_in;
mod small_form;
pub mod statuses;
pub mod transitions;

use super::error::Error;
use super::input::Posted;
use super::visit::{AgentView, Visit};
use crate::db::{At, Id};
use crate::identity::second_factor::KNOWN_FOR;
use crate::identity::{AgentScope, Needs, Presence, Token};
use crate::secret;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::{FromRequest, HttpRequest};
use serde::Serialize;
use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use url::form_urlencoded::byte_serialize;

/// The cookie of an agent's session.
pub const SESSION: &str = "perron_agent";
/// The cookie of a browser through which an agent has signed in; a counter's computer has one for each.
const KNOWN: &str = "perron_appareil_";
/// Most agents one browser is known for.
const MOST_KNOWN: usize = 30;
/// Longer addresses are not come back to.
const LONGEST_NEXT: usize = 1_000;

/// An agent at work: both factors were given.
pub struct Agent {
    pub visit: Visit,
    pub scope: AgentScope,
    /// The list they came from, as the address says (`liste`).
    pub list: Option<queue::Asked>,
}

/// A post of an agent: first who it is, then what it says.
pub struct AgentPost {
    pub agent: Agent,
    pub posted: Posted,
}

/// Somebody at the agents' door, whoever it is.
pub struct AtDoor {
    pub visit: Visit,
    pub token: Option<Token>,
    /// The browser's description of itself.
    pub user_agent: String,
    /// The cookies of agents who have signed in through this browser.
    pub known: Vec<String>,
}

/// What is in the search field of the desk's pages.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Desk {
    pub q: String,
}

impl Agent {
    /// Who is asking; everybody else is sent to the door.
    async fn of(door: AtDoor, next: Option<String>, list: Option<String>) -> Result<Self, Error> {
        let scope = match door.presence().await? {
            Presence::Present(scope) => scope,
            Presence::HalfWay(half) => return Err(sign_in_at(door_for(half.needs), next)),
            Presence::Nobody => return Err(sign_in_at("/agent/connexion", next)),
        };
        let visit = door.visit;
        let now = At::new(visit.site.db.clock().now());
        if scope.session().wants_touch(now) {
            let session = scope.session().clone();
            let touched = visit
                .site
                .db
                .write(move |tx| session.touch(tx).map_err(Error::from));
            touched.await?;
        }
        let name = scope.agent().name.clone();
        let view = AgentView {
            initials: initials(&name),
            can_admin: !scope.memberships().administers.is_empty(),
            name,
        };
        let list = list.and_then(|list| queue::Asked::of_list(&list, &scope));
        Ok(Self {
            visit: visit.by(view),
            scope,
            list,
        })
    }

    /// That address, with the list the agent came from.
    pub fn at(&self, url: String) -> String {
        let list = self.list.as_ref().and_then(queue::Asked::list);
        in_list(url, list.as_deref())
    }
}

impl AtDoor {
    /// Who stands behind the cookie.
    pub async fn presence(&self) -> Result<Presence, Error> {
        let Some(token) = self.token.clone() else {
            return Ok(Presence::Nobody);
        };
        let db = &self.visit.site.db;
        let now = At::new(db.clock().now());
        db.read(move |conn| Ok::<_, Error>(Presence::of(conn, &token, now)?))
            .await
    }

    fn extract_now(request: &HttpRequest) -> Result<Self, Error> {
        let header = request.headers().get(header::USER_AGENT);
        Ok(Self {
            visit: Visit::extract(request).into_inner()?,
            token: request
                .cookie(SESSION)
                .and_then(|cookie| Token::parse(cookie.value())),
            known: request.cookies().map_or_else(
                |_| Vec::new(),
                |cookies| {
                    let known = cookies.iter().filter(|c| c.name().starts_with(KNOWN));
                    let known = known.take(MOST_KNOWN).map(|c| c.value().to_owned());
                    known.collect()
                },
            ),
            user_agent: header
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .chars()
                .take(500)
                .collect(),
        })
    }
}

impl FromRequest for AtDoor {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::extract_now(request))
    }
}

impl FromRequest for Agent {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let door = AtDoor::extract_now(request);
        let next = asked_for(request);
        let list = list_of(request);
        Box::pin(async move { Self::of(door?, next, list).await })
    }
}

impl FromRequest for AgentPost {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let agent = Agent::from_request(request, payload);
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let agent = agent.await.map_err(nothing_sent)?;
            let posted = Posted::from_request(&request, &mut payload).await?;
            Ok(Self { agent, posted })
        })
    }
}

/// Where somebody who gave the password and nothing more goes on.
pub fn door_for(needs: Needs) -> &'static str {
    match needs {
        Needs::SecondFactor => "/agent/connexion/code",
        Needs::Enrolment => "/agent/connexion/appareil",
    }
}

/// That address of the door, and where to go from it afterwards.
pub fn with_next(door: &str, next: Option<&str>) -> String {
    match next {
        Some(next) => format!(
            "{door}?next={}",
            byte_serialize(next.as_bytes()).collect::<String>()
        ),
        None => door.to_owned(),
    }
}

/// An address one may be sent to after the door: on this side of the site, and no door again.
pub fn local(next: &str) -> Option<&str> {
    let path = next.split(['?', '#']).next().unwrap_or_default();
    let area = ["/agent", "/admin"]
        .iter()
        .any(|area| path == *area || path.starts_with(&format!("{area}/")));
    let plain = next.len() <= LONGEST_NEXT
        && next.is_ascii()
        && !next.contains(['\\', ' '])
        && !next.chars().any(char::is_control);
    let door = path.starts_with("/agent/connexion") || path.starts_with("/agent/deconnexion");
    (area && plain && !door).then_some(next)
}

/// The session's cookie: read by no script, sent by no other site's form.
pub fn session_cookie(visit: &Visit, token: &Token) -> Cookie<'static> {
    cookie(visit, SESSION, token.reveal().to_owned())
}

/// The cookie of a browser that is known from now on. It outlives the session, and is asked at the door
/// alone.
pub fn known_cookie(visit: &Visit, agent: Id, known: String) -> Cookie<'static> {
    let whose = &secret::hash(agent.0.as_bytes())[..12];
    let mut kept = cookie(visit, format!("{KNOWN}{whose}"), known);
    kept.set_path("/agent");
    kept.set_max_age(actix_web::cookie::time::Duration::days(
        KNOWN_FOR.num_days(),
    ));
    kept
}

/// The same, emptied.
pub fn no_session(visit: &Visit) -> Cookie<'static> {
    let mut gone = cookie(visit, SESSION, String::new());
    gone.make_removal();
    gone
}

fn cookie(visit: &Visit, name: impl Into<Cow<'static, str>>, value: String) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(visit.site.base_url.starts_with("https://"))
        .same_site(SameSite::Lax)
        .finish()
}

fn sign_in_at(door: &str, next: Option<String>) -> Error {
    Error::SignIn {
        at: with_next(door, next.as_deref()),
    }
}

/// That address, with the list it was come to from.
pub fn in_list(url: String, list: Option<&str>) -> String {
    let Some(list) = list else { return url };
    let sign = if url.contains('?') { '&' } else { '?' };
    let list: String = byte_serialize(list.as_bytes()).collect();
    format!("{url}{sign}liste={list}")
}

/// The list that the address names.
fn list_of(request: &HttpRequest) -> Option<String> {
    let query = request.query_string();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(name, value)| (name == "liste").then(|| value.into_owned()))
}

/// The page that was asked for, to come back to; for a form, the page it stands on.
fn asked_for(request: &HttpRequest) -> Option<String> {
    let path = request.uri().path_and_query()?.as_str();
    let next = if request.method() == Method::GET {
        path
    } else {
        form_page(request.uri().path())
    };
    Some(next)
        .filter(|next| *next != "/agent")
        .and_then(local)
        .map(str::to_owned)
}

/// The page of the form that posts to that address: its own, or that of the request it is about.
fn form_page(path: &str) -> &str {
    let own = ["/transitions/", "/annulation", "/etat"];
    if own.iter().any(|part| path.contains(part)) {
        return path;
    }
    match path.strip_prefix("/agent/demandes/") {
        Some(rest) => {
            let id = rest.split('/').next().unwrap_or_default();
            &path[..path.len() - rest.len() + id.len()]
        }
        None if path.starts_with("/agent/compte") => "/agent/compte",
        None if path.starts_with("/admin") => "/admin",
        None => "/agent",
    }
}

/// The door, which says that nothing was sent.
fn nothing_sent(error: Error) -> Error {
    match error {
        Error::SignIn { at } => {
            let sign = if at.contains('?') { '&' } else { '?' };
            Error::SignIn {
                at: format!("{at}{sign}fin=1"),
            }
        }
        other => other,
    }
}

/// "JN" of Julie Noël.
fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_door_one_goes_to_a_page_of_the_desk_and_nowhere_else() {
        for good in [
            "/agent",
            "/agent?vue=retard",
            "/agent/demandes/x",
            "/admin/comptes",
        ] {
            assert_eq!(local(good), Some(good));
        }
        let long = format!("/agent?{}", "a".repeat(1_000));
        for bad in [
            "",
            "https://example.org/agent",
            "//example.org",
            "/\\example.org",
            "/agent\\..",
            "/agentx",
            "/suivi/X",
            "/agent/connexion",
            "/agent/deconnexion",
            "/agent\r\nX: y",
            long.as_str(),
        ] {
            assert_eq!(local(bad), None, "{bad}");
        }
    }

    #[test]
    fn after_the_door_one_comes_back_to_the_form_whose_content_was_lost() {
        for (posted, page) in [
            ("/agent/demandes/x/messages", "/agent/demandes/x"),
            (
                "/agent/demandes/x/transitions/refuse",
                "/agent/demandes/x/transitions/refuse",
            ),
            ("/agent/demandes/x/etat", "/agent/demandes/x/etat"),
            ("/agent/compte/mot-de-passe", "/agent/compte"),
            ("/admin/comptes/x/acces", "/admin"),
        ] {
            assert_eq!(form_page(posted), page);
        }
    }

    #[test]
    fn a_name_has_at_most_two_initials() {
        assert_eq!(initials("Julie Noël"), "JN");
        assert_eq!(initials("jean  paul de la fontaine"), "JP");
        assert_eq!(initials(""), "");
    }
}
