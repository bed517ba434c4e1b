//! PDF, ODT, DOCX, and what pretends to be one.

use super::*;
use crate::blob::inspect::Unfit;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, contents) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(contents).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const ODT: (&str, &[u8]) = ("mimetype", b"application/vnd.oasis.opendocument.text");
const CONTENT: (&str, &[u8]) = ("content.xml", b"<office:document-content/>");
const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");
const WORD: (&str, &[u8]) = ("word/document.xml", b"<w:document/>");

#[test]
fn a_document_is_told_by_what_it_holds() {
    assert_eq!(look(pdf()).unwrap().kind, Kind::Pdf);
    assert_eq!(look(archive(&[ODT, CONTENT])).unwrap().kind, Kind::Odt);
    let docx = archive(&[TYPES, WORD]);
    let clean = look(docx.clone()).unwrap();
    assert_eq!(clean.kind, Kind::Docx);
    assert_eq!(clean.bytes, docx);
}

#[test]
fn the_header_of_a_pdf_may_come_a_little_late_but_not_behind_something_else() {
    let after = |before: &[u8]| [before, &pdf()].concat();
    assert!(look(after(b"\r\n\xef\xbb\xbf")).is_ok());
    assert_eq!(
        found(after(b"<html><script>alert(1)</script>")),
        Found::WebPage
    );
    assert_eq!(found(after(b"MZ\x90\0\x03\0\0\0")), Found::Program);
    assert_eq!(look(after(b"PK\x03\x04")), Err(Refused::Damaged));
    assert!(look(after(&[b' '; 1024])).is_err());
}

#[test]
fn a_pdf_that_lost_its_end_is_damaged() {
    assert_eq!(look(pdf()[..30].to_vec()), Err(Refused::Damaged));
}

#[test]
fn a_document_with_a_program_in_it_is_refused() {
    for docm in [
        archive(&[TYPES, WORD, ("word/vbaProject.bin", b"x")]),
        archive(&[
            (
                "[Content_Types].xml",
                b"application/vnd.ms-word.document.macroEnabled.main+xml",
            ),
            WORD,
        ]),
        archive(&[ODT, CONTENT, ("Basic/Standard/Module1.xml", b"x")]),
    ] {
        assert_eq!(found(docm), Found::Macros);
    }
}

#[test]
fn an_archive_is_no_document() {
    assert_eq!(found(archive(&[("a.txt", b"a")])), Found::Archive);
    assert_eq!(
        found(archive(&[TYPES, ("xl/workbook.xml", b"<x/>")])),
        Found::OtherDocument
    );
    let many: Vec<_> = (0..4_001).map(|at| format!("{at}")).collect();
    let many: Vec<_> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(found(archive(&many)), Found::Archive);
}

#[test]
fn a_document_that_unpacks_to_more_than_is_allowed_is_refused_whatever_it_claims() {
    let zeros = vec![0; 1_000_000];
    let mut bomb = archive(&[TYPES, WORD, ("word/media/image1.bmp", &zeros)]);
    assert!(bomb.len() < 10_000);
    let refused = Err(Unfit::Is(Found::Archive));
    let look_at = |bomb: &Vec<u8>, most| office::look_within(&bomb.clone().into(), most);
    assert_eq!(look_at(&bomb, 2_000_000), Ok(Kind::Docx));
    assert_eq!(look_at(&bomb, 900_000), refused);
    // The same, claiming to be small in both its headers.
    let claim = 1_000_000_u32.to_le_bytes();
    while let Some(at) = bomb.windows(4).position(|w| w == claim) {
        bomb[at..at + 4].copy_from_slice(&9_u32.to_le_bytes());
    }
    assert!(look_at(&bomb, 900_000).is_err());
}

#[test]
fn a_document_cut_short_or_altered_is_damaged() {
    let docx = archive(&[TYPES, WORD]);
    assert_eq!(
        look(docx[..docx.len() - 30].to_vec()),
        Err(Refused::Damaged)
    );
    let long = b"0123456789".repeat(500);
    let mut altered = archive(&[TYPES, WORD, ("word/styles.xml", &long)]);
    let at = altered
        .windows(15)
        .position(|w| w == b"word/styles.xml")
        .unwrap();
    altered[at + 20] ^= 0xff;
    assert_eq!(look(altered), Err(Refused::Damaged));
}

#[test]
fn what_is_not_a_document_is_named() {
    for (bytes, is) in [
        (
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"[..],
            Found::Svg,
        ),
        (b"<?xml version='1.0'?><svg/>", Found::Svg),
        (
            b"\xef\xbb\xbf  <!DOCTYPE html><title>a</title>",
            Found::WebPage,
        ),
        (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", Found::Program),
        (b"#!/bin/sh\nrm -rf ~\n", Found::Program),
        (b"\x7fELF\x02\x01\x01\0", Found::Program),
        (b"GIF89a\x01\0\x01\0", Found::OtherPicture),
        (b"{\\rtf1 bonjour}", Found::OtherDocument),
        (b"Rar!\x1a\x07\x01\0", Found::Archive),
        (b"bonjour", Found::Unknown),
    ] {
        let mut padded = bytes.to_vec();
        padded.resize(600, if is == Found::Unknown { b'.' } else { 0 });
        assert_eq!(found(padded), is, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_question_takes_only_its_own_kinds_and_sizes() {
    let accept = Accept::new(["jpeg", "png"], Some(1));
    let refused = inspect(&pdf().into(), &accept).unwrap_err();
    assert_eq!(
        refused.mend(),
        "Ce fichier est un document PDF. Envoyez un fichier JPEG ou PNG."
    );
    let refused = inspect(&vec![0; 1_000_001].into(), &accept).unwrap_err();
    assert_eq!(refused, Refused::TooLarge { max: 1_000_000 });
    assert!(refused.mend().contains("1\u{a0}Mo"), "{}", refused.mend());
    assert_eq!(look(Bytes::new()), Err(Refused::Empty));
    assert_eq!(Accept::new([], None), Accept::default());
    assert_eq!(Accept::new([], Some(9_000)).max(), 20_000_000);
}

#[test]
fn every_word_of_a_definition_is_a_kind_and_every_refusal_is_a_sentence() {
    for word in crate::definition::field::FILE_TYPES {
        let kind = Kind::of_word(word).unwrap();
        assert_eq!(Kind::of_media_type(kind.media_type()), Some(kind));
    }
    for refused in [
        Refused::Empty,
        Refused::Damaged,
        Refused::TooManyPixels,
        Refused::OneTooMany { most: 20 },
    ] {
        assert!(refused.mend().ends_with('.'));
    }
    assert_eq!(refused::size(1), "1\u{a0}octet");
    assert_eq!(refused::size(1_200), "2\u{a0}ko");
    assert_eq!(refused::size(1_250_000), "1,3\u{a0}Mo");
    assert_eq!(refused::size(20_000_000), "20\u{a0}Mo");
}

#[test]
fn a_name_is_shown_without_traps() {
    for (sent, shown) in [
        ("plan.pdf", "plan.pdf"),
        ("Plan du terrain.PDF", "Plan du terrain.pdf"),
        ("C:\\Users\\Ana\\plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("plan.pdf.exe", "plan.pdf"),
        ("plan v1.2", "plan v1.2.pdf"),
        ("acte de M.Jean.pdf", "acte de M.Jean.pdf"),
        ("reçu 12.05.2026.jpg", "reçu 12.05.2026.pdf"),
        ("a\u{202e}fdp.exe", "afdp.pdf"),
        ("a\r\nb\0\u{200b}.pdf", "ab.pdf"),
        ("<script>\"x\".pdf", "_script__x_.pdf"),
        ("", "fichier.pdf"),
        (".pdf", "fichier.pdf"),
        ("...", "fichier.pdf"),
    ] {
        assert_eq!(name::clean(sent, Kind::Pdf), shown, "{sent:?}");
    }
    assert_eq!(name::clean("IMG_1.JPG", Kind::Jpeg), "IMG_1.jpg");
    assert_eq!(name::clean("IMG_1.png", Kind::Jpeg), "IMG_1.jpeg");
    let long = name::clean(&"é".repeat(10_000), Kind::Docx);
    assert_eq!(long.chars().count(), 120);
}
