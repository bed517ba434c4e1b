//! Every kind of defect, introduced into a good library by one small change, is reported by its name, in
//! the right file, on the right line, with advice. Many are the defects found in the forms of the counter
//! that this one replaces.

mod expressions;
mod fine;
mod outcome;
mod questions;
mod reading;
mod shipped;
mod ways;

use super::fixture::{self, CERTIFICATE, SITE};
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::library::Source;
use crate::definition::load::{LibraryFiles, load, load_sound};
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

/// The whole table.
fn cases() -> impl Iterator<Item = &'static Case> {
    [
        reading::CASES,
        expressions::CASES,
        questions::CASES,
        ways::CASES,
        outcome::CASES,
    ]
    .into_iter()
    .flatten()
}

/// Kinds that a change of words does not bring about; each has its own test below. An example is played by the form room: `form::examples`, and publishing, have theirs.
const OTHERWISE: [DefectKind; 4] = [K::MissingSite, K::TooLarge, K::NoExample, K::WrongExample];

/// Everything said of a library, whether it can be read or not.
fn said(files: &LibraryFiles) -> Vec<Defect> {
    load_sound(files).map_or_else(|found| found, |loaded| loaded.defects)
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

/// The cases that were not said as they should, with what was said instead.
fn unsaid<'c>(files: &LibraryFiles, cases: impl IntoIterator<Item = &'c Case>) -> String {
    let mut wrong = String::new();
    for case in cases {
        let edited = fixture::edited_in(files, case.file, case.from, case.to);
        let (file, line) = match case.at {
            Some((file, words)) => (file, fixture::line_of(&edited.files, file, words)),
            None => (case.file, edited.line),
        };
        let found = said(&edited.files);
        let advised = |defect: &Defect| {
            let advice = defect.suggestion.as_deref().unwrap_or_default();
            advice.replace('\u{a0}', " ").contains(case.advice)
        };
        let right = found.iter().any(|defect| {
            (defect.kind, defect.file.as_str(), defect.line) == (case.kind, file, line)
                && advised(defect)
        });
        if !right {
            wrong.extend([format!(
                "\n{} at {file}:{line} ({:?} -> {:?}) with {:?} was not said. Said:\n{}",
                case.kind.name(),
                case.from,
                case.to,
                case.advice,
                shown(&found)
            )]);
        }
    }
    wrong
}

#[test]
fn every_defect_is_reported_by_name_at_its_place_with_advice() {
    let wrong = unsaid(&fixture::files(), cases());
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_table_covers_every_kind() {
    let mut covered: HashSet<DefectKind> = cases().map(|case| case.kind).collect();
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
fn two_files_for_one_procedure_are_both_held_back() {
    let files = fixture::files();
    let twin = Source {
        path: "cpas/certificat.yaml".to_owned(),
        text: files.text(CERTIFICATE).unwrap().to_owned(),
    };
    let both = files.overridden_by(LibraryFiles::from_sources([twin]));
    let found = said(&both);
    assert_eq!(found.len(), 1, "{}", shown(&found));
    assert_eq!(found[0].kind, K::DuplicateId);
    assert_eq!(found[0].concerns.len(), 2);
}

#[test]
fn an_expression_too_deep_to_be_read_is_refused() {
    let deep = format!("{}answers.adult{}", "!(".repeat(400), ")".repeat(400));
    let long = vec!["answers.adult"; 2_000].join(" || ");
    let unsure = format!("{}true", "answers.adult ? false : ".repeat(150));
    let negated = format!("{}answers.adult", "!".repeat(3_000));
    for expression in [deep, long, unsure, negated] {
        let change = format!("- when: \"{expression}\"\n      service");
        let from = "- when: answers.adult == false\n      service";
        let found = said(&fixture::edited(CERTIFICATE, from, &change).files);
        assert_eq!(found.len(), 1, "{}", shown(&found));
        assert_eq!(found[0].kind, K::BrokenExpression);
    }
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
fn a_hundred_procedures_are_checked_at_once() {
    let library = load(&fixture::files()).unwrap();
    let mut many = library.clone();
    for _ in 0..50 {
        many.procedures.extend_from_slice(&library.procedures);
    }
    let start = std::time::Instant::now();
    super::check(&many);
    let taken = start.elapsed();
    // A tenth of it on a machine that does nothing else.
    assert!(taken.as_secs() < 3, "{taken:?}");
}
