//! Time, ids and secrets: the one place where the program meets the world's clock and its chance.
//! Tests hold time still with [`Clock::fixed`].

use crate::db::Id;
use chrono::{DateTime, Duration, Utc};
use rand::RngExt;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::{ContextV7, Timestamp, Uuid};

/// A clock. Clones of a fixed clock move together.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    held: Option<Arc<Mutex<DateTime<Utc>>>>,
}

impl Clock {
    /// The world's clock.
    pub fn system() -> Self {
        Self { held: None }
    }

    /// A clock that stands at `moment` until it is moved.
    pub fn fixed(moment: DateTime<Utc>) -> Self {
        Self {
            held: Some(Arc::new(Mutex::new(moment))),
        }
    }

    /// The time, UTC.
    #[expect(clippy::disallowed_methods, reason = "this is the home of the clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.held {
            Some(held) => *held.lock().unwrap_or_else(PoisonError::into_inner),
            None => Utc::now(),
        }
    }

    /// Moves a fixed clock; the world's clock cannot be moved.
    pub fn advance(&self, by: Duration) {
        if let Some(held) = &self.held {
            *held.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }

    /// A new identity: UUIDv7 of this clock's time, so that ids sort as the facts happened.
    pub fn new_id(&self) -> Id {
        thread_local! {
            static ORDER: ContextV7 = const { ContextV7::new() };
        }
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        ORDER.with(|order| {
            Id(Uuid::new_v7(Timestamp::from_unix(
                order,
                seconds,
                now.timestamp_subsec_nanos(),
            )))
        })
    }

    /// 32 random bytes from the system's generator.
    #[expect(clippy::disallowed_methods, reason = "this is the home of chance")]
    pub fn secret(&self) -> [u8; 32] {
        rand::rng().random()
    }
}
