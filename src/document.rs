//! The printing press of the town hall: data in, the bytes of a PDF out.
//!
//! A [`Sheet`] says what a letter contains (letterhead, title, answers, signature, the panel by
//! which anybody can verify it); a [`Press`] sets it in type on A4 pages that a screen reader can
//! read too. The press holds its parsed fonts, so it is built once and lent to every printer.
//!
//! It refuses to know what a request is, who may have its document, where the bytes are kept and
//! what time it is: the date of creation is part of the sheet, and the same sheet always gives the
//! same bytes.

mod canvas;
mod colour;
mod faces;
mod flow;
mod furniture;
mod lines;
mod metadata;
mod panel;
mod rows;
mod seal;
mod sheet;
mod structure;
mod text;
mod wording;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use colour::{Colour, ColourError};
pub use sheet::{Align, Block, Column, Letterhead, Level, Sheet, Verification};

use faces::Faces;
use flow::Flow;

/// What can go wrong while a press is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PressError {
    /// The bytes given for a typeface are not a font that can be read and embedded.
    #[error("the {0} typeface cannot be read")]
    UnreadableFace(&'static str),
}

/// Why a sheet could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The sheet would fill more pages than a letter can reasonably have.
    #[error("the document is longer than {limit} pages")]
    TooLong {
        /// The most pages the press prints.
        limit: usize,
    },
    /// The address to verify the document does not fit in a QR code.
    #[error("the verification address does not fit in a QR code")]
    UnfitVerification(#[from] qrcode::types::QrError),
    /// The PDF could not be assembled.
    #[error("the PDF could not be assembled")]
    Assembly(#[from] lopdf::Error),
    /// The PDF could not be written out.
    #[error("the PDF could not be written")]
    Writing(#[from] std::io::Error),
}

/// A press with its type in the cases: parsed fonts, ready to print any number of sheets from any
/// number of threads. Cloning shares the fonts.
#[derive(Debug, Clone)]
pub struct Press {
    faces: Arc<Faces>,
}

impl Press {
    /// A press that sets everything in Noto Sans, which covers Latin with all its extensions,
    /// Greek and Cyrillic. Needs nothing but this program.
    ///
    /// # Errors
    /// [`PressError::UnreadableFace`] when a built-in font cannot be parsed.
    pub fn new() -> Result<Self, PressError> {
        Ok(Self {
            faces: Arc::new(Faces::built_in()?),
        })
    }

    /// A press that prefers the typeface of the house (TrueType bytes, regular and bold) and turns
    /// to Noto Sans for the characters it lacks.
    ///
    /// # Errors
    /// [`PressError::UnreadableFace`] naming the weight that cannot be parsed.
    pub fn with_house_type(regular: &[u8], bold: &[u8]) -> Result<Self, PressError> {
        Ok(Self {
            faces: Arc::new(Faces::with_house_type(regular, bold)?),
        })
    }

    /// Prints a sheet: the bytes of a tagged PDF 1.7 with embedded, subset fonts.
    ///
    /// # Errors
    /// [`PrintError::TooLong`] above 2 000 pages, [`PrintError::UnfitVerification`] for an address
    /// of kilobytes; the others mean that the PDF library failed.
    pub fn print(&self, sheet: &Sheet) -> Result<Vec<u8>, PrintError> {
        let bundle = Flow::set(&self.faces, sheet)?;
        seal::seal(&self.faces, sheet, bundle)
    }
}
