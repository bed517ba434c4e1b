use super::*;
use crate::calendar::Level;
use crate::definition::Text;
use crate::definition::procedure::{DayUnit, Deadline};
use crate::workflow::{deadline, due};

fn five_working_days(legal: bool) -> Deadline {
    Deadline {
        days: 5,
        unit: DayUnit::Working,
        legal,
        source: Text::default(),
    }
}

#[test]
fn a_promise_counts_the_closures_of_the_house_and_the_law_does_not() {
    let submitted = "2026-10-27".parse().unwrap();
    let promised = due(&five_working_days(false), submitted, &house());
    let legal = due(&five_working_days(true), submitted, &house());
    assert_eq!(promised.to_string(), "2026-11-04");
    assert_eq!(legal.to_string(), "2026-11-03");
}

#[test]
fn the_deadline_stands_still_while_the_citizen_is_asked() {
    let mut request = Followed::submitted(DOCUMENT);
    let promise = five_working_days(false);
    let standing =
        |request: &Followed| deadline(&promise, &request.state, &request.calendar, request.now);
    let first = standing(&request);
    assert_eq!(first.due.unwrap().to_string(), "2026-10-30");
    request
        .on("2026-10-26T09:00:00Z")
        .take(ANNE, "ask", json!({ "question": "Quel étage ?" }));
    assert_eq!(
        standing(request.on("2026-10-27T09:00:00Z")).level,
        Level::Paused
    );
    request
        .on("2026-10-28T09:00:00Z")
        .take(Actor::Citizen, "answer", json!({}));
    // Two working days stood still; 1 and 2 November are not worked.
    let second = standing(&request);
    assert_eq!(second.due.unwrap().to_string(), "2026-11-04");
}

#[test]
fn a_change_of_question_is_one_pause_and_not_two() {
    let mut request = Followed::submitted(DOCUMENT);
    request.take(ANNE, "ask", json!({ "question": "Quel étage ?" }));
    let step = request
        .on("2026-10-27T09:00:00Z")
        .take(ANNE, "ask_proof", json!({}));
    assert_eq!(step.state.pauses.len(), 1);
    assert!(!step.effects.contains(&Effect::PauseDeadline));
    assert!(!step.effects.contains(&Effect::ResumeDeadline));
}

#[test]
fn a_closed_request_keeps_the_deadline_it_met() {
    let mut request = Followed::submitted(DOCUMENT);
    request
        .on("2026-10-30T15:00:00Z")
        .take(ANNE, "issue", json!({}));
    request.on("2027-01-15T09:00:00Z");
    let met = deadline(
        &five_working_days(false),
        &request.state,
        &request.calendar,
        request.now,
    );
    assert_ne!(met.level, Level::Late);
    assert_eq!(met.working_days_left, Some(0));
}
