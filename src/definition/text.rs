//! Words shown to people: one sentence in the site's first language, or one per language.

use schemars::JsonSchema;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// A text in one or several languages. In YAML either `"Nom"` or `{ fr: "Nom", nl: "Naam" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum Text {
    /// The same words for every language (the source language of the site).
    One(String),
    /// Words by language code.
    #[schemars(skip)]
    #[default]
    Empty,
    /// Words by language code (`fr`, `nl`, `de`, `en`).
    Many(BTreeMap<String, String>),
}

impl Text {
    /// The words in `lang`, else in French, else in whatever language there is; never fails.
    pub fn get(&self, lang: &str) -> &str {
        match self {
            Self::One(text) => text,
            Self::Empty => "",
            Self::Many(map) => map
                .get(lang)
                .or_else(|| map.get("fr"))
                .or_else(|| map.values().next())
                .map_or("", String::as_str),
        }
    }

    /// True when no language has any word.
    pub fn is_empty(&self) -> bool {
        self.get("fr").trim().is_empty()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get("fr"))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a text, or texts by language code")
            }

            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text::One(text.trim().to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                let mut texts = BTreeMap::new();
                while let Some((lang, text)) = map.next_entry::<String, String>()? {
                    texts.insert(lang, text.trim().to_owned());
                }
                Ok(Text::Many(texts))
            }
        }
        deserializer.deserialize_any(TextVisitor)
    }
}
