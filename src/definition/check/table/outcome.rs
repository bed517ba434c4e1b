//! Who receives a request, what it costs, what is owed to the citizen, what letters and settings say.

use super::super::fixture::{CERTIFICATE, SITE};
use super::{Case, K, case};

pub const CASES: &[Case] = &[
    case(
        K::NoRoute,
        CERTIFICATE,
        "  default: population\n",
        "",
        "default",
    )
    .at(CERTIFICATE, "routing:"),
    case(
        K::UnreachableRoute,
        CERTIFICATE,
        "when: answers.adult == false\n      service",
        "when: answers.adult == false && answers.guardian == null && answers.adult\n      service",
        "",
    ),
    case(
        K::UnreachableFee,
        CERTIFICATE,
        "when: answers.delivery == 'post'\n      amount",
        "when: answers.delivery == 'post' && chosen.delivery.price == 0\n      amount",
        "",
    ),
    case(
        K::UnknownService,
        CERTIFICATE,
        "default: population",
        "default: populaton",
        "« population »",
    ),
    case(
        K::UnknownService,
        CERTIFICATE,
        "route: etat-civil",
        "route: etat",
        "",
    ),
    case(
        K::ForeignService,
        CERTIFICATE,
        "default: population",
        "default: social",
        "population, etat-civil",
    ),
    case(
        K::UnknownAuthority,
        CERTIFICATE,
        "authority: commune",
        "authority: comune",
        "« commune »",
    ),
    case(
        K::UnknownProcedure,
        CERTIFICATE,
        "[rendez-vous]",
        "[rendezvous]",
        "« rendez-vous »",
    ),
    case(
        K::UnknownProcedure,
        SITE,
        "most_used: [certificat]",
        "most_used: [certificats]",
        "« certificat »",
    ),
    case(
        K::UnknownProcedure,
        SITE,
        "most_used: [certificat]",
        "not_offered: [certificats]",
        "« certificat »",
    ),
    case(
        K::NegativeFee,
        CERTIFICATE,
        "settings.unit_price + chosen",
        "settings.unit_price - chosen",
        "",
    ),
    case(
        K::NegativeFee,
        CERTIFICATE,
        "          min: 1\n",
        "",
        "min:",
    )
    .at(CERTIFICATE, "chosen.delivery.price * answers.copies"),
    case(
        K::NoLegalBasis,
        CERTIFICATE,
        "  basis: Règlement communal fictif.\n",
        "",
        "basis",
    )
    .at(CERTIFICATE, "legal:"),
    case(
        K::NoPurpose,
        CERTIFICATE,
        "  purpose: Délivrer le certificat demandé.\n",
        "",
        "purpose",
    )
    .at(CERTIFICATE, "legal:"),
    case(
        K::NoRetention,
        CERTIFICATE,
        "months: 12",
        "months: 0",
        "months",
    ),
    case(
        K::BrokenTemplate,
        CERTIFICATE,
        "{% endfor %}",
        "{% endfur %}",
        "accolades",
    ),
    case(
        K::UnknownValue,
        CERTIFICATE,
        "labels.since",
        "labels.sinse",
        "« labels.since »",
    ),
    case(
        K::UnknownValue,
        CERTIFICATE,
        "answers.person.first_name }}",
        "answers.person.frist_name }}",
        "first_name",
    ),
    case(
        K::UnknownValue,
        CERTIFICATE,
        "authority.name",
        "authorty.name",
        "« authority »",
    ),
    case(
        K::UnknownValue,
        CERTIFICATE,
        "{{ today }}",
        "{{ form.reason }}",
        "",
    ),
    case(
        K::UnknownSetting,
        SITE,
        "unit_price: 400",
        "unit_prise: 400",
        "« unit_price »",
    ),
    case(
        K::WrongSetting,
        SITE,
        "unit_price: 400",
        "unit_price: '400'",
        "",
    ),
    case(
        K::MissingSetting,
        CERTIFICATE,
        "type: yes_no\n    default: true\napplicant",
        "type: yes_no\n    default: true\n    required: true\napplicant",
        "site.yaml",
    )
    .at(CERTIFICATE, "- id: by_post"),
    case(
        K::DeadSetting,
        CERTIFICATE,
        "when: settings.by_post",
        "when: true",
        "settings.by_post",
    )
    .at(CERTIFICATE, "- id: by_post"),
    case(
        K::BadClosure,
        SITE,
        "reason: Fermeture fictive",
        "reason: ''",
        "reason",
    ),
    case(
        K::UnknownValue,
        CERTIFICATE,
        "{{ today }}",
        "{{ today | datte }}",
        "« date »",
    ),
];
