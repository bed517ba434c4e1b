//! Connections: which engine an address names, and how each one is set up.

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection, ConnectionError, PgConnection, SqliteConnection};
use std::path::PathBuf;

/// A connection to either engine.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// Tried by nobody but [`Url::connect`], which knows the engine from the address.
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// The address of a database. The scheme chooses the engine; an unknown one is refused, so that a
/// slip of the pen does not make an empty file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Url {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Url {
    /// Reads `sqlite://path`, `postgres://…` or `postgresql://…`.
    pub fn parse(url: &str) -> Result<Self, super::Error> {
        match url.split_once("://") {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(url.to_owned())),
            Some((scheme, _)) => Err(super::Error::BadUrl(format!(
                "l’adresse commence par {scheme}:// ; il faut sqlite:// ou postgres://"
            ))),
            None => Err(super::Error::BadUrl(
                "l’adresse doit commencer par sqlite:// ou postgres://".to_owned(),
            )),
        }
    }

    /// Opens a connection, with the engine's own complaint when it cannot.
    pub fn connect(&self) -> Result<Conn, ConnectionError> {
        match self {
            Self::Postgres(url) => PgConnection::establish(url).map(Conn::Postgres),
            Self::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
                conn.batch_execute(
                    "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
                     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                     PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; \
                     PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;",
                )
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Conn::Sqlite(conn))
            }
        }
    }
}

/// Makes connections for a pool.
#[derive(Debug)]
pub struct Manager {
    url: Url,
}

impl Manager {
    /// A manager for that address.
    pub fn new(url: Url) -> Self {
        Self { url }
    }
}

impl ManageConnection for Manager {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        self.url
            .connect()
            .map_err(diesel::r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        match conn {
            // A file does not go away between two loans.
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(conn) => conn.ping().map_err(diesel::r2d2::Error::QueryError),
        }
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking()
            || match conn {
                Conn::Sqlite(conn) => conn.is_broken(),
                Conn::Postgres(conn) => conn.is_broken(),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_scheme_is_refused_and_named() {
        assert!(matches!(Url::parse("sqlite://a.db"), Ok(Url::Sqlite(_))));
        assert!(matches!(
            Url::parse("postgres://h/db"),
            Ok(Url::Postgres(_))
        ));
        let error = Url::parse("postgre://h/db").unwrap_err().to_string();
        assert!(error.contains("postgre://"), "{error}");
        assert!(Url::parse("perron.sqlite").is_err());
    }
}
