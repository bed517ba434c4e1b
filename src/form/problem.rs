//! What can be wrong with an answer, and the sentence that says how to mend it. The words of this
//! room about answers are here; those about a number's own rules are with the number ([`Mend`]).

use super::words;
use crate::belgium::{
    CountryError, DateError, EmailError, EnterpriseNumberError, IbanError, Mend,
    NationalNumberError, NumberError, PhoneError, PostalCodeError, TimeError,
};
use crate::definition::FieldType;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What is wrong with one answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// It is required and there is none.
    Missing(FieldType),
    /// The page was never passed, so its optional questions were never put.
    Unseen,
    /// The text is too long.
    TooLong {
        most: usize,
        over: usize,
    },
    /// It holds a control character, or a mark that turns the direction of reading.
    BadCharacter,
    /// Not an address of the web.
    NotUrl,
    /// Below the least value, as `FieldType` shows it.
    TooSmall(FieldType, Json),
    /// Above the greatest value, as `FieldType` shows it.
    TooLarge(FieldType, Json),
    /// The period ends before it begins.
    Reversed,
    /// An option that is not offered: the page was tampered with, or an earlier answer changed.
    NotOffered,
    /// Too few files, items or options.
    TooFew(FieldType, usize),
    /// Too many files, items or options.
    TooMany(FieldType, usize),
    /// A page check of the definition, in its own words.
    Rule(String),
    NationalNumber(NationalNumberError),
    EnterpriseNumber(EnterpriseNumberError),
    Iban(IbanError),
    Email(EmailError),
    Phone(PhoneError),
    PostalCode(PostalCodeError),
    Country(CountryError),
    Number(NumberError),
    Date(DateError),
    Time(TimeError),
}

macro_rules! from {
    ($($error:ty => $variant:ident),*) => {
        $(impl From<$error> for Problem {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*
    };
}

from!(
    NationalNumberError => NationalNumber, EnterpriseNumberError => EnterpriseNumber,
    IbanError => Iban, EmailError => Email, PhoneError => Phone, PostalCodeError => PostalCode,
    CountryError => Country, NumberError => Number, DateError => Date, TimeError => Time
);

/// A problem and the answer that has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Dotted name: `demandeur.national_number`, `enfants.0.prenom`.
    pub name: String,
    /// What the question is called.
    pub label: String,
    pub problem: Problem,
}

/// A problem in words, beside the control of that name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Dotted name of the control.
    pub name: String,
    /// The name with dashes: the control's `id`, for the link of the summary.
    pub field_id: String,
    /// How to mend it, in French.
    pub message: String,
}

/// A problem and the page it is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageFault {
    /// Id of the page.
    pub page: String,
    #[serde(flatten)]
    pub error: FieldError,
}

impl Fault {
    /// The sentence beside the control.
    pub fn error(&self) -> FieldError {
        FieldError {
            name: self.name.clone(),
            field_id: self.name.replace('.', "-"),
            message: self.problem.message(&self.label),
        }
    }
}

impl Problem {
    /// One or two short sentences that say how to mend it, to stand beside the question: they do not
    /// name it again. `label` is the question's own.
    pub fn message(&self, label: &str) -> String {
        match self {
            Self::Missing(kind) => missing(*kind, label).to_owned(),
            Self::Unseen => "Passez par cette page avant d’envoyer votre demande.".to_owned(),
            Self::TooLong { most, over } => format!(
                "Raccourcissez ce texte\u{a0}: il compte {} de trop ({most} au plus).",
                count(*over, "caractère", "caractères")
            ),
            Self::BadCharacter => {
                "Ce texte contient un caractère invisible. Retapez-le au clavier.".to_owned()
            }
            Self::NotUrl => {
                "Écrivez une adresse internet, par exemple https://www.exemple.be.".to_owned()
            }
            Self::TooSmall(kind, least) => bound(*kind, least, true),
            Self::TooLarge(kind, most) => bound(*kind, most, false),
            Self::Reversed => "La fin ne peut pas venir avant le début.".to_owned(),
            Self::NotOffered => "Choisissez une des réponses proposées.".to_owned(),
            Self::TooFew(kind, least) => match (kind, least) {
                (FieldType::Files, 1) => "Joignez un fichier.".to_owned(),
                (FieldType::Files, n) => format!("Joignez au moins {n} fichiers."),
                (FieldType::Group, 1) => "Ajoutez au moins une réponse.".to_owned(),
                (FieldType::Group, n) => format!("Ajoutez au moins {n} réponses."),
                (_, 1) => "Cochez au moins une réponse.".to_owned(),
                (_, n) => format!("Cochez au moins {n} réponses."),
            },
            Self::TooMany(kind, most) => {
                let (one, several) = match kind {
                    FieldType::Files => ("fichier", "fichiers"),
                    _ => ("réponse", "réponses"),
                };
                format!("Gardez au plus {}.", count(*most, one, several))
            }
            Self::Rule(words) => words.clone(),
            Self::NationalNumber(error) => error.mend(),
            Self::EnterpriseNumber(error) => error.mend(),
            Self::Iban(error) => error.mend(),
            Self::Email(error) => error.mend(),
            Self::Phone(error) => error.mend(),
            Self::PostalCode(error) => error.mend(),
            Self::Country(error) => error.mend(),
            Self::Number(error) => error.mend(),
            Self::Date(error) => error.mend(),
            Self::Time(error) => error.mend(),
        }
    }
}

fn missing(kind: FieldType, label: &str) -> &'static str {
    match kind {
        FieldType::Choice | FieldType::YesNo | FieldType::Country => "Choisissez une réponse.",
        FieldType::Declaration => "Cochez cette case pour continuer.",
        FieldType::Date => "Indiquez une date.",
        FieldType::Time => "Indiquez une heure.",
        FieldType::DateTime => "Indiquez le jour et l’heure.",
        FieldType::Money => "Indiquez un montant.",
        FieldType::Integer | FieldType::Decimal => "Indiquez un nombre.",
        _ if label.ends_with('?') => "Répondez à cette question.",
        _ => "Complétez ce champ.",
    }
}

fn bound(kind: FieldType, limit: &Json, least: bool) -> String {
    let shown = words::in_words(kind, limit);
    match (kind, least) {
        (FieldType::Date, true) => format!("Choisissez une date à partir du {shown}."),
        (FieldType::Date, false) => format!("Choisissez une date jusqu’au {shown}."),
        (FieldType::DateTime, true) => format!("Choisissez un moment à partir du {shown}."),
        (FieldType::DateTime, false) => format!("Choisissez un moment jusqu’au {shown}."),
        (FieldType::Time, true) => format!("Choisissez une heure à partir de {shown}."),
        (FieldType::Time, false) => format!("Choisissez une heure jusqu’à {shown}."),
        (FieldType::Money, true) => format!("Indiquez un montant de {shown} ou plus."),
        (FieldType::Money, false) => format!("Indiquez un montant de {shown} ou moins."),
        (_, true) => format!("Indiquez {shown} ou plus."),
        (_, false) => format!("Indiquez {shown} ou moins."),
    }
}

/// `1 caractère`, `2 caractères`.
fn count(n: usize, one: &str, several: &str) -> String {
    format!("{n}\u{a0}{}", if n > 1 { several } else { one })
}
