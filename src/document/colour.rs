//! Colours on white paper, and the care that text in them stays readable.

/// A colour of sRGB, 8 bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// A text that is not a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written with six hexadecimal digits, like #0a5a4c")]
pub struct ColourError;

/// WCAG 2.2 asks 4.5 : 1 as the ground and the text are; a wash takes up to a tenth of it.
const READABLE: f32 = 5.2;

/// The darkest text of the press.
pub const INK: Colour = Colour::rgb(0x18, 0x21, 0x1f);
/// Text of second rank; 6.5 : 1 on white.
pub const QUIET: Colour = Colour::rgb(0x52, 0x60, 0x5c);
/// The paper.
pub const PAPER: Colour = Colour::rgb(255, 255, 255);
/// Hairlines.
pub const HAIR: Colour = Colour::rgb(0xd3, 0xd6, 0xd2);

impl Colour {
    /// A colour from its three channels.
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads the notation of style sheets, `#0a5a4c`.
    ///
    /// # Errors
    /// [`ColourError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').ok_or(ColourError)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ColourError);
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| ColourError)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self { red, green, blue })
    }

    /// Red, green and blue between 0 and 1.
    pub(super) fn channels(self) -> [f32; 3] {
        [self.red, self.green, self.blue].map(|c| f32::from(c) / 255.0)
    }

    /// The same hue, dark enough for text on white and on its own wash.
    pub(super) fn readable(self) -> Self {
        let mut colour = self;
        while colour.contrast_on_white() < READABLE {
            colour = colour.mix(INK, 0.1);
        }
        colour
    }

    /// A breath of the colour, for the ground under text.
    pub(super) fn wash(self) -> Self {
        self.mix(PAPER, 0.93)
    }

    fn contrast_on_white(self) -> f32 {
        let [r, g, b] = self.channels().map(|c| {
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        });
        1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)
    }

    fn mix(self, other: Self, part: f32) -> Self {
        let blend = |a: u8, b: u8| {
            let (a, b) = (f32::from(a), f32::from(b));
            (a + (b - a) * part).round().clamp(0.0, 255.0) as u8
        };
        Self {
            red: blend(self.red, other.red),
            green: blend(self.green, other.green),
            blue: blend(self.blue, other.blue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_read_as_style_sheets_write_it() {
        assert_eq!(Colour::parse("#0a5a4c"), Ok(Colour::rgb(0x0a, 0x5a, 0x4c)));
        for wrong in ["", "#", "0a5a4c", "#0a5a4", "#0a5a4g", "#+a5a4c", "#éé5a"] {
            assert_eq!(Colour::parse(wrong), Err(ColourError), "{wrong}");
        }
    }

    #[test]
    fn every_colour_can_be_made_readable() {
        for colour in [
            Colour::rgb(255, 255, 255),
            Colour::rgb(255, 230, 0),
            Colour::rgb(0x7f, 0xd3, 0xbf),
        ] {
            assert!(colour.readable().contrast_on_white() >= READABLE);
        }
        assert_eq!(INK.readable(), INK);
    }
}
