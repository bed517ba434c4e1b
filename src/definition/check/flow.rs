//! The workflow: every status can be reached and left, every question answered, nothing goes round by
//! itself for ever.

use super::report::Subject;
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::workflow::{Action, MAILS, NOTICES, Role, Status, Timer, Transition};
use crate::definition::{FieldType, Located};
use std::collections::{HashMap, HashSet};

pub fn check(subject: &mut Subject<'_>) {
    let workflow = subject.workflow;
    let shared = subject.workflow_path;
    known(subject, shared, &workflow.initial);
    for transition in &workflow.transitions {
        self::transition(subject, transition);
    }
    for timer in &workflow.timers {
        self::timer(subject, timer);
    }
    let reached = reached(subject);
    let ended = ending(subject);
    for status in &workflow.statuses {
        self::status(subject, status, &reached, &ended);
    }
    timer_loops(subject);
}

/// Says it when a status does not exist.
fn known(subject: &mut Subject<'_>, file: &str, status: &Located<String>) {
    let workflow = subject.workflow;
    if workflow.status(status).is_none() {
        let message = format!("Le statut « {status} » n’existe pas");
        let all = workflow.statuses.iter().map(|status| status.id.as_str());
        let defect = Defect::new(file, status.line(), DefectKind::UnknownStatus, message);
        subject.add(defect.did_you_mean(status, all));
    }
}

fn transition(subject: &mut Subject<'_>, transition: &Transition) {
    let file = subject.file_of_transition(transition);
    let id = &transition.id;
    for status in transition.from.iter().chain([&transition.to]) {
        known(subject, file, status);
    }
    if transition.label.is_empty() {
        let line = subject.beside(file, id.line(), "label");
        let message = format!("La transition « {id} » n’a pas de « label »");
        subject.say(file, line, DefectKind::MissingLabel, message);
    }
    if transition.by.is_empty() || transition.from.is_empty() {
        let key = if transition.by.is_empty() {
            "by"
        } else {
            "from"
        };
        let line = subject.beside(file, id.line(), key);
        let message =
            format!("Personne ne peut prendre la transition « {id} » : « {key} » est vide");
        let defect = Defect::new(file, line, DefectKind::NobodyTakes, message);
        subject.add(defect.suggest("Par exemple « by: [agent, head] »"));
    }
    for status in &transition.from {
        let leaves_end = subject.workflow.status(status);
        if leaves_end.is_some_and(|status| status.outcome.is_some()) {
            let message =
                format!("La transition « {id} » quitte « {status} », où la demande est close");
            subject.say(file, status.line(), DefectKind::FinalLeft, message);
        }
    }
    by_agents(subject, file, transition);
    let line = subject.beside(file, id.line(), "do");
    actions(subject, file, line, &transition.actions, Some(transition));
}

/// What only agents see of a transition: the words when it is done, and that it takes a request in hand.
fn by_agents(subject: &mut Subject<'_>, file: &str, transition: &Transition) {
    let (workflow, id) = (subject.workflow, &transition.id);
    let agents = transition
        .by
        .iter()
        .any(|role| matches!(role, Role::Agent | Role::Head));
    if !transition.done.is_empty() && !agents {
        let line = subject.beside(file, id.line(), "done");
        let message = format!(
            "Personne ne lit le « done » de « {id} » : aucun agent ne prend cette transition"
        );
        let defect = Defect::new(file, line, DefectKind::UnsuitedKey, message);
        subject.add(defect.suggest("Ce que lit le citoyen s’écrit dans « told »"));
    }
    if !transition.take {
        return;
    }
    let asks = !transition.form.is_empty() || transition.asks_fields;
    let ends = workflow.status(&transition.to);
    let before = workflow.transitions.iter().take_while(|one| one.id != *id);
    let twin = before
        .filter(|one| one.take)
        .find(|one| one.from.iter().any(|from| transition.from.contains(from)));
    let cause = if !transition.by.contains(&Role::Agent) {
        "elle n’est pas ouverte à « agent »".to_owned()
    } else if asks || !transition.confirm.is_empty() {
        "une prise en charge ne demande rien, ni « form » ni « confirm »".to_owned()
    } else if ends.is_some_and(|status| status.outcome.is_some()) {
        format!("elle termine la demande en « {} »", *transition.to)
    } else if let Some(twin) = twin {
        format!("« {} » le fait déjà depuis le même statut", *twin.id)
    } else {
        return;
    };
    let line = subject.beside(file, id.line(), "take");
    let message = format!("La transition « {id} » ne peut pas prendre en charge : {cause}");
    let defect = Defect::new(file, line, DefectKind::UnsuitedKey, message);
    subject.add(defect.suggest("« take: true » va à la transition du bouton « Prendre »"));
}

fn timer(subject: &mut Subject<'_>, timer: &Timer) {
    let file = subject.workflow_path;
    let workflow = subject.workflow;
    known(subject, file, &timer.status);
    if let Some(take) = &timer.take {
        let line = take.line();
        match workflow.transition(take) {
            None => {
                let message = format!("La transition « {take} » n’existe pas");
                let all = workflow.transitions.iter().map(|one| one.id.as_str());
                let defect = Defect::new(file, line, DefectKind::UnknownTransition, message);
                subject.add(defect.did_you_mean(take, all));
            }
            Some(taken) => {
                let cause = if !taken.from.contains(&timer.status) {
                    format!("elle ne part pas de « {} »", *timer.status)
                } else if !taken.by.contains(&Role::System) {
                    "elle n’est pas ouverte à « system »".to_owned()
                } else if taken
                    .form
                    .iter()
                    .any(|field| field.is_question() && !field.optional)
                {
                    "elle pose des questions, et personne n’est là pour répondre".to_owned()
                } else {
                    String::new()
                };
                if !cause.is_empty() {
                    let message = format!(
                        "Le délai « {} » ne peut pas prendre « {take} » : {cause}",
                        *timer.id
                    );
                    subject.say(file, line, DefectKind::TimerStuck, message);
                }
            }
        }
    }
    let line = subject.beside(file, timer.id.line(), "do");
    actions(subject, file, line, &timer.actions, None);
}

fn actions(
    subject: &mut Subject<'_>,
    file: &str,
    line: u32,
    actions: &[Action],
    transition: Option<&Transition>,
) {
    for action in actions {
        let place = |key: &str, word: &str| {
            let lines = subject.lines(file);
            lines.holding(line, &format!("{key}: {word}"))
        };
        match action {
            Action::Mail(mail) if !MAILS.contains(&mail.as_str()) => {
                let (line, message) = (
                    place("mail", mail),
                    format!("Le courriel « {mail} » n’existe pas"),
                );
                let defect = Defect::new(file, line, DefectKind::UnknownMail, message);
                subject.add(one_of(defect, mail, &MAILS));
            }
            Action::Notify(notice) if !NOTICES.contains(&notice.as_str()) => {
                let (line, message) = (
                    place("notify", notice),
                    format!("L’avis au service « {notice} » n’existe pas"),
                );
                let defect = Defect::new(file, line, DefectKind::UnknownMail, message);
                subject.add(one_of(defect, notice, &NOTICES));
            }
            Action::Issue(word) => {
                let line = place("issue", word);
                let documents = &subject.procedure.documents;
                if word == "all" && documents.is_empty() {
                    let message = "Le parcours délivre un document, et la démarche n’en a aucun";
                    let defect = Defect::new(file, line, DefectKind::UnknownDocument, message);
                    subject
                        .add(defect.suggest("Ajoutez « documents: », ou prenez un autre parcours"));
                } else if word != "all" && subject.procedure.document(word).is_none() {
                    let message = format!("Le document « {word} » n’existe pas");
                    let known = documents.iter().map(|document| document.id.as_str());
                    let defect = Defect::new(file, line, DefectKind::UnknownDocument, message);
                    subject.add(defect.did_you_mean(word, known));
                }
            }
            Action::Route(word) => {
                let line = place("route", word);
                route(subject, file, line, word, transition);
            }
            _ => {}
        }
    }
}

fn one_of(defect: Defect, written: &str, known: &[&'static str]) -> Defect {
    let defect = defect.did_you_mean(written, known.iter().copied());
    if defect.suggestion.is_some() {
        return defect;
    }
    defect.suggest(format!("Possibles : {}", known.join(", ")))
}

fn route(
    subject: &mut Subject<'_>,
    file: &str,
    line: u32,
    word: &str,
    transition: Option<&Transition>,
) {
    if let Some(field) = word.strip_prefix("form.") {
        let form = transition.map_or(&[][..], |transition| &transition.form);
        let asked = form.iter().find(|asked| *asked.id == field);
        if !asked.is_some_and(|asked| asked.field_type() == FieldType::Choice) {
            let message = format!("Le petit formulaire n’a pas de choix « {field} »");
            let known = form.iter().map(|field| field.id.as_str());
            let defect = Defect::new(file, line, DefectKind::UnknownName, message);
            subject.add(defect.did_you_mean(field, known));
        }
        return;
    }
    super::duties::service(subject, file, line, word);
}

/// The statuses a request can come to.
fn reached(subject: &Subject<'_>) -> HashSet<String> {
    let workflow = subject.workflow;
    let mut reached = HashSet::from([workflow.initial.to_string()]);
    loop {
        let before = reached.len();
        for transition in &workflow.transitions {
            let left = transition
                .from
                .iter()
                .any(|from| reached.contains(from.as_str()));
            if left && !transition.by.is_empty() {
                reached.insert(transition.to.to_string());
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// The statuses from which a request can come to an end.
fn ending(subject: &Subject<'_>) -> HashSet<String> {
    let workflow = subject.workflow;
    let ends = workflow.statuses.iter();
    let ends = ends.filter(|status| status.outcome.is_some());
    let mut ending: HashSet<_> = ends.map(|status| status.id.to_string()).collect();
    loop {
        let before = ending.len();
        for transition in &workflow.transitions {
            if ending.contains(transition.to.as_str()) && !transition.by.is_empty() {
                ending.extend(transition.from.iter().map(ToString::to_string));
            }
        }
        if ending.len() == before {
            return ending;
        }
    }
}

fn status(
    subject: &mut Subject<'_>,
    status: &Status,
    reached: &HashSet<String>,
    ending: &HashSet<String>,
) {
    let file = subject.workflow_path;
    let (id, line) = (&status.id, status.id.line());
    for (words, key) in [(&status.citizen, "citizen"), (&status.agent, "agent")] {
        if words.is_empty() && !(status.hidden && key == "citizen") {
            let line = subject.beside(file, line, key);
            let message = format!("Le statut « {id} » n’a pas de « {key} »");
            subject.say(file, line, DefectKind::MissingLabel, message);
        }
    }
    if !reached.contains(id.as_str()) {
        let message = format!("Aucune demande n’arrive jamais au statut « {id} »");
        subject.say(file, line, DefectKind::UnreachableStatus, message);
    }
    if !ending.contains(id.as_str()) {
        let message = format!("Une demande au statut « {id} » ne peut plus jamais se terminer");
        let defect = Defect::new(file, line, DefectKind::DeadEnd, message);
        subject.add(defect.suggest("Ajoutez une transition, ou « final: » si c’est la fin"));
    }
    let answered =
        subject.workflow.transitions.iter().any(|transition| {
            transition.by.contains(&Role::Citizen) && transition.from.contains(id)
        });
    if status.asks_citizen && !answered {
        let message = format!("Le statut « {id} » interroge le citoyen, qui ne peut pas répondre");
        let defect = Defect::new(file, line, DefectKind::AskedInVain, message);
        subject.add(defect.suggest("Ajoutez une transition « by: [citizen] » qui en part"));
    }
}

/// A circle of timers alone turns for ever without anyone.
fn timer_loops(subject: &mut Subject<'_>) {
    let workflow = subject.workflow;
    let mut next: HashMap<&str, Vec<(&str, &Timer)>> = HashMap::new();
    for timer in &workflow.timers {
        let taken = timer
            .take
            .as_ref()
            .and_then(|take| workflow.transition(take));
        if let Some(taken) = taken {
            let step = (taken.to.as_str(), timer);
            next.entry(timer.status.as_str()).or_default().push(step);
        }
    }
    for timer in &workflow.timers {
        let start = timer.status.as_str();
        let mut seen = HashSet::new();
        let mut waiting: Vec<&str> = next
            .get(start)
            .into_iter()
            .flatten()
            .filter(|(_, own)| own.id == timer.id)
            .map(|(to, _)| *to)
            .collect();
        while let Some(status) = waiting.pop() {
            if status == start {
                let message = format!(
                    "Le délai « {} » ramène la demande à « {start} » sans que personne n’agisse",
                    *timer.id
                );
                let file = subject.workflow_path;
                subject.say(file, timer.id.line(), DefectKind::TimerLoop, message);
                break;
            }
            if seen.insert(status) {
                waiting.extend(next.get(status).into_iter().flatten().map(|(to, _)| *to));
            }
        }
    }
}
