//! Papers as a town would print them; every name and number in them is invented.

use super::blocks::cut;
use super::{House, Issued, Receipt, TextError, issued, receipt, render};
use crate::definition::Site;
use crate::document::{Block, Level, Press, Verification};
use crate::form::summary::Secret;
use crate::form::{Attachment, Row, SummaryPage};
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use serde_json::{Value as Json, json};

fn site() -> Site {
    serde_json::from_value(json!({
        "name": "Wanze", "short_name": "Wanze", "hosts": [], "languages": ["fr"],
        "postal_codes": ["4520"],
        "authorities": [
            {
                "id": "commune", "name": "Commune de Wanze", "short_name": "Commune",
                "secrecy": "open", "address": ["Rue de l’Exemple 1", "4520 Wanze"],
                "mail_from": "guichet@commune.wanze.example", "accent": "#1d5b3f",
                "signature": ["Pour le collège communal,", "(signataires fictifs)"],
            },
            {
                "id": "cpas", "name": "CPAS de Wanze", "short_name": "CPAS",
                "secrecy": "social", "address": [], "mail_from": "guichet@wanze.example",
            },
        ],
        "services": [
            { "id": "population", "name": "Population", "authority": "commune" },
            { "id": "energie", "name": "Énergie", "authority": "cpas" },
        ],
    }))
    .unwrap()
}

fn house<'a>(site: &'a Site, authority: &str, service: &str) -> House<'a> {
    House {
        site,
        authority: site.authority(authority).unwrap(),
        service: site.service(service),
        base_url: "https://guichet.wanze.example",
    }
}

fn verification() -> Verification {
    Verification {
        url: "https://guichet.wanze.example/verification/7K4M2P93QX8TB5WD".into(),
        code: "7K4M2P93QX8TB5WD".into(),
    }
}

fn moment() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 13, 35, 0).unwrap()
}

fn row(label: &str, value: &[&str]) -> Row {
    Row {
        field: "x".into(),
        label: label.into(),
        value: value.iter().map(ToString::to_string).collect(),
        secret: None,
        files: Vec::new(),
    }
}

fn file() -> Attachment {
    Attachment {
        id: "1".into(),
        name: "accord-signé.pdf".into(),
        size: 412_318,
        media_type: "application/pdf".into(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
    }
}

fn pages() -> Vec<SummaryPage> {
    let number = Row {
        secret: Some(Secret {
            kind: "national_number",
            full: "85.07.30-033.28".into(),
        }),
        ..row("Numéro national", &["85.07.30-***.**"])
    };
    let proof = Row {
        files: vec![file()],
        ..row("Accord écrit", &[])
    };
    let rows = vec![row("Nom et prénom", &["Anne Lambert"]), number, proof];
    vec![SummaryPage {
        id: "vous".into(),
        title: "Vous".into(),
        rows,
    }]
}

fn a_receipt<'a>(
    house: House<'a>,
    pages: &'a [SummaryPage],
    files: &'a [Attachment],
) -> Receipt<'a> {
    Receipt {
        house,
        language: "fr",
        procedure: "Composition de ménage",
        reference: "7K4·M2P·93",
        applicant: "Lambert Anne",
        submitted_at: moment(),
        pages,
        fee: &[],
        total: 0,
        files,
        next: "Le service vérifie votre demande.",
        due_on: NaiveDate::from_ymd_opt(2026, 11, 25),
        delay_source: "",
        social: false,
        verification: verification(),
    }
}

/// Every word of the blocks, for looking in.
fn words(blocks: &[Block]) -> String {
    format!("{blocks:#?}")
}

#[test]
fn a_receipt_says_what_when_and_by_when_and_shows_no_secret() {
    let site = site();
    let pages = pages();
    let files = [file()];
    let fee = [("Document".to_owned(), 500), ("Envoi".to_owned(), 150)];
    let sheet = receipt(&Receipt {
        fee: &fee,
        total: 650,
        ..a_receipt(house(&site, "commune", "population"), &pages, &files)
    });
    assert_eq!(sheet.title, "Accusé de réception");
    assert_eq!(sheet.date_line, "Wanze, le 23\u{a0}novembre 2026");
    assert_eq!(
        sheet.letterhead.lines,
        ["Population", "Rue de l’Exemple 1", "4520 Wanze"]
    );
    let said = words(&sheet.blocks);
    for part in [
        "lundi 23\u{a0}novembre 2026 à 14\u{a0}h\u{a0}35",
        "au plus tard le mercredi 25\u{a0}novembre 2026",
        "85.07.30-***.**",
        "accord-signé.pdf",
        "412\u{a0}318\u{a0}octets",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "6,50\u{a0}€",
        "service Population",
    ] {
        assert!(
            said.contains(&format!("{part:?}")[1..format!("{part:?}").len() - 1]),
            "{part}\n{said}"
        );
    }
    assert!(!said.contains("033.28"), "{said}");
}

#[test]
fn a_free_request_without_files_has_no_empty_tables() {
    let site = site();
    let sheet = receipt(&a_receipt(house(&site, "commune", "population"), &[], &[]));
    assert!(
        !sheet
            .blocks
            .iter()
            .any(|b| matches!(b, Block::Table { .. }))
    );
    assert!(!words(&sheet.blocks).contains("Vos réponses"));
}

#[test]
fn a_request_for_social_aid_is_registered_the_day_it_comes() {
    let site = site();
    let sheet = receipt(&Receipt {
        social: true,
        delay_source: "Le CPAS décide dans les 30 jours de la réception de la demande.",
        due_on: NaiveDate::from_ymd_opt(2026, 12, 23),
        ..a_receipt(house(&site, "cpas", "energie"), &[], &[])
    });
    let said = words(&sheet.blocks);
    assert!(
        said.contains("enregistrée à la date de sa réception"),
        "{said}"
    );
    assert!(said.contains("dans les 30 jours"), "{said}");
    // No address line with a postal code: the short name of the site.
    assert_eq!(sheet.date_line, "Wanze, le 23\u{a0}novembre 2026");
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.into())
}

fn pairs(all: &[(&str, &str)]) -> Block {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    Block::KeyValues(all.iter().map(own).collect())
}

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

fn a_document<'a>(house: House<'a>, text: &'a str, empty: &'a Json, form: &'a Json) -> Issued<'a> {
    Issued {
        house,
        language: "fr",
        title: "Composition de ménage",
        reference: "7K4·M2P·93",
        applicant: "Lambert Anne",
        text,
        signed: true,
        submitted_at: moment(),
        issued_at: moment(),
        answers: empty,
        labels: empty,
        settings: empty,
        form,
        verification: verification(),
    }
}

#[test]
fn an_issued_document_is_titled_dated_signed_and_can_be_verified() {
    let site = site();
    let empty = json!({});
    let form = json!({ "membres": [
        { "nom": "Lambert Anne", "ne": "1985-07-30" }, { "nom": "Dupont Marc", "ne": "2000-01-25" },
    ]});
    let text = "# Composition de ménage\n\nDemande {{ request.reference }} du {{ request.submitted | date }}.\n\n\
        {% for m in form.membres -%}\n- {{ m.nom }} : né(e) le {{ m.ne | short_date }}\n{% endfor %}\n\
        Personnes : {{ form.membres | length }}, {{ authority.name }}, {{ site.name }}.";
    let house = house(&site, "commune", "population");
    let sheet = issued(&a_document(house, text, &empty, &form)).unwrap();
    assert_eq!(sheet.title, "Composition de ménage");
    assert_eq!(sheet.date_line, "");
    assert_eq!(sheet.verification, Some(verification()));
    assert_eq!(
        sheet.blocks,
        [
            paragraph("Demande 7K4·M2P·93 du 23\u{a0}novembre 2026."),
            pairs(&[
                ("Lambert Anne", "né(e) le 30/07/1985"),
                ("Dupont Marc", "né(e) le 25/01/2000")
            ]),
            paragraph("Personnes : 2, Commune de Wanze, Wanze."),
            Block::Signature {
                place_date: "Fait à Wanze, le 23\u{a0}novembre 2026".into(),
                lines: vec![
                    "Pour le collège communal,".into(),
                    "(signataires fictifs)".into()
                ],
            },
        ]
    );
    let unsigned = Issued {
        signed: false,
        ..a_document(house, "Bonjour.", &empty, &form)
    };
    let sheet = issued(&unsigned).unwrap();
    assert_eq!(sheet.title, "Composition de ménage");
    assert_eq!(sheet.date_line, "Wanze, le 23\u{a0}novembre 2026");
    assert_eq!(sheet.blocks, [paragraph("Bonjour.")]);
}

#[test]
fn both_papers_come_out_of_the_press() {
    let press = Press::new().unwrap();
    let site = site();
    let pages = pages();
    let files = [file()];
    let house = house(&site, "commune", "population");
    let pdf = press
        .print(&receipt(&a_receipt(house, &pages, &files)))
        .unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let empty = json!({});
    let document = issued(&a_document(
        house,
        "Texte\u{a0}: œuvre, 12\u{a0}€.",
        &empty,
        &empty,
    ));
    assert!(
        press
            .print(&document.unwrap())
            .unwrap()
            .starts_with(b"%PDF-")
    );
}
