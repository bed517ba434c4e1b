//! Deadlines that stand still while the citizen is asked something.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::{any_calendar, any_day, day, with_closures};
use crate::calendar::{Calendar, Deadline, DeadlineState, Delay, Level, Pause};

fn pause(from: &str, to: &str) -> Pause {
    Pause {
        from: day(from),
        to: Some(day(to)),
    }
}

fn waiting(from: &str) -> Pause {
    Pause {
        from: day(from),
        to: None,
    }
}

/// A request of Monday 2 November 2026.
fn state(delay: Delay, pauses: &[Pause], today: &str) -> DeadlineState {
    Deadline {
        submitted: day("2026-11-02"),
        delay,
        pauses,
        calendar: &Calendar::legal(),
    }
    .state(day(today))
}

fn due(delay: Delay, pauses: &[Pause], today: &str) -> NaiveDate {
    state(delay, pauses, today).due.unwrap()
}

#[test]
fn a_deadline_warns_before_it_is_late() {
    // Five working days: Monday 9 November.
    for (today, left, level) in [
        ("2026-11-02", 5, Level::Fine),
        ("2026-11-04", 3, Level::Fine),
        ("2026-11-05", 2, Level::Soon),
        ("2026-11-08", 1, Level::Soon),
        ("2026-11-09", 0, Level::Soon),
        ("2026-11-10", -1, Level::Late),
    ] {
        assert_eq!(
            state(Delay::working(5), &[], today),
            DeadlineState {
                due: Some(day("2026-11-09")),
                paused: false,
                working_days_left: Some(left),
                level,
            },
            "{today}"
        );
    }
}

#[test]
fn a_deadline_past_on_a_weekend_is_late_though_no_working_day_went_by() {
    // Five days after Monday 2 November: Saturday 7.
    let late = state(Delay::calendar(5), &[], "2026-11-08");
    assert_eq!(late.level, Level::Late);
    assert_eq!(late.working_days_left, Some(0));
}

#[test]
fn a_deadline_stands_still_while_the_citizen_is_asked() {
    let pauses = [waiting("2026-11-04")];
    assert_eq!(
        state(Delay::working(5), &pauses, "2026-12-25"),
        DeadlineState {
            due: None,
            paused: true,
            working_days_left: None,
            level: Level::Paused,
        }
    );
    assert!(!state(Delay::working(5), &pauses, "2026-11-03").paused);
}

#[test]
fn the_days_of_waiting_are_given_back_in_the_unit_of_the_delay() {
    // Asked on Wednesday 4, answered on Monday 16: 7 working days, 11 November
    // being a holiday, and 12 days of the calendar.
    let pauses = [pause("2026-11-04", "2026-11-16")];
    let today = "2026-11-16";
    assert_eq!(due(Delay::working(5), &pauses, today), day("2026-11-19"));
    assert_eq!(due(Delay::calendar(30), &pauses, today), day("2026-12-14"));
    assert_eq!(due(Delay::months(1), &pauses, today), day("2026-12-14"));
    let sunday = [pause("2026-11-04", "2026-11-15")];
    assert_eq!(due(Delay::calendar(30), &sunday, today), day("2026-12-13"));
    assert_eq!(
        due(Delay::calendar(30).rolled(), &sunday, today),
        day("2026-12-14")
    );
}

#[test]
fn a_question_answered_the_same_day_gives_nothing_back() {
    let pauses = [pause("2026-11-04", "2026-11-04")];
    let answered = state(Delay::working(5), &pauses, "2026-11-04");
    assert!(!answered.paused);
    assert_eq!(answered.due, Some(day("2026-11-09")));
}

#[test]
fn two_questions_at_once_count_once() {
    let pauses = [
        pause("2026-11-06", "2026-11-10"),
        pause("2026-11-04", "2026-11-09"),
        pause("2026-11-05", "2026-11-06"),
    ];
    assert_eq!(
        due(Delay::working(5), &pauses, "2026-11-10"),
        due(
            Delay::working(5),
            &[pause("2026-11-04", "2026-11-10")],
            "2026-11-10"
        )
    );
}

#[test]
fn one_answer_of_two_leaves_the_deadline_still() {
    let pauses = [pause("2026-11-04", "2026-11-06"), waiting("2026-11-05")];
    assert!(state(Delay::working(5), &pauses, "2026-11-09").paused);
}

#[test]
fn a_question_before_the_submission_gives_nothing_back() {
    let pauses = [
        pause("2026-10-01", "2026-10-20"),
        pause("2026-10-28", "2026-11-03"),
    ];
    assert_eq!(
        due(Delay::working(5), &pauses, "2026-11-03"),
        day("2026-11-10")
    );
}

#[test]
fn what_is_not_known_yet_on_a_day_does_not_count() {
    let pauses = [pause("2026-11-04", "2026-11-16")];
    let before = state(Delay::working(5), &pauses, "2026-11-03");
    assert_eq!(before.due, Some(day("2026-11-09")));
    assert!(state(Delay::working(5), &pauses, "2026-11-10").paused);
}

#[test]
fn asking_when_it_is_late_does_not_make_it_in_time() {
    // Due on 9 November, asked on the 12th, answered on the 20th.
    let pauses = [pause("2026-11-12", "2026-11-20")];
    let state = state(Delay::working(5), &pauses, "2026-11-20");
    assert_eq!(state.level, Level::Late);
    assert_eq!(state.working_days_left, Some(-2));
}

#[test]
fn a_promise_counts_the_closures_of_its_authority() {
    let calendar = with_closures();
    let deadline = Deadline {
        submitted: day("2026-12-23"),
        delay: Delay::working(2),
        pauses: &[],
        calendar: &calendar,
    };
    assert_eq!(
        deadline.state(day("2026-12-23")).due,
        Some(day("2027-01-04"))
    );
}

proptest! {
    #[test]
    fn waiting_shifts_the_last_day_by_what_was_waited(
        calendar in any_calendar(), submitted in any_day(), n in 0_u16..90,
        asked in 0_u64..60, waited in 0_u64..60
    ) {
        let from = submitted + Days::new(asked);
        let to = from + Days::new(waited);
        let due = |delay, pauses: &[Pause]| {
            Deadline { submitted, delay, pauses, calendar: &calendar }.state(to).due.unwrap()
        };
        let pauses = [Pause { from, to: Some(to) }];

        let working = Delay::working(n);
        prop_assert_eq!(
            calendar.working_days_between(due(working, &[]), due(working, &pauses)),
            calendar.working_days_between(from, to)
        );
        let days = Delay::calendar(n);
        prop_assert_eq!(due(days, &pauses), due(days, &[]) + Days::new(waited));
    }

    #[test]
    fn pauses_may_come_in_any_order(
        submitted in any_day(), spans in proptest::collection::vec((0_u64..60, 0_u64..20), 0..6)
    ) {
        let mut pauses: Vec<Pause> = spans.into_iter().map(|(asked, waited)| {
            let from = submitted + Days::new(asked);
            Pause { from, to: Some(from + Days::new(waited)) }
        }).collect();
        let calendar = Calendar::legal();
        let today = submitted + Days::new(100);
        let state = |pauses: &[Pause]| Deadline {
            submitted, delay: Delay::working(10), pauses, calendar: &calendar
        }.state(today);
        let forward = state(&pauses);
        pauses.reverse();
        prop_assert_eq!(forward, state(&pauses));
    }
}
