//! The store room: files' bytes, each under its SHA-256. A file is written once, never changed; two
//! people who send the same bytes share them. Who may open a file is not known here: only a row (an
//! attachment, a document) leads to it.
//!
//! What comes from outside enters through [`Intake`], which counts, looks inside and cleans
//! ([`inspect`]) before anything is kept. The room is a folder; the interface is an object store's, so
//! that S3 can take its place.

pub mod heic;
pub mod inspect;
pub mod intake;
pub mod kind;
pub mod name;
pub mod office;
pub mod picture;
pub mod refused;

pub use inspect::{Accept, Clean};
pub use intake::{Intake, IntakeError, Stored};
pub use kind::{Found, Kind};
pub use refused::Refused;

#[cfg(test)]
mod tests;

use crate::clock::Clock;
use crate::db::At;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::fs::File;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A store of files. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// Where uploads are written until they are inspected.
    incoming: Arc<Path>,
}

/// The SHA-256 of a file: its name in the store, 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

/// A file of the store, for taking away what nothing leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub digest: Digest,
    pub size: u64,
    /// When it was last put.
    pub put_at: At,
}

/// An open file.
pub struct Opened {
    pub size: u64,
    pub stream: BoxStream<'static, Result<Bytes, BlobError>>,
}

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The store cannot be reached, or its disk is full.
    #[error("the store of files: {0}")]
    Store(#[from] object_store::Error),
    /// The folder of the store cannot be used.
    #[error("the folder of files: {0}")]
    Folder(#[from] std::io::Error),
    /// The bytes are no longer those that were put.
    #[error("the file {0} is damaged in the store")]
    Corrupt(Digest),
}

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)))
    }

    /// Reads 64 hexadecimal digits in small letters, as the column holds them.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        fits.then(|| Self(text.to_owned()))
    }

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Two levels of folders, so that none grows past what a file system likes.
    fn key(&self) -> Key {
        Key::from(format!("{}/{}/{}", &self.0[..2], &self.0[2..4], self.0))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({})", self.0)
    }
}

impl Blobs {
    /// Opens the store of a site's folder (`blobs/` and `incoming/` inside it), and makes it when it
    /// is not there.
    pub fn open(dir: &Path) -> Result<Self, BlobError> {
        let (blobs, incoming) = (dir.join("blobs"), dir.join("incoming"));
        for folder in [&blobs, &incoming] {
            std::fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
        }
        File::open(dir)?.sync_all()?;
        let store = LocalFileSystem::new_with_prefix(blobs)?.with_fsync(true);
        Ok(Self {
            store: Arc::new(store),
            incoming: incoming.into(),
        })
    }

    /// Keeps these bytes; answers when they are on disk. The same bytes again are the same file.
    pub async fn put(&self, bytes: Bytes) -> Result<Digest, BlobError> {
        let digest = Digest::of(&bytes);
        // Written even when it is there: it renews the moment that protects a file from being taken
        // away, and mends one that was damaged.
        self.store.put(&digest.key(), bytes.into()).await?;
        Ok(digest)
    }

    /// Keeps the bytes of a finished file; the file stays where it is.
    pub async fn put_file(&self, path: PathBuf) -> Result<Digest, BlobError> {
        let bytes = tokio::task::spawn_blocking(move || std::fs::read(path))
            .await
            .map_err(std::io::Error::other)??;
        self.put(bytes.into()).await
    }

    /// The bytes of a file, compared with their digest; `None` when it is not there.
    pub async fn get(&self, digest: &Digest) -> Result<Option<Bytes>, BlobError> {
        let Some(found) = there(self.store.get(&digest.key()).await)? else {
            return Ok(None);
        };
        let bytes = found.bytes().await?;
        if Digest::of(&bytes) == *digest {
            Ok(Some(bytes))
        } else {
            Err(BlobError::Corrupt(digest.clone()))
        }
    }

    /// A file as a stream, not compared with its digest; `None` when it is not there.
    pub async fn open_stream(&self, digest: &Digest) -> Result<Option<Opened>, BlobError> {
        let found = there(self.store.get(&digest.key()).await)?;
        Ok(found.map(|found| Opened {
            size: found.meta.size,
            stream: found.into_stream().map_err(BlobError::from).boxed(),
        }))
    }

    /// Takes a file away, unless it was put at or after `since` (it may be wanted by a row that is
    /// being written); `false` when it stays or is not there.
    pub async fn delete(&self, digest: &Digest, since: At) -> Result<bool, BlobError> {
        let key = digest.key();
        let Some(meta) = there(self.store.head(&key).await)? else {
            return Ok(false);
        };
        if meta.last_modified >= since.0 {
            return Ok(false);
        }
        Ok(there(self.store.delete(&key).await)?.is_some())
    }

    /// Every file of the store, in no order.
    pub fn list(&self) -> BoxStream<'static, Result<Listed, BlobError>> {
        self.store
            .list(None)
            .map_err(BlobError::from)
            .try_filter_map(|meta| async move {
                let digest = meta.location.filename().and_then(Digest::parse);
                Ok(digest.map(|digest| Listed {
                    digest,
                    size: meta.size,
                    put_at: At::new(meta.last_modified),
                }))
            })
            .boxed()
    }

    /// Takes away the uploads that a crash left unfinished before that moment; answers how many.
    pub fn sweep(&self, before: At) -> Result<usize, BlobError> {
        let mut swept = 0;
        for entry in std::fs::read_dir(&self.incoming)? {
            let entry = entry?;
            let written = chrono::DateTime::<chrono::Utc>::from(entry.metadata()?.modified()?);
            if written < before.0 {
                std::fs::remove_file(entry.path())?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// A new file that goes away when it is dropped.
    fn temporary(&self) -> std::io::Result<(File, Temporary)> {
        let path = self.incoming.join(Clock::system().new_id().to_string());
        let file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        Ok((file, Temporary(path)))
    }
}

/// The path of a file that is removed when nobody needs it any more.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::warn!(%error, "an upload could not be taken away; tidying will");
        }
    }
}

/// An absent file is no error.
fn there<T>(found: object_store::Result<T>) -> Result<Option<T>, BlobError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
