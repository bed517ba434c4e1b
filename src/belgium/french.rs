//! Dates and hours in French words, as pages, letters and documents show them:
//! « lundi 23 novembre 2026 à 14 h 35 ». The spaces that must not break are
//! unbreakable.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};

use super::brussels;

const DAYS: [&str; 7] = [
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
];

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// `lundi 23 novembre 2026`, `mardi 1er décembre 2026`
pub fn long_date(date: NaiveDate) -> String {
    let day = DAYS[date.weekday().num_days_from_monday() as usize];
    format!("{day} {}", date_in_words(date))
}

/// `23 novembre 2026`, without the day of the week: a birth, an act.
pub fn date_in_words(date: NaiveDate) -> String {
    let month = MONTHS[date.month0() as usize];
    let ordinal = if date.day() == 1 { "er" } else { "" };
    format!("{}{ordinal}\u{a0}{month} {}", date.day(), date.year())
}

/// `23/11/2026`
pub fn short_date(date: NaiveDate) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `14 h 35`, `9 h 05`, and `14 h` on the hour.
pub fn time(time: NaiveTime) -> String {
    match time.minute() {
        0 => format!("{}\u{a0}h", time.hour()),
        minute => format!("{}\u{a0}h\u{a0}{minute:02}", time.hour()),
    }
}

/// `lundi 23 novembre 2026 à 14 h 35`, by the clock of Brussels.
pub fn long_date_time(at: DateTime<Utc>) -> String {
    let local = brussels(at);
    format!("{} à {}", long_date(local.date_naive()), time(local.time()))
}

/// `23/11/2026 14:35`, by the clock of Brussels: lists and tables.
pub fn short_date_time(at: DateTime<Utc>) -> String {
    let local = brussels(at);
    format!(
        "{}\u{a0}{:02}:{:02}",
        short_date(local.date_naive()),
        local.hour(),
        local.minute()
    )
}
