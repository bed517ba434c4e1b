//! The vectors of independent libraries, the cases of the trade, and the laws
//! that any calendar must obey.

mod deadlines;

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;

use super::{Calendar, Closures, ClosuresError, Delay, DelayKind, Rest, holiday_on, holidays};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Wanze's imaginary closures of 2026.
pub(super) fn with_closures() -> Calendar {
    let mut closures = Closures::none();
    closures
        .close(day("2026-05-15"), "pont de l’Ascension")
        .unwrap();
    closures
        .close_from(day("2026-12-26"), day("2026-12-31"), "congé de fin d’année")
        .unwrap();
    Calendar::new(closures)
}

#[derive(serde::Deserialize)]
struct Cases<T> {
    cases: Vec<T>,
}

#[derive(serde::Deserialize)]
struct NamedDay {
    date: NaiveDate,
    name: String,
}

#[derive(serde::Deserialize)]
struct DelayCase {
    from: NaiveDate,
    days: u16,
    working: NaiveDate,
    calendar: NaiveDate,
    calendar_rolled: NaiveDate,
}

#[test]
fn the_holidays_are_those_of_the_independent_library() {
    let file = include_str!("../../tests/vectors/holidays.json");
    let expected: Cases<NamedDay> = serde_json::from_str(file).unwrap();
    assert_eq!(expected.cases.len(), 170);
    let computed: Vec<_> = (2024..=2040).flat_map(holidays).collect();
    assert_eq!(computed.len(), expected.cases.len());
    for (holiday, NamedDay { date, name }) in computed.iter().zip(expected.cases) {
        let french = match name.as_str() {
            "New Year's Day" => "jour de l’An",
            "Easter Monday" => "lundi de Pâques",
            "Labor Day" => "fête du Travail",
            "Ascension Day" => "Ascension",
            "Pentecost Monday" => "lundi de Pentecôte",
            "National Day" => "fête nationale",
            "Assumption Day" => "Assomption",
            "All Saints' Day" => "Toussaint",
            "Armistice Day" => "Armistice",
            "Christmas Day" => "Noël",
            other => panic!("{other}"),
        };
        assert_eq!((holiday.date, holiday.name), (date, french));
    }
}

#[test]
fn every_delay_ends_as_the_independent_library_says() {
    let file = include_str!("../../tests/vectors/deadlines.json");
    let expected: Cases<DelayCase> = serde_json::from_str(file).unwrap();
    assert_eq!(expected.cases.len(), 200);
    let legal = Calendar::legal();
    for case in expected.cases {
        let due = |delay: Delay| delay.due(case.from, &legal);
        let what = format!("{} + {}", case.from, case.days);
        assert_eq!(due(Delay::working(case.days)), case.working, "{what}");
        assert_eq!(due(Delay::calendar(case.days)), case.calendar, "{what}");
        assert_eq!(
            due(Delay::calendar(case.days).rolled()),
            case.calendar_rolled,
            "{what}"
        );
        assert_eq!(
            legal.working_days_between(case.from, case.working),
            i64::from(case.days),
            "{what}"
        );
    }
}

#[test]
fn easter_falls_where_the_church_says() {
    for date in [
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2028-04-16",
        "2029-04-01",
        "2030-04-21",
        "2038-04-25",
        "2285-03-22",
    ] {
        let date = day(date);
        assert_eq!(super::holidays::easter(date.year()), Some(date));
        assert_eq!(
            holiday_on(date),
            None,
            "Easter Sunday is not one of the ten"
        );
    }
    for (ascension, pentecost) in [
        ("2025-05-29", "2025-06-08"),
        ("2026-05-14", "2026-05-24"),
        ("2027-05-06", "2027-05-16"),
        ("2028-05-25", "2028-06-04"),
        ("2029-05-10", "2029-05-20"),
        ("2030-05-30", "2030-06-09"),
    ] {
        assert_eq!(holiday_on(day(ascension)), Some("Ascension"));
        assert_eq!(
            holiday_on(day(pentecost) + Days::new(1)),
            Some("lundi de Pentecôte")
        );
    }
}

#[test]
fn two_holidays_on_one_day_are_one_day_of_rest() {
    // Ascension and the first of May, 2008.
    let legal = Calendar::legal();
    assert_eq!(holidays(2008).len(), 10);
    assert_eq!(
        legal.working_days_between(day("2008-04-30"), day("2008-05-02")),
        1
    );
}

#[test]
fn a_legal_delay_is_carried_past_holidays() {
    let legal = Calendar::legal();
    for (from, n, raw, rolled) in [
        ("2026-03-06", 30, "2026-04-05", "2026-04-07"),
        ("2026-10-02", 30, "2026-11-01", "2026-11-02"),
        ("2026-12-01", 30, "2026-12-31", "2026-12-31"),
        ("2026-12-01", 45, "2027-01-15", "2027-01-15"),
        ("2027-02-26", 30, "2027-03-28", "2027-03-30"),
    ] {
        let delay = Delay::calendar(n).rolled();
        assert_eq!(delay.target(day(from), &legal), day(raw));
        assert_eq!(delay.due(day(from), &legal), day(rolled));
    }
}

#[test]
fn working_days_skip_weekends_and_holidays() {
    let legal = Calendar::legal();
    for (from, n, due) in [
        ("2026-04-03", 8, "2026-04-16"),
        ("2026-05-13", 5, "2026-05-21"),
        ("2026-12-23", 5, "2026-12-31"),
        ("2026-07-20", 1, "2026-07-22"),
        ("2026-04-02", 10, "2026-04-17"),
    ] {
        assert_eq!(Delay::working(n).due(day(from), &legal), day(due));
    }
}

#[test]
fn a_mail_of_friday_is_received_on_monday_and_answered_within_30_days() {
    // The case of the CADA in 2019.
    let legal = Calendar::legal();
    let received = legal.add_working_days(day("2019-10-25"), 1);
    assert_eq!(received, day("2019-10-28"));
    assert_eq!(
        Delay::calendar(30).rolled().due(received, &legal),
        day("2019-11-27")
    );
}

#[test]
fn closures_lengthen_a_promise_but_not_the_law() {
    let promised = with_closures();
    let legal = Calendar::legal();
    let delay = Delay::working(2);
    assert_eq!(delay.due(day("2026-05-13"), &legal), day("2026-05-18"));
    assert_eq!(delay.due(day("2026-05-13"), &promised), day("2026-05-19"));
}

#[test]
fn a_closed_day_says_why() {
    let calendar = with_closures();
    assert_eq!(
        calendar.rest_on(day("2026-05-14")),
        Some(Rest::Holiday("Ascension"))
    );
    assert_eq!(
        calendar.rest_on(day("2026-05-15")),
        Some(Rest::Closure("pont de l’Ascension"))
    );
    assert_eq!(calendar.rest_on(day("2026-05-16")), Some(Rest::Weekend));
    assert_eq!(calendar.rest_on(day("2026-05-18")), None);
}

#[test]
fn a_closure_needs_a_reason_and_an_end() {
    let mut closures = Closures::none();
    let (first, last) = (day("2026-12-24"), day("2026-12-31"));
    assert_eq!(closures.close(first, " "), Err(ClosuresError::NoReason));
    assert_eq!(
        closures.close_from(last, first, "congé"),
        Err(ClosuresError::Reversed)
    );
    assert_eq!(
        closures.close_from(first, day("2036-12-31"), "congé"),
        Err(ClosuresError::TooLong)
    );
    assert_eq!(closures.iter().count(), 0);
    closures.close_from(first, last, "congé").unwrap();
    assert_eq!(closures.iter().count(), 8);
    let json = serde_json::to_string(&closures).unwrap();
    assert_eq!(serde_json::from_str::<Closures>(&json).unwrap(), closures);
}

#[test]
fn a_month_goes_from_a_date_to_the_eve_of_that_date() {
    let legal = Calendar::legal();
    for (from, months, due) in [
        ("2026-03-15", 1, "2026-04-15"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-02-28", 1, "2026-03-28"),
    ] {
        assert_eq!(Delay::months(months).due(day(from), &legal), day(due));
    }
    assert_eq!(
        Delay::months(3).rolled().due(day("2026-01-05"), &legal),
        day("2026-04-07"),
        "5 April 2026 is Easter Sunday"
    );
}

#[test]
fn a_delay_is_written_plainly_in_a_definition() {
    let delay: Delay = serde_json::from_str(r#"{"n": 30, "kind": "calendar"}"#).unwrap();
    assert_eq!(delay, Delay::calendar(30));
    assert!(
        serde_json::from_str::<Delay>(r#"{"n": 30, "kind": "calendar", "rol": true}"#).is_err()
    );
    assert!(serde_json::from_str::<Delay>(r#"{"n": -1, "kind": "working"}"#).is_err());
}

#[test]
fn the_ends_of_time_are_no_disaster() {
    let calendar = with_closures();
    assert_eq!(calendar.add_working_days(NaiveDate::MAX, 3), NaiveDate::MAX);
    assert_eq!(
        calendar.add_working_days(NaiveDate::MIN, -3),
        NaiveDate::MIN
    );
    assert_eq!(
        calendar.add_working_days(day("2026-01-01"), i32::MAX),
        NaiveDate::MAX
    );
    let delay = Delay {
        n: u16::MAX,
        kind: DelayKind::Months,
        roll: true,
    };
    assert_eq!(delay.due(NaiveDate::MAX, &calendar), NaiveDate::MAX);
    assert!(calendar.working_days_between(day("1800-01-01"), day("9999-12-31")) > 2_000_000);
    assert!(holidays(i32::MAX).is_empty());
    assert!(holidays(i32::MIN).is_empty());
}

pub(super) fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..20_000).prop_map(|offset| day("2000-01-01") + Days::new(offset))
}

/// Calendars with up to forty closed days around 2026.
pub(super) fn any_calendar() -> impl Strategy<Value = Calendar> {
    proptest::collection::vec(0_u64..20_000, 0..40).prop_map(|offsets| {
        let mut closures = Closures::none();
        for offset in offsets {
            let date = day("2000-01-01") + Days::new(offset);
            closures.close(date, "congé").unwrap();
        }
        Calendar::new(closures)
    })
}

proptest! {
    #[test]
    fn adding_and_counting_working_days_are_inverse(
        calendar in any_calendar(), from in any_day(), n in -600_i32..600
    ) {
        let to = calendar.add_working_days(from, n);
        prop_assert_eq!(calendar.working_days_between(from, to), i64::from(n));
        prop_assert!(n == 0 || calendar.is_working_day(to));
    }

    #[test]
    fn counting_by_arithmetic_is_counting_on_fingers(
        calendar in any_calendar(), from in any_day(), length in 0_u64..800
    ) {
        let to = from + Days::new(length);
        let fingers = from.iter_days().skip(1).take(length as usize)
            .filter(|date| calendar.is_working_day(*date)).count();
        prop_assert_eq!(calendar.working_days_between(from, to), fingers as i64);
        let back = from.iter_days().take(length as usize)
            .filter(|date| calendar.is_working_day(*date)).count();
        prop_assert_eq!(calendar.working_days_between(to, from), -(back as i64));
    }

    #[test]
    fn a_rolled_day_is_worked_and_is_the_first(calendar in any_calendar(), date in any_day()) {
        let rolled = calendar.roll(date);
        prop_assert!(calendar.is_working_day(rolled));
        prop_assert!(date.iter_days().take_while(|d| *d < rolled).all(|d| !calendar.is_working_day(d)));
    }
}
