//! Pictures of recent telephones (HEIC: ISO/IEC 23008-12, in boxes of ISO/IEC 14496-12). We cannot
//! decode them, so what they say of place and time is overwritten where it stands: in the data, every
//! byte that no picture of the file claims becomes zero, the EXIF and XMP items among them, and the
//! boxes we have no reason to keep become empty space. Nothing moves, so every offset stays true.
//!
//! A file that is made in a way this room does not understand is refused: better than to keep a home
//! address by mistake.

use super::inspect::Unfit;
use super::picture::PIXELS;
use bytes::Bytes;
use std::ops::Range;

mod items;

use items::Items;

/// Boxes within one box at most, and items at most: a picture of 48 tiles has about sixty.
const MOST: usize = 4_096;

/// EXIF that says nothing, for readers that stumble over zeros: where its TIFF header begins, that
/// header, a list of no entry, and no list after it.
const NO_EXIF: &[u8] = b"\0\0\0\0II*\0\x08\0\0\0\0\0\0\0\0\0";

/// One box: its four letters and the range of its payload.
#[derive(Clone, Debug)]
struct Box4 {
    kind: [u8; 4],
    start: usize,
    body: Range<usize>,
}

/// Whether the file says at its beginning that it is an HEVC picture.
pub(super) fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8; 4]; 8] = [
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs",
    ];
    if bytes.get(4..8) != Some(b"ftyp") {
        return false;
    }
    let size = bytes.get(..4).and_then(|b| b.try_into().ok());
    let size = size.map_or(0, u32::from_be_bytes) as usize;
    if !(16..=1024).contains(&size) || size > bytes.len() {
        return false;
    }
    // The major brand, a version, then the compatible brands.
    let brands = [&bytes[8..12], &bytes[16..size]].concat();
    brands
        .chunks_exact(4)
        .any(|brand| BRANDS.iter().any(|known| brand == *known))
}

/// The same file without what it says of place, time and device.
pub(super) fn clean(bytes: &Bytes) -> Result<Bytes, Unfit> {
    let all = boxes(bytes, 0..bytes.len()).ok_or(Unfit::Damaged)?;
    let [meta] = all
        .iter()
        .filter(|b| &b.kind == b"meta")
        .collect::<Vec<_>>()[..]
    else {
        return Err(Unfit::Damaged);
    };
    let children = meta_children(bytes, meta).ok_or(Unfit::Damaged)?;
    // Both hold items' bytes; a grid says in the second how its tiles lie.
    let data: Vec<_> = all
        .iter()
        .filter(|b| &b.kind == b"mdat")
        .chain(children.iter().filter(|b| &b.kind == b"idat"))
        .collect();
    let items = items::read(bytes, &children).ok_or(Unfit::Damaged)?;
    judge_size(bytes, &children)?;
    let kept = kept_ranges(&items, &data, bytes.len())?;

    let mut out = bytes.to_vec();
    for part in data {
        keep_only(&mut out, &part.body, &kept);
    }
    for exif in &items.exif {
        if let Some(start) = out[exif.clone()].get_mut(..NO_EXIF.len()) {
            start.copy_from_slice(NO_EXIF);
        }
    }
    for unwanted in all.iter().filter(|b| !is_top(b.kind)) {
        empty(&mut out, unwanted);
    }
    for child in &children {
        match &child.kind {
            b"iprp" => clean_properties(&mut out, bytes, child).ok_or(Unfit::Damaged)?,
            _ if is_within_meta(child.kind) => {}
            _ => empty(&mut out, child),
        }
    }
    for name in &items.names {
        out[name.clone()].fill(b' ');
    }
    Ok(out.into())
}

fn is_top(kind: [u8; 4]) -> bool {
    matches!(&kind, b"ftyp" | b"meta" | b"mdat")
}

fn is_within_meta(kind: [u8; 4]) -> bool {
    matches!(
        &kind,
        b"hdlr" | b"dinf" | b"pitm" | b"iinf" | b"iref" | b"iloc" | b"idat" | b"grpl" | b"ipro"
    )
}

/// The boxes of a range, which they must fill exactly.
fn boxes(bytes: &[u8], range: Range<usize>) -> Option<Vec<Box4>> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let short = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let kind: [u8; 4] = bytes.get(at + 4..at + 8)?.try_into().ok()?;
        let (header, size) = match short {
            // To the end of the file.
            0 => (8, range.end - at),
            1 => {
                let long = u64::from_be_bytes(bytes.get(at + 8..at + 16)?.try_into().ok()?);
                (16, usize::try_from(long).ok()?)
            }
            n => (8, n as usize),
        };
        let end = at.checked_add(size)?;
        if size < header || end > range.end || found.len() == MOST {
            return None;
        }
        found.push(Box4 {
            kind,
            start: at,
            body: at + header..end,
        });
        at = end;
    }
    Some(found)
}

fn meta_children(bytes: &[u8], meta: &Box4) -> Option<Vec<Box4>> {
    // A version and flags come first.
    let start = meta.body.start.checked_add(4)?;
    if start > meta.body.end {
        return None;
    }
    boxes(bytes, start..meta.body.end)
}

fn properties(bytes: &[u8], iprp: &Box4) -> Option<Vec<Box4>> {
    let inner = boxes(bytes, iprp.body.clone())?;
    let container = inner.iter().find(|b| &b.kind == b"ipco")?;
    boxes(bytes, container.body.clone())
}

/// The largest picture the file declares, within the limit.
fn judge_size(bytes: &[u8], children: &[Box4]) -> Result<(), Unfit> {
    let iprp = children.iter().find(|b| &b.kind == b"iprp");
    let list = iprp
        .and_then(|iprp| properties(bytes, iprp))
        .ok_or(Unfit::Damaged)?;
    let mut seen = false;
    for ispe in list.iter().filter(|b| &b.kind == b"ispe") {
        let side = |at: usize| -> Option<u64> {
            let from = ispe.body.start + at;
            let four = bytes.get(from..from + 4)?.try_into().ok()?;
            Some(u64::from(u32::from_be_bytes(four)))
        };
        if ispe.body.len() != 12 {
            return Err(Unfit::Damaged);
        }
        let (Some(width), Some(height)) = (side(4), side(8)) else {
            return Err(Unfit::Damaged);
        };
        if width * height > PIXELS {
            return Err(Unfit::TooManyPixels);
        }
        seen = true;
    }
    if seen { Ok(()) } else { Err(Unfit::Damaged) }
}

/// What the pictures of the file claim, sorted. A range that is to go must lie in the data, where
/// overwriting it harms nothing else.
fn kept_ranges(items: &Items, data: &[&Box4], length: usize) -> Result<Vec<Range<usize>>, Unfit> {
    let inside = |range: &Range<usize>| {
        data.iter()
            .any(|part| part.body.start <= range.start && range.end <= part.body.end)
    };
    let mut kept = items.pictures.clone();
    kept.sort_by_key(|range| range.start);
    let whole = kept
        .iter()
        .all(|range| range.end <= length && inside(range))
        && items.told.iter().all(inside);
    // Bytes that are a picture's and EXIF's at once would be kept.
    let apart = items.told.iter().all(|told| {
        kept.iter()
            .all(|kept| told.end <= kept.start || kept.end <= told.start)
    });
    if whole && apart && !kept.is_empty() {
        Ok(kept)
    } else {
        Err(Unfit::Damaged)
    }
}

/// Zeroes every byte of `body` outside the sorted ranges.
fn keep_only(out: &mut [u8], body: &Range<usize>, kept: &[Range<usize>]) {
    let mut at = body.start;
    for range in kept.iter().filter(|range| range.end > body.start) {
        if range.start >= body.end {
            break;
        }
        if range.start > at {
            out[at..range.start].fill(0);
        }
        at = at.max(range.end);
    }
    if at < body.end {
        out[at..body.end].fill(0);
    }
}

/// Makes a box empty space of the same size.
fn empty(out: &mut [u8], unwanted: &Box4) {
    out[unwanted.start + 4..unwanted.start + 8].copy_from_slice(b"free");
    out[unwanted.body.clone()].fill(0);
}

/// Empties the properties that hold words or moments; their places in the list stay.
fn clean_properties(out: &mut [u8], bytes: &[u8], iprp: &Box4) -> Option<()> {
    for property in properties(bytes, iprp)? {
        if matches!(
            &property.kind,
            b"udes" | b"crtt" | b"mdft" | b"altt" | b"uuid" | b"udta" | b"free" | b"skip"
        ) {
            empty(out, &property);
        }
    }
    Some(())
}
