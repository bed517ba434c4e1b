//! Sheets that nobody means well with, or that are simply empty.

use proptest::prelude::*;

use super::super::examples::issued;
use super::super::{Align, Block, Column, Level, PrintError, Sheet};
use super::{bare, catalogue, press, printed, text_of};

#[test]
fn a_sheet_with_nothing_in_it_prints() {
    let mut sheet = bare(vec![
        Block::Paragraph(String::new()),
        Block::Heading(Level::Section, "\u{200b}".into()),
        Block::KeyValues(vec![]),
        Block::KeyValues(vec![(String::new(), String::new())]),
        Block::Table {
            columns: vec![],
            rows: vec![vec!["perdu".into()]],
        },
        Block::Notice(" \n ".into()),
        Block::Signature {
            place_date: String::new(),
            lines: vec![String::new()],
        },
    ]);
    sheet.title.clear();
    sheet.reference.clear();
    sheet.date_line.clear();
    sheet.footer.clear();
    sheet.letterhead.authority_name.clear();
    sheet.letterhead.lines.clear();
    sheet.language = "); drop".into();
    let document = printed(&sheet);
    assert_eq!(document.get_pages().len(), 1);
    assert_eq!(text_of(catalogue(&document).get(b"Lang").unwrap()), "fr");
}

#[test]
fn an_address_too_long_for_a_qr_code_is_an_error() {
    let mut sheet = issued();
    if let Some(verification) = &mut sheet.verification {
        verification.url = "https://wanze.example/".repeat(200);
    }
    let refused = press().print(&sheet);
    assert!(matches!(refused, Err(PrintError::UnfitVerification(_))));
}

#[test]
fn a_document_of_thousands_of_pages_is_refused() {
    let sheet = bare(vec![Block::Paragraph("a\n".repeat(200_000))]);
    assert!(matches!(
        press().print(&sheet),
        Err(PrintError::TooLong { limit: 2_000 })
    ));
}

#[test]
fn hostile_texts_are_printed_whole() {
    let texts = [
        "x".repeat(50_000),
        "été ".repeat(12_500),
        "e\u{301}".repeat(5_000),
        format!("e{}", "\u{327}\u{323}".repeat(20_000)),
        "👩🏽‍🚒🇧🇪❤️ pompière".into(),
        "שלום مرحبا 漢字 \u{202e}abc".into(),
        "\u{0}\u{7}\u{1b}[31m\u{feff}\u{e0001}".into(),
        ") Tj ET /F1 <</MCID 0>> BDC \\( %".into(),
        "<script>&amp;]]></rdf:li>".into(),
        "\u{a0}".repeat(3_000),
        " - / – ".repeat(1_000),
        "W-".repeat(5_000),
        "\u{10ffff}\u{fffe}\u{fffd}".into(),
    ];
    for text in texts {
        let pair = (text.clone(), text.clone());
        let mut sheet = bare(vec![
            Block::Heading(Level::Part, text.clone()),
            Block::Paragraph(text.clone()),
            Block::KeyValues(vec![pair]),
            Block::Notice(text.clone()),
            Block::Table {
                columns: vec![
                    Column {
                        title: text.clone(),
                        share: f32::NAN,
                        align: Align::Right,
                    };
                    20
                ],
                rows: vec![vec![text.chars().take(3_000).collect()]],
            },
            Block::Signature {
                place_date: text.clone(),
                lines: vec![text.clone(); 20],
            },
        ]);
        sheet.title.clone_from(&text);
        sheet.reference.clone_from(&text);
        sheet.date_line.clone_from(&text);
        sheet.letterhead.authority_name.clone_from(&text);
        sheet.letterhead.lines = vec![text.clone(); 20];
        sheet.addressee = vec![text.clone(); 20];
        sheet.footer = vec![text; 9];
        assert!(!printed(&sheet).get_pages().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_at_all_prints(text in any::<String>(), more in "\\PC{0,300}") {
        let sheet = Sheet {
            title: text.clone(),
            reference: more.clone(),
            ..bare(vec![
                Block::Paragraph(more.clone()),
                Block::KeyValues(vec![(text.clone(), more)]),
                Block::Notice(text),
            ])
        };
        prop_assert!(press().print(&sheet).is_ok());
    }
}
