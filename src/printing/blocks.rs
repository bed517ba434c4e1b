//! The text of a document, cut into the blocks of a sheet. A blank line parts paragraphs; `# ` and `## `
//! begin headings; lines that begin with `- ` are a list, and those that read `- clé : valeur` are
//! questions with their answers. Lines between bars, `| Nom | Qualité |`, are a table, the first of them its
//! head.
//!
//! Only what the definition wrote makes structure. What a person typed was covered ([`cover`]) before
//! it was put in the text, and is uncovered here once the cut is made: a name that holds a line feed or
//! a `#` stays a name.

use crate::document::{Align, Block, Column, Level};

/// The characters that make structure, and what stands for them in what a person typed. Private use
/// characters have no meaning of their own; the press prints none.
const COVERS: [(char, char); 6] = [
    ('\n', '\u{e000}'),
    (':', '\u{e001}'),
    ('#', '\u{e002}'),
    ('-', '\u{e003}'),
    ('\r', '\u{e004}'),
    ('|', '\u{e005}'),
];

/// What a person typed, with nothing left that makes structure.
pub fn cover(text: &str) -> String {
    let covered = |c| COVERS.iter().find(|(bare, _)| *bare == c);
    text.chars()
        .map(|c| covered(c).map_or(c, |(_, cover)| *cover))
        .collect()
}

fn uncover(text: &str) -> String {
    let bare = |c| COVERS.iter().find(|(_, cover)| *cover == c);
    text.chars()
        .map(|c| bare(c).map_or(c, |(bare, _)| *bare))
        .collect()
}

/// The lines at the head of a text that begin with `> `: to whom it is addressed. And the text without
/// them.
pub fn addressee(text: &str) -> (Vec<String>, &str) {
    let (mut lines, mut rest) = (Vec::new(), text);
    while let Some(marked) = rest.trim_start().strip_prefix("> ") {
        let (line, after) = marked.split_once('\n').unwrap_or((marked, ""));
        lines.push(uncover(line.trim()));
        rest = after;
    }
    (lines, rest)
}

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Words,
    Item,
    Pair,
    Row,
}

/// Cuts a text into blocks.
pub fn cut(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut group: Vec<&str> = Vec::new();
    let mut kind = Kind::Words;
    for line in text.lines().map(str::trim) {
        if let Some((level, words)) = heading(line) {
            close(&mut blocks, kind, &mut group);
            blocks.push(Block::Heading(level, uncover(words)));
            continue;
        }
        if line.is_empty() {
            close(&mut blocks, kind, &mut group);
            continue;
        }
        let is = kind_of(line);
        if is != kind {
            close(&mut blocks, kind, &mut group);
        }
        kind = is;
        group.push(line);
    }
    close(&mut blocks, kind, &mut group);
    blocks
}

fn heading(line: &str) -> Option<(Level, &str)> {
    let (level, words) = match (line.strip_prefix("# "), line.strip_prefix("## ")) {
        (Some(words), _) => (Level::Section, words),
        (None, Some(words)) => (Level::Part, words),
        (None, None) => return None,
    };
    Some((level, words.trim()))
}

fn kind_of(line: &str) -> Kind {
    match line.strip_prefix("- ") {
        None if cells(line).is_some() => Kind::Row,
        None => Kind::Words,
        Some(item) if pair(item).is_some() => Kind::Pair,
        Some(_) => Kind::Item,
    }
}

/// The key and the value around the first ` : `, whatever space stands before the colon.
fn pair(item: &str) -> Option<(&str, &str)> {
    let spaces = [' ', '\u{a0}', '\u{202f}'];
    let (key, value) = item
        .match_indices(": ")
        .map(|(at, _)| (&item[..at], &item[at + 2..]))
        .find(|(key, _)| key.ends_with(spaces))
        .or_else(|| item.strip_suffix(':').map(|key| (key, "")))?;
    let key = key.trim();
    (!key.is_empty()).then_some((key, value.trim()))
}

/// What stands between the bars of a line that begins and ends with one.
fn cells(line: &str) -> Option<Vec<String>> {
    let inside = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inside.split('|').map(|cell| uncover(cell.trim())).collect())
}

/// A table: its head gives the columns, and each row has as many cells as there are columns.
fn table(lines: &[&str]) -> Block {
    let mut rows = lines.iter().filter_map(|line| cells(line));
    let columns: Vec<Column> = rows
        .next()
        .unwrap_or_default()
        .into_iter()
        .map(|title| Column {
            title,
            share: 1.0,
            align: Align::Left,
        })
        .collect();
    let rows = rows
        .map(|mut row| {
            row.resize(columns.len(), String::new());
            row
        })
        .collect();
    Block::Table { columns, rows }
}

fn close(blocks: &mut Vec<Block>, kind: Kind, group: &mut Vec<&str>) {
    if group.is_empty() {
        return;
    }
    let items = group
        .iter()
        .map(|line| line.strip_prefix("- ").unwrap_or(line));
    blocks.push(match kind {
        Kind::Words => Block::Paragraph(uncover(&group.join(" "))),
        Kind::Item => {
            let lines: Vec<String> = items
                .map(|item| format!("–\u{a0}{}", uncover(item)))
                .collect();
            Block::Paragraph(lines.join("\n"))
        }
        Kind::Row => table(group),
        Kind::Pair => Block::KeyValues(
            items
                .filter_map(pair)
                .map(|(key, value)| (uncover(key), uncover(value)))
                .collect(),
        ),
    });
    group.clear();
}
