use super::fixture::{QUI, QUOI, context, filled, known, procedure, typed};
use crate::form::control::{Control, Shown};
use crate::form::{Answers, Journey, journey, read_page};
use serde_json::Value as Json;

fn control<'c>(controls: &'c [Control], name: &str) -> &'c Control {
    controls
        .iter()
        .find(|control| control.name == name)
        .unwrap()
}

fn of(way: &Journey<'_>, page: &str) -> Vec<Control> {
    way.controls(page, None, &[], "fr", Some("/fichiers"))
        .unwrap()
}

#[test]
fn a_control_says_everything_its_partial_needs() {
    let procedure = procedure();
    let controls = of(&journey(&procedure, &Answers::new(), &context()), "qui");
    let keys = serde_json::to_value(&controls).unwrap();
    for control in keys.as_array().unwrap() {
        for key in [
            "name",
            "id",
            "control",
            "label",
            "hint",
            "error",
            "required",
            "value",
            "options",
            "parts",
            "max_length",
            "min",
            "max",
            "autocomplete",
            "inputmode",
            "width",
            "live",
            "files",
            "accept",
            "max_files",
            "max_size",
            "upload_url",
            "items",
            "min_items",
            "max_items",
            "add_label",
            "level",
            "html_text",
            "display",
        ] {
            assert!(control.get(key).is_some(), "{key}");
        }
    }
    let notice = control(&controls, "avis");
    assert_eq!(
        notice.html_text.as_str(),
        Some("<p>Lisez <strong>ceci</strong>.</p>")
    );
    assert!(notice.html_text.is_safe() && notice.label.is_empty() && !notice.required);
    let who = control(&controls, "pour");
    assert_eq!(
        (who.control, who.live, who.options.len()),
        ("radio", true, 2)
    );
    let person = control(&controls, "demandeur");
    assert_eq!(person.hint.as_deref(), Some("Pour vous retrouver."));
    let parts: Vec<_> = person
        .parts
        .iter()
        .map(|part| (part.id.as_str(), part.control))
        .collect();
    assert_eq!(
        parts,
        [
            ("demandeur-last_name", "text"),
            ("demandeur-first_name", "text"),
            ("demandeur-birth_date", "date"),
            ("demandeur-national_number", "national_number")
        ]
    );
    assert!(!control(&controls, "telephone").required);
}

#[test]
fn what_is_known_of_the_citizen_is_proposed_and_nothing_is_stored() {
    let procedure = procedure();
    let way = journey(
        &procedure,
        &Answers::new(),
        &context().with_citizen(&known()),
    );
    let controls = of(&way, "qui");
    assert_eq!(
        control(&controls, "courriel").value,
        Shown::Text("anne@exemple.be".into())
    );
    let person = control(&controls, "demandeur");
    assert_eq!(person.parts[0].value, Shown::Text("Lambert".into()));
    assert_eq!(person.parts[0].autocomplete.as_deref(), Some("family-name"));
    assert!(way.stored().is_empty() && !way.is_complete());
}

#[test]
fn stored_answers_come_back_as_people_write_them() {
    let procedure = procedure();
    let outcome = filled(&procedure, &[("qui", QUI), ("quoi", QUOI)]);
    let controls = of(&outcome.journey, "quoi");
    assert_eq!(control(&controls, "total").display, "30,00\u{a0}€");
    assert_eq!(
        control(&controls, "dates").parts[0].value,
        Shown::Text("2026-12-01".into())
    );
    assert_eq!(
        control(&controls, "dates").parts[0].min.as_deref(),
        Some("2026-11-25")
    );
    let children = control(&controls, "enfants");
    assert_eq!(
        (children.items.len(), children.min_items, children.max_items),
        (1, 0, 3)
    );
    assert_eq!(children.items[0].fields[0].name, "enfants.0.prenom");
    assert!(
        control(&controls, "motif")
            .options
            .iter()
            .any(|option| option.checked)
    );
    let plan = control(&controls, "plan");
    assert_eq!((plan.max_files, plan.max_size), (2, 20_000_000));
    assert!(plan.accept.contains(".pdf"));
    let who = of(&outcome.journey, "qui");
    let person = control(&who, "demandeur");
    assert_eq!(person.parts[3].value, Shown::Text("85.07.30-033.28".into()));
    assert_eq!(
        control(&who, "telephone").value,
        Shown::Text("0470 12 34 56".into())
    );
}

#[test]
fn an_error_stands_beside_what_was_typed() {
    let procedure = procedure();
    let post = typed("pour=moi\ndemandeur.last_name=Lambert\ncourriel=anne");
    let outcome = read_page(&procedure, "qui", &post, &Answers::new(), &context()).unwrap();
    let way = &outcome.journey;
    let controls = way
        .controls("qui", Some(&outcome.kept), &outcome.errors, "fr", None)
        .unwrap();
    let email = control(&controls, "courriel");
    assert_eq!(email.value, Shown::Text("anne".into()));
    assert!(email.error.is_some());
    assert!(control(&controls, "demandeur").parts[1].error.is_some());
    assert!(control(&controls, "demandeur").error.is_none());
}

#[test]
fn a_required_group_opens_with_one_empty_item_and_add_gives_another() {
    let procedure = procedure();
    let outcome = filled(&procedure, &[("qui", QUI)]);
    let mut post = typed("motif=rue");
    post.add_item("enfants");
    post.add_item("enfants");
    let outcome = read_page(&procedure, "quoi", &post, &outcome.answers, &context()).unwrap();
    let controls = outcome
        .journey
        .controls("quoi", Some(&outcome.kept), &[], "fr", None)
        .unwrap();
    assert_eq!(control(&controls, "enfants").items.len(), 2);
    assert!(
        outcome
            .errors
            .iter()
            .all(|error| !error.name.starts_with("enfants"))
    );
    // The country stands ready.
    let address = control(&controls, "adresse");
    let country = address.parts.last().unwrap();
    assert_eq!(country.value, Shown::Text("BE".into()));
    assert!(
        country
            .options
            .iter()
            .any(|option| option.checked && option.id == "BE")
    );
    assert_eq!(Json::Null, serde_json::to_value(&country.error).unwrap());
}
