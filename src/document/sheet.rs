//! What a letter contains, before anybody thinks of type or paper.

use chrono::{DateTime, Utc};

use super::Colour;

/// Everything that is printed on one document. All texts may come straight from a citizen: the
/// press cleans them, and they never carry markup.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The title: largest on the first page, and the name a PDF reader shows.
    pub title: String,
    /// The language of the text, as in `fr-BE`. Also chooses the press's own few words.
    pub language: String,
    /// Who writes.
    pub letterhead: Letterhead,
    /// Whom the letter is addressed to, one line each; empty when it is addressed to nobody.
    pub addressee: Vec<String>,
    /// What the citizen quotes, as in `WZ-2026-000123`; empty when there is none.
    pub reference: String,
    /// Place and date as written in a letter, as in « Wanze, le 23 novembre 2026 »; may be empty.
    pub date_line: String,
    /// The body, in reading order.
    pub blocks: Vec<Block>,
    /// Small print at the foot of every page. The first three lines are kept.
    pub footer: Vec<String>,
    /// How anybody can check that the document is authentic.
    pub verification: Option<Verification>,
    /// A word that stands across every page of a paper that counts for nothing: « PROJET ».
    pub across: Option<String>,
    /// When the document was made; the only time the press knows.
    pub created: DateTime<Utc>,
}

/// The head of the paper: the authority that writes.
#[derive(Debug, Clone, PartialEq)]
pub struct Letterhead {
    /// As in « Commune de Wanze ».
    pub authority_name: String,
    /// Service, address and the like, one line each. The first ten are kept.
    pub lines: Vec<String>,
    /// The colour of the house.
    pub accent: Colour,
}

/// Where and with what code a document is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The whole address, printed and encoded in the QR code.
    pub url: String,
    /// The code by itself, printed in groups of four.
    pub code: String,
}

/// How deep a heading stands under the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A section of the document.
    Section,
    /// A part of a section.
    Part,
}

/// One piece of the body.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; never left alone at the foot of a page.
    Heading(Level, String),
    /// Running text. A line feed breaks the line, a blank line parts paragraphs.
    Paragraph(String),
    /// Questions and their answers.
    KeyValues(Vec<(String, String)>),
    /// A table with a header row that is repeated on each page. Cells beyond the columns are
    /// dropped, missing ones are empty.
    Table {
        /// The columns, from the left.
        columns: Vec<Column>,
        /// The rows, each with one text per column.
        rows: Vec<Vec<String>>,
    },
    /// Something the reader must not miss.
    Notice(String),
    /// Who signs; kept on one page.
    Signature {
        /// As in « Fait à Wanze, le 23 novembre 2026 »; may be empty.
        place_date: String,
        /// Formula, name and function, one line each. The first eight are kept.
        lines: Vec<String>,
    },
    /// One line of white.
    Spacer,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What stands in the header row.
    pub title: String,
    /// Its part of the width, relative to the other columns. Nonsense counts as 1.
    pub share: f32,
    /// On which side its texts are set.
    pub align: Align,
}

/// The side a column is set against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// For words.
    Left,
    /// For figures.
    Right,
}
