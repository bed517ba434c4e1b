//! The site file: what it names exists, and the settings it fills in are those of the procedures.

use super::ids::{Named, Shape, defects};
use super::lines::Lines;
use crate::calendar::{Closures, ClosuresError};
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::field::Attribute;
use crate::definition::library::Library;
use crate::definition::load::SITE_FILE;
use crate::definition::procedure::SettingType;

/// `procedures`: ids of all there are, also of those that could not be read.
pub fn check(library: &Library, procedures: &[String]) -> Vec<Defect> {
    let site = &library.site;
    let lines = Lines::new(&library.site_source.text);
    let here = |id| Named {
        id,
        file: SITE_FILE,
    };
    let authorities = site.authorities.iter().map(|authority| here(&authority.id));
    let mut found = defects("L’autorité", Shape::Slug, authorities);
    let services = site.services.iter().map(|service| here(&service.id));
    found.extend(defects("Le service", Shape::Slug, services));
    for service in &site.services {
        let authority = &service.authority;
        if site.authority(authority).is_none() {
            let message = format!("L’autorité « {authority} » n’existe pas");
            let kind = DefectKind::UnknownAuthority;
            let defect = Defect::new(SITE_FILE, authority.line(), kind, message);
            let known = site.authorities.iter().map(|one| one.id.as_str());
            found.push(defect.did_you_mean(authority, known));
        }
    }
    for authority in &site.authorities {
        let mut closures = Closures::none();
        for closure in &authority.closures {
            if let Err(cause) = closures.close(closure.date, &closure.reason) {
                let (id, date) = (&authority.id, closure.date);
                let message =
                    format!("La fermeture du {date} de « {id} » ne peut pas être retenue");
                let line = lines.holding(id.line(), &date.to_string());
                let advice = match cause {
                    ClosuresError::NoReason => "Dites pourquoi c’est fermé : « reason: »",
                    _ => "Gardez les fermetures à venir, retirez les anciennes",
                };
                let defect = Defect::new(SITE_FILE, line, DefectKind::BadClosure, message);
                found.push(defect.suggest(advice));
            }
        }
    }
    let unknown = |id: &str, line| {
        let message = format!("La démarche « {id} » n’existe pas");
        let defect = Defect::new(SITE_FILE, line, DefectKind::UnknownProcedure, message);
        defect.did_you_mean(id, procedures.iter().map(String::as_str))
    };
    let exists = |id: &str| procedures.iter().any(|known| known == id);
    for id in site.most_used.iter().chain(&site.not_offered) {
        if !exists(id) {
            found.push(unknown(id, id.line()));
        }
    }
    for (procedure, values) in &site.settings {
        if !exists(procedure) {
            found.push(unknown(procedure, lines.path(&["settings", procedure])));
        }
        // A procedure that could not be read says nothing of its settings.
        let Some(definition) = library.procedure(procedure) else {
            continue;
        };
        let settings = &definition.procedure.settings;
        for (id, value) in values {
            let line = lines.path(&["settings", procedure, id]);
            let Some(setting) = settings.iter().find(|setting| *setting.id == *id) else {
                let message = format!("La démarche « {procedure} » n’a pas de réglage « {id} »");
                let defect = Defect::new(SITE_FILE, line, DefectKind::UnknownSetting, message);
                let known = settings.iter().map(|setting| setting.id.as_str());
                found.push(defect.did_you_mean(id, known));
                continue;
            };
            if let Some(cause) = misfit(setting.kind, value) {
                let message = format!("Le réglage « {id} » {cause}");
                found.push(Defect::new(
                    SITE_FILE,
                    line,
                    DefectKind::WrongSetting,
                    message,
                ));
            }
        }
    }
    found
}

/// Why a value is not one of that type.
pub fn misfit(kind: SettingType, value: &Attribute) -> Option<&'static str> {
    match (kind, value) {
        (SettingType::Text, Attribute::Text(_))
        | (SettingType::Integer, Attribute::Int(_))
        | (SettingType::YesNo, Attribute::Bool(_)) => None,
        (SettingType::Money, Attribute::Int(cents)) if *cents >= 0 => None,
        (SettingType::Text, _) => Some("doit être un texte (entre guillemets)"),
        (SettingType::Integer, _) => Some("doit être un nombre entier, sans guillemets"),
        (SettingType::Money, _) => {
            Some("doit être un montant en cents, pas négatif (500 vaut 5,00 €)")
        }
        (SettingType::YesNo, _) => Some("doit être « true » ou « false »"),
    }
}
