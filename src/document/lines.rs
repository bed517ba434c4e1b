//! Breaking text into lines of a given width.

use super::faces::{Faces, Glyph, Weight};

/// One line of type, not yet placed on paper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Stretches of the same face, from the left.
    pub runs: Vec<Run>,
    /// Without the space at its end, in thousandths of the type size.
    pub width: u32,
}

/// A stretch of text in one face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Counted as in [`Faces::all`].
    pub face: usize,
    /// What is drawn.
    pub text: String,
}

/// How text is set: weight, size and distance of the baselines, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Type {
    pub weight: Weight,
    pub size: f32,
    pub leading: f32,
}

impl Type {
    /// A type of this weight, size and leading.
    pub const fn new(weight: Weight, size: f32, leading: f32) -> Self {
        Self {
            weight,
            size,
            leading,
        }
    }

    /// The width of a line in points.
    pub fn width(self, line: &Line) -> f32 {
        line.width as f32 * self.size / 1000.0
    }
}

/// Sets one line of clean text into as many lines as the measure (in points) asks for.
/// Words too long for it are broken; nothing is ever lost but the space at a break, which stays in
/// the line so that the words remain apart for readers of the text layer. No text, no lines.
pub fn set(faces: &Faces, kind: Type, measure: f32, text: &str) -> Vec<Line> {
    let letters = Letters::of(faces, kind.weight, text);
    let measure = ((measure / kind.size) * 1000.0).max(1.0) as u32;
    let mut lines = Vec::new();
    let mut start = 0;
    while start < letters.glyphs.len() {
        let end = letters.end_of_line(start, measure);
        lines.push(letters.line(start, end));
        start = end;
    }
    lines
}

/// Sets text on one line and cuts what does not fit, with an ellipsis where it was cut.
pub fn set_cut(faces: &Faces, kind: Type, measure: f32, text: &str) -> Line {
    let mut lines = set(faces, kind, measure, text).into_iter();
    match (lines.next(), lines.next()) {
        (None, _) => Line::default(),
        (Some(line), None) => line,
        (Some(first), Some(_)) => {
            let ellipsis = faces.glyph(kind.weight, '…');
            let room = measure - ellipsis.width as f32 * kind.size / 1000.0;
            let kept: String = first.runs.into_iter().map(|run| run.text).collect();
            let mut line = set(faces, kind, room, kept.trim_end())
                .into_iter()
                .next()
                .unwrap_or_default();
            line.append(ellipsis);
            line
        }
    }
}

/// Sets a text of several lines, each broken to the measure; an empty one stays a blank line.
pub fn set_lines(faces: &Faces, kind: Type, measure: f32, texts: &[String]) -> Vec<Line> {
    let mut all = Vec::new();
    for (i, text) in texts.iter().enumerate() {
        let mut lines = set(faces, kind, measure, text);
        if i + 1 < texts.len()
            && let Some(run) = lines.last_mut().and_then(|line| line.runs.last_mut())
        {
            // Keeps the words of two lines apart in the text layer.
            run.text.push(' ');
        }
        if lines.is_empty() {
            lines.push(Line::default());
        }
        all.append(&mut lines);
    }
    all
}

impl Line {
    fn append(&mut self, glyph: Glyph) {
        self.push(glyph);
        self.width += glyph.width;
    }

    fn push(&mut self, glyph: Glyph) {
        match self.runs.last_mut() {
            Some(run) if run.face == glyph.face => run.text.push(glyph.drawn),
            _ => self.runs.push(Run {
                face: glyph.face,
                text: glyph.drawn.to_string(),
            }),
        }
    }
}

struct Letters {
    source: Vec<char>,
    glyphs: Vec<Glyph>,
}

impl Letters {
    fn of(faces: &Faces, weight: Weight, text: &str) -> Self {
        let source: Vec<char> = text.chars().collect();
        let glyphs = source.iter().map(|&c| faces.glyph(weight, c)).collect();
        Self { source, glyphs }
    }

    /// Where the line that starts here ends, its closing space included.
    fn end_of_line(&self, start: usize, measure: u32) -> usize {
        let mut width = 0;
        let mut best = None;
        for (i, glyph) in self.glyphs.iter().enumerate().skip(start) {
            let is_space = self.is_space(i);
            if !is_space && width + glyph.width > measure && i > start {
                return best.unwrap_or_else(|| self.cut_word(start, measure));
            }
            width += glyph.width;
            if self.may_break_after(i) {
                best = Some(i + 1);
            }
        }
        self.glyphs.len()
    }

    /// Where a word longer than the line is cut: into pieces of like width, so that a fingerprint
    /// of 64 digits makes two even halves. Marks stay with the letter they stand on.
    fn cut_word(&self, start: usize, measure: u32) -> usize {
        let mut whole = 0;
        for (i, glyph) in self.glyphs.iter().enumerate().skip(start) {
            whole += glyph.width;
            if whole > measure.saturating_mul(4) || self.is_space(i) || self.may_break_after(i) {
                break;
            }
        }
        let target = if whole > measure.saturating_mul(4) {
            measure
        } else {
            whole.div_ceil(whole.div_ceil(measure).max(1))
        };
        let mut width = 0;
        let mut end = start;
        for (i, glyph) in self.glyphs.iter().enumerate().skip(start) {
            let stays = glyph.width == 0 || i == start;
            if !stays && (width >= target || width + glyph.width > measure) {
                break;
            }
            width += glyph.width;
            end = i + 1;
        }
        end
    }

    fn line(&self, start: usize, end: usize) -> Line {
        let mut line = Line::default();
        for i in start..end {
            if let Some(glyph) = self.glyphs.get(i) {
                line.push(*glyph);
                if i + 1 < end || !self.is_space(i) {
                    line.width += glyph.width;
                }
            }
        }
        line
    }

    fn is_space(&self, i: usize) -> bool {
        self.source.get(i) == Some(&' ')
    }

    /// After a space, and between letters after a hyphen, a dash or a slash; so neither a date,
    /// nor a reference, nor a price is torn.
    fn may_break_after(&self, i: usize) -> bool {
        let letter = |i: Option<usize>| {
            i.and_then(|i| self.source.get(i))
                .is_some_and(|c| c.is_alphabetic())
        };
        match self.source.get(i) {
            Some(' ') => true,
            Some('-' | '–' | '—' | '/') => letter(i.checked_sub(1)) && letter(Some(i + 1)),
            _ => false,
        }
    }
}
