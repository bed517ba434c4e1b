//! What a citizen is told when a value is wrong: how to mend it, in plain
//! French. The sentences live here, together, so that they keep one voice and
//! another language can take their place.

use super::digits::DigitsError;
use super::{
    CountryError, DateError, EmailError, EnterpriseNumberError, IbanError, NationalNumberError,
    NumberError, PhoneError, PostalCodeError, StructuredCommunicationError, TimeError,
};

/// An error that can say how to mend what was typed.
pub trait Mend {
    /// One or two short French sentences, never repeating what was typed except
    /// the character that is out of place.
    fn mend(&self) -> String;
}

/// `chiffre`, `chiffres`: French says zero and one in the singular.
fn count(n: usize, word: &str) -> String {
    format!("{n}\u{a0}{word}{}", if n > 1 { "s" } else { "" })
}

fn out_of_place(found: char) -> String {
    match found {
        c if c.is_whitespace() => "Retirez l’espace.".to_owned(),
        c if c.is_control() => "Retirez le caractère invisible.".to_owned(),
        c => format!("Retirez le caractère «\u{a0}{c}\u{a0}»."),
    }
}

/// What is wrong with a run of digits, then what is expected.
fn digits(error: DigitsError, expected: &str) -> String {
    match error {
        DigitsError::Empty => expected.to_owned(),
        // Several signs may be out of place: one is not taken away after the other.
        DigitsError::NotDigits { found } if found.is_alphabetic() => {
            format!("Écrivez seulement les chiffres. {expected}")
        }
        DigitsError::NotDigits { found } => format!("{} {expected}", out_of_place(found)),
        DigitsError::TooShort { missing } => {
            format!("Il manque {}. {expected}", count(missing, "chiffre"))
        }
        DigitsError::TooLong { extra } => {
            format!("Il y a {} de trop. {expected}", count(extra, "chiffre"))
        }
    }
}

impl Mend for NationalNumberError {
    fn mend(&self) -> String {
        match *self {
            Self::Digits(error) => digits(error, "Un numéro de registre national compte 11\u{a0}chiffres."),
            Self::ImpossibleDate => "Les six premiers chiffres doivent être une date de naissance\u{a0}: année, mois, jour.".to_owned(),
            Self::ImpossibleOrder | Self::BadChecksum => "Ce numéro contient une faute de frappe. Comparez-le, chiffre par chiffre, avec votre carte d’identité.".to_owned(),
            Self::BornInTheFuture => "Ce numéro est celui d’une naissance à venir. Comparez-le, chiffre par chiffre, avec votre carte d’identité.".to_owned(),
        }
    }
}

impl Mend for EnterpriseNumberError {
    fn mend(&self) -> String {
        match *self {
            Self::Digits(error) => digits(error, "Un numéro d’entreprise compte 10\u{a0}chiffres."),
            Self::ForeignPrefix { prefix: [a, b] } => format!("Un numéro belge commence par «\u{a0}BE\u{a0}» ou par un chiffre, pas par «\u{a0}{a}{b}\u{a0}»."),
            Self::BadFirstDigit { found: '2'..='8' } => "Un numéro d’entreprise commence par 0 ou 1. Celui-ci ressemble à un numéro d’unité d’établissement.".to_owned(),
            Self::BadFirstDigit { .. } => "Un numéro d’entreprise commence par 0 ou 1.".to_owned(),
            Self::FourZeros => "Un numéro d’entreprise ne commence pas par quatre zéros. Vérifiez-le chiffre par chiffre.".to_owned(),
            Self::BadChecksum => "Ce numéro d’entreprise contient une faute de frappe. Vérifiez-le chiffre par chiffre.".to_owned(),
        }
    }
}

impl Mend for IbanError {
    fn mend(&self) -> String {
        let belgian = "Un compte belge s’écrit «\u{a0}BE\u{a0}» suivi de 14\u{a0}chiffres.";
        match *self {
            Self::Empty => belgian.to_owned(),
            Self::NotAllowed { found } => format!("{} Un IBAN ne contient que des lettres et des chiffres.", out_of_place(found)),
            Self::NoCountry => format!("Un IBAN commence par deux lettres et deux chiffres. {belgian}"),
            Self::UnknownCountry => format!("Les deux premières lettres ne sont pas celles d’un pays qui utilise l’IBAN. {belgian}"),
            Self::TooShort { missing } => format!("Il manque {}. {belgian}", count(missing, "caractère")),
            Self::TooLong { extra } => format!("Il y a {} de trop. {belgian}", count(extra, "caractère")),
            Self::WrongShape => "Ce n’est pas la longueur ou la forme d’un compte de ce pays. Vérifiez l’IBAN caractère par caractère.".to_owned(),
            Self::BadChecksum => "Cet IBAN contient une faute de frappe. Vérifiez-le caractère par caractère.".to_owned(),
        }
    }
}

impl Mend for StructuredCommunicationError {
    fn mend(&self) -> String {
        match *self {
            Self::Digits(error) => digits(
                error,
                "Une communication structurée compte 12\u{a0}chiffres.",
            ),
            Self::BadChecksum | Self::BaseOutOfRange => {
                "Cette communication contient une faute de frappe. Vérifiez-la chiffre par chiffre."
                    .to_owned()
            }
        }
    }
}

impl Mend for PostalCodeError {
    fn mend(&self) -> String {
        match *self {
            Self::Digits(error) => digits(error, "Un code postal belge compte 4\u{a0}chiffres."),
            Self::LeadingZero => "Un code postal belge ne commence pas par 0.".to_owned(),
        }
    }
}

impl Mend for PhoneError {
    fn mend(&self) -> String {
        let example = "Écrivez par exemple 085 27 35 10, ou +33… pour un numéro étranger.";
        match *self {
            Self::Empty => example.to_owned(),
            Self::NotAllowed { found } => format!("{} {example}", out_of_place(found)),
            Self::TooShort => format!("Il manque des chiffres à ce numéro de téléphone. {example}"),
            Self::TooLong => format!("Ce numéro de téléphone a trop de chiffres. {example}"),
            Self::NotGivenOut => format!("Ce numéro de téléphone n’existe pas. {example}"),
        }
    }
}

impl Mend for EmailError {
    fn mend(&self) -> String {
        let example = "Écrivez par exemple nom@exemple.be.";
        match *self {
            Self::Empty => example.to_owned(),
            Self::NoAt => format!("Il manque le signe @. {example}"),
            Self::SeveralAts => {
                format!("Il y a plus d’un signe @. Donnez une seule adresse. {example}")
            }
            Self::NoLocalPart => format!("Il manque le nom devant le signe @. {example}"),
            Self::NoDomain => format!("Il manque la fin de l’adresse, après le signe @. {example}"),
            Self::NoDot => format!(
                "Il manque la fin de l’adresse, comme «\u{a0}.be\u{a0}» ou «\u{a0}.com\u{a0}». {example}"
            ),
            Self::MisplacedDot => format!("Un point est mal placé. {example}"),
            Self::MisplacedHyphen => format!("Un trait d’union est mal placé. {example}"),
            Self::NotAllowed { found } if found.is_alphabetic() => format!(
                "Une adresse de courriel s’écrit sans accent\u{a0}: remplacez «\u{a0}{found}\u{a0}»."
            ),
            Self::NotAllowed { found } => format!("{} {example}", out_of_place(found)),
            Self::TooLong => "Cette adresse est trop longue. Vérifiez-la.".to_owned(),
        }
    }
}

impl Mend for CountryError {
    fn mend(&self) -> String {
        "Choisissez un pays dans la liste.".to_owned()
    }
}

impl Mend for NumberError {
    fn mend(&self) -> String {
        match *self {
            Self::Empty => "Écrivez un nombre en chiffres.".to_owned(),
            Self::NotDigits { found } => {
                format!("{} Écrivez un nombre en chiffres.", out_of_place(found))
            }
            Self::MisplacedSeparator => {
                "Un point, une espace ou une virgule est mal placé. Écrivez par exemple 1234,50."
                    .to_owned()
            }
            Self::TooPrecise { most: 0 } => "Écrivez un nombre entier, sans virgule.".to_owned(),
            Self::TooPrecise { most } => format!(
                "Écrivez au plus {} après la virgule.",
                count(most, "chiffre")
            ),
            Self::TooLarge => "Ce nombre est trop grand. Vérifiez-le.".to_owned(),
        }
    }
}

impl Mend for DateError {
    fn mend(&self) -> String {
        let example = "Écrivez le jour, le mois et l’année, par exemple 23/11/2026.";
        match *self {
            Self::Empty | Self::Unreadable => example.to_owned(),
            Self::ShortYear => {
                "Écrivez l’année en quatre chiffres, par exemple 23/11/2026.".to_owned()
            }
            Self::NoSuchMonth { month } => format!("Le mois {month} n’existe pas. {example}"),
            Self::NoSuchDay { day, month, year } => {
                format!("Le {day:02}/{month:02}/{year} n’existe pas. Vérifiez le jour.")
            }
            Self::YearOutOfReach { year } => {
                format!("Vérifiez l’année\u{a0}: {year} n’est pas possible.")
            }
        }
    }
}

impl Mend for TimeError {
    fn mend(&self) -> String {
        let example = "Écrivez les heures et les minutes, par exemple 14:35.";
        match *self {
            Self::Empty | Self::Unreadable => example.to_owned(),
            Self::NoSuchHour { .. } => {
                "Les heures vont de 0 à 23. Écrivez par exemple 14:35.".to_owned()
            }
            Self::NoSuchMinute { .. } => {
                "Les minutes vont de 0 à 59. Écrivez par exemple 14:35.".to_owned()
            }
        }
    }
}
