//! The house that writes: its letterhead, the place it writes from, the foot of its pages.

use crate::belgium::french;
use crate::definition::{Authority, Service, Site};
use crate::document::{Colour, Letterhead, Verification};
use crate::secret::Code;
use chrono::NaiveDate;

/// The colour of a house that chose none.
const ACCENT: Colour = Colour::rgb(0x1d, 0x5b, 0x3f);

/// Characters of a line beside the name of the house; the press cuts what is wider.
const WIDTH: usize = 36;

/// The site, authority and service in whose name a paper is printed.
#[derive(Clone, Copy, Debug)]
pub struct House<'a> {
    pub site: &'a Site,
    pub authority: &'a Authority,
    /// None when the service is no longer in the site file.
    pub service: Option<&'a Service>,
    /// The address of the site, without a slash at its end.
    pub base_url: &'a str,
}

impl House<'_> {
    /// The head of its paper.
    pub fn letterhead(&self) -> Letterhead {
        let service = self.service.map(|service| service.name.as_str());
        let address = self.authority.address.iter().map(String::as_str);
        let accent = self.authority.accent.as_deref();
        Letterhead {
            authority_name: self.authority.name.clone(),
            lines: service
                .into_iter()
                .chain(address)
                .flat_map(wrapped)
                .collect(),
            accent: accent
                .and_then(|text| Colour::parse(text).ok())
                .unwrap_or(ACCENT),
        }
    }

    /// « Commune de Wanze, service Population »; a name that says "service" itself is not doubled.
    pub fn in_charge(&self) -> String {
        let who = &self.authority.name;
        match self.service.map(|service| service.name.as_str()) {
            Some(name) if name.to_lowercase().starts_with("service") => format!("{who}, {name}"),
            Some(name) => format!("{who}, service {name}"),
            None => who.clone(),
        }
    }

    /// The town of its address (the line with the postal code), else the short name of the site.
    pub fn place(&self) -> &str {
        let town = |line: &'_ str| {
            let (code, town) = line.trim().split_once(' ')?;
            let is_code = code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit());
            is_code.then(|| line.trim().len() - town.trim_start().len())
        };
        let line = self
            .authority
            .address
            .iter()
            .rev()
            .find(|line| town(line).is_some());
        line.and_then(|line| line.trim().get(town(line)?..))
            .unwrap_or(&self.site.short_name)
    }

    /// « Wanze, le 23 novembre 2026 ».
    pub fn place_and_date(&self, day: NaiveDate) -> String {
        format!("{}, le {}", self.place(), french::date_in_words(day))
    }

    /// The small print.
    pub fn footer(&self) -> Vec<String> {
        let mut who = vec![self.authority.name.as_str()];
        who.extend(self.authority.address.iter().map(String::as_str));
        vec![
            who.join(" · "),
            format!(
                "Vos données et vos droits\u{a0}: {}/vie-privee",
                self.base_url
            ),
        ]
    }

    /// How anybody verifies a paper with that code.
    pub fn verification(&self, code: &Code) -> Verification {
        Verification {
            url: format!("{}/verification/{}", self.base_url, code.compact()),
            code: code.compact().to_owned(),
        }
    }
}

/// A line of the letterhead, broken between words where it is too wide.
fn wrapped(line: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + word.chars().count() <= WIDTH => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
