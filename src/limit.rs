//! How often something may be tried: sign-ins, codes, new drafts, uploads. The count is a row, so it
//! holds for all instances together and outlives a restart. A key is stored as a hash: the table
//! tells nobody who came from where, and its rows go when their time is over.
//!
//! A window begins at the first hit and ends `window` later. A caller that refuses must still commit
//! (answer `Ok`), or its hit is taken back with the rest.

use crate::db::schema::limits;
use crate::db::{At, Conn, Tx};
use crate::on_backend;
use crate::secret;
use chrono::Duration;
use diesel::dsl::case_when;
use diesel::prelude::*;
use std::net::IpAddr;

/// The longest window; what is older is taken away by [`tidy`].
pub const LONGEST: Duration = Duration::hours(24);

/// Whether one more is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    /// Too many; nothing more until `retry_after` has passed.
    Exceeded {
        retry_after: Duration,
    },
}

impl Verdict {
    /// True for [`Verdict::Allowed`].
    pub fn is_allowed(self) -> bool {
        self == Self::Allowed
    }
}

/// Counts one try of `key`; allowed for the first `most` of a window (of at most [`LONGEST`]).
pub fn hit(tx: &mut Tx, key: &str, most: i32, window: Duration) -> QueryResult<Verdict> {
    weigh(tx, key, 1, most, window)
}

/// The same for something that counts as `weight` tries.
pub fn weigh(
    tx: &mut Tx,
    key: &str,
    weight: i32,
    most: i32,
    window: Duration,
) -> QueryResult<Verdict> {
    let window = window.min(LONGEST);
    let now = tx.now();
    let stale = At::new(now.0 - window);
    let fresh = (
        limits::key.eq(hashed(key)),
        limits::window_start.eq(now),
        limits::hits.eq(weight),
    );
    // On a conflict the row is begun anew when its window is over, and counted up otherwise.
    let (start, hits): (At, i32) = on_backend!(tx.conn(), |c| diesel::insert_into(limits::table)
        .values(&fresh)
        .on_conflict(limits::key)
        .do_update()
        .set((
            limits::hits.eq(case_when(
                limits::window_start.le(stale),
                weight.into_sql::<diesel::sql_types::Integer>()
            )
            .otherwise(limits::hits + weight)),
            limits::window_start.eq(case_when(
                limits::window_start.le(stale),
                now.into_sql::<crate::db::types::Stamp>()
            )
            .otherwise(limits::window_start)),
        ))
        .returning((limits::window_start, limits::hits))
        .get_result(c))?;
    Ok(judge(start, hits, most, window, now))
}

/// What [`hit`] would answer after `most` tries, counting none.
pub fn look(
    conn: &mut Conn,
    key: &str,
    most: i32,
    window: Duration,
    now: At,
) -> QueryResult<Verdict> {
    let row: Option<(At, i32)> = limits::table
        .find(hashed(key))
        .select((limits::window_start, limits::hits))
        .first(conn)
        .optional()?;
    let window = window.min(LONGEST);
    Ok(row.map_or(Verdict::Allowed, |(start, hits)| {
        judge(start, hits.saturating_add(1), most, window, now)
    }))
}

/// Forgets the tries of `key`.
pub fn clear(tx: &mut Tx, key: &str) -> QueryResult<()> {
    diesel::delete(limits::table.find(hashed(key))).execute(tx.conn())?;
    Ok(())
}

/// Takes away the windows that are over; answers how many.
pub fn tidy(tx: &mut Tx) -> QueryResult<usize> {
    let old = At::new(tx.now().0 - LONGEST);
    diesel::delete(limits::table.filter(limits::window_start.le(old))).execute(tx.conn())
}

/// What stands for a caller's address in a key: an IPv4 address whole, the /64 of an IPv6 one (a
/// subscriber has all of it).
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

fn judge(start: At, hits: i32, most: i32, window: Duration, now: At) -> Verdict {
    let end = start.0 + window;
    if hits <= most || end <= now.0 {
        Verdict::Allowed
    } else {
        Verdict::Exceeded {
            retry_after: end - now.0,
        }
    }
}

fn hashed(key: &str) -> String {
    secret::hash(key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::{Fresh, on_each_engine};

    fn try_once(fresh: &Fresh, key: &'static str) -> Verdict {
        fresh
            .db()
            .write_now(move |tx| Ok::<_, crate::db::Error>(hit(tx, key, 2, Duration::minutes(10))?))
            .unwrap()
    }

    #[test]
    fn the_third_try_of_two_is_refused_until_the_window_ends() {
        on_each_engine(|fresh| {
            assert_eq!(try_once(fresh, "a"), Verdict::Allowed);
            fresh.clock.advance(Duration::minutes(4));
            assert_eq!(try_once(fresh, "a"), Verdict::Allowed);
            let retry_after = Duration::minutes(6);
            assert_eq!(try_once(fresh, "a"), Verdict::Exceeded { retry_after });
            assert_eq!(try_once(fresh, "b"), Verdict::Allowed);
            fresh.clock.advance(Duration::minutes(6));
            assert_eq!(try_once(fresh, "a"), Verdict::Allowed);
        });
    }

    #[test]
    fn looking_counts_nothing_and_clearing_forgets() {
        on_each_engine(|fresh| {
            let looked = |fresh: &Fresh| {
                let now = At::new(fresh.clock.now());
                fresh
                    .db()
                    .read_now(|conn| {
                        Ok::<_, crate::db::Error>(look(conn, "a", 2, Duration::minutes(10), now)?)
                    })
                    .unwrap()
            };
            try_once(fresh, "a");
            assert!(looked(fresh).is_allowed());
            try_once(fresh, "a");
            assert!(!looked(fresh).is_allowed());
            assert!(!looked(fresh).is_allowed());
            fresh
                .db()
                .write_now(|tx| Ok::<_, crate::db::Error>(clear(tx, "a")?))
                .unwrap();
            assert!(looked(fresh).is_allowed());
        });
    }

    #[test]
    fn tidying_takes_old_windows_and_no_key_is_kept_in_clear() {
        on_each_engine(|fresh| {
            try_once(fresh, "ip:192.0.2.7");
            let keys: Vec<String> = fresh
                .db()
                .read_now(|conn| {
                    Ok::<_, crate::db::Error>(limits::table.select(limits::key).load(conn)?)
                })
                .unwrap();
            assert!(keys.iter().all(|key| !key.contains("192")), "{keys:?}");
            let tidied = || {
                fresh
                    .db()
                    .write_now(|tx| Ok::<_, crate::db::Error>(tidy(tx)?))
                    .unwrap()
            };
            assert_eq!(tidied(), 0);
            fresh.clock.advance(LONGEST);
            assert_eq!(tidied(), 1);
        });
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_network() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
    }
}
