//! From YAML to values, and from the parser's complaints to defects a clerk can read.
//!
//! The parser's own limits are drawn tight: a definition needs neither references nor deep nesting,
//! and a "bomb" of them must cost nothing.

use crate::definition::defect::{Defect, DefectKind};
use crate::definition::schema;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_saphyr::Error;

/// Reads one file as a `T`.
pub fn parse<T: DeserializeOwned + JsonSchema>(path: &str, text: &str) -> Result<T, Defect> {
    if text.len() as u64 > super::files::MAX_FILE_BYTES {
        let message = "Ce fichier est trop grand pour une définition";
        return Err(Defect::new(path, 0, DefectKind::TooLarge, message));
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_documents: 1,
            max_depth: 32,
            max_events: 200_000,
            max_nodes: 100_000,
            max_aliases: 100,
            max_anchors: 100,
            max_merge_keys: 100,
            max_total_scalar_bytes: 2_000_000,
        },
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let mut defect = defect_of(path, &error);
        if let Error::SerdeMissingField { field, .. } = error.without_snippet() {
            let shapes = schema::shapes(&schema::of::<T>());
            let begins = super::missing::block_lacking(field, defect.line, text, &shapes);
            defect.line = begins.unwrap_or(defect.line);
        }
        defect
    })
}

/// The parser's complaint in the clerk's words.
fn defect_of(path: &str, error: &Error) -> Defect {
    let error = error.without_snippet();
    let line = error
        .location()
        .map_or(0, |place| u32::try_from(place.line()).unwrap_or(0));
    let defect = |kind, message: String| Defect::new(path, line, kind, message);
    match error {
        Error::SerdeUnknownField {
            field, expected, ..
        } => {
            let known = defect(
                DefectKind::UnknownKey,
                format!("La clé « {field} » n’existe pas ici"),
            )
            .did_you_mean(field, expected.iter().copied());
            if known.suggestion.is_some() {
                known
            } else {
                known.suggest(format!("Clés possibles : {}", expected.join(", ")))
            }
        }
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => {
            let known = defect(
                DefectKind::WrongValue,
                format!("« {variant} » n’est pas possible ici"),
            )
            .did_you_mean(variant, expected.iter().copied());
            if known.suggestion.is_some() {
                known
            } else {
                known.suggest(format!("Valeurs possibles : {}", expected.join(", ")))
            }
        }
        Error::SerdeMissingField { field, .. } => {
            defect(DefectKind::MissingKey, format!("La clé « {field} » manque"))
                .suggest(format!("Ajoutez « {field}: »"))
        }
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or("?");
            defect(
                DefectKind::DuplicateKey,
                format!("La clé « {key} » est écrite deux fois"),
            )
            .suggest("Gardez-en une seule")
        }
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        }
        | Error::SerdeInvalidValue {
            unexpected,
            expected,
            ..
        } => {
            let wrong = defect(
                DefectKind::WrongValue,
                format!(
                    "Il faut ici {}, pas {}",
                    wanted(expected),
                    received(unexpected)
                ),
            );
            if expected.contains("text") || expected.contains("string") {
                wrong.suggest("Mettez la valeur entre guillemets")
            } else {
                wrong
            }
        }
        Error::InvalidBooleanStrict { .. } => defect(
            DefectKind::WrongValue,
            "Il faut ici « true » ou « false »".to_owned(),
        ),
        Error::InvalidScalar { ty, .. } => defect(
            DefectKind::WrongValue,
            format!("Cette valeur ne peut pas être lue comme {}", wanted(ty)),
        ),
        Error::Unexpected { expected, .. } => defect(
            DefectKind::WrongValue,
            format!("Il faut ici {}", wanted(expected)),
        ),
        Error::Message { msg, .. } => defect(DefectKind::WrongValue, said(msg)),
        Error::NullIntoString { .. } => defect(
            DefectKind::WrongValue,
            "Il manque une valeur ici".to_owned(),
        ),
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => defect(
            DefectKind::TooLarge,
            "Ce fichier se déplie en bien plus de lignes qu’une définition n’en demande".to_owned(),
        ),
        other => {
            let cause = other.to_string();
            let cause = cause.lines().next().unwrap_or_default();
            defect(
                DefectKind::NotYaml,
                format!("Ce fichier n’est pas un YAML correct ({cause})"),
            )
            .suggest(
                "Vérifiez les retraits, les deux-points et les guillemets autour de cette ligne",
            )
        }
    }
}

/// A message made by one of our own types, or by serde.
fn said(message: &str) -> String {
    if message.contains("untagged enum Attribute") {
        return "Il faut ici un texte, un nombre entier, « true » ou « false »".to_owned();
    }
    format!("Cette valeur ne convient pas ({message})")
}

/// What the parser waited for, in French.
fn wanted(expected: &str) -> String {
    let words = [
        ("a text, or texts", "un texte (ou un texte par langue)"),
        ("CEL expression", "une expression"),
        (
            "sequence",
            "une liste (des lignes qui commencent par « - »)",
        ),
        ("mapping", "des clés suivies de leur valeur"),
        ("map", "des clés suivies de leur valeur"),
        ("struct", "des clés suivies de leur valeur"),
        ("bool", "« true » ou « false »"),
        ("string", "un texte"),
        ("enum", "une des valeurs prévues"),
        ("scalar", "une seule valeur"),
        ("u32", "un nombre entier positif"),
        ("u16", "un nombre entier positif"),
        ("u8", "un nombre entier positif"),
        ("i64", "un nombre entier"),
        ("integer", "un nombre entier"),
        ("date", "une date (2026-11-23)"),
    ];
    words
        .iter()
        .find(|(word, _)| expected.contains(word))
        .map_or_else(|| expected.to_owned(), |(_, french)| (*french).to_owned())
}

/// What the parser met, in French.
fn received(unexpected: &str) -> String {
    let words = [
        ("boolean", "« true » ou « false »"),
        ("integer", "un nombre"),
        ("floating", "un nombre à virgule"),
        ("string", "un texte"),
        ("sequence", "une liste"),
        ("map", "des clés"),
        ("unit", "rien"),
    ];
    words
        .iter()
        .find(|(word, _)| unexpected.contains(word))
        .map_or_else(|| unexpected.to_owned(), |(_, french)| (*french).to_owned())
}
