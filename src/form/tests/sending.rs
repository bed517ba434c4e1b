use super::fixture::{QUI, QUOI, context, filled, procedure, typed, whole};
use crate::form::{
    Answers, Fee, FeeLine, NotReady, Route, correct, journey, labels, summary, validate_all,
};
use chrono::NaiveDate;
use serde_json::json;

#[test]
fn a_whole_form_can_be_sent_with_its_route_fee_and_date() {
    let procedure = procedure();
    let complete = validate_all(&procedure, &whole(&procedure), &context()).unwrap();
    assert_eq!(complete.applicant().name, "Lambert Anne");
    assert_eq!(complete.applicant().phone, "+32470123456");
    assert_eq!(
        *complete.route(),
        Route {
            service: "cours".into(),
            because: "C’est une cour.".into()
        }
    );
    assert_eq!(
        *complete.fee(),
        Fee {
            lines: vec![FeeLine {
                label: "Bac".into(),
                cents: 3000
            }],
            total: 3000
        }
    );
    assert_eq!(
        complete.due(),
        NaiveDate::from_ymd_opt(2026, 12, 7).unwrap()
    );
    assert_eq!(complete.answers().get("total"), Some(&json!(3000)));
    assert!(complete.answers().get("avis").is_none());
    assert!(complete.answers().get("lien").is_none());
}

#[test]
fn an_unfinished_form_says_page_by_page_what_is_left() {
    let procedure = procedure();
    let answers = filled(&procedure, &[("qui", QUI)]).answers;
    let Err(NotReady::Unfinished(faults)) = validate_all(&procedure, &answers, &context()) else {
        panic!("nothing is left")
    };
    assert_eq!(faults[0].page, "quoi");
    assert_eq!(faults[0].error.name, "motif");
    assert!(
        faults
            .iter()
            .any(|fault| fault.page == "fin" && fault.error.name == "exact")
    );
}

#[test]
fn the_summary_says_answers_as_the_citizen_saw_them() {
    let procedure = procedure();
    let way = journey(&procedure, &whole(&procedure), &context());
    let pages = summary(&way, "fr");
    let row = |name: &str| {
        pages
            .iter()
            .flat_map(|page| &page.rows)
            .find(|row| row.field == name)
            .unwrap()
    };
    assert_eq!(row("pour").value, ["Pour moi"]);
    assert_eq!(
        row("demandeur").value,
        [
            "Anne Lambert",
            "Date de naissance\u{a0}: 30\u{a0}juillet 1985"
        ]
    );
    let number = row("demandeur.national_number");
    assert_eq!(number.value, ["85.07.30-***.**"]);
    assert_eq!(number.secret.as_ref().unwrap().full, "85.07.30-033.28");
    assert_eq!(
        row("dates").value,
        ["du 1er\u{a0}décembre 2026 au 5\u{a0}décembre 2026"]
    );
    assert_eq!(row("total").value, ["30,00\u{a0}€"]);
    assert_eq!(row("enfants.0").label, "Les enfants – 1");
    assert_eq!(
        row("enfants.0").value,
        ["Prénom\u{a0}: Léa", "Né le\u{a0}: 1er\u{a0}février 2020"]
    );
    assert_eq!(row("adresse").value, ["Rue de l’Exemple 12", "4520 Wanze"]);
    assert!(row("options").value.is_empty());
    assert_eq!(row("exact").value, ["Oui"]);
}

#[test]
fn letters_have_a_text_for_every_field() {
    let procedure = procedure();
    let words = labels(&journey(&procedure, &whole(&procedure), &context()), "fr");
    assert_eq!(words["motif"], json!("Une cour"));
    assert_eq!(words["lien"], json!(""));
    assert_eq!(words["demandeur"], json!("Anne Lambert"));
    assert_eq!(words["adresse"], json!("Rue de l’Exemple 12, 4520 Wanze"));
    assert_eq!(words["enfants"][0]["prenom"], json!("Léa"));
}

#[test]
fn a_correction_changes_the_named_fields_and_no_other() {
    let procedure = procedure();
    let sent = journey(&procedure, &whole(&procedure), &context()).final_answers();
    let allowed = ["courriel".to_owned()];
    let post = typed("courriel=marc@exemple.be\nnombre=19\nremarque=pirate");
    let outcome = correct(&procedure, &sent, &allowed, &post, &context()).unwrap();
    let corrected = outcome.corrected.expect("the address changed");
    let answers = corrected.answers();
    assert_eq!(answers.get("courriel"), Some(&json!("marc@exemple.be")));
    assert_eq!(answers.get("nombre"), Some(&json!(2)));
    assert_eq!(answers.get("remarque"), Some(&json!("Merci")));
    assert_eq!(corrected.fields(), ["courriel"]);
    // Mails follow the address.
    let applicant = corrected.applicant().expect("they are reached elsewhere");
    assert_eq!(applicant.email, "marc@exemple.be");
    assert_eq!(corrected.fee(), None);
    let post = typed("courriel=marc");
    let outcome = correct(&procedure, &sent, &allowed, &post, &context()).unwrap();
    assert_eq!(outcome.errors[0].name, "courriel");
    assert_eq!(outcome.errors.len(), 1);
}

#[test]
fn a_correction_that_brings_up_a_question_asks_it() {
    let procedure = procedure();
    let sent = journey(&procedure, &whole(&procedure), &context()).final_answers();
    let allowed = ["pour".to_owned(), "motif".to_owned()];
    let post = typed("pour=autre\nmotif=rue\n_shown=pour\n_shown=motif");
    let outcome = correct(&procedure, &sent, &allowed, &post, &context()).unwrap();
    assert_eq!(outcome.newly_asked, ["lien", "autre_nom"]);
    assert!(outcome.errors.is_empty());
    let post = typed("pour=autre\nmotif=rue\nlien=fils\nautre_nom=Marc");
    let outcome = correct(&procedure, &sent, &allowed, &post, &context()).unwrap();
    let corrected = outcome.corrected.expect("much changed");
    let last = corrected.answers();
    assert_eq!(last.get("autre_nom"), Some(&json!("Marc")));
    assert!(last.get("detail").is_none());
}

#[test]
fn nothing_at_all_cannot_be_sent() {
    let procedure = procedure();
    assert!(validate_all(&procedure, &Answers::new(), &context()).is_err());
    let without = filled(&procedure, &[("qui", QUI), ("quoi", QUOI)]).answers;
    assert!(validate_all(&procedure, &without, &context()).is_err());
}
