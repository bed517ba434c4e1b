//! An access ends. `GET /admin/comptes/{agent}/acces/{service}/retrait` says in figures what it leaves
//! behind · `POST` ends it; for the last member of a service only with a tick. Nothing of a request is
//! shown, and of a social service not even figures to who is no member of it.

use super::accounts::{answer, service_of};
use super::{Admin, AdminPost};
use crate::db::Id;
use crate::identity::Agent as Account;
use crate::identity::membership::Desk as Service;
use crate::request::hands::{self, Figures, LeaveError, MANY};
use crate::web::agent::Desk;
use crate::web::agent::queue::service_name;
use crate::web::error::Error;
use crate::web::views::{self, ErrorLine};
use actix_web::{HttpResponse, web};
use serde::Serialize;

/// The name of the tick.
const KNOWN: &str = "personne";

#[derive(Serialize)]
struct Page {
    desk: Desk,
    agent_name: String,
    service_name: String,
    /// What happens to their requests, in a sentence.
    back: String,
    /// What happens to the service, when nobody is left.
    alone: Option<String>,
    known: Option<crate::form::control::Control>,
    form_url: String,
    errors: Vec<ErrorLine>,
}

/// Asks.
pub async fn new(admin: Admin, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (agent, service) = path.into_inner();
    let agent = Id::parse(&agent).ok_or(Error::NotFound)?;
    let service = service_of(&admin, &service)?;
    page(&admin, agent, &service, false).await
}

/// Ends it.
pub async fn create(
    post: AdminPost,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Error> {
    let AdminPost { admin, posted } = post;
    let (agent, service) = path.into_inner();
    let agent = Id::parse(&agent).ok_or(Error::NotFound)?;
    let service = service_of(&admin, &service)?;
    let (db, scope) = (&admin.0.visit.site.db, &admin.0.scope);
    let known = posted.text(KNOWN).is_some();
    match hands::take_away(db, scope, agent, &service, known).await {
        Ok(()) => answer(&admin, Ok(()), "retrait").await,
        Err(LeaveError::Grant(error)) => answer(&admin, Err(error), "retrait").await,
        Err(LeaveError::Last) => page(&admin, agent, &service, true).await,
        Err(LeaveError::Save(error)) => Err(error.into()),
    }
}

async fn page(
    admin: &Admin,
    agent: Id,
    service: &Service,
    unticked: bool,
) -> Result<HttpResponse, Error> {
    let (scope, desk) = (admin.0.scope.clone(), service.clone());
    let social = admin.0.visit.site.is_social(service.service());
    let read = admin.0.visit.site.db.read(move |conn| {
        let left = hands::leaving(conn, &scope, agent, &desk, social)?;
        let mut names = Account::names(conn, &[agent])?;
        Ok::<_, Error>(left.zip(names.remove(&agent)))
    });
    let (left, name) = read.await?.ok_or(Error::NotFound)?;
    let service_name = service_name(&admin.0, service.service());
    let known = left.last.then(|| tick(&service_name, unticked));
    let error = |control: &crate::form::control::Control| {
        let message = control.error.clone()?;
        Some(ErrorLine {
            field_id: control.id.clone(),
            message,
        })
    };
    let shown = Page {
        desk: Desk::default(),
        back: back(left.figures),
        alone: left.last.then(|| alone(left.figures)),
        errors: known.iter().filter_map(error).collect(),
        form_url: url(agent, service.service()),
        agent_name: name,
        service_name,
        known,
    };
    let (visit, template) = (&admin.0.visit, "admin/leaving.html");
    if shown.errors.is_empty() {
        visit.page(template, "Retirer un accès", "accounts", &shown)
    } else {
        visit.page_again(template, "Retirer un accès", "accounts", &shown)
    }
}

/// The address of this page.
pub fn url(agent: Id, service: &str) -> String {
    format!("/admin/comptes/{agent}/acces/{service}/retrait")
}

fn tick(service: &str, unticked: bool) -> crate::form::control::Control {
    let label = format!("J’ai compris\u{a0}: plus personne ne verra les demandes de {service}.");
    let mut control = views::control("declaration", KNOWN, &label, "");
    control.error = unticked
        .then(|| "Cochez la case si c’est bien ce que vous voulez, ou donnez d’abord l’accès à quelqu’un d’autre.".to_owned());
    control
}

fn back(figures: Option<Figures>) -> String {
    match figures.map(|figures| figures.in_hand) {
        None => "Les demandes qui sont entre ses mains retournent à la file.".to_owned(),
        Some(0) => "Aucune demande n’est entre ses mains dans ce service.".to_owned(),
        Some(1) => "Une demande qui est entre ses mains retourne à la file.".to_owned(),
        Some(many) => format!("{many} demandes qui sont entre ses mains retournent à la file."),
    }
}

fn alone(figures: Option<Figures>) -> String {
    let open = match figures.map(|figures| figures.open) {
        None => {
            "Ses demandes ouvertes ne seraient plus vues de personne, ni les prochaines.".to_owned()
        }
        Some(0) => {
            "Aucune demande n’y est ouverte, mais personne ne verrait les prochaines.".to_owned()
        }
        Some(1) => {
            "Une demande ouverte ne serait plus vue de personne, ni les prochaines.".to_owned()
        }
        Some(many) if many >= MANY => format!(
            "Plus de {} demandes ouvertes ne seraient plus vues de personne, ni les prochaines.",
            MANY - 1
        ),
        Some(many) => format!(
            "{many} demandes ouvertes ne seraient plus vues de personne, ni les prochaines."
        ),
    };
    format!("C’est le dernier membre de ce service. {open}")
}
