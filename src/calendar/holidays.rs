//! The ten legal holidays of Belgium. They hang on two things: fixed dates, and
//! Easter, which is computed (Meeus). Easter Sunday and Pentecost Sunday are not
//! among the ten.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use super::is_weekend;

/// A legal holiday of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// Its day.
    pub date: NaiveDate,
    /// Its French name, as in a sentence: « fermé le lundi de Pâques ».
    pub name: &'static str,
}

/// The legal holidays of a year, in order. Two of them may share a day
/// (Ascension and 1 May in 2008).
pub fn holidays(year: i32) -> Vec<Holiday> {
    let fixed = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let after_easter = |days| easter(year)?.checked_add_days(Days::new(days));
    let mut all: Vec<Holiday> = [
        (fixed(1, 1), "jour de l’An"),
        (after_easter(1), "lundi de Pâques"),
        (fixed(5, 1), "fête du Travail"),
        (after_easter(39), "Ascension"),
        (after_easter(50), "lundi de Pentecôte"),
        (fixed(7, 21), "fête nationale"),
        (fixed(8, 15), "Assomption"),
        (fixed(11, 1), "Toussaint"),
        (fixed(11, 11), "Armistice"),
        (fixed(12, 25), "Noël"),
    ]
    .into_iter()
    .filter_map(|(date, name)| date.map(|date| Holiday { date, name }))
    .collect();
    all.sort_by_key(|holiday| holiday.date);
    all
}

/// The holiday of that day, by its French name.
pub fn holiday_on(date: NaiveDate) -> Option<&'static str> {
    holidays(date.year())
        .into_iter()
        .find(|holiday| holiday.date == date)
        .map(|holiday| holiday.name)
}

/// The days from Monday to Friday that a holiday takes, each once.
pub(super) fn weekday_holidays(year: i32) -> BTreeSet<NaiveDate> {
    holidays(year)
        .into_iter()
        .map(|holiday| holiday.date)
        .filter(|date| !is_weekend(*date))
        .collect()
}

/// Easter Sunday of the Gregorian calendar, by Meeus' rule.
pub(super) fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let lunar = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - lunar + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let since_march = epact + weekday - 7 * late + 114;
    NaiveDate::from_ymd_opt(
        year,
        (since_march / 31) as u32,
        (since_march % 31 + 1) as u32,
    )
}
