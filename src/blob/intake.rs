//! The hatch uploads come in by: chunk after chunk into a file of their own, never more than is
//! allowed, then inspected, cleaned and kept. Whatever happens on the way (too large, refused, the
//! sender gone), the file goes.

use super::inspect::{Accept, inspect};
use super::{BlobError, Blobs, Digest, Kind, Refused, Temporary, name};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use std::fs::File;
use std::io::Write;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Bytes gathered before they are written.
const GATHERED: usize = 256 * 1024;
/// Files inspected at once: each is in memory whole, and a picture may be decoded.
static ROOM: Semaphore = Semaphore::const_new(2);

/// A file that is coming in.
pub struct Intake {
    blobs: Blobs,
    accept: Accept,
    temporary: Temporary,
    /// Absent while a thread writes to it.
    file: Option<File>,
    waiting: BytesMut,
    size: u64,
}

/// A file that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub digest: Digest,
    /// Bytes kept, which may be fewer than were sent.
    pub size: u64,
    pub kind: Kind,
    /// Its name, fit to be shown and to be saved under.
    pub name: String,
}

/// Why a file was not kept.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The file is at fault: its sender is told ([`Mend`](crate::belgium::Mend)).
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The sender went away, or sent something unreadable.
    #[error("the upload broke off")]
    BrokenOff,
    /// The store is at fault: no room, no access.
    #[error(transparent)]
    Store(#[from] BlobError),
}

impl From<std::io::Error> for IntakeError {
    fn from(error: std::io::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Intake {
    /// Opens the hatch for one file.
    pub async fn begin(blobs: &Blobs, accept: Accept) -> Result<Self, IntakeError> {
        let room = blobs.clone();
        let (file, temporary) = blocking(move || room.temporary()).await?;
        Ok(Self {
            blobs: blobs.clone(),
            accept,
            temporary,
            file: Some(file),
            waiting: BytesMut::new(),
            size: 0,
        })
    }

    /// Takes the next bytes; refuses as soon as they are too many.
    pub async fn add(&mut self, chunk: &[u8]) -> Result<(), IntakeError> {
        self.size = self.size.saturating_add(chunk.len() as u64);
        if self.size > self.accept.max() {
            let max = self.accept.max();
            return Err(Refused::TooLarge { max }.into());
        }
        self.waiting.extend_from_slice(chunk);
        if self.waiting.len() >= GATHERED {
            self.write().await?;
        }
        Ok(())
    }

    /// That was all: inspects the file, cleans it and keeps it. `name` is what its sender calls it.
    pub async fn finish(mut self, name: &str) -> Result<Stored, IntakeError> {
        if self.size == 0 {
            return Err(Refused::Empty.into());
        }
        self.write().await?;
        let clean = {
            let place = ROOM.acquire().await;
            let (path, accept) = (self.temporary.0.clone(), self.accept.clone());
            let inspected = spawn_blocking(move || {
                // Held by the thread: it goes on when the sender hangs up.
                let _place = place;
                let bytes = Bytes::from(std::fs::read(path)?);
                Ok::<_, std::io::Error>(inspect(&bytes, &accept))
            });
            // A file that makes a decoder panic is at fault, not the store.
            inspected.await.unwrap_or(Ok(Err(Refused::Damaged)))??
        };
        let size = clean.bytes.len() as u64;
        Ok(Stored {
            digest: self.blobs.put(clean.bytes).await?,
            size,
            kind: clean.kind,
            name: name::clean(name, clean.kind),
        })
    }

    async fn write(&mut self) -> Result<(), IntakeError> {
        let Some(mut file) = self.file.take() else {
            // An earlier write failed, or was given up half way.
            return Err(IntakeError::BrokenOff);
        };
        let bytes = self.waiting.split().freeze();
        let file = blocking(move || {
            file.write_all(&bytes)?;
            Ok(file)
        })
        .await?;
        self.file = Some(file);
        Ok(())
    }
}

/// Takes a whole stream in: [`Intake::begin`], [`Intake::add`] for each chunk, [`Intake::finish`].
pub async fn receive<S, E>(
    blobs: &Blobs,
    accept: Accept,
    name: &str,
    mut chunks: S,
) -> Result<Stored, IntakeError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let mut intake = Intake::begin(blobs, accept).await?;
    while let Some(chunk) = chunks.next().await {
        intake
            .add(&chunk.map_err(|_| IntakeError::BrokenOff)?)
            .await?;
    }
    intake.finish(name).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    spawn_blocking(work)
        .await
        .unwrap_or_else(|gone| Err(std::io::Error::other(gone)))
}
