//! Dates, amounts and sizes the Belgian way. Moments come as RFC 3339 in UTC and are shown in Brussels
//! time; days come as `YYYY-MM-DD`.

use crate::belgium::{Cents, Decimal, brussels, brussels_date, french};
use chrono::{DateTime, NaiveDate, Utc};
use minijinja::{Environment, Error, ErrorKind};

pub fn add_all(env: &mut Environment<'static>) {
    env.add_filter("date", |text: &str| day(text).map(french::long_date));
    env.add_filter("short_date", |text: &str| day(text).map(french::short_date));
    env.add_filter("datetime", |text: &str| moment(text).map(date_time));
    env.add_filter("time", |text: &str| {
        moment(text).map(|at| french::time(brussels(at).time()))
    });
    env.add_filter("iso", iso);
    env.add_filter("money", |cents: i64| Cents::new(cents).to_string());
    env.add_filter("filesize", filesize);
    // 2 000
    env.add_filter("number", |n: i64| {
        Decimal::parse(&n.to_string()).map_or_else(|_| n.to_string(), |n| n.to_string())
    });
}

/// "23 novembre 2026 à 14 h 35".
fn date_time(at: DateTime<Utc>) -> String {
    let local = brussels(at);
    format!(
        "{} à {}",
        french::date_in_words(local.date_naive()),
        french::time(local.time())
    )
}

/// What `<time datetime>` wants.
fn iso(text: &str) -> Result<String, Error> {
    match text.parse::<NaiveDate>() {
        Ok(day) => Ok(day.to_string()),
        Err(_) => moment(text).map(|at| brussels(at).to_rfc3339()),
    }
}

fn day(text: &str) -> Result<NaiveDate, Error> {
    text.parse().or_else(|_| moment(text).map(brussels_date))
}

fn moment(text: &str) -> Result<DateTime<Utc>, Error> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .map_err(|error| {
            Error::new(
                ErrorKind::InvalidOperation,
                format!("not a moment: {text}: {error}"),
            )
        })
}

/// "1,2 Mo", decimal units as disks and phones count.
pub fn filesize(bytes: u64) -> String {
    let (value, unit) = match bytes {
        0..1_000 => return format!("{bytes}\u{a0}octets"),
        1_000..1_000_000 => (bytes.div_ceil(100), "ko"),
        _ => (bytes.div_ceil(100_000), "Mo"),
    };
    if value % 10 == 0 {
        format!("{}\u{a0}{unit}", value / 10)
    } else {
        format!("{},{}\u{a0}{unit}", value / 10, value % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_at_a_glance() {
        assert_eq!(filesize(812), "812\u{a0}octets");
        assert_eq!(filesize(1_000), "1\u{a0}ko");
        assert_eq!(filesize(1_234_567), "1,3\u{a0}Mo");
        assert_eq!(filesize(20_000_000), "20\u{a0}Mo");
    }

    #[test]
    fn a_summer_evening_in_utc_is_the_next_day_in_brussels() {
        assert_eq!(
            day("2026-07-20T22:30:00Z").unwrap().to_string(),
            "2026-07-21"
        );
        assert_eq!(
            iso("2026-07-20T22:30:00Z").unwrap(),
            "2026-07-21T00:30:00+02:00"
        );
        assert!(moment("hier").is_err());
    }
}
