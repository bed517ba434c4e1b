//! The answers of one request or draft, in the normal shapes of the table in
//! [`crate::definition::field`]. Nothing is put in but by this room, after it was parsed; what is read
//! back from storage is judged again where it is used.

use super::Object;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::fmt;

/// More files than any request needs, all fields together.
pub const MOST_FILES: usize = 100;
/// A position in a group beyond this is not an item anybody added.
const MOST_ITEMS: usize = 200;

/// Answers by field id. Answers of questions that are hidden now are kept, so that coming back to
/// them loses nothing.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(Object);

/// A file that was received: what an answer says of it. The bytes are elsewhere, under `sha256`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub id: String,
    /// Its name as the citizen knows it, cleaned.
    pub name: String,
    /// In bytes.
    pub size: u64,
    pub media_type: String,
    /// In hexadecimal.
    pub sha256: String,
}

/// Why a file cannot be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachError {
    /// No question of that name takes files.
    #[error("no question of this name takes files")]
    NoSuchQuestion,
    /// The question, or the request, has all the files it may have.
    #[error("there are {most} files already")]
    TooMany {
        /// How many the question takes.
        most: usize,
    },
}

/// Shows which questions are answered and never what was answered.
impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Answers {
    /// No answer yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The answers in storage; `None` when it is not a JSON object, which no answers are.
    pub fn from_json(json: Json) -> Option<Self> {
        match json {
            Json::Object(map) => Some(Self(map)),
            _ => None,
        }
    }

    /// As they are stored.
    pub fn to_json(&self) -> Json {
        Json::Object(self.0.clone())
    }

    /// True when no question was ever answered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The answer to a question: `None` when it was never asked.
    pub fn get(&self, field: &str) -> Option<&Json> {
        self.0.get(field)
    }

    pub(super) fn put(&mut self, field: &str, value: Json) {
        self.0.insert(field.to_owned(), value);
    }

    pub(super) fn take_out(&mut self, field: &str) {
        self.0.shift_remove(field);
    }

    pub(super) fn of(map: Object) -> Self {
        Self(map)
    }

    /// Every file, whatever question it answers.
    pub fn files(&self) -> Vec<Attachment> {
        let mut found = Vec::new();
        for value in self.0.values() {
            collect(value, &mut found);
        }
        found
    }

    /// Adds a file to a question: `plan`, or `enfants.0.acte` in a group. `most` is how many files
    /// the question takes; the caller found it with the question itself.
    pub fn attach(
        &mut self,
        name: &str,
        file: &Attachment,
        most: usize,
    ) -> Result<(), AttachError> {
        if self.files().len() >= MOST_FILES {
            return Err(AttachError::TooMany { most: MOST_FILES });
        }
        let list = self.file_list(name).ok_or(AttachError::NoSuchQuestion)?;
        if list.len() >= most {
            return Err(AttachError::TooMany { most });
        }
        list.push(serde_json::to_value(file).unwrap_or(Json::Null));
        Ok(())
    }

    /// Takes the file of that id away and gives it back; `None` when no answer has it.
    pub fn detach(&mut self, id: &str) -> Option<Attachment> {
        self.0.values_mut().find_map(|value| remove(value, id))
    }

    /// The list of files under a dotted name, made when it is not there.
    fn file_list(&mut self, name: &str) -> Option<&mut Vec<Json>> {
        let mut parts = name.split('.');
        let field = parts.next()?;
        let slot = self.0.entry(field).or_insert(Json::Null);
        let slot = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => slot,
            (Some(index), Some(inner), None) => {
                let index: usize = index.parse().ok().filter(|index| *index < MOST_ITEMS)?;
                let items = list_in(slot)?;
                while items.len() <= index {
                    items.push(Json::Object(Object::new()));
                }
                items[index]
                    .as_object_mut()?
                    .entry(inner)
                    .or_insert(Json::Null)
            }
            _ => return None,
        };
        list_in(slot)
    }
}

fn list_in(slot: &mut Json) -> Option<&mut Vec<Json>> {
    if slot.is_null() {
        *slot = Json::Array(Vec::new());
    }
    slot.as_array_mut()
}

/// A file among answers is an object with an id and a hash.
pub(super) fn attachment(value: &Json) -> Option<Attachment> {
    value.get("sha256")?;
    Attachment::deserialize(value).ok()
}

fn collect(value: &Json, found: &mut Vec<Attachment>) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Json::Object(map) => match attachment(value) {
            Some(file) => found.push(file),
            None => map.values().for_each(|inner| collect(inner, found)),
        },
        _ => {}
    }
}

fn remove(value: &mut Json, id: &str) -> Option<Attachment> {
    match value {
        Json::Array(items) => {
            let place = items
                .iter()
                .position(|item| attachment(item).is_some_and(|file| file.id == id));
            match place {
                Some(place) => attachment(&items.remove(place)),
                None => items.iter_mut().find_map(|item| remove(item, id)),
            }
        }
        Json::Object(map) => map.values_mut().find_map(|inner| remove(inner, id)),
        _ => None,
    }
}
