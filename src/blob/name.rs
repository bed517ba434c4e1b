//! File names as people see them. What a sender calls a file is shown, and offered when it is saved;
//! it is never a path of ours.

use super::kind::Kind;
use unicode_normalization::UnicodeNormalization;

/// Most characters of a name.
const LONGEST: usize = 120;

/// A name fit to be shown and to be saved under: no folder, nothing invisible, nothing that turns the
/// reading direction, at most 120 characters, and the extension of what the file really is.
pub fn clean(name: &str, kind: Kind) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = name
        .nfc()
        .filter(|c| !is_hidden(*c))
        .map(|c| match c {
            // What a file system somewhere refuses.
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .take(4 * LONGEST)
        .collect();
    let visible = visible.split(' ').filter(|word| !word.is_empty());
    let visible = visible.collect::<Vec<_>>().join(" ");
    let mut stem = visible.trim_end_matches(['.', ' ']);
    let mut extension = kind.word();
    // "plan.PDF" and "plan.pdf.exe" are both "plan" before the extension is given anew.
    while let Some((before, after)) = stem.rsplit_once('.') {
        let same = is_same(after, kind);
        if same && after.eq_ignore_ascii_case("jpg") {
            extension = "jpg";
        }
        if same || is_misleading(after) {
            stem = before.trim_end_matches(['.', ' ']);
        } else {
            break;
        }
    }
    let stem = stem.trim_start_matches(['.', ' ', '-']);
    let room = LONGEST - extension.len() - 1;
    let stem: String = stem.chars().take(room).collect();
    let stem = stem.trim_end();
    let stem = if stem.is_empty() { "fichier" } else { stem };
    format!("{stem}.{extension}")
}

fn is_same(extension: &str, kind: Kind) -> bool {
    let extension = extension.to_lowercase();
    extension == kind.word()
        || (kind == Kind::Jpeg && matches!(extension.as_str(), "jpg" | "jpe" | "jfif"))
        || (kind == Kind::Heic && matches!(extension.as_str(), "heif" | "hif"))
}

/// The extension of another kind of file, as opposed to a dot within a name ("plan v1.2", "M.Jean").
fn is_misleading(extension: &str) -> bool {
    const OTHERS: [&str; 40] = [
        "apk", "app", "bat", "bin", "chm", "cmd", "com", "dll", "dmg", "doc", "docm", "dot", "exe",
        "gif", "hta", "htm", "html", "iso", "jar", "js", "jse", "lnk", "msi", "php", "pif", "ps1",
        "rar", "rtf", "scr", "sh", "svg", "tif", "tiff", "vbe", "vbs", "wsf", "xls", "xlsm",
        "xlsx", "zip",
    ];
    let extension = extension.to_lowercase();
    OTHERS.contains(&extension.as_str())
        || Kind::of_word(&extension).is_some()
        || extension == "jpg"
}

/// Controls, what has no width, and what turns the reading direction (`exe.fdp` shown as `pdf.exe`).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{fff0}'..='\u{ffff}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}
