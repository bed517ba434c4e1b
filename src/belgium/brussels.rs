//! The hour of Belgium. Everything is stored in UTC; only pages, letters and
//! calendars speak in the hour of Brussels.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

/// The same moment on a Belgian clock.
pub fn brussels(at: DateTime<Utc>) -> DateTime<Tz> {
    at.with_timezone(&Tz::Europe__Brussels)
}

/// The day it is in Belgium at that moment.
pub fn brussels_date(at: DateTime<Utc>) -> NaiveDate {
    brussels(at).date_naive()
}

/// The moment that a Belgian clock shows so. `None` for the hour that a night of
/// March skips; the first of the two for the hour that a night of October
/// repeats.
pub fn from_brussels(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    match Tz::Europe__Brussels.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.with_timezone(&Utc)),
        LocalResult::None => None,
    }
}
