//! The direction of the house: `main → web, worker → domain → {mail, audit, job, blob} → db`. The pure
//! rooms know neither database, nor web, nor clock.

use std::path::{Path, PathBuf};

/// Rooms that take values and give values.
const PURE: [&str; 6] = [
    "definition",
    "form",
    "workflow",
    "calendar",
    "belgium",
    "document",
];

#[test]
fn the_pure_rooms_name_neither_database_nor_web_nor_clock() {
    for room in PURE {
        for (path, text) in sources(room) {
            for forbidden in [
                "diesel",
                "actix_web",
                "crate::db",
                "crate::web",
                "crate::clock",
                "crate::site",
                "crate::request",
                "crate::identity",
                "Utc::now",
                "Uuid::now_v7",
            ] {
                assert!(
                    !names(&text, forbidden),
                    "{} names {forbidden}",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn nothing_beneath_the_web_names_it() {
    for (path, text) in all() {
        let shown = path.display().to_string();
        let above = [
            "src/web",
            "src/main.rs",
            "src/lib.rs",
            "src/command",
            "src/server.rs",
            "src/app.rs",
        ];
        if !above.iter().any(|start| shown.contains(start)) {
            assert!(!names(&text, "crate::web"), "{shown} names crate::web");
            assert!(!names(&text, "actix_web"), "{shown} names actix_web");
        }
    }
}

#[test]
fn the_ground_knows_nothing_of_what_stands_on_it() {
    let trade = [
        "crate::request",
        "crate::site",
        "crate::identity",
        "crate::mail",
        "crate::web",
        "crate::form",
    ];
    for room in ["db", "audit", "job", "blob", "secret", "limit", "known"] {
        for (path, text) in sources(room) {
            for upper in trade {
                assert!(!names(&text, upper), "{} names {upper}", path.display());
            }
        }
    }
}

#[test]
fn only_the_web_and_the_mail_draw_templates() {
    for (path, text) in all() {
        let shown = path.display().to_string();
        let may = [
            "src/web",
            "src/mail",
            "src/template",
            "src/app.rs",
            "src/worker",
            "src/lib.rs",
            "src/command",
        ];
        if !may.iter().any(|start| shown.contains(start)) {
            assert!(
                !names(&text, "crate::template"),
                "{shown} names crate::template"
            );
        }
    }
}

#[test]
fn the_web_reaches_a_request_only_through_a_person() {
    for (path, text) in sources("web") {
        for forbidden in ["for_system", "schema::requests", "schema::"] {
            assert!(
                !names(&text, forbidden),
                "{} names {forbidden}",
                path.display()
            );
        }
    }
}

/// Whether the code (not its comments) names that word.
fn names(text: &str, word: &str) -> bool {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .any(|line| line.contains(word))
}

fn all() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    read(&root(), &mut found);
    found
}

/// The files of a room: `x.rs` and everything in `x/`, without their unit tests.
fn sources(room: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let file = root().join(format!("{room}.rs"));
    found.push((file.clone(), std::fs::read_to_string(file).unwrap()));
    let folder = root().join(room);
    if folder.is_dir() {
        read(&folder, &mut found);
    }
    found.retain(|(path, _)| !path.to_string_lossy().contains("test"));
    assert!(!found.is_empty());
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}
