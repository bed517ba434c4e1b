//! Documents that are ZIP archives: ODT and DOCX are told apart by what they hold, everything is
//! unpacked once (to nowhere) so that a bomb or a cut-off file shows, and what carries a program is
//! refused.

use super::inspect::Unfit;
use super::kind::{Found, Kind};
use bytes::Bytes;
use std::borrow::Cow;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// A long document with many pictures has a few hundred.
const ENTRIES: usize = 4_000;
/// Bytes once unpacked.
const UNPACKED: u64 = 250_000_000;
/// Bytes of one text part we read.
const PART: u64 = 1_000_000;

const ODT: &str = "application/vnd.oasis.opendocument.text";

type Archive = ZipArchive<Cursor<Bytes>>;

/// Whether a ZIP is an ODT or a DOCX, whole and without a program.
pub(super) fn look(bytes: &Bytes) -> Result<Kind, Unfit> {
    look_within(bytes, UNPACKED)
}

/// [`look`], for a document that unpacks to so many bytes at most.
pub(super) fn look_within(bytes: &Bytes, most: u64) -> Result<Kind, Unfit> {
    let mut archive = Archive::new(Cursor::new(bytes.clone())).map_err(|_| Unfit::Damaged)?;
    if archive.len() > ENTRIES {
        return Err(Unfit::Is(Found::Archive));
    }
    let names = names(&archive)?;
    let has = |name: &str| names.iter().any(|n| n == name);
    let mimetype = if has("mimetype") {
        part(&mut archive, "mimetype")?
    } else {
        String::new()
    };
    let kind = if mimetype.trim() == ODT && has("content.xml") {
        Kind::Odt
    } else if has("[Content_Types].xml") && has("word/document.xml") {
        let types = part(&mut archive, "[Content_Types].xml")?;
        if types.to_lowercase().contains("macroenabled") {
            return Err(Unfit::Is(Found::Macros));
        }
        Kind::Docx
    } else if mimetype.starts_with("application/") || has("[Content_Types].xml") {
        return Err(Unfit::Is(Found::OtherDocument));
    } else {
        return Err(Unfit::Is(Found::Archive));
    };
    if names.iter().any(|name| is_program(name)) {
        return Err(Unfit::Is(Found::Macros));
    }
    unpack_to_nowhere(&mut archive, most)?;
    Ok(kind)
}

fn names(archive: &Archive) -> Result<Vec<String>, Unfit> {
    archive
        .file_names()
        .map(|name| name.map(Cow::into_owned))
        .collect::<Result<_, _>>()
        .map_err(|_| Unfit::Damaged)
}

/// Where a DOCX and an ODT keep programs.
fn is_program(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with("vbaproject.bin")
        || name.ends_with("vbadata.xml")
        || name.starts_with("basic/")
        || name.starts_with("scripts/")
        || name.contains("/activex/")
}

fn part(archive: &mut Archive, name: &str) -> Result<String, Unfit> {
    let entry = archive.by_name(name).map_err(|_| Unfit::Damaged)?;
    let mut text = Vec::new();
    entry
        .take(PART)
        .read_to_end(&mut text)
        .map_err(|_| Unfit::Damaged)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Unpacks every entry, counting what comes out and not what the archive claims.
fn unpack_to_nowhere(archive: &mut Archive, most: u64) -> Result<(), Unfit> {
    if archive
        .decompressed_size()
        .is_some_and(|claimed| claimed > u128::from(most))
    {
        return Err(Unfit::Is(Found::Archive));
    }
    let mut left = most;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| Unfit::Damaged)?;
        let unpacked = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink())
            .map_err(|_| Unfit::Damaged)?;
        left = left
            .checked_sub(unpacked)
            .ok_or(Unfit::Is(Found::Archive))?;
    }
    Ok(())
}
