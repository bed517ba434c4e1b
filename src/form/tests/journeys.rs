use super::fixture::{QUI, QUOI, context, filled, procedure, typed, whole};
use crate::form::{Answers, Journey, Progress, SeenPage, journey, read_page};
use serde_json::json;

fn ids<'j>(way: &'j Journey<'_>) -> Vec<&'j str> {
    way.pages().iter().map(SeenPage::id).collect()
}

#[test]
fn a_page_comes_and_goes_with_the_answer_it_depends_on() {
    let procedure = procedure();
    let outcome = filled(&procedure, &[("qui", QUI)]);
    assert_eq!(ids(&outcome.journey), ["qui", "quoi", "fin"]);
    let other = format!("{}\nlien=fils", QUI.replace("pour=moi", "pour=autre"));
    let outcome = filled(&procedure, &[("qui", &other)]);
    assert_eq!(ids(&outcome.journey), ["qui", "autre", "quoi", "fin"]);
}

#[test]
fn the_first_page_is_open_and_the_next_ones_only_in_their_turn() {
    let procedure = procedure();
    let way = journey(&procedure, &Answers::new(), &context());
    assert!(way.can_visit("qui") && !way.can_visit("quoi") && !way.can_visit("autre"));
    assert_eq!(way.first_incomplete().map(SeenPage::id), Some("qui"));
    assert_eq!(way.progress("quoi"), Some(Progress { step: 2, of: 3 }));
    assert!(
        read_page(
            &procedure,
            "quoi",
            &typed(QUOI),
            &Answers::new(),
            &context()
        )
        .is_none()
    );
    assert!(
        read_page(
            &procedure,
            "nulle_part",
            &typed(QUOI),
            &Answers::new(),
            &context()
        )
        .is_none()
    );
}

#[test]
fn next_and_previous_undo_each_other() {
    let procedure = procedure();
    let way = journey(&procedure, &whole(&procedure), &context());
    for page in way.pages() {
        if let Some(next) = way.next(page.id()) {
            assert_eq!(way.previous(next.id()).map(SeenPage::id), Some(page.id()));
        }
    }
    assert!(way.next("fin").is_none() && way.previous("qui").is_none());
}

#[test]
fn a_hidden_answer_is_blank_in_expressions_and_kept_in_storage() {
    let procedure = procedure();
    let other = format!("{}\nlien=fils", QUI.replace("pour=moi", "pour=autre"));
    let outcome = filled(&procedure, &[("qui", &other), ("autre", "autre_nom=Marc")]);
    let back = read_page(&procedure, "qui", &typed(QUI), &outcome.answers, &context()).unwrap();
    assert_eq!(back.journey.answers()["lien"], json!(null));
    assert_eq!(back.answers.get("lien"), Some(&json!("fils")));
    assert_eq!(back.answers.get("autre_nom"), Some(&json!("Marc")));
    assert!(back.journey.final_answers().get("lien").is_none());
}

#[test]
fn an_option_that_is_no_longer_offered_counts_as_no_answer() {
    let procedure = procedure();
    let outcome = filled(&procedure, &[("qui", QUI), ("quoi", QUOI)]);
    let other = format!("{}\nlien=fils", QUI.replace("pour=moi", "pour=autre"));
    let back = read_page(
        &procedure,
        "qui",
        &typed(&other),
        &outcome.answers,
        &context(),
    )
    .unwrap();
    assert_eq!(back.journey.answers()["motif"], json!(null));
    assert!(!back.journey.page("quoi").unwrap().is_complete());
    // The attributes of what is not chosen any more are gone, and the question they brought up.
    assert!(back.journey.asked_field("detail").is_none());
}

#[test]
fn a_computed_value_follows_the_answers_before_it() {
    let procedure = procedure();
    let outcome = filled(&procedure, &[("qui", QUI), ("quoi", QUOI)]);
    assert_eq!(outcome.journey.answers()["total"], json!(3000));
    assert_eq!(outcome.journey.fee().unwrap().total, 3000);
}

#[test]
fn an_optional_page_is_complete_only_once_it_was_passed() {
    let procedure = procedure();
    let without = whole(&procedure).to_json();
    let mut without = without.as_object().unwrap().clone();
    without.remove("remarque");
    let way = journey(&procedure, &Answers::of(without), &context());
    assert_eq!(way.first_incomplete().map(SeenPage::id), Some("fin"));
    let fault = &way.page_faults()[0];
    assert_eq!(
        (fault.page.as_str(), fault.error.name.as_str()),
        ("fin", "remarque")
    );
}

#[test]
fn an_answer_of_the_wrong_shape_is_as_if_it_was_never_given() {
    let procedure = procedure();
    let mut stored = whole(&procedure).to_json();
    stored["nombre"] = json!({ "plusieurs": true });
    stored["demandeur"] = json!("Lambert");
    stored["enfants"] = json!([1, 2]);
    let way = journey(&procedure, &Answers::from_json(stored).unwrap(), &context());
    assert_eq!(way.answers()["nombre"], json!(null));
    assert_eq!(way.answers()["demandeur"]["last_name"], json!(null));
    assert_eq!(way.answers()["enfants"], json!([]));
    assert!(!way.is_complete());
    assert!(Answers::from_json(json!([1])).is_none());
}

#[test]
fn a_sent_request_reads_as_it_was_sent_whatever_settings_have_become() {
    let procedure = procedure();
    let answers = whole(&procedure);
    let sent = journey(&procedure, &answers, &context()).final_answers();
    let later = context().with_setting("prix", &crate::definition::field::Attribute::Int(9_999));
    let way = Journey::submitted(&procedure, &sent, &later);
    assert_eq!(way.answers()["total"], json!(3000));
    assert_eq!(ids(&way), ["qui", "quoi", "fin"]);
    assert_eq!(way.final_answers(), sent);
}
