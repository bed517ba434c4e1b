//! The agents' door, first half. `GET|POST /agent/connexion` address and password · `POST
//! /agent/deconnexion` out again. What is wrong is said without saying which of the two.

use super::{AtDoor, SESSION, door_for, local, no_session, session_cookie, with_next};
use crate::db::At;
use crate::identity::session;
use crate::identity::{HalfWay, Needs, Presence, SignIn, SignedIn};
use crate::web::error::Error;
use crate::web::input::Posted;
use crate::web::visit::{Visit, see_other};
use actix_web::{HttpResponse, web};
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// Where to go afterwards.
#[derive(Deserialize)]
pub struct Next {
    next: Option<String>,
    /// A form was posted without a session.
    fin: Option<String>,
}

impl Next {
    /// The address, when it is one of the desk's.
    pub fn local(&self) -> Option<&str> {
        self.next.as_deref().and_then(local)
    }
}

#[derive(Serialize)]
struct Page<'a> {
    email: &'a str,
    error: Option<String>,
    next: Option<&'a str>,
    /// The session ended under a form.
    ended: bool,
}

/// Asks for the address and the password.
pub async fn new(door: AtDoor, next: web::Query<Next>) -> Result<HttpResponse, Error> {
    if let Presence::Present(_) = door.presence().await? {
        return Ok(see_other(next.local().unwrap_or("/agent")));
    }
    draw(&door.visit, "", None, next.local(), next.fin.is_some())
}

/// Compares them; then the code is asked, always.
pub async fn create(door: AtDoor, posted: Posted) -> Result<HttpResponse, Error> {
    let visit = &door.visit;
    let text = |name| posted.text(name).unwrap_or_default().to_owned();
    let (email, next) = (text("email"), text("next"));
    let next = local(&next);
    let sign_in = SignIn {
        email: email.clone(),
        password: text("password"),
        address: visit.ip,
        user_agent: door.user_agent,
        previous: door.token,
        known: door.known,
    };
    match sign_in.run(&visit.site.db, &visit.site.key).await? {
        SignedIn::Welcome { token, needs, .. } => {
            let door = with_next(door_for(needs), next);
            let mut answer = see_other(&door);
            set(&mut answer, &session_cookie(visit, &token))?;
            Ok(answer)
        }
        SignedIn::Wrong => {
            let wrong = "L’adresse ou le mot de passe ne convient pas.".to_owned();
            page(visit, &email, Some(wrong), next)
        }
        SignedIn::Locked { until } => page(visit, &email, Some(locked(visit, until)), next),
    }
}

/// Ends the session.
pub async fn delete(door: AtDoor, posted: Posted) -> Result<HttpResponse, Error> {
    let visit = posted.visit;
    if let Some(token) = door.token {
        let ended = visit
            .site
            .db
            .write(move |tx| session::sign_out(tx, &token).map_err(Error::from));
        ended.await?;
    }
    let mut answer = see_other("/agent/connexion");
    set(&mut answer, &no_session(&visit))?;
    Ok(answer)
}

/// The door again, with why.
pub fn page(
    visit: &Visit,
    email: &str,
    error: Option<String>,
    next: Option<&str>,
) -> Result<HttpResponse, Error> {
    draw(visit, email, error, next, false)
}

fn draw(
    visit: &Visit,
    email: &str,
    error: Option<String>,
    next: Option<&str>,
    ended: bool,
) -> Result<HttpResponse, Error> {
    let refused = error.is_some();
    let shown = Page {
        email,
        error,
        next,
        ended,
    };
    let title = "Espace des agents";
    if refused {
        visit.page_again("agent/sign_in.html", title, "", &shown)
    } else {
        visit.page("agent/sign_in.html", title, "", &shown)
    }
}

/// "Too many tries", and how long to wait.
pub fn locked(visit: &Visit, until: At) -> String {
    let left = until.0 - visit.site.db.clock().now();
    let minutes = (left + Duration::seconds(59)).num_minutes().max(1);
    let plural = if minutes > 1 { "s" } else { "" };
    format!("Trop d’essais en peu de temps. Réessayez dans {minutes}\u{a0}minute{plural}.")
}

/// Puts a cookie on an answer.
pub fn set(answer: &mut HttpResponse, cookie: &actix_web::cookie::Cookie<'_>) -> Result<(), Error> {
    answer
        .add_cookie(cookie)
        .map_err(|_| Error::Internal(format!("the cookie {SESSION} cannot be written")))
}

/// Who gave the password and waits for the rest; everybody else is sent where they belong.
pub async fn half_way(door: &AtDoor, needs: Needs, next: Option<&str>) -> Result<HalfWay, Error> {
    let elsewhere = |at: &str| Error::SignIn { at: at.to_owned() };
    match door.presence().await? {
        Presence::HalfWay(half) if half.needs == needs => Ok(half),
        Presence::HalfWay(half) => Err(elsewhere(&with_next(door_for(half.needs), next))),
        Presence::Present(_) => Err(elsewhere(next.unwrap_or("/agent"))),
        Presence::Nobody => Err(elsewhere(&with_next("/agent/connexion", next))),
    }
}
