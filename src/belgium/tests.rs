//! The vectors of independent libraries (`tests/vectors`), the cases of the
//! trade, and round trips of whatever a citizen may type.

mod amounts;
mod contact;
mod dates;
mod numbers;
mod sentences;

use chrono::NaiveDate;

/// The day on which the vectors were judged, or soon after.
fn today() -> NaiveDate {
    day(2026, 11, 23)
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[derive(serde::Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    input: String,
    valid: bool,
}

/// Every case of a vectors file must be judged as the independent library did.
fn judge(file: &str, is_valid: impl Fn(&str) -> bool) {
    let vectors: Vectors = serde_json::from_str(file).unwrap();
    assert_eq!(vectors.cases.len(), 200);
    for Case { input, valid } in vectors.cases {
        assert_eq!(is_valid(&input), valid, "{input}");
    }
}
