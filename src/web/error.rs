//! The one error that meets a person. Only this file knows status codes and the words of the error
//! page: a title, a plain sentence, a way forward. What failed is logged here, once.

use super::visit::Visit;
use crate::db;
use crate::request::SaveError;
use crate::request::message::WriteError;
use crate::request::moves::MoveError;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError};
use chrono::Duration;
use serde::Serialize;

/// Why a page is not answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing there, or not yours: nobody can tell which.
    #[error("not found")]
    NotFound,
    /// Who asks has to sign in first, at that address.
    #[error("not signed in")]
    SignIn { at: String },
    /// The form's token is missing, forged, expired, or of another visitor.
    #[error("the form token does not hold")]
    Token,
    /// Too many tries.
    #[error("too many tries")]
    TooMany { retry_after: Duration },
    /// More was sent than is taken.
    #[error("too large")]
    TooLarge,
    /// What was sent cannot be read.
    #[error("malformed: {0}")]
    Malformed(&'static str),
    /// Somebody else changed it in the meantime.
    #[error("overtaken")]
    Overtaken,
    /// The host is none of ours.
    #[error("unknown host")]
    UnknownHost,
    /// The database or the disk cannot be used now.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A row holds what this program does not understand: a newer one wrote it. It is left as it is.
    #[error("unreadable: {0}")]
    Unreadable(db::Unreadable),
    /// A mistake of ours.
    #[error("internal: {0}")]
    Internal(String),
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        use diesel::result::Error as Query;
        match error {
            db::Error::Query(Query::NotFound) => Self::NotFound,
            // Disk full, connection lost, locked: it passes, nothing was half written.
            db::Error::Query(Query::DatabaseError(_, info)) => {
                Self::Unavailable(info.message().to_owned())
            }
            db::Error::Unreachable(cause) | db::Error::NotCommitted(cause) => {
                Self::Unavailable(cause)
            }
            db::Error::Query(query) => match db::Unreadable::behind(&query) {
                Some(what) => Self::Unreadable(what),
                None => Self::Internal(query.to_string()),
            },
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        db::Error::from(error).into()
    }
}

impl From<SaveError> for Error {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Overtaken => Self::Overtaken,
            SaveError::Db(error) => error.into(),
        }
    }
}

impl From<MoveError> for Error {
    /// What a workflow refuses is said on the page; it comes here only when nobody did.
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::Save(error) | MoveError::Words(WriteError::Save(error)) => error.into(),
            MoveError::Refused(_) | MoveError::NoSuchService => Self::Overtaken,
            MoveError::Words(_) => Self::Malformed("message"),
        }
    }
}

impl From<minijinja::Error> for Error {
    fn from(error: minijinja::Error) -> Self {
        Self::Internal(format!("template: {error:#}"))
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::Token => StatusCode::FORBIDDEN,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Overtaken => StatusCode::CONFLICT,
            Self::UnknownHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unreadable(_) => StatusCode::NOT_IMPLEMENTED,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A bare answer; [`super::door`] gives it a page on its way out.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => {
                tracing::error!(cause, "{}", self.status_code());
            }
            Self::Unreadable(what) => tracing::error!("{what}"),
            _ => {}
        }
        let mut response = HttpResponse::build(self.status_code());
        if let Self::TooMany { retry_after } = self {
            response.insert_header((
                header::RETRY_AFTER,
                retry_after.num_seconds().max(1).to_string(),
            ));
        }
        if let Self::SignIn { at } = self {
            response.insert_header((header::LOCATION, at.as_str()));
        }
        if let Self::Unavailable(_) = self {
            response.insert_header((header::RETRY_AFTER, "10"));
        }
        response.finish()
    }
}

/// What the error page says.
#[derive(Serialize)]
struct Content {
    error: Words,
}

#[derive(Serialize)]
struct Words {
    status: u16,
    title: &'static str,
    /// What happened and what to do, in plain sentences.
    sentence: &'static str,
    ways: Vec<Way>,
    incident: Option<String>,
}

#[derive(Serialize)]
struct Way {
    label: &'static str,
    url: String,
}

fn words(status: StatusCode, path: &str) -> Words {
    let (title, sentence) = match status {
        StatusCode::NOT_FOUND => (
            "Cette page n’existe pas",
            "L’adresse est peut-être incomplète, ou la page a été déplacée.",
        ),
        StatusCode::FORBIDDEN => (
            "Cette page a expiré",
            "Par sécurité, un formulaire ouvert trop longtemps n’est plus accepté. Rien n’a été modifié. \
             Revenez à la page, puis recommencez\u{a0}: ce qui était enregistré est toujours là.",
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            "Trop d’essais en peu de temps",
            "Rien n’a été modifié. Attendez quelques minutes, puis recommencez.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "L’envoi est trop volumineux",
            "Rien de cet envoi n’a été enregistré. Choisissez un fichier plus petit, ou envoyez les fichiers \
             l’un après l’autre.",
        ),
        StatusCode::CONFLICT => (
            "La demande vient de changer",
            "Quelqu’un d’autre l’a modifiée pendant que vous la regardiez. Votre action n’a pas été faite\u{a0}: \
             rouvrez la demande pour voir où elle en est.",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            "Le guichet est momentanément indisponible",
            "Un problème technique nous empêche de répondre. Ce que vous aviez déjà envoyé n’est pas perdu.",
        ),
        StatusCode::NOT_IMPLEMENTED => (
            "Cette demande ne peut pas être ouverte par cette version du guichet",
            "Elle a été enregistrée par une version plus récente. Rien n’est perdu et rien n’a été modifié. \
             Réessayez un peu plus tard.",
        ),
        StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::BAD_REQUEST
        | StatusCode::URI_TOO_LONG
        | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
        | StatusCode::MISDIRECTED_REQUEST => (
            "Nous n’avons pas compris cet envoi",
            "L’adresse ou le contenu n’est pas celui que nous attendions. Rien n’a été modifié. \
             Revenez à la page précédente et recommencez.",
        ),
        _ => (
            "Une erreur s’est produite",
            "Le problème vient de nous, pas de vous. Il est noté.",
        ),
    };
    let mut ways = Vec::new();
    if status == StatusCode::FORBIDDEN {
        ways.push(Way {
            label: "Revenir à la page",
            url: page_of(path),
        });
    }
    if path.starts_with("/agent") || path.starts_with("/admin") {
        ways.push(Way {
            label: "Revenir à mes demandes",
            url: "/agent".to_owned(),
        });
    } else {
        ways.push(Way {
            label: "Chercher une démarche",
            url: "/demarches".to_owned(),
        });
        ways.push(Way {
            label: "Suivre ma demande",
            url: "/suivi".to_owned(),
        });
    }
    Words {
        status: status.as_u16(),
        title,
        sentence,
        ways,
        incident: None,
    }
}

/// The page whose form was posted to that address. Citizens' addresses all have one.
fn page_of(path: &str) -> String {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts[..] {
        ["agent", "demandes", _, "transitions", _] => path.to_owned(),
        ["agent", "demandes", request, ..] => format!("/agent/demandes/{request}"),
        ["agent", "compte", ..] => "/agent/compte".to_owned(),
        ["agent", "deconnexion"] => "/agent".to_owned(),
        ["admin", section, ..] => format!("/admin/{section}"),
        // "//elsewhere" is an address of another site for a browser.
        _ => format!("/{}", path.trim_start_matches(['/', '\\'])),
    }
}

/// The error page, or its plain words when even the template fails.
pub fn page(visit: &Visit, status: StatusCode) -> String {
    let error = words(status, visit.path());
    let (title, sentence) = (error.title, error.sentence);
    visit
        .html("error.html", title, "", &Content { error })
        .unwrap_or_else(|failure| {
            tracing::error!(%failure, "the error page itself failed");
            format!(
                "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\"><title>{title}</title>\
             <h1>{title}</h1><p>{sentence}</p>"
            )
        })
}
