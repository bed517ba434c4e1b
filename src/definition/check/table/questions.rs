//! Ids, and questions that lack what they need.

use super::super::fixture::{CERTIFICATE, GROUP, REGISTRY};
use super::{Case, K, case};

pub const CASES: &[Case] = &[
    case(
        K::DuplicateId,
        CERTIFICATE,
        "- id: copies",
        "- id: email",
        "autre id",
    ),
    case(
        K::BadId,
        CERTIFICATE,
        "- id: since",
        "- id: Since",
        "« since »",
    ),
    case(
        K::MissingLabel,
        CERTIFICATE,
        "label: Nombre d’exemplaires",
        "label: ''",
        "",
    ),
    case(
        K::UnsuitedKey,
        CERTIFICATE,
        "          max: today\n",
        "          max: today\n          max_length: 5\n",
        "",
    )
    .at(CERTIFICATE, "max_length: 5"),
    case(
        K::NoOptions,
        CERTIFICATE,
        "          from: motifs\n",
        "",
        "options",
    )
    .at(CERTIFICATE, "- id: motive"),
    case(
        K::LeastAboveGreatest,
        CERTIFICATE,
        "min: 1\n",
        "min: 30\n",
        "",
    ),
    case(
        K::UnknownFileType,
        CERTIFICATE,
        "[pdf, jpeg]",
        "[pdf, jpg]",
        "« jpeg »",
    ),
    case(
        K::UnknownPart,
        CERTIFICATE,
        "label: Adresse d’envoi\n",
        "label: Adresse d’envoi\n          parts: [street, localty]\n",
        "« locality »",
    )
    .at(CERTIFICATE, "localty"),
    case(
        K::NoReason,
        CERTIFICATE,
        "          because: Nous vérifions votre adresse.\n",
        "",
        "because",
    )
    .at(CERTIFICATE, "- id: proof"),
    case(
        K::NoReason,
        GROUP,
        "    because: Le certificat est établi à votre nom.\n",
        "",
        "because",
    )
    .at(GROUP, "- id: person"),
    case(
        K::UnevenAttribute,
        REGISTRY,
        "price: 0, urgent: false",
        "price: 0",
        "toutes les options",
    )
    .at(REGISTRY, "- id: school"),
    case(
        K::UnknownField,
        CERTIFICATE,
        "field: since",
        "field: sincee",
        "« since »",
    ),
    case(
        K::DuplicateId,
        CERTIFICATE,
        "- id: post",
        "- id: online",
        "autre id",
    ),
];
