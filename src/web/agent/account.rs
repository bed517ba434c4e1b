//! One's own access. `GET /agent/compte` services and open sessions · `POST …/mot-de-passe` another
//! password · `POST …/sessions/{session}/fin` and `…/sessions/fin` end sessions.

use super::{Agent, AgentPost, Desk, no_session};
use crate::belgium::Mend;
use crate::db::{At, Id};
use crate::definition::Secrecy;
use crate::identity::membership::{Membership, Role};
use crate::identity::password::{self, Changed, Password, SHORTEST};
use crate::identity::session::{self, Session};
use crate::web::agent::queue::service_name;
use crate::web::agent::sign_in::{locked, set};
use crate::web::error::Error;
use crate::web::views::ErrorLine;
use crate::web::visit::see_other;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Page {
    desk: Desk,
    account: Account,
    sessions: Vec<Open>,
    end_all_url: Option<&'static str>,
    password: PasswordForm,
    errors: Vec<ErrorLine>,
    done: Option<&'static str>,
}

#[derive(Serialize)]
struct Account {
    name: String,
    email: String,
    memberships: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    service_name: String,
    authority_name: String,
    secrecy: Secrecy,
    role_label: &'static str,
}

#[derive(Serialize)]
struct Open {
    current: bool,
    device: String,
    started_at: At,
    last_seen_at: At,
    end_url: String,
}

#[derive(Serialize)]
struct PasswordForm {
    form_url: &'static str,
    min_length: usize,
    errors: PasswordErrors,
}

/// How to mend what was typed.
#[derive(Default, Serialize)]
struct PasswordErrors {
    current: Option<String>,
    new: Option<String>,
}

/// What was just done.
#[derive(Deserialize)]
pub struct Done {
    fait: Option<String>,
}

/// Shows one's access.
pub async fn show(agent: Agent, done: web::Query<Done>) -> Result<HttpResponse, Error> {
    let done = match done.fait.as_deref() {
        Some("mot-de-passe") => {
            Some("Le mot de passe est changé. Vos autres sessions sont fermées.")
        }
        Some("session") => Some("La session est fermée."),
        Some("sessions") => Some("Toutes vos autres sessions sont fermées."),
        _ => None,
    };
    page(&agent, PasswordErrors::default(), done).await
}

/// Changes the password.
pub async fn password(post: AgentPost) -> Result<HttpResponse, Error> {
    let AgentPost { agent, posted } = post;
    let text = |name| posted.text(name).unwrap_or_default().to_owned();
    let new = match Password::parse(&text("new")) {
        Ok(new) => new,
        Err(error) => {
            let errors = PasswordErrors {
                new: Some(error.mend()),
                ..PasswordErrors::default()
            };
            return page(&agent, errors, None).await;
        }
    };
    let db = &agent.visit.site.db;
    let changed = password::change(db, agent.scope.session(), text("current"), new).await?;
    let current = match changed {
        Changed::Done => return Ok(see_other("/agent/compte?fait=mot-de-passe")),
        Changed::WrongCurrent => "Ce n’est pas votre mot de passe actuel.".to_owned(),
        Changed::Locked { until } => locked(&agent.visit, until),
    };
    let errors = PasswordErrors {
        current: Some(current),
        ..PasswordErrors::default()
    };
    page(&agent, errors, None).await
}

/// Ends one of one's own sessions; this very one is signing out.
pub async fn end(post: AgentPost, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let agent = post.agent;
    let id = Id::parse(&id).ok_or(Error::NotFound)?;
    let me = agent.scope.agent().id;
    let ended = agent
        .visit
        .site
        .db
        .write(move |tx| session::end(tx, me, id).map_err(Error::from));
    if !ended.await? {
        return Err(Error::NotFound);
    }
    if id != agent.scope.session().id {
        return Ok(see_other("/agent/compte?fait=session"));
    }
    let mut answer = see_other("/agent/connexion");
    set(&mut answer, &no_session(&agent.visit))?;
    Ok(answer)
}

/// Ends all the others.
pub async fn end_others(post: AgentPost) -> Result<HttpResponse, Error> {
    let agent = post.agent;
    let keep = agent.scope.session().clone();
    let ended = agent
        .visit
        .site
        .db
        .write(move |tx| session::end_others(tx, &keep).map_err(Error::from));
    ended.await?;
    Ok(see_other("/agent/compte?fait=sessions"))
}

async fn page(
    agent: &Agent,
    errors: PasswordErrors,
    done: Option<&'static str>,
) -> Result<HttpResponse, Error> {
    let (me, now) = (
        agent.scope.agent().id,
        At::new(agent.visit.site.db.clock().now()),
    );
    let list = agent
        .visit
        .site
        .db
        .read(move |conn| session::list(conn, me, now).map_err(Error::from));
    let sessions = list.await?;
    let lines = [("current", &errors.current), ("new", &errors.new)]
        .into_iter()
        .filter_map(|(field, error)| {
            Some(ErrorLine {
                field_id: field.to_owned(),
                message: error.clone()?,
            })
        })
        .collect();
    let shown = Page {
        desk: Desk::default(),
        account: Account {
            name: agent.scope.agent().name.clone(),
            email: agent.scope.agent().email.clone(),
            memberships: places(agent),
        },
        end_all_url: (sessions.len() > 1).then_some("/agent/compte/sessions/fin"),
        sessions: sessions
            .iter()
            .map(|session| open(agent, session))
            .collect(),
        password: PasswordForm {
            form_url: "/agent/compte/mot-de-passe",
            min_length: SHORTEST,
            errors,
        },
        errors: lines,
        done,
    };
    if shown.errors.is_empty() {
        agent
            .visit
            .page("agent/account.html", "Mon accès", "account", &shown)
    } else {
        agent
            .visit
            .page_again("agent/account.html", "Mon accès", "account", &shown)
    }
}

fn open(agent: &Agent, session: &Session) -> Open {
    Open {
        current: session.id == agent.scope.session().id,
        device: session.label.clone(),
        started_at: session.created_at,
        last_seen_at: session.seen_at,
        end_url: format!("/agent/compte/sessions/{}/fin", session.id),
    }
}

fn places(agent: &Agent) -> Vec<Place> {
    let file = &agent.visit.site.file;
    let place = |membership: &Membership| {
        let house = file.authority_of(&membership.service);
        Place {
            service_name: service_name(agent, &membership.service),
            authority_name: house.map_or_else(String::new, |house| house.name.clone()),
            secrecy: house.map_or(Secrecy::Social, |house| house.secrecy),
            role_label: role_label(membership.role),
        }
    };
    let memberships = agent.scope.memberships();
    let administered = memberships.administers.iter().filter_map(|id| {
        let house = file.authority(id)?;
        Some(Place {
            service_name: "Accès et démarches".to_owned(),
            authority_name: house.name.clone(),
            secrecy: house.secrecy,
            role_label: "administration",
        })
    });
    let services = memberships.services.iter().map(place);
    services.chain(administered).collect()
}

/// The role in words.
pub fn role_label(role: Role) -> &'static str {
    match role {
        Role::Agent => "agent",
        Role::Head => "responsable",
    }
}
