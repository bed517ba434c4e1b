//! Every expression of a definition, with what may be read at its place and what it must give.

use super::names::{Known, Names, Scope};
use super::report::Subject;
use super::types::Type;
use super::typing::Typer;
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::workflow::Transition;
use crate::definition::{Expression, Field, FieldType};

/// The names of a definition, computed fields typed by their own expressions.
pub fn names_of(subject: &Subject<'_>) -> Names {
    Names::new(subject.definition, subject.site, |names, rank, value| {
        let scope = names.form(Known::Before(rank));
        let program = value.program();
        program.map_or(Type::Any, |program| {
            Typer::new(&scope).infer(program.expression())
        })
    })
}

/// Checks them all.
pub fn check(subject: &mut Subject<'_>, names: &Names) {
    form(subject, names);
    outcome(subject, names);
    let workflow = subject.workflow;
    for transition in &workflow.transitions {
        self::transition(subject, names, transition);
    }
}

fn form(subject: &mut Subject<'_>, names: &Names) {
    let procedure = subject.procedure;
    let path = subject.path;
    for (number, page) in procedure.form.pages.iter().enumerate() {
        let before = names.form(Known::Before((number, 0)));
        one(subject, &before, path, page.when.as_ref(), &Type::Bool);
        for (place, field) in page.fields.iter().enumerate() {
            let rank = (number, place);
            self::field(subject, field, &names.form(Known::Before(rank)));
        }
        let after = names.form(Known::Before((number + 1, 0)));
        for rule in &page.checks {
            one(subject, &after, path, Some(&rule.that), &Type::Bool);
        }
    }
}

/// The expressions of a field, and of the fields inside it.
fn field(subject: &mut Subject<'_>, field: &Field, scope: &Scope<'_>) {
    let file = subject.file_of(field);
    let condition = subject.file_of_condition(field);
    one(subject, scope, condition, field.when.as_ref(), &Type::Bool);
    for option in &field.options {
        let file = field.from.as_ref().map(|registry| registry_path(registry));
        let file = file.as_deref().unwrap_or(subject.file_of(field));
        one(subject, scope, file, option.when.as_ref(), &Type::Bool);
    }
    let answer = Type::of(field, &field.id, &|_| Type::Any).unwrap_or(Type::Any);
    let bound = match field.field_type() {
        FieldType::Period => Type::Date,
        FieldType::Integer
        | FieldType::Money
        | FieldType::Decimal
        | FieldType::Date
        | FieldType::Time
        | FieldType::DateTime => answer.clone(),
        _ => Type::Any,
    };
    one(subject, scope, file, field.min.as_ref(), &bound);
    one(subject, scope, file, field.max.as_ref(), &bound);
    // A proposal is made when the page opens: it reads what earlier pages know.
    let opened = Scope {
        names: scope.names,
        known: match scope.known {
            Known::Before((page, _)) => Known::Before((page, 0)),
            Known::All => Known::All,
        },
        small: scope.small.clone(),
        request: scope.request,
        chosen: scope.chosen,
    };
    one(subject, &opened, file, field.prefill.as_ref(), &answer);
    let shown = match field.shows {
        Some(FieldType::Money | FieldType::Integer) => Type::Int,
        Some(FieldType::Decimal) => Type::Decimal,
        Some(FieldType::Date) => Type::Date,
        Some(FieldType::YesNo) => Type::Bool,
        _ => Type::Any,
    };
    one(subject, scope, file, field.value.as_ref(), &shown);
    for inner in &field.fields {
        self::field(subject, inner, scope);
    }
}

pub(super) fn registry_path(registry: &str) -> String {
    format!("{}{registry}.yaml", crate::definition::load::REGISTRIES)
}

/// What is read when the whole form is filled in: who asks, where it goes, what it costs,
/// what happens next.
fn outcome(subject: &mut Subject<'_>, names: &Names) {
    let procedure = subject.procedure;
    let path = subject.path;
    let all = names.form(Known::All);
    let applicant = &procedure.applicant;
    for expression in [
        Some(&applicant.name),
        Some(&applicant.email),
        applicant.phone.as_ref(),
    ] {
        one(subject, &all, path, expression, &Type::Text);
    }
    for rule in &procedure.routing.rules {
        one(subject, &all, path, Some(&rule.when), &Type::Bool);
    }
    one(
        subject,
        &all,
        path,
        procedure.priority.as_ref(),
        &Type::Bool,
    );
    for line in procedure.fee.iter().flat_map(|fee| &fee.lines) {
        one(subject, &all, path, line.when.as_ref(), &Type::Bool);
        one(subject, &all, path, Some(&line.amount), &Type::Int);
    }
    let handed = procedure.documents.iter();
    let handed = handed.filter_map(|document| document.online.as_ref());
    for condition in procedure.page.next.conditions().chain(handed) {
        one(subject, &all, path, Some(condition), &Type::Bool);
    }
}

fn transition(subject: &mut Subject<'_>, names: &Names, transition: &Transition) {
    let file = subject.file_of_transition(transition);
    let whole = names.guard(transition);
    one(
        subject,
        &whole,
        file,
        transition.guard.as_ref(),
        &Type::Bool,
    );
    for (place, field) in transition.form.iter().enumerate() {
        let scope = names.small_form(transition, place);
        self::field(subject, field, &scope);
    }
}

/// One expression at its place.
fn one(
    subject: &mut Subject<'_>,
    scope: &Scope<'_>,
    file: &str,
    expression: Option<&Expression>,
    wanted: &Type,
) {
    let Some(expression) = expression else {
        return;
    };
    let line = expression.line();
    let Some(program) = expression.program() else {
        let source: String = expression.source().chars().take(120).collect();
        let message = format!("L’expression « {source} » ne peut pas être lue");
        let cause = expression.syntax_error().unwrap_or_default();
        let defect = Defect::new(file, line, DefectKind::BrokenExpression, message);
        subject.add(defect.suggest(cause_in_french(cause)));
        return;
    };
    let mut typer = Typer::new(scope);
    let got = typer.infer(program.expression());
    typer.needs(program.expression(), &got, wanted, "Cet endroit");
    for finding in typer.into_findings() {
        let mut defect = Defect::new(file, line, finding.kind, finding.message);
        if let Some(advice) = finding.advice {
            defect = defect.suggest(advice);
        }
        subject.add(defect);
    }
}

/// The commonest causes, recognised in the parser's words.
fn cause_in_french(cause: &str) -> String {
    if cause.contains("'='") || cause.contains("token recognition error at: '= ") {
        return "L’égalité s’écrit avec deux signes : ==".to_owned();
    }
    if cause.starts_with("elle est trop") {
        return format!(
            "L’expression est {} : coupez-la en valeurs calculées",
            &cause["elle est ".len()..]
        );
    }
    let first = cause.lines().next().unwrap_or_default();
    format!("Vérifiez les parenthèses, les apostrophes et les signes ({first})")
}
