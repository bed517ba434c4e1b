use super::fixture::{context, typed};
use crate::definition::Field;
use crate::form::summary::field_labels;
use crate::form::{ask_fields, read_fields};
use serde_json::json;

fn fields() -> Vec<Field> {
    serde_saphyr::from_str(
        r#"
- { id: suite, type: choice, label: "Suite", options: [{ id: oui, label: "D’accord" }, { id: non, label: "Non" }] }
- { id: raison, type: long_text, label: "Pourquoi ?", when: "form.suite == 'non'", max_length: 20 }
- { id: moment, type: date_time, label: "Quand ?" }
- { id: montant, type: money, label: "Combien ?", optional: true, prefill: "answers.prix" }
- { id: site, type: url, label: "Site", optional: true }
"#,
    )
    .unwrap()
}

#[test]
fn a_small_form_reads_its_own_answers_and_the_requests() {
    let fields = fields();
    let answers = json!({ "prix": 1250 });
    let names = [("answers", &answers)];
    let (asked, shown) = ask_fields(&fields, &names, &context());
    assert_eq!(asked.len(), 4);
    assert_eq!(shown.raw("montant"), Some("12,50"));
    let post = typed(
        "suite=non\nraison=Trop tard\nmoment.date=24/11/2026\nmoment.time=9h30\nmontant=1.234,5\nsite=exemple.be",
    );
    let outcome = read_fields(&fields, &post, &names, &context());
    assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
    assert_eq!(outcome.answers["moment"], json!("2026-11-24T09:30"));
    assert_eq!(outcome.answers["montant"], json!(123_450));
    assert_eq!(outcome.answers["site"], json!("https://exemple.be/"));
    let words = field_labels(&fields, &outcome.answers, "fr");
    assert_eq!(words["suite"], json!("Non"));
    assert_eq!(
        words["moment"],
        json!("24\u{a0}novembre 2026 à 9\u{a0}h\u{a0}30")
    );
}

#[test]
fn a_small_form_says_what_is_wrong_and_leaves_out_what_is_hidden() {
    let fields = fields();
    let post = typed("suite=oui\nraison=x\nmoment=demain\nsite=javascript:alert(1)");
    let outcome = read_fields(&fields, &post, &[], &context());
    let names: Vec<&str> = outcome
        .errors
        .iter()
        .map(|error| error.name.as_str())
        .collect();
    assert_eq!(names, ["moment", "site"]);
    assert!(!outcome.answers.contains_key("raison"));
}
