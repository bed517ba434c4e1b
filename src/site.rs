//! A site: one portal with its own database, key, files and definitions. It is found from the host a
//! person typed; nothing of it is global, and one process may hold many.

pub mod shelf;

use crate::blob::Blobs;
use crate::calendar::{Calendar, Closures, ClosuresError};
use crate::clock::Clock;
use crate::config::{ConfigError, SiteArgs};
use crate::db::{self, Db, Id};
use crate::definition::defect::Defect;
use crate::definition::load::files::{LibraryFiles, ReadError};
use crate::definition::{self, Authority, Secrecy, Service};
use crate::document::Press;
use crate::form::run_examples;
use crate::mail::post::{Post, PostError};
use crate::secret::Key;
use chrono::NaiveDate;
use shelf::{Published, Shelf};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// One portal, ready to answer.
pub struct Site {
    /// What `site.yaml` says.
    pub file: Arc<definition::Site>,
    pub db: Db,
    pub key: Key,
    pub blobs: Blobs,
    /// How its mail leaves.
    pub post: Post,
    pub press: Arc<Press>,
    /// Fictitious accounts, and mail that is shown instead of sent.
    pub demo: bool,
    /// The address in links, without a slash at its end.
    pub base_url: String,
    /// The folder for what is being received.
    pub data: PathBuf,
    /// What is wrong with definitions whose last good version is kept.
    pub defects: Vec<Defect>,
    shelf: Shelf,
    /// By authority: legal holidays and its own closures.
    calendars: HashMap<String, Arc<Calendar>>,
    /// Legal holidays alone, for legal delays.
    legal: Arc<Calendar>,
}

/// Why a site does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the definitions cannot be read: {0}")]
    Definitions(#[from] ReadError),
    /// The site file itself is wrong; without it there is no site.
    #[error("{}", list(.0))]
    SiteFile(Vec<Defect>),
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error("the folder of files cannot be used: {0}")]
    Blobs(String),
    #[error("{0}")]
    Mail(#[from] PostError),
    #[error("site.yaml: closure of {authority} on {date}: {cause}")]
    Closure {
        authority: String,
        date: NaiveDate,
        cause: ClosuresError,
    },
    #[error("the fonts cannot be read: {0}")]
    Press(String),
}

fn list(defects: &[Defect]) -> String {
    defects
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

impl Site {
    /// Opens the site: folder, key, database with its schema up to date, definitions checked and
    /// published. Blocks; for the start of a process.
    pub fn open(
        args: &SiteArgs,
        listen: Option<SocketAddr>,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        args.prepare()?;
        let key = args.key(clock.secret())?;
        let db = Db::open(&args.url()?, clock)?;
        let loaded = definition::load::load_sound(&files(args)?).map_err(OpenError::SiteFile)?;
        let file = Arc::clone(&loaded.library.site);
        let mut defects = loaded.defects;
        let mut offered = loaded.library.procedures;
        offered.retain(|definition| file.offers(&definition.procedure.id));
        for definition in &offered {
            defects.extend(run_examples(definition, &file));
        }
        let shelf = Shelf::publish(&db, offered, &defects)?;
        let calendars = file
            .authorities
            .iter()
            .map(|authority| Ok((authority.id.to_string(), Arc::new(calendar_of(authority)?))))
            .collect::<Result<_, OpenError>>()?;
        Ok(Self {
            key,
            blobs: Blobs::open(&args.data).map_err(|e| OpenError::Blobs(e.to_string()))?,
            post: Post::new(args, &file)?,
            press: Arc::new(Press::new().map_err(|e| OpenError::Press(e.to_string()))?),
            demo: args.demo,
            base_url: args.base(listen)?,
            data: args.data.clone(),
            defects,
            shelf,
            calendars,
            legal: Arc::new(Calendar::legal()),
            db,
            file,
        })
    }

    /// The procedures that can be asked for, in the order of the library.
    pub fn procedures(&self) -> Vec<Arc<Published>> {
        self.shelf.current()
    }

    /// The current version of that procedure.
    pub fn procedure(&self, id: &str) -> Option<Arc<Published>> {
        self.shelf
            .current()
            .into_iter()
            .find(|published| *published.procedure().id == id)
    }

    /// The version a draft or request is pinned to, for life.
    pub fn version(&self, id: Id) -> Result<Arc<Published>, db::Error> {
        self.shelf.version(&self.db, id)
    }

    /// The authority of that id.
    pub fn authority(&self, id: &str) -> Option<&Authority> {
        self.file.authority(id)
    }

    /// The service of that id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.file.service(id)
    }

    /// The days that authority works.
    pub fn calendar(&self, authority: &str) -> &Arc<Calendar> {
        self.calendars.get(authority).unwrap_or(&self.legal)
    }

    /// Today in Belgium.
    pub fn today(&self) -> NaiveDate {
        crate::belgium::brussels_date(self.db.clock().now())
    }

    /// True when that service's files are under social secrecy.
    pub fn is_social(&self, service: &str) -> bool {
        self.file
            .authority_of(service)
            .is_none_or(|a| a.secrecy == Secrecy::Social)
    }
}

/// The shipped definitions with the site's own in their place.
pub fn files(args: &SiteArgs) -> Result<LibraryFiles, ReadError> {
    let shipped = LibraryFiles::shipped()?;
    Ok(match &args.forms {
        Some(folder) => shipped.overridden_by(LibraryFiles::read(folder)?),
        None => shipped,
    })
}

fn calendar_of(authority: &Authority) -> Result<Calendar, OpenError> {
    let mut closures = Closures::none();
    for closure in &authority.closures {
        closures
            .close(closure.date, &closure.reason)
            .map_err(|cause| OpenError::Closure {
                authority: authority.id.to_string(),
                date: closure.date,
                cause,
            })?;
    }
    Ok(Calendar::new(closures))
}
