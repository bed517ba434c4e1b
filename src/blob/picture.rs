//! Pictures without what they say of place, time and device: EXIF, XMP, IPTC, comments, previews and
//! whatever is hidden after their end. The pixels stay as they are, the colour profile too. A picture
//! that lay on its side is turned upright, or, when it is very large, keeps the one tag that says so.

use super::inspect::Unfit;
use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use img_parts::webp::WebP;
use img_parts::{ImageEXIF, ImageICC};
use std::io::Cursor;

/// Pixels at most.
pub(super) const PIXELS: u64 = 80_000_000;
/// Pixels at most of a picture that is decoded to be turned: about 75 MB, twice.
const TURNED: u64 = 25_000_000;
const QUALITY: u8 = 88;

const JFIF: &[u8] = b"JFIF\0";
const ICC: &[u8] = b"ICC_PROFILE\0";

pub(super) fn jpeg(bytes: &Bytes) -> Result<Bytes, Unfit> {
    let mut jpeg = Jpeg::from_bytes(bytes.clone()).map_err(|_| Unfit::Damaged)?;
    let pixels = measure(bytes, ImageFormat::Jpeg)?;
    let orientation = orientation(jpeg.exif());
    let icc = jpeg.icc_profile();
    let segments = std::mem::take(jpeg.segments_mut());
    let mut whole = false;
    for segment in segments {
        let marker = segment.marker();
        let contents = segment.contents();
        let kept = match marker {
            markers::SOS => {
                let scans = scans(&segment).ok_or(Unfit::Damaged)?;
                whole = true;
                JpegSegment::new_with_entropy(marker, contents.clone(), scans)
            }
            // Its last two bytes are the size of a preview, which follows.
            markers::APP0 if contents.starts_with(JFIF) && contents.len() >= 14 => {
                let header = [&contents[..12], &[0, 0]].concat();
                JpegSegment::new_with_contents(marker, header.into())
            }
            // Says how the colours are stored.
            markers::APP14 if contents.starts_with(b"Adobe") => segment,
            markers::APP2 if contents.starts_with(ICC) => segment,
            markers::COM => continue,
            marker if is_application(marker) => continue,
            _ => segment,
        };
        jpeg.segments_mut().push(kept);
    }
    if !whole {
        return Err(Unfit::Damaged);
    }
    if orientation == Orientation::NoTransforms {
        return Ok(jpeg.encoder().bytes());
    }
    if pixels > TURNED {
        jpeg.set_exif(Some(orientation_alone(orientation)));
        return Ok(jpeg.encoder().bytes());
    }
    let four_colours = jpeg.segments().iter().any(is_four_colours);
    let icc = icc.filter(|_| !four_colours);
    turned(&jpeg.encoder().bytes(), orientation, icc)
}

pub(super) fn png(bytes: &Bytes) -> Result<Bytes, Unfit> {
    let mut png = Png::from_bytes(bytes.clone()).map_err(|_| Unfit::Damaged)?;
    measure(bytes, ImageFormat::Png)?;
    let orientation = orientation(png.exif());
    let has = |kind: &[u8; 4]| png.chunks().iter().any(|chunk| chunk.kind() == *kind);
    if !has(b"IDAT") || !has(b"IEND") {
        return Err(Unfit::Damaged);
    }
    png.chunks_mut().retain(is_needed);
    if orientation != Orientation::NoTransforms {
        png.set_exif(Some(orientation_alone(orientation)));
    }
    Ok(png.encoder().bytes())
}

pub(super) fn webp(bytes: &Bytes) -> Result<Bytes, Unfit> {
    let mut webp = WebP::from_bytes(bytes.clone()).map_err(|_| Unfit::Damaged)?;
    measure(bytes, ImageFormat::WebP)?;
    let orientation = orientation(webp.exif());
    webp.chunks_mut().retain(|chunk| {
        matches!(
            &chunk.id(),
            b"VP8X" | b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP"
        )
    });
    // Also rewrites the flags that say which chunks there are.
    let upright = orientation == Orientation::NoTransforms;
    webp.set_exif((!upright).then(|| orientation_alone(orientation)));
    Ok(webp.encoder().bytes())
}

/// The number of pixels, read from the header.
fn measure(bytes: &Bytes, format: ImageFormat) -> Result<u64, Unfit> {
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format)
        .into_dimensions()
        .map_err(|_| Unfit::Damaged)?;
    let pixels = u64::from(width) * u64::from(height);
    match pixels {
        0 => Err(Unfit::Damaged),
        1..=PIXELS => Ok(pixels),
        _ => Err(Unfit::TooManyPixels),
    }
}

fn is_application(marker: u8) -> bool {
    (0xe0..=0xef).contains(&marker)
}

fn is_four_colours(segment: &JpegSegment) -> bool {
    let frame =
        matches!(segment.marker(), 0xc0..=0xcf) && !matches!(segment.marker(), 0xc4 | 0xc8 | 0xcc);
    frame && segment.contents().get(5) == Some(&4)
}

fn is_needed(chunk: &PngChunk) -> bool {
    matches!(
        &chunk.kind(),
        b"IHDR"
            | b"PLTE"
            | b"IDAT"
            | b"IEND"
            | b"tRNS"
            | b"gAMA"
            | b"cHRM"
            | b"sRGB"
            | b"iCCP"
            | b"cICP"
            | b"sBIT"
            | b"bKGD"
            | b"pHYs"
            | b"acTL"
            | b"fcTL"
            | b"fdAT"
    )
}

/// What follows the first scan header, up to the end of the image and no further, without the
/// application data and comments between scans; `None` when the end is missing.
fn scans(first: &JpegSegment) -> Option<Bytes> {
    // The encoder writes marker, length and contents, then everything that follows.
    let header = 4 + first.contents().len();
    let encoded = first.clone().encoder().bytes();
    let data = encoded.get(header..)?;
    let mut kept = Vec::with_capacity(data.len());
    let mut at = 0;
    loop {
        let run = data.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        kept.extend_from_slice(&data[at..at + run]);
        at += run + 1;
        while *data.get(at)? == 0xff {
            at += 1;
        }
        let marker = data[at];
        at += 1;
        match marker {
            // A stuffed byte, or a restart.
            0x00 | 0xd0..=0xd7 => kept.extend_from_slice(&[0xff, marker]),
            markers::EOI => {
                kept.extend_from_slice(&[0xff, marker]);
                return Some(kept.into());
            }
            0x01 | 0xd8 => {}
            _ => {
                let length = data.get(at..at + 2)?;
                let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
                let segment = data.get(at..at + length.max(2))?;
                if !is_application(marker) && marker != markers::COM {
                    kept.extend_from_slice(&[0xff, marker]);
                    kept.extend_from_slice(segment);
                }
                at += segment.len();
            }
        }
    }
}

fn orientation(exif: Option<Bytes>) -> Orientation {
    exif.and_then(|exif| {
        let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
        Orientation::from_exif_chunk(exif)
    })
    .unwrap_or(Orientation::NoTransforms)
}

/// EXIF with nothing but the orientation: a TIFF header and one entry.
fn orientation_alone(orientation: Orientation) -> Bytes {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend_from_slice(&[orientation.to_exif(), 0, 0, 0]);
    exif.extend_from_slice(&[0; 4]);
    exif.into()
}

fn turned(bytes: &Bytes, orientation: Orientation, icc: Option<Bytes>) -> Result<Bytes, Unfit> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Jpeg);
    let mut limits = Limits::default();
    limits.max_alloc = Some(TURNED * 8);
    reader.limits(limits);
    let mut picture = reader.decode().map_err(|_| Unfit::Damaged)?;
    picture.apply_orientation(orientation);
    if !matches!(
        picture,
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_)
    ) {
        picture = picture.into_rgb8().into();
    }
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY)
        .encode_image(&picture)
        .map_err(|_| Unfit::Damaged)?;
    if icc.is_none() {
        return Ok(out.into());
    }
    let mut jpeg = Jpeg::from_bytes(out.into()).map_err(|_| Unfit::Damaged)?;
    jpeg.set_icc_profile(icc);
    Ok(jpeg.encoder().bytes())
}
