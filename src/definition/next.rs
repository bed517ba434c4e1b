//! What happens after sending. Where it depends on what was chosen, on paper or online, it is said sentence
//! by sentence, each for whom it holds.

use super::{Expression, Scope, Text};
use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// One text for everybody, or a list of `{ text, when }`.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Next {
    /// The same for everybody.
    Text(Text),
    /// Sentences in their order, all of them on the procedure's page; after sending, those that hold.
    Sentences(Vec<Sentence>),
}

/// A sentence of what happens next.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    pub text: Text,
    /// Said after sending only when this is true of the answers.
    #[serde(default)]
    pub when: Option<Expression>,
}

impl Next {
    /// Everything that may happen, for who has not answered yet; each sentence a paragraph.
    pub fn all(&self, lang: &str) -> String {
        self.those(lang, |_| true)
    }

    /// What happens with these answers; each sentence a paragraph.
    pub fn after(&self, scope: &Scope, lang: &str) -> String {
        self.those(lang, |when| when.holds(scope))
    }

    /// The conditions of its sentences.
    pub fn conditions(&self) -> impl Iterator<Item = &Expression> {
        let sentences = match self {
            Self::Text(_) => &[],
            Self::Sentences(all) => all.as_slice(),
        };
        sentences
            .iter()
            .filter_map(|sentence| sentence.when.as_ref())
    }

    fn those(&self, lang: &str, holds: impl Fn(&Expression) -> bool) -> String {
        match self {
            Self::Text(text) => text.get(lang).to_owned(),
            Self::Sentences(all) => {
                let said = all
                    .iter()
                    .filter(|sentence| sentence.when.as_ref().is_none_or(&holds));
                let texts: Vec<&str> = said.map(|sentence| sentence.text.get(lang)).collect();
                texts.join("\n\n")
            }
        }
    }
}

impl<'de> Deserialize<'de> for Next {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NextVisitor;
        impl<'de> Visitor<'de> for NextVisitor {
            type Value = Next;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text, texts by language code, or a list of { text, when }")
            }

            fn visit_str<E>(self, text: &str) -> Result<Next, E> {
                Ok(Next::Text(Text::One(text.trim().to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Next, A::Error> {
                Text::deserialize(MapAccessDeserializer::new(map)).map(Next::Text)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Next, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Next::Sentences)
            }
        }
        deserializer.deserialize_any(NextVisitor)
    }
}
