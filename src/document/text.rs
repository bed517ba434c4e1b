//! What people type, made printable: one normal form, no invisible characters, tidy spaces.

use unicode_normalization::UnicodeNormalization;

/// A space at which a line may not be broken. All such spaces become this one.
pub const FIXED_SPACE: char = '\u{a0}';

/// Three times the letters that the widest line of the smallest type holds.
const GLANCE: usize = 500;

/// The text in lines, as its author broke it. Always at least one, perhaps empty.
pub fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut previous = ' ';
    for c in text.nfc() {
        let c = match kind(c) {
            Kind::Nothing => continue,
            Kind::LineEnd => {
                if !(c == '\n' && previous == '\r') {
                    lines.push(String::new());
                }
                previous = c;
                continue;
            }
            Kind::Space => ' ',
            Kind::FixedSpace => FIXED_SPACE,
            Kind::Ink => c,
        };
        previous = c;
        if let Some(line) = lines.last_mut()
            && !(c == ' ' && (line.is_empty() || line.ends_with(' ')))
        {
            line.push(c);
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end_matches(' ').len());
    }
    lines
}

/// The text on one line; line ends become spaces.
pub fn one_line(text: &str) -> String {
    let mut lines = lines(text);
    lines.retain(|line| !line.is_empty());
    lines.join(" ")
}

/// The beginning of the text on one line: enough for what is cut to one printed line anyway.
pub fn glance(text: &str) -> String {
    let beginning: String = text.chars().take(GLANCE).collect();
    one_line(&beginning)
}

/// The text in paragraphs, each of one or more lines. Blank lines part paragraphs and vanish.
pub fn paragraphs(text: &str) -> Vec<Vec<String>> {
    lines(text)
        .split(String::is_empty)
        .filter(|paragraph| !paragraph.is_empty())
        .map(<[String]>::to_vec)
        .collect()
}

enum Kind {
    Ink,
    Space,
    FixedSpace,
    LineEnd,
    Nothing,
}

fn kind(c: char) -> Kind {
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Kind::LineEnd,
        '\u{a0}' | '\u{2007}' | '\u{202f}' => Kind::FixedSpace,
        '\t' => Kind::Space,
        // Invisible by nature: soft hyphen, marks of direction, joiners, selectors, fillers, tags.
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0000}'..='\u{e0fff}' => Kind::Nothing,
        c if c.is_control() => Kind::Nothing,
        c if c.is_whitespace() => Kind::Space,
        _ => Kind::Ink,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_typed_apart_joins_its_letter() {
        assert_eq!(one_line("e\u{301}te\u{301}"), "été");
    }

    #[test]
    fn what_cannot_be_seen_is_not_printed() {
        assert_eq!(
            one_line("a\u{0}b\u{200b}c\u{202e}d\u{ad}e\u{feff}f\u{1b}"),
            "abcdef"
        );
    }

    #[test]
    fn spaces_are_tidied_but_fixed_ones_stay() {
        assert_eq!(
            one_line("  12\u{202f}€ \t  et\u{2003}plus  "),
            "12\u{a0}€ et plus"
        );
    }

    #[test]
    fn every_line_end_ends_one_line() {
        assert_eq!(lines("a\r\nb\nc\rd\u{2028}e"), ["a", "b", "c", "d", "e"]);
        assert_eq!(lines("a\n\rb"), ["a", "", "b"]);
        assert_eq!(lines(""), [""]);
    }

    #[test]
    fn blank_lines_part_paragraphs() {
        assert_eq!(
            paragraphs("\n\nun\ndeux\n \n\ntrois\n"),
            [vec!["un", "deux"], vec!["trois"]]
        );
        assert!(paragraphs(" \n ").is_empty());
    }
}
