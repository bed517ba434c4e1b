//! The backup file: a `tar` in `gzip` that any tool opens, the same for both engines, so that a site
//! also moves from SQLite to PostgreSQL by it. In order:
//!
//! - `perron.json`: which program made it, when, over which schema ([`Header`]);
//! - `key`: the site's key, without which no code and no telephone is known again;
//! - `tables/<table>/<part>.jsonl`: rows, one JSON object per line, parents before children;
//! - `blobs/<sha256>`: the bytes of every file a row leads to;
//! - `sums.json`: how many rows and their digests ([`Sums`]). A file without it is cut short.
//!
//! Sessions and counts of tries are left out: after a restoration everybody signs in again.

pub mod rows;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The format of this program.
pub const FORMAT: u32 = 1;
/// Bytes of rows in one entry, about.
pub const PART: usize = 4 * 1024 * 1024;
/// Greatest entry that is read: far above the greatest file a citizen may send.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// Every table that is kept, parents before children.
pub const TABLES: [&str; 16] = [
    "procedures",
    "versions",
    "drafts",
    "requests",
    "search_keys",
    "attachments",
    "events",
    "seals",
    "seal_heads",
    "messages",
    "documents",
    "timers",
    "jobs",
    "agents",
    "memberships",
    "administrations",
];

/// Columns that hold JSON. PostgreSQL knows; SQLite keeps them as text.
pub const JSON: [&str; 10] = [
    "procedures.defects",
    "versions.sources",
    "drafts.answers",
    "drafts.typed",
    "requests.answers",
    "requests.facts",
    "requests.pauses",
    "events.data",
    "documents.data",
    "jobs.payload",
];

/// The first entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub format: u32,
    /// Version of the program.
    pub program: String,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// The migrations its tables had gone through, in order.
    pub schema: Vec<String>,
}

/// The last entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub tables: BTreeMap<String, TableSum>,
    pub blobs: u64,
    /// Files a row leads to that were not in the store, or were damaged there.
    pub missing: Vec<String>,
}

/// The rows of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    pub rows: u64,
    /// SHA-256 of all its lines, hexadecimal.
    pub sha256: String,
}

/// Counts and sums the lines of a table as they pass.
#[derive(Clone, Default)]
pub struct Summing {
    rows: u64,
    hasher: Sha256,
}

impl Summing {
    /// Takes in whole lines.
    pub fn take(&mut self, lines: &[u8], rows: u64) {
        self.rows += rows;
        self.hasher.update(lines);
    }

    /// The sum.
    pub fn end(self) -> TableSum {
        TableSum {
            rows: self.rows,
            sha256: data_encoding::HEXLOWER.encode(&self.hasher.finalize()),
        }
    }
}

/// Why a backup was not made or not put back.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error(
        "--data : il n’y a pas de clé dans {0} ; si le site la reçoit par --key, donnez-la aussi ici"
    )]
    NoKey(String),
    #[error(
        "--key : ce n’est pas la clé de la sauvegarde ; retirez l’option pour reprendre celle-ci"
    )]
    OtherKey,
    #[error("--data : {0} contient déjà la clé d’un autre site ; restaurez dans un dossier neuf")]
    KeyInPlace(String),
    #[error(
        "--database : la table « {0} » n’est pas vide. Une sauvegarde ne se remet que dans une base vide : donnez un dossier neuf, ou une base neuve"
    )]
    NotEmpty(&'static str),
    #[error("ce fichier n’est pas une sauvegarde de Perron : {0}")]
    NotOurs(&'static str),
    #[error(
        "cette sauvegarde vient d’un programme plus récent ({0}) ; mettez d’abord Perron à jour"
    )]
    Newer(String),
    #[error("la sauvegarde est abîmée : {0}. Rien n’a été écrit dans la base")]
    Damaged(String),
    #[error("la sauvegarde ne peut pas être lue : {0}. Rien n’a été écrit dans la base")]
    Unreadable(std::io::Error),
    #[error("le fichier {path} ne peut pas être écrit : {cause}")]
    Unwritable { path: String, cause: std::io::Error },
    #[error("--database : {}", super::words::of_database(.0))]
    Database(#[from] crate::db::Error),
    #[error("fichiers des demandes : {0}")]
    Blobs(#[from] crate::blob::BlobError),
}

impl From<diesel::result::Error> for ArchiveError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// For `map_err`, while a file is written.
pub fn unwritable(path: &Path) -> impl Fn(std::io::Error) -> ArchiveError {
    let path = path.display().to_string();
    move |cause| ArchiveError::Unwritable {
        path: path.clone(),
        cause,
    }
}
