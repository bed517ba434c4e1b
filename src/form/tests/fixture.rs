//! A form with a bit of everything, and short ways to fill it in.

use crate::calendar::Calendar;
use crate::definition::library::Definition;
use crate::definition::{Procedure, Site, Workflow};
use crate::form::{Answers, Citizen, Context, PageOutcome, Typed, read_page};
use chrono::NaiveDate;
use std::sync::{Arc, LazyLock};

const PROCEDURE: &str = r#"
id: bac
title: "Demander un bac"
summary: "Un bac à sel."
kind: request
authority: commune
category: "Essais"
minutes: 3
page: { who: "Tous", delay: "Dix jours", next: "On répond." }
legal: { basis: "Règlement", purpose: "Répondre" }
settings:
  - { id: prix, label: "Prix", type: money, default: 500 }
applicant:
  name: "answers.demandeur.last_name + ' ' + answers.demandeur.first_name"
  email: answers.courriel
  phone: answers.telephone
form:
  pages:
    - id: qui
      title: "Qui ?"
      fields:
        - { id: avis, type: notice, label: "Lisez **ceci**." }
        - id: pour
          type: choice
          label: "Pour qui demandez-vous ?"
          options:
            - { id: moi, label: "Pour moi" }
            - { id: autre, label: "Pour une autre personne" }
        - id: demandeur
          type: person
          label: "Vous"
          because: "Pour vous retrouver."
          prefill: "{'last_name': citizen.last_name, 'first_name': citizen.first_name, 'birth_date': null, 'national_number': null}"
        - { id: courriel, type: email, label: "Votre courriel", prefill: citizen.email, autocomplete: email }
        - { id: telephone, type: phone, label: "Votre téléphone", optional: true }
        - id: lien
          type: text
          label: "Votre lien"
          when: "answers.pour == 'autre'"
          max_length: 10
    - id: autre
      title: "L’autre"
      when: "answers.pour == 'autre'"
      fields:
        - { id: autre_nom, type: text, label: "Son nom" }
    - id: quoi
      title: "Quoi ?"
      fields:
        - id: motif
          type: choice
          label: "À quoi servira-t-il ?"
          options:
            - { id: rue, label: "La rue", with: { cents: 0, pres: false } }
            - { id: cour, label: "Une cour", when: "answers.pour == 'moi'", with: { cents: 1000, pres: true } }
        - { id: detail, type: text, label: "Précisez", when: "chosen.motif.pres == true" }
        - id: options
          type: choices
          label: "Avec quoi ?"
          optional: true
          options: [{ id: pelle, label: "Une pelle" }, { id: sac, label: "Un sac" }]
        - { id: nombre, type: integer, label: "Combien ?", min: 1, max: 20, prefill: "1" }
        - { id: dates, type: period, label: "Quand ?", min: "add_days(today, 2)" }
        - id: total
          type: computed
          label: "Prix"
          value: "(settings.prix + chosen.motif.cents) * answers.nombre"
          shows: money
        - id: enfants
          type: group
          label: "Les enfants"
          optional: true
          max_items: 3
          fields:
            - { id: prenom, type: text, label: "Prénom" }
            - { id: ne_le, type: date, label: "Né le", max: today, because: "Pour l’âge." }
            - { id: acte, type: files, label: "Acte", optional: true, because: "Pour preuve." }
        - { id: plan, type: files, label: "Un plan", optional: true, accept: [pdf, png], max_items: 2, because: "Pour placer." }
        - { id: adresse, type: address, label: "Où ?" }
      checks:
        - that: "answers.adresse.postal_code in site.postal_codes"
          field: adresse
          message: "Choisissez un lieu dans la commune."
        - that: "days_between(answers.dates.from, answers.dates.to) <= 30"
          field: dates
          level: warning
          message: "Plus d’un mois, c’est long."
    - id: fin
      title: "Fin"
      fields:
        - { id: remarque, type: long_text, label: "Une remarque ?", optional: true }
        - { id: exact, type: declaration, label: "C’est exact." }
workflow: simple
routing:
  rules: [{ when: "answers.motif == 'cour'", service: cours, because: "C’est une cour." }]
  default: rues
fee:
  lines:
    - { label: "Bac", amount: answers.total }
deadline: { days: 10, unit: working }
retention: { months: 12, note: "À valider." }
examples: EXAMPLES
"#;

const SITE: &str = r#"
name: "Wanze"
short_name: "Wanze"
hosts: [localhost]
languages: [fr]
postal_codes: ["4520"]
authorities:
  - { id: commune, name: "Commune", short_name: "Commune", secrecy: open, address: [], mail_from: "a@exemple.be" }
services: []
"#;

const WORKFLOW: &str = r#"
id: simple
title: "Simple"
initial: received
statuses: [{ id: received, citizen: "Reçue", agent: "Reçue" }]
transitions: []
"#;

/// 23 November 2026, a Monday.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

pub fn site() -> Site {
    serde_saphyr::from_str(SITE).unwrap()
}

pub fn procedure() -> Procedure {
    procedure_with("[]")
}

pub fn procedure_with(examples: &str) -> Procedure {
    serde_saphyr::from_str(&PROCEDURE.replace("EXAMPLES", examples)).unwrap()
}

/// The same, with other words in its file.
pub fn procedure_edited(from: &str, to: &str) -> Procedure {
    assert_eq!(PROCEDURE.matches(from).count(), 1, "{from}");
    serde_saphyr::from_str(&PROCEDURE.replace(from, to).replace("EXAMPLES", "[]")).unwrap()
}

pub fn definition_with(examples: &str) -> Definition {
    let workflow: Workflow = serde_saphyr::from_str(WORKFLOW).unwrap();
    Definition {
        procedure: Arc::new(procedure_with(examples)),
        workflow: Arc::new(workflow),
        sources: Arc::new(Vec::new()),
    }
}

pub fn context() -> Context {
    static CONTEXT: LazyLock<Context> = LazyLock::new(|| {
        let calendar = Arc::new(Calendar::default());
        Context::new(&procedure(), &site(), today(), calendar)
    });
    CONTEXT.clone()
}

pub fn known() -> Citizen {
    Citizen {
        last_name: Some("Lambert".into()),
        first_name: Some("Anne".into()),
        email: Some("anne@exemple.be".into()),
        ..Citizen::default()
    }
}

/// `name=text` pairs, one per line.
pub fn typed(lines: &str) -> Typed {
    let pairs = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let pair = |line: &str| {
        let (name, text) = line.split_once('=').unwrap_or((line, ""));
        (name.trim().to_owned(), text.trim().to_owned())
    };
    Typed::parse(pairs.map(pair)).unwrap()
}

pub const QUI: &str = "
    pour=moi
    demandeur.last_name=Lambert
    demandeur.first_name=Anne
    demandeur.birth_date=30/07/1985
    demandeur.national_number=85.07.30-033.28
    courriel=anne@exemple.be
    telephone=0470 12 34 56";

pub const QUOI: &str = "
    motif=cour
    detail=Le long du mur
    nombre=2
    dates.from=01/12/2026
    dates.to=2026-12-05
    enfants.0.prenom=Léa
    enfants.0.ne_le=1/2/2020
    adresse.street=Rue de l’Exemple
    adresse.number=12
    adresse.box=
    adresse.postal_code=4520
    adresse.locality=Wanze
    adresse.country=BE";

pub const FIN: &str = "
    remarque=Merci
    exact=true";

/// Posts pages one after the other onto no answers; every page must be open.
pub fn filled<'d>(procedure: &'d Procedure, pages: &[(&str, &str)]) -> PageOutcome<'d> {
    let mut answers = Answers::new();
    let mut last = None;
    for (page, lines) in pages {
        let outcome = read_page(procedure, page, &typed(lines), &answers, &context()).unwrap();
        answers = outcome.answers.clone();
        last = Some(outcome);
    }
    last.unwrap()
}

/// The answers of the whole form, well filled.
pub fn whole(procedure: &Procedure) -> Answers {
    filled(procedure, &[("qui", QUI), ("quoi", QUOI), ("fin", FIN)]).answers
}

/// The message beside a control.
pub fn message<'o>(outcome: &'o PageOutcome<'_>, name: &str) -> Option<&'o str> {
    let error = outcome.errors.iter().find(|error| error.name == name);
    error.map(|error| error.message.as_str())
}
