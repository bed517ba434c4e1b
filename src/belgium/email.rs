//! An e-mail address, by the rule of the HTML standard (what a browser takes in
//! `input type=email`), with the lengths that mail servers hold to, and a domain
//! that has a dot: an address without one is always a slip at a public counter.
//! Whether anybody reads it is not known here.

use std::fmt;

use thiserror::Error;

use super::value::{kept_as_text, masked_in_logs};

const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 253;
const LONGEST_LABEL: usize = 63;

/// An address that can be written to. The domain is in small letters; the part
/// before `@` stays as typed, because its server alone may ignore its case.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

/// Why it is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EmailError {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// There is no `@`.
    #[error("the @ is missing")]
    NoAt,
    /// There is more than one `@`.
    #[error("there is more than one @")]
    SeveralAts,
    /// Nothing stands before the `@`.
    #[error("nothing stands before the @")]
    NoLocalPart,
    /// Nothing stands after the `@`.
    #[error("nothing stands after the @")]
    NoDomain,
    /// The domain has no dot.
    #[error("the domain has no dot")]
    NoDot,
    /// A dot opens or closes a part, or follows another.
    #[error("a dot is out of place")]
    MisplacedDot,
    /// A hyphen opens or closes a word of the domain.
    #[error("a hyphen is out of place")]
    MisplacedHyphen,
    /// A space, an accent or a sign that an address does not hold.
    #[error("{found:?} does not belong in an e-mail address")]
    NotAllowed {
        /// The first character that is out of place.
        found: char,
    },
    /// It is longer than mail servers accept.
    #[error("it is too long")]
    TooLong,
}

impl Email {
    /// Reads what was typed, without the spaces around it.
    pub fn parse(input: &str) -> Result<Self, EmailError> {
        let input = input.trim();
        if input.is_empty() {
            return Err(EmailError::Empty);
        }
        if input.len() > LONGEST {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = input.split_once('@').ok_or(EmailError::NoAt)?;
        if domain.contains('@') {
            return Err(EmailError::SeveralAts);
        }
        judge_local(local)?;
        let domain = domain.to_ascii_lowercase();
        judge_domain(&domain)?;
        Ok(Self(format!("{local}@{domain}")))
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// `j…@exemple.be`: enough for its owner to recognise it.
    pub fn masked(&self) -> String {
        let first = self.0.chars().next().unwrap_or_default();
        format!("{first}…@{}", self.domain())
    }
}

fn judge_local(local: &str) -> Result<(), EmailError> {
    if local.is_empty() {
        return Err(EmailError::NoLocalPart);
    }
    if let Some(found) = local
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !".!#$%&'*+/=?^_`{|}~-".contains(*c))
    {
        return Err(EmailError::NotAllowed { found });
    }
    if local.len() > LONGEST_LOCAL {
        return Err(EmailError::TooLong);
    }
    // The HTML rule lets these pass; the mail servers do not.
    if local.split('.').any(str::is_empty) {
        return Err(EmailError::MisplacedDot);
    }
    Ok(())
}

fn judge_domain(domain: &str) -> Result<(), EmailError> {
    if domain.is_empty() {
        return Err(EmailError::NoDomain);
    }
    if let Some(found) = domain
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-'))
    {
        return Err(EmailError::NotAllowed { found });
    }
    if domain.len() > LONGEST_DOMAIN {
        return Err(EmailError::TooLong);
    }
    let labels = || domain.split('.');
    if labels().any(str::is_empty) {
        return Err(EmailError::MisplacedDot);
    }
    if labels().count() < 2 {
        return Err(EmailError::NoDot);
    }
    if labels().any(|label| label.starts_with('-') || label.ends_with('-')) {
        return Err(EmailError::MisplacedHyphen);
    }
    if labels().any(|label| label.len() > LONGEST_LABEL) {
        return Err(EmailError::TooLong);
    }
    Ok(())
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

kept_as_text!(Email, EmailError, Email::parse);
masked_in_logs!(Email, Email::masked);
