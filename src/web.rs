//! The edge: what a browser asks and what it is answered. This page is the whole map of addresses. A
//! handler parses, loads through the person, calls one verb and answers; it decides nothing.

pub mod admin;
pub mod agent;
pub mod assets;
pub mod button;
pub mod citizen;
pub mod demo;
pub mod door;
pub mod download;
pub mod error;
pub mod input;
pub mod operator;
pub mod still;
pub mod token;
pub mod views;
pub mod visit;

use actix_web::web::{ServiceConfig, get, post, resource, scope};

/// Every address of the program.
pub fn map(to: &mut ServiceConfig) {
    operators(to);
    citizens(to);
    to.service(scope("/agent").configure(agents));
    to.service(scope("/admin").configure(administrators));
    to.service(scope("/demo").configure(demonstration));
}

fn operators(to: &mut ServiceConfig) {
    to.route("/healthz", get().to(operator::health))
        .route("/metrics", get().to(operator::metrics))
        .route("/assets/{path:.+}", get().to(assets::show));
}

fn citizens(to: &mut ServiceConfig) {
    use citizen::{
        drafts, home, papers, procedures, resume, sending, statements, tracking, uploads,
        withdrawals,
    };
    to.route("/", get().to(home::show))
        .route("/demarches", get().to(procedures::index))
        .route("/demarches/{procedure}", get().to(procedures::show))
        .service(
            resource("/demarches/{procedure}/brouillons")
                .route(get().to(procedures::back))
                .route(post().to(drafts::create)),
        )
        .service(resource("/brouillons/{code}").route(get().to(drafts::open)))
        .service(
            resource("/brouillons/{code}/pages/{page}")
                .route(get().to(drafts::page::show))
                .route(post().to(drafts::page::update)),
        )
        .service(
            resource("/brouillons/{code}/fichiers")
                .route(get().to(sending::back))
                .route(post().to(uploads::create)),
        )
        .route(
            "/brouillons/{code}/fichiers/{file}/contenu",
            get().to(uploads::show),
        )
        .route("/brouillons/{code}/verification", get().to(sending::review))
        .service(
            resource("/brouillons/{code}/envoi")
                .route(get().to(sending::back_to_check))
                .route(post().to(sending::submit)),
        )
        .route(
            "/brouillons/{code}/confirmation",
            get().to(sending::confirmation),
        )
        .service(
            resource("/brouillons/{code}/plus-tard")
                .route(get().to(resume::later))
                .route(post().to(resume::mail)),
        )
        .service(
            resource("/brouillons/{code}/version")
                .route(get().to(sending::back))
                .route(post().to(drafts::version::update)),
        )
        .service(
            resource("/brouillons/{code}/suppression")
                .route(get().to(sending::back))
                .route(post().to(drafts::delete)),
        )
        .service(
            resource("/reprendre")
                .route(get().to(resume::entry))
                .route(post().to(resume::open)),
        )
        .route("/suivi", get().to(tracking::entry::entry))
        .route("/suivi/{code}", get().to(tracking::show))
        .service(
            resource("/suivi/{code}/reponses")
                .route(get().to(tracking::back))
                .route(post().to(tracking::answer)),
        )
        .service(
            resource("/suivi/{code}/messages")
                .route(get().to(tracking::back))
                .route(post().to(tracking::message)),
        )
        .route("/suivi/{code}/fichiers/{file}", get().to(papers::file))
        .route(
            "/suivi/{code}/documents/{document}",
            get().to(papers::document),
        )
        .service(
            resource("/suivi/{code}/retrait")
                .route(get().to(withdrawals::new))
                .route(post().to(withdrawals::create)),
        )
        .route("/verification", get().to(papers::verification_entry))
        .route("/verification/{code}", get().to(papers::verification))
        .route("/accessibilite", get().to(statements::accessibility))
        .route("/vie-privee", get().to(statements::privacy))
        .route("/mentions-legales", get().to(statements::legal))
        .route("/robots.txt", get().to(statements::robots));
}

fn agents(to: &mut ServiceConfig) {
    use agent::{
        account, assignments, files, messages, queue, requests, revocations, sessions, sign_in,
        statuses, transitions,
    };
    to.service(resource("").route(get().to(queue::show)))
        .service(
            resource("/connexion")
                .route(get().to(sign_in::new))
                .route(post().to(sign_in::create)),
        )
        .service(
            resource("/connexion/code")
                .route(get().to(sessions::second_factor))
                .route(post().to(sessions::check)),
        )
        .service(
            resource("/connexion/appareil")
                .route(get().to(sessions::setup))
                .route(post().to(sessions::enrol)),
        )
        .route("/deconnexion", post().to(sign_in::delete))
        .route("/demandes/{request}", get().to(requests::show))
        .route(
            "/demandes/{request}/reponses/{field}",
            post().to(requests::reveal),
        )
        .service(
            resource("/demandes/{request}/transitions/{transition}")
                .route(get().to(transitions::new))
                .route(post().to(transitions::create)),
        )
        .route(
            "/demandes/{request}/transitions/{transition}/projets/{document}",
            post().to(transitions::preview::create),
        )
        .route(
            "/demandes/{request}/attribution",
            post().to(assignments::create),
        )
        .route("/demandes/{request}/messages", post().to(messages::create))
        .route("/demandes/{request}/notes", post().to(messages::note))
        .route("/demandes/{request}/fichiers/{file}", get().to(files::file))
        .route(
            "/demandes/{request}/documents/{document}",
            get().to(files::document),
        )
        .service(
            resource("/demandes/{request}/documents/{document}/annulation")
                .route(get().to(revocations::new))
                .route(post().to(revocations::create)),
        )
        .service(
            resource("/demandes/{request}/etat")
                .route(get().to(statuses::new))
                .route(post().to(statuses::create)),
        )
        .route("/compte", get().to(account::show))
        .route("/compte/mot-de-passe", post().to(account::password))
        .route("/compte/sessions/fin", post().to(account::end_others))
        .route("/compte/sessions/{session}/fin", post().to(account::end));
}

fn administrators(to: &mut ServiceConfig) {
    use admin::{accounts, dead_letters, leaving, procedures};
    to.service(resource("").route(get().to(procedures::index)))
        .route("/comptes", get().to(accounts::index))
        .route("/comptes/{agent}/acces", post().to(accounts::grant))
        .service(
            resource("/comptes/{agent}/acces/{service}/retrait")
                .route(get().to(leaving::new))
                .route(post().to(leaving::create)),
        )
        .route("/envois", get().to(dead_letters::index))
        .route("/envois/{job}/relance", post().to(dead_letters::retry));
}

/// All of it is "not found" unless the site is a demonstration.
fn demonstration(to: &mut ServiceConfig) {
    to.service(resource("").route(get().to(demo::accounts)))
        .route("/mail", get().to(demo::index))
        .route("/mail/{mail}", get().to(demo::show))
        .route("/mail/{mail}/html", get().to(demo::html));
}
