//! What stands apart from the running text: a notice, a signature, and the panel with the QR code
//! by which anybody can verify the document.

use qrcode::{EcLevel, QrCode};

use super::canvas::{Area, HEIGHT, MM};
use super::colour::{INK, PAPER, QUIET};
use super::faces::Weight;
use super::flow::{BODY, BOTTOM, Flow, MARGIN, MEASURE, share};
use super::furniture::ADDRESSEE;
use super::lines::{self, Line, Type};
use super::structure::{Figure, Link, Role, Tree};
use super::{PrintError, Verification, text};

/// The least a signature needs under a heading.
pub const SIGNATURE_LEAD: f32 = 10.0 * BODY.leading;

const NOTICE: Type = Type::new(Weight::Regular, 10.0, 15.0);
const PANEL_TITLE: Type = Type::new(Weight::Bold, 10.5, 15.0);
const PANEL: Type = Type::new(Weight::Regular, 9.0, 13.0);
const CODE: Type = Type::new(Weight::Bold, 13.0, 18.0);
const PAD: f32 = 12.0;
const BAR: f32 = 3.0;

/// Prints something the reader must not miss, on a ground of its own.
pub fn notice(flow: &mut Flow<'_>, words: &str) -> Result<(), PrintError> {
    let mut lines = Vec::new();
    for paragraph in text::paragraphs(words) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        let measure = MEASURE - 2.0 * PAD - BAR;
        lines.append(&mut lines::set_lines(
            flow.faces, NOTICE, measure, &paragraph,
        ));
    }
    if lines.is_empty() {
        return Ok(());
    }
    flow.skip(4.0);
    let node = flow.tree.add(Tree::ROOT, Role::Paragraph);
    let mut rest = lines.as_slice();
    while !rest.is_empty() {
        let room = flow.room() - 2.0 * PAD;
        let fit = (room / NOTICE.leading).floor().max(0.0) as usize;
        let (now, later) = rest.split_at(share(rest.len(), fit, flow.at_top));
        if !now.is_empty() {
            let height = now.len() as f32 * NOTICE.leading + 2.0 * PAD - 6.0;
            ground(flow, flow.y, height);
            let y = flow.y + PAD - 3.0;
            flow.mark(node, Role::Paragraph, |leaf| {
                for (i, line) in now.iter().enumerate() {
                    let y = y + i as f32 * NOTICE.leading;
                    leaf.line(NOTICE, INK, MARGIN + BAR + PAD, y, line);
                }
            });
            flow.y += height;
            flow.at_top = false;
        }
        rest = later;
        if !rest.is_empty() {
            flow.turn()?;
        }
    }
    flow.y += 12.0;
    Ok(())
}

/// Prints who signs, on the right-hand side, all on one page.
pub fn signature(
    flow: &mut Flow<'_>,
    place_date: &str,
    signers: &[String],
) -> Result<(), PrintError> {
    let x = ADDRESSEE;
    let width = MARGIN + MEASURE - x;
    let set = |kind, words: &str| lines::set(flow.faces, kind, width, &text::glance(words));
    let mut date = set(BODY, place_date);
    date.truncate(2);
    let mut signers: Vec<Vec<Line>> = signers
        .iter()
        .take(8)
        .map(|words| set(BODY, words))
        .filter(|lines| !lines.is_empty())
        .collect();
    for lines in &mut signers {
        lines.truncate(2);
    }
    let count: usize = date.len() + signers.iter().map(Vec::len).sum::<usize>();
    if count == 0 {
        return Ok(());
    }
    let gap = if date.is_empty() { 0.0 } else { 7.0 };
    let height = count as f32 * BODY.leading + gap;
    flow.ensure(18.0 + height)?;
    flow.skip(18.0);
    let group = flow.tree.add(Tree::ROOT, Role::Division);
    let place = |flow: &mut Flow<'_>, lines: &[Line]| -> Result<(), PrintError> {
        let node = flow.tree.add(group, Role::Paragraph);
        flow.pour(node, Role::Paragraph, BODY, INK, x, lines)
    };
    if !date.is_empty() {
        place(flow, &date)?;
        flow.y += gap;
    }
    for lines in &signers {
        place(flow, lines)?;
    }
    flow.y += 8.0;
    Ok(())
}

/// Prints the panel at the foot of the last page: QR code, what to do, code and address.
pub fn verification(flow: &mut Flow<'_>, verification: &Verification) -> Result<(), PrintError> {
    let url = text::one_line(&verification.url);
    let code = QrCode::with_error_correction_level(url.as_bytes(), EcLevel::M)?;
    let modules = code.width();
    // Half a millimetre a module and more scans well from paper.
    let side = ((modules + 8) as f32 * 0.72 * MM).clamp(30.0 * MM, 44.0 * MM);
    let module = side / (modules + 8) as f32;

    let words = flow.wording;
    let x = MARGIN + BAR + PAD + side + 1.5 * PAD;
    let width = MARGIN + MEASURE - PAD - x;
    let title = lines::set(flow.faces, PANEL_TITLE, width, words.verify);
    let how = lines::set(flow.faces, PANEL, width, words.how_to_verify);
    let label = lines::set(flow.faces, PANEL, width, words.code);
    let mut groups = lines::set(flow.faces, CODE, width, &grouped(&verification.code));
    groups.truncate(3);
    let mut address = lines::set(flow.faces, PANEL, width, &url);
    address.truncate(6);
    let rows = [
        (PANEL_TITLE, flow.accent_ink, title, 2.0),
        (PANEL, INK, how, 5.0),
        (PANEL, QUIET, label, 0.0),
        (CODE, INK, groups, 3.0),
    ];
    let mut text_height = address.len() as f32 * PANEL.leading;
    for (kind, _, lines, after) in &rows {
        text_height += lines.len() as f32 * kind.leading + after;
    }
    let height = text_height.max(side) + 2.0 * PAD;

    flow.ensure(height + 14.0)?;
    if !flow.at_top {
        flow.y = BOTTOM - height;
    }
    let top = flow.y;
    ground(flow, top, height);

    let (left, upper) = (MARGIN + BAR + PAD, top + (height - side) / 2.0);
    // A white ground of four modules all around, as scanners ask.
    let quiet = 4.0 * module;
    let ground = Area {
        x: left,
        y: upper,
        width: side,
        height: side,
    };
    let figure = flow.tree.add(Tree::ROOT, Role::Figure);
    let words = format!("{}\u{a0}: {url}", words.qr);
    let corners = [left, HEIGHT - upper - side, left + side, HEIGHT - upper];
    flow.tree.describe(figure, Figure { words, corners });
    let squares = squares(&code, left + quiet, upper + quiet, module);
    flow.mark(figure, Role::Figure, |leaf| {
        leaf.fill_areas(PAPER, &[ground]);
        leaf.fill_areas(INK, &squares);
    });

    let mut y = top + (height - text_height) / 2.0;
    for (kind, colour, lines, after) in rows {
        if !lines.is_empty() {
            let node = flow.tree.add(Tree::ROOT, Role::Paragraph);
            flow.mark(node, Role::Paragraph, |leaf| {
                for (i, line) in lines.iter().enumerate() {
                    leaf.line(kind, colour, x, y + i as f32 * kind.leading, line);
                }
            });
        }
        y += lines.len() as f32 * kind.leading + after;
    }
    let paragraph = flow.tree.add(Tree::ROOT, Role::Paragraph);
    let element = flow.tree.add(paragraph, Role::Link);
    let colour = flow.accent_ink;
    flow.mark(element, Role::Link, |leaf| {
        for (i, line) in address.iter().enumerate() {
            leaf.line(PANEL, colour, x, y + i as f32 * PANEL.leading, line);
        }
    });
    let end = y + address.len() as f32 * PANEL.leading;
    let longest = address.iter().map(|l| PANEL.width(l)).fold(0.0, f32::max);
    if leads_to_the_web(&url) {
        flow.tree.link(Link {
            page: flow.leaves.len().saturating_sub(1),
            corners: [x, HEIGHT - end, x + longest, HEIGHT - y],
            url,
            element,
        });
    }
    flow.y = top + height;
    flow.at_top = false;
    Ok(())
}

/// A bar in the colour of the house, and a breath of it behind.
fn ground(flow: &mut Flow<'_>, y: f32, height: f32) {
    let accent = flow.accent;
    flow.draw(|leaf| {
        leaf.open_artifact();
        let area = Area {
            x: MARGIN,
            y,
            width: MEASURE,
            height,
        };
        leaf.fill_areas(accent.wash(), &[area]);
        leaf.fill_areas(accent, &[Area { width: BAR, ..area }]);
        leaf.close();
    });
}

/// The dark modules of a QR code, neighbours in a row drawn as one.
fn squares(code: &QrCode, x: f32, y: f32, module: f32) -> Vec<Area> {
    let width = code.width();
    let colours = code.to_colors();
    let mut areas = Vec::new();
    for (row, modules) in colours.chunks(width).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|a, b| a == b) {
            if run.first() == Some(&qrcode::Color::Dark) {
                areas.push(Area {
                    x: x + column as f32 * module,
                    y: y + row as f32 * module,
                    width: run.len() as f32 * module,
                    height: module,
                });
            }
            column += run.len();
        }
    }
    areas
}

/// A code in groups of four, unless whoever made it has grouped it already.
fn grouped(code: &str) -> String {
    let code = text::glance(code);
    if code.contains([' ', '-']) {
        return code;
    }
    let letters: Vec<char> = code.chars().collect();
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

fn leads_to_the_web(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.bytes().all(|b| b.is_ascii_graphic())
}
