//! What a printed document must be, read back from its bytes.

use lopdf::{Dictionary, Document, Object};

use super::examples::{issued, receipt};
use super::flow::share;
use super::{Align, Block, Column, Level, Press, Sheet};

mod hostile;

fn press() -> &'static Press {
    static PRESS: std::sync::LazyLock<Press> = std::sync::LazyLock::new(|| Press::new().unwrap());
    &PRESS
}

fn printed(sheet: &Sheet) -> Document {
    Document::load_mem(&press().print(sheet).unwrap()).unwrap()
}

fn bare(blocks: Vec<Block>) -> Sheet {
    Sheet {
        blocks,
        verification: None,
        addressee: Vec::new(),
        ..issued()
    }
}

/// The text of the document as a reader would copy it, one space between words.
fn words(document: &Document) -> String {
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn catalogue(document: &Document) -> &Dictionary {
    document.catalog().unwrap()
}

fn text_of(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

/// All structure elements in reading order: depth, role, dictionary.
fn elements(document: &Document) -> Vec<(usize, String, Dictionary)> {
    fn visit(
        document: &Document,
        object: &Object,
        depth: usize,
        found: &mut Vec<(usize, String, Dictionary)>,
    ) {
        let (_, object) = document.dereference(object).unwrap();
        let Ok(element) = object.as_dict() else {
            return;
        };
        let Ok(role) = element.get(b"S").and_then(Object::as_name) else {
            return;
        };
        let role = String::from_utf8(role.to_vec()).unwrap();
        found.push((depth, role, element.clone()));
        for kid in element.get(b"K").and_then(Object::as_array).unwrap() {
            visit(document, kid, depth + 1, found);
        }
    }
    let root = catalogue(document).get(b"StructTreeRoot").unwrap();
    let root = document.dereference(root).unwrap().1.as_dict().unwrap();
    let mut found = Vec::new();
    visit(document, root.get(b"K").unwrap(), 0, &mut found);
    found
}

fn roles(document: &Document) -> Vec<String> {
    elements(document).into_iter().map(|e| e.1).collect()
}

#[test]
fn a_document_says_its_title_and_language() {
    let document = printed(&receipt());
    let catalogue = catalogue(&document);
    assert_eq!(text_of(catalogue.get(b"Lang").unwrap()), "fr-BE");
    let preferences = catalogue.get(b"ViewerPreferences").unwrap();
    let shown = preferences.as_dict().unwrap().get(b"DisplayDocTitle");
    assert!(shown.unwrap().as_bool().unwrap());
    let information = document.trailer.get(b"Info").unwrap();
    let information = document.dereference(information).unwrap().1;
    let title = information.as_dict().unwrap().get(b"Title").unwrap();
    assert_eq!(text_of(title), "Accusé de réception de votre demande");
    let metadata = catalogue.get(b"Metadata").unwrap();
    let metadata = document.dereference(metadata).unwrap().1;
    let xmp = String::from_utf8(metadata.as_stream().unwrap().content.clone()).unwrap();
    assert!(xmp.contains("Accusé de réception de votre demande"));
    assert!(xmp.contains("2026-11-23T09:41:07Z"));
}

#[test]
fn a_document_claims_no_standard_that_was_not_checked() {
    let bytes = press().print(&issued()).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    assert!(!catalogue(&document).has(b"OutputIntents"));
    let text = String::from_utf8_lossy(&bytes);
    for claim in ["GTS_PDFX", "pdfaid", "pdfuaid"] {
        assert!(!text.contains(claim), "{claim}");
    }
}

#[test]
fn a_screen_reader_finds_headings_lists_tables_and_the_figure() {
    let found = roles(&printed(&receipt()));
    let count = |role: &str| found.iter().filter(|r| *r == role).count();
    assert_eq!(count("H1"), 1);
    assert_eq!(count("H2"), 3);
    assert_eq!(count("H3"), 2);
    assert_eq!((count("L"), count("LI")), (2, 9));
    assert_eq!((count("Lbl"), count("LBody")), (9, 9));
    assert_eq!((count("TR"), count("TH"), count("TD")), (3, 3, 6));

    let document = printed(&issued());
    let mark = catalogue(&document).get(b"MarkInfo").unwrap();
    let mark = mark.as_dict().unwrap().get(b"Marked").unwrap();
    assert!(mark.as_bool().unwrap());
    let elements = elements(&document);
    let figure = elements.iter().find(|e| e.1 == "Figure").unwrap();
    let words = text_of(figure.2.get(b"Alt").unwrap());
    assert!(words.ends_with("/verification/K7QF92MXP4TA"), "{words}");
    assert!(elements.iter().any(|e| e.1 == "Link"));
}

#[test]
fn every_mark_on_every_page_belongs_to_an_element() {
    let document = printed(&receipt());
    let root = catalogue(&document).get(b"StructTreeRoot").unwrap();
    let root = document.dereference(root).unwrap().1.as_dict().unwrap();
    let tree = document
        .dereference(root.get(b"ParentTree").unwrap())
        .unwrap()
        .1;
    let numbers = tree.as_dict().unwrap().get(b"Nums").unwrap();
    let numbers = numbers.as_array().unwrap();
    for (i, page) in document.get_pages().into_values().enumerate() {
        let content = document.get_page_content(page);
        let content = lopdf::content::Content::decode(&content).unwrap();
        let mut marks = Vec::new();
        let mut open = 0;
        for operation in &content.operations {
            match operation.operator.as_str() {
                "BDC" => {
                    open += 1;
                    let properties = operation.operands[1].as_dict().unwrap();
                    if let Ok(number) = properties.get(b"MCID") {
                        marks.push(number.as_i64().unwrap());
                    }
                }
                "EMC" => open -= 1,
                "Tj" | "f" => assert_eq!(open, 1, "something is drawn outside the structure"),
                _ => {}
            }
        }
        assert_eq!(open, 0);
        let owners = numbers[2 * i + 1].as_array().unwrap();
        assert_eq!(marks, (0..owners.len() as i64).collect::<Vec<_>>());
    }
}

#[test]
fn fonts_are_embedded_and_cut_down_to_what_is_used() {
    let bytes = press().print(&issued()).unwrap();
    assert!(bytes.len() < 80_000, "{} bytes", bytes.len());
    let document = Document::load_mem(&bytes).unwrap();
    let mut fonts = 0;
    for object in document.objects.values() {
        let Ok(descriptor) = object.as_dict() else {
            continue;
        };
        if !descriptor.has_type(b"FontDescriptor") {
            continue;
        }
        fonts += 1;
        assert!(descriptor.has(b"FontFile2"));
        let name = descriptor
            .get(b"FontName")
            .and_then(Object::as_name)
            .unwrap();
        assert_eq!(name[6], b'+', "not a subset");
        assert!(name[..6].iter().all(u8::is_ascii_uppercase));
    }
    assert_eq!(fonts, 2);
}

#[test]
fn accents_and_signs_are_right_when_copied() {
    let sheet = bare(vec![
        Block::Paragraph("Élève, cœur, Łódź, Dvořák, 12,50\u{a0}€, « l’été » – noël".into()),
        Block::Paragraph("Ωμέγα Жития İstanbul Čačak e\u{301}".into()),
    ]);
    let text = words(&printed(&sheet));
    assert!(
        text.contains("Élève, cœur, Łódź, Dvořák, 12,50 €, « l’été » – noël"),
        "{text}"
    );
    assert!(text.contains("Ωμέγα Жития İstanbul Čačak é"), "{text}");
}

#[test]
fn the_text_comes_in_the_order_it_is_read() {
    let text = words(&printed(&receipt()));
    let order = [
        "Commune de Wanze",
        "Accusé de réception",
        "Vos réponses",
        "Nombre d’exemplaires 2",
        "Vos pièces jointes",
        "Empreinte SHA-256",
        "Et maintenant",
    ];
    let places: Vec<Option<usize>> = order.iter().map(|words| text.find(words)).collect();
    assert!(places.iter().all(Option::is_some), "{places:?}\n{text}");
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn words_of_two_lines_are_not_glued_together() {
    let long = "mot ".repeat(500);
    let text = words(&printed(&bare(vec![Block::Paragraph(long)])));
    assert!(!text.contains("motmot"), "{text}");
    assert_eq!(text.matches("mot ").count(), 500);
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    assert_eq!(
        press().print(&issued()).unwrap(),
        Press::new().unwrap().print(&issued()).unwrap()
    );
}

#[test]
fn a_press_serves_every_thread() {
    fn shared<T: Send + Sync + Clone>(_: &T) {}
    shared(press());
}

#[test]
fn two_hundred_answers_are_all_printed_with_page_numbers() {
    let pairs = (1..=200)
        .map(|i| (format!("Question numéro {i}"), format!("Réponse-{i}.")))
        .collect();
    let document = printed(&bare(vec![Block::KeyValues(pairs)]));
    let pages = document.get_pages().len();
    assert!(pages > 4);
    let text = words(&document);
    for i in 1..=200 {
        assert!(text.contains(&format!("Réponse-{i}.")), "{i}");
    }
    for page in 1..=pages {
        assert!(text.contains(&format!("page {page} / {pages}")), "{page}");
    }
    assert_eq!(text.matches("WZ-2026-000123 page").count(), pages);
}

#[test]
fn an_answer_of_ten_thousand_letters_runs_over_the_pages() {
    let answer = "Une phrase avec des mots. ".repeat(400);
    let pairs = vec![("Motivez votre demande".into(), answer)];
    let document = printed(&bare(vec![Block::KeyValues(pairs)]));
    assert!(document.get_pages().len() >= 3);
    let text = words(&document);
    assert_eq!(text.matches("phrase").count(), 400);
    assert!(text.contains("(suite)"));
    let body = elements(&document).into_iter().find(|e| e.1 == "LBody");
    let kids = body.unwrap().2.get(b"K").unwrap().as_array().unwrap().len();
    assert_eq!(kids, document.get_pages().len(), "one mark on each page");
}

#[test]
fn a_table_repeats_its_header_on_each_page() {
    let column = |title: &str| Column {
        title: title.into(),
        share: 1.0,
        align: Align::Left,
    };
    let table = Block::Table {
        columns: vec![column("Fichier"), column("Empreinte")],
        rows: (0..120).map(|i| vec![format!("f{i}.pdf")]).collect(),
    };
    let document = printed(&bare(vec![table]));
    let pages = document.get_pages().len();
    assert!(pages > 1);
    assert_eq!(words(&document).matches("Fichier Empreinte").count(), pages);
    let heads = roles(&document).iter().filter(|r| *r == "TH").count();
    assert_eq!(heads, 2, "the repeated ones are furniture");
}

#[test]
fn a_heading_is_never_alone_at_the_foot_of_a_page() {
    for filler in 0..60 {
        let mut blocks = vec![Block::Spacer; filler];
        blocks.insert(0, Block::Paragraph("Début".into()));
        blocks.push(Block::Heading(Level::Section, "Titre-témoin".into()));
        blocks.push(Block::Heading(Level::Part, "Sous-titre".into()));
        blocks.push(Block::KeyValues(vec![(
            "Q".into(),
            "Réponse-témoin".into(),
        )]));
        let document = printed(&bare(blocks));
        for page in document.get_pages().into_keys() {
            let text = document.extract_text(&[page]).unwrap();
            assert_eq!(
                text.contains("Titre-témoin"),
                text.contains("Réponse-témoin"),
                "{filler} lines above"
            );
        }
    }
}

#[test]
fn no_paragraph_leaves_a_line_by_itself() {
    assert_eq!(share(5, 9, false), 5);
    assert_eq!(share(5, 1, false), 0, "one line before the break");
    assert_eq!(share(5, 4, false), 3, "one line after it");
    assert_eq!(share(3, 2, false), 2);
    assert_eq!(share(9, 0, true), 1, "the top of a page always takes one");
}

#[test]
fn no_page_holds_nothing_but_the_code_to_verify() {
    for filler in 1..60 {
        let mut blocks: Vec<Block> = (0..filler)
            .map(|_| Block::Paragraph("Une ligne.".into()))
            .collect();
        blocks.push(Block::Signature {
            place_date: "Fait à Wanze".into(),
            lines: vec!["Signature-témoin".into()],
        });
        let sheet = Sheet { blocks, ..issued() };
        let document = printed(&sheet);
        let last = *document.get_pages().keys().next_back().unwrap();
        let text = document.extract_text(&[last]).unwrap();
        assert!(text.contains("Signature-témoin"), "{filler} lines: {text}");
    }
}

#[test]
fn a_draft_says_so_under_the_text_of_every_page() {
    let long = vec![Block::Paragraph("Un mot de plus. ".repeat(400)); 3];
    let sheet = Sheet {
        across: Some("PROJET".to_owned()),
        ..bare(long)
    };
    let document = printed(&sheet);
    let pages = document.get_pages();
    assert!(pages.len() > 1);
    for page in pages.into_keys() {
        let text = document.extract_text(&[page]).unwrap();
        assert!(text.trim_start().starts_with("PROJET"), "{page}: {text}");
    }
    assert!(!words(&printed(&issued())).contains("PROJET"));
}
