//! What a page posts, before it means anything: pairs of a name and a text, within limits. Also what
//! is put back into the controls, exactly as it was typed.

use super::asked::Asked;
use super::desk::proposal;
use super::{Answers, Object, words};
use crate::definition::{FieldType, Scope};
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};
use unicode_normalization::UnicodeNormalization;

/// Pairs in one post.
pub const MOST_PAIRS: usize = 2_000;
/// Bytes of a name.
pub const LONGEST_NAME: usize = 120;
/// Bytes of one text, whatever the question allows.
pub const LONGEST_TEXT: usize = 100_000;
/// Bytes of all texts together.
pub const LONGEST_POST: usize = 1_000_000;
/// Items looked at in one group.
const MOST_ITEMS: usize = 200;

/// A post, by name. Names have dots: `demandeur.last_name`, `personnes.0.nom`. Names that begin with
/// `_` are the page's own (`_shown`, `_confirm`).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed {
    texts: IndexMap<String, Vec<String>>,
    /// For a group whose items were moved up, where each was posted.
    origins: HashMap<String, Vec<usize>>,
}

/// A post beyond the limits; no form of ours makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// More pairs than any page has.
    #[error("more than {MOST_PAIRS} pairs")]
    Pairs,
    /// A name longer than any name.
    #[error("a name of more than {LONGEST_NAME} bytes")]
    Name,
    /// A text longer than any answer, or too many long ones.
    #[error("a text of more than {LONGEST_TEXT} bytes, or {LONGEST_POST} in all")]
    Text,
}

/// Names only: what was typed stays out of logs.
impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.texts.keys()).finish()
    }
}

impl Typed {
    /// The pairs of a post, in order, within the limits.
    pub fn parse(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, TooMuch> {
        let mut typed = Self::default();
        let mut total = 0;
        for (count, (name, text)) in pairs.into_iter().enumerate() {
            total += text.len();
            if count >= MOST_PAIRS {
                return Err(TooMuch::Pairs);
            }
            if name.len() > LONGEST_NAME {
                return Err(TooMuch::Name);
            }
            if text.len() > LONGEST_TEXT || total > LONGEST_POST {
                return Err(TooMuch::Text);
            }
            typed.add(name, text);
        }
        Ok(typed)
    }

    /// As it is kept until the page can be left: every text of every name, and the names of the
    /// questions the page showed. Its buttons are left out.
    pub fn to_json(&self) -> Json {
        let kept = self.texts.iter();
        kept.filter(|(name, _)| !name.starts_with('_') || *name == "_shown")
            .map(|(name, texts)| (name.clone(), Json::from(texts.clone())))
            .collect::<Object>()
            .into()
    }

    /// What was kept; nothing for what was not made by [`Typed::to_json`].
    pub fn from_json(kept: &Json) -> Option<Self> {
        let texts = |list: &Json| -> Option<Vec<String>> {
            let list = list.as_array()?.iter();
            list.map(|text| text.as_str().map(str::to_owned)).collect()
        };
        let names = kept.as_object()?.iter();
        Some(Self {
            texts: names
                .map(|(name, list)| Some((name.clone(), texts(list)?)))
                .collect::<Option<_>>()?,
            origins: HashMap::new(),
        })
    }

    /// Everything that was typed, in an order of its own: the same for the same answers.
    pub fn words(&self) -> String {
        let typed = |texts: &&Vec<String>| texts.iter().any(|text| !text.is_empty());
        let names: std::collections::BTreeMap<_, _> = self
            .texts
            .iter()
            .filter(|(name, texts)| !name.starts_with('_') && typed(texts))
            .collect();
        serde_json::to_string(&names).unwrap_or_default()
    }

    /// Notes that the warnings of the page were read and the answers meant.
    pub fn confirm(&mut self) {
        self.texts
            .insert("_confirm".to_owned(), vec!["1".to_owned()]);
    }

    /// True when something was posted for a field, or for a part or item of it.
    pub(super) fn holds(&self, field: &str) -> bool {
        self.texts.keys().any(|name| {
            name.strip_prefix(field)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// What an example says a person types: parts and items nested, several choices in a list.
    pub fn from_example(answers: &Object) -> Result<Self, TooMuch> {
        let mut pairs = Vec::new();
        for (name, value) in answers {
            flatten(name.clone(), value, &mut pairs);
        }
        Self::parse(pairs)
    }

    /// What the controls of these questions show when nothing was typed: the stored answers, and the
    /// definition's proposals where there is none.
    pub(super) fn shown(asked: &[Asked<'_>], answers: &Answers, scope: &Scope) -> Self {
        let mut typed = Self::default();
        for question in asked {
            typed.show_question(question, answers, scope);
        }
        typed
    }

    /// Puts in what the control of a question shows before anything was typed: its stored answer, or
    /// the definition's proposal where there is none.
    pub(super) fn show_question(&mut self, question: &Asked<'_>, answers: &Answers, scope: &Scope) {
        let id = question.field.id.as_str();
        let value = match answers.get(id) {
            Some(stored) => question.offered(stored),
            None => proposal(question.field, scope)
                .map_or(Json::Null, |value| question.effective(&value)),
        };
        self.show(id, question, &value);
    }

    fn show(&mut self, name: &str, asked: &Asked<'_>, value: &Json) {
        match (asked.field.field_type(), value) {
            (FieldType::Group, Json::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    // An item that is there stays there even when nothing in it is filled.
                    self.texts.entry(format!("{name}.{index}")).or_default();
                    for inner in &asked.inner {
                        let id = inner.field.id.as_str();
                        let value = inner.effective(item.get(id).unwrap_or(&Json::Null));
                        self.show(&format!("{name}.{index}.{id}"), inner, &value);
                    }
                }
            }
            (FieldType::Choices, Json::Array(ids)) => {
                for id in ids.iter().filter_map(Json::as_str) {
                    self.add(name.to_owned(), id.to_owned());
                }
            }
            (FieldType::Files | FieldType::Notice | FieldType::Computed, _) => {}
            (FieldType::DateTime, Json::String(text)) => {
                if let Some((day, time)) = text.split_once('T') {
                    self.add(format!("{name}.date"), day.to_owned());
                    self.add(format!("{name}.time"), time.to_owned());
                }
            }
            (kind, Json::Object(parts)) => {
                for (part, value) in parts {
                    let kind = words::part_type(kind, part);
                    self.add_shown(format!("{name}.{part}"), kind, value);
                }
            }
            (kind, value) => self.add_shown(name.to_owned(), kind, value),
        }
    }

    fn add_shown(&mut self, name: String, kind: FieldType, value: &Json) {
        if let Some(text) = words::as_typed(kind, value) {
            self.add(name, text);
        }
    }

    fn add(&mut self, name: String, text: String) {
        self.texts.entry(name).or_default().push(text);
    }

    /// True when the page posted that name, even with an empty text.
    pub fn has(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// The text of that name exactly as it was typed; the last one when there are several.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.texts.get(name)?.last().map(String::as_str)
    }

    /// Every text of that name.
    pub fn all(&self, name: &str) -> &[String] {
        self.texts.get(name).map_or(&[], Vec::as_slice)
    }

    /// The positions of a group's items, in order. They may have gaps: an item was removed.
    pub fn items(&self, group: &str) -> Vec<usize> {
        let found: BTreeSet<usize> = self
            .texts
            .keys()
            .filter_map(|name| position(name, group))
            .collect();
        found.into_iter().take(MOST_ITEMS).collect()
    }

    /// Adds an empty item after the last: the button « ajouter ».
    pub fn add_item(&mut self, group: &str) {
        let next = self.items(group).last().map_or(0, |last| last + 1);
        if next < MOST_ITEMS {
            self.texts.entry(format!("{group}.{next}")).or_default();
        }
    }

    /// Takes an item away, by its dotted name (`personnes.1`): the button « retirer ».
    pub fn remove_item(&mut self, item: &str) {
        let below = format!("{item}.");
        self.texts
            .retain(|name, _| name != item && !name.starts_with(&below));
    }

    /// The same with the items of a group moved up over the gaps, as they are stored.
    pub(super) fn closed_up(mut self, group: &str) -> Self {
        let positions = self.items(group);
        if positions.iter().enumerate().all(|(at, from)| at == *from) {
            return self;
        }
        let moved = |name: &str| -> Option<String> {
            let from = position(name, group)?;
            let at = positions.iter().position(|known| *known == from)?;
            let rest = &name[group.len() + 1..];
            let rest = rest.find('.').map_or("", |dot| &rest[dot..]);
            Some(format!("{group}.{at}{rest}"))
        };
        self.texts = self
            .texts
            .into_iter()
            .map(|(name, mut texts)| {
                if name == "_shown" {
                    for text in &mut texts {
                        *text = moved(text).unwrap_or_else(|| std::mem::take(text));
                    }
                }
                (moved(&name).unwrap_or(name), texts)
            })
            .collect();
        self.origins.insert(group.to_owned(), positions);
        self
    }

    /// Where the item that is now at `position` was posted: its place in the stored answer.
    pub(super) fn origin(&self, group: &str, position: usize) -> usize {
        let moved = self.origins.get(group);
        *moved.and_then(|all| all.get(position)).unwrap_or(&position)
    }
}

/// The position in `personnes.3.nom` for the group `personnes`.
fn position(name: &str, group: &str) -> Option<usize> {
    let rest = name.strip_prefix(group)?.strip_prefix('.')?;
    let index = rest.split('.').next()?;
    if index.is_empty() || index.len() > 4 || !index.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    index.parse().ok()
}

fn flatten(name: String, value: &Json, pairs: &mut Vec<(String, String)>) {
    match value {
        Json::Null => {}
        Json::Bool(yes) => pairs.push((name, if *yes { "oui" } else { "non" }.to_owned())),
        Json::Number(number) => pairs.push((name, number.to_string())),
        Json::String(text) => pairs.push((name, text.clone())),
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                match item {
                    Json::Object(_) => flatten(format!("{name}.{index}"), item, pairs),
                    _ => flatten(name.clone(), item, pairs),
                }
            }
        }
        Json::Object(map) => {
            for (part, value) in map {
                flatten(format!("{name}.{part}"), value, pairs);
            }
        }
    }
}

/// A character no answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadCharacter;

/// A text as it is kept: composed (NFC), trimmed, without the invisible marks that are pasted along.
/// `lines` says whether it may have several.
pub(super) fn clean(raw: &str, lines: bool) -> Result<String, BadCharacter> {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.nfc().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{200b}' | '\u{feff}' | '\u{ad}' | '\u{2060}' => {}
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' if lines => text.push('\n'),
            '\r' | '\n' | '\t' => text.push(' '),
            // Marks that turn the direction of reading can make a text say something else.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => return Err(BadCharacter),
            c if c.is_control() => return Err(BadCharacter),
            c => text.push(c),
        }
    }
    Ok(text.trim().to_owned())
}
