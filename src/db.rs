//! The database: one site's memory. [`Db::read`] lends a connection, [`Db::write`] lends a [`Tx`]
//! and answers only when what was written is on disk.
//!
//! SQLite (the default) has a single writer that commits many callers together
//! ([`writer`]); PostgreSQL uses ordinary transactions. Callers cannot tell which one they stand on,
//! except inside [`on_backend!`](crate::on_backend).

pub mod connection;
pub mod migrate;
pub mod schema;
pub mod stored;
#[cfg(test)]
pub mod testing;
pub mod tx;
pub mod types;
pub mod writer;

pub use connection::{Conn, Url};
pub use stored::{Document, Stored, Unreadable};
pub use tx::Tx;
pub use types::{At, Doc, Id};

use crate::clock::Clock;
use connection::Manager;
use diesel::r2d2::{Pool, PooledConnection};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a caller waits for a connection before it is told that the database is unreachable.
const PATIENCE: Duration = Duration::from_secs(5);

/// What can go wrong beneath every query.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection could be had in time: the server is down, or every connection is busy.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// A query failed.
    #[error(transparent)]
    Query(#[from] diesel::result::Error),
    /// The transaction was made and could not be committed (disk full, connection lost).
    #[error("the transaction could not be committed: {0}")]
    NotCommitted(String),
    /// The closure panicked; nothing it wrote remains.
    #[error("the work inside the transaction panicked")]
    Panicked,
    /// The address of the database names no engine we know, or cannot be used.
    #[error("{0}")]
    BadUrl(String),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(String),
}

/// One site's database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Arc<Engine>,
    clock: Clock,
}

enum Engine {
    Sqlite {
        readers: Lender,
        writer: writer::Writer,
    },
    Postgres {
        pool: Lender,
    },
}

/// Connections, lent in the order they are asked for. The pool alone serves whoever comes at the right
/// moment: among many at once the unlucky wait several times as long as the others. Who waits here waits
/// without a thread.
struct Lender {
    pool: Pool<Manager>,
    turns: Arc<Semaphore>,
}

impl Db {
    /// Opens the database at `url` and brings its schema up to date.
    pub fn open(url: &Url, clock: Clock) -> Result<Self, Error> {
        migrate::up(
            &mut url
                .connect()
                .map_err(|e| Error::Unreachable(e.to_string()))?,
        )?;
        let engine = match url {
            Url::Sqlite(_) => Engine::Sqlite {
                readers: Lender::open(url, 8)?,
                writer: writer::Writer::start(url.clone(), clock.clone())?,
            },
            Url::Postgres(_) => Engine::Postgres {
                pool: Lender::open(url, 16)?,
            },
        };
        Ok(Self {
            engine: Arc::new(engine),
            clock,
        })
    }

    /// Lends a connection for reading.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let this = self.clone();
        let turn = self.lender().turn().await?;
        blocking(move || {
            let _held = turn;
            this.read_now(work)
        })
        .await
    }

    /// [`Db::read`] for a thread that may block (commands, the worker's own threads).
    pub fn read_now<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.lend()?;
        work(&mut conn)
    }

    /// Runs `work` in a transaction and answers when it is durable; an error or a panic leaves no
    /// trace. `work` touches the database only: rendering, hashing and network happen around it.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + From<diesel::result::Error> + Send + 'static,
    {
        match &*self.engine {
            Engine::Sqlite { writer, .. } => writer.submit(work).await,
            Engine::Postgres { pool } => {
                let this = self.clone();
                let turn = pool.turn().await?;
                blocking(move || {
                    let _held = turn;
                    this.transact(work)
                })
                .await
            }
        }
    }

    /// [`Db::write`] for a thread that may block.
    pub fn write_now<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + From<diesel::result::Error> + Send + 'static,
    {
        match &*self.engine {
            Engine::Sqlite { writer, .. } => writer.submit_and_wait(work),
            Engine::Postgres { .. } => self.transact(work),
        }
    }

    /// True on PostgreSQL, where several instances may share the database.
    pub fn is_shared(&self) -> bool {
        matches!(*self.engine, Engine::Postgres { .. })
    }

    /// The clock of this database's transactions.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    fn transact<T, E>(&self, work: impl FnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Error> + From<diesel::result::Error>,
    {
        let mut conn = self.lend()?;
        diesel::Connection::transaction(&mut *conn, |conn| work(&mut Tx::new(conn, &self.clock)))
    }

    fn lender(&self) -> &Lender {
        match &*self.engine {
            Engine::Sqlite { readers, .. } => readers,
            Engine::Postgres { pool } => pool,
        }
    }

    fn lend(&self) -> Result<PooledConnection<Manager>, Error> {
        let lent = self.lender().pool.get();
        lent.map_err(|error| Error::Unreachable(error.to_string()))
    }
}

impl Lender {
    fn open(url: &Url, size: u32) -> Result<Self, Error> {
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(PATIENCE)
            .build(Manager::new(url.clone()))
            .map_err(|error| Error::Unreachable(error.to_string()))?;
        let turns = Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1)));
        Ok(Self { pool, turns })
    }

    /// Waits for a turn, first come, first served.
    async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        match tokio::time::timeout(PATIENCE, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(closed)) => Err(Error::Unreachable(closed.to_string())),
            Err(late) => Err(Error::Unreachable(late.to_string())),
        }
    }
}

/// Runs `work` on a thread that may block.
pub async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(Error::Panicked.into()),
    }
}

/// The one place where the engines differ: upserts and batches, which diesel does not offer over
/// both at once. `on_backend!(conn, |c| query.execute(c))`.
#[macro_export]
macro_rules! on_backend {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($c) => $body,
            $crate::db::Conn::Postgres($c) => $body,
        }
    };
}
