//! Two sheets as a town would print them, for the tests and for the eye. Every name, number and
//! address in them is invented.

use chrono::{DateTime, TimeZone, Utc};

use super::{Align, Block, Colour, Column, Letterhead, Level, Sheet, Verification};

pub fn moment() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 9, 41, 7).unwrap()
}

fn letterhead() -> Letterhead {
    Letterhead {
        authority_name: "Commune de Wanze".into(),
        lines: vec![
            "Service Population".into(),
            "Rue de l’Exemple\u{a0}1, 4520 Wanze".into(),
            "population@wanze.example".into(),
        ],
        accent: Colour::rgb(0x0a, 0x5a, 0x4c),
    }
}

fn footer() -> Vec<String> {
    vec![
        "Commune de Wanze · Rue de l’Exemple\u{a0}1, 4520 Wanze · wanze.example".into(),
        "Vos données servent à traiter cette demande. Vos droits\u{a0}: wanze.example/vie-privee"
            .into(),
    ]
}

/// Accusé de réception of a request for a composition de ménage.
pub fn receipt() -> Sheet {
    let answer = |question: &str, answer: &str| (question.to_owned(), answer.to_owned());
    Sheet {
        title: "Accusé de réception de votre demande".into(),
        language: "fr-BE".into(),
        letterhead: letterhead(),
        addressee: Vec::new(),
        reference: "WZ-2026-000123".into(),
        date_line: "Wanze, le 23\u{a0}novembre\u{a0}2026 à 10\u{a0}h\u{a0}41".into(),
        blocks: vec![
            Block::Paragraph(
                "Madame,\n\nNous avons bien reçu votre demande de composition de ménage le \
                 lundi 23\u{a0}novembre\u{a0}2026 à 10\u{a0}h\u{a0}41. Le service Population la \
                 traite\u{a0}; vous recevrez le document au plus tard le mercredi \
                 2\u{a0}décembre\u{a0}2026."
                    .into(),
            ),
            Block::Notice(
                "Conservez la référence WZ-2026-000123. Elle vous permet de suivre votre demande \
                 à l’adresse demarches.wanze.example/suivi, avec le code que vous avez reçu par \
                 courriel."
                    .into(),
            ),
            Block::Heading(Level::Section, "Vos réponses".into()),
            Block::Heading(Level::Part, "Le document".into()),
            Block::KeyValues(vec![
                answer("Le document concerne", "Moi-même"),
                answer(
                    "À quoi le document doit-il servir\u{a0}?",
                    "Demande d’allocation de chauffage auprès du CPAS",
                ),
                answer("Nombre d’exemplaires", "2"),
                answer("Prix", "Gratuit (0,00\u{a0}€)"),
            ]),
            Block::Heading(Level::Part, "Vos coordonnées".into()),
            Block::KeyValues(vec![
                answer("Nom et prénom", "Łucja Œuvrard-Dvořák"),
                answer("Numéro national", "00.00.00-000.00 (fictif)"),
                answer("Adresse", "Rue des Façades 12, boîte 3\n4520 Wanze"),
                answer("Courriel", "lucja@exemple.invalid"),
                answer(
                    "Remarque",
                    "Bonjour,\n\nle formulaire disait «\u{a0}ménage\u{a0}»\u{a0}: j’y ai \
                     compté mon fils, qui étudie à Liège mais reste domicilié chez moi. Est-ce \
                     juste\u{a0}?\n\nMerci d’avance",
                ),
            ]),
            Block::Heading(Level::Section, "Vos pièces jointes".into()),
            Block::Table {
                columns: vec![
                    column("Fichier", 3.2, Align::Left),
                    column("Taille", 1.0, Align::Right),
                    column("Empreinte SHA-256", 4.6, Align::Left),
                ],
                rows: vec![
                    vec![
                        "carte-d-identité-recto.pdf".into(),
                        "412\u{a0}ko".into(),
                        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
                    ],
                    vec![
                        "attestation de l’école (2026-2027) signée par la direction.jpeg".into(),
                        "1,8\u{a0}Mo".into(),
                        "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752".into(),
                    ],
                ],
            },
            Block::Heading(Level::Section, "Et maintenant\u{a0}?".into()),
            Block::Paragraph(
                "Un agent du service Population vérifie votre demande. S’il manque un \
                 renseignement, nous vous écrivons\u{a0}; le délai est alors suspendu jusqu’à \
                 votre réponse. Dès que le document est prêt, vous pouvez le télécharger sur la \
                 page de suivi."
                    .into(),
            ),
        ],
        footer: footer(),
        verification: None,
        across: None,
        created: moment(),
    }
}

fn column(title: &str, share: f32, align: Align) -> Column {
    Column {
        title: title.into(),
        share,
        align,
    }
}

/// The composition de ménage itself, signed and verifiable.
pub fn issued() -> Sheet {
    let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    Sheet {
        title: "Composition de ménage".into(),
        language: "fr-BE".into(),
        letterhead: letterhead(),
        addressee: vec![
            "Madame Łucja Œuvrard-Dvořák".into(),
            "Rue des Façades 12, boîte 3".into(),
            "4520 Wanze".into(),
        ],
        reference: "WZ-2026-000123".into(),
        date_line: "Wanze, le 25\u{a0}novembre\u{a0}2026".into(),
        blocks: vec![
            Block::Paragraph(
                "L’officier de l’état civil de la commune de Wanze certifie que, d’après les \
                 registres de la population, le ménage établi à l’adresse «\u{a0}Rue des \
                 Façades 12, boîte 3, 4520 Wanze\u{a0}» se compose, à la date de ce document, \
                 des personnes suivantes\u{a0}:"
                    .into(),
            ),
            Block::Table {
                columns: vec![
                    column("Nom", 3.0, Align::Left),
                    column("Prénoms", 3.0, Align::Left),
                    column("Né(e) le", 2.0, Align::Left),
                    column("Lien avec la personne de référence", 3.4, Align::Left),
                ],
                rows: vec![
                    row([
                        "Œuvrard-Dvořák",
                        "Łucja, Hélène",
                        "29/02/1980",
                        "Personne de référence",
                    ]),
                    row(["Exemple", "Noël, Loïc", "01/01/2006", "Fils"]),
                    row(["Exemple", "Maëlle", "31/12/2011", "Fille"]),
                ],
            },
            Block::Paragraph(
                "Ce document est délivré à la demande de l’intéressée pour lui servir auprès du \
                 CPAS (allocation de chauffage). Il est gratuit."
                    .into(),
            ),
            Block::Signature {
                place_date: "Fait à Wanze, le 25\u{a0}novembre\u{a0}2026".into(),
                lines: vec![
                    "Pour l’officier de l’état civil,".into(),
                    "Camille Fictive".into(),
                    "Agente déléguée, service Population".into(),
                ],
            },
        ],
        footer: footer(),
        verification: Some(Verification {
            url: "https://demarches.wanze.example/verification/K7QF92MXP4TA".into(),
            code: "K7QF92MXP4TA".into(),
        }),
        across: None,
        created: moment(),
    }
}
