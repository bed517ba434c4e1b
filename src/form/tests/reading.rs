use super::fixture::{QUI, QUOI, context, filled, message, procedure, typed, whole};
use crate::definition::Procedure;
use crate::form::{Answers, Attachment, PageOutcome, TooMuch, Typed, read_page};
use serde_json::json;

/// Posts the second page with some lines changed.
fn quoi<'d>(procedure: &'d Procedure, changes: &[(&str, &str)]) -> PageOutcome<'d> {
    let mut lines = QUOI.to_owned();
    for (from, to) in changes {
        assert!(lines.contains(from), "{from}");
        lines = lines.replace(from, to);
    }
    filled(procedure, &[("qui", QUI), ("quoi", &lines)])
}

#[test]
fn what_is_typed_becomes_answers_in_their_normal_shape() {
    let procedure = procedure();
    let answers = whole(&procedure).to_json();
    assert_eq!(
        answers["demandeur"],
        json!({ "last_name": "Lambert", "first_name": "Anne", "birth_date": "1985-07-30", "national_number": "85073003328" })
    );
    assert_eq!(answers["telephone"], json!("+32470123456"));
    assert_eq!(answers["nombre"], json!(2));
    assert_eq!(
        answers["dates"],
        json!({ "from": "2026-12-01", "to": "2026-12-05" })
    );
    assert_eq!(answers["enfants"][0]["ne_le"], json!("2020-02-01"));
    assert_eq!(answers["adresse"]["box"], json!(null));
    assert_eq!(answers["options"], json!([]));
    assert_eq!(answers["plan"], json!([]));
    assert_eq!(answers["exact"], json!(true));
}

#[test]
fn an_error_says_how_to_mend_it_and_keeps_everything_typed() {
    let procedure = procedure();
    let wrong = QUI
        .replace("85.07.30-033.28", "85.07.30-033.2")
        .replace("anne@exemple.be", "anne.exemple.be");
    let outcome = filled(&procedure, &[("qui", &wrong)]);
    let number = message(&outcome, "demandeur.national_number").unwrap();
    assert!(number.contains("Il manque 1\u{a0}chiffre"), "{number}");
    assert!(message(&outcome, "courriel").unwrap().contains('@'));
    assert_eq!(outcome.errors.len(), 2);
    assert_eq!(outcome.errors[0].field_id, "demandeur-national_number");
    assert_eq!(
        outcome.kept.raw("demandeur.national_number"),
        Some("85.07.30-033.2")
    );
    // The other parts are saved.
    assert_eq!(
        outcome.answers.get("demandeur").unwrap()["first_name"],
        json!("Anne")
    );
    assert!(!outcome.may_go_on());
}

#[test]
fn every_missing_part_has_its_own_message() {
    let procedure = procedure();
    let outcome = filled(&procedure, &[("qui", "pour=moi")]);
    let names: Vec<&str> = outcome
        .errors
        .iter()
        .map(|error| error.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "demandeur.last_name",
            "demandeur.first_name",
            "demandeur.birth_date",
            "demandeur.national_number",
            "courriel"
        ]
    );
    assert_eq!(
        message(&outcome, "demandeur.last_name"),
        Some("Complétez ce champ.")
    );
}

#[test]
fn a_forged_option_is_refused() {
    let procedure = procedure();
    let outcome = quoi(
        &procedure,
        &[("motif=cour", "motif=gratuit\noptions=pelle\noptions=or")],
    );
    assert!(
        message(&outcome, "motif")
            .unwrap()
            .starts_with("Choisissez une des réponses")
    );
    assert!(message(&outcome, "options").is_some());
    assert_eq!(outcome.answers.get("options"), Some(&json!(["pelle"])));
}

#[test]
fn bounds_are_said_in_words() {
    let procedure = procedure();
    let outcome = quoi(
        &procedure,
        &[("nombre=2", "nombre=21"), ("01/12/2026", "24/11/2026")],
    );
    assert_eq!(message(&outcome, "nombre"), Some("Indiquez 20 ou moins."));
    assert_eq!(
        message(&outcome, "dates.from"),
        Some("Choisissez une date à partir du 25\u{a0}novembre 2026.")
    );
    let outcome = quoi(
        &procedure,
        &[("dates.to=2026-12-05", "dates.to=30/11/2026")],
    );
    assert_eq!(
        message(&outcome, "dates.to"),
        Some("La fin ne peut pas venir avant le début.")
    );
    let outcome = quoi(&procedure, &[("1/2/2020", "1/2/2030")]);
    assert!(
        message(&outcome, "enfants.0.ne_le")
            .unwrap()
            .contains("jusqu’au 23\u{a0}novembre 2026")
    );
}

#[test]
fn a_rule_of_the_page_speaks_beside_its_field_and_waits_for_its_answer() {
    let procedure = procedure();
    let outcome = quoi(
        &procedure,
        &[("adresse.postal_code=4520", "adresse.postal_code=4500")],
    );
    assert_eq!(
        message(&outcome, "adresse"),
        Some("Choisissez un lieu dans la commune.")
    );
    let outcome = quoi(
        &procedure,
        &[("adresse.postal_code=4520", "adresse.postal_code=")],
    );
    assert_eq!(message(&outcome, "adresse"), None);
    assert!(message(&outcome, "adresse.postal_code").is_some());
}

#[test]
fn a_warning_may_be_confirmed() {
    let procedure = procedure();
    let outcome = quoi(&procedure, &[("2026-12-05", "2027-02-05")]);
    assert_eq!(outcome.warnings[0].name, "dates");
    assert!(outcome.errors.is_empty() && !outcome.may_go_on());
    let outcome = quoi(&procedure, &[("2026-12-05", "2027-02-05\n_confirm=1")]);
    assert!(outcome.may_go_on());
}

#[test]
fn a_question_that_was_not_shown_yet_is_put_without_reproach() {
    let procedure = procedure();
    let shown = "\n_shown=pour\n_shown=demandeur\n_shown=courriel\n_shown=telephone";
    let lines = format!("{}{shown}", QUI.replace("pour=moi", "pour=autre"));
    let outcome = filled(&procedure, &[("qui", &lines)]);
    assert_eq!(outcome.newly_asked, ["lien"]);
    assert!(outcome.errors.is_empty() && !outcome.may_go_on());
    let outcome = filled(&procedure, &[("qui", &format!("{lines}\n_shown=lien"))]);
    assert!(message(&outcome, "lien").is_some());
}

#[test]
fn an_item_nobody_filled_is_left_out_and_a_half_filled_one_is_not() {
    let procedure = procedure();
    let outcome = quoi(
        &procedure,
        &[(
            "enfants.0.ne_le=1/2/2020",
            "enfants.0.ne_le=1/2/2020\nenfants.1.prenom=\nenfants.2.prenom=Tom",
        )],
    );
    assert!(message(&outcome, "enfants.1.prenom").is_none());
    assert!(message(&outcome, "enfants.2.ne_le").is_some());
    assert_eq!(
        outcome.journey.answers()["enfants"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let more =
        "enfants.0.ne_le=1/2/2020\nenfants.1.prenom=A\nenfants.2.prenom=B\nenfants.3.prenom=C";
    let outcome = quoi(&procedure, &[("enfants.0.ne_le=1/2/2020", more)]);
    assert_eq!(
        message(&outcome, "enfants"),
        Some("Gardez au plus 3\u{a0}réponses.")
    );
}

#[test]
fn the_files_of_an_item_follow_it_when_another_is_removed() {
    let procedure = procedure();
    let lines = format!("{QUOI}\nenfants.1.prenom=Tom\nenfants.1.ne_le=3/4/2021");
    let mut answers = filled(&procedure, &[("qui", QUI), ("quoi", &lines)]).answers;
    answers.attach("enfants.1.acte", &file("a"), 5).unwrap();
    let mut typed = typed(&lines);
    typed.remove_item("enfants.0");
    let outcome = read_page(&procedure, "quoi", &typed, &answers, &context()).unwrap();
    let children = &outcome.answers.get("enfants").unwrap();
    assert_eq!(children[0]["prenom"], json!("Tom"));
    assert_eq!(children[0]["acte"][0]["id"], json!("a"));
    assert_eq!(outcome.kept.raw("enfants.0.prenom"), Some("Tom"));
    assert_eq!(outcome.answers.files().len(), 1);
}

#[test]
fn files_stay_when_their_page_is_posted_again_and_go_when_they_are_removed() {
    let procedure = procedure();
    let mut answers = filled(&procedure, &[("qui", QUI)]).answers;
    answers.attach("plan", &file("p"), 2).unwrap();
    answers.attach("plan", &file("q"), 2).unwrap();
    assert!(answers.attach("plan", &file("r"), 2).is_err());
    let mut outcome = read_page(&procedure, "quoi", &typed(QUOI), &answers, &context()).unwrap();
    assert!(outcome.may_go_on());
    assert_eq!(outcome.answers.files().len(), 2);
    assert_eq!(outcome.answers.detach("p"), Some(file("p")));
    assert_eq!(outcome.answers.detach("p"), None);
    assert!(outcome.journey.files_question("plan").is_some());
    assert!(outcome.journey.files_question("enfants.2.acte").is_some());
    assert!(outcome.journey.files_question("enfants.3.acte").is_none());
    assert!(outcome.journey.files_question("nombre").is_none());
}

fn file(id: &str) -> Attachment {
    Attachment {
        id: id.into(),
        name: format!("{id}.pdf"),
        size: 12,
        media_type: "application/pdf".into(),
        sha256: "0".repeat(64),
    }
}

#[test]
fn texts_are_trimmed_composed_and_refused_with_control_characters() {
    let procedure = procedure();
    let outcome = quoi(
        &procedure,
        &[(
            "detail=Le long du mur",
            "detail=  e\u{301}te\u{301}\u{200b} ",
        )],
    );
    assert_eq!(outcome.answers.get("detail"), Some(&json!("été")));
    let outcome = quoi(&procedure, &[("detail=Le long du mur", "detail=a\u{7}b")]);
    assert!(message(&outcome, "detail").unwrap().contains("invisible"));
    let outcome = quoi(
        &procedure,
        &[("detail=Le long du mur", "detail=a\u{202e}b")],
    );
    assert!(message(&outcome, "detail").is_some());
    let long = format!("detail={}", "é".repeat(201));
    let outcome = quoi(&procedure, &[("detail=Le long du mur", &long)]);
    assert_eq!(
        message(&outcome, "detail"),
        Some("Raccourcissez ce texte\u{a0}: il compte 1\u{a0}caractère de trop (200 au plus).")
    );
}

#[test]
fn a_date_may_be_typed_in_one_control_or_in_three() {
    let procedure = procedure();
    let three = "enfants.0.ne_le.day=1\nenfants.0.ne_le.month=2\nenfants.0.ne_le.year=2020";
    let outcome = quoi(&procedure, &[("enfants.0.ne_le=1/2/2020", three)]);
    assert_eq!(
        outcome.answers.get("enfants").unwrap()[0]["ne_le"],
        json!("2020-02-01")
    );
    let outcome = quoi(
        &procedure,
        &[("enfants.0.ne_le=1/2/2020", "enfants.0.ne_le=31/02/2020")],
    );
    assert!(
        message(&outcome, "enfants.0.ne_le")
            .unwrap()
            .contains("n’existe pas")
    );
}

#[test]
fn an_address_abroad_keeps_its_own_postal_code() {
    let procedure = procedure();
    let outcome = quoi(
        &procedure,
        &[
            ("adresse.postal_code=4520", "adresse.postal_code=F-59 000"),
            ("country=BE", "country=FR"),
        ],
    );
    assert_eq!(
        outcome.answers.get("adresse").unwrap()["postal_code"],
        json!("F-59 000")
    );
    let outcome = quoi(&procedure, &[("adresse.country=BE", "adresse.country=")]);
    assert_eq!(
        outcome.answers.get("adresse").unwrap()["country"],
        json!("BE")
    );
}

#[test]
fn a_post_beyond_any_form_is_refused_before_it_is_read() {
    let many = (0..3_000).map(|n| (format!("n{n}"), String::new()));
    assert_eq!(Typed::parse(many), Err(TooMuch::Pairs));
    let name = [("n".repeat(500), String::new())];
    assert_eq!(Typed::parse(name), Err(TooMuch::Name));
    let text = [("n".to_owned(), "x".repeat(200_000))];
    assert_eq!(Typed::parse(text), Err(TooMuch::Text));
}

#[test]
fn answers_show_no_personal_data_in_a_log() {
    let procedure = procedure();
    let answers = whole(&procedure);
    let said = format!("{answers:?} {:?}", typed(QUI));
    assert!(!said.contains("Lambert") && said.contains("demandeur"));
    assert!(!format!("{:?}", Answers::new()).contains("Lambert"));
}
