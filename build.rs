//! Brings the front-end packages into the binary, when they are there.
//!
//! `npm ci` puts htmx and the typeface in `node_modules`; this copies the few files that pages ask for into
//! `$OUT_DIR/vendor`, with their licences, and the program embeds that folder. Without Node the folder is empty: pages
//! then work without htmx and in the system's own type. Nothing is fetched here, and nothing of npm's is ever run.
//!
//! A path that does not exist cannot be watched without building anew each time, so `make` touches this file after it
//! has installed packages.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

const HTMX: &str = "node_modules/htmx.org";
const TYPEFACE: &str = "node_modules/@fontsource/atkinson-hyperlegible-next";

/// The faces that the style sheets use: text, bold, and the italics of quotations. `latin-ext` carries the letters of
/// names from further east; a browser fetches it only for a page that needs it.
const FACES: [&str; 5] = [
    "latin-400-normal",
    "latin-400-italic",
    "latin-700-normal",
    "latin-ext-400-normal",
    "latin-ext-700-normal",
];

/// Folders embedded in the binary: a file added to one of them must be noticed.
const EMBEDDED: [&str; 5] = ["assets", "forms", "locales", "migrations", "templates"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    for folder in EMBEDDED {
        watch(Path::new(folder));
    }

    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    let vendor = PathBuf::from(out).join("vendor");
    if vendor.exists() {
        fs::remove_dir_all(&vendor)?;
    }
    fs::create_dir_all(&vendor)?;

    let htmx = Path::new(HTMX);
    bring(&htmx.join("dist/htmx.min.js"), &vendor.join("htmx.min.js"))?;
    bring(&htmx.join("LICENSE"), &vendor.join("htmx.LICENSE.txt"))?;

    let typeface = Path::new(TYPEFACE);
    for face in FACES {
        let name = format!("atkinson-hyperlegible-next-{face}.woff2");
        bring(&typeface.join("files").join(&name), &vendor.join(&name))?;
    }
    bring(
        &typeface.join("LICENSE"),
        &vendor.join("atkinson-hyperlegible-next.LICENSE.txt"),
    )
}

/// Copies a file that may not be there, and has it watched when it is.
fn bring(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_file() {
        return Ok(());
    }
    watch(from);
    fs::copy(from, to).map(|_| ())
}

fn watch(path: &Path) {
    if path.exists() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}
