//! SQLite's single writer: one thread takes what callers hand it, gives each a savepoint of one
//! transaction, commits once for all of them (`synchronous=FULL`: one `fsync` for the batch) and only
//! then answers. Nobody is told "saved" before it is on disk, nobody meets "database is locked", and
//! the rate is not bound by one `fsync` per request. See docs/decisions/0003.

use super::{Conn, Error, Tx, Url};
use crate::clock::Clock;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use tokio::sync::oneshot;

/// Most callers in one commit.
const BATCH: usize = 64;
/// Most callers waiting; one more waits for room.
const QUEUE: usize = 1024;

/// A caller's work, its result kept until the commit is known.
trait Work: Send {
    /// Runs it; `true` when its savepoint is to be kept.
    fn run(&mut self, tx: &mut Tx) -> bool;
    /// Tells the caller. `commit` is the batch's fate; work that failed by itself answers its own
    /// error whatever the batch did.
    fn answer(self: Box<Self>, commit: Result<(), String>);
}

struct Caller<F, T, E> {
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Work for Caller<F, T, E>
where
    F: FnOnce(&mut Tx) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        let result = catch_unwind(AssertUnwindSafe(|| work(tx)))
            .unwrap_or_else(|_| Err(Error::Panicked.into()));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>, commit: Result<(), String>) {
        let result = match (self.result, commit) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(cause)) => Err(Error::NotCommitted(cause).into()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(Error::Panicked.into()),
        };
        // The caller may have gone (its client hung up); what it wrote stands.
        drop(self.reply.send(result));
    }
}

/// The way to the writing thread. The thread ends when the last handle is dropped.
pub struct Writer {
    queue: mpsc::SyncSender<Box<dyn Work>>,
}

impl Writer {
    /// Starts the thread on its own connection.
    pub fn start(url: Url, clock: Clock) -> Result<Self, Error> {
        let mut conn = url
            .connect()
            .map_err(|e| Error::Unreachable(e.to_string()))?;
        let (queue, calls) = mpsc::sync_channel::<Box<dyn Work>>(QUEUE);
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                while let Ok(first) = calls.recv() {
                    batch(&mut conn, &clock, first, &calls);
                }
            })
            .map_err(|error| Error::Unreachable(error.to_string()))?;
        Ok(Self { queue })
    }

    /// Hands work over and waits without holding a thread.
    pub async fn submit<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (caller, answer) = call(work);
        // A full queue is rare (1024 waiting): only then a thread is spent on waiting for room.
        match self.queue.try_send(caller) {
            Ok(()) => {}
            Err(mpsc::TrySendError::Full(caller)) => {
                let queue = self.queue.clone();
                let sent = tokio::task::spawn_blocking(move || queue.send(caller).is_ok()).await;
                if !sent.unwrap_or(false) {
                    return Err(gone().into());
                }
            }
            Err(mpsc::TrySendError::Disconnected(_)) => return Err(gone().into()),
        }
        answer.await.unwrap_or_else(|_| Err(gone().into()))
    }

    /// Hands work over and blocks until it is answered.
    pub fn submit_and_wait<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (caller, answer) = call(work);
        self.queue.send(caller).map_err(|_| gone())?;
        answer
            .blocking_recv()
            .unwrap_or_else(|_| Err(gone().into()))
    }
}

fn gone() -> Error {
    Error::Unreachable("the writer has stopped".to_owned())
}

fn call<T, E, F>(work: F) -> (Box<dyn Work>, oneshot::Receiver<Result<T, E>>)
where
    F: FnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (
        Box::new(Caller {
            work: Some(work),
            result: None,
            reply,
        }),
        answer,
    )
}

fn batch(
    conn: &mut Conn,
    clock: &Clock,
    first: Box<dyn Work>,
    calls: &mpsc::Receiver<Box<dyn Work>>,
) {
    let mut done: Vec<Box<dyn Work>> = vec![first];
    let fate = begin(conn).and_then(|()| {
        let mut at = 0;
        while let Some(caller) = done.get_mut(at) {
            in_savepoint(conn, clock, caller.as_mut())?;
            at += 1;
            if at < BATCH {
                done.extend(calls.try_recv().ok());
            }
        }
        <Conn as diesel::Connection>::TransactionManager::commit_transaction(conn)
    });
    if let Err(error) = &fate {
        tracing::error!(%error, callers = done.len(), "a batch of writes was not committed");
        restore(conn);
    }
    let fate = fate.map_err(|error| error.to_string());
    for caller in done {
        caller.answer(fate.clone());
    }
}

/// `BEGIN IMMEDIATE`: the write lock is taken at once, so that nothing read in the transaction can
/// be overtaken by another process.
fn begin(conn: &mut Conn) -> diesel::QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")
        }
        Conn::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn),
    }
}

fn in_savepoint(conn: &mut Conn, clock: &Clock, caller: &mut dyn Work) -> diesel::QueryResult<()> {
    type Manager = <Conn as diesel::Connection>::TransactionManager;
    Manager::begin_transaction(conn)?;
    if caller.run(&mut Tx::new(conn, clock)) {
        Manager::commit_transaction(conn)
    } else {
        Manager::rollback_transaction(conn)
    }
}

/// Leaves every open transaction level behind after a failure, so that the next batch starts clean.
fn restore(conn: &mut Conn) {
    type Manager = <Conn as diesel::Connection>::TransactionManager;
    for _ in 0..4 {
        if Manager::rollback_transaction(conn).is_err() {
            break;
        }
    }
}
