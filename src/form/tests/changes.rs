use super::fixture::{procedure, procedure_edited};
use crate::form::changes;

/// What is told to somebody who began before that edit.
fn told(from: &str, to: &str) -> Vec<String> {
    let changes = changes(&procedure(), &procedure_edited(from, to), "fr");
    let texts = changes.iter().map(ToString::to_string);
    texts.map(|text| text.replace('\u{a0}', " ")).collect()
}

#[test]
fn a_question_that_must_or_need_not_be_answered_any_more_is_told_as_such() {
    assert_eq!(
        told(
            "label: \"Une remarque ?\", optional: true",
            "label: \"Une remarque ?\""
        ),
        ["« Une remarque » est maintenant obligatoire."]
    );
    assert_eq!(
        told("label: \"Où ?\" }", "label: \"Où ?\", optional: true }"),
        ["« Où » est maintenant facultatif."]
    );
}

#[test]
fn limits_and_checks_that_changed_are_told_of_their_question() {
    for (from, to, question) in [
        ("max: 20,", "max: 5,", "Combien"),
        ("add_days(today, 2)", "add_days(today, 9)", "Quand"),
        ("max_length: 10", "max_length: 8", "Votre lien"),
        ("accept: [pdf, png]", "accept: [pdf]", "Un plan"),
        ("max_items: 2,", "max_items: 1,", "Un plan"),
        (
            "label: \"Né le\", max: today,",
            "label: \"Né le\",",
            "Né le",
        ),
        (") <= 30\"", ") <= 10\"", "Quand"),
        ("          level: warning\n", "", "Quand"),
    ] {
        let words = format!("« {question} » : les règles de cette question ont changé.");
        assert_eq!(told(from, to), [words], "{to}");
    }
}

#[test]
fn only_other_answers_are_told_as_other_answers() {
    assert_eq!(
        told(
            "{ id: sac, label: \"Un sac\" }",
            "{ id: seau, label: \"Un seau\" }"
        ),
        ["« Avec quoi » : les réponses possibles ont changé."]
    );
    // Words that whoever fills it in would not miss.
    let message = "Plus d’un mois, c’est long.";
    assert!(told(message, "C’est long.").is_empty());
}
