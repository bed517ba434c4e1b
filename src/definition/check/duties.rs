//! What a procedure owes: who answers for it, on what basis, for how long, and at least one example.

use super::report::Subject;
use crate::definition::defect::{Defect, DefectKind};

pub fn check(subject: &mut Subject<'_>) {
    authority(subject);
    legal(subject);
    routing(subject);
    related(subject);
    settings(subject);
    let procedure = subject.procedure;
    let path = subject.path;
    for document in &procedure.documents {
        if document.title.is_empty() {
            let line = subject.beside(path, document.id.line(), "title");
            let message = format!("Le document « {} » n’a pas de « title »", *document.id);
            subject.say(path, line, DefectKind::MissingLabel, message);
        }
    }
    for (words, key) in [
        (&procedure.title, "title"),
        (&procedure.summary, "summary"),
        (&procedure.category, "category"),
    ] {
        if words.is_empty() {
            let line = subject.key(&[key]);
            let message = format!("Cette démarche n’a pas de « {key} »");
            subject.say(path, line, DefectKind::MissingLabel, message);
        }
    }
    if procedure.form.pages.is_empty() {
        let line = subject.key(&["form", "pages"]);
        let message = "Cette démarche n’a aucune page";
        subject.say(path, line, DefectKind::UnsuitedKey, message);
    }
    if procedure.examples.is_empty() {
        let line = subject.key(&["examples"]);
        let defect = Defect::new(
            path,
            line,
            DefectKind::NoExample,
            "Cette démarche n’a pas d’exemple",
        );
        subject.add(defect.suggest("Un exemple montre qu’elle fait ce qu’on attend d’elle"));
    }
}

fn authority(subject: &mut Subject<'_>) {
    let authority = &subject.procedure.authority;
    let site = subject.site;
    if site.authority(authority).is_none() {
        let message = format!("L’autorité « {authority} » n’existe pas dans site.yaml");
        let known = site.authorities.iter().map(|one| one.id.as_str());
        let kind = DefectKind::UnknownAuthority;
        let defect = Defect::new(subject.path, authority.line(), kind, message);
        subject.add(defect.did_you_mean(authority, known));
    }
}

fn legal(subject: &mut Subject<'_>) {
    let procedure = subject.procedure;
    let path = subject.path;
    if procedure.legal.basis.is_empty() {
        let line = subject.key(&["legal", "basis"]);
        let message = "Cette démarche ne dit pas sur quelle base légale elle demande des données";
        let defect = Defect::new(path, line, DefectKind::NoLegalBasis, message);
        subject.add(defect.suggest("Ajoutez « basis: » sous « legal: »"));
    }
    if procedure.legal.purpose.is_empty() {
        let line = subject.key(&["legal", "purpose"]);
        let message = "Cette démarche ne dit pas à quoi servent les données";
        let defect = Defect::new(path, line, DefectKind::NoPurpose, message);
        subject.add(defect.suggest("Ajoutez « purpose: » sous « legal: »"));
    }
    if procedure.retention.months == 0 {
        let line = subject.key(&["retention", "months"]);
        let message = "Cette démarche ne dit pas combien de mois une demande est conservée";
        let defect = Defect::new(path, line, DefectKind::NoRetention, message);
        subject.add(defect.suggest("Ajoutez « months: » sous « retention: », au moins 1"));
    }
}

fn routing(subject: &mut Subject<'_>) {
    let routing = &subject.procedure.routing;
    let path = subject.path;
    if routing.default.is_empty() {
        let line = subject.key(&["routing", "default"]);
        let message = "Aucun service ne reçoit les demandes qu’aucune règle ne prend";
        let defect = Defect::new(path, line, DefectKind::NoRoute, message);
        subject.add(defect.suggest("Ajoutez « default: » avec un service sous « routing: »"));
    } else {
        service(subject, path, routing.default.line(), &routing.default);
    }
    for rule in &routing.rules {
        service(subject, path, rule.service.line(), &rule.service);
    }
}

/// A service exists and belongs to the procedure's authority.
pub(super) fn service(subject: &mut Subject<'_>, file: &str, line: u32, id: &str) {
    let site = subject.site;
    let authority = &subject.procedure.authority;
    match site.service(id) {
        None => {
            let message = format!("Le service « {id} » n’existe pas dans site.yaml");
            let known = site.services.iter().map(|service| service.id.as_str());
            let defect = Defect::new(file, line, DefectKind::UnknownService, message);
            subject.add(defect.did_you_mean(id, known));
        }
        Some(service) if service.authority != *authority => {
            let message = format!(
                "Le service « {id} » est de l’autorité « {} », la démarche de « {authority} »",
                *service.authority
            );
            let own = site.services.iter();
            let own = own.filter(|service| service.authority == *authority);
            let own: Vec<_> = own.map(|service| service.id.as_str()).collect();
            let defect = Defect::new(file, line, DefectKind::ForeignService, message);
            subject.add(defect.suggest(format!("Services possibles : {}", own.join(", "))));
        }
        Some(_) => {}
    }
}

fn related(subject: &mut Subject<'_>) {
    let procedures = subject.procedures;
    for id in &subject.procedure.page.related {
        if !procedures.iter().any(|known| known == id.as_str()) {
            let message = format!("La démarche « {id} » n’existe pas");
            let kind = DefectKind::UnknownProcedure;
            let defect = Defect::new(subject.path, id.line(), kind, message);
            subject.add(defect.did_you_mean(id, procedures.iter().map(String::as_str)));
        }
    }
}

/// Defaults are of their type; a setting that nothing reads deceives whoever fills it in.
fn settings(subject: &mut Subject<'_>) {
    let procedure = subject.procedure;
    let path = subject.path;
    for setting in &procedure.settings {
        let id = &setting.id;
        if let Some(cause) = super::site::misfit(setting.kind, &setting.default) {
            let line = subject.beside(path, id.line(), "default");
            let message = format!("La valeur par défaut du réglage « {id} » {cause}");
            subject.say(path, line, DefectKind::WrongSetting, message);
        }
        let given = subject.site.settings.get(procedure.id.as_str());
        if setting.required && given.is_none_or(|values| !values.contains_key(id.as_str())) {
            let message = format!("Le réglage « {id} » doit être donné par la commune ou le CPAS");
            let defect = Defect::new(path, id.line(), DefectKind::MissingSetting, message);
            let advice = format!(
                "Écrivez-le dans site.yaml, sous settings: {}:",
                *procedure.id
            );
            subject.add(defect.suggest(advice));
        }
        if setting.label.is_empty() {
            let line = subject.beside(path, id.line(), "label");
            let message = format!("Le réglage « {id} » n’a pas de « label »");
            subject.say(path, line, DefectKind::MissingLabel, message);
        }
        let mention = format!("settings.{id}");
        let sources = subject.definition.sources.iter();
        let read = sources
            .flat_map(|source| {
                source
                    .text
                    .match_indices(&mention)
                    .map(move |(at, _)| (source, at))
            })
            .any(|(source, at)| {
                let after = source.text[at + mention.len()..].chars().next();
                !after.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
            });
        if !read {
            let message = format!("Rien ne lit le réglage « {id} »");
            let defect = Defect::new(path, id.line(), DefectKind::DeadSetting, message);
            subject.add(defect.suggest(format!("Employez « settings.{id} », ou retirez-le")));
        }
    }
}
