//! A country, by its two letters in ISO 3166-1.

mod names;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use names::COUNTRIES;

/// A country of the list. Kept as its two capitals, shown by its French name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country {
    code: &'static str,
    name: &'static str,
}

/// Why it is not a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CountryError {
    /// Nothing was chosen.
    #[error("nothing was chosen")]
    Empty,
    /// Neither a code nor a French name of the list.
    #[error("this is not a country of the list")]
    Unknown,
}

impl Country {
    /// Where we are: the default of an address.
    pub const BELGIUM: Self = Self {
        code: "BE",
        name: "Belgique",
    };

    /// Reads a code (`be`, `BE`) or a French name as the list writes it, in
    /// capitals or not.
    pub fn parse(input: &str) -> Result<Self, CountryError> {
        let input = input.trim();
        if input.is_empty() {
            return Err(CountryError::Empty);
        }
        if let Some(country) = Self::all().find(|c| c.code.eq_ignore_ascii_case(input)) {
            return Ok(country);
        }
        let name = input.to_lowercase().replace('\'', "’");
        Self::all()
            .find(|country| country.name.to_lowercase() == name)
            .ok_or(CountryError::Unknown)
    }

    /// Every country, Belgium and its neighbours first.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRIES.iter().map(|&(code, name)| Self { code, name })
    }

    /// The two capitals.
    pub const fn as_str(self) -> &'static str {
        self.code
    }

    /// The French name.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({})", self.code)
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
