//! Finding the line of a key in a file, for what carries no line of its own. It reads the way a person
//! does, by indentation; when a key is not found, the place it belongs to is named instead.

/// The lines of one file.
pub struct Lines<'t> {
    lines: Vec<&'t str>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        Self {
            lines: text.lines().collect(),
        }
    }

    /// The line of a key reached through others: `["legal", "basis"]`. Where a key is left out, that of
    /// the last one found; 1 when none is.
    pub fn path(&self, keys: &[&str]) -> u32 {
        let mut found = 0;
        let mut from = 0;
        let mut outer = None;
        for key in keys {
            let inside = |line: usize| outer.is_none_or(|outer| self.column(line) > outer);
            let next = (from..self.lines.len())
                .take_while(|line| self.is_blank(*line) || inside(*line))
                .find(|line| {
                    self.key(*line) == Some(*key) && (outer.is_some() || self.column(*line) == 0)
                });
            let Some(line) = next else { break };
            found = line;
            from = line + 1;
            outer = Some(self.column(line));
        }
        number(found)
    }

    /// The line of `key` in the same mapping as the key on `line` (from 1); `line` when it has none.
    pub fn beside(&self, line: u32, key: &str) -> u32 {
        let start = (line as usize).saturating_sub(1);
        if start >= self.lines.len() {
            return line;
        }
        let column = self.column(start);
        let found = self
            .siblings(start, column, key)
            .or_else(|| self.siblings_before(start, column, key));
        found.map_or(line, number)
    }

    /// The first line from `line` on (from 1) that holds `words`; `line` when none does.
    pub fn holding(&self, line: u32, words: &str) -> u32 {
        let start = (line as usize).saturating_sub(1);
        let found = (start..self.lines.len()).find(|line| self.lines[*line].contains(words));
        found.map_or(line, number)
    }

    fn siblings(&self, start: usize, column: usize, key: &str) -> Option<usize> {
        (start + 1..self.lines.len())
            .take_while(|line| {
                self.is_blank(*line)
                    || (self.column(*line) >= column
                        && !(self.column(*line) == column && self.opens_item(*line)))
            })
            .find(|line| self.column(*line) == column && self.key(*line) == Some(key))
    }

    fn siblings_before(&self, start: usize, column: usize, key: &str) -> Option<usize> {
        if self.opens_item(start) {
            return None;
        }
        for line in (0..start).rev() {
            if self.is_blank(line) || self.column(line) > column {
                continue;
            }
            if self.column(line) < column {
                return None;
            }
            if self.key(line) == Some(key) {
                return Some(line);
            }
            if self.opens_item(line) {
                return None;
            }
        }
        None
    }

    /// Where the text of a line begins, the dash of a list item not counted.
    fn column(&self, line: usize) -> usize {
        let text = self.lines[line];
        text.len() - text.trim_start_matches([' ', '-']).len()
    }

    fn opens_item(&self, line: usize) -> bool {
        self.lines[line].trim_start().starts_with("- ")
    }

    fn is_blank(&self, line: usize) -> bool {
        let text = self.lines[line].trim_start();
        text.is_empty() || text.starts_with('#')
    }

    /// The key a line begins with.
    fn key(&self, line: usize) -> Option<&'t str> {
        let text = self.lines[line].trim_start_matches([' ', '-']);
        let (key, rest) = text.split_once(':')?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| key.trim_matches(['"', '\'']))
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "id: a\nlegal:\n  basis: x\n\n  purpose: y\nform:\n  - id: one\n    label: One\n    fields:\n      - id: deep\n        label: Deep\n  - id: two\n    label: Two\n";

    #[test]
    fn keys_are_found_through_others() {
        let lines = Lines::new(TEXT);
        assert_eq!(lines.path(&["legal", "purpose"]), 5);
        assert_eq!(lines.path(&["legal", "recipients"]), 2);
        assert_eq!(lines.path(&["nothing"]), 1);
    }

    #[test]
    fn keys_are_found_beside_an_id_and_not_beside_its_neighbour() {
        let lines = Lines::new(TEXT);
        assert_eq!(lines.beside(7, "label"), 8);
        assert_eq!(lines.beside(10, "label"), 11);
        assert_eq!(lines.beside(12, "label"), 13);
        assert_eq!(lines.beside(12, "fields"), 12);
        assert_eq!(lines.beside(8, "id"), 7);
    }
}
