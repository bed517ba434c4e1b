use super::*;
use crate::workflow::{Assignment, Event, Happened, Unexplained, replay};

/// A document asked about, answered and issued.
fn chain() -> (Followed, Vec<Event>) {
    let mut request = Followed::submitted(DOCUMENT);
    let mut events = vec![
        initial(&request.workflow, "population", request.moment())
            .unwrap()
            .event,
    ];
    for (day, actor, transition) in [
        ("2026-10-26T09:00:00Z", ANNE, "ask"),
        ("2026-10-28T09:00:00Z", Actor::Citizen, "answer"),
        ("2026-10-29T09:00:00Z", ANNE, "issue"),
    ] {
        let form = json!({ "question": "Quel étage ?" });
        events.push(request.on(day).take(actor, transition, form).event);
    }
    (request, events)
}

#[test]
fn the_events_tell_where_the_request_stands() {
    let (request, events) = chain();
    assert_eq!(replay(&request.workflow, &events), Ok(request.state));
}

#[test]
fn a_removed_event_leaves_a_gap() {
    let (request, mut events) = chain();
    events.remove(2);
    assert_eq!(
        replay(&request.workflow, &events),
        Err(Unexplained::Gap {
            index: 2,
            from: "received".to_owned(),
            found: "waiting".to_owned()
        })
    );
}

#[test]
fn a_chain_without_its_beginning_explains_nothing() {
    let (request, mut events) = chain();
    assert_eq!(replay(&request.workflow, &[]), Err(Unexplained::Nothing));
    let twice = vec![events[0].clone(), events[0].clone()];
    assert_eq!(
        replay(&request.workflow, &twice),
        Err(Unexplained::Submission { index: 1 })
    );
    events.remove(0);
    assert_eq!(
        replay(&request.workflow, &events),
        Err(Unexplained::Submission { index: 0 })
    );
}

#[test]
fn a_status_changed_by_hand_is_not_explained() {
    let (request, mut events) = chain();
    "refused".clone_into(&mut events[3].to);
    assert_eq!(
        replay(&request.workflow, &events),
        Err(Unexplained::NotInWorkflow { index: 3 })
    );
    let (_, mut events) = chain();
    events[1].what = Happened::Assigned;
    events[1].assignee = Some(Assignment::Nobody);
    assert_eq!(
        replay(&request.workflow, &events),
        Err(Unexplained::NotInWorkflow { index: 1 })
    );
}

#[test]
fn nothing_follows_the_end() {
    let (request, mut events) = chain();
    let mut late = events[3].clone();
    late.from = Some("issued".to_owned());
    events.push(late);
    assert_eq!(
        replay(&request.workflow, &events),
        Err(Unexplained::AfterEnd { index: 4 })
    );
}
