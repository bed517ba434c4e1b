//! Sentences about reading a library.

use super::*;
use crate::definition::check::fixture;

fn edited(path: &str, from: &str, to: &str) -> LibraryFiles {
    fixture::edited(path, from, to).files
}

#[test]
fn a_library_is_read_with_its_shared_parts_in_place() {
    let library = load(&fixture::files()).expect("the fixture is good");
    let definition = library.procedure("certificat").expect("it is there");
    let ids: Vec<_> = definition
        .procedure
        .form
        .fields()
        .map(|f| f.id.as_str())
        .collect();
    assert_eq!(ids[..5], ["person", "email", "adult", "guardian", "motive"]);
    let motive = definition.procedure.form.field("motive").unwrap();
    assert_eq!(motive.options.len(), 2);
    assert!(definition.workflow.transition("forward").is_some());
    let paths: Vec<_> = definition.sources.iter().map(|s| s.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "commune/certificat.yaml",
            "shared/groups/demandeur.yaml",
            "shared/registries/motifs.yaml",
            "shared/workflows/document.yaml"
        ]
    );
}

#[test]
fn a_stored_version_is_read_again_from_its_own_files() {
    let library = load(&fixture::files()).unwrap();
    for definition in &library.procedures {
        let again = Definition::from_sources(&definition.sources).expect("it reads again");
        assert_eq!(again.sources, definition.sources);
        assert_eq!(
            format!("{:?}", again.procedure),
            format!("{:?}", definition.procedure)
        );
    }
}

#[test]
fn a_version_without_its_group_is_refused() {
    let library = load(&fixture::files()).unwrap();
    let sources = &library.procedure("certificat").unwrap().sources;
    let without: Vec<_> = sources
        .iter()
        .filter(|source| !source.path.starts_with(GROUPS))
        .cloned()
        .collect();
    let defects = Definition::from_sources(&without).unwrap_err();
    assert_eq!(defects[0].kind, DefectKind::UnknownGroup);
}

#[test]
fn examples_know_their_line() {
    let library = load(&fixture::files()).unwrap();
    let definition = library.procedure("certificat").unwrap();
    let line = definition.procedure.examples[0].line as usize;
    let text = definition.sources[0].text.lines().nth(line - 1).unwrap();
    assert!(text.contains("Anne demande"), "{text}");
}

#[test]
fn a_condition_beside_use_holds_for_every_field_of_the_group() {
    let files = edited(
        "commune/certificat.yaml",
        "        - use: demandeur\n",
        "        - use: demandeur\n          when: settings.by_post\n",
    );
    let library = load(&files).unwrap();
    let form = &library.procedure("certificat").unwrap().procedure.form;
    let when = |id: &str| {
        form.field(id)
            .unwrap()
            .when
            .as_ref()
            .unwrap()
            .source()
            .to_owned()
    };
    assert_eq!(when("email"), "settings.by_post");
    assert_eq!(
        when("guardian"),
        "(settings.by_post) && (answers.adult == false)"
    );
}

#[test]
fn one_bad_procedure_does_not_take_the_others_down() {
    let files = edited("commune/certificat.yaml", "minutes: 5", "minutes: beaucoup");
    let loaded = load_readable(&files).expect("the site is readable");
    assert!(loaded.library.procedure("certificat").is_none());
    assert!(loaded.library.procedure("rendez-vous").is_some());
    assert_eq!(loaded.defects[0].concerns, ["commune/certificat.yaml"]);
    assert!(load(&files).is_err());
}

#[test]
fn a_bomb_of_references_is_refused_at_once() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        bomb.extend([format!("a{level}: &a{level} [{before}]\n")]);
    }
    let files = LibraryFiles::from_sources([Source {
        path: SITE_FILE.to_owned(),
        text: bomb,
    }]);
    let defects = load(&files).unwrap_err();
    assert!(defects[0].is_error());
}

#[test]
fn a_site_puts_its_own_file_over_the_shipped_one() {
    let ours = LibraryFiles::from_sources([Source {
        path: SITE_FILE.to_owned(),
        text: fixture::files()
            .text(SITE_FILE)
            .unwrap()
            .replace("Guichet de Fontaine-Fictive", "Autre guichet"),
    }]);
    let library = load(&fixture::files().overridden_by(ours)).unwrap();
    assert_eq!(library.site.name, "Autre guichet");
    assert_eq!(library.procedures.len(), 2);
}

#[test]
fn a_folder_is_read_from_the_disk() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/definitions");
    assert_eq!(LibraryFiles::read(&folder).unwrap(), fixture::files());
}

#[test]
fn a_missing_key_is_said_where_its_block_begins() {
    for (from, to, begins) in [
        ("minutes: 5\n", "", "id: certificat"),
        (
            "  who: Toute personne inscrite dans la commune.\n",
            "",
            "delay: Deux",
        ),
        ("    label: Prix d’un exemplaire\n", "", "- id: unit_price"),
        (
            "          message: Indiquez une date passée.\n",
            "",
            "- that: answers.since <= today",
        ),
        ("              label: En ligne\n", "", "- id: online"),
        ("    to: received\n", "", "- id: forward"),
        ("      service: etat-civil\n", "", "- when: answers.adult"),
        (
            "    title: Certificat de résidence\n    text",
            "    text",
            "- id: certificate",
        ),
        ("  unit: working\n", "", "days: 2"),
    ] {
        let files = edited(fixture::CERTIFICATE, from, to);
        let found = load(&files).unwrap_err();
        let line = fixture::line_of(&files, fixture::CERTIFICATE, begins);
        assert_eq!(found[0].line, line, "{from}: {}", found[0]);
    }
}
