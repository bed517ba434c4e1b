//! placeholder until branch belgium lands
use chrono::NaiveDate;
/// x
#[derive(Debug, Default)]
pub struct Calendar;
impl Calendar {
    /// x
    pub fn add_working_days(&self, date: NaiveDate, _n: i64) -> NaiveDate {
        date
    }
    /// x
    pub fn working_days_between(&self, a: NaiveDate, b: NaiveDate) -> i64 {
        (b - a).num_days()
    }
}
