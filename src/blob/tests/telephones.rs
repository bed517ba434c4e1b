//! HEIC, made box by box as a telephone makes it.

use super::*;

const HOME: &[u8] = b"N 50 32 14.1 E 5 12 44.9";
const PIXELS: &[u8] = b"the compressed picture";

fn boxed(kind: &[u8], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap();
    [&size.to_be_bytes()[..], kind, body].concat()
}

fn full(kind: &[u8], version: u8, body: &[u8]) -> Vec<u8> {
    boxed(kind, &[&[version, 0, 0, 0], body].concat())
}

fn infe(item: u16, kind: &[u8], rest: &[u8]) -> Vec<u8> {
    full(
        b"infe",
        2,
        &[&item.to_be_bytes()[..], &[0, 0], kind, rest].concat(),
    )
}

/// What a test changes.
#[derive(Clone, Copy)]
struct Recipe {
    iloc: u8,
    side: u32,
    /// Where the EXIF item is said to stand: its method, and a shift.
    method: u16,
    shift: u32,
}

const PLAIN: Recipe = Recipe {
    iloc: 1,
    side: 4_000,
    method: 0,
    shift: 0,
};

/// A picture, its EXIF and its XMP, and a film behind it.
fn heic(recipe: Recipe) -> Vec<u8> {
    let exif = [b"\0\0\0\0Exif".as_slice(), HOME].concat();
    let xmp = [b"<x:xmpmeta>".as_slice(), HOME].concat();
    let ftyp = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
    let iinf = full(
        b"iinf",
        0,
        &[
            &[0, 3][..],
            &infe(1, b"hvc1", &[HOME, b"\0"].concat()),
            &infe(2, b"Exif", b"\0"),
            &infe(3, b"mime", b"\0application/rdf+xml\0"),
        ]
        .concat(),
    );
    let side = recipe.side.to_be_bytes();
    let ispe = full(b"ispe", 0, &[side, side].concat());
    let udes = full(b"udes", 0, HOME);
    let iprp = boxed(b"iprp", &boxed(b"ipco", &[ispe, udes].concat()));
    let iloc = |data: u32| {
        let mut at = data;
        let mut entries = Vec::new();
        for (item, length) in [(1_u32, PIXELS.len()), (2, exif.len()), (3, xmp.len())] {
            let start = if item == 2 { at + recipe.shift } else { at };
            let wide = item.to_be_bytes();
            let item = item as u16;
            entries.extend_from_slice(if recipe.iloc == 2 { &wide } else { &wide[2..] });
            if recipe.iloc > 0 {
                let method = if item == 2 { recipe.method } else { 0 };
                entries.extend_from_slice(&method.to_be_bytes());
            }
            // No outside file, one extent.
            entries.extend_from_slice(&[0, 0, 0, 1]);
            entries.extend_from_slice(&start.to_be_bytes());
            entries.extend_from_slice(&u32::try_from(length).unwrap().to_be_bytes());
            at += u32::try_from(length).unwrap();
        }
        let count: &[u8] = if recipe.iloc == 2 {
            &[0, 0, 0, 3]
        } else {
            &[0, 3]
        };
        full(
            b"iloc",
            recipe.iloc,
            &[&[0x44, 0], count, &entries].concat(),
        )
    };
    let meta = |data: u32| {
        let hdlr = full(b"hdlr", 0, b"\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0");
        let strange = boxed(b"uuid", HOME);
        full(
            b"meta",
            0,
            &[hdlr, iinf.clone(), iprp.clone(), iloc(data), strange].concat(),
        )
    };
    let data = u32::try_from(ftyp.len() + meta(0).len() + 8).unwrap();
    // Behind the items, bytes that nothing claims.
    let mdat = boxed(b"mdat", &[PIXELS, &exif, &xmp, HOME].concat());
    let film = boxed(b"mpvd", HOME);
    [ftyp, meta(data), mdat, film].concat()
}

#[test]
fn a_telephones_picture_keeps_its_pixels_and_forgets_the_place() {
    for iloc in 0..=2 {
        let sent = heic(Recipe { iloc, ..PLAIN });
        assert!(contains(&sent, HOME));
        let clean = look(sent.clone()).unwrap();
        assert_eq!(clean.kind, Kind::Heic);
        assert!(!contains(&clean.bytes, HOME), "iloc {iloc}");
        assert!(!contains(&clean.bytes, b"xmpmeta"));
        assert!(contains(&clean.bytes, PIXELS));
        // Nothing moved.
        assert_eq!(clean.bytes.len(), sent.len());
        let at = |bytes: &[u8]| bytes.windows(4).position(|w| w == &PIXELS[..4]);
        assert_eq!(at(&clean.bytes), at(&sent));
        assert_eq!(look(clean.bytes.clone()).unwrap().bytes, clean.bytes);
    }
}

#[test]
fn a_structure_we_do_not_understand_is_refused_rather_than_kept() {
    for recipe in [
        // In another item, in a box that is not there, in an unknown way.
        Recipe { method: 2, ..PLAIN },
        Recipe { method: 1, ..PLAIN },
        Recipe { method: 7, ..PLAIN },
        // Outside the data, and over the picture.
        Recipe {
            shift: 1_000_000,
            ..PLAIN
        },
        Recipe {
            shift: 0_u32.wrapping_sub(4) % 2_000_000_000,
            ..PLAIN
        },
    ] {
        assert_eq!(look(heic(recipe)), Err(Refused::Damaged));
    }
    let sent = heic(PLAIN);
    for length in [24, 60, 200, sent.len() - 1] {
        assert_eq!(
            look(sent[..length].to_vec()),
            Err(Refused::Damaged),
            "{length}"
        );
    }
}

#[test]
fn a_telephones_picture_has_a_limit_too() {
    let recipe = Recipe {
        side: 9_000,
        ..PLAIN
    };
    assert_eq!(look(heic(recipe)), Err(Refused::TooManyPixels));
}

#[test]
fn a_film_or_another_picture_in_the_same_boxes_is_not_taken_for_it() {
    let film = boxed(b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41");
    assert_eq!(found(film), Found::Video);
    let avif = boxed(b"ftyp", b"avif\0\0\0\0avifmif1miaf");
    assert_eq!(found(avif), Found::OtherPicture);
}

#[test]
fn no_byte_changed_anywhere_breaks_the_inspection() {
    let sent = heic(PLAIN);
    for at in 0..sent.len() {
        for flip in [0xff, 0x01, 0x80] {
            let mut altered = sent.clone();
            altered[at] ^= flip;
            drop(look(altered));
        }
    }
}
