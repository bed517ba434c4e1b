use super::*;
use crate::definition::workflow::{Role, Transition};
use crate::workflow::{offered, taking};

fn ids<'a>(offered: &[&'a Transition]) -> Vec<&'a str> {
    offered
        .iter()
        .map(|transition| transition.id.as_str())
        .collect()
}

#[test]
fn the_main_way_is_offered_first_and_the_others_keep_their_order() {
    let request = Followed::submitted(DOCUMENT);
    let offered = offered(&request.workflow, &request.state, Role::Agent, &scope());
    assert_eq!(ids(&offered), ["issue", "refuse", "ask"]);
}

#[test]
fn a_head_is_offered_what_agents_are_and_more() {
    let request = Followed::submitted(DOCUMENT);
    let offered = offered(&request.workflow, &request.state, Role::Head, &scope());
    assert_eq!(ids(&offered), ["issue", "refuse", "ask", "hand_over"]);
}

#[test]
fn a_citizen_is_offered_only_their_own_ways() {
    let mut request = Followed::submitted(DOCUMENT);
    let before = offered(&request.workflow, &request.state, Role::Citizen, &scope());
    assert_eq!(ids(&before), ["withdraw"]);
    request.take(ANNE, "ask", json!({ "question": "Quel étage ?" }));
    let asked = offered(&request.workflow, &request.state, Role::Citizen, &scope());
    assert_eq!(ids(&asked), ["answer", "withdraw"]);
}

#[test]
fn a_way_whose_guard_does_not_hold_is_not_offered() {
    let request = Followed::submitted(SIMPLE);
    let paid = scope().with("request", json!({ "service": "population", "fee": 1000 }));
    let offered_to_head = |scope: &Scope| {
        ids(&offered(
            &request.workflow,
            &request.state,
            Role::Head,
            scope,
        ))
        .len()
    };
    assert_eq!(offered_to_head(&scope()), 2);
    assert_eq!(offered_to_head(&paid), 1);
}

#[test]
fn a_guard_over_the_small_form_is_decided_only_when_it_is_filled_in() {
    let request = Followed::submitted(DOCUMENT);
    let same = json!({ "service": "population" });
    assert!(matches!(
        request.refused(HEAD, "hand_over", same),
        Refused::GuardFailed { .. }
    ));
}

#[test]
fn nothing_is_offered_once_a_request_is_closed() {
    let mut request = Followed::submitted(DOCUMENT);
    request.take(ANNE, "issue", json!({}));
    for role in [Role::Citizen, Role::Agent, Role::Head, Role::System] {
        assert!(offered(&request.workflow, &request.state, role, &scope()).is_empty());
    }
}

#[test]
fn a_new_request_is_taken_in_hand_by_the_transition_that_says_so_and_only_from_where_it_leaves() {
    let mut request = Followed::submitted(SIMPLE);
    let way = |request: &Followed| {
        let found = taking(&request.workflow, &request.state, Role::Agent, &scope());
        found.map(|transition| transition.id.to_string())
    };
    assert_eq!(way(&request).as_deref(), Some("start"));
    request.take(ANNE, "start", json!({}));
    assert_eq!(request.state.assignee, ANNE.account());
    assert_eq!(way(&request), None);
}
