//! Rows: questions with their answers, and tables. A row stays on one page when it can; an answer
//! of several pages is broken between lines.

use super::canvas::{Area, Leaf};
use super::colour::{Colour, HAIR, INK, QUIET};
use super::faces::Weight;
use super::flow::{BODY, Flow, MARGIN, MEASURE, share};
use super::lines::{self, Line, Type};
use super::structure::{Node, Role, Tree};
use super::{Align, Column, PrintError, text};

/// Rows up to this height are never broken.
const KEPT_WHOLE: f32 = 9.0 * BODY.leading;
/// White above and below the text of a row.
const PAD: f32 = 4.5;
/// White between two columns.
const GUTTER: f32 = 12.0;
/// The part of the width that questions take.
const QUESTION: f32 = 0.38;
/// Tables of more columns cannot be read on A4; the rest is dropped.
const MOST_COLUMNS: usize = 8;

const LABEL: Type = Type::new(Weight::Regular, 10.0, 15.5);
const CELL: Type = Type::new(Weight::Regular, 9.5, 14.0);
const HEAD: Type = Type::new(Weight::Bold, 9.5, 14.0);

/// One row, measured and not yet placed.
struct Row {
    role: Role,
    cells: Vec<Cell>,
    /// Height of one line; the same for all cells so that their baselines agree.
    leading: f32,
    /// Printed again in the first column where the row goes on after a page break.
    continued: Option<Line>,
    ground: Option<Colour>,
}

struct Cell {
    role: Role,
    kind: Type,
    colour: Colour,
    align: Align,
    x: f32,
    width: f32,
    lines: Vec<Line>,
}

impl Row {
    fn lines(&self) -> usize {
        self.cells.iter().map(|c| c.lines.len()).max().unwrap_or(0)
    }

    fn height(&self) -> f32 {
        self.lines() as f32 * self.leading + 2.0 * PAD
    }
}

impl Flow<'_> {
    /// Prints questions and answers as a list.
    pub fn key_values(&mut self, pairs: &[(String, String)]) -> Result<(), PrintError> {
        if pairs.is_empty() {
            return Ok(());
        }
        let list = self.tree.add(Tree::ROOT, Role::List);
        for pair in pairs {
            let row = self.pair(pair);
            self.row(list, &row, None)?;
        }
        self.skip(10.0);
        Ok(())
    }

    /// The height that the first answers need.
    pub fn key_values_lead(&self, pairs: &[(String, String)]) -> f32 {
        pairs
            .first()
            .map_or(0.0, |pair| self.pair(pair).height().min(KEPT_WHOLE))
    }

    /// Prints a table, its header again on each page.
    pub fn table(&mut self, columns: &[Column], rows: &[Vec<String>]) -> Result<(), PrintError> {
        let columns = places(columns);
        if columns.is_empty() || rows.is_empty() {
            return Ok(());
        }
        let header = self.header(&columns);
        let first = rows.first().map(|row| self.cells(&columns, row).height());
        self.ensure(header.height() + first.unwrap_or(0.0).min(KEPT_WHOLE))?;
        let table = self.tree.add(Tree::ROOT, Role::Table);
        self.row(table, &header, None)?;
        for row in rows {
            let row = self.cells(&columns, row);
            self.row(table, &row, Some(&header))?;
        }
        self.skip(10.0);
        Ok(())
    }

    /// The height that the header and the first row need.
    pub fn table_lead(&self, columns: &[Column], rows: &[Vec<String>]) -> f32 {
        let columns = places(columns);
        rows.first().map_or(0.0, |row| {
            self.header(&columns).height() + self.cells(&columns, row).height().min(KEPT_WHOLE)
        })
    }

    fn pair(&self, (question, answer): &(String, String)) -> Row {
        let width = MEASURE * QUESTION - GUTTER;
        let question = text::one_line(question);
        let mut answer = text::lines(answer);
        if answer.iter().all(String::is_empty) {
            answer = vec![self.wording.nothing.to_owned()];
        }
        let mut labels = lines::set(self.faces, LABEL, width, &question);
        let continued = lines::set_cut(self.faces, LABEL, width, self.wording.continued);
        if labels.is_empty() {
            labels.push(Line::default());
        }
        let x = MARGIN + MEASURE * QUESTION;
        let answer = lines::set_lines(self.faces, BODY, MEASURE * (1.0 - QUESTION), &answer);
        Row {
            role: Role::ListItem,
            cells: vec![
                Cell {
                    role: Role::Label,
                    kind: LABEL,
                    colour: QUIET,
                    align: Align::Left,
                    x: MARGIN,
                    width,
                    lines: labels,
                },
                Cell {
                    role: Role::ListBody,
                    kind: BODY,
                    colour: INK,
                    align: Align::Left,
                    x,
                    width: MEASURE * (1.0 - QUESTION),
                    lines: answer,
                },
            ],
            leading: BODY.leading,
            continued: Some(continued),
            ground: None,
        }
    }

    fn header(&self, columns: &[Place<'_>]) -> Row {
        let cells = columns.iter().map(|place| Cell {
            role: Role::HeaderCell,
            kind: HEAD,
            colour: INK,
            align: place.column.align,
            x: place.x,
            width: place.width,
            lines: lines::set(
                self.faces,
                HEAD,
                place.width,
                &text::glance(&place.column.title),
            )
            .into_iter()
            // A title of pages would leave no room for the rows under it.
            .take(4)
            .collect(),
        });
        Row {
            role: Role::TableRow,
            cells: cells.collect(),
            leading: HEAD.leading,
            continued: None,
            ground: Some(self.accent.wash()),
        }
    }

    fn cells(&self, columns: &[Place<'_>], texts: &[String]) -> Row {
        let cells = columns.iter().enumerate().map(|(i, place)| {
            let texts = texts.get(i).map(|t| text::lines(t)).unwrap_or_default();
            Cell {
                role: Role::Cell,
                kind: CELL,
                colour: INK,
                align: place.column.align,
                x: place.x,
                width: place.width,
                lines: lines::set_lines(self.faces, CELL, place.width, &texts),
            }
        });
        Row {
            role: Role::TableRow,
            cells: cells.collect(),
            leading: CELL.leading,
            continued: None,
            ground: None,
        }
    }

    fn row(&mut self, parent: Node, row: &Row, header: Option<&Row>) -> Result<(), PrintError> {
        let element = self.tree.add(parent, row.role);
        let nodes: Vec<Node> = row
            .cells
            .iter()
            .map(|cell| self.tree.add(element, cell.role))
            .collect();
        let three = 3.0 * row.leading + 2.0 * PAD;
        let needed = if row.height() <= KEPT_WHOLE {
            row.height()
        } else {
            three
        };
        if self.room() < needed && !self.at_top {
            self.turn_under(header)?;
        }
        let mut from = 0;
        loop {
            let fit = ((self.room() - 2.0 * PAD) / row.leading).floor().max(1.0) as usize;
            let to = from + share(row.lines() - from, fit, true);
            self.fragment(row, &nodes, from, to);
            from = to;
            if from >= row.lines() {
                return Ok(());
            }
            self.turn_under(header)?;
        }
    }

    /// Takes a new page and prints the header of the table again on it.
    fn turn_under(&mut self, header: Option<&Row>) -> Result<(), PrintError> {
        self.turn()?;
        if let Some(header) = header {
            let y = self.y;
            self.draw(Leaf::open_furniture);
            self.ground(header, y, header.height());
            self.draw(|leaf| {
                for cell in &header.cells {
                    for (i, line) in cell.lines.iter().enumerate() {
                        cell.line(leaf, y + PAD + i as f32 * header.leading, line);
                    }
                }
                leaf.close();
            });
            self.y += header.height();
            self.at_top = false;
        }
        Ok(())
    }

    /// Draws the lines of a row that fit on this page, and a hairline where the row ends.
    fn fragment(&mut self, row: &Row, nodes: &[Node], from: usize, to: usize) {
        let top = self.y;
        let height = (to - from) as f32 * row.leading + 2.0 * PAD;
        if row.ground.is_some() {
            self.draw(Leaf::open_artifact);
            self.ground(row, top, height);
            self.draw(Leaf::close);
        }
        if from > 0
            && let (Some(line), Some(cell)) = (&row.continued, row.cells.first())
            && cell.lines.len() <= from
        {
            self.draw(|leaf| {
                leaf.open_furniture();
                cell.line(leaf, top + PAD, line);
                leaf.close();
            });
        }
        for (cell, node) in row.cells.iter().zip(nodes) {
            let lines = cell.lines.get(from..to.min(cell.lines.len()));
            let Some(lines) = lines.filter(|lines| !lines.is_empty()) else {
                continue;
            };
            self.mark(*node, cell.role, |leaf| {
                for (i, line) in lines.iter().enumerate() {
                    cell.line(leaf, top + PAD + i as f32 * row.leading, line);
                }
            });
        }
        self.y += height;
        self.at_top = false;
        if to < row.lines() {
            return;
        }
        let y = self.y;
        self.draw(|leaf| {
            leaf.open_artifact();
            leaf.rule(HAIR, MARGIN, y - 0.25, MEASURE, 0.5);
            leaf.close();
        });
    }

    fn ground(&mut self, row: &Row, y: f32, height: f32) {
        if let Some(colour) = row.ground {
            self.draw(|leaf| {
                let area = Area {
                    x: MARGIN,
                    y,
                    width: MEASURE,
                    height,
                };
                leaf.fill_areas(colour, &[area]);
            });
        }
    }
}

impl Cell {
    fn line(&self, leaf: &mut Leaf, y: f32, line: &Line) {
        let x = match self.align {
            Align::Left => self.x,
            Align::Right => self.x + self.width - self.kind.width(line),
        };
        leaf.line(self.kind, self.colour, x, y, line);
    }
}

/// A column with its place on the page.
struct Place<'a> {
    column: &'a Column,
    x: f32,
    width: f32,
}

fn places(columns: &[Column]) -> Vec<Place<'_>> {
    let columns: Vec<&Column> = columns.iter().take(MOST_COLUMNS).collect();
    let share = |column: &Column| {
        if column.share.is_finite() && column.share > 0.0 {
            column.share.clamp(0.2, 20.0)
        } else {
            1.0
        }
    };
    let sum: f32 = columns.iter().map(|column| share(column)).sum();
    let inset = 6.0;
    let gaps = GUTTER * (columns.len().saturating_sub(1)) as f32;
    let room = MEASURE - 2.0 * inset - gaps;
    let mut x = MARGIN + inset;
    columns
        .into_iter()
        .map(|column| {
            let width = room * share(column) / sum;
            let place = Place { column, x, width };
            x += width + GUTTER;
            place
        })
        .collect()
}
