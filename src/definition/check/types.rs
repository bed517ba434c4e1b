//! The types of answers, as expressions see them.
//!
//! Every answer may be blank (`null`), so `null` suits every type; what differs is what it may be
//! compared and computed with.

use crate::definition::field::{ADDRESS_PARTS, Choice, Field, FieldType, PERSON_PARTS};
use indexmap::IndexMap;
use std::sync::Arc;

/// The type of a value in an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Not known; suits everything.
    Any,
    Null,
    Bool,
    Int,
    Decimal,
    Text,
    Date,
    Time,
    DateTime,
    /// One option of a choice, by its id.
    Option(Arc<Options>),
    List(Box<Type>),
    Record(Arc<Record>),
}

/// The options a choice has: id and label.
#[derive(Debug, PartialEq)]
pub struct Options {
    pub all: Vec<(String, String)>,
}

/// A thing with named members, and no others.
#[derive(Debug, PartialEq)]
pub struct Record {
    /// How it is written: `answers`, `answers.dates`.
    pub name: String,
    pub members: IndexMap<String, Type>,
}

impl Options {
    pub fn of(options: &[Choice]) -> Self {
        let pair = |option: &Choice| (option.id.to_string(), option.label.to_string());
        Self {
            all: options.iter().map(pair).collect(),
        }
    }

    pub fn has(&self, id: &str) -> bool {
        self.all.iter().any(|(known, _)| known == id)
    }

    /// The id of the option with that label, however it is capitalised or its apostrophes are drawn.
    pub fn labelled(&self, label: &str) -> Option<&str> {
        let wanted = plain(label);
        let found = self.all.iter().find(|(_, label)| plain(label) == wanted);
        found.map(|(id, _)| id.as_str())
    }

    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|(id, _)| id.as_str())
    }
}

fn plain(text: &str) -> String {
    let text = text.trim().replace('’', "'").replace('\u{a0}', " ");
    text.to_lowercase()
}

impl Type {
    /// The type of the answer to a field; `None` for a notice, which has none. `computed` gives the
    /// type of a computed field.
    pub fn of(field: &Field, path: &str, computed: &dyn Fn(&Field) -> Self) -> Option<Self> {
        Some(match field.field_type() {
            FieldType::Notice => return None,
            FieldType::Integer | FieldType::Money => Self::Int,
            FieldType::Decimal => Self::Decimal,
            FieldType::Date => Self::Date,
            FieldType::Time => Self::Time,
            FieldType::DateTime => Self::DateTime,
            FieldType::YesNo | FieldType::Declaration => Self::Bool,
            FieldType::Period => Self::record(path, [("from", Self::Date), ("to", Self::Date)]),
            FieldType::Choice => Self::one_of(field),
            FieldType::Choices => Self::list(Self::one_of(field)),
            FieldType::Files => Self::list(Self::record(
                path,
                [
                    ("id", Self::Text),
                    ("name", Self::Text),
                    ("size", Self::Int),
                    ("media_type", Self::Text),
                    ("sha256", Self::Text),
                ],
            )),
            FieldType::Address => Self::parts(field, path, &ADDRESS_PARTS),
            FieldType::Person => Self::parts(field, path, &PERSON_PARTS),
            FieldType::Group => {
                let inner = field.fields.iter().filter_map(|inner| {
                    let name = inner.id.as_str();
                    Some((name, Self::of(inner, &format!("{path}.{name}"), computed)?))
                });
                Self::list(Self::record(path, inner))
            }
            FieldType::Computed => computed(field),
            _ => Self::Text,
        })
    }

    fn one_of(field: &Field) -> Self {
        if field.options.is_empty() {
            // The options are put in by the program (`from: services`).
            return Self::Text;
        }
        Self::Option(Arc::new(Options::of(&field.options)))
    }

    fn parts(field: &Field, path: &str, all: &[&'static str]) -> Self {
        let asked = |part: &&&str| {
            field.parts.is_empty() || field.parts.iter().any(|asked| asked.as_str() == **part)
        };
        let typed = |part: &&'static str| {
            let kind = match *part {
                "birth_date" => Self::Date,
                _ => Self::Text,
            };
            (*part, kind)
        };
        Self::record(path, all.iter().filter(asked).map(typed))
    }

    pub fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    pub fn record<'m>(name: &str, members: impl IntoIterator<Item = (&'m str, Self)>) -> Self {
        let members = members.into_iter();
        Self::Record(Arc::new(Record {
            name: name.to_owned(),
            members: members
                .map(|(name, kind)| (name.to_owned(), kind))
                .collect(),
        }))
    }

    /// The type named in a function's signature.
    pub fn named(word: &str) -> Self {
        match word {
            "date" => Self::Date,
            "int" => Self::Int,
            "bool" => Self::Bool,
            "text" => Self::Text,
            "list" => Self::list(Self::Any),
            _ => Self::Any,
        }
    }

    /// True for what is written as a text: a date, an option.
    pub fn is_textual(&self) -> bool {
        matches!(
            self,
            Self::Text | Self::Date | Self::Time | Self::DateTime | Self::Option(_)
        )
    }

    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Decimal)
    }

    /// True when nothing can be said against it.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Any | Self::Null)
    }

    /// True when a value of this type may stand where `wanted` is needed.
    pub fn suits(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            // A day and an hour of it; one choice may propose another's option.
            (Self::Any, _)
            | (_, Self::Any)
            | (Self::Int, Self::Decimal)
            | (Self::Option(_), Self::Option(_))
            | (Self::DateTime, Self::Date)
            | (Self::Date, Self::DateTime) => true,
            (Self::Null, wanted) => !matches!(wanted, Self::Bool | Self::Int),
            // A text may hold a date or an hour; a text written out is looked at.
            (Self::Text, wanted) => wanted.is_textual(),
            (got, Self::Text) => got.is_textual(),
            (Self::List(got), Self::List(wanted)) => got.suits(wanted),
            (Self::Record(got), Self::Record(wanted)) => got.members.iter().all(|(name, kind)| {
                let wanted = wanted.members.get(name);
                wanted.is_none_or(|wanted| kind.suits(wanted))
            }),
            (got, wanted) => got == wanted,
        }
    }

    /// True when `==` between the two can ever hold.
    pub fn comparable(&self, other: &Self) -> bool {
        if self.is_open() || other.is_open() || (self.is_number() && other.is_number()) {
            return true;
        }
        match (self, other) {
            (a, b) if a.is_textual() && b.is_textual() => {
                let clock = |kind: &Self| matches!(kind, Self::Time);
                clock(a) == clock(b) || *a == Self::Text || *b == Self::Text
            }
            (Self::List(a), Self::List(b)) => a.comparable(b),
            (Self::Record(_), Self::Record(_)) => true,
            (a, b) => a == b,
        }
    }

    /// The type in words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Any => "une valeur",
            Self::Null => "rien",
            Self::Bool => "oui ou non",
            Self::Int => "un nombre entier",
            Self::Decimal => "un nombre",
            Self::Text => "un texte",
            Self::Date => "une date",
            Self::Time => "une heure",
            Self::DateTime => "une date et une heure",
            Self::Option(_) => "une option d’un choix",
            Self::List(_) => "une liste",
            Self::Record(_) => "un ensemble de valeurs",
        }
    }
}
