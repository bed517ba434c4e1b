//! A document that a service issues: the letterhead, the text of the definition filled in, the
//! signature, the panel by which anybody can verify it.

use super::blocks::{addressee, cut};
use super::house::House;
use super::text::{TextError, render};
use crate::belgium::{brussels_date, french};
use crate::document::{Block, Level, Sheet, Verification};
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

/// What stands across a document that is not issued.
const DRAFT: &str = "PROJET";

/// What a document is printed from.
#[derive(Clone, Debug)]
pub struct Issued<'a> {
    pub house: House<'a>,
    pub language: &'a str,
    /// Its title in the definition.
    pub title: &'a str,
    /// As it is shown: `7K4·M2P·93`.
    pub reference: &'a str,
    /// To whom it is addressed.
    pub applicant: &'a str,
    /// The text of the definition.
    pub text: &'a str,
    pub signed: bool,
    pub submitted_at: DateTime<Utc>,
    pub issued_at: DateTime<Utc>,
    /// Every field of the form, blank when it was not asked.
    pub answers: &'a Json,
    /// The same in words.
    pub labels: &'a Json,
    /// The values the commune fills in.
    pub settings: &'a Json,
    /// The small form of the transition that issued it.
    pub form: &'a Json,
    /// None for a draft: it says so on every page, and there is nothing to verify.
    pub verification: Option<Verification>,
}

/// The document, ready for the press.
///
/// # Errors
/// [`TextError`] when the text cannot be filled in with these values.
pub fn issued(paper: &Issued<'_>) -> Result<Sheet, TextError> {
    let house = &paper.house;
    let today = brussels_date(paper.issued_at);
    let values = json!({
        "answers": paper.answers,
        "labels": paper.labels,
        "settings": paper.settings,
        "form": paper.form,
        "site": { "name": house.site.name },
        "authority": { "name": house.authority.name },
        "request": {
            "reference": paper.reference,
            "submitted": brussels_date(paper.submitted_at).to_string(),
        },
        "today": today.to_string(),
    });
    let text = render(paper.text, &values)?;
    let (mut addressee, text) = addressee(&text);
    if addressee.is_empty() {
        addressee.push(paper.applicant.to_owned());
    }
    let mut blocks = cut(text);
    // Nothing stands twice at the head of a paper.
    let repeats = |block: &Block| matches!(block, Block::Heading(Level::Section, words) if *words == paper.title);
    if blocks.first().is_some_and(repeats) {
        blocks.remove(0);
    }
    let mut date_line = house.place_and_date(today);
    if paper.signed && !house.authority.signature.is_empty() {
        date_line.clear();
        let place = house.place();
        blocks.push(Block::Signature {
            place_date: format!("Fait à {place}, le {}", french::date_in_words(today)),
            lines: house.authority.signature.clone(),
        });
    }
    Ok(Sheet {
        title: paper.title.to_owned(),
        language: paper.language.to_owned(),
        letterhead: house.letterhead(),
        addressee,
        reference: paper.reference.to_owned(),
        date_line,
        blocks,
        footer: house.footer(),
        verification: paper.verification.clone(),
        across: paper.verification.is_none().then(|| DRAFT.to_owned()),
        created: paper.issued_at,
    })
}
