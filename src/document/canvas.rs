//! One page of paper: what is drawn on it, in the order it is read.
//!
//! Distances are points from the upper left corner, as one thinks of a letter; PDF counts from the
//! lower left, and only this module turns them over.

use std::sync::Arc;

use printpdf::{
    Color, DictItem, FontId, LinePoint, Op, PaintMode, PdfFontHandle, Point, Polygon, PolygonRing,
    Pt, Rgb, TextItem, TextMatrix, WindingOrder,
};

use super::colour::Colour;
use super::lines::{Line, Type};
use super::structure::Role;

/// Points in a millimetre.
pub const MM: f32 = 72.0 / 25.4;
/// A4.
pub const WIDTH: f32 = 210.0 * MM;
/// A4.
pub const HEIGHT: f32 = 297.0 * MM;

/// How steep a word across the page stands, in degrees.
const ACROSS: f32 = 52.0;

/// A rectangle: left, top, width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// A page being drawn.
#[derive(Debug)]
pub struct Leaf {
    /// What is drawn, in order.
    pub ops: Vec<Op>,
    /// How many marks of the structure it bears.
    pub marks: usize,
    fonts: Arc<[FontId]>,
    colour: Option<Colour>,
}

impl Leaf {
    /// A blank page; the faces go by these names in its document.
    pub fn new(fonts: Arc<[FontId]>) -> Self {
        Self {
            ops: Vec::new(),
            marks: 0,
            fonts,
            colour: None,
        }
    }

    /// Opens a piece of the structure; returns its number on this page.
    pub fn open(&mut self, role: Role) -> usize {
        let number = self.marks;
        self.marks += 1;
        self.begin(role.name(), "MCID", DictItem::Int(number as i64));
        number
    }

    /// Opens something that is not part of the text: rules, grounds, page numbers.
    pub fn open_artifact(&mut self) {
        self.begin("Artifact", "Type", DictItem::Name(b"Layout".to_vec()));
    }

    /// Opens what is repeated on each page.
    pub fn open_furniture(&mut self) {
        self.begin("Artifact", "Type", DictItem::Name(b"Pagination".to_vec()));
    }

    /// Closes what was opened last.
    pub fn close(&mut self) {
        self.ops.push(Op::EndMarkedContent);
    }

    fn begin(&mut self, tag: &str, key: &str, value: DictItem) {
        self.ops.push(Op::BeginMarkedContentWithProperties {
            tag: tag.to_owned(),
            properties: DictItem::Dict {
                map: std::iter::once((key.to_owned(), value)).collect(),
            },
        });
    }

    /// Sets a line in a box whose upper edge is at `y` and whose height is the leading.
    pub fn line(&mut self, kind: Type, colour: Colour, x: f32, y: f32, line: &Line) {
        if line.runs.is_empty() {
            return;
        }
        // Depends on the leading alone, so that two sizes in one row stand on one line.
        let baseline = y + kind.leading * 0.745;
        self.fill(colour);
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetTextCursor {
            pos: point(x, baseline),
        });
        self.runs(kind, line);
        self.ops.push(Op::EndTextSection);
    }

    fn runs(&mut self, kind: Type, line: &Line) {
        for run in &line.runs {
            let Some(font) = self.fonts.get(run.face) else {
                continue;
            };
            self.ops.push(Op::SetFont {
                font: PdfFontHandle::External(font.clone()),
                size: Pt(kind.size),
            });
            self.ops.push(Op::ShowText {
                items: vec![TextItem::Text(run.text.clone())],
            });
        }
    }

    /// Draws under all that stands on the page already.
    pub fn beneath(&mut self, drawing: impl FnOnce(&mut Self)) {
        let (above, colour) = (std::mem::take(&mut self.ops), self.colour.take());
        drawing(self);
        self.ops.extend(above);
        self.colour = colour;
    }

    /// Sets a line across the middle of the page, from the lower left to the upper right.
    pub fn across(&mut self, kind: Type, colour: Colour, line: &Line) {
        let (rise, half) = (ACROSS.to_radians(), kind.width(line) / 2.0);
        let (cos, sin) = (rise.cos(), rise.sin());
        // The middle of the letters, and not their foot, lies on the middle of the page.
        let drop = kind.size * 0.36;
        let x = WIDTH / 2.0 - half * cos + drop * sin;
        let y = HEIGHT / 2.0 - half * sin - drop * cos;
        self.fill(colour);
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetTextMatrix {
            matrix: TextMatrix::Raw([cos, sin, -sin, cos, x, y].map(round)),
        });
        self.runs(kind, line);
        self.ops.push(Op::EndTextSection);
    }

    /// Fills rectangles, all in one stroke so that no seam shows between neighbours.
    pub fn fill_areas(&mut self, colour: Colour, areas: &[Area]) {
        if areas.is_empty() {
            return;
        }
        self.fill(colour);
        let rings = areas.iter().map(corners).collect();
        self.ops.push(Op::DrawPolygon {
            polygon: Polygon {
                rings,
                mode: PaintMode::Fill,
                winding_order: WindingOrder::NonZero,
            },
        });
    }

    /// A rule: a thin filled rectangle, which prints the same everywhere.
    pub fn rule(&mut self, colour: Colour, x: f32, y: f32, width: f32, thickness: f32) {
        self.fill_areas(
            colour,
            &[Area {
                x,
                y,
                width,
                height: thickness,
            }],
        );
    }

    fn fill(&mut self, colour: Colour) {
        if self.colour == Some(colour) {
            return;
        }
        self.colour = Some(colour);
        let [r, g, b] = colour.channels().map(round);
        self.ops.push(Op::SetFillColor {
            col: Color::Rgb(Rgb::new(r, g, b, None)),
        });
    }
}

fn corners(area: &Area) -> PolygonRing {
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    let points = [
        (area.x, area.y),
        (right, area.y),
        (right, bottom),
        (area.x, bottom),
    ];
    PolygonRing {
        points: points
            .into_iter()
            .map(|(x, y)| LinePoint {
                p: point(x, y),
                bezier: false,
            })
            .collect(),
    }
}

fn point(x: f32, y: f32) -> Point {
    Point {
        x: Pt(round(x)),
        y: Pt(round(HEIGHT - y)),
    }
}

/// Thousandths of a point are finer than any printer, and short to write.
fn round(value: f32) -> f32 {
    (value * 1000.0).round() / 1000.0
}
