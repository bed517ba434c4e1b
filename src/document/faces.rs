//! The type in the cases: which face draws a character, and how wide it is.

use printpdf::ParsedFont;

use super::{PressError, text::FIXED_SPACE};

/// Thick or thin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// A character as it will be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyph {
    /// What is drawn; differs from what was asked for when no face has that.
    pub drawn: char,
    /// Which face of [`Faces::all`] draws it.
    pub face: usize,
    /// How far it moves the pen, in thousandths of the type size.
    pub width: u32,
}

/// Every face the press can set, in the order a character looks for one.
#[derive(Debug)]
pub struct Faces {
    all: Vec<ParsedFont>,
    regular: Case,
    bold: Case,
}

/// The faces of one weight, with the glyphs of everyday characters at hand.
#[derive(Debug)]
struct Case {
    faces: Vec<usize>,
    common: Vec<Glyph>,
    replacement: Glyph,
}

/// Latin with its extensions: what nearly every document is made of.
const COMMON: u32 = 0x250;

/// Drawn, in this order of preference, where no face knows a character.
const REPLACEMENTS: [char; 3] = ['\u{fffd}', '\u{25a1}', '?'];

impl Faces {
    /// Noto Sans alone.
    pub fn built_in() -> Result<Self, PressError> {
        let regular = parse(notosans::REGULAR_TTF, "built-in regular")?;
        let bold = parse(notosans::BOLD_TTF, "built-in bold")?;
        Ok(Self::arrange(vec![regular, bold], &[0], &[1]))
    }

    /// A house typeface first, Noto Sans for what it lacks.
    pub fn with_house_type(regular: &[u8], bold: &[u8]) -> Result<Self, PressError> {
        let all = vec![
            parse(regular, "house regular")?,
            parse(bold, "house bold")?,
            parse(notosans::REGULAR_TTF, "built-in regular")?,
            parse(notosans::BOLD_TTF, "built-in bold")?,
        ];
        Ok(Self::arrange(all, &[0, 2], &[1, 3]))
    }

    fn arrange(all: Vec<ParsedFont>, regular: &[usize], bold: &[usize]) -> Self {
        let regular = Case::fill(&all, regular);
        let bold = Case::fill(&all, bold);
        Self { all, regular, bold }
    }

    /// All faces, as [`Glyph::face`] counts them.
    pub fn all(&self) -> &[ParsedFont] {
        &self.all
    }

    /// How a character is drawn. Never fails: an unknown one gets a visible replacement.
    pub fn glyph(&self, weight: Weight, c: char) -> Glyph {
        let case = match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        };
        match case.common.get(c as usize) {
            Some(glyph) => *glyph,
            None => case.find(&self.all, c).unwrap_or(case.replacement),
        }
    }
}

impl Case {
    fn fill(all: &[ParsedFont], faces: &[usize]) -> Self {
        let mut case = Self {
            faces: faces.to_vec(),
            common: Vec::new(),
            replacement: Glyph {
                drawn: ' ',
                face: faces.first().copied().unwrap_or_default(),
                width: 0,
            },
        };
        if let Some(glyph) = REPLACEMENTS.iter().find_map(|c| case.find(all, *c)) {
            case.replacement = glyph;
        }
        case.common = (0..COMMON)
            .filter_map(char::from_u32)
            .map(|c| case.find(all, c).unwrap_or(case.replacement))
            .collect();
        case
    }

    fn find(&self, all: &[ParsedFont], c: char) -> Option<Glyph> {
        // Spaces and hyphens that hold words together look like the ordinary ones, and are
        // ordinary ones for whoever copies the text.
        let drawn = match c {
            FIXED_SPACE => ' ',
            '\u{2010}' | '\u{2011}' => '-',
            c => c,
        };
        self.faces.iter().find_map(|&face| {
            let font = all.get(face)?;
            let index = font
                .lookup_glyph_index(u32::from(drawn))
                .filter(|i| *i != 0)?;
            let em = u32::from(font.pdf_font_metrics.units_per_em).max(1);
            // Cut off as in the PDF's own table of widths, so that the pen agrees with us.
            let width = u32::from(font.get_horizontal_advance(index)) * 1000 / em;
            Some(Glyph { drawn, face, width })
        })
    }
}

fn parse(bytes: &[u8], name: &'static str) -> Result<ParsedFont, PressError> {
    ParsedFont::from_bytes(bytes, 0, &mut Vec::new())
        .filter(|font| font.has_source_bytes() && font.lookup_glyph_index(u32::from(' ')).is_some())
        .ok_or(PressError::UnreadableFace(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_type_covers_the_names_of_europe() {
        let faces = Faces::built_in().unwrap();
        for c in "éœŒàçïüÅŁłřžšđßþðĳŵŷőűğışţțñ€«»’‘“”–—…·№°²³½×ΑΩάώЖщїѓẞậ".chars()
        {
            for weight in [Weight::Regular, Weight::Bold] {
                assert_eq!(faces.glyph(weight, c).drawn, c, "{c}");
            }
        }
    }

    #[test]
    fn an_unknown_character_is_replaced_by_one_that_shows() {
        let faces = Faces::built_in().unwrap();
        for c in ['😀', '漢', 'ש', '\u{e000}', '\u{10ffff}'] {
            let glyph = faces.glyph(Weight::Regular, c);
            assert!(REPLACEMENTS.contains(&glyph.drawn), "{c:?}");
            assert!(glyph.width > 0);
        }
    }

    #[test]
    fn a_file_that_is_no_font_is_refused() {
        let refused = Faces::with_house_type(b"not a font", notosans::BOLD_TTF);
        assert_eq!(
            refused.unwrap_err(),
            PressError::UnreadableFace("house regular")
        );
    }
}
