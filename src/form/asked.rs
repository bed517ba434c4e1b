//! A question as it is asked right now: its offered options and its bounds, worked out from the
//! answers before it.

use super::Object;
use super::shape::{blank, fits, is_blank};
use crate::definition::field::Choice;
use crate::definition::{Field, FieldType};
use serde_json::Value as Json;

/// A visible field of a page, of a group or of a small form.
#[derive(Clone, Debug)]
pub struct Asked<'d> {
    pub(super) field: &'d Field,
    /// The options offered now.
    pub(super) options: Vec<&'d Choice>,
    /// The visible questions of each item of a group.
    pub(super) inner: Vec<Asked<'d>>,
    pub(super) min: Option<Json>,
    pub(super) max: Option<Json>,
    /// The value of a computed field.
    pub(super) computed: Json,
}

impl<'d> Asked<'d> {
    /// The field as it is defined.
    pub fn field(&self) -> &'d Field {
        self.field
    }

    /// The options offered now, in order.
    pub fn options(&self) -> &[&'d Choice] {
        &self.options
    }

    /// The visible questions of each item, for a group.
    pub fn inner(&self) -> &[Asked<'d>] {
        &self.inner
    }

    /// True when the option of that id is offered.
    pub(super) fn offers(&self, id: &str) -> bool {
        self.options.iter().any(|option| *option.id == id)
    }

    /// Greatest number of items, files or options.
    pub(super) fn most(&self) -> usize {
        let set = self.field.max_items.map(|most| most as usize);
        match self.field.field_type() {
            FieldType::Files => set.unwrap_or(5),
            FieldType::Group => set.unwrap_or(10),
            _ => set.unwrap_or(usize::MAX),
        }
    }

    /// Least number of items, files or options: one when an answer is required.
    pub(super) fn least(&self) -> usize {
        let set = self.field.min_items.map(|least| least as usize);
        set.unwrap_or(usize::from(!self.field.optional))
    }

    /// The answer in the right shape, without options that are not offered any more.
    pub(super) fn offered(&self, stored: &Json) -> Json {
        match self.field.field_type() {
            FieldType::Group if fits(self.field, stored) => stored.clone(),
            _ => self.effective(stored),
        }
    }

    /// The answer that counts: in the right shape, with what is not asked or not offered any more
    /// left out.
    pub(super) fn effective(&self, stored: &Json) -> Json {
        if stored.is_null() || !fits(self.field, stored) {
            return blank(self.field);
        }
        match (self.field.field_type(), stored) {
            (FieldType::Choice, Json::String(id)) if !self.offers(id) => Json::Null,
            (FieldType::Choices, Json::Array(ids)) => Json::Array(
                ids.iter()
                    .filter(|id| id.as_str().is_some_and(|id| self.offers(id)))
                    .cloned()
                    .collect(),
            ),
            (FieldType::Group, Json::Array(items)) => Json::Array(
                self.counted(items, |_| false)
                    .into_iter()
                    .map(|position| self.effective_item(&items[position]))
                    .collect(),
            ),
            (FieldType::Person | FieldType::Address | FieldType::Period, Json::Object(map)) => {
                let Json::Object(mut whole) = blank(self.field) else {
                    return Json::Null;
                };
                for (part, value) in &mut whole {
                    if let Some(given) = map.get(part) {
                        *value = given.clone();
                    }
                }
                Json::Object(whole)
            }
            _ => stored.clone(),
        }
    }

    /// The positions of the items that count: those that are filled (or were, with something
    /// `unreadable`), and as many empty ones as are needed, so that their questions say what is
    /// missing.
    pub(super) fn counted(&self, items: &[Json], unreadable: impl Fn(usize) -> bool) -> Vec<usize> {
        let filled: Vec<bool> = items
            .iter()
            .enumerate()
            .map(|(position, item)| unreadable(position) || !self.is_empty_item(item))
            .collect();
        let full = filled.iter().filter(|filled| **filled).count();
        let mut spare = if self.field.optional && full == 0 {
            0
        } else {
            self.least().saturating_sub(full)
        };
        let counts = |position: &usize| {
            filled[*position] || {
                let needed = spare > 0;
                spare = spare.saturating_sub(1);
                needed
            }
        };
        (0..items.len()).filter(counts).collect()
    }

    /// True when nobody filled anything in an item; a box left unticked is nothing.
    fn is_empty_item(&self, item: &Json) -> bool {
        let questions = self.inner.iter().filter(|inner| inner.field.is_question());
        questions.into_iter().all(|inner| {
            let value = item.get(inner.field.id.as_str()).unwrap_or(&Json::Null);
            let unticked =
                inner.field.field_type() == FieldType::Declaration && *value == Json::Bool(false);
            unticked || is_blank(value)
        })
    }

    /// One item of a group, with a blank for every question that is not asked.
    fn effective_item(&self, item: &Json) -> Json {
        let mut whole: Object = self
            .field
            .fields
            .iter()
            .filter(|field| field.is_question())
            .map(|field| (field.id.to_string(), blank(field)))
            .collect();
        for asked in self.inner.iter().filter(|asked| asked.field.is_question()) {
            let id = asked.field.id.as_str();
            if let Some(value) = item.get(id) {
                whole.insert(id.to_owned(), asked.effective(value));
            }
        }
        Json::Object(whole)
    }
}

impl<'d> Asked<'d> {
    /// A field that was asked when the request was sent: all its options count, and of each item
    /// what was answered.
    pub(super) fn submitted(field: &'d Field, value: &Json) -> Self {
        let answered = |inner: &Field| {
            let items = value.as_array().into_iter().flatten();
            items
                .filter_map(Json::as_object)
                .any(|item| item.contains_key(inner.id.as_str()))
        };
        Self {
            field,
            options: field.options.iter().collect(),
            inner: field
                .fields
                .iter()
                .filter(|inner| answered(inner))
                .map(|inner| Self::submitted(inner, &Json::Null))
                .collect(),
            min: None,
            max: None,
            computed: match field.field_type() {
                FieldType::Computed => value.clone(),
                _ => Json::Null,
            },
        }
    }

    /// A field that is not asked now, with everything it could offer: for reading what its control, which
    /// stood on the page a moment ago, posted.
    pub(super) fn hidden(field: &'d Field) -> Self {
        Self {
            field,
            options: field.options.iter().collect(),
            inner: field.fields.iter().map(Self::hidden).collect(),
            min: None,
            max: None,
            computed: Json::Null,
        }
    }

    /// The answer without what is hidden in the items of a group.
    pub(super) fn without_hidden(&self, mut value: Json) -> Json {
        if self.field.field_type() == FieldType::Group {
            for item in value.as_array_mut().into_iter().flatten() {
                if let Json::Object(item) = item {
                    item.retain(|id, _| self.inner.iter().any(|inner| *inner.field.id == *id));
                }
            }
        }
        value
    }

    /// How many files the question takes.
    pub fn most_files(&self) -> usize {
        self.most()
    }

    /// The greatest size of one file, in bytes.
    pub fn most_bytes(&self) -> u64 {
        u64::from(self.field.max_mb.unwrap_or(20).min(20)) * 1_000_000
    }
}
