//! Time, ids and secrets: the one place where the program meets the world's clock and its chance.
//! Tests hold time still with [`Clock::fixed`].

use crate::db::Id;
use chrono::{DateTime, Duration, Utc};
use rand::RngExt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::{ContextV7, Timestamp, Uuid};

/// A clock. Clones of a fixed clock move together, and clones of any clock count their ids together:
/// of two ids made within one millisecond on different threads the later one still sorts later.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    held: Option<Arc<Mutex<DateTime<Utc>>>>,
    order: Arc<Mutex<AssertUnwindSafe<ContextV7>>>,
}

impl Clock {
    /// The world's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `moment` until it is moved.
    pub fn fixed(moment: DateTime<Utc>) -> Self {
        Self {
            held: Some(Arc::new(Mutex::new(moment))),
            ..Self::default()
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
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        let moment = Timestamp::from_unix(&*self.order, seconds, now.timestamp_subsec_nanos());
        Id(Uuid::new_v7(moment))
    }

    /// 32 random bytes from the system's generator.
    #[expect(clippy::disallowed_methods, reason = "this is the home of chance")]
    pub fn secret(&self) -> [u8; 32] {
        rand::rng().random()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_at_one_moment_on_several_threads_sort_as_they_were_made() {
        let clock = Clock::fixed(DateTime::UNIX_EPOCH + Duration::days(20_000));
        let mut before = clock.new_id();
        for _ in 0..200 {
            let clock = clock.clone();
            let id = std::thread::spawn(move || clock.new_id()).join().unwrap();
            assert!(before.0 < id.0, "{} then {}", before.0, id.0);
            before = id;
        }
    }
}
