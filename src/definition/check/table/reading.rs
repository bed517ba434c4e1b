//! Files that cannot be read.

use super::super::fixture::{CERTIFICATE, GROUP};
use super::{Case, K, case};

pub const CASES: &[Case] = &[
    case(
        K::NotYaml,
        CERTIFICATE,
        "minutes: 5",
        "minutes: 5: 6",
        "deux-points",
    ),
    case(
        K::UnknownKey,
        CERTIFICATE,
        "label: Pourquoi",
        "lable: Pourquoi",
        "« label »",
    ),
    case(K::MissingKey, CERTIFICATE, "minutes: 5\n", "", "minutes")
        .at(CERTIFICATE, "id: certificat"),
    case(
        K::DuplicateKey,
        CERTIFICATE,
        "minutes: 5\n",
        "minutes: 5\nminutes: 6\n",
        "une seule",
    ),
    case(
        K::WrongValue,
        CERTIFICATE,
        "type: integer",
        "type: interger",
        "« integer »",
    ),
    case(
        K::WrongValue,
        CERTIFICATE,
        "label: Nombre d’exemplaires",
        "label: 12",
        "guillemets",
    ),
    case(
        K::FileName,
        CERTIFICATE,
        "id: certificat\n",
        "id: certifikat\n",
        "certificat",
    ),
    case(
        K::BrokenPart,
        GROUP,
        "type: email",
        "typ: email",
        "shared/groups/demandeur.yaml",
    )
    .at(CERTIFICATE, "use: demandeur"),
    case(
        K::UnknownGroup,
        CERTIFICATE,
        "use: demandeur",
        "use: demandeurs",
        "« demandeur »",
    ),
    case(
        K::NestedGroup,
        CERTIFICATE,
        "- id: child\n              type: yes_no",
        "- id: child\n              type: group",
        "",
    )
    .at(CERTIFICATE, "- id: child"),
    case(
        K::UnknownRegistry,
        CERTIFICATE,
        "from: motifs",
        "from: motif",
        "« motifs »",
    ),
    case(
        K::UnknownWorkflow,
        CERTIFICATE,
        "workflow: document\n",
        "workflow: documents\n",
        "« document »",
    ),
];
