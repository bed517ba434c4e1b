use super::*;
use crate::workflow::{Assignment, Documents, Event, Happened, assign};

#[test]
fn a_submitted_request_stands_in_the_initial_status_with_its_timers() {
    let request = Followed::submitted(SIMPLE);
    assert_eq!(request.state.status, "new");
    assert_eq!(request.state.service, "population");
    assert!(request.state.closed.is_none());
    assert!(
        matches!(&request.effects[..], [Effect::StartTimers(due)] if due[0].timer == "overdue")
    );
}

#[test]
fn a_workflow_without_its_initial_status_receives_nothing() {
    let mut broken = workflow(SIMPLE);
    broken.statuses.remove(0);
    let moment = Moment {
        now: at("2026-10-23T08:00:00Z"),
        calendar: &Calendar::legal(),
    };
    assert_eq!(
        initial(&broken, "population", moment),
        Err(Refused::UnknownStatus {
            status: "new".to_owned()
        })
    );
}

#[test]
fn asking_the_citizen_mails_them_and_stops_the_clock() {
    let mut request = Followed::submitted(DOCUMENT);
    let step = request.take(ANNE, "ask", json!({ "question": "Quel étage ?" }));
    assert_eq!(step.state.status, "waiting");
    assert!(matches!(
        &step.effects[..],
        [
            Effect::Assign { .. },
            Effect::Mail { template },
            Effect::CancelTimers,
            Effect::PauseDeadline,
            Effect::StartTimers(due),
        ] if template == "question" && due.len() == 2
    ));
}

#[test]
fn issuing_gives_the_request_to_the_agent_who_acts_and_closes_it() {
    let mut request = Followed::submitted(DOCUMENT);
    let step = request.take(ANNE, "issue", json!({}));
    assert_eq!(
        step.effects[..3],
        [
            Effect::Assign {
                agent: ANNE.account()
            },
            Effect::Issue(Documents::All),
            Effect::Mail {
                template: "issued".to_owned()
            },
        ]
    );
    assert_eq!(step.state.assignee, ANNE.account());
}

#[test]
fn the_event_says_who_did_what_from_where_to_where() {
    let mut request = Followed::submitted(SIMPLE);
    let step = request
        .on("2026-10-26T09:30:00.123456789Z")
        .take(ANNE, "start", json!({}));
    let expected = Event {
        at: at("2026-10-26T09:30:00.123456Z"),
        by: ANNE,
        what: Happened::Taken {
            transition: "start".to_owned(),
            timer: None,
        },
        from: Some("new".to_owned()),
        to: "handled".to_owned(),
        service: None,
        assignee: Some(Assignment::Agent(ANNE.account().unwrap())),
    };
    assert_eq!(step.event, expected);
    let stored = serde_json::to_string(&expected).unwrap();
    assert_eq!(serde_json::from_str::<Event>(&stored).unwrap(), expected);
}

#[test]
fn an_unknown_way_is_refused_by_its_name() {
    let request = Followed::submitted(DOCUMENT);
    assert_eq!(
        request.refused(ANNE, "explode", json!({})),
        Refused::UnknownTransition {
            transition: "explode".to_owned()
        }
    );
}

#[test]
fn the_second_of_two_agents_is_told_where_the_request_stands() {
    let mut request = Followed::submitted(DOCUMENT);
    request.take(ANNE, "ask", json!({ "question": "Quel étage ?" }));
    let refused = request.refused(HEAD, "issue", json!({}));
    assert_eq!(
        refused.to_string(),
        "Cette action n’est plus possible\u{a0}: la demande est à l’état «\u{a0}Attente du citoyen\u{a0}». \
         Quelqu’un l’a peut-être déjà traitée."
    );
}

#[test]
fn a_citizen_cannot_take_the_way_of_an_agent_nor_an_agent_theirs() {
    let request = Followed::submitted(DOCUMENT);
    assert!(matches!(
        request.refused(Actor::Citizen, "issue", json!({})),
        Refused::NotYours { .. }
    ));
    assert!(matches!(
        request.refused(ANNE, "withdraw", json!({})),
        Refused::NotYours { .. }
    ));
    assert!(matches!(
        request.refused(ANNE, "hand_over", json!({ "service": "travaux" })),
        Refused::NotYours { .. }
    ));
}

#[test]
fn a_refusal_without_its_reason_is_not_taken() {
    let request = Followed::submitted(DOCUMENT);
    for form in [
        json!({}),
        json!({ "reason": null }),
        json!({ "reason": "  " }),
    ] {
        assert_eq!(
            request.refused(ANNE, "refuse", form),
            Refused::SmallFormIncomplete {
                field: "reason".to_owned(),
                label: "Motif".to_owned()
            }
        );
    }
}

#[test]
fn a_question_of_the_small_form_counts_only_when_it_is_asked() {
    let mut request = Followed::submitted(SIMPLE);
    assert!(matches!(
        request.refused(HEAD, "refuse", json!({ "why": "other" })),
        Refused::SmallFormIncomplete { field, .. } if field == "words"
    ));
    request.take(HEAD, "refuse", json!({ "why": "late" }));
    assert_eq!(request.state.status, "refused");
}

#[test]
fn handing_over_routes_before_it_notifies_and_empties_the_hands() {
    let mut request = Followed::submitted(DOCUMENT);
    let given = assign(
        &request.workflow,
        &request.state,
        ANNE.account(),
        HEAD,
        request.moment(),
    );
    request.state = given.unwrap().state;
    let entered_at = request.state.entered_at;
    let step =
        request
            .on("2026-10-27T09:00:00Z")
            .take(HEAD, "hand_over", json!({ "service": "travaux" }));
    assert_eq!(
        step.effects,
        [
            Effect::Route {
                service: "travaux".to_owned()
            },
            Effect::Assign { agent: None },
            Effect::Notify {
                template: "new_request".to_owned()
            },
        ]
    );
    assert_eq!(step.state.service, "travaux");
    assert_eq!(step.state.assignee, None);
    // It did not leave its status: what runs there goes on.
    assert_eq!(step.state.entered_at, entered_at);
}

#[test]
fn a_request_changes_hands_by_an_agent_but_never_by_a_citizen() {
    let request = Followed::submitted(SIMPLE);
    let (workflow, state) = (&request.workflow, &request.state);
    let given = assign(workflow, state, HEAD.account(), ANNE, request.moment()).unwrap();
    assert_eq!(given.state.assignee, HEAD.account());
    assert_eq!(
        given.effects,
        [Effect::Assign {
            agent: HEAD.account()
        }]
    );
    let taken = assign(
        workflow,
        state,
        ANNE.account(),
        Actor::Citizen,
        request.moment(),
    );
    assert!(matches!(taken, Err(Refused::NotYours { .. })));
}

#[test]
fn clocks_that_disagree_never_make_an_event_earlier_than_the_last() {
    let mut request = Followed::submitted(SIMPLE);
    let step = request
        .on("2026-10-20T08:00:00Z")
        .take(ANNE, "start", json!({}));
    assert_eq!(step.event.at, request.state.submitted_at);
}

#[test]
fn who_acts_on_a_request_that_nobody_has_has_it_and_nobody_loses_one_by_it() {
    let mut request = Followed::submitted(DOCUMENT);
    let question = json!({ "question": "Quel étage ?" });
    request.take(ANNE, "ask", question);
    assert_eq!(request.state.assignee, ANNE.account());
    request.take(Actor::Citizen, "answer", json!({}));
    request.take(HEAD, "refuse", json!({ "reason": "Doublon." }));
    assert_eq!(request.state.assignee, ANNE.account());
    let mut sent_on = Followed::submitted(DOCUMENT);
    sent_on.take(HEAD, "hand_over", json!({ "service": "etat-civil" }));
    assert_eq!(sent_on.state.assignee, None);
    let mut timed = Followed::submitted(SIMPLE);
    timed.take(ANNE, "start", json!({}));
    timed.take(ANNE, "release", json!({}));
    timed.state.assignee = None;
    timed.take(HEAD, "refuse", json!({ "why": "late" }));
    assert_eq!(timed.state.assignee, HEAD.account());
}
