//! Looks at a file that came from outside, and cleans it: its kind is told from its bytes, and a
//! picture loses what it says of place, time and device. Pure; slow enough to want a thread that may
//! block.

use super::kind::{Found, Kind, is_zip, sniff};
use super::refused::Refused;
use super::{heic, office, picture};
use bytes::Bytes;

/// Bytes of a file at most, unless a question asks for less.
pub const LARGEST: u64 = 20_000_000;

/// What a question takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    kinds: Vec<Kind>,
    max: u64,
}

/// A file fit to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clean {
    pub kind: Kind,
    pub bytes: Bytes,
}

/// Why a look inside a format ended without a file to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is something else.
    Is(Found),
    Damaged,
    TooManyPixels,
}

impl Default for Accept {
    fn default() -> Self {
        Self {
            kinds: Kind::ALL.to_vec(),
            max: LARGEST,
        }
    }
}

impl Accept {
    /// What a definition says: its words (every kind when there is none; an unknown one counts for
    /// nothing, the checks having refused it) and its megabytes of 1 000 000 bytes.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>, megabytes: Option<u64>) -> Self {
        let kinds: Vec<Kind> = words.into_iter().filter_map(Kind::of_word).collect();
        let max = megabytes.map_or(LARGEST, |n| n.saturating_mul(1_000_000));
        Self {
            kinds: if kinds.is_empty() {
                Kind::ALL.to_vec()
            } else {
                kinds
            },
            max: max.clamp(1, LARGEST),
        }
    }

    /// The kinds taken.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// Bytes at most.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// Why a file that was kept is not what this question takes; `None` when it is.
    pub fn refuses(&self, stored: &super::Stored) -> Option<Refused> {
        if !self.kinds.contains(&stored.kind) {
            return Some(self.refuse(Found::Kind(stored.kind)));
        }
        (stored.size > self.max).then_some(Refused::TooLarge { max: self.max })
    }

    /// The same refusal in the words of this question: what was judged before it was known which question
    /// the file answers names every kind that is ever taken.
    pub fn narrow(&self, refused: Refused) -> Refused {
        match refused {
            Refused::Type { found, .. } => self.refuse(found),
            Refused::TooLarge { .. } => Refused::TooLarge { max: self.max },
            other => other,
        }
    }

    /// The `accept` attribute of a file control.
    pub fn attribute(&self) -> String {
        let types: Vec<&str> = self.kinds.iter().map(|kind| kind.media_type()).collect();
        types.join(",")
    }

    fn refuse(&self, found: Found) -> Refused {
        Refused::Type {
            found,
            accepted: self.kinds.clone(),
        }
    }
}

/// Looks at a whole file and answers what to keep of it.
pub fn inspect(bytes: &Bytes, accept: &Accept) -> Result<Clean, Refused> {
    if bytes.is_empty() {
        return Err(Refused::Empty);
    }
    if bytes.len() as u64 > accept.max {
        return Err(Refused::TooLarge { max: accept.max });
    }
    let found = match sniff(bytes) {
        Found::Archive if is_zip(bytes) => office::look(bytes),
        Found::Kind(kind) => Ok(kind),
        other => Err(Unfit::Is(other)),
    };
    let cleaned = found.and_then(|kind| {
        if !accept.kinds.contains(&kind) {
            return Err(Unfit::Is(Found::Kind(kind)));
        }
        let bytes = match kind {
            Kind::Jpeg => picture::jpeg(bytes)?,
            Kind::Png => picture::png(bytes)?,
            Kind::WebP => picture::webp(bytes)?,
            Kind::Heic => heic::clean(bytes)?,
            Kind::Pdf if !is_whole_pdf(bytes) => return Err(Unfit::Damaged),
            Kind::Pdf | Kind::Odt | Kind::Docx => bytes.clone(),
        };
        Ok(Clean { kind, bytes })
    });
    cleaned.map_err(|unfit| match unfit {
        Unfit::Is(found) => accept.refuse(found),
        Unfit::Damaged => Refused::Damaged,
        Unfit::TooManyPixels => Refused::TooManyPixels,
    })
}

/// The end of a PDF says where its table begins; one that was cut short lost it.
fn is_whole_pdf(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(64 * 1024)..];
    tail.windows(9).any(|window| window == b"startxref")
}
