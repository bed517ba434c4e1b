//! Why a job was not done. The words are shown to administrators of forms, who may not see files: they
//! name causes, never people or what they answered.

use crate::blob::BlobError;
use crate::db;
use crate::document::PrintError;
use crate::mail::notice::ComposeError;
use crate::mail::post::SendError;
use crate::printing::TextError;
use crate::request::SaveError;
use crate::request::moves::MoveError;
use crate::request::sheet::SheetError;

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The job's payload is of a newer program, or damaged.
    #[error("this program does not know the job")]
    UnknownJob,
    /// A workflow names a mail that does not exist.
    #[error("no mail of this name")]
    UnknownMessage,
    /// The version of the procedure has no document of that id.
    #[error("the procedure has no document of this name")]
    UnknownDocument,
    /// The site file no longer names the authority.
    #[error("the authority is not in the site file")]
    NoAuthority,
    #[error(transparent)]
    Compose(#[from] ComposeError),
    #[error(transparent)]
    Send(#[from] SendError),
    #[error(transparent)]
    Text(#[from] TextError),
    #[error("the document cannot be printed: {}", cause_of(.0))]
    Print(#[from] PrintError),
    /// The store of files, or the disk.
    #[error("the files cannot be read or written")]
    Files(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Somebody changed the request at the same moment.
    #[error("the request was being changed")]
    Overtaken,
    /// The workflow could not follow a timer.
    #[error("the workflow cannot follow its timer")]
    Move(#[source] Box<MoveError>),
    /// The database; its own words may repeat a value, so they go to the log of the database alone.
    #[error("{}", say(.0))]
    Database(db::Error),
    /// It took longer than any job may.
    #[error("it took too long")]
    TooSlow,
    /// A fault of the program.
    #[error("the program failed")]
    Panicked,
}

impl From<SheetError> for Trouble {
    fn from(error: SheetError) -> Self {
        match error {
            SheetError::NoAuthority => Self::NoAuthority,
            SheetError::UnknownDocument => Self::UnknownDocument,
            SheetError::Text(error) => Self::Text(error),
        }
    }
}

impl Trouble {
    /// True when trying again is of no use: a person must look.
    pub fn is_final(&self) -> bool {
        match self {
            Self::UnknownJob | Self::UnknownMessage | Self::UnknownDocument => true,
            Self::Send(error) => error.is_final(),
            _ => false,
        }
    }
}

fn cause_of(error: &PrintError) -> &'static str {
    match error {
        PrintError::TooLong { .. } => "it is too long",
        PrintError::UnfitVerification(_) => "its verification address is too long",
        PrintError::Assembly(_) | PrintError::Writing(_) => "the press failed",
    }
}

fn say(error: &db::Error) -> &'static str {
    match error {
        db::Error::Unreachable(_) => "the database cannot be reached",
        db::Error::NotCommitted(_) => "the database could not keep it",
        db::Error::Panicked => "the program failed in a transaction",
        db::Error::Query(error) if db::Unreadable::behind(error).is_some() => {
            "a newer program wrote what this one cannot read"
        }
        _ => "the database refused it",
    }
}

impl From<db::Error> for Trouble {
    fn from(error: db::Error) -> Self {
        Self::Database(error)
    }
}

impl From<diesel::result::Error> for Trouble {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<BlobError> for Trouble {
    fn from(error: BlobError) -> Self {
        Self::Files(error.into())
    }
}

impl From<MoveError> for Trouble {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::Save(SaveError::Overtaken) => Self::Overtaken,
            MoveError::Save(SaveError::Db(error)) => Self::Database(error),
            error => Self::Move(Box::new(error)),
        }
    }
}
