//! A transaction with everything that makes a fact: the connection, the time, new ids and secrets.
//! What changes something takes a `Tx` and is deterministic under test.

use super::connection::Conn;
use super::types::{At, Id};
use crate::clock::Clock;

/// A writing transaction.
pub struct Tx<'a> {
    conn: &'a mut Conn,
    now: At,
    clock: &'a Clock,
}

impl<'a> Tx<'a> {
    /// A transaction over `conn`, which has one open.
    pub(super) fn new(conn: &'a mut Conn, clock: &'a Clock) -> Self {
        Self {
            conn,
            now: At::new(clock.now()),
            clock,
        }
    }

    /// The connection.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// The moment of this transaction: the same for every fact in it.
    pub fn now(&self) -> At {
        self.now
    }

    /// A new identity, UUIDv7.
    pub fn new_id(&self) -> Id {
        self.clock.new_id()
    }

    /// 32 random bytes.
    pub fn secret(&self) -> [u8; 32] {
        self.clock.secret()
    }
}
