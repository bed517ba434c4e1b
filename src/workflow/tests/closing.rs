use super::*;
use crate::definition::workflow::Outcome;
use crate::workflow::{Closed, assign};

#[test]
fn a_final_status_closes_with_its_outcome_once_and_starts_nothing() {
    let mut request = Followed::submitted(DOCUMENT);
    let step = request.on("2026-10-30T10:00:00Z").take(
        ANNE,
        "refuse",
        json!({ "reason": "Déjà délivrée" }),
    );
    let expected = Closed {
        at: at("2026-10-30T10:00:00Z"),
        outcome: Outcome::Refused,
    };
    assert_eq!(step.state.closed, Some(expected));
    assert_eq!(
        step.effects,
        [
            Effect::Assign {
                agent: ANNE.account()
            },
            Effect::Mail {
                template: "refused".to_owned()
            },
            Effect::Revoke,
            Effect::CancelTimers,
            Effect::Close(Outcome::Refused),
        ]
    );
}

#[test]
fn withdrawing_while_waiting_ends_the_pause() {
    let mut request = Followed::submitted(DOCUMENT);
    request.take(ANNE, "ask", json!({ "question": "Quel étage ?" }));
    let step = request
        .on("2026-10-28T10:00:00Z")
        .take(Actor::Citizen, "withdraw", json!({}));
    assert!(!step.state.is_paused());
    assert!(step.effects.contains(&Effect::ResumeDeadline));
    assert!(step.effects.contains(&Effect::Close(Outcome::Withdrawn)));
}

#[test]
fn nobody_does_anything_with_a_closed_request() {
    let mut request = Followed::submitted(DOCUMENT);
    request.take(ANNE, "issue", json!({}));
    for (actor, transition) in [
        (ANNE, "issue"),
        (ANNE, "refuse"),
        (Actor::Citizen, "withdraw"),
    ] {
        assert_eq!(
            request.refused(actor, transition, json!({})),
            Refused::Closed
        );
    }
    let given = assign(
        &request.workflow,
        &request.state,
        None,
        ANNE,
        request.moment(),
    );
    assert_eq!(given, Err(Refused::Closed));
}
