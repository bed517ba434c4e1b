//! A message of the tracking page: who wrote it, and the files that came with it.

use super::url;
use crate::db::At;
use crate::request::attachment::Attachment;
use crate::request::message::Message;
use crate::secret::Code;
use crate::web::citizen::uploads;
use crate::web::download::File;
use serde::Serialize;

/// A message as pages show it.
#[derive(Serialize)]
pub struct Said {
    pub from: &'static str,
    pub author: String,
    pub at: At,
    pub text: String,
    pub files: Vec<File>,
}

/// A message, its author named as the reader knows them.
pub(super) fn said(message: &Message, service: &str, code: &Code, files: &[Attachment]) -> Said {
    let citizen = message.author == "citizen";
    Said {
        from: if citizen { "citizen" } else { "service" },
        author: if citizen {
            "Vous".to_owned()
        } else {
            service.to_owned()
        },
        at: message.at,
        text: message.body.clone(),
        files: files
            .iter()
            .filter(|file| citizen && came_with(file, message))
            .map(|file| File {
                name: file.name.clone(),
                url: file_url(code, &file.id.to_string()),
                size: u64::try_from(file.size).unwrap_or_default(),
                media_type: file.media_type.clone(),
                sha256: None,
            })
            .collect(),
    }
}

/// Words and the files that came with them are written in one transaction: at one moment.
fn came_with(file: &Attachment, message: &Message) -> bool {
    let loose = file.field == uploads::ANSWERED || file.field == uploads::WRITTEN;
    loose && file.created_at == message.at
}

/// Where a file of that request is given back.
pub(super) fn file_url(code: &Code, file: &str) -> String {
    format!("{}/fichiers/{file}", url(code))
}
