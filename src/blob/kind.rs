//! What a file is, told from its bytes and never from its name. A kind we accept is recognised here or
//! the file is refused; the words for the others only serve to say why.

use std::fmt;

/// The kinds of files a citizen may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Pdf,
    Jpeg,
    Png,
    WebP,
    Heic,
    Odt,
    Docx,
}

/// What a refused file was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A kind we know, which this question does not take.
    Kind(Kind),
    Archive,
    Program,
    WebPage,
    Svg,
    /// A document that carries a program.
    Macros,
    /// A text document of another format (.doc, .rtf, …), a spreadsheet, a presentation.
    OtherDocument,
    /// A picture of another format.
    OtherPicture,
    Sound,
    Video,
    Unknown,
}

impl Kind {
    /// All of them, in the order they are named in.
    pub const ALL: [Self; 7] = [
        Self::Pdf,
        Self::Jpeg,
        Self::Png,
        Self::WebP,
        Self::Heic,
        Self::Odt,
        Self::Docx,
    ];

    /// The word of definitions and the extension of file names: `pdf`, `jpeg`, …
    pub fn word(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Heic => "heic",
            Self::Odt => "odt",
            Self::Docx => "docx",
        }
    }

    /// Reads the word of a definition.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The IANA media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Heic => "image/heic",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    /// Reads a media type of ours.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.media_type() == media_type)
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Heic => "HEIC",
            Self::Odt => "ODT",
            Self::Docx => "Word (DOCX)",
        }
    }
}

impl fmt::Display for Found {
    /// French, to stand after "Ce fichier est".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(Kind::Pdf) => f.write_str("un document PDF"),
            Self::Kind(Kind::Odt) => f.write_str("un document ODT"),
            Self::Kind(Kind::Docx) => f.write_str("un document Word (DOCX)"),
            Self::Kind(picture) => write!(f, "une image {}", picture.label()),
            Self::Archive => f.write_str("une archive qui en contient d’autres"),
            Self::Program => f.write_str("un programme"),
            Self::WebPage => f.write_str("une page web"),
            Self::Svg => f.write_str("un dessin SVG"),
            Self::Macros => f.write_str("un document qui contient un programme (une macro)"),
            Self::OtherDocument => f.write_str("un document d’un autre format"),
            Self::OtherPicture => f.write_str("une image d’un autre format"),
            Self::Sound => f.write_str("un son"),
            Self::Video => f.write_str("une vidéo"),
            Self::Unknown => f.write_str("d’un format que nous ne reconnaissons pas"),
        }
    }
}

/// What these bytes begin like. A ZIP is answered as [`Found::Archive`]: what it holds is told by
/// [`office`](super::office).
pub fn sniff(bytes: &[u8]) -> Found {
    let known = if bytes.starts_with(b"\xff\xd8\xff") {
        Some(Kind::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(Kind::Png)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(Kind::WebP)
    } else if super::heic::is_heic(bytes) {
        Some(Kind::Heic)
    } else if is_pdf(bytes) {
        Some(Kind::Pdf)
    } else {
        None
    };
    known.map_or_else(|| sniff_stranger(bytes), Found::Kind)
}

pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The header may stand a little further on, but not behind the beginning of something else.
fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    let Some(at) = head.windows(5).position(|window| window == b"%PDF-") else {
        return false;
    };
    let before = &head[..at];
    before.is_empty()
        || (!before.contains(&b'<') && !is_zip(before) && infer::get(before).is_none())
}

fn sniff_stranger(bytes: &[u8]) -> Found {
    if is_zip(bytes) {
        return Found::Archive;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_lowercase();
    let text = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.starts_with('<') {
        return if text.contains("<svg") && !text.contains("<html") {
            Found::Svg
        } else {
            Found::WebPage
        };
    }
    if text.starts_with("#!") || text.starts_with("@echo") {
        return Found::Program;
    }
    match infer::get(bytes).map(|found| found.matcher_type()) {
        Some(infer::MatcherType::App) => Found::Program,
        Some(infer::MatcherType::Archive) if text.starts_with("{\\rtf") => Found::OtherDocument,
        Some(infer::MatcherType::Archive) => Found::Archive,
        Some(infer::MatcherType::Audio) => Found::Sound,
        Some(infer::MatcherType::Video) => Found::Video,
        Some(infer::MatcherType::Image) => Found::OtherPicture,
        Some(infer::MatcherType::Doc | infer::MatcherType::Book) => Found::OtherDocument,
        _ => Found::Unknown,
    }
}
