//! Every kind of defect, introduced into a good library by one small change, is reported by its name, in
//! the right file, on the right line, with advice. Many are the defects found in the forms of the counter
//! that this one replaces.

use super::fixture::{self, CERTIFICATE, GROUP, REGISTRY, SITE, WORKFLOW};
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::library::Source;
use crate::definition::load::{LibraryFiles, load, load_readable};
use DefectKind as K;
use std::collections::HashSet;

/// One small change, and what must be said of it.
struct Case {
    kind: DefectKind,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    /// The file and words of the line it is said of; the changed line when left out.
    at: Option<(&'static str, &'static str)>,
    /// Words of the advice.
    advice: &'static str,
}

const fn case(
    kind: DefectKind,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    advice: &'static str,
) -> Case {
    Case {
        kind,
        file,
        from,
        to,
        at: None,
        advice,
    }
}

impl Case {
    const fn at(mut self, file: &'static str, words: &'static str) -> Self {
        self.at = Some((file, words));
        self
    }
}

const CASES: &[Case] = &[
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
    case(
        K::BrokenExpression,
        CERTIFICATE,
        "when: answers.delivery == 'post'",
        "when: answers.delivery = 'post'",
        "==",
    ),
    case(
        K::UnknownName,
        CERTIFICATE,
        "answers.adult == false\n      service",
        "answers.adlut == false\n      service",
        "« answers.adult »",
    ),
    case(
        K::UnknownName,
        CERTIFICATE,
        "amount: settings.unit_price",
        "amount: settings.unit_prize",
        "« settings.unit_price »",
    ),
    case(
        K::UnknownName,
        CERTIFICATE,
        "email: answers.email",
        "email: email",
        "« answers.email »",
    ),
    case(
        K::UnknownName,
        GROUP,
        "prefill: citizen.email",
        "prefill: citizen.mail",
        "« citizen.email »",
    ),
    case(
        K::UnknownName,
        CERTIFICATE,
        "chosen.motive.price",
        "chosen.motive.prize",
        "« chosen.motive.price »",
    ),
    case(
        K::UnknownName,
        WORKFLOW,
        "guard: request.fee",
        "guard: request.fees",
        "« request.fee »",
    ),
    case(
        K::UnknownFunction,
        CERTIFICATE,
        "age(answers",
        "aeg(answers",
        "« age »",
    ),
    case(
        K::UnknownOption,
        CERTIFICATE,
        "['bank', 'school']",
        "['bank', 'scool']",
        "'school'",
    ),
    case(
        K::UnknownOption,
        CERTIFICATE,
        "when: answers.delivery == 'post'\n      amount",
        "when: answers.delivery == 'mail'\n      amount",
        "online, post",
    ),
    case(
        K::LabelCompared,
        CERTIFICATE,
        "['bank', 'school']",
        "['bank', 'Pour une école']",
        "'school'",
    ),
    case(
        K::LabelCompared,
        CERTIFICATE,
        "when: answers.delivery == 'post'\n      amount",
        "when: answers.delivery == 'par la poste'\n      amount",
        "'post'",
    ),
    case(
        K::WrongType,
        CERTIFICATE,
        "answers.adult == false\n      service",
        "answers.adult == 'non'\n      service",
        "true ou false",
    ),
    case(
        K::WrongType,
        CERTIFICATE,
        "that: answers.since <= today",
        "that: answers.since <= 2026",
        "",
    ),
    case(
        K::WrongType,
        CERTIFICATE,
        "that: answers.since <= today",
        "that: answers.since <= '01/02/2026'",
        "2026-11-23",
    ),
    case(
        K::WrongType,
        CERTIFICATE,
        "amount: settings.unit_price + chosen.motive.price",
        "amount: answers.delivery",
        "",
    ),
    case(
        K::WrongType,
        CERTIFICATE,
        "max: today",
        "max: today + 10",
        "add_days",
    ),
    case(
        K::LaterAnswer,
        CERTIFICATE,
        "      title: Vous\n",
        "      title: Vous\n      when: answers.delivery == 'post'\n",
        "plus haut",
    )
    .at(CERTIFICATE, "when: answers.delivery == 'post'"),
    case(
        K::LaterAnswer,
        CERTIFICATE,
        "when: answers.delivery == 'post'\n          min",
        "when: answers.since == today\n          min",
        "plus haut",
    ),
    case(
        K::UnreachablePage,
        CERTIFICATE,
        "answers.motive in ['bank', 'school']",
        "answers.delivery == 'online'",
        "",
    ),
    case(
        K::UnreachableField,
        CERTIFICATE,
        "label: Adresse d’envoi\n",
        "label: Adresse d’envoi\n          when: answers.delivery != 'post'\n",
        "",
    )
    .at(CERTIFICATE, "when: answers.delivery != 'post'"),
    case(
        K::UnreachableOption,
        CERTIFICATE,
        "when: settings.by_post",
        "when: settings.by_post && answers.motive == null",
        "",
    ),
    case(
        K::DuplicateId,
        CERTIFICATE,
        "- id: copies",
        "- id: email",
        "autre id",
    ),
    case(
        K::DuplicateId,
        CERTIFICATE,
        "- id: online",
        "- id: post",
        "autre id",
    )
    .at(CERTIFICATE, "label: Par la poste"),
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
        K::UnknownStatus,
        WORKFLOW,
        "to: waiting",
        "to: waitng",
        "« waiting »",
    ),
    case(
        K::UnknownTransition,
        WORKFLOW,
        "take: expire",
        "take: expires",
        "« expire »",
    ),
    case(
        K::UnreachableStatus,
        WORKFLOW,
        "to: waiting",
        "to: received",
        "",
    )
    .at(WORKFLOW, "- id: waiting"),
    case(K::DeadEnd, WORKFLOW, "    final: refused\n", "", "final").at(WORKFLOW, "- id: refused"),
    case(K::NobodyTakes, WORKFLOW, "by: [head]", "by: []", "by:"),
    case(
        K::NobodyTakes,
        WORKFLOW,
        "guard: request.fee >= 0",
        "guard: answers.adult == null",
        "",
    ),
    case(
        K::FinalLeft,
        WORKFLOW,
        "from: [waiting]\n    to: expired",
        "from: [waiting, done]\n    to: expired",
        "",
    ),
    case(K::TimerLoop, WORKFLOW, "to: expired", "to: waiting", "").at(WORKFLOW, "- id: no-answer"),
    case(K::TimerStuck, WORKFLOW, "take: expire", "take: issue", ""),
    case(
        K::AskedInVain,
        WORKFLOW,
        "by: [citizen]",
        "by: [agent]",
        "citizen",
    )
    .at(WORKFLOW, "- id: waiting"),
    case(
        K::UnknownMail,
        WORKFLOW,
        "mail: issued",
        "mail: isued",
        "« issued »",
    ),
    case(
        K::UnknownDocument,
        WORKFLOW,
        "issue: all",
        "issue: certificat",
        "« certificate »",
    ),
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
        K::DeadSetting,
        CERTIFICATE,
        "when: settings.by_post",
        "when: true",
        "settings.by_post",
    )
    .at(CERTIFICATE, "- id: by_post"),
];

/// Kinds that a change of words does not bring about; each has its own test below.
const OTHERWISE: [DefectKind; 3] = [K::MissingSite, K::TooLarge, K::NoExample];

/// Everything said of a library, whether it can be read or not.
fn said(files: &LibraryFiles) -> Vec<Defect> {
    match load_readable(files) {
        Ok(loaded) => {
            let mut found = loaded.defects;
            found.extend(super::check(&loaded.library));
            found
        }
        Err(found) => found,
    }
}

fn shown(defects: &[Defect]) -> String {
    let lines = defects.iter().map(|defect| format!("  {defect}\n"));
    lines.collect()
}

#[test]
fn the_good_library_has_no_defect() {
    let found = said(&fixture::files());
    assert!(found.is_empty(), "{}", shown(&found));
}

#[test]
fn every_defect_is_reported_by_name_at_its_place_with_advice() {
    let mut wrong = String::new();
    for case in CASES {
        let edited = fixture::edited(case.file, case.from, case.to);
        let (file, line) = match case.at {
            Some((file, words)) => (file, fixture::line_of(&edited.files, file, words)),
            None => (case.file, edited.line),
        };
        let found = said(&edited.files);
        let advised = |defect: &&Defect| {
            let advice = defect.suggestion.as_deref().unwrap_or_default();
            let advice = advice.replace('\u{a0}', " ");
            advice.contains(case.advice)
        };
        let right = found
            .iter()
            .filter(|defect| defect.kind == case.kind && defect.file == file && defect.line == line)
            .any(|defect| advised(&defect));
        if !right {
            wrong.push_str(&format!(
                "\n{} at {file}:{line} ({:?} -> {:?}) with {:?} was not said. Said:\n{}",
                case.kind.name(),
                case.from,
                case.to,
                case.advice,
                shown(&found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_table_covers_every_kind() {
    let mut covered: HashSet<DefectKind> = CASES.iter().map(|case| case.kind).collect();
    covered.extend(OTHERWISE);
    let forgotten = DefectKind::ALL
        .iter()
        .filter(|kind| !covered.contains(kind));
    let forgotten: Vec<_> = forgotten.map(|kind| kind.name()).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

#[test]
fn a_library_without_its_site_file_is_refused() {
    let files = fixture::files();
    let without = files.iter().filter(|(path, _)| *path != SITE);
    let without = LibraryFiles::from_sources(without.map(|(path, text)| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }));
    let found = said(&without);
    assert_eq!(
        (found[0].kind, found[0].file.as_str()),
        (K::MissingSite, SITE)
    );
}

#[test]
fn a_file_too_large_is_refused_before_it_is_read() {
    let large = format!("# {}\n", "x".repeat(600_000));
    let found = said(&fixture::edited(CERTIFICATE, "id: certificat\n", &large).files);
    assert_eq!(
        (found[0].kind, found[0].file.as_str()),
        (K::TooLarge, CERTIFICATE)
    );
}

#[test]
fn a_procedure_without_examples_is_pointed_out_and_may_be_published() {
    let text = fixture::files().text(CERTIFICATE).unwrap().to_owned();
    let examples = &text[text.find("examples:").unwrap()..];
    let edited = fixture::edited(CERTIFICATE, examples, "examples: []\n");
    let found = said(&edited.files);
    assert_eq!(found.len(), 1, "{}", shown(&found));
    assert_eq!(found[0].kind, K::NoExample);
    assert_eq!(
        found[0].line,
        fixture::line_of(&edited.files, CERTIFICATE, "examples: []")
    );
    assert!(!found[0].is_error());
}

#[test]
fn the_shipped_library_has_no_defect() {
    let files = LibraryFiles::shipped().expect("it is inside the program");
    let found = said(&files);
    assert!(found.is_empty(), "{}", shown(&found));
}

#[test]
fn a_hundred_procedures_are_checked_in_less_than_a_second() {
    let library = load(&fixture::files()).unwrap();
    let mut many = library.clone();
    for _ in 0..50 {
        many.procedures.extend_from_slice(&library.procedures);
    }
    let start = std::time::Instant::now();
    super::check(&many);
    let taken = start.elapsed();
    assert!(taken.as_millis() < 1_000, "{taken:?}");
}
