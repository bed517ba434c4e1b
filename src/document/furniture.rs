//! The furniture of the paper: the letterhead that opens a document, and what stands at the head
//! and foot of every page.

use super::canvas::{HEIGHT, MM};
use super::colour::{HAIR, INK, QUIET};
use super::faces::Weight;
use super::flow::{BODY, Flow, MARGIN, MEASURE};
use super::lines::{self, Line, Type};
use super::structure::{Node, Role, Tree};
use super::{PrintError, Sheet, text};

const NAME: Type = Type::new(Weight::Bold, 17.0, 21.0);
const ADDRESS: Type = Type::new(Weight::Regular, 8.5, 12.0);
const META: Type = Type::new(Weight::Regular, 9.5, 13.0);
const META_BOLD: Type = Type::new(Weight::Bold, 9.5, 13.0);
const TITLE: Type = Type::new(Weight::Bold, 19.0, 24.0);
const ACROSS: Type = Type::new(Weight::Bold, 130.0, 130.0);
const SMALL: Type = Type::new(Weight::Regular, 8.0, 11.0);

/// Where the letterhead begins.
const HEAD: f32 = 18.5 * MM;
/// Where the foot of the page begins.
const FOOT: f32 = HEIGHT - 25.0 * MM;
/// Where the running head of the second and following pages stands.
const RUNNING: f32 = 14.0 * MM;
/// How wide the address in the letterhead is.
const ADDRESS_WIDTH: f32 = 62.0 * MM;
/// Where the addressee's lines begin, as windows of envelopes want it.
pub const ADDRESSEE: f32 = MARGIN + 0.55 * MEASURE;

/// Prints what opens the document: letterhead, addressee, reference and date, title.
pub fn opening(flow: &mut Flow<'_>, sheet: &Sheet) -> Result<(), PrintError> {
    letterhead(flow, sheet);
    addressee(flow, sheet);
    reference_and_date(flow, sheet);
    let title = lines::set(flow.faces, TITLE, MEASURE, &text::one_line(&sheet.title));
    if !title.is_empty() {
        let node = flow.tree.add(Tree::ROOT, Role::H1);
        flow.pour(node, Role::H1, TITLE, INK, MARGIN, &title)?;
        flow.y += 10.0;
    }
    flow.at_top = false;
    Ok(())
}

fn letterhead(flow: &mut Flow<'_>, sheet: &Sheet) {
    let accent = flow.accent;
    let ink = flow.accent_ink;
    flow.draw(|leaf| {
        leaf.open_artifact();
        leaf.rule(accent, MARGIN, HEAD - 4.5 * MM, 16.0 * MM, 1.5 * MM);
        leaf.close();
    });
    let name = text::glance(&sheet.letterhead.authority_name);
    let mut name = lines::set(flow.faces, NAME, MEASURE - ADDRESS_WIDTH - 5.0 * MM, &name);
    name.truncate(3);
    let group = flow.tree.add(Tree::ROOT, Role::Division);
    stack(flow, group, &name, NAME, ink, MARGIN, HEAD);

    let address: Vec<Line> = sheet
        .letterhead
        .lines
        .iter()
        .take(10)
        .map(|line| lines::set_cut(flow.faces, ADDRESS, ADDRESS_WIDTH, &text::glance(line)))
        .collect();
    let right = MARGIN + MEASURE - ADDRESS_WIDTH;
    for (i, line) in address.iter().enumerate() {
        // Capitals of the first line stand as high as those of the name beside it.
        let y = HEAD + 1.5 + i as f32 * ADDRESS.leading;
        let x = right + ADDRESS_WIDTH - ADDRESS.width(line);
        stack(
            flow,
            group,
            std::slice::from_ref(line),
            ADDRESS,
            QUIET,
            x,
            y,
        );
    }
    let left_end = HEAD + name.len() as f32 * NAME.leading;
    let right_end = HEAD + 1.5 + address.len() as f32 * ADDRESS.leading;
    flow.y = left_end.max(right_end) + 9.0;
    let y = flow.y;
    flow.draw(|leaf| {
        leaf.open_artifact();
        leaf.rule(HAIR, MARGIN, y, MEASURE, 0.6);
        leaf.close();
    });
    flow.y += 14.0;
}

fn addressee(flow: &mut Flow<'_>, sheet: &Sheet) {
    let width = MARGIN + MEASURE - ADDRESSEE;
    let lines: Vec<Line> = sheet
        .addressee
        .iter()
        .take(8)
        .map(|line| lines::set_cut(flow.faces, BODY, width, &text::glance(line)))
        .filter(|line| !line.runs.is_empty())
        .collect();
    if lines.is_empty() {
        return;
    }
    // The window of an envelope begins 45 mm below the upper edge.
    flow.y = flow.y.max(48.0 * MM);
    let group = flow.tree.add(Tree::ROOT, Role::Division);
    for line in &lines {
        let y = flow.y;
        stack(
            flow,
            group,
            std::slice::from_ref(line),
            BODY,
            INK,
            ADDRESSEE,
            y,
        );
        flow.y += BODY.leading;
    }
    flow.y += 18.0;
}

fn reference_and_date(flow: &mut Flow<'_>, sheet: &Sheet) {
    let y = flow.y;
    let half = MEASURE / 2.0 - 6.0;
    let reference = text::glance(&sheet.reference);
    let date = text::glance(&sheet.date_line);
    if !reference.is_empty() {
        let label = format!("{}\u{a0}: ", flow.wording.reference);
        let label = lines::set_cut(flow.faces, META, half, &label);
        let label_width = META.width(&label) + 2.7;
        let value = lines::set_cut(flow.faces, META_BOLD, half - label_width, &reference);
        let node = flow.tree.add(Tree::ROOT, Role::Paragraph);
        flow.mark(node, Role::Paragraph, |leaf| {
            leaf.line(META, QUIET, MARGIN, y, &label);
            leaf.line(META_BOLD, INK, MARGIN + label_width, y, &value);
        });
    }
    if !date.is_empty() {
        let date = lines::set_cut(flow.faces, META, half, &date);
        let x = MARGIN + MEASURE - META.width(&date);
        stack(flow, Tree::ROOT, &[date], META, QUIET, x, y);
    }
    if !reference.is_empty() || !sheet.date_line.is_empty() {
        flow.y += META.leading;
    }
    flow.y += 22.0;
}

/// Sets lines one under the other as one paragraph of the structure, outside the flow.
fn stack(
    flow: &mut Flow<'_>,
    parent: Node,
    lines: &[Line],
    kind: Type,
    colour: super::Colour,
    x: f32,
    y: f32,
) {
    if lines.iter().all(|line| line.runs.is_empty()) {
        return;
    }
    let node = flow.tree.add(parent, Role::Paragraph);
    flow.mark(node, Role::Paragraph, |leaf| {
        for (i, line) in lines.iter().enumerate() {
            leaf.line(kind, colour, x, y + i as f32 * kind.leading, line);
        }
    });
}

/// Prints the running heads and the feet, once it is known how many pages there are.
pub fn repeated(flow: &mut Flow<'_>, sheet: &Sheet) {
    let faces = flow.faces;
    let reference = text::glance(&sheet.reference);
    let half = MEASURE / 2.0 - 6.0;
    let name = text::glance(&sheet.letterhead.authority_name);
    let name = lines::set_cut(faces, ADDRESS, half, &name);
    let title = lines::set_cut(faces, ADDRESS, half, &text::glance(&sheet.title));
    let foot_width = MEASURE * 0.76;
    let foot: Vec<Line> = sheet
        .footer
        .iter()
        .take(3)
        .map(|line| lines::set_cut(faces, SMALL, foot_width, &text::glance(line)))
        .collect();
    let page_word = flow.wording.page;
    let pages = flow.leaves.len();
    let across = sheet.across.as_deref().map(|word| {
        let word = text::glance(word);
        lines::set_cut(faces, ACROSS, HEIGHT, &word)
    });
    for (i, leaf) in flow.leaves.iter_mut().enumerate() {
        if let Some(word) = &across {
            leaf.beneath(|leaf| {
                leaf.open_furniture();
                leaf.across(ACROSS, HAIR, word);
                leaf.close();
            });
        }
        leaf.open_furniture();
        if i > 0 {
            leaf.line(ADDRESS, QUIET, MARGIN, RUNNING, &name);
            let x = MARGIN + MEASURE - ADDRESS.width(&title);
            leaf.line(ADDRESS, QUIET, x, RUNNING, &title);
            leaf.rule(HAIR, MARGIN, RUNNING + 18.0, MEASURE, 0.5);
        }
        leaf.rule(HAIR, MARGIN, FOOT, MEASURE, 0.5);
        for (row, line) in foot.iter().enumerate() {
            let y = FOOT + 7.0 + row as f32 * SMALL.leading;
            leaf.line(SMALL, QUIET, MARGIN, y, line);
        }
        let page = format!("{page_word}\u{a0}{} / {pages}", i + 1);
        let mut right = vec![page];
        if !reference.is_empty() {
            right.insert(0, reference.clone());
        }
        for (row, words) in right.iter().enumerate() {
            let line = lines::set_cut(faces, SMALL, MEASURE - foot_width - 12.0, words);
            let x = MARGIN + MEASURE - SMALL.width(&line);
            let y = FOOT + 7.0 + row as f32 * SMALL.leading;
            leaf.line(SMALL, QUIET, x, y, &line);
        }
        leaf.close();
    }
}
