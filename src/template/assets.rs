//! What a browser downloads, held in memory: the style sheets joined into one, scripts, icons, and the
//! packages that were embedded at build. Each is compressed once, and named with a digest of all of
//! them, so that a browser may keep it for a year.

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;

#[derive(RustEmbed)]
#[folder = "assets"]
#[exclude = "*.md"]
struct Own;

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/vendor"]
struct Vendor;

const STYLES: &str = "css/perron.css";

/// One file.
pub struct Asset {
    pub plain: Bytes,
    /// Compressed, when that makes it smaller.
    pub gzip: Option<Bytes>,
    pub media_type: &'static str,
}

/// All of them.
pub struct Assets {
    by_path: BTreeMap<String, Asset>,
    digest: String,
}

impl Assets {
    /// Reads what is embedded.
    pub fn embedded() -> Self {
        let mut by_path = BTreeMap::new();
        for (path, bytes) in files::<Own>().chain(files::<Vendor>()) {
            let loose_style = path.starts_with("css/");
            if let Some(media_type) = media_type(&path).filter(|_| !loose_style) {
                by_path.insert(path, asset(bytes, media_type));
            }
        }
        by_path.insert(
            STYLES.to_owned(),
            asset(styles(), "text/css; charset=utf-8"),
        );
        let mut hasher = Sha256::new();
        for (path, asset) in &by_path {
            hasher.update(path.as_bytes());
            hasher.update(&asset.plain);
        }
        let digest = data_encoding::HEXLOWER.encode(&hasher.finalize()[..8]);
        Self { by_path, digest }
    }

    /// The address of a file; none when it is not embedded.
    pub fn address(&self, path: &str) -> Option<String> {
        let known = self.by_path.contains_key(path);
        known.then(|| format!("/assets/{path}?v={}", self.digest))
    }

    /// The file at that path.
    pub fn get(&self, path: &str) -> Option<&Asset> {
        self.by_path.get(path)
    }

    /// The digest of all files, which their addresses carry.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

fn files<F: RustEmbed>() -> impl Iterator<Item = (String, Vec<u8>)> {
    F::iter().filter_map(|path| {
        let file = F::get(&path)?;
        Some((path.into_owned(), file.data.into_owned()))
    })
}

/// The style sheets, joined in the order that `ORDER.txt` says.
fn styles() -> Vec<u8> {
    let order = Own::get("css/ORDER.txt")
        .map(|file| file.data.into_owned())
        .unwrap_or_default();
    let order = String::from_utf8_lossy(&order).into_owned();
    let mut sheet = Vec::new();
    for name in order.lines().map(str::trim).filter(|name| !name.is_empty()) {
        if let Some(file) = Own::get(&format!("css/{name}")) {
            sheet.extend_from_slice(&file.data);
            sheet.push(b'\n');
        }
    }
    sheet
}

fn asset(bytes: Vec<u8>, media_type: &'static str) -> Asset {
    Asset {
        gzip: gzip(&bytes),
        plain: Bytes::from(bytes),
        media_type,
    }
}

/// The bytes compressed as well as can be, for what is compressed once and given often; none when that
/// does not make them smaller.
pub fn gzip(bytes: &[u8]) -> Option<Bytes> {
    compress(bytes)
        .filter(|small| small.len() < bytes.len())
        .map(Bytes::from)
}

fn compress(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn media_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_holds_every_file_of_its_order_and_its_order_holds_every_file() {
        let order =
            String::from_utf8(Own::get("css/ORDER.txt").unwrap().data.into_owned()).unwrap();
        let named: Vec<&str> = order
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .collect();
        let mut there: Vec<String> = Own::iter()
            .filter_map(|p| p.strip_prefix("css/").map(str::to_owned))
            .filter(|name| {
                std::path::Path::new(name)
                    .extension()
                    .is_some_and(|e| e == "css")
            })
            .collect();
        there.sort();
        let mut sorted: Vec<&str> = named.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, there);
        let assets = Assets::embedded();
        assert!(assets.get(STYLES).unwrap().plain.len() > 1_000);
        assert!(assets.address("js/nothing.js").is_none());
    }
}
