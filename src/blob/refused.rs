//! Why a file is not kept, and what its sender is told.

use super::kind::{Found, Kind};
use crate::belgium::Mend;

/// Why a file was refused. Nothing of it remains.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It has no byte.
    #[error("the file is empty")]
    Empty,
    /// It has more than `max` bytes.
    #[error("the file has more than {max} bytes")]
    TooLarge { max: u64 },
    /// It is not of a kind this question takes, whatever its name says.
    #[error("the file is not of an accepted kind: {found:?}")]
    Type { found: Found, accepted: Vec<Kind> },
    /// It is cut short, or made in a way that cannot be understood and so not be cleaned.
    #[error("the file is damaged")]
    Damaged,
    /// A picture, or an archive within a document, that would be huge once opened.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// It came with `most` others, which is all that one post may bring.
    #[error("more than {most} files at once")]
    OneTooMany { most: usize },
}

impl Mend for Refused {
    fn mend(&self) -> String {
        match self {
            Self::Empty => "Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre appareil, puis envoyez-le à nouveau.".to_owned(),
            Self::TooLarge { max } => format!(
                "Ce fichier est trop lourd. Le maximum est de {}. Réduisez-le, ou envoyez-le en plusieurs parties.",
                size(*max)
            ),
            Self::Type { found, accepted } => {
                format!("Ce fichier est {found}. Envoyez un fichier {}.", either(accepted))
            }
            Self::Damaged => "Ce fichier est abîmé ou incomplet. Vérifiez qu’il s’ouvre sur votre appareil, puis envoyez-le à nouveau, ou envoyez-le en PDF.".to_owned(),
            Self::TooManyPixels => "Cette image est trop grande une fois ouverte. Réduisez ses dimensions, puis envoyez-la à nouveau.".to_owned(),
            Self::OneTooMany { most } => format!(
                "Ce fichier n’a pas été gardé\u{a0}: {most} fichiers au plus par envoi. Ajoutez-le dans un nouvel envoi."
            ),
        }
    }
}

/// A size in French: `1,2 Mo`, `340 ko`, `12 octets`.
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64| {
        let tenths = (bytes * 10).div_ceil(unit);
        match tenths % 10 {
            0 => (tenths / 10).to_string(),
            tenth => format!("{},{tenth}", tenths / 10),
        }
    };
    match bytes {
        0..=1 => format!("{bytes}\u{a0}octet"),
        2..=999 => format!("{bytes}\u{a0}octets"),
        1_000..=999_999 => format!("{}\u{a0}ko", bytes.div_ceil(1_000)),
        _ => format!("{}\u{a0}Mo", tenths(1_000_000)),
    }
}

/// `PDF, JPEG ou PNG`.
fn either(kinds: &[Kind]) -> String {
    let labels: Vec<_> = kinds.iter().map(|kind| kind.label()).collect();
    match labels.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} ou {last}", others.join(", ")),
    }
}
