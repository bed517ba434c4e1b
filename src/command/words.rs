//! Troubles of the ground in the operator's words: the flag to look at, then the cause. The log keeps
//! the engine's own.

use crate::config::ConfigError;
use crate::db;
use crate::mail::post::PostError;
use crate::site::OpenError;

/// Of the database.
pub fn of_database(error: &db::Error) -> String {
    match error {
        db::Error::Unreachable(cause) => format!("la base de données ne répond pas ({cause})"),
        db::Error::NotCommitted(cause) => {
            format!("rien n’a été enregistré, la base a refusé ({cause})")
        }
        db::Error::Migration(cause) => {
            format!("la structure de la base ne peut pas être mise à jour ({cause})")
        }
        db::Error::Query(cause) => format!("une opération a échoué ({cause})"),
        db::Error::BadUrl(cause) => cause.clone(),
        db::Error::Panicked => "une opération s’est arrêtée net ; le journal dit où".to_owned(),
    }
}

/// Of the command line and the environment.
pub fn of_config(error: &ConfigError) -> String {
    match error {
        ConfigError::Database(error) => format!("--database : {}", of_database(error)),
        other => other.to_string(),
    }
}

/// Of a site that does not open.
pub fn of_opening(error: &OpenError) -> String {
    match error {
        OpenError::Config(error) => of_config(error),
        OpenError::Database(error) => format!("--database : {}", of_database(error)),
        OpenError::Definitions(error) => format!("--forms : {error}"),
        OpenError::SiteFile(_) => format!("le fichier du site est faux.\n{error}"),
        OpenError::Blobs(cause) => format!("--data : le dossier des fichiers : {cause}"),
        OpenError::Mail(error) => of_mail(error),
        other => other.to_string(),
    }
}

fn of_mail(error: &PostError) -> String {
    match error {
        PostError::Address => "--smtp : il faut smtps://NOM:MOT_DE_PASSE@SERVEUR, \
             smtp://NOM:MOT_DE_PASSE@SERVEUR?tls=required, ou smtp://127.0.0.1:PORT pour un serveur \
             de cette machine"
            .to_owned(),
        PostError::Plain(host) => format!(
            "--smtp : vers {host}, les courriels circuleraient sans chiffrement ; écrivez smtps://… \
             ou smtp://…?tls=required"
        ),
        PostError::SiteAddress { of, address } => {
            format!("site.yaml : « {address} » ({of}) n’est pas une adresse de courriel")
        }
        PostError::Folder { path, cause } => {
            format!("--data : le dossier des courriels {path} ne peut pas être utilisé : {cause}")
        }
    }
}
