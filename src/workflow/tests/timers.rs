use super::*;
use crate::workflow::{Fired, Happened, TimerDue, fire, timers_for};

/// Asked on that moment; its timers.
fn asked(moment: &str) -> (Followed, Vec<TimerDue>) {
    let mut request = Followed::submitted(DOCUMENT);
    let step = request
        .on(moment)
        .take(ANNE, "ask", json!({ "question": "Quel étage ?" }));
    let due = step.effects.into_iter().find_map(|effect| match effect {
        Effect::StartTimers(due) => Some(due),
        _ => None,
    });
    (request, due.expect("timers"))
}

fn rings(request: &Followed, due: &TimerDue) -> Fired {
    let moment = Moment {
        now: due.due_at,
        calendar: &request.calendar,
    };
    fire(&request.workflow, &request.state, due, moment, &mut scope())
}

#[test]
fn a_timer_rings_at_six_in_belgium_in_winter_as_in_summer() {
    // Ten days after Friday 23 October come after the night the clocks go back.
    let (_, autumn) = asked("2026-10-23T08:00:00Z");
    assert_eq!(autumn[0].due_at, at("2026-11-02T05:00:00Z"));
    // The clocks go forward on 28 March 2027.
    let (_, spring) = asked("2027-03-20T09:00:00Z");
    assert_eq!(spring[0].due_at, at("2027-03-30T04:00:00Z"));
}

#[test]
fn days_are_counted_from_the_day_it_is_in_belgium() {
    // Half past eleven in the evening in London is the next day here.
    let (_, due) = asked("2026-10-25T23:30:00Z");
    assert_eq!(due[0].due_at, at("2026-11-05T05:00:00Z"));
}

#[test]
fn working_days_leave_out_weekends_holidays_and_closures() {
    let (_, due) = asked("2026-10-23T08:00:00Z");
    // 20 working days: neither All Saints, 2 November (closed), nor Armistice.
    assert_eq!(due[1].timer, "give_up");
    assert_eq!(due[1].due_at, at("2026-11-24T05:00:00Z"));
    let request = Followed::submitted(SIMPLE);
    let legal = timers_for(
        &request.workflow,
        "new",
        at("2026-10-30T09:00:00Z"),
        &Calendar::legal(),
    );
    assert_eq!(legal[0].due_at, at("2026-11-03T05:00:00Z"));
}

#[test]
fn a_timer_that_only_acts_leaves_the_request_where_it_stands() {
    let (request, due) = asked("2026-10-23T08:00:00Z");
    let Fired::Acted(step) = rings(&request, &due[0]) else {
        panic!("it acts");
    };
    assert_eq!(step.state, request.state);
    assert_eq!(
        step.event.what,
        Happened::Reminded {
            timer: "remind".to_owned()
        }
    );
    assert_eq!(
        step.effects,
        [Effect::Mail {
            template: "question".to_owned()
        }]
    );
}

#[test]
fn a_timer_takes_its_transition_and_adds_its_own_actions() {
    let (mut request, _) = asked("2026-10-23T08:00:00Z");
    let step = request.take(ANNE, "ask_proof", json!({}));
    let Some(Effect::StartTimers(due)) = step.effects.last() else {
        panic!("a timer starts");
    };
    let Fired::Acted(step) = rings(&request, &due[0]) else {
        panic!("it acts");
    };
    assert_eq!(step.state.status, "expired");
    assert_eq!(
        step.event.what,
        Happened::Taken {
            transition: "expire".to_owned(),
            timer: Some("give_up_proof".to_owned())
        }
    );
    assert_eq!(
        step.effects[..2],
        [
            Effect::Notify {
                template: "withdrawn".to_owned()
            },
            Effect::Mail {
                template: "refused".to_owned()
            },
        ]
    );
}

#[test]
fn a_timer_of_a_status_left_since_is_stale_even_when_the_request_is_back_there() {
    let (mut request, due) = asked("2026-10-23T08:00:00Z");
    request
        .on("2026-10-24T08:00:00Z")
        .take(Actor::Citizen, "answer", json!({}));
    assert_eq!(rings(&request, &due[1]), Fired::Stale);
    request.on("2026-10-26T08:00:00Z").take(
        ANNE,
        "ask",
        json!({ "question": "Et quelle boîte ?" }),
    );
    assert_eq!(rings(&request, &due[1]), Fired::Stale);
}

#[test]
fn a_timer_that_the_definition_does_not_have_is_stale() {
    let (request, mut due) = asked("2026-10-23T08:00:00Z");
    "ghost".clone_into(&mut due[0].timer);
    assert_eq!(rings(&request, &due[0]), Fired::Stale);
}

#[test]
fn a_timer_whose_way_is_not_open_to_the_program_says_so() {
    let (mut request, due) = asked("2026-10-23T08:00:00Z");
    for transition in &mut request.workflow.transitions {
        transition
            .by
            .retain(|role| *role != crate::definition::workflow::Role::System);
    }
    assert!(matches!(
        rings(&request, &due[1]),
        Fired::Refused(Refused::NotYours { .. })
    ));
}

#[test]
fn a_timer_survives_its_row_in_the_database() {
    let (request, due) = asked("2026-10-23T08:00:00.123456789Z");
    let stored = serde_json::to_string(&due[0]).unwrap();
    let read: TimerDue = serde_json::from_str(&stored).unwrap();
    assert!(matches!(rings(&request, &read), Fired::Acted(_)));
}

#[test]
fn a_delay_without_measure_stops_at_the_end_of_the_calendar() {
    let mut endless = workflow(SIMPLE);
    endless.timers[0].days = u32::MAX;
    let due = timers_for(&endless, "new", at("2026-10-23T08:00:00Z"), &house());
    assert!(due[0].due_at > at("2200-01-01T00:00:00Z"));
}
