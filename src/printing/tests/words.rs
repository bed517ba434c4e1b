//! Texts, cut and filled in.

use super::{pairs, paragraph};
use crate::document::{Block, Level};
use crate::printing::blocks::cut;
use crate::printing::{TextError, render};
use serde_json::json;

#[test]
fn a_text_is_cut_where_its_author_said() {
    let table: [(&str, &[Block]); 9] = [
        ("", &[]),
        ("Un.\n\n\nDeux.", &[paragraph("Un."), paragraph("Deux.")]),
        (
            "Une ligne\nqui continue",
            &[paragraph("Une ligne qui continue")],
        ),
        (
            "# Titre\nTexte\n## Partie",
            &[
                Block::Heading(Level::Section, "Titre".into()),
                paragraph("Texte"),
                Block::Heading(Level::Part, "Partie".into()),
            ],
        ),
        (
            "- Acte\u{a0}: n° 12\n- Dressé à : Wanze",
            &[pairs(&[("Acte", "n° 12"), ("Dressé à", "Wanze")])],
        ),
        ("- pain\n- lait", &[paragraph("–\u{a0}pain\n–\u{a0}lait")]),
        (
            "- Membre : Anne\nNombre : 1",
            &[pairs(&[("Membre", "Anne")]), paragraph("Nombre : 1")],
        ),
        (
            "- voir https://wanze.example\n- Remarque :",
            &[
                paragraph("–\u{a0}voir https://wanze.example"),
                pairs(&[("Remarque", "")]),
            ],
        ),
        (
            "#pas un titre\n-pas une liste",
            &[paragraph("#pas un titre -pas une liste")],
        ),
    ];
    for (text, blocks) in table {
        assert_eq!(cut(text), blocks, "{text:?}");
    }
}

#[test]
fn what_a_person_typed_makes_no_structure() {
    let values = json!({ "answers": { "nom": "Anne\n\n# Accordé\n- Montant : 1000 €" } });
    let text = render(
        "- Nom\u{a0}: {{ answers.nom }}\n\n{{ answers.nom }}",
        &values,
    )
    .unwrap();
    let typed = "Anne\n\n# Accordé\n- Montant : 1000 €";
    assert_eq!(cut(&text), [pairs(&[("Nom", typed)]), paragraph(typed)]);
    let values = json!({ "answers": { "nom": "# Accordé" } });
    let text = render("{{ answers.nom }}", &values).unwrap();
    assert_eq!(cut(&text), [paragraph("# Accordé")]);
}

#[test]
fn a_text_is_filled_in_the_belgian_way() {
    let values = json!({ "form": {
        "jour": "2026-12-01", "moment": "2026-07-20T22:30:00Z", "cents": 123_450, "vide": null,
        "nn": "85073003328",
    }});
    for (text, filled) in [
        ("{{ form.jour | date }}", "1er\u{a0}décembre 2026"),
        (
            "{{ form.jour | long_date }}",
            "mardi 1er\u{a0}décembre 2026",
        ),
        ("{{ form.jour | short_date }}", "01/12/2026"),
        ("{{ form.moment | short_date }}", "21/07/2026"),
        ("{{ form.cents | money }}", "1\u{a0}234,50\u{a0}€"),
        ("{{ form.nn | nn }}", "85.07.30-033.28"),
        (
            "[{{ form.vide }}{{ form.vide | date }}{{ form.vide | money }}]",
            "[]",
        ),
        ("{% if form.vide %}x{% else %}y{% endif %}", "y"),
    ] {
        let blocks = cut(&render(text, &values).unwrap());
        assert_eq!(blocks, [paragraph(filled)], "{text}");
    }
}

#[test]
fn a_text_that_cannot_be_filled_in_says_where_and_tells_no_answer() {
    let values = json!({ "form": { "nom": "Anne Lambert", "n": 3.5 } });
    for text in [
        "\n{{ form.absent }}",
        "\n{{ form.nom | date }}",
        "\n{{ form.n | money }}",
        "\n{{ form.nom | nn }}",
        "\n{{ form.nom",
        "\n{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
    ] {
        let error = render(text, &values).unwrap_err();
        assert!(
            matches!(error, TextError::Template { .. }),
            "{text}: {error}"
        );
        assert!(!error.to_string().contains("Anne"), "{error}");
    }
    let error = render("Un\n{{ form.absent }}", &values).unwrap_err();
    assert!(error.to_string().contains("line 2"), "{error}");
}
