//! Pages, questions, options and routes that nobody can ever meet: the commonest defect of real forms,
//! and the one no sample answer shows.

use super::expressions::registry_path;
use super::logic::possible;
use super::report::Subject;
use super::world::World;
use crate::definition::defect::DefectKind;
use crate::definition::{Expression, Field};

pub fn check(subject: &mut Subject<'_>) {
    let world = World::anywhere(subject.procedure, subject.site);
    pages(subject, &world);
    routes(subject, &world);
    fee(subject, &world);
    guards(subject, &world);
}

fn pages<'a>(subject: &mut Subject<'a>, world: &World<'a>) {
    let procedure = subject.procedure;
    for page in &procedure.form.pages {
        if let Some(when) = &page.when
            && !possible(world, &[when])
        {
            let message = format!(
                "Personne ne verra la page « {} » : sa condition n’est jamais vraie",
                *page.id
            );
            subject.say(
                subject.path,
                when.line(),
                DefectKind::UnreachablePage,
                message,
            );
            continue;
        }
        for field in &page.fields {
            self::field(subject, world, page.when.as_ref(), field);
        }
    }
}

fn field<'a>(
    subject: &mut Subject<'a>,
    world: &World<'a>,
    page: Option<&'a Expression>,
    field: &'a Field,
) {
    let own = field.when.as_ref();
    let mut conditions: Vec<&Expression> = page.into_iter().chain(own).collect();
    if let Some(when) = own
        && !possible(world, &conditions)
    {
        let message = format!(
            "Personne ne verra la question « {} » : sa condition n’est jamais vraie{}",
            *field.id,
            if page.is_some() {
                " sur cette page"
            } else {
                ""
            }
        );
        let file = subject.file_of_condition(field).to_owned();
        subject.say(&file, when.line(), DefectKind::UnreachableField, message);
        return;
    }
    for option in &field.options {
        let Some(when) = &option.when else { continue };
        conditions.push(when);
        if !possible(world, &conditions) {
            let message = format!(
                "Personne ne verra l’option « {} » : sa condition n’est jamais vraie",
                *option.id
            );
            let registry = field.from.as_ref().map(|from| registry_path(from));
            let file = registry.unwrap_or_else(|| subject.file_of(field).to_owned());
            subject.say(&file, when.line(), DefectKind::UnreachableOption, message);
        }
        conditions.pop();
    }
}

fn routes<'a>(subject: &mut Subject<'a>, world: &World<'a>) {
    let rules = &subject.procedure.routing.rules;
    let mut taken = false;
    for rule in rules {
        if taken || !possible(world, &[&rule.when]) {
            let cause = if taken {
                "une règle plus haut prend tout"
            } else {
                "sa condition n’est jamais vraie"
            };
            let message = format!(
                "Rien n’arrive par cette règle à « {} » : {cause}",
                *rule.service
            );
            let line = rule.when.line();
            subject.say(subject.path, line, DefectKind::UnreachableRoute, message);
        }
        taken |= rule.when.source() == "true";
    }
}

fn fee<'a>(subject: &mut Subject<'a>, world: &World<'a>) {
    let procedure = subject.procedure;
    for line in procedure.fee.iter().flat_map(|fee| &fee.lines) {
        if let Some(when) = &line.when
            && !possible(world, &[when])
        {
            let message = format!(
                "« {} » n’est jamais compté : sa condition n’est jamais vraie",
                line.label
            );
            subject.say(
                subject.path,
                when.line(),
                DefectKind::UnreachableFee,
                message,
            );
        }
    }
}

fn guards<'a>(subject: &mut Subject<'a>, world: &World<'a>) {
    let workflow = subject.workflow;
    for transition in &workflow.transitions {
        if let Some(guard) = &transition.guard
            && !possible(world, &[guard])
        {
            let file = subject.file_of_transition(transition);
            let message = format!(
                "Personne ne peut prendre la transition « {} » : sa garde n’est jamais vraie",
                *transition.id
            );
            subject.say(file, guard.line(), DefectKind::NobodyTakes, message);
        }
    }
}
