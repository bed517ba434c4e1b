//! What an expression may name at its place: which answers are known by then, the settings, the site,
//! the person, the request.

use super::types::{Options, Type};
use crate::definition::site::Site;
use crate::definition::workflow::Transition;
use crate::definition::{Definition, Expression, Field, FieldType};
use indexmap::IndexMap;
use std::collections::HashMap;
use std::sync::Arc;

/// Where a field stands: page, then place on the page.
pub type Rank = (usize, usize);

/// Every name of a definition, with its type, whatever the place.
pub struct Names {
    answers: IndexMap<String, Type>,
    /// What each field is: a notice has no answer.
    kinds: HashMap<String, FieldType>,
    ranks: HashMap<String, Rank>,
    chosen: Type,
    settings: Type,
    site: Type,
    citizen: Type,
    request: Type,
}

/// Which answers are known at a place.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// Those of the fields that stand before this rank.
    Before(Rank),
    All,
}

/// What an expression reads at its place.
pub struct Scope<'n> {
    pub names: &'n Names,
    pub known: Known,
    /// Inside a transition: its small form, the questions before this one (all for a guard).
    pub small: Option<Small>,
    /// The request exists: in guards, small forms and letters.
    pub request: bool,
    /// Attributes of chosen options are at hand: not in small forms.
    pub chosen: bool,
}

/// The names of a small form.
#[derive(Clone)]
pub struct Small {
    pub form: Type,
    /// Ids of its later questions.
    pub later: Vec<String>,
}

impl Names {
    /// `of_expression` gives the type of a computed field's expression over the fields before it.
    pub fn new(
        definition: &Definition,
        site: &Site,
        of_expression: impl Fn(&Self, Rank, &Expression) -> Type,
    ) -> Self {
        let procedure = &definition.procedure;
        let settings = procedure.settings.iter();
        let settings = settings.map(|setting| (setting.id.as_str(), setting_type(setting.kind)));
        let services = site.services.iter();
        let services = Options {
            all: services
                .map(|service| (service.id.to_string(), service.name.clone()))
                .collect(),
        };
        let mut names = Self {
            answers: IndexMap::new(),
            kinds: HashMap::new(),
            ranks: HashMap::new(),
            chosen: chosen_of(procedure.form.fields()),
            settings: Type::record("settings", settings),
            site: Type::record(
                "site",
                [
                    ("name", Type::Text),
                    ("postal_codes", Type::list(Type::Text)),
                ],
            ),
            citizen: citizen(),
            request: Type::record(
                "request",
                [
                    ("reference", Type::Text),
                    ("service", Type::Option(Arc::new(services))),
                    ("fee", Type::Int),
                    ("submitted", Type::Date),
                ],
            ),
        };
        for (page_rank, page) in procedure.form.pages.iter().enumerate() {
            for (field_rank, field) in page.fields.iter().enumerate() {
                let rank = (page_rank, field_rank);
                let id = field.id.as_str();
                let kind = Type::of(field, &format!("answers.{id}"), &|computed| {
                    let value = computed.value.as_ref();
                    value.map_or(Type::Any, |value| of_expression(&names, rank, value))
                });
                names.kinds.insert(id.to_owned(), field.field_type());
                // Of two fields with one id, the first stands; the second is a defect by itself.
                names.ranks.entry(id.to_owned()).or_insert(rank);
                if let Some(kind) = kind {
                    names.answers.entry(id.to_owned()).or_insert(kind);
                }
            }
        }
        names
    }

    /// The scope of the form: answers known so far.
    pub fn form(&self, known: Known) -> Scope<'_> {
        Scope {
            names: self,
            known,
            small: None,
            request: false,
            chosen: true,
        }
    }

    /// The scope of a question of a transition's small form; `before`: how many come before it.
    pub fn small_form(&self, transition: &Transition, before: usize) -> Scope<'_> {
        Scope {
            names: self,
            known: Known::All,
            small: Some(Small::of(transition, before)),
            request: true,
            chosen: false,
        }
    }

    /// The scope of a transition's guard: everything, its small form filled in.
    pub fn guard(&self, transition: &Transition) -> Scope<'_> {
        Scope {
            chosen: true,
            ..self.small_form(transition, transition.form.len())
        }
    }

    /// The type of the answer to a field of the form.
    pub fn answer(&self, id: &str) -> Option<&Type> {
        self.answers.get(id)
    }

    /// Ids of the answers there are.
    pub fn answers(&self) -> impl Iterator<Item = &str> {
        self.answers.keys().map(String::as_str)
    }

    /// True for a notice, which has no answer.
    pub fn is_notice(&self, id: &str) -> bool {
        self.kinds.get(id) == Some(&FieldType::Notice)
    }
}

impl Scope<'_> {
    /// The type of a name by itself, when it exists at this place.
    pub fn root(&self, name: &str) -> Option<Type> {
        Some(match name {
            "answers" => Type::record(
                "answers",
                self.names
                    .answers
                    .iter()
                    .map(|(id, kind)| (id.as_str(), kind.clone())),
            ),
            "chosen" if self.chosen => self.names.chosen.clone(),
            "settings" => self.names.settings.clone(),
            "site" => self.names.site.clone(),
            "citizen" => self.names.citizen.clone(),
            "today" => Type::Date,
            "request" if self.request => self.names.request.clone(),
            "form" => self.small.as_ref()?.form.clone(),
            _ => return None,
        })
    }

    /// The names there are at this place.
    pub fn roots(&self) -> impl Iterator<Item = &'static str> {
        let all = [
            "answers", "chosen", "settings", "site", "citizen", "today", "request", "form",
        ];
        all.into_iter().filter(|name| match *name {
            "request" => self.request,
            "chosen" => self.chosen,
            "form" => self.small.is_some(),
            _ => true,
        })
    }

    /// True when the answer is not known yet at this place.
    pub fn is_later(&self, root: &str, id: &str) -> bool {
        match root {
            "form" => self
                .small
                .as_ref()
                .is_some_and(|small| small.later.iter().any(|later| later == id)),
            "answers" | "chosen" => match (self.known, self.names.ranks.get(id)) {
                (Known::Before(limit), Some(rank)) => *rank >= limit,
                _ => false,
            },
            _ => false,
        }
    }

    /// The type of one answer, without making a record of all of them.
    pub fn member(&self, root: &str, id: &str) -> Option<&Type> {
        (root == "answers")
            .then(|| self.names.answers.get(id))
            .flatten()
    }
}

impl Small {
    pub fn of(transition: &Transition, before: usize) -> Self {
        let member = |field: &Field| {
            let path = format!("form.{}", *field.id);
            Type::of(field, &path, &|_| Type::Any).map(|kind| (field.id.to_string(), kind))
        };
        let members: Vec<_> = transition.form.iter().filter_map(member).collect();
        let members = members.iter().map(|(id, kind)| (id.as_str(), kind.clone()));
        let later = transition.form.iter().skip(before);
        Self {
            form: Type::record("form", members),
            later: later.map(|field| field.id.to_string()).collect(),
        }
    }
}

fn setting_type(kind: crate::definition::procedure::SettingType) -> Type {
    use crate::definition::procedure::SettingType;
    match kind {
        SettingType::Text => Type::Text,
        SettingType::Integer | SettingType::Money => Type::Int,
        SettingType::YesNo => Type::Bool,
    }
}

fn citizen() -> Type {
    let words = [
        ("low", "faible"),
        ("substantial", "substantielle"),
        ("high", "élevée"),
    ];
    let assurance = Options {
        all: words
            .map(|(id, label)| (id.to_owned(), label.to_owned()))
            .to_vec(),
    };
    Type::record(
        "citizen",
        [
            ("last_name", Type::Text),
            ("first_name", Type::Text),
            ("email", Type::Text),
            ("phone", Type::Text),
            ("national_number", Type::Text),
            ("birth_date", Type::Date),
            ("assurance", Type::Option(Arc::new(assurance))),
        ],
    )
}

/// `chosen`: for each choice, the attributes of its options.
fn chosen_of<'f>(fields: impl Iterator<Item = &'f Field>) -> Type {
    let choices = fields.filter(|field| field.field_type() == FieldType::Choice);
    let records: Vec<_> = choices
        .map(|field| (field.id.to_string(), attributes(field)))
        .collect();
    let records = records.iter().map(|(id, kind)| (id.as_str(), kind.clone()));
    Type::record("chosen", records)
}

fn attributes(field: &Field) -> Type {
    use crate::definition::field::Attribute;
    let pairs = field.options.iter().flat_map(|option| &option.with);
    let members = pairs.map(|(name, value)| {
        let kind = match value {
            Attribute::Bool(_) => Type::Bool,
            Attribute::Int(_) => Type::Int,
            Attribute::Text(_) => Type::Text,
        };
        (name.as_str(), kind)
    });
    Type::record(&format!("chosen.{}", *field.id), members)
}
