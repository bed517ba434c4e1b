//! The edge: what a browser asks and what it is answered. This page is the whole map of addresses. A
//! handler parses, loads through the person, calls one verb and answers; it decides nothing.

pub mod assets;
pub mod citizen;
pub mod door;
pub mod download;
pub mod error;
pub mod input;
pub mod operator;
pub mod token;
pub mod views;
pub mod visit;

use actix_web::web::{ServiceConfig, get, post, resource};

/// Every address of the program.
pub fn map(to: &mut ServiceConfig) {
    operators(to);
    citizens(to);
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
        .route(
            "/demarches/{procedure}/brouillons",
            post().to(drafts::create),
        )
        .service(resource("/brouillons/{code}").route(get().to(drafts::open)))
        .service(
            resource("/brouillons/{code}/pages/{page}")
                .route(get().to(drafts::show))
                .route(post().to(drafts::update)),
        )
        .route("/brouillons/{code}/fichiers", post().to(uploads::create))
        .route(
            "/brouillons/{code}/fichiers/{file}/contenu",
            get().to(uploads::show),
        )
        .route("/brouillons/{code}/verification", get().to(sending::review))
        .route("/brouillons/{code}/envoi", post().to(sending::submit))
        .route(
            "/brouillons/{code}/confirmation",
            get().to(sending::confirmation),
        )
        .service(
            resource("/brouillons/{code}/plus-tard")
                .route(get().to(resume::later))
                .route(post().to(resume::mail)),
        )
        .route("/brouillons/{code}/suppression", post().to(drafts::delete))
        .service(
            resource("/reprendre")
                .route(get().to(resume::entry))
                .route(post().to(resume::open)),
        )
        .route("/suivi", get().to(tracking::entry))
        .route("/suivi/{code}", get().to(tracking::show))
        .route("/suivi/{code}/reponses", post().to(tracking::answer))
        .route("/suivi/{code}/messages", post().to(tracking::message))
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
