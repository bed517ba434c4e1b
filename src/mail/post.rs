//! How mail leaves a site: by its SMTP server, or into the folder `mail` of its data. A demonstration
//! always keeps its mail, whatever server is named: nobody is to be written to by a demo.

use super::folder::Folder;
use super::letter::{Letter, LetterError, is_address};
use super::smtp::Server;
use crate::config::SiteArgs;
use crate::db::Id;
use crate::definition::Site;
use chrono::{DateTime, Utc};

/// The way mail leaves.
#[derive(Debug)]
pub struct Post {
    way: Way,
}

#[derive(Debug)]
enum Way {
    Server(Server),
    Folder(Folder),
}

/// Why there is no way for mail; it stops the start.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The address of the server is none.
    #[error(
        "--smtp: it must read smtps://USER:PASSWORD@HOST, smtp://USER:PASSWORD@HOST?tls=required, or smtp://127.0.0.1:PORT for a server on this machine"
    )]
    Address,
    /// Mail would cross the net unencrypted.
    #[error(
        "--smtp: mail to {0} would travel unencrypted; write smtps://… or smtp://…?tls=required"
    )]
    Plain(String),
    /// Mail cannot be sent from, or to, the address in the site file.
    #[error("site.yaml: « {address} » ({of}) is not a mail address")]
    SiteAddress { of: String, address: String },
    /// The folder cannot be made.
    #[error("the folder of mails {path} cannot be used: {cause}")]
    Folder { path: String, cause: std::io::Error },
}

/// Why a mail did not leave. Nothing of it names a person: administrators read it.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The server refuses this mail for good (its three digits).
    #[error("the mail server refuses it: {0}")]
    Refused(String),
    /// The server does not take it now (its three digits).
    #[error("the mail server does not take it now: {0}")]
    Later(String),
    /// The server cannot be spoken with.
    #[error("the mail server: {0}")]
    Down(&'static str),
    /// Addresses or headers cannot be put together; trying again changes nothing.
    #[error(transparent)]
    Letter(#[from] LetterError),
    /// The folder cannot be written.
    #[error("the folder of mails: {}", .0.kind())]
    Folder(#[from] std::io::Error),
}

impl SendError {
    /// True when trying again is of no use.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Letter(_))
    }
}

impl Post {
    /// The way this site's mail leaves. Touches the disk when it is a folder.
    pub fn new(args: &SiteArgs, site: &Site) -> Result<Self, PostError> {
        check_addresses(site)?;
        let way = match &args.mail.smtp {
            Some(url) if !args.demo => Way::Server(Server::parse(url)?),
            _ => {
                let path = args.data.join("mail");
                let failed = |cause| PostError::Folder {
                    path: path.display().to_string(),
                    cause,
                };
                Way::Folder(Folder::open(&path).map_err(failed)?)
            }
        };
        Ok(Self { way })
    }

    /// Lets a letter leave, under the name of the job `id`. `Ok` once another machine, or the disk,
    /// has it.
    pub async fn send(&self, id: Id, letter: &Letter, now: DateTime<Utc>) -> Result<(), SendError> {
        let message = letter.message(id, now)?;
        match &self.way {
            Way::Server(server) => server.send(message, now).await,
            Way::Folder(folder) => {
                let folder = folder.clone();
                let letter = letter.clone();
                let kept = move || folder.keep(id, &letter, &message.formatted(), now);
                match tokio::task::spawn_blocking(kept).await {
                    Ok(kept) => Ok(kept?),
                    Err(_) => Err(SendError::Folder(std::io::ErrorKind::Other.into())),
                }
            }
        }
    }

    /// The folder mail is kept in; none when it is sent.
    pub fn folder(&self) -> Option<&Folder> {
        match &self.way {
            Way::Folder(folder) => Some(folder),
            Way::Server(_) => None,
        }
    }
}

/// Every address mail may come from or go to is one: better said at the start than at the first mail.
fn check_addresses(site: &Site) -> Result<(), PostError> {
    let senders = site.authorities.iter().map(|authority| {
        let of = format!("mail_from, {}", authority.id.as_str());
        (of, authority.mail_from.as_str())
    });
    let notices = site.services.iter().filter_map(|service| {
        let of = format!("mail, {}", service.id.as_str());
        Some((of, service.mail.as_deref()?))
    });
    for (of, address) in senders.chain(notices) {
        if !is_address(address) {
            let address = address.to_owned();
            return Err(PostError::SiteAddress { of, address });
        }
    }
    Ok(())
}
