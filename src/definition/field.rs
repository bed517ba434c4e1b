//! The questions of a form. One flat struct for every type, so that a file stays easy to read and an
//! editor can complete it; what does not suit a type is refused by the check, not ignored.
//!
//! # The answer of each type (JSON), and its blank value when hidden or not answered
//!
//! | type | answer | blank |
//! |---|---|---|
//! | `text`, `long_text`, `email`, `phone`, `url`, `iban`, `postal_code`, `country`, `national_number`, `enterprise_number` | normalised string | `null` |
//! | `integer` | number | `null` |
//! | `decimal` | number (f64) | `null` |
//! | `money` | integer cents | `null` |
//! | `date` `time` `date_time` | `"2026-11-23"` `"14:35"` `"2026-11-23T14:35"` | `null` |
//! | `period` | `{from, to}` dates | both `null` |
//! | `yes_no`, `declaration` | `true` / `false` | `null` |
//! | `choice` | option id | `null` |
//! | `choices` | list of option ids | `[]` |
//! | `files` | `[{id, name, size, media_type, sha256}]` | `[]` |
//! | `address` | `{street, number, box, postal_code, locality, country}` | every part `null` |
//! | `person` | `{last_name, first_name, birth_date, national_number}` (only the parts asked) | every part `null` |
//! | `group` | list of objects, one per item | `[]` |
//! | `computed` | whatever its expression gives | `null` |
//! | `notice` | none | none |

use super::{Expression, Located, Text};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::Arc;

/// What kind of question a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    Text,
    LongText,
    Integer,
    Decimal,
    Money,
    Email,
    Phone,
    Url,
    Date,
    Time,
    DateTime,
    Period,
    YesNo,
    Choice,
    Choices,
    Files,
    Address,
    Person,
    NationalNumber,
    EnterpriseNumber,
    Iban,
    PostalCode,
    Country,
    Declaration,
    Notice,
    Computed,
    Group,
}

/// One question (or notice, or computed value) of a page, of a group or of a transition's small form.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in expressions (`answers.<id>`): lower case letters, digits and `_`.
    #[serde(default)]
    pub id: Located<String>,
    /// What kind of question it is.
    #[serde(rename = "type", default)]
    pub kind: Option<FieldType>,
    /// Put the fields of a shared group here, in its place (no `id`); with `type: group`, the group's
    /// fields are those of each item.
    #[serde(default, rename = "use")]
    pub use_group: Option<Located<String>>,
    /// The question itself.
    #[serde(default)]
    pub label: Text,
    /// A line of help under the label.
    #[serde(default)]
    pub hint: Text,
    /// An answer may be left out. Questions are required unless they say otherwise.
    #[serde(default)]
    pub optional: bool,
    /// Asked only when this is true.
    #[serde(default)]
    pub when: Option<Expression>,
    /// Why this is asked (required for national numbers, birth dates, accounts and files).
    #[serde(default)]
    pub because: Text,
    /// First proposal for the answer, from `citizen` or from answers of earlier pages.
    #[serde(default)]
    pub prefill: Option<Expression>,
    /// The options of a choice.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// The registry (shared list) the options come from, instead of `options`.
    #[serde(default)]
    pub from: Option<Located<String>>,
    /// How a choice is shown: radio buttons (default up to 7 options), a list, or a list one types in.
    #[serde(default, rename = "as")]
    pub shown_as: Option<ShownAs>,
    /// The parts of a person or an address that are asked (all when left out).
    #[serde(default)]
    pub parts: Vec<Located<String>>,
    /// Least value (number, cents, or a date: `today` or an expression giving one).
    #[serde(default)]
    pub min: Option<Expression>,
    /// Greatest value.
    #[serde(default)]
    pub max: Option<Expression>,
    /// Greatest number of characters of a text (default 200; 5000 for a long text).
    #[serde(default)]
    pub max_length: Option<u32>,
    /// Least number of files, items or options.
    #[serde(default)]
    pub min_items: Option<u32>,
    /// Greatest number of files (default 5), items (default 10) or options.
    #[serde(default)]
    pub max_items: Option<u32>,
    /// File types accepted, among `pdf jpeg png webp heic odt docx` (all when left out).
    #[serde(default)]
    pub accept: Vec<Located<String>>,
    /// Greatest size of one file, in megabytes of 1 000 000 bytes (default and most: 20).
    #[serde(default)]
    pub max_mb: Option<u32>,
    /// The questions of each item of a group.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// The words of the button that adds an item.
    #[serde(default)]
    pub add_label: Text,
    /// The value of a computed field.
    #[serde(default)]
    pub value: Option<Expression>,
    /// How a computed value is shown (`money`, `date`, `integer`, `text`, `yes_no`).
    #[serde(default)]
    pub shows: Option<FieldType>,
    /// The tone of a notice.
    #[serde(default)]
    pub level: NoticeLevel,
    /// The HTML autocomplete token (`email`, `tel`, `street-address` …); parts of persons set theirs.
    #[serde(default)]
    pub autocomplete: Option<String>,
    /// Where it was written, when a shared group was put in its place.
    #[serde(skip)]
    pub origin: Origin,
}

/// The files a field of a shared group came from, so that a defect can name its place. All `None` for
/// a field written in the procedure's own file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The group's file.
    pub file: Option<Arc<str>>,
    /// The file of its `when`, when the condition was written beside `use`.
    pub condition: Option<Arc<str>>,
}

/// How a choice is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShownAs {
    Radio,
    List,
    Autocomplete,
}

/// The tone of a notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeLevel {
    #[default]
    Info,
    Warning,
}

/// One option of a choice. It is compared by its `id`, never by its label.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name in expressions and in stored answers.
    pub id: Located<String>,
    /// What the citizen reads.
    pub label: Text,
    /// A line of help under it.
    #[serde(default)]
    pub hint: Text,
    /// Offered only when this is true.
    #[serde(default)]
    pub when: Option<Expression>,
    /// Attributes of the option, read as `chosen.<field>.<name>` (a price in cents, a flag, a text).
    #[serde(default)]
    pub with: IndexMap<String, Attribute>,
}

/// The value of an option's attribute.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Attribute {
    Bool(bool),
    Int(i64),
    Text(String),
}

impl Field {
    /// The field's type; `Text` for a field whose type was left out (the check reports it).
    pub fn field_type(&self) -> FieldType {
        self.kind.unwrap_or(FieldType::Text)
    }

    /// True when the citizen answers it (neither a notice nor computed).
    pub fn is_question(&self) -> bool {
        !matches!(self.field_type(), FieldType::Notice | FieldType::Computed)
    }

    /// The option of that id, if the choice has it.
    pub fn option(&self, id: &str) -> Option<&Choice> {
        self.options.iter().find(|option| *option.id == id)
    }
}

/// The parts of a person that can be asked, in the order they are shown.
pub const PERSON_PARTS: [&str; 4] = ["last_name", "first_name", "birth_date", "national_number"];
/// The parts of an address that can be asked, in the order they are shown.
pub const ADDRESS_PARTS: [&str; 6] = [
    "street",
    "number",
    "box",
    "postal_code",
    "locality",
    "country",
];
/// The file types a `files` field may accept.
pub const FILE_TYPES: [&str; 7] = ["pdf", "jpeg", "png", "webp", "heic", "odt", "docx"];
