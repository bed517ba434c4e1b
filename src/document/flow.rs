//! Pouring the blocks of a sheet onto pages, from top to bottom, so that no heading is left alone
//! and no paragraph leaves one line behind.

use std::sync::Arc;

use printpdf::FontId;
use sha2::{Digest, Sha256};

use super::canvas::{HEIGHT, Leaf, MM, WIDTH};
use super::colour::{Colour, INK};
use super::faces::{Faces, Weight};
use super::lines::{self, Line, Type};
use super::structure::{Kid, Node, Role, Tree};
use super::wording::{self, Wording};
use super::{Block, Level, PrintError, Sheet, furniture, panel, text};

/// White at the left and right of the text.
pub const MARGIN: f32 = 25.0 * MM;
/// How wide the text is.
pub const MEASURE: f32 = WIDTH - 2.0 * MARGIN;
/// Where the text of a page ends.
pub const BOTTOM: f32 = HEIGHT - 31.0 * MM;
/// Where the text of the second and following pages begins.
const TOP: f32 = 29.0 * MM;
/// More pages than this are refused.
pub const MOST_PAGES: usize = 2_000;

/// The running text.
pub const BODY: Type = Type::new(Weight::Regular, 10.5, 15.5);
const SECTION: Type = Type::new(Weight::Bold, 12.5, 17.0);
const PART: Type = Type::new(Weight::Bold, 10.5, 15.5);

/// A document set in type: its pages and its skeleton.
#[derive(Debug)]
pub struct Bundle {
    pub leaves: Vec<Leaf>,
    pub tree: Tree,
    /// The names of the faces, in the order of [`Faces::all`].
    pub fonts: Arc<[FontId]>,
}

/// The work in hand: the pages so far and how far down the last one is filled.
pub struct Flow<'a> {
    pub faces: &'a Faces,
    pub wording: &'static Wording,
    /// The colour of the house, for rules and grounds.
    pub accent: Colour,
    /// The same, dark enough for text.
    pub accent_ink: Colour,
    pub tree: Tree,
    pub leaves: Vec<Leaf>,
    /// Where the next thing goes, from the upper edge of the page.
    pub y: f32,
    /// Whether nothing has been poured on this page yet.
    pub at_top: bool,
    fonts: Arc<[FontId]>,
}

impl<'a> Flow<'a> {
    /// Sets a whole sheet.
    pub fn set(faces: &'a Faces, sheet: &Sheet) -> Result<Bundle, PrintError> {
        let (bundle, alone) = Self::try_set(faces, sheet, None)?;
        let Some(carried) = carried(&sheet.blocks).filter(|_| alone) else {
            return Ok(bundle);
        };
        // A page that holds nothing but the panel looks like a sheet too many: what ends the text goes
        // with it, unless that changes nothing.
        let (again, still_alone) = Self::try_set(faces, sheet, Some(carried))?;
        Ok(if still_alone { bundle } else { again })
    }

    /// Sets the sheet, its block `turned` at the top of a new page. True when the panel ended on a page
    /// by itself.
    fn try_set(
        faces: &'a Faces,
        sheet: &Sheet,
        turned: Option<usize>,
    ) -> Result<(Bundle, bool), PrintError> {
        let mut flow = Self {
            faces,
            wording: wording::of(&sheet.language),
            accent: sheet.letterhead.accent,
            accent_ink: sheet.letterhead.accent.readable(),
            tree: Tree::new(),
            leaves: Vec::new(),
            y: 0.0,
            at_top: true,
            fonts: names(faces, sheet),
        };
        flow.turn()?;
        furniture::opening(&mut flow, sheet)?;
        for i in 0..sheet.blocks.len() {
            if let Some(blocks) = sheet.blocks.get(i..) {
                if turned == Some(i) && !flow.at_top {
                    flow.turn()?;
                }
                flow.block(blocks)?;
            }
        }
        let poured = flow.leaves.len();
        if let Some(verification) = &sheet.verification {
            panel::verification(&mut flow, verification)?;
        }
        let alone = flow.leaves.len() > poured;
        furniture::repeated(&mut flow, sheet);
        let bundle = Bundle {
            leaves: flow.leaves,
            tree: flow.tree,
            fonts: flow.fonts,
        };
        Ok((bundle, alone))
    }

    /// Takes a new page.
    pub fn turn(&mut self) -> Result<(), PrintError> {
        if self.leaves.len() == MOST_PAGES {
            return Err(PrintError::TooLong { limit: MOST_PAGES });
        }
        self.leaves.push(Leaf::new(Arc::clone(&self.fonts)));
        self.y = TOP;
        self.at_top = true;
        Ok(())
    }

    /// How much of the page is left.
    pub fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Takes a new page when less than this is left.
    pub fn ensure(&mut self, height: f32) -> Result<(), PrintError> {
        if self.room() < height && !self.at_top {
            self.turn()?;
        }
        Ok(())
    }

    /// Leaves white, but not at the top of a page.
    pub fn skip(&mut self, height: f32) {
        if !self.at_top {
            self.y += height;
        }
    }

    /// Draws on the page in hand.
    pub fn draw(&mut self, drawing: impl FnOnce(&mut Leaf)) {
        if let Some(leaf) = self.leaves.last_mut() {
            drawing(leaf);
        }
    }

    /// Draws a piece of the text on the page in hand, as part of an element.
    pub fn mark(&mut self, node: Node, role: Role, drawing: impl FnOnce(&mut Leaf)) {
        let page = self.leaves.len().saturating_sub(1);
        if let Some(leaf) = self.leaves.last_mut() {
            let number = leaf.open(role);
            drawing(leaf);
            leaf.close();
            self.tree.hold(node, Kid::Mark { page, number });
        }
    }

    /// Pours lines down the page and onto the next ones, never one line by itself.
    pub fn pour(
        &mut self,
        node: Node,
        role: Role,
        kind: Type,
        colour: Colour,
        x: f32,
        lines: &[Line],
    ) -> Result<(), PrintError> {
        let mut rest = lines;
        while !rest.is_empty() {
            let fit = (self.room() / kind.leading).floor().max(0.0) as usize;
            let (now, later) = rest.split_at(share(rest.len(), fit, self.at_top));
            if !now.is_empty() {
                let y = self.y;
                self.mark(node, role, |leaf| {
                    for (i, line) in now.iter().enumerate() {
                        leaf.line(kind, colour, x, y + i as f32 * kind.leading, line);
                    }
                });
                self.y += now.len() as f32 * kind.leading;
                self.at_top = false;
            }
            rest = later;
            if !rest.is_empty() {
                self.turn()?;
            }
        }
        Ok(())
    }

    fn block(&mut self, blocks: &[Block]) -> Result<(), PrintError> {
        let Some((block, following)) = blocks.split_first() else {
            return Ok(());
        };
        match block {
            Block::Heading(level, text) => self.heading(*level, text, following),
            Block::Paragraph(text) => self.paragraphs(text),
            Block::KeyValues(pairs) => self.key_values(pairs),
            Block::Table { columns, rows } => self.table(columns, rows),
            Block::Notice(text) => panel::notice(self, text),
            Block::Signature { place_date, lines } => panel::signature(self, place_date, lines),
            Block::Spacer => {
                self.skip(BODY.leading);
                Ok(())
            }
        }
    }

    fn heading(&mut self, level: Level, text: &str, following: &[Block]) -> Result<(), PrintError> {
        let (kind, role, colour, above, below) = match level {
            Level::Section => (SECTION, Role::H2, self.accent_ink, 16.0, 4.0),
            Level::Part => (PART, Role::H3, INK, 9.0, 2.0),
        };
        let lines = lines::set(self.faces, kind, MEASURE, &text::one_line(text));
        if lines.is_empty() {
            return Ok(());
        }
        let own = above + lines.len() as f32 * kind.leading + below;
        self.ensure(own.min(200.0) + self.lead(following))?;
        self.skip(above);
        let node = self.tree.add(Tree::ROOT, role);
        self.pour(node, role, kind, colour, MARGIN, &lines)?;
        self.y += below;
        Ok(())
    }

    /// The least that must follow a heading on the same page.
    fn lead(&self, following: &[Block]) -> f32 {
        match following.first() {
            None | Some(Block::Spacer) => 0.0,
            Some(Block::Heading(..)) => 4.0 * BODY.leading,
            Some(Block::Paragraph(_)) => 2.0 * BODY.leading,
            Some(Block::KeyValues(pairs)) => self.key_values_lead(pairs),
            Some(Block::Table { columns, rows }) => self.table_lead(columns, rows),
            Some(Block::Notice(_)) => 5.0 * BODY.leading,
            Some(Block::Signature { .. }) => panel::SIGNATURE_LEAD,
        }
    }

    fn paragraphs(&mut self, text: &str) -> Result<(), PrintError> {
        for paragraph in text::paragraphs(text) {
            let lines = lines::set_lines(self.faces, BODY, MEASURE, &paragraph);
            let node = self.tree.add(Tree::ROOT, Role::Paragraph);
            self.pour(node, Role::Paragraph, BODY, INK, MARGIN, &lines)?;
            self.skip(8.0);
        }
        Ok(())
    }
}

/// The block that ends a text, with the headings above it; none when that is all there is.
fn carried(blocks: &[Block]) -> Option<usize> {
    let mut at = blocks.len().checked_sub(1)?;
    while at > 0
        && let Some(Block::Heading(..)) = blocks.get(at - 1)
    {
        at -= 1;
    }
    (at > 0).then_some(at)
}

/// How many of the lines left go on this page: all if they fit, else as many as fit without
/// leaving a single line before or after the break.
pub fn share(lines: usize, fit: usize, at_top: bool) -> usize {
    if lines <= fit {
        return lines;
    }
    let kept = if lines - fit == 1 && fit > 2 {
        fit - 1
    } else {
        fit
    };
    match (at_top, kept) {
        (true, _) => kept.max(1),
        (false, 0 | 1) => 0,
        (false, _) => kept,
    }
}

/// What the faces are called in this document. PDF wants six capitals that differ from one subset
/// to the next; they come from the sheet, so that the same sheet gives the same names.
fn names(faces: &Faces, sheet: &Sheet) -> Arc<[FontId]> {
    let digest = Sha256::new()
        .chain_update(&sheet.reference)
        .chain_update(&sheet.title)
        .chain_update(sheet.created.to_rfc3339())
        .finalize();
    let tag: String = digest
        .iter()
        .take(5)
        .map(|byte| char::from(b'A' + byte % 26))
        .collect();
    (b'A'..=b'Z')
        .take(faces.all().len())
        .map(|letter| FontId(format!("{tag}{}", char::from(letter))))
        .collect()
}
