//! The number of the national register (or the *bis* number of somebody who is
//! not in it): eleven digits, `YYMMDD-NNN-CC`.
//!
//! `CC` is 97 less the remainder of the first nine digits by 97; for a birth in
//! 2000 or later these nine digits take a 2 in front. Since 2 000 000 000 is not
//! a multiple of 97, no number passes under both rules: the check digits tell
//! the century. A *bis* number adds 20 or 40 to the month. A date known in part
//! has a month or a day of 00.
//!
//! We read a date of birth out of it and nothing else, and we never show it
//! whole where it is not needed.

use std::fmt;

use chrono::NaiveDate;
use thiserror::Error;

use super::digits::{self, DigitsError};
use super::value::{kept_as_text, masked_in_logs};

/// A national or *bis* number whose check digits are right. Eleven digits.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NationalNumber(String);

/// Why it is not a national number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NationalNumberError {
    /// It is not eleven digits.
    #[error(transparent)]
    Digits(#[from] DigitsError),
    /// The first six digits are no date, not even one known in part.
    #[error("the first six digits are not a date of birth")]
    ImpossibleDate,
    /// The three digits after the date go from 001 to 998.
    #[error("the order number after the date does not exist")]
    ImpossibleOrder,
    /// The two last digits do not agree with the nine first: a typing error.
    #[error("the check digits are wrong")]
    BadChecksum,
    /// The check digits are those of a birth after today.
    #[error("the date of birth is in the future")]
    BornInTheFuture,
}

impl NationalNumber {
    /// Reads what a citizen typed: eleven digits with any separators. `today`
    /// is the day in Belgium, because nobody is born tomorrow.
    pub fn parse(input: &str, today: NaiveDate) -> Result<Self, NationalNumberError> {
        let number = Self::read(input)?;
        if number.earliest_birth() > today {
            return Err(NationalNumberError::BornInTheFuture);
        }
        Ok(number)
    }

    /// Everything that can be judged without knowing the day: also what a
    /// stored number must satisfy.
    fn read(input: &str) -> Result<Self, NationalNumberError> {
        let digits = digits::exactly(input, 11)?;
        let number = Self(digits);
        let (_, month, day) = number.printed_date();
        if month > 12 || day > 31 {
            return Err(NationalNumberError::ImpossibleDate);
        }
        // A day that its month lacks in the century of the check digits waits
        // for them; one that no year has is refused at once.
        if month > 0 && day > 0 && NaiveDate::from_ymd_opt(2000, month, day).is_none() {
            return Err(NationalNumberError::ImpossibleDate);
        }
        if !(1..=998).contains(&number.part(6..9)) {
            return Err(NationalNumberError::ImpossibleOrder);
        }
        let year = number.year().ok_or(NationalNumberError::BadChecksum)?;
        if month > 0 && day > 0 && NaiveDate::from_ymd_opt(year, month, day).is_none() {
            return Err(NationalNumberError::ImpossibleDate);
        }
        Ok(number)
    }

    /// The date of birth, when the number holds a whole one that is not after
    /// `today`. Numbers given for a date known in part, or once the numbers of
    /// a day were used up, hold none.
    pub fn birth_date(&self, today: NaiveDate) -> Option<NaiveDate> {
        let (_, month, day) = self.printed_date();
        NaiveDate::from_ymd_opt(self.year()?, month, day).filter(|date| *date <= today)
    }

    /// Whether this is a *bis* number: its month is raised by 20 or 40.
    pub fn is_bis(&self) -> bool {
        self.part(2..4) >= 20
    }

    /// `85.07.30-***.**`: enough for its owner to recognise it, no more.
    pub fn masked(&self) -> String {
        let n = &self.0;
        format!("{}.{}.{}-***.**", &n[0..2], &n[2..4], &n[4..6])
    }

    /// Year of birth by the check digits, `None` when they are wrong.
    fn year(&self) -> Option<i32> {
        let nine = u64::from(self.part(0..9));
        let check = u64::from(self.part(9..11));
        let year = self.part(0..2) as i32;
        if check == 97 - nine % 97 {
            Some(1900 + year)
        } else if check == 97 - (2_000_000_000 + nine) % 97 {
            Some(2000 + year)
        } else {
            None
        }
    }

    /// Year of the century, month without the *bis* part, day: as printed.
    fn printed_date(&self) -> (u32, u32, u32) {
        let month = match self.part(2..4) {
            bis @ 20..=32 => bis - 20,
            bis @ 40..=52 => bis - 40,
            month => month,
        };
        (self.part(0..2), month, self.part(4..6))
    }

    /// The first day the birth can have been; unknown parts count as the first.
    fn earliest_birth(&self) -> NaiveDate {
        let (_, month, day) = self.printed_date();
        self.year()
            .and_then(|year| {
                NaiveDate::from_ymd_opt(year, month.max(1), if month == 0 { 1 } else { day.max(1) })
            })
            .unwrap_or(NaiveDate::MIN)
    }

    fn part(&self, range: std::ops::Range<usize>) -> u32 {
        digits::value(&self.0[range]) as u32
    }
}

/// `85.07.30-033.28`. Show it whole only to those who must copy it; otherwise
/// [`NationalNumber::masked`].
impl fmt::Display for NationalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = &self.0;
        write!(
            f,
            "{}.{}.{}-{}.{}",
            &n[0..2],
            &n[2..4],
            &n[4..6],
            &n[6..9],
            &n[9..11]
        )
    }
}

kept_as_text!(NationalNumber, NationalNumberError, NationalNumber::read);
masked_in_logs!(NationalNumber, NationalNumber::masked);
