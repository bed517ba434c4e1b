//! What each message tells, and to whom. Words stand in `templates/mail/<message>/`; here is what they
//! may know.
//!
//! Silence is kept here, in one place: whatever a caller puts in a notice of a request under social
//! secrecy, the mail holds its reference, that there is news, and the link; the name it comes from is
//! the site's. A notice to a service holds no link of the citizen's.

use super::letter::{Letter, LetterError};
use crate::definition::{Authority, Site};
use crate::secret::Code;
use crate::template::Templates;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// A message about a request, by the folder of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    // To the citizen.
    Receipt,
    Question,
    Issued,
    Decided,
    Refused,
    Withdrawn,
    HandedOver,
    Written,
    // To the service.
    NewRequest,
    Answered,
    MessageReceived,
    RequestWithdrawn,
}

impl Message {
    /// The message of that word when it goes to the citizen.
    pub fn to_citizen(word: &str) -> Option<Self> {
        Some(match word {
            "receipt" => Self::Receipt,
            "question" => Self::Question,
            "issued" => Self::Issued,
            "decided" => Self::Decided,
            "refused" => Self::Refused,
            "withdrawn" => Self::Withdrawn,
            "handed_over" => Self::HandedOver,
            "message" => Self::Written,
            _ => return None,
        })
    }

    /// The message of that word when it goes to the service.
    pub fn to_service(word: &str) -> Option<Self> {
        Some(match word {
            "new_request" => Self::NewRequest,
            "answered" => Self::Answered,
            "message" => Self::MessageReceived,
            "withdrawn" => Self::RequestWithdrawn,
            _ => return None,
        })
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Question => "question",
            Self::Issued => "issued",
            Self::Decided => "decided",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::HandedOver => "handed_over",
            Self::Written => "message",
            Self::NewRequest => "new_request",
            Self::Answered => "answered",
            Self::MessageReceived => "message_received",
            Self::RequestWithdrawn => "request_withdrawn",
        }
    }

    fn is_for_service(self) -> bool {
        matches!(
            self,
            Self::NewRequest | Self::Answered | Self::MessageReceived | Self::RequestWithdrawn
        )
    }
}

/// In whose name a mail is written.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'a> {
    pub site: &'a Site,
    pub authority: &'a Authority,
    /// The mail is of a demonstration.
    pub demo: bool,
    pub language: &'a str,
    /// Under social secrecy.
    pub social: bool,
}

/// What is known of a request when a message about it is written.
#[derive(Clone, Debug)]
pub struct Notice<'a> {
    pub sender: Sender<'a>,
    /// As it is shown: `7K4·M2P·93`.
    pub reference: &'a str,
    pub procedure_title: &'a str,
    pub service_name: Option<&'a str>,
    /// Where its citizen follows it; the link opens it, so it goes to nobody else.
    pub tracking_url: &'a str,
    /// Where its service handles it.
    pub queue_url: &'a str,
    pub received_at: DateTime<Utc>,
    /// The day an answer is expected by, while one is.
    pub due_on: Option<NaiveDate>,
    /// It comes before the others; the one thing a notice of a social request may say.
    pub urgent: bool,
    pub reason: Option<&'a str>,
    /// How to contest a refusal.
    pub appeal: Option<&'a str>,
    pub question: Option<&'a str>,
    pub documents: &'a [Document],
}

/// A document a mail names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    pub title: String,
    /// Where it is downloaded, when it is.
    pub url: Option<String>,
    /// It was asked for on paper.
    pub on_paper: bool,
}

/// The link of a draft, for the one who asked for it.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    pub sender: Sender<'a>,
    pub procedure_title: &'a str,
    pub url: &'a str,
    /// In groups, as it is read aloud.
    pub code: &'a str,
    pub expires_on: NaiveDate,
}

/// Why a mail was not written. Says where, and nothing of what people answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The words of the message cannot be filled in.
    #[error("the template {name}, line {line}: {kind}")]
    Template {
        name: String,
        /// From 1; 0 when it is unknown.
        line: usize,
        kind: minijinja::ErrorKind,
    },
    /// The addresses are none.
    #[error(transparent)]
    Letter(#[from] LetterError),
}

#[derive(Serialize)]
struct Words<'a> {
    site: SiteWords<'a>,
    authority: AuthorityWords<'a>,
    reference: &'a str,
    procedure_title: Option<&'a str>,
    service_name: Option<&'a str>,
    tracking_url: Option<&'a str>,
    tracking_code: Option<String>,
    queue_url: Option<&'a str>,
    received_at: Option<String>,
    due_date: Option<NaiveDate>,
    urgent: bool,
    /// The subject, which locked telephones show, may say so too.
    urgent_aloud: bool,
    reason: Option<&'a str>,
    appeal: Option<&'a str>,
    question: Option<&'a str>,
    documents: &'a [Document],
    resume_url: Option<&'a str>,
    resume_code: Option<&'a str>,
    expires_on: Option<NaiveDate>,
}

#[derive(Serialize)]
struct SiteWords<'a> {
    name: &'a str,
    short_name: &'a str,
    lang: &'a str,
    demo: bool,
}

#[derive(Serialize)]
struct AuthorityWords<'a> {
    name: &'a str,
}

impl Notice<'_> {
    /// The letter that tells `message`, to that address.
    pub fn compose(
        &self,
        templates: &Templates,
        message: Message,
        to: &str,
    ) -> Result<Letter, ComposeError> {
        let mut words = self.sender.words();
        words.reference = self.reference;
        words.received_at = Some(self.received_at.to_rfc3339());
        words.due_date = self.due_on;
        words.urgent = self.urgent;
        words.urgent_aloud = self.urgent && !self.sender.social;
        if message.is_for_service() {
            words.queue_url = Some(self.queue_url);
        } else {
            words.tracking_url = Some(self.tracking_url);
            words.tracking_code = self.tracking_code();
        }
        if !self.sender.social {
            words.procedure_title = Some(self.procedure_title);
            words.service_name = self.service_name;
            words.reason = self.reason;
            words.appeal = self.appeal;
            words.question = self.question;
            words.documents = self.documents;
        }
        self.sender.write(templates, message.folder(), &words, to)
    }
}

impl Notice<'_> {
    /// The code at the end of the link, as it is written down and read aloud.
    fn tracking_code(&self) -> Option<String> {
        let (_, code) = self.tracking_url.rsplit_once('/')?;
        Code::parse(code).ok().map(|code| code.to_string())
    }
}

impl Link<'_> {
    /// The letter with the link, to the address its owner gave.
    pub fn compose(&self, templates: &Templates, to: &str) -> Result<Letter, ComposeError> {
        let mut words = self.sender.words();
        words.procedure_title = (!self.sender.social).then_some(self.procedure_title);
        words.resume_url = Some(self.url);
        words.resume_code = Some(self.code);
        words.expires_on = Some(self.expires_on);
        self.sender.write(templates, "resume_link", &words, to)
    }
}

impl<'a> Sender<'a> {
    /// Who writes. Under social secrecy the site and not the centre: a mailbox and a locked screen show
    /// the name to whoever stands by.
    fn name(&self) -> &'a str {
        if self.social {
            &self.site.name
        } else {
            &self.authority.name
        }
    }

    fn words(&self) -> Words<'a> {
        Words {
            site: SiteWords {
                name: &self.site.name,
                short_name: &self.site.short_name,
                lang: self.language,
                demo: self.demo,
            },
            authority: AuthorityWords { name: self.name() },
            reference: "",
            procedure_title: None,
            service_name: None,
            tracking_url: None,
            tracking_code: None,
            queue_url: None,
            received_at: None,
            due_date: None,
            urgent: false,
            urgent_aloud: false,
            reason: None,
            appeal: None,
            question: None,
            documents: &[],
            resume_url: None,
            resume_code: None,
            expires_on: None,
        }
    }

    fn write(
        &self,
        templates: &Templates,
        folder: &str,
        words: &Words<'_>,
        to: &str,
    ) -> Result<Letter, ComposeError> {
        let fill = |file: &str| {
            let name = format!("mail/{folder}/{file}");
            templates
                .render(&name, words)
                .map_err(|error| ComposeError::Template {
                    line: error.line().unwrap_or_default(),
                    kind: error.kind(),
                    name: error.name().map_or(name, str::to_owned),
                })
        };
        // The list of a mailbox shows the name beside the address to whoever passes by.
        let name = if self.social {
            &self.site.name
        } else {
            &self.authority.name
        };
        let letter = Letter::parse(
            (name, &self.authority.mail_from),
            to,
            &fill("subject.txt")?,
            format!("{}\n", fill("body.txt")?.trim()),
            fill("body.html")?,
        )?;
        Ok(letter)
    }
}
