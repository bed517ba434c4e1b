//! Papers as a town would print them; every name and number in them is invented.

mod words;

use super::{House, Issued, Receipt, issued, receipt, render};
use crate::calendar::Calendar;
use crate::definition::Site;
use crate::definition::field::FieldType;
use crate::definition::load::{LibraryFiles, load};
use crate::document::{Block, Press, Verification};
use crate::form::summary::Secret;
use crate::form::{Answers, Attachment, Context, Journey, Row, SummaryPage, labels};
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

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.into())
}

fn pairs(all: &[(&str, &str)]) -> Block {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    Block::KeyValues(all.iter().map(own).collect())
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
        verification: Some(verification()),
    }
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
fn what_happens_next_is_said_without_the_marks_of_a_screen() {
    let site = site();
    let next = "Le service **vérifie**. [Les tarifs](/tarifs) changent.\n\n- un\n- deux [x";
    let sheet = receipt(&Receipt {
        next,
        ..a_receipt(house(&site, "commune", "population"), &[], &[])
    });
    assert!(sheet.blocks.contains(&paragraph(
        "Le service vérifie. Les tarifs (/tarifs) changent."
    )));
    assert!(
        sheet
            .blocks
            .contains(&paragraph("–\u{a0}un\n–\u{a0}deux [x"))
    );
}

#[test]
fn a_request_for_social_aid_is_registered_the_day_it_comes() {
    let site = site();
    let sheet = receipt(&Receipt {
        social: true,
        delay_source: "Le CPAS décide dans les 30 jours de la réception de la demande",
        due_on: NaiveDate::from_ymd_opt(2026, 12, 23),
        ..a_receipt(house(&site, "cpas", "energie"), &[], &[])
    });
    let said = words(&sheet.blocks);
    assert!(
        said.contains("enregistrée à la date de sa réception"),
        "{said}"
    );
    assert!(said.contains("dans les 30 jours"), "{said}");
    assert!(said.contains("demande. Réponse attendue"), "{said}");
    assert!(said.contains("CPAS de Wanze, service Énergie"), "{said}");
    // No address line with a postal code: the short name of the site.
    assert_eq!(sheet.date_line, "Wanze, le 23\u{a0}novembre 2026");
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
fn lines_between_bars_are_a_table_and_what_a_person_typed_adds_no_column() {
    let (site, empty) = (site(), json!({}));
    let form = json!({ "membres": [{ "nom": "Lam|bert", "ne": "1985-07-30" }] });
    let text = "| Nom | Né(e) le |\n{% for m in form.membres -%}\n| {{ m.nom }} | {{ m.ne | short_date }} |\n{% endfor %}";
    let house = house(&site, "commune", "population");
    let sheet = issued(&a_document(house, text, &empty, &form)).unwrap();
    let Some(Block::Table { columns, rows }) = sheet.blocks.first() else {
        panic!("{:?}", sheet.blocks);
    };
    let titles: Vec<&str> = columns.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["Nom", "Né(e) le"]);
    assert_eq!(rows, &[["Lam|bert", "30/07/1985"]]);
}

#[test]
fn a_document_is_addressed_where_its_text_says_so() {
    let (site, empty) = (site(), json!({}));
    let text = "> Anne\n> {{ form.rue }}\n\nBonjour.";
    let form = json!({ "rue": "Rue de l’Exemple 12" });
    let house = house(&site, "commune", "population");
    let sheet = issued(&a_document(house, text, &empty, &form)).unwrap();
    assert_eq!(sheet.addressee, ["Anne", "Rue de l’Exemple 12"]);
    assert_eq!(sheet.blocks.first(), Some(&paragraph("Bonjour.")));
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

#[test]
fn a_long_address_is_broken_between_words_and_a_service_is_not_said_twice() {
    let mut site = site();
    site.authorities[0].address[0] = "Maison communale (adresse de démonstration)".into();
    site.services[0].name = "Service des travaux".into();
    let house = house(&site, "commune", "population");
    assert_eq!(
        house.letterhead().lines,
        [
            "Service des travaux",
            "Maison communale (adresse de",
            "démonstration)",
            "4520 Wanze"
        ]
    );
    assert_eq!(house.in_charge(), "Commune de Wanze, Service des travaux");
    assert_eq!(house.place(), "Wanze");
}

#[test]
fn every_document_of_the_library_names_only_what_is_there() {
    let library = load(&LibraryFiles::shipped().unwrap()).unwrap();
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let mut printed = 0;
    for definition in &library.procedures {
        let procedure = &definition.procedure;
        let calendar = std::sync::Arc::new(Calendar::legal());
        let context = Context::new(procedure, &library.site, today, calendar);
        let way = Journey::submitted(procedure, &Answers::new(), &context);
        let asked = definition.workflow.transitions.iter().flat_map(|t| &t.form);
        let blank = |kind| match kind {
            FieldType::Choices | FieldType::Files | FieldType::Group => json!([]),
            FieldType::Address => json!({
                "street": null, "number": null, "box": null, "postal_code": null, "locality": null,
                "country": null,
            }),
            _ => Json::Null,
        };
        let form: serde_json::Map<String, Json> = asked
            .map(|field| (field.id.to_string(), blank(field.field_type())))
            .collect();
        for document in &procedure.documents {
            let values = json!({
                "answers": way.answers(), "labels": labels(&way, "fr"),
                "settings": context.settings(), "form": form, "site": { "name": "Wanze" },
                "authority": { "name": "Wanze" }, "today": "2026-11-23",
                "request": { "reference": "7K4·M2P·93", "submitted": "2026-11-23" },
            });
            let filled = render(&document.text, &values);
            assert!(
                filled.is_ok(),
                "{}: {}",
                document.id.as_str(),
                filled.unwrap_err()
            );
            printed += 1;
        }
    }
    assert!(printed > 3, "{printed}");
}
