//! The items of a HEIC file: which are pictures, which tell of place and time, and where their bytes
//! stand (boxes `iinf` and `iloc`).

use super::{Box4, MOST, boxes};
use std::ops::Range;

/// Where the bytes of the items stand in the file.
pub(super) struct Items {
    /// Of pictures: kept.
    pub pictures: Vec<Range<usize>>,
    /// Of EXIF, XMP and whatever is not a picture: overwritten.
    pub told: Vec<Range<usize>>,
    /// Those of the former that readers expect EXIF in.
    pub exif: Vec<Range<usize>>,
    /// The names that items were given.
    pub names: Vec<Range<usize>>,
}

/// Where one item stands.
struct Place {
    item: u32,
    /// 0: in the file; 1: in the `idat` box; 2: in another item.
    method: u8,
    outside: bool,
    extents: Vec<Range<usize>>,
}

struct Described {
    item: u32,
    picture: bool,
    exif: bool,
    name: Range<usize>,
}

/// Reads numbers of the box one after another.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    fn of(bytes: &'a [u8], body: &Range<usize>) -> Self {
        Self {
            bytes,
            at: body.start,
            end: body.end,
        }
    }

    /// A number of 0, 1, 2, 4 or 8 bytes.
    fn number(&mut self, width: usize) -> Option<u64> {
        let end = self.at.checked_add(width)?;
        if end > self.end || width > 8 {
            return None;
        }
        let number = self.bytes[self.at..end]
            .iter()
            .fold(0, |n: u64, byte| n << 8 | u64::from(*byte));
        self.at = end;
        Some(number)
    }

    fn small(&mut self, width: usize) -> Option<u32> {
        u32::try_from(self.number(width)?).ok()
    }

    fn kind(&mut self) -> Option<[u8; 4]> {
        Some(self.small(4)?.to_be_bytes())
    }

    /// A text up to its zero byte; the range without it.
    fn text(&mut self) -> Range<usize> {
        let rest = &self.bytes[self.at..self.end];
        let length = rest.iter().position(|b| *b == 0).unwrap_or(rest.len());
        let range = self.at..self.at + length;
        self.at = (range.end + 1).min(self.end);
        range
    }
}

/// Reads both boxes; `None` when they are not as the standard says, or not of a sort we can clean.
pub(super) fn read(bytes: &[u8], children: &[Box4]) -> Option<Items> {
    let one = |kind: &[u8; 4]| {
        let mut found = children.iter().filter(|b| &b.kind == kind);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    };
    let described = described(bytes, one(b"iinf")?)?;
    let places = places(bytes, one(b"iloc")?)?;
    let idat = one(b"idat").map(|idat| idat.body.start);
    let mut items = Items {
        pictures: Vec::new(),
        told: Vec::new(),
        exif: Vec::new(),
        names: described.iter().map(|d| d.name.clone()).collect(),
    };
    for place in places {
        let described = described.iter().find(|d| d.item == place.item);
        let picture = described.is_some_and(|d| d.picture);
        let exif = described.is_some_and(|d| d.exif);
        let shift = match place.method {
            _ if place.outside => return None,
            0 => 0,
            1 => idat?,
            // An item within an item is inside what another entry already claims.
            2 if picture => continue,
            _ => return None,
        };
        for extent in place.extents {
            let extent = extent.start.checked_add(shift)?..extent.end.checked_add(shift)?;
            if exif {
                items.exif.push(extent.clone());
            }
            let list = if picture {
                &mut items.pictures
            } else {
                &mut items.told
            };
            list.push(extent);
        }
    }
    Some(items)
}

fn described(bytes: &[u8], iinf: &Box4) -> Option<Vec<Described>> {
    let mut reader = Reader::of(bytes, &iinf.body);
    let version = reader.number(1)?;
    reader.number(3)?;
    let count = reader.small(if version == 0 { 2 } else { 4 })? as usize;
    let entries = boxes(bytes, reader.at..iinf.body.end)?;
    if entries.len() != count {
        return None;
    }
    entries.iter().map(|infe| describe(bytes, infe)).collect()
}

fn describe(bytes: &[u8], infe: &Box4) -> Option<Described> {
    if &infe.kind != b"infe" {
        return None;
    }
    let mut reader = Reader::of(bytes, &infe.body);
    let version = reader.number(1)?;
    reader.number(3)?;
    let item = match version {
        2 => reader.small(2)?,
        3 => reader.small(4)?,
        _ => return None,
    };
    reader.number(2)?;
    let kind = reader.kind()?;
    let name = reader.text();
    Some(Described {
        item,
        picture: matches!(
            &kind,
            b"hvc1" | b"hev1" | b"lhv1" | b"grid" | b"iovl" | b"iden" | b"tmap" | b"jpeg"
        ),
        exif: &kind == b"Exif",
        name,
    })
}

fn places(bytes: &[u8], iloc: &Box4) -> Option<Vec<Place>> {
    let mut reader = Reader::of(bytes, &iloc.body);
    let version = reader.number(1)?;
    reader.number(3)?;
    if version > 2 {
        return None;
    }
    let widths = reader.small(2)?;
    let width = |shift: u32| {
        let width = (widths >> shift & 0xf) as usize;
        matches!(width, 0 | 4 | 8).then_some(width)
    };
    let (offset, length, base) = (width(12)?, width(8)?, width(4)?);
    let index = if version == 0 { 0 } else { width(0)? };
    let wide = if version == 2 { 4 } else { 2 };
    let count = reader.small(wide)? as usize;
    if count > MOST {
        return None;
    }
    let mut places = Vec::with_capacity(count);
    let mut left = 4 * MOST;
    for _ in 0..count {
        let item = reader.small(wide)?;
        let method = match version {
            0 => 0,
            _ => (reader.small(2)? & 0xf) as u8,
        };
        let outside = reader.number(2)? != 0;
        let base = reader.number(base)?;
        let extents = reader.small(2)? as usize;
        left = left.checked_sub(extents)?;
        let mut place = Place {
            item,
            method,
            outside,
            extents: Vec::with_capacity(extents),
        };
        for _ in 0..extents {
            reader.number(index)?;
            let start = base.checked_add(reader.number(offset)?)?;
            let length = reader.number(length)?;
            // Zero would mean the whole file, pictures and all else.
            if length == 0 && method < 2 {
                return None;
            }
            let end = start.checked_add(length)?;
            place
                .extents
                .push(usize::try_from(start).ok()?..usize::try_from(end).ok()?);
        }
        places.push(place);
    }
    Some(places)
}
