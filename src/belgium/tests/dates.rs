//! Dates and hours, typed and shown, and the two nights when the clock changes.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use proptest::prelude::*;

use super::day;
use crate::belgium::{
    DateError, TimeError, brussels, brussels_date, french, from_brussels, parse_date, parse_time,
};

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn hour(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

#[test]
fn a_date_is_said_in_french_words() {
    assert_eq!(
        french::long_date(day(2026, 11, 23)),
        "lundi 23\u{a0}novembre 2026"
    );
    assert_eq!(
        french::long_date(day(2026, 12, 1)),
        "mardi 1er\u{a0}décembre 2026"
    );
    assert_eq!(french::date_in_words(day(1985, 8, 30)), "30\u{a0}août 1985");
    assert_eq!(french::short_date(day(2026, 2, 3)), "03/02/2026");
}

#[test]
fn an_hour_is_said_in_the_belgian_manner() {
    assert_eq!(french::time(hour(14, 35)), "14\u{a0}h\u{a0}35");
    assert_eq!(french::time(hour(9, 5)), "9\u{a0}h\u{a0}05");
    assert_eq!(french::time(hour(9, 0)), "9\u{a0}h");
    assert_eq!(
        french::long_date_time(utc("2026-11-23T13:35:00Z")),
        "lundi 23\u{a0}novembre 2026 à 14\u{a0}h\u{a0}35"
    );
    assert_eq!(
        french::short_date_time(utc("2026-07-01T07:05:00Z")),
        "01/07/2026\u{a0}09:05"
    );
}

#[test]
fn the_day_changes_at_midnight_in_brussels() {
    assert_eq!(
        brussels_date(utc("2026-11-23T23:30:00Z")),
        day(2026, 11, 24)
    );
    assert_eq!(brussels_date(utc("2026-07-20T22:30:00Z")), day(2026, 7, 21));
    assert_eq!(brussels_date(utc("2026-07-20T21:30:00Z")), day(2026, 7, 20));
}

#[test]
fn the_clock_jumps_in_march_and_turns_back_in_october() {
    let local = |text| brussels(utc(text)).format("%H:%M").to_string();
    assert_eq!(local("2026-03-29T00:59:00Z"), "01:59");
    assert_eq!(local("2026-03-29T01:00:00Z"), "03:00");
    assert_eq!(local("2026-10-25T00:30:00Z"), "02:30");
    assert_eq!(local("2026-10-25T01:30:00Z"), "02:30");

    let at = |date: NaiveDate, time| from_brussels(date.and_time(time));
    assert_eq!(at(day(2026, 3, 29), hour(2, 30)), None);
    assert_eq!(
        at(day(2026, 3, 29), hour(3, 0)),
        Some(utc("2026-03-29T01:00:00Z"))
    );
    assert_eq!(
        at(day(2026, 10, 25), hour(2, 30)),
        Some(utc("2026-10-25T00:30:00Z")),
        "the first of the two"
    );
    assert_eq!(
        at(day(2026, 11, 23), hour(14, 35)),
        Some(utc("2026-11-23T13:35:00Z"))
    );
}

#[test]
fn a_date_is_read_day_first_or_as_a_browser_sends_it() {
    for input in [
        "23/11/2026",
        "23-11-2026",
        "23.11.2026",
        "23 11 2026",
        "23 / 11 / 2026",
        "2026-11-23",
    ] {
        assert_eq!(parse_date(input), Ok(day(2026, 11, 23)), "{input}");
    }
    assert_eq!(parse_date("3/2/2026"), Ok(day(2026, 2, 3)));
    assert_eq!(parse_date("29/02/2028"), Ok(day(2028, 2, 29)));
}

#[test]
fn what_is_wrong_with_a_date_is_said_precisely() {
    use DateError as E;
    let no_day = |day, month, year| E::NoSuchDay { day, month, year };
    for (input, error) in [
        ("", E::Empty),
        ("demain", E::Unreadable),
        ("23/11", E::Unreadable),
        ("23/11/2026/1", E::Unreadable),
        ("23/11/20266", E::Unreadable),
        ("23/11/26", E::ShortYear),
        ("11/23/2026", E::NoSuchMonth { month: 23 }),
        ("00/01/2026", no_day(0, 1, 2026)),
        ("31/04/2026", no_day(31, 4, 2026)),
        ("29/02/2026", no_day(29, 2, 2026)),
        ("01/01/0202", E::YearOutOfReach { year: 202 }),
    ] {
        assert_eq!(parse_date(input), Err(error), "{input}");
    }
}

#[test]
fn an_hour_is_read_with_h_or_a_colon() {
    for input in ["9h30", "09:30", "9 h 30", "9.30", "09:30:00", "9H30"] {
        assert_eq!(parse_time(input), Ok(hour(9, 30)), "{input}");
    }
    for input in ["14h", "14 h", "14h00", "14:00"] {
        assert_eq!(parse_time(input), Ok(hour(14, 0)), "{input}");
    }
    assert_eq!(parse_time("0:00"), Ok(hour(0, 0)));
}

#[test]
fn what_is_wrong_with_an_hour_is_said_precisely() {
    use TimeError as E;
    for (input, error) in [
        ("", E::Empty),
        ("9", E::Unreadable),
        ("9:", E::Unreadable),
        ("h30", E::Unreadable),
        ("midi", E::Unreadable),
        ("9:30:00:00", E::Unreadable),
        ("24:00", E::NoSuchHour { hour: 24 }),
        ("9h60", E::NoSuchMinute { minute: 60 }),
        ("9:30:75", E::NoSuchMinute { minute: 75 }),
    ] {
        assert_eq!(parse_time(input), Err(error), "{input}");
    }
}

proptest! {
    #[test]
    fn a_date_shown_is_read_again(offset in 0_u64..400_000) {
        let date = day(1800, 1, 1) + chrono::Days::new(offset);
        prop_assert_eq!(parse_date(&french::short_date(date)), Ok(date));
        prop_assert_eq!(parse_date(&date.to_string()), Ok(date));
    }

    #[test]
    fn an_hour_shown_is_read_again(h in 0_u32..24, m in 0_u32..60) {
        prop_assert_eq!(parse_time(&french::time(hour(h, m))), Ok(hour(h, m)));
    }

    #[test]
    fn a_moment_survives_the_clock_of_brussels(minutes in 0_i64..52_000_000) {
        let at = DateTime::<Utc>::from_timestamp(minutes * 60, 0).unwrap();
        let back = from_brussels(brussels(at).naive_local()).unwrap();
        // The repeated hour of October is read as the first of the two.
        prop_assert!(back == at || (at - back).num_minutes() == 60);
    }

    #[test]
    fn nothing_typed_brings_the_counter_down(text in "\\PC{0,40}", figures in "[0-9:h/. -]{0,20}") {
        for text in [text, figures] {
            let _ = parse_date(&text);
            let _ = parse_time(&text);
        }
    }
}
