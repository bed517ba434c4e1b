use super::*;
use crate::definition::workflow::Outcome;
use crate::workflow::{Happened, force};

fn forced(request: &Followed, status: &str, reason: &str, actor: Actor) -> Result<Step, Refused> {
    force(
        &request.workflow,
        &request.state,
        status,
        reason,
        actor,
        request.moment(),
    )
}

#[test]
fn an_operator_puts_a_request_in_a_status_and_says_why() {
    let request = Followed::submitted(DOCUMENT);
    let step = forced(&request, "waiting", " Erreur de clic ", Actor::System).unwrap();
    assert_eq!(
        step.event.what,
        Happened::Forced {
            reason: "Erreur de clic".to_owned()
        }
    );
    assert_eq!(step.state.status, "waiting");
    assert!(
        matches!(&step.effects[..], [Effect::CancelTimers, Effect::PauseDeadline, Effect::StartTimers(due)] if due.len() == 2)
    );
}

#[test]
fn a_closed_request_is_forced_open_again_with_its_timers() {
    let mut request = Followed::submitted(SIMPLE);
    request.take(HEAD, "refuse", json!({ "why": "late" }));
    let step = forced(&request, "new", "Refusée par erreur", HEAD).unwrap();
    assert_eq!(step.state.closed, None);
    assert!(matches!(
        &step.effects[..],
        [Effect::CancelTimers, Effect::Reopen, Effect::StartTimers(_)]
    ));
    request.state = step.state;
    request.take(ANNE, "start", json!({}));
}

#[test]
fn a_request_forced_to_an_end_is_closed() {
    let request = Followed::submitted(DOCUMENT);
    let step = forced(&request, "expired", "Doublon", Actor::System).unwrap();
    assert!(step.effects.contains(&Effect::Close(Outcome::Expired)));
}

#[test]
fn forcing_needs_the_right_a_reason_and_another_status() {
    let request = Followed::submitted(DOCUMENT);
    for actor in [ANNE, Actor::Citizen] {
        assert!(matches!(
            forced(&request, "waiting", "Parce que", actor),
            Err(Refused::NotYours { .. })
        ));
    }
    assert_eq!(
        forced(&request, "waiting", "  ", HEAD),
        Err(Refused::ReasonMissing)
    );
    assert_eq!(
        forced(&request, "received", "Encore", HEAD),
        Err(Refused::AlreadyThere)
    );
    assert_eq!(
        forced(&request, "limbo", "Essai", HEAD),
        Err(Refused::UnknownStatus {
            status: "limbo".to_owned()
        })
    );
}
