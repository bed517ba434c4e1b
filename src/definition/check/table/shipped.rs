//! The same, in the library that is shipped: each defect of real counters' forms, introduced into a copy
//! of *composition de ménage* or its workflow, is reported by name.

use super::{Case, K, case, unsaid};
use crate::definition::library::Source;
use crate::definition::load::LibraryFiles;

const MENAGE: &str = "commune/composition-de-menage.yaml";
const DOCUMENT: &str = "shared/workflows/document.yaml";

const CASES: &[Case] = &[
    case(K::UnknownName, MENAGE, "when: \"answers.pour_qui == 'tiers'\"", "when: \"answers.pour_quoi == 'tiers'\"", "« answers.pour_qui »"),
    case(K::UnknownOption, MENAGE, "answers.pour_qui == 'tiers'", "answers.pour_qui == 'tier'", "'tiers'"),
    case(K::LabelCompared, MENAGE, "answers.pour_qui == 'tiers'", "answers.pour_qui == 'Celle d’une autre personne'", "'tiers'"),
    case(K::LabelCompared, MENAGE, "answers.pour_qui == 'tiers'", "answers.pour_qui == \\\"Celle d'une autre personne\\\"", "'tiers'"),
    case(K::WrongType, MENAGE, "when: settings.tiers_admis", "when: \"settings.tiers_admis == 'oui'\"", "true ou false"),
    case(K::LaterAnswer, MENAGE, "answers.pour_qui == 'tiers'", "answers.motif == 'notaire'", "plus haut"),
    case(K::UnreachablePage, MENAGE, "answers.pour_qui == 'tiers'", "answers.pour_qui == 'tiers' && answers.pour_qui == 'moi'", ""),
    case(K::UnreachableField, MENAGE, "when: \"chosen.lien.a_preciser == true\"", "when: \"answers.pour_qui == 'moi'\"", ""),
    case(K::DuplicateId, MENAGE, "- id: accord\n", "- id: lien\n", "autre id"),
    case(K::UnreachableStatus, DOCUMENT, "to: waiting", "to: in_progress", "").at(DOCUMENT, "- id: waiting"),
    case(K::DeadEnd, DOCUMENT, "    final: withdrawn\n", "", "final").at(DOCUMENT, "- id: withdrawn"),
    case(K::NobodyTakes, DOCUMENT, "by: [citizen]", "by: []", "by:"),
    case(K::TimerLoop, DOCUMENT, "to: expired", "to: waiting", "").at(DOCUMENT, "- id: expiry"),
    case(K::NoRoute, MENAGE, "  default: population\n", "", "default").at(MENAGE, "routing:"),
    case(K::UnknownMail, DOCUMENT, "mail: refused", "mail: refus", "« refused »"),
    case(K::UnknownDocument, MENAGE, "issue: composition_de_menage", "issue: composition", ""),
    case(K::UnknownValue, MENAGE, "form.date_situation | date", "form.date_sitation | date", "« form.date_situation »"),
    case(K::UnknownValue, MENAGE, "membre.relation }}", "membr.relation }}", ""),
    case(K::NegativeFee, MENAGE, "settings.prix_hors_commune)\n        + ", "settings.prix_hors_commune)\n        - 5000 + ", "montant < 0").at(MENAGE, "((answers.code_postal"),
    case(K::NoReason, MENAGE, "          because: \"Une composition de ménage révèle avec qui quelqu’un vit. Nous ne la donnons pas à une autre personne sans preuve de son accord.\"\n", "", "because").at(MENAGE, "- id: accord"),
    case(K::NoRetention, MENAGE, "months: 60", "months: 0", "months"),
    case(K::UnknownService, MENAGE, "default: population", "default: populations", "« population »"),
    case(K::ForeignService, MENAGE, "default: population", "default: energie", "etat-civil"),
    case(K::NoPurpose, MENAGE, "  purpose: \"Établir la composition de ménage, l’envoyer et en garder la preuve.\"\n", "", "purpose").at(MENAGE, "legal:"),
];

#[test]
fn every_defect_is_reported_in_a_copy_of_a_shipped_form() {
    let shipped = LibraryFiles::shipped().expect("it is inside the program");
    let (commune, cpas) = ("commune/", "cpas/");
    // The other procedures only take time.
    let beside =
        |path: &str| path != MENAGE && (path.starts_with(commune) || path.starts_with(cpas));
    let few = shipped.iter().filter(|(path, _)| !beside(path));
    let few = LibraryFiles::from_sources(few.map(|(path, text)| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }));
    let wrong = unsaid(&few, CASES);
    assert!(wrong.is_empty(), "{wrong}");
}
