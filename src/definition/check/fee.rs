//! A fee is never negative. Every case of the choices it depends on is tried, and numbers between their
//! least and their greatest.

use super::logic::{Logic, search};
use super::range::Ranger;
use super::report::Subject;
use super::world::{Unknown, Value, World, path};
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::fee::FeeLine;
use crate::definition::{Expression, FieldType};
use cel::IdedExpr;
use cel::common::ast::Expr;
use std::ops::ControlFlow;

pub fn check(subject: &mut Subject<'_>) {
    let procedure = subject.procedure;
    let world = World::here(procedure, subject.site);
    for line in procedure.fee.iter().flat_map(|fee| &fee.lines) {
        if line.label.is_empty() {
            let message = "Cette ligne du tarif n’a pas de « label »";
            let at = line.amount.line();
            subject.say(subject.path, at, DefectKind::MissingLabel, message);
        }
        if let Some((least, case)) = lowest(&world, line) {
            let how = if least == i64::MIN {
                "peut être négatif".to_owned()
            } else {
                format!("peut descendre à {least} cents")
            };
            let message = format!("Le montant de « {} » {how}{case}", line.label);
            let at = line.amount.line();
            let defect = Defect::new(subject.path, at, DefectKind::NegativeFee, message);
            let unbounded = unbounded(&world, &line.amount);
            subject.add(match unbounded {
                Some(field) => {
                    defect.suggest(format!("Donnez un « min: » à la question « {field} »"))
                }
                None => defect.suggest("Par exemple : montant < 0 ? 0 : montant"),
            });
        }
    }
}

/// The first negative amount met, and the case it is met in.
fn lowest(world: &World<'_>, line: &FeeLine) -> Option<(i64, String)> {
    let conditions: Vec<&Expression> = line.when.iter().collect();
    let mut found = None;
    search(world, &conditions, &[&line.amount], &mut |logic| {
        let mut ranger = Ranger::new(logic);
        if let Some(when) = &line.when {
            ranger.suppose(when);
        }
        match ranger.of(&line.amount) {
            Some(range) if range.least < 0 => {
                found = Some((range.least, case(logic)));
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        }
    });
    found
}

/// The given answers in words.
fn case(logic: &Logic<'_, '_>) -> String {
    let mut given: Vec<_> = logic.given.iter().collect();
    given.sort_by_key(|(unknown, _)| **unknown);
    let words = given.into_iter().filter_map(|(unknown, value)| {
        let name = match unknown {
            Unknown::Answer(id) => (*id).to_owned(),
            Unknown::Setting(id) => format!("settings.{id}"),
            Unknown::Ticked(id, option) | Unknown::Attribute(id, option) => {
                format!("{id} ({option})")
            }
        };
        Some(match value {
            Value::Text(option) => format!("« {name} » vaut « {option} »"),
            Value::Bool(true) => format!("« {name} » est oui"),
            Value::Bool(false) => format!("« {name} » est non"),
            _ => return None,
        })
    });
    let words: Vec<_> = words.collect();
    if words.is_empty() {
        return String::new();
    }
    format!(" quand {}", words.join(", "))
}

/// A question without a least value that the amount reads.
fn unbounded<'a>(world: &World<'a>, amount: &'a Expression) -> Option<&'a str> {
    let mut waiting: Vec<&'a IdedExpr> = vec![amount.program()?.expression()];
    while let Some(node) = waiting.pop() {
        if let Some(["answers", id]) = path(node).as_deref()
            && let Some(question) = world.question(id)
            && question.field.min.is_none()
            && matches!(
                question.field.field_type(),
                FieldType::Integer | FieldType::Money | FieldType::Decimal
            )
        {
            return Some(question.field.id.as_str());
        }
        if let Expr::Call(call) = &node.expr {
            waiting.extend(call.target.as_deref().into_iter().chain(&call.args));
        }
    }
    None
}
