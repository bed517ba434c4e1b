//! JPEG, PNG and WebP: what is taken from them, and what stays.

use super::*;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use img_parts::{ImageEXIF, ImageICC};
use std::io::Cursor;

/// The secret that must not remain.
const HOME: &[u8] = b"N 50 32 14.1 E 5 12 44.9";
const PROFILE: &[u8] = b"a colour profile";

/// Red on the left, blue on the right, wider than high.
fn picture() -> RgbImage {
    RgbImage::from_fn(64, 32, |x, _| {
        if x < 32 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    })
}

fn encoded(format: ImageFormat) -> Bytes {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::from(picture())
        .write_to(&mut out, format)
        .unwrap();
    out.into_inner().into()
}

fn decoded(bytes: &[u8]) -> RgbImage {
    image::load_from_memory(bytes).unwrap().into_rgb8()
}

/// EXIF with an orientation and a place.
fn exif(orientation: u8) -> Bytes {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    tiff.extend_from_slice(HOME);
    tiff.into()
}

/// A JPEG that says all it can, before, between and behind its data.
fn talkative_jpeg(orientation: u8) -> Bytes {
    let mut jpeg = Jpeg::from_bytes(encoded(ImageFormat::Jpeg)).unwrap();
    jpeg.set_icc_profile(Some(Bytes::from_static(PROFILE)));
    jpeg.set_exif(Some(exif(orientation)));
    let xmp = [b"http://ns.adobe.com/xap/1.0/\0", HOME].concat();
    let iptc = [b"Photoshop 3.0\0", HOME].concat();
    for (marker, contents) in [
        (markers::APP1, xmp),
        (markers::APP13, iptc),
        (markers::COM, HOME.to_vec()),
    ] {
        let segment = JpegSegment::new_with_contents(marker, contents.into());
        jpeg.segments_mut().insert(1, segment);
    }
    let mut bytes = jpeg.encoder().bytes().to_vec();
    // A comment just before the end, and a second file behind it.
    let mut comment = vec![0xff, markers::COM, 0, HOME.len() as u8 + 2];
    comment.extend_from_slice(HOME);
    let end = bytes.len() - 2;
    bytes.splice(end..end, comment);
    bytes.extend_from_slice(b"PK\x03\x04");
    bytes.extend_from_slice(HOME);
    bytes.into()
}

#[test]
fn a_jpeg_keeps_its_pixels_and_its_colours_and_forgets_the_place() {
    let clean = look(talkative_jpeg(1)).unwrap();
    assert_eq!(clean.kind, Kind::Jpeg);
    assert!(!contains(&clean.bytes, HOME));
    assert!(clean.bytes.ends_with(&[0xff, 0xd9]));
    let jpeg = Jpeg::from_bytes(clean.bytes.clone()).unwrap();
    assert_eq!(jpeg.exif(), None);
    assert_eq!(jpeg.icc_profile().unwrap(), PROFILE);
    assert_eq!(decoded(&clean.bytes), decoded(&encoded(ImageFormat::Jpeg)));
    // What is clean stays as it is.
    assert_eq!(look(clean.bytes.clone()).unwrap().bytes, clean.bytes);
}

#[test]
fn a_jpeg_that_lies_on_its_side_is_turned_upright() {
    // 6: to be turned a quarter to the right; red is then on top.
    let clean = look(talkative_jpeg(6)).unwrap();
    assert!(!contains(&clean.bytes, HOME));
    let upright = decoded(&clean.bytes);
    assert_eq!(upright.dimensions(), (32, 64));
    assert!(upright.get_pixel(16, 8)[0] > 200);
    assert!(upright.get_pixel(16, 56)[2] > 200);
    let jpeg = Jpeg::from_bytes(clean.bytes).unwrap();
    assert_eq!(jpeg.icc_profile().unwrap(), PROFILE);
    assert_eq!(jpeg.exif(), None);
}

#[test]
fn a_png_forgets_its_texts_and_what_follows_its_end() {
    let mut png = Png::from_bytes(encoded(ImageFormat::Png)).unwrap();
    for kind in [b"tEXt", b"zTXt", b"iTXt", b"tIME", b"prVt"] {
        let chunk = PngChunk::new(*kind, Bytes::from_static(HOME));
        png.chunks_mut().insert(1, chunk);
    }
    png.set_exif(Some(exif(1)));
    let sent = [&png.encoder().bytes()[..], HOME].concat();
    let clean = look(sent).unwrap();
    assert_eq!(clean.kind, Kind::Png);
    assert!(!contains(&clean.bytes, HOME) && !contains(&clean.bytes, b"eXIf"));
    assert_eq!(decoded(&clean.bytes), picture());
}

#[test]
fn a_webp_forgets_exif_and_xmp_and_its_header_no_longer_claims_them() {
    let mut webp = WebP::from_bytes(encoded(ImageFormat::WebP)).unwrap();
    webp.set_exif(Some(exif(1)));
    let xmp = RiffContent::Data(Bytes::from_static(HOME));
    webp.chunks_mut().push(RiffChunk::new(*b"XMP ", xmp));
    webp.set_icc_profile(Some(Bytes::from_static(PROFILE)));
    let sent = [&webp.encoder().bytes()[..], HOME].concat();
    let clean = look(sent).unwrap();
    assert_eq!(clean.kind, Kind::WebP);
    assert!(!contains(&clean.bytes, HOME));
    assert_eq!(decoded(&clean.bytes), picture());
    let flags = clean.bytes[20];
    assert_eq!(flags & 0x0c, 0, "EXIF and XMP are claimed");
    assert_eq!(flags & 0x20, 0x20, "the colour profile is lost");
}

#[test]
fn a_webp_or_png_on_its_side_keeps_the_one_tag_that_says_so() {
    let mut webp = WebP::from_bytes(encoded(ImageFormat::WebP)).unwrap();
    webp.set_exif(Some(exif(8)));
    let webp = look(webp.encoder().bytes()).unwrap().bytes;
    let mut png = Png::from_bytes(encoded(ImageFormat::Png)).unwrap();
    png.set_exif(Some(exif(8)));
    let png = look(png.encoder().bytes()).unwrap().bytes;
    for (bytes, exif) in [
        (&webp, WebP::from_bytes(webp.clone()).unwrap().exif()),
        (&png, Png::from_bytes(png.clone()).unwrap().exif()),
    ] {
        assert!(!contains(bytes, HOME));
        let told = image::metadata::Orientation::from_exif_chunk(&exif.unwrap());
        assert_eq!(told.unwrap().to_exif(), 8);
    }
}

#[test]
fn a_picture_cut_short_is_damaged() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(format);
        for length in [16, 40, whole.len() / 2, whole.len() - 1] {
            let cut = whole.slice(..length);
            assert_eq!(look(cut), Err(Refused::Damaged), "{format:?} {length}");
        }
    }
}

#[test]
fn a_picture_of_a_billion_pixels_is_refused_before_it_is_opened() {
    let mut png = Png::from_bytes(encoded(ImageFormat::Png)).unwrap();
    let mut header = png.chunks()[0].contents().to_vec();
    header[..8].copy_from_slice(&[0, 0, 0x7d, 0, 0, 0, 0x7d, 0]);
    png.chunks_mut()[0] = PngChunk::new(*b"IHDR", header.into());
    assert_eq!(look(png.encoder().bytes()), Err(Refused::TooManyPixels));
    let mut jpeg = encoded(ImageFormat::Jpeg).to_vec();
    let frame = jpeg.windows(2).position(|w| w == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(look(jpeg), Err(Refused::TooManyPixels));
}

#[test]
fn no_byte_changed_anywhere_in_a_picture_breaks_the_inspection() {
    let sent = talkative_jpeg(6);
    for at in (0..sent.len()).step_by(3) {
        let mut altered = sent.to_vec();
        altered[at] ^= 0xff;
        // Kept, refused or told to be something else, but answered.
        drop(look(altered));
    }
}
