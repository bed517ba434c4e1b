//! Binding the pages into a PDF: fonts, skeleton, title, language, dates. printpdf writes pages and
//! fonts; it knows no tags, and its own statements of conformance are wrong, so they are replaced.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary, text_string};
use printpdf::{Mm, PdfDocument, PdfFont, PdfPage, PdfSaveOptions};
use sha2::{Digest, Sha256};

use super::faces::Faces;
use super::flow::Leaves;
use super::structure::{Element, Kid, Node, Role, Tree};
use super::{PrintError, Sheet, text, wording};

/// Makes the PDF of a document set in type.
pub fn seal(faces: &Faces, sheet: &Sheet, leaves: Leaves) -> Result<Vec<u8>, PrintError> {
    let mut pdf = PdfDocument::new("");
    for (id, face) in leaves.fonts.iter().zip(faces.all()) {
        let font = PdfFont::new(face.clone());
        pdf.resources.fonts.map.insert(id.clone(), font);
    }
    pdf.pages = leaves
        .leaves
        .into_iter()
        .map(|leaf| PdfPage::new(Mm(210.0), Mm(297.0), leaf.ops))
        .collect();
    let mut document = pdf.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    drop(pdf);
    "1.7".clone_into(&mut document.version);
    skeleton(&mut document, &leaves.tree)?;
    catalogue(&mut document, sheet)?;
    identity(&mut document, sheet);
    document.prune_objects();
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

/// Writes the structure tree and ties each mark on each page to its element.
fn skeleton(document: &mut Document, tree: &Tree) -> Result<(), PrintError> {
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let root = document.new_object_id();
    let ids: Vec<ObjectId> = tree
        .elements
        .iter()
        .map(|_| document.new_object_id())
        .collect();
    let links: Vec<ObjectId> = tree
        .links
        .iter()
        .map(|_| document.new_object_id())
        .collect();

    for (element, id) in tree.elements.iter().zip(&ids) {
        let parent = element
            .parent
            .and_then(|Node(parent)| ids.get(parent))
            .unwrap_or(&root);
        let written = written(element, *parent, &ids, &pages, &links);
        document.objects.insert(*id, Object::Dictionary(written));
    }
    let mut numbers = Vec::new();
    for (page, owners) in owners(tree, &ids, pages.len()).into_iter().enumerate() {
        numbers.push(Object::Integer(page as i64));
        numbers.push(Object::Array(owners));
    }
    for (i, (link, id)) in tree.links.iter().zip(&links).enumerate() {
        let key = (pages.len() + i) as i64;
        numbers.push(Object::Integer(key));
        numbers.extend(ids.get(link.element.0).copied().map(Object::Reference));
        let corners = link.corners.iter().map(|c| Object::Real(*c)).collect();
        let annotation = dictionary! {
            "Type" => "Annot",
            "Subtype" => "Link",
            "Rect" => Object::Array(corners),
            "Border" => vec![0.into(), 0.into(), 0.into()],
            // Printed with the page, as archives ask.
            "F" => 4,
            "StructParent" => key,
            "Contents" => text_string(&link.url),
            "A" => dictionary! {
                "Type" => "Action",
                "S" => "URI",
                "URI" => Object::string_literal(link.url.as_str()),
            },
        };
        document.objects.insert(*id, Object::Dictionary(annotation));
    }
    for (i, page) in pages.iter().enumerate() {
        let annotations: Vec<Object> = tree
            .links
            .iter()
            .zip(&links)
            .filter(|(link, _)| link.page == i)
            .map(|(_, id)| Object::Reference(*id))
            .collect();
        let page = document.get_dictionary_mut(*page)?;
        page.set("StructParents", i as i64);
        page.set("Tabs", "S");
        if annotations.is_empty() {
            page.remove(b"Annots");
        } else {
            page.set("Annots", annotations);
        }
    }
    let parent_tree = document.add_object(dictionary! { "Nums" => numbers });
    let first = ids.first().copied().unwrap_or(root);
    document.objects.insert(
        root,
        Object::Dictionary(dictionary! {
            "Type" => "StructTreeRoot",
            "K" => Object::Reference(first),
            "ParentTree" => Object::Reference(parent_tree),
            "ParentTreeNextKey" => (pages.len() + tree.links.len()) as i64,
        }),
    );
    let catalogue = document.catalog_mut()?;
    catalogue.set("StructTreeRoot", Object::Reference(root));
    catalogue.set("MarkInfo", dictionary! { "Marked" => true });
    Ok(())
}

/// One element as PDF writes it.
fn written(
    element: &Element,
    parent: ObjectId,
    ids: &[ObjectId],
    pages: &[ObjectId],
    links: &[ObjectId],
) -> Dictionary {
    let mut written = dictionary! {
        "Type" => "StructElem",
        "S" => element.role.name(),
        "P" => Object::Reference(parent),
    };
    let own_page = element.kids.iter().find_map(|kid| match kid {
        Kid::Mark { page, .. } => Some(*page),
        _ => None,
    });
    if let Some(page) = own_page.and_then(|page| pages.get(page)) {
        written.set("Pg", Object::Reference(*page));
    }
    let kids: Vec<Object> = element
        .kids
        .iter()
        .filter_map(|kid| match *kid {
            Kid::Element(Node(node)) => ids.get(node).map(|id| Object::Reference(*id)),
            Kid::Mark { page, number } if own_page == Some(page) => {
                Some(Object::Integer(number as i64))
            }
            Kid::Mark { page, number } => pages.get(page).map(|page| {
                Object::Dictionary(dictionary! {
                    "Type" => "MCR",
                    "Pg" => Object::Reference(*page),
                    "MCID" => number as i64,
                })
            }),
            Kid::Link(link) => links.get(link).map(|id| {
                Object::Dictionary(dictionary! {
                    "Type" => "OBJR",
                    "Obj" => Object::Reference(*id),
                })
            }),
        })
        .collect();
    written.set("K", kids);
    if let Some(words) = &element.alternative {
        written.set("Alt", text_string(words));
    }
    match element.role {
        Role::HeaderCell => written.set("A", dictionary! { "O" => "Table", "Scope" => "Column" }),
        Role::Figure => written.set("A", dictionary! { "O" => "Layout", "Placement" => "Block" }),
        _ => {}
    }
    written
}

/// For each page, which element owns each mark, in the order of the marks.
fn owners(tree: &Tree, ids: &[ObjectId], pages: usize) -> Vec<Vec<Object>> {
    let mut owners: Vec<BTreeMap<usize, ObjectId>> = vec![BTreeMap::new(); pages];
    for (element, id) in tree.elements.iter().zip(ids) {
        for kid in &element.kids {
            if let Kid::Mark { page, number } = kid
                && let Some(page) = owners.get_mut(*page)
            {
                page.insert(*number, *id);
            }
        }
    }
    owners
        .into_iter()
        .map(|page| page.into_values().map(Object::Reference).collect())
        .collect()
}

/// Language, title bar and metadata for programs that file the document.
fn catalogue(document: &mut Document, sheet: &Sheet) -> Result<(), PrintError> {
    let xmp = Stream::new(
        dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
        xmp(sheet).into_bytes(),
    )
    // Archives look for the packet without knowing PDF.
    .with_compression(false);
    let xmp = document.add_object(xmp);
    let catalogue = document.catalog_mut()?;
    catalogue.remove(b"OutputIntents");
    catalogue.set("Metadata", Object::Reference(xmp));
    catalogue.set("Lang", text_string(wording::tag(&sheet.language)));
    catalogue.set(
        "ViewerPreferences",
        dictionary! { "DisplayDocTitle" => true },
    );
    Ok(())
}

/// The information dictionary and the identifier of the file, from the sheet alone.
fn identity(document: &mut Document, sheet: &Sheet) {
    let date = Object::string_literal(sheet.created.format("D:%Y%m%d%H%M%SZ").to_string());
    let information = document.add_object(dictionary! {
        "Title" => text_string(&title(sheet)),
        "Author" => text_string(&author(sheet)),
        "Creator" => text_string("Perron"),
        "Producer" => text_string("printpdf"),
        "CreationDate" => date.clone(),
        "ModDate" => date,
    });
    document.trailer.set("Info", Object::Reference(information));
    let mut digest = Sha256::new();
    for (id, object) in &document.objects {
        digest.update(id.0.to_be_bytes());
        if let Object::Stream(stream) = object {
            digest.update(&stream.content);
        }
    }
    let id: Vec<u8> = digest.finalize().iter().take(16).copied().collect();
    let id = Object::String(id, lopdf::StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
}

fn title(sheet: &Sheet) -> String {
    text::one_line(&sheet.title).chars().take(300).collect()
}

fn author(sheet: &Sheet) -> String {
    text::one_line(&sheet.letterhead.authority_name)
        .chars()
        .take(300)
        .collect()
}

/// The same facts once more, as XMP. No claim of PDF/A or PDF/UA: no validator has confirmed one.
fn xmp(sheet: &Sheet) -> String {
    let language = wording::tag(&sheet.language);
    let title = escaped(&title(sheet));
    let author = escaped(&author(sheet));
    let date = iso(sheet.created);
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
   <xmp:CreateDate>{date}</xmp:CreateDate>
   <xmp:ModifyDate>{date}</xmp:ModifyDate>
   <xmp:MetadataDate>{date}</xmp:MetadataDate>
   <xmp:CreatorTool>Perron</xmp:CreatorTool>
   <pdf:Producer>printpdf</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#,
        bom = '\u{feff}'
    )
}

fn iso(date: DateTime<Utc>) -> String {
    date.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// XML text; the few characters XML forbids even when escaped are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}
