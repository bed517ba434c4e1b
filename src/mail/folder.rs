//! A folder of mails instead of a server: each as `<id>.eml`, as it would have crossed the net, and as
//! `<id>.json` for the page of the demonstration. A mail is there whole or not at all.

use super::letter::Letter;
use crate::db::Id;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Most mails that are listed.
pub const MOST: usize = 200;

/// A folder of mails. Cheap to clone; its methods block.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// A mail that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The job it was sent by, and its name in addresses.
    pub id: Id,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub sent_at: DateTime<Utc>,
    pub text: String,
    pub html: String,
}

impl Folder {
    /// The folder at `path`, made for its owner alone when it is not there.
    pub fn open(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(path)?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Keeps a letter and its bytes on the wire. Keeping it again under the same id changes one file
    /// for the same: nobody gets two.
    pub fn keep(
        &self,
        id: Id,
        letter: &Letter,
        wire: &[u8],
        sent_at: DateTime<Utc>,
    ) -> io::Result<()> {
        let kept = Kept {
            id,
            from: letter.from(),
            to: letter.to(),
            subject: letter.subject().to_owned(),
            sent_at,
            text: letter.text().to_owned(),
            html: letter.html().to_owned(),
        };
        self.write(&format!("{id}.eml"), wire)?;
        // Last, because a mail is listed by it.
        self.write(&format!("{id}.json"), &serde_json::to_vec_pretty(&kept)?)
    }

    /// The last mails, newest first, at most [`MOST`].
    pub fn list(&self) -> io::Result<Vec<Kept>> {
        let mut ids = self.ids()?;
        // Ids sort as the facts happened, so the newest are at the end.
        ids.sort_unstable();
        let newest = ids.into_iter().rev().take(MOST);
        let mut mails: Vec<Kept> = newest
            .filter_map(|id| self.read(id).transpose())
            .collect::<io::Result<_>>()?;
        mails.sort_by_key(|mail| std::cmp::Reverse((mail.sent_at, mail.id)));
        Ok(mails)
    }

    /// One mail; `None` when it is not there.
    pub fn read(&self, id: Id) -> io::Result<Option<Kept>> {
        match fs::read(self.path.join(format!("{id}.json"))) {
            // A file that is no mail of ours is not shown.
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Takes away all but the newest `most` mails; answers how many went.
    pub fn tidy(&self, most: usize) -> io::Result<usize> {
        let mut ids = self.ids()?;
        ids.sort_unstable();
        let old = ids.len().saturating_sub(most);
        for id in &ids[..old] {
            fs::remove_file(self.path.join(format!("{id}.json")))?;
            remove(&self.path.join(format!("{id}.eml")))?;
        }
        Ok(old)
    }

    fn ids(&self) -> io::Result<Vec<Id>> {
        let mut ids = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
            ids.extend(id.and_then(Id::parse));
        }
        Ok(ids)
    }

    /// Under another name first, so that nobody reads half a mail.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        use std::os::unix::fs::OpenOptionsExt;
        let half = self.path.join(format!("{name}.half"));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&half)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(half, self.path.join(name))
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
