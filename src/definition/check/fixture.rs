//! A small good library, and copies of it with one thing changed. For tests alone.

use crate::definition::library::Source;
use crate::definition::load::LibraryFiles;

pub const SITE: &str = "site.yaml";
pub const CERTIFICATE: &str = "commune/certificat.yaml";
pub const GROUP: &str = "shared/groups/demandeur.yaml";
pub const REGISTRY: &str = "shared/registries/motifs.yaml";
pub const WORKFLOW: &str = "shared/workflows/document.yaml";

/// Path and text of every file.
const FILES: [(&str, &str); 6] = [
    (
        "site.yaml",
        include_str!("../../../tests/definitions/site.yaml"),
    ),
    (
        "commune/certificat.yaml",
        include_str!("../../../tests/definitions/commune/certificat.yaml"),
    ),
    (
        "cpas/rendez-vous.yaml",
        include_str!("../../../tests/definitions/cpas/rendez-vous.yaml"),
    ),
    (
        "shared/groups/demandeur.yaml",
        include_str!("../../../tests/definitions/shared/groups/demandeur.yaml"),
    ),
    (
        "shared/registries/motifs.yaml",
        include_str!("../../../tests/definitions/shared/registries/motifs.yaml"),
    ),
    (
        "shared/workflows/document.yaml",
        include_str!("../../../tests/definitions/shared/workflows/document.yaml"),
    ),
];

/// The good library.
pub fn files() -> LibraryFiles {
    LibraryFiles::from_sources(FILES.map(|(path, text)| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }))
}

/// The library with one change, and the line where it was made.
pub struct Edited {
    pub files: LibraryFiles,
    pub line: u32,
}

/// The library where the first `from` of `path` became `to`. The line is that of the first letter
/// that differs.
pub fn edited(path: &str, from: &str, to: &str) -> Edited {
    edited_in(&files(), path, from, to)
}

/// The same, of another library.
pub fn edited_in(files: &LibraryFiles, path: &str, from: &str, to: &str) -> Edited {
    let text = files.text(path).expect("a file of the fixture");
    let start = text
        .find(from)
        .unwrap_or_else(|| panic!("« {from} » is not in {path}"));
    let same = from
        .bytes()
        .zip(to.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    // Cut between letters, not inside one.
    let cut = (start..=start + same)
        .rev()
        .find(|at| text.is_char_boundary(*at));
    let line = 1 + text[..cut.unwrap_or(start)].matches('\n').count();
    let changed = LibraryFiles::from_sources([Source {
        path: path.to_owned(),
        text: text.replacen(from, to, 1),
    }]);
    Edited {
        files: files.clone().overridden_by(changed),
        line: u32::try_from(line).expect("a small file"),
    }
}

/// The first line that is these words, else the first that holds them.
pub fn line_of(files: &LibraryFiles, path: &str, words: &str) -> u32 {
    let text = files.text(path).expect("a file of the fixture");
    let exact = text.lines().position(|line| line.trim() == words);
    let index = exact.or_else(|| text.lines().position(|line| line.contains(words)));
    let index = index.unwrap_or_else(|| panic!("« {words} » is not in {path}"));
    u32::try_from(index + 1).expect("a small file")
}
