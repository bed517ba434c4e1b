//! One mail, ready to leave: addresses that are addresses, a subject on one line, the same words as
//! text and as HTML. What a person typed (a name, a title) cannot add a header to it.

use crate::db::Id;
use chrono::{DateTime, Utc};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use std::time::SystemTime;

/// Most characters of a subject.
const LONGEST_SUBJECT: usize = 150;
/// Most characters of a name beside an address.
const LONGEST_NAME: usize = 100;

/// A mail.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    from: Mailbox,
    to: Mailbox,
    subject: String,
    text: String,
    html: String,
}

/// Why words and addresses do not make a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The authority's address is none.
    #[error("the sender's address is not one")]
    Sender,
    /// The address to write to is none.
    #[error("the recipient's address is not one")]
    Recipient,
    /// The headers could not be put together.
    #[error("the mail cannot be put together")]
    Assembly,
}

impl Letter {
    /// Reads the addresses and brings names and subject on one line.
    pub fn parse(
        from: (&str, &str),
        to: &str,
        subject: &str,
        text: String,
        html: String,
    ) -> Result<Self, LetterError> {
        let (name, address) = from;
        let name = one_line(name, LONGEST_NAME);
        let address = address.trim().parse().map_err(|_| LetterError::Sender)?;
        Ok(Self {
            from: Mailbox::new((!name.is_empty()).then_some(name), address),
            to: Mailbox::new(None, to.trim().parse().map_err(|_| LetterError::Recipient)?),
            subject: one_line(subject, LONGEST_SUBJECT),
            text,
            html,
        })
    }

    /// `Commune de Wanze <guichet@commune.wanze.example>`.
    pub fn from(&self) -> String {
        match &self.from.name {
            Some(name) => format!("{name} <{}>", self.from.email),
            None => self.from.email.to_string(),
        }
    }

    /// The address it goes to.
    pub fn to(&self) -> String {
        self.to.email.to_string()
    }

    /// The subject, on one line.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The words, as text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same, as HTML.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The name the mail keeps for ever, also when it has to leave a second time: mailboxes know by
    /// it that it is the same one.
    pub fn message_id(&self, id: Id) -> String {
        format!("<{id}@{}>", self.from.email.domain())
    }

    /// The mail as it crosses the net (RFC 5322), named after the job `id`, dated `at`.
    pub fn message(&self, id: Id, at: DateTime<Utc>) -> Result<Message, LetterError> {
        // RFC 3834: no holiday notice answers a mail that a machine sent.
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        let both = MultiPart::alternative_plain_html(self.text.clone(), self.html.clone());
        Message::builder()
            .message_id(Some(self.message_id(id)))
            .date(SystemTime::from(at))
            .from(self.from.clone())
            .to(self.to.clone())
            .subject(self.subject.clone())
            .raw_header(automatic)
            .multipart(both)
            .map_err(|_| LetterError::Assembly)
    }
}

/// True when a letter can go to, or come from, that address.
pub(super) fn is_address(text: &str) -> bool {
    text.trim().parse::<lettre::Address>().is_ok()
}

/// A text on one line: no control character, single spaces (the unbreakable ones stay), not endless.
fn one_line(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(text.len().min(4 * most));
    let mut length = 0;
    let mut gap = false;
    for c in text.chars() {
        // U+2028 and U+2029 part lines too.
        if c == ' ' || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            gap = length > 0;
            continue;
        }
        if length + usize::from(gap) >= most {
            break;
        }
        if gap {
            line.push(' ');
            length += 1;
            gap = false;
        }
        line.push(c);
        length += 1;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn letter(name: &str, subject: &str) -> Letter {
        Letter::parse(
            (name, "guichet@wanze.example"),
            "anne@exemple.be",
            subject,
            "Bonjour,\nÀ bientôt".into(),
            "<p>Bonjour,<br>À bientôt</p>".into(),
        )
        .unwrap()
    }

    fn written(letter: &Letter) -> String {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 13, 35, 0).unwrap();
        let id = Id::parse("0192f000-0000-7000-8000-000000000001").unwrap();
        String::from_utf8(letter.message(id, at).unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_name_or_a_subject_adds_no_header() {
        let letter = letter(
            "Wanze\r\nBcc: everybody@exemple.be",
            "Votre demande\r\nBcc: everybody@exemple.be\r\n\r\n<script>",
        );
        assert_eq!(
            letter.subject(),
            "Votre demande Bcc: everybody@exemple.be <script>"
        );
        let written = written(&letter);
        let (head, _) = written.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    }

    #[test]
    fn an_address_is_one_or_there_is_no_letter() {
        let try_to = |to: &str| {
            let from = ("Wanze", "guichet@wanze.example");
            Letter::parse(from, to, "x", String::new(), String::new()).map(drop)
        };
        assert_eq!(try_to("anne@exemple.be"), Ok(()));
        for bad in [
            "",
            "anne",
            "a@b.be, c@d.be",
            "anne@exemple.be\r\nBcc: x@y.be",
        ] {
            assert_eq!(try_to(bad), Err(LetterError::Recipient), "{bad:?}");
        }
        let from = ("Wanze", "guichet");
        let letter = Letter::parse(from, "anne@exemple.be", "x", String::new(), String::new());
        assert_eq!(letter, Err(LetterError::Sender));
    }

    #[test]
    fn a_mail_says_who_when_and_that_a_machine_sent_it() {
        let written = written(&letter("Commune de Wanze", "Reçu\u{a0}: été"));
        for line in [
            "Message-ID: <0192f000-0000-7000-8000-000000000001@wanze.example>",
            "Date: Mon, 23 Nov 2026 13:35:00 +0000",
            "From: \"Commune de Wanze\" <guichet@wanze.example>",
            "To: anne@exemple.be",
            "Auto-Submitted: auto-generated",
            "Subject: =?utf-8?b?UmXDp3XCoDogw6l0w6k=?=",
        ] {
            assert!(
                written.lines().any(|l| l.trim_end() == line),
                "{line}\nin\n{written}"
            );
        }
        assert!(written.contains("multipart/alternative"));
    }

    #[test]
    fn a_line_is_cut_where_it_is_long_and_loses_no_accent() {
        assert_eq!(one_line("  é\t\nà  ç ", 10), "é à ç");
        assert_eq!(one_line("abc def", 4), "abc");
        assert_eq!(one_line("abc def", 5), "abc d");
        assert_eq!(one_line(&"é".repeat(1_000), 150).chars().count(), 150);
    }
}
