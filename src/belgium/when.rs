//! Dates and hours as people type them: `23/11/2026`, `23-11-2026`,
//! `2026-11-23` (what a browser sends), `9h30`, `09:30`.

use chrono::{NaiveDate, NaiveTime};
use thiserror::Error;

/// Nothing that a counter asks about happened before or happens after.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2999;
/// A longer text is no date and no hour.
const LONGEST_TYPED: usize = 40;

/// Why it is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DateError {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// It is not a day, a month and a year in figures.
    #[error("this is not a day, a month and a year")]
    Unreadable,
    /// The year has two figures: nobody can tell which century.
    #[error("the year has fewer than four figures")]
    ShortYear,
    /// The month is not between 1 and 12.
    #[error("there is no month {month}")]
    NoSuchMonth {
        /// What stands for the month.
        month: u32,
    },
    /// The month has no such day.
    #[error("there is no day {day} in month {month} of {year}")]
    NoSuchDay {
        /// What stands for the day.
        day: u32,
        /// The month.
        month: u32,
        /// The year.
        year: i32,
    },
    /// Before 1800 or after 2999.
    #[error("the year {year} is out of reach")]
    YearOutOfReach {
        /// What stands for the year.
        year: i32,
    },
}

/// Why it is not an hour of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TimeError {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// It is not hours and minutes in figures.
    #[error("this is not hours and minutes")]
    Unreadable,
    /// The hour is not between 0 and 23.
    #[error("there is no hour {hour}")]
    NoSuchHour {
        /// What stands for the hour.
        hour: u32,
    },
    /// The minutes (or seconds) are not between 0 and 59.
    #[error("there is no minute {minute}")]
    NoSuchMinute {
        /// What stands for the minutes.
        minute: u32,
    },
}

/// Reads a date. Day first, as in Belgium, unless the year comes first.
pub fn parse_date(input: &str) -> Result<NaiveDate, DateError> {
    let input = input.trim();
    if input.is_empty() {
        return Err(DateError::Empty);
    }
    if input.len() > LONGEST_TYPED {
        return Err(DateError::Unreadable);
    }
    let parts: Vec<&str> = input
        .split(|c: char| matches!(c, '/' | '-' | '.') || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .collect();
    let [first, month, last] = parts[..] else {
        return Err(DateError::Unreadable);
    };
    let (day, year) = if first.len() == 4 {
        (last, first)
    } else {
        (first, last)
    };
    let figure = |text: &str| number(text, 4).ok_or(DateError::Unreadable);
    let (day_figure, month_figure, year_figure) =
        (figure(day)?, figure(month)?, figure(year)? as i32);
    if year.len() < 4 {
        return Err(DateError::ShortYear);
    }
    if !YEARS.contains(&year_figure) {
        return Err(DateError::YearOutOfReach { year: year_figure });
    }
    if !(1..=12).contains(&month_figure) {
        return Err(DateError::NoSuchMonth {
            month: month_figure,
        });
    }
    NaiveDate::from_ymd_opt(year_figure, month_figure, day_figure).ok_or(DateError::NoSuchDay {
        day: day_figure,
        month: month_figure,
        year: year_figure,
    })
}

/// Reads an hour: `9h30`, `9 h 30`, `9h`, `09:30`, `09:30:00`, `9.30`.
pub fn parse_time(input: &str) -> Result<NaiveTime, TimeError> {
    let input = input.trim();
    if input.is_empty() {
        return Err(TimeError::Empty);
    }
    if input.len() > LONGEST_TYPED {
        return Err(TimeError::Unreadable);
    }
    let bare: String = input.chars().filter(|c| !c.is_whitespace()).collect();
    let mut parts = bare.split(['h', 'H', ':', '.']);
    let mut next = || {
        parts.next().map(|text| {
            if text.is_empty() {
                None
            } else {
                number(text, 2)
            }
        })
    };
    let hour = next().flatten().ok_or(TimeError::Unreadable)?;
    // « 9h » stops there, « 9 » alone may be anything.
    let minute = match next() {
        Some(Some(minute)) => minute,
        Some(None) if bare.ends_with(['h', 'H']) => 0,
        _ => return Err(TimeError::Unreadable),
    };
    let second = match next() {
        None => 0,
        Some(second) => second.ok_or(TimeError::Unreadable)?,
    };
    if next().is_some() {
        return Err(TimeError::Unreadable);
    }
    if hour > 23 {
        return Err(TimeError::NoSuchHour { hour });
    }
    NaiveTime::from_hms_opt(hour, minute, second).ok_or(TimeError::NoSuchMinute {
        minute: if minute > 59 { minute } else { second },
    })
}

/// A run of at most `longest` digits and nothing else.
fn number(text: &str, longest: usize) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (digits && text.len() <= longest).then(|| text.parse().ok())?
}
