//! Binding the pages into a PDF: fonts, skeleton, title, language, dates. printpdf writes pages and
//! fonts; it knows no tags, and its own statements of conformance are wrong, so they are replaced.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary, text_string};
use printpdf::{Mm, PdfDocument, PdfFont, PdfPage, PdfSaveOptions};

use super::faces::Faces;
use super::flow::Bundle;
use super::structure::{Element, Kid, Node, Role, Tree};
use super::{PrintError, Sheet, metadata};

/// Makes the PDF of a document set in type.
pub fn seal(faces: &Faces, sheet: &Sheet, bundle: Bundle) -> Result<Vec<u8>, PrintError> {
    let mut pdf = PdfDocument::new("");
    for (id, face) in bundle.fonts.iter().zip(faces.all()) {
        let font = PdfFont::new(face.clone());
        pdf.resources.fonts.map.insert(id.clone(), font);
    }
    pdf.pages = bundle
        .leaves
        .into_iter()
        .map(|leaf| PdfPage::new(Mm(210.0), Mm(297.0), leaf.ops))
        .collect();
    let mut document = pdf.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    drop(pdf);
    "1.7".clone_into(&mut document.version);
    glyph_numbers(&mut document);
    skeleton(&mut document, &bundle.tree)?;
    metadata::write(&mut document, sheet)?;
    document.prune_objects();
    document.compress();
    metadata::identify(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

/// Says that the codes on the pages are the numbers of the glyphs. It is what readers assume, but
/// archives want it said.
fn glyph_numbers(document: &mut Document) {
    for object in document.objects.values_mut() {
        let Ok(font) = object.as_dict_mut() else {
            continue;
        };
        let Ok(descendants) = font.get_mut(b"DescendantFonts") else {
            continue;
        };
        for descendant in descendants.as_array_mut().into_iter().flatten() {
            if let Ok(descendant) = descendant.as_dict_mut() {
                descendant.set("CIDToGIDMap", "Identity");
            }
        }
    }
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
        let annotation = dictionary! {
            "Type" => "Annot",
            "Subtype" => "Link",
            "Rect" => reals(link.corners),
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
    if let Some(figure) = &element.figure {
        written.set("Alt", text_string(&figure.words));
        written.set(
            "A",
            dictionary! { "O" => "Layout", "Placement" => "Block", "BBox" => reals(figure.corners) },
        );
    }
    if element.role == Role::HeaderCell {
        written.set("A", dictionary! { "O" => "Table", "Scope" => "Column" });
    }
    written
}

fn reals(values: [f32; 4]) -> Object {
    Object::Array(values.into_iter().map(Object::Real).collect())
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
