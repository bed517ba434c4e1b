//! The site file (`site.yaml`): the portal's name and hosts, its authorities, services, holidays
//! of its own and the values its settings take. What differs between communes is here, so that one
//! definition serves 250 of them.

use super::{Located, Text, field::Attribute};
use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

/// One portal.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub name: String,
    pub short_name: String,
    #[serde(default)]
    pub tagline: String,
    /// The host names it answers to; a request for another host is refused.
    pub hosts: Vec<String>,
    /// The first is the source language.
    pub languages: Vec<String>,
    /// The postal codes of the territory, `site.postal_codes` in expressions.
    pub postal_codes: Vec<String>,
    /// NIS code of the commune.
    #[serde(default)]
    pub nis: String,
    pub authorities: Vec<Authority>,
    pub services: Vec<Service>,
    /// Procedures shown first on the home page, by id.
    #[serde(default)]
    pub most_used: Vec<Located<String>>,
    /// Procedures of the shipped library that this site does not offer, by id.
    #[serde(default)]
    pub not_offered: Vec<Located<String>>,
    /// The values of procedures' settings: `procedure id -> setting id -> value`.
    #[serde(default)]
    pub settings: IndexMap<String, IndexMap<String, Attribute>>,
}

/// A data controller: the commune, or the CPAS.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    pub id: Located<String>,
    /// "Commune de Wanze".
    pub name: String,
    /// "Commune".
    pub short_name: String,
    #[serde(default)]
    pub summary: String,
    pub secrecy: Secrecy,
    /// The lines of its postal address, as on a letterhead.
    pub address: Vec<String>,
    /// The address mail is sent from.
    pub mail_from: String,
    /// How to reach its data protection officer, in words.
    #[serde(default)]
    pub privacy_contact: String,
    /// How to contest what it refuses: before whom, how, within what time. A procedure may say its own.
    #[serde(default)]
    pub appeal: Text,
    /// Who signs its documents: capacity, then name.
    #[serde(default)]
    pub signature: Vec<String>,
    /// Accent colour of letters, `#rrggbb`.
    #[serde(default)]
    pub accent: Option<String>,
    /// Days it is closed beside the legal holidays.
    #[serde(default)]
    pub closures: Vec<Closure>,
}

/// A day a house is closed beside the legal holidays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    #[schemars(with = "String")]
    pub date: NaiveDate,
    pub reason: String,
}

/// Whether files are open to the authority's service or held under social professional secrecy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    Open,
    Social,
}

/// A team with a queue.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub id: Located<String>,
    pub name: String,
    /// Id of its authority.
    pub authority: Located<String>,
    /// Opening hours, in words, one line per part.
    #[serde(default)]
    pub hours: Vec<String>,
    /// Where and how to reach it, in words, one line per part.
    #[serde(default)]
    pub contact: Vec<String>,
    /// The number people call, as it is read aloud: `085 00 00 01`.
    #[serde(default)]
    pub phone: Option<String>,
    /// Where notices of new requests go (none: no mail).
    #[serde(default)]
    pub mail: Option<String>,
}

impl Site {
    /// False for a procedure the site leaves out.
    pub fn offers(&self, procedure: &str) -> bool {
        self.not_offered.iter().all(|id| **id != procedure)
    }

    /// The authority of that id.
    pub fn authority(&self, id: &str) -> Option<&Authority> {
        self.authorities
            .iter()
            .find(|authority| *authority.id == id)
    }

    /// The service of that id.
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| *service.id == id)
    }

    /// The authority a service belongs to.
    pub fn authority_of(&self, service: &str) -> Option<&Authority> {
        self.authority(&self.service(service)?.authority)
    }
}

/// A list that forms choose from (`forms/shared/registries/*.yaml`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    pub id: Located<String>,
    pub title: Text,
    pub options: Vec<super::field::Choice>,
}

/// A named, reusable set of fields (`forms/shared/groups/*.yaml`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub id: Located<String>,
    pub title: Text,
    pub fields: Vec<super::Field>,
}
