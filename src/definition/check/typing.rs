//! The type check: what a part of an expression gives, and what is wrong with it.
//!
//! The engine itself would only fail when a citizen's answer comes by; here every branch is looked at
//! before anything is published.

use super::names::Scope;
use super::show::show;
use super::types::{Record, Type};
use crate::definition::defect::DefectKind;
use crate::definition::expression::functions::SIGNATURES;
use cel::IdedExpr;
use cel::common::ast::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, LiteralValue, SelectExpr, operators,
};

/// CEL's own functions: name, whether it is called on a value, what it gives.
const STANDARD: [(&str, bool, Type); 11] = [
    ("size", false, Type::Int),
    ("size", true, Type::Int),
    ("contains", true, Type::Bool),
    ("startsWith", true, Type::Bool),
    ("endsWith", true, Type::Bool),
    ("int", false, Type::Int),
    ("double", false, Type::Decimal),
    ("string", false, Type::Text),
    ("bool", false, Type::Bool),
    ("type", false, Type::Any),
    ("dyn", false, Type::Any),
];

/// Functions that macros of the language unfold to.
const UNFOLDED: [&str; 1] = [operators::NOT_STRICTLY_FALSE];

/// Something wrong inside an expression; its file and line are the expression's.
pub struct Finding {
    pub kind: DefectKind,
    pub message: String,
    pub advice: Option<String>,
}

/// Goes through one expression.
pub struct Typer<'s> {
    pub(super) scope: &'s Scope<'s>,
    /// Names of `exists(x, …)` and the like.
    locals: Vec<(String, Type)>,
    pub(super) findings: Vec<Finding>,
}

impl<'s> Typer<'s> {
    pub fn new(scope: &'s Scope<'s>) -> Self {
        Self {
            scope,
            locals: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// What was found.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    pub(super) fn find(&mut self, kind: DefectKind, message: String, advice: Option<String>) {
        self.findings.push(Finding {
            kind,
            message,
            advice,
        });
    }

    pub(super) fn wrong(&mut self, message: String) {
        self.find(DefectKind::WrongType, message, None);
    }

    /// The type of a node, noting what is wrong below it.
    pub fn infer(&mut self, node: &IdedExpr) -> Type {
        match &node.expr {
            Expr::Literal(value) => literal(value),
            Expr::Ident(name) => self.ident(name),
            Expr::Select(select) => self.select(select),
            Expr::List(list) => {
                let kinds: Vec<_> = list.elements.iter().map(|node| self.infer(node)).collect();
                let one = kinds.into_iter().reduce(|a, b| unified(&a, &b));
                Type::list(one.unwrap_or(Type::Any))
            }
            Expr::Map(map) => {
                let mut members = Vec::new();
                for entry in &map.entries {
                    let EntryExpr::MapEntry(entry) = &entry.expr else {
                        continue;
                    };
                    let kind = self.infer(&entry.value);
                    match &entry.key.expr {
                        Expr::Literal(LiteralValue::String(key)) => {
                            members.push((key.inner().to_owned(), kind));
                        }
                        _ => return Type::Any,
                    }
                }
                let members = members
                    .iter()
                    .map(|(name, kind)| (name.as_str(), kind.clone()));
                Type::record("{…}", members)
            }
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(all) => self.comprehension(all),
            Expr::Struct(_) | Expr::Unspecified => Type::Any,
        }
    }

    fn ident(&mut self, name: &str) -> Type {
        if let Some((_, kind)) = self.locals.iter().rev().find(|(local, _)| local == name) {
            return kind.clone();
        }
        if let Some(kind) = self.scope.root(name) {
            return kind;
        }
        let advice = if matches!(name, "request" | "form") {
            Some(format!(
                "« {name} » n’est connu que dans le parcours : gardes, petits formulaires, documents"
            ))
        } else if name == "chosen" {
            Some("Dans un petit formulaire, lisez l’option elle-même : « answers.… »".to_owned())
        } else if self.scope.names.answer(name).is_some() {
            Some(format!("Écrivez « answers.{name} »"))
        } else {
            meant(name, self.scope.roots())
        };
        let message = format!("Le nom « {name} » n’existe pas");
        self.find(DefectKind::UnknownName, message, advice);
        Type::Any
    }

    fn select(&mut self, select: &SelectExpr) -> Type {
        let kind = self.member(&select.operand, &select.field);
        if select.test { Type::Bool } else { kind }
    }

    /// `operand.name` and `operand['name']`.
    pub(super) fn member(&mut self, operand: &IdedExpr, name: &str) -> Type {
        let root = match &operand.expr {
            Expr::Ident(root) if self.locals.iter().all(|(local, _)| local != root) => {
                root.as_str()
            }
            _ => "",
        };
        if self.scope.is_later(root, name) {
            let message = format!(
                "« {root}.{name} » n’est pas encore connu à cet endroit : la question vient plus loin"
            );
            let advice = "Déplacez cette question plus haut, ou ce qui la lit plus bas";
            self.find(DefectKind::LaterAnswer, message, Some(advice.to_owned()));
        }
        if let Some(kind) = self.scope.member(root, name) {
            return kind.clone();
        }
        match self.infer(operand) {
            Type::Record(record) => match record.members.get(name) {
                Some(kind) => kind.clone(),
                None => self.unknown(operand, &record, name),
            },
            Type::Any => Type::Any,
            other => {
                let message = format!(
                    "« {} » est {} : il n’a pas de « {name} »",
                    show(operand),
                    other.words()
                );
                self.wrong(message);
                Type::Any
            }
        }
    }

    fn unknown(&mut self, operand: &IdedExpr, record: &Record, name: &str) -> Type {
        let path = show(operand);
        let message = format!("« {path}.{name} » n’existe pas");
        let close = super::super::defect::closest(name, record.members.keys().map(String::as_str));
        let advice = if let Some(close) = close {
            Some(format!("Voulez-vous dire « {path}.{close} » ?"))
        } else if record.name == "answers" && self.scope.names.is_notice(name) {
            Some("C’est un avis : personne n’y répond".to_owned())
        } else if record.name == "chosen" && self.scope.names.answer(name).is_some() {
            Some("Seul un choix d’une seule option a des attributs".to_owned())
        } else {
            None
        };
        self.find(DefectKind::UnknownName, message, advice);
        Type::Any
    }

    fn call(&mut self, call: &CallExpr) -> Type {
        if let Some(kind) = self.operator(call) {
            return kind;
        }
        let name = call.func_name.as_str();
        let target = call.target.as_deref();
        let target_kind = target.map(|target| self.infer(target));
        let kinds: Vec<_> = call.args.iter().map(|node| self.infer(node)).collect();
        if UNFOLDED.contains(&name) {
            return Type::Bool;
        }
        if let Some((_, wanted, given)) = SIGNATURES.iter().find(|(known, ..)| *known == name)
            && target.is_none()
        {
            self.arguments(name, wanted, &call.args, &kinds);
            return Type::named(given);
        }
        let standard = STANDARD
            .iter()
            .find(|(known, on, _)| *known == name && *on == target.is_some());
        if let Some((_, _, given)) = standard {
            self.standard(name, target_kind.as_ref().or(kinds.first()), kinds.len());
            return given.clone();
        }
        let ours = SIGNATURES.iter().map(|(name, ..)| *name);
        let known = ours.chain(STANDARD.iter().map(|(name, ..)| *name));
        let message = format!("La fonction « {name} » n’existe pas");
        let advice = meant(name, known);
        self.find(DefectKind::UnknownFunction, message, advice);
        Type::Any
    }

    fn arguments(&mut self, name: &str, wanted: &[&str], nodes: &[IdedExpr], kinds: &[Type]) {
        if wanted.len() != kinds.len() {
            let message = format!(
                "« {name} » demande {} valeur(s), {} sont données",
                wanted.len(),
                kinds.len()
            );
            self.wrong(message);
            return;
        }
        for ((word, kind), node) in wanted.iter().zip(kinds).zip(nodes) {
            self.needs(node, kind, &Type::named(word), &format!("« {name} »"));
        }
    }

    /// The value that a standard function is called on.
    fn standard(&mut self, name: &str, of: Option<&Type>, count: usize) {
        let text = |kind: &Type| kind.is_textual() || kind.is_open();
        let right = match (name, of) {
            (_, None) => false,
            ("size", Some(kind)) => text(kind) || matches!(kind, Type::List(_) | Type::Record(_)),
            ("contains" | "startsWith" | "endsWith", Some(kind)) => count == 1 && text(kind),
            _ => count == 1,
        };
        if !right {
            self.wrong(format!("« {name} » ne peut pas être employé ainsi"));
        }
    }

    /// Notes it when a value does not suit its place.
    pub(super) fn needs(&mut self, node: &IdedExpr, got: &Type, wanted: &Type, place: &str) {
        if !got.suits(wanted) {
            let message = format!(
                "{place} demande {}, « {} » est {}",
                wanted.words(),
                show(node),
                got.words()
            );
            let advice = matches!(wanted, Type::Date | Type::Time | Type::DateTime)
                .then(|| "Une date s’écrit entre apostrophes : '2026-11-23'".to_owned());
            self.find(DefectKind::WrongType, message, advice);
        } else if let Expr::Literal(LiteralValue::String(text)) = &node.expr {
            self.literal_suits(text.inner(), wanted);
        }
    }

    fn comprehension(&mut self, all: &ComprehensionExpr) -> Type {
        let item = match self.infer(&all.iter_range) {
            Type::List(item) => *item,
            Type::Record(_) | Type::Any => Type::Any,
            other => {
                let message = format!(
                    "« {} » est {} : il n’a pas d’éléments",
                    show(&all.iter_range),
                    other.words()
                );
                self.wrong(message);
                Type::Any
            }
        };
        let start = self.infer(&all.accu_init);
        let depth = self.locals.len();
        self.locals.push((all.iter_var.clone(), item));
        self.locals.push((all.accu_var.clone(), start));
        self.infer(&all.loop_cond);
        let made = self.infer(&all.loop_step);
        self.locals[depth + 1].1 = made;
        let kind = self.infer(&all.result);
        self.locals.truncate(depth);
        kind
    }
}

fn literal(value: &LiteralValue) -> Type {
    match value {
        LiteralValue::Boolean(_) => Type::Bool,
        LiteralValue::Int(_) | LiteralValue::UInt(_) => Type::Int,
        LiteralValue::Double(_) => Type::Decimal,
        LiteralValue::String(_) => Type::Text,
        LiteralValue::Null => Type::Null,
        LiteralValue::Bytes(_) => Type::Any,
    }
}

/// One type for both branches, or both items.
pub(super) fn unified(a: &Type, b: &Type) -> Type {
    match (a, b) {
        (a, b) if a == b => a.clone(),
        (Type::Null, other) | (other, Type::Null) => other.clone(),
        (Type::List(a), Type::List(b)) => Type::list(unified(a, b)),
        (a, b) if a.is_textual() && b.is_textual() => Type::Text,
        _ => Type::Any,
    }
}

/// Advice for a name that was probably another.
fn meant<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    super::super::defect::closest(written, known)
        .map(|name| format!("Voulez-vous dire « {name} » ?"))
}
