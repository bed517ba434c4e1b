//! Where a key is missing. The parser only notices at the end of what lacks it; a person looks for the
//! beginning. So we go up from the end, and stop at the first block of keys that is of a shape that needs
//! the missing one and has no other than its own.

use crate::definition::schema::Shape;

/// The line on which the block that lacks `key` begins; `end` (from 1) is where the parser noticed.
pub fn block_lacking(key: &str, end: u32, text: &str, shapes: &[Shape]) -> Option<u32> {
    let lines: Vec<Line> = text.lines().map(Line::of).collect();
    let last = (end as usize).min(lines.len()).checked_sub(1)?;
    let mut line = last;
    let mut column = lines[last].column;
    loop {
        let mut keys = Vec::new();
        let mut first = None;
        // The keys of this block, from its last line to its first.
        loop {
            let here = &lines[line];
            if here.column == column
                && let Some(key) = here.key
            {
                keys.push(key);
                first = Some(line);
                if here.opens_item {
                    break;
                }
            }
            if line == 0 || (!lines[line].blank && here.column < column) {
                break;
            }
            line -= 1;
        }
        if let Some(first) = first
            && shapes.iter().any(|shape| lacks(shape, key, &keys))
        {
            return u32::try_from(first + 1).ok();
        }
        // Up to the block around it.
        let mut above = first.unwrap_or(line);
        loop {
            above = above.checked_sub(1)?;
            if !lines[above].blank && lines[above].column < column {
                break;
            }
        }
        line = above;
        column = lines[above].column;
    }
}

fn lacks(shape: &Shape, key: &str, keys: &[&str]) -> bool {
    let known = |key: &str| shape.known.iter().any(|known| known == key);
    shape.required.iter().any(|required| required == key)
        && !keys.contains(&key)
        && keys.iter().all(|key| known(key))
}

/// What a line shows of the structure.
struct Line<'t> {
    /// Where its text begins, the dash of a list item not counted.
    column: usize,
    key: Option<&'t str>,
    opens_item: bool,
    blank: bool,
}

impl<'t> Line<'t> {
    fn of(text: &'t str) -> Self {
        let shown = text.trim_start();
        let inner = text.trim_start_matches([' ', '-']);
        let key = inner
            .split_once(':')
            .filter(|(_, rest)| rest.is_empty() || rest.starts_with(' '));
        Self {
            column: text.len() - inner.len(),
            key: key.map(|(key, _)| key.trim_matches(['"', '\''])),
            opens_item: shown.starts_with("- "),
            blank: shown.is_empty() || shown.starts_with('#'),
        }
    }
}
