//! Who may enter where. `GET /admin/comptes` the agents of one's authorities · `POST
//! …/{agent}/acces` makes one a member of a service ([`super::leaving`] ends that). A commune's
//! administrator grants nothing in the CPAS, and nobody to themselves.

use super::{Admin, AdminPost, leaving};
use crate::db::{At, Id};
use crate::identity::membership::{self, Desk as Service, GrantError, Granter, Membership, Role};
use crate::identity::standing::{Standing, standings};
use crate::web::agent::Desk;
use crate::web::agent::account::role_label;
use crate::web::agent::queue::service_name;
use crate::web::error::Error;
use crate::web::views::ErrorLine;
use crate::web::visit::see_other;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Page {
    desk: Desk,
    authority_name: String,
    agents: Vec<Shown>,
    create: Option<()>,
    errors: Vec<ErrorLine>,
    done: Option<&'static str>,
}

#[derive(Serialize)]
struct Shown {
    name: String,
    email: String,
    active: bool,
    locked: bool,
    second_factor: bool,
    last_seen_at: Option<At>,
    memberships: Vec<Place>,
    grant: Option<Grant>,
    unlock_url: Option<String>,
    disable_url: Option<String>,
    reset_url: Option<String>,
}

#[derive(Serialize)]
struct Place {
    service_name: String,
    role_label: &'static str,
    revoke_url: Option<String>,
}

#[derive(Serialize)]
struct Grant {
    url: String,
    services: Vec<Choice>,
    roles: Vec<Choice>,
}

#[derive(Clone, Serialize)]
struct Choice {
    id: String,
    label: String,
}

/// What was just done.
#[derive(Deserialize)]
pub struct Done {
    fait: Option<String>,
}

/// Lists them.
pub async fn index(admin: Admin, done: web::Query<Done>) -> Result<HttpResponse, Error> {
    let done = match done.fait.as_deref() {
        Some("ajout") => Some("L’accès est donné. Il vaut dès la prochaine page de cet agent."),
        Some("retrait") => {
            Some("L’accès est retiré. Ce qui était entre ses mains est de retour dans la file.")
        }
        _ => None,
    };
    page(&admin, Vec::new(), done).await
}

/// Makes an agent a member.
pub async fn grant(post: AdminPost, agent: web::Path<String>) -> Result<HttpResponse, Error> {
    let AdminPost { admin, posted } = post;
    let agent = Id::parse(&agent).ok_or(Error::NotFound)?;
    let service = service_of(&admin, posted.text("service").unwrap_or_default())?;
    let role = Role::of_word(posted.text("role").unwrap_or_default());
    let scope = admin.0.scope.clone();
    let granted = admin.0.visit.site.db.write(move |tx| {
        membership::grant(tx, Granter::Administrator(&scope), agent, &service, role)
    });
    answer(&admin, granted.await, "ajout").await
}

/// A service of one's authorities; another's is not there.
pub(super) fn service_of(admin: &Admin, service: &str) -> Result<Service, Error> {
    Service::of(&admin.0.visit.site.file, service)
        .filter(|service| admin.0.scope.administers(service.authority()))
        .ok_or(Error::NotFound)
}

/// The list again, with what was done or why it was not.
pub(super) async fn answer(
    admin: &Admin,
    done: Result<(), GrantError>,
    word: &str,
) -> Result<HttpResponse, Error> {
    let why = match done {
        Ok(()) => return Ok(see_other(&format!("/admin/comptes?fait={word}"))),
        Err(GrantError::Database(error)) => return Err(error.into()),
        Err(GrantError::NotYourAuthority | GrantError::UnknownAgent) => {
            return Err(Error::NotFound);
        }
        Err(GrantError::ToYourself) => {
            "Personne ne se donne un accès à soi-même. Demandez à un autre administrateur."
        }
        Err(GrantError::LastAdministrator) => {
            "C’est le dernier administrateur de cette institution\u{a0}: il reste."
        }
    };
    let line = ErrorLine {
        field_id: "contenu".to_owned(),
        message: why.to_owned(),
    };
    page(admin, vec![line], None).await
}

async fn page(
    admin: &Admin,
    errors: Vec<ErrorLine>,
    done: Option<&'static str>,
) -> Result<HttpResponse, Error> {
    let site = &admin.0.visit.site;
    let (desks, scope) = (desks(admin), admin.0.scope.clone());
    let now = At::new(site.db.clock().now());
    let all = site
        .db
        .read(move |conn| standings(conn, &scope, &desks, now).map_err(Error::from));
    let agents = all.await?;
    let houses = admin.authorities().iter();
    let names: Vec<&str> = houses
        .filter_map(|id| Some(site.authority(id)?.name.as_str()))
        .collect();
    let page = Page {
        desk: Desk::default(),
        authority_name: names.join(", "),
        agents: agents
            .into_iter()
            .map(|agent| shown(admin, agent))
            .collect(),
        create: None,
        errors,
        done,
    };
    let (visit, template) = (&admin.0.visit, "admin/accounts.html");
    if page.errors.is_empty() {
        visit.page(template, "Accès", "accounts", &page)
    } else {
        visit.page_again(template, "Accès", "accounts", &page)
    }
}

/// The services of one's authorities.
fn desks(admin: &Admin) -> Vec<Service> {
    let file = &admin.0.visit.site.file;
    let services = file.services.iter();
    services
        .filter_map(|service| Service::of(file, &service.id))
        .filter(|service| admin.0.scope.administers(service.authority()))
        .collect()
}

fn shown(admin: &Admin, standing: Standing) -> Shown {
    let id = standing.agent.id;
    let itself = id == admin.0.scope.agent().id;
    let memberships = standing.memberships.iter();
    Shown {
        memberships: memberships.map(|of| place(admin, id, of)).collect(),
        grant: (!itself).then(|| grant_form(admin, id)),
        name: standing.agent.name,
        email: standing.agent.email,
        active: true,
        locked: standing.locked,
        second_factor: standing.enrolled,
        last_seen_at: standing.last_sign_in,
        // These are done on the machine itself, with `perron user`.
        unlock_url: None,
        disable_url: None,
        reset_url: None,
    }
}

fn place(admin: &Admin, agent: Id, membership: &Membership) -> Place {
    let service = &membership.service;
    Place {
        service_name: service_name(&admin.0, service),
        role_label: role_label(membership.role),
        revoke_url: Some(leaving::url(agent, service)),
    }
}

fn grant_form(admin: &Admin, agent: Id) -> Grant {
    let choice = |id: &str, label: &str| Choice {
        id: id.to_owned(),
        label: label.to_owned(),
    };
    let services = desks(admin).into_iter().map(|service| {
        let id = service.service();
        choice(id, &service_name(&admin.0, id))
    });
    let roles = [Role::Agent, Role::Head];
    Grant {
        url: format!("/admin/comptes/{agent}/acces"),
        services: services.collect(),
        roles: roles
            .map(|role| choice(role.word(), role_label(role)))
            .to_vec(),
    }
}
