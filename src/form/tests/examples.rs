use super::fixture::{definition_with, site};
use crate::definition::load::{LibraryFiles, load};
use crate::form::run_examples;

const RIGHT: &str = r#"
  - name: "Anne"
    today: 2026-11-23
    settings: { prix: 700 }
    answers:
      pour: moi
      demandeur: { last_name: Lambert, first_name: Anne, birth_date: "30/07/1985", national_number: "85.07.30-033.28" }
      courriel: anne@exemple.be
      motif: rue
      options: [sac]
      nombre: 3
      dates: { from: "01/12/2026", to: "01/02/2027" }
      enfants: [{ prenom: Léa, ne_le: "01/02/2020", acte: [{ name: acte.pdf }] }]
      plan: [{ name: plan.pdf }]
      adresse: { street: "Rue de l’Exemple", number: "1", postal_code: "4520", locality: Wanze }
      exact: true
    expect:
      pages: [qui, quoi, fin]
      service: rues
      fee: 2100
      warnings: [dates]
      computed: { total: 2100 }
      due: 2026-12-07
"#;

#[test]
fn an_example_that_comes_out_as_it_says_is_silent() {
    assert_eq!(run_examples(&definition_with(RIGHT), &site()), []);
}

#[test]
fn every_difference_of_an_example_is_said() {
    for (from, to, said) in [
        (
            "[qui, quoi, fin]",
            "[qui, fin]",
            "les pages vues sont qui, quoi, fin",
        ),
        ("service: rues", "service: cours", "le service est « rues »"),
        ("fee: 2100", "fee: 2200", "2100 centimes au lieu de 2200"),
        (
            "warnings: [dates]",
            "warnings: []",
            "portent sur dates au lieu de rien",
        ),
        (
            "total: 2100",
            "total: 1",
            "« total » donne 2100 au lieu de 1",
        ),
        (
            "due: 2026-12-07",
            "due: 2026-12-08",
            "au lieu du 2026-12-08",
        ),
        ("motif: rue", "motif: mur", "« motif » est refusé"),
        (
            "service: rues",
            "errors: [nombre]",
            "« nombre » devrait être refusé",
        ),
        (
            "nombre: 3",
            "nombres: 3",
            "aucune question ne s’appelle « nombres »",
        ),
        (
            "{ prenom: Léa,",
            "{ prénom: Léa,",
            "n’a pas de question « prénom »",
        ),
    ] {
        assert!(RIGHT.contains(from), "{from}");
        let found = run_examples(&definition_with(&RIGHT.replacen(from, to, 1)), &site());
        assert!(
            found
                .iter()
                .any(|wrong| wrong.message.replace('\u{a0}', " ").contains(said)),
            "{said}: {found:?}"
        );
    }
}

#[test]
fn the_examples_of_the_shipped_forms_come_out_as_they_say() {
    let files = LibraryFiles::shipped().unwrap();
    let library = load(&files).unwrap();
    assert!(!library.procedures.is_empty());
    let mut all = Vec::new();
    for definition in &library.procedures {
        let found = run_examples(definition, &library.site);
        all.extend(
            found
                .into_iter()
                .map(|m| (definition.procedure.id.to_string(), m)),
        );
    }
    assert_eq!(all, []);
}
