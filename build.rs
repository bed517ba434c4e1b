//! Brings the front-end packages into the binary, when they are there.
//!
//! `npm ci` puts htmx and the typeface in `node_modules`; this copies the few files that pages ask for into
//! `$OUT_DIR/vendor`, laid out as they are served under `/assets`, with their licences, and the program embeds that
//! folder beside `assets`. Without Node the folder is empty: pages then work without htmx and in the system's own type.
//! Nothing is fetched here, and nothing of npm's is ever run.
//!
//! A path that does not exist cannot be watched without building anew each time, so `make` touches this file after it
//! has installed packages.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Where npm puts a file, and the address under `/assets` it is served at.
const VENDORED: [(&str, &str); 5] = [
    ("htmx.org/dist/htmx.min.js", "js/htmx.min.js"),
    ("htmx.org/LICENSE", "js/htmx.LICENSE.txt"),
    (
        "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
        "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    ),
    // The letters of names from further east; a browser fetches it only for a page that shows some.
    (
        "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
        "fonts/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
    ),
    (
        "@fontsource-variable/atkinson-hyperlegible-next/LICENSE",
        "fonts/atkinson-hyperlegible-next.LICENSE.txt",
    ),
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
    for folder in ["js", "fonts"] {
        fs::create_dir_all(vendor.join(folder))?;
    }
    for (from, to) in VENDORED {
        bring(&Path::new("node_modules").join(from), &vendor.join(to))?;
    }
    Ok(())
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
