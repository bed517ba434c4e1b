//! The agents' door, second half. `GET|POST /agent/connexion/code` the code from the telephone ·
//! `GET|POST /agent/connexion/appareil` the telephone that will give it, the first time. Only then does
//! the session open anything.

use super::sign_in::{self, Next, half_way, locked, set};
use super::{AtDoor, known_cookie, local, no_session, session_cookie, with_next};
use crate::db::Tx;
use crate::identity::second_factor::{self, Enrolment, Passed};
use crate::identity::{HalfWay, Needs};
use crate::secret::Key;
use crate::web::error::Error;
use crate::web::input::Posted;
use crate::web::visit::{Visit, see_other};
use actix_web::{HttpResponse, web};
use minijinja::Value as Html;
use serde::Serialize;

const WRONG: &str = "Ce code n’est pas le bon. Recopiez celui que l’application montre maintenant\u{a0}: il change toutes les 30 secondes.";

#[derive(Serialize)]
struct CodePage<'a> {
    error: Option<&'static str>,
    next: Option<&'a str>,
}

#[derive(Serialize)]
struct Setup {
    /// Drawn by us, with attributes only.
    qr_svg: Html,
    secret: String,
    error: Option<&'static str>,
    form_url: String,
}

/// Asks for the code.
pub async fn second_factor(door: AtDoor, next: web::Query<Next>) -> Result<HttpResponse, Error> {
    half_way(&door, Needs::SecondFactor, next.local()).await?;
    code_page(&door.visit, None, next.local())
}

/// Takes the code.
pub async fn check(door: AtDoor, posted: Posted) -> Result<HttpResponse, Error> {
    let next = posted.text("next").and_then(local);
    let half = half_way(&door, Needs::SecondFactor, next).await?;
    match pass(&door, half, &posted).await? {
        Passed::Wrong => code_page(&door.visit, Some(WRONG), next),
        passed => settle(&door.visit, passed, next),
    }
}

/// Shows the secret to put in the telephone.
pub async fn setup(door: AtDoor, next: web::Query<Next>) -> Result<HttpResponse, Error> {
    let half = half_way(&door, Needs::Enrolment, next.local()).await?;
    setup_page(&door.visit, &half, None, next.local()).await
}

/// Takes its first code.
pub async fn enrol(
    door: AtDoor,
    posted: Posted,
    next: web::Query<Next>,
) -> Result<HttpResponse, Error> {
    let half = half_way(&door, Needs::Enrolment, next.local()).await?;
    match pass(&door, half.clone(), &posted).await? {
        Passed::Wrong => setup_page(&door.visit, &half, Some(WRONG), next.local()).await,
        passed => settle(&door.visit, passed, next.local()),
    }
}

async fn pass(door: &AtDoor, half: HalfWay, posted: &Posted) -> Result<Passed, Error> {
    let typed: String = posted
        .text("code")
        .unwrap_or_default()
        .chars()
        .take(20)
        .collect();
    let site = &door.visit.site;
    let (key, known) = (site.key.clone(), door.known.clone());
    let tried = site.db.write(move |tx| {
        second_factor::pass(tx, &key, &half.session, &typed, &known).map_err(Error::from)
    });
    tried.await
}

/// In, or back to the beginning.
fn settle(visit: &Visit, passed: Passed, next: Option<&str>) -> Result<HttpResponse, Error> {
    match passed {
        Passed::Welcome {
            token,
            session,
            known,
        } => {
            let mut answer = see_other(next.unwrap_or("/agent"));
            set(&mut answer, &session_cookie(visit, &token))?;
            set(&mut answer, &known_cookie(visit, session.agent, known))?;
            Ok(answer)
        }
        Passed::Locked { until } => {
            let mut answer = sign_in::page(visit, "", Some(locked(visit, until)), next)?;
            set(&mut answer, &no_session(visit))?;
            Ok(answer)
        }
        Passed::Wrong | Passed::StartAgain => Ok(see_other(&with_next("/agent/connexion", next))),
    }
}

fn code_page(
    visit: &Visit,
    error: Option<&'static str>,
    next: Option<&str>,
) -> Result<HttpResponse, Error> {
    let (template, title) = ("agent/second_factor.html", "Votre code à six chiffres");
    let shown = CodePage { error, next };
    if error.is_some() {
        visit.page_again(template, title, "", &shown)
    } else {
        visit.page(template, title, "", &shown)
    }
}

async fn setup_page(
    visit: &Visit,
    half: &HalfWay,
    error: Option<&'static str>,
    next: Option<&str>,
) -> Result<HttpResponse, Error> {
    let Some(enrolment) = enrolment(visit, half).await? else {
        return Ok(see_other(&with_next("/agent/connexion", next)));
    };
    let (template, title) = ("agent/second_factor_setup.html", "Protéger votre accès");
    let shown = Setup {
        qr_svg: Html::from_safe_string(enrolment.qr),
        secret: enrolment.spelled,
        error,
        form_url: with_next("/agent/connexion/appareil", next),
    };
    if error.is_some() {
        visit.page_again(template, title, "", &shown)
    } else {
        visit.page(template, title, "", &shown)
    }
}

async fn enrolment(visit: &Visit, half: &HalfWay) -> Result<Option<Enrolment>, Error> {
    let (key, session) = (visit.site.key.clone(), half.session.clone());
    let issuer = visit.site.file.name.clone();
    let propose = move |tx: &mut Tx| propose(tx, &key, &session, &issuer);
    visit.site.db.write(propose).await
}

fn propose(
    tx: &mut Tx,
    key: &Key,
    session: &crate::identity::Session,
    issuer: &str,
) -> Result<Option<Enrolment>, Error> {
    Ok(second_factor::enrolment(tx, key, session, issuer)?)
}
