//! The type check of operators: what is compared, computed and combined with what. The commonest slips
//! of forms are here: an option that does not exist, or a label where an id is meant.

use super::show::show;
use super::types::{Options, Type};
use super::typing::{Typer, unified};
use crate::definition::defect::{DefectKind, closest};
use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

impl Typer<'_> {
    /// The type of an operator's result; `None` when it is a function.
    pub(super) fn operator(&mut self, call: &CallExpr) -> Option<Type> {
        Some(match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, [a, b]) => {
                self.condition(a);
                self.condition(b);
                Type::Bool
            }
            (operators::LOGICAL_NOT, [a]) => {
                self.condition(a);
                Type::Bool
            }
            (operators::CONDITIONAL, [when, yes, no]) => {
                self.condition(when);
                let (yes, no) = (self.infer(yes), self.infer(no));
                unified(&yes, &no)
            }
            (operators::EQUALS | operators::NOT_EQUALS, [a, b]) => {
                self.equality(a, b);
                Type::Bool
            }
            (
                operators::LESS
                | operators::LESS_EQUALS
                | operators::GREATER
                | operators::GREATER_EQUALS,
                [a, b],
            ) => {
                self.order(a, b);
                Type::Bool
            }
            (operators::IN, [item, list]) => {
                self.membership(item, list);
                Type::Bool
            }
            (operators::ADD, [a, b]) => self.addition(a, b),
            (
                operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE | operators::MODULO,
                [a, b],
            ) => {
                let (left, right) = (self.infer(a), self.infer(b));
                self.arithmetic((a, &left), (b, &right))
            }
            (operators::NEGATE, [a]) => {
                let kind = self.infer(a);
                if !kind.is_number() && !kind.is_open() {
                    let message = format!("« {} » est {} : pas un nombre", show(a), kind.words());
                    self.wrong(message);
                }
                kind
            }
            (operators::INDEX, [of, key]) => match &key.expr {
                Expr::Literal(LiteralValue::String(name)) => self.member(of, name.inner()),
                _ => self.item(of, key),
            },
            _ => return None,
        })
    }

    fn condition(&mut self, node: &IdedExpr) {
        let kind = self.infer(node);
        if kind != Type::Bool && kind != Type::Any {
            let message = format!(
                "« {} » est {} : il faut ici une condition",
                show(node),
                kind.words()
            );
            self.wrong(message);
        }
    }

    fn item(&mut self, of: &IdedExpr, key: &IdedExpr) -> Type {
        let place = self.infer(key);
        match self.infer(of) {
            Type::List(item) if place == Type::Int || place == Type::Any => *item,
            Type::Any | Type::Record(_) => Type::Any,
            other => {
                let (of, words) = (show(of), other.words());
                self.wrong(format!(
                    "« {of} » est {words} : on n’y prend pas un élément"
                ));
                Type::Any
            }
        }
    }

    fn equality(&mut self, a: &IdedExpr, b: &IdedExpr) {
        let (left, right) = (self.infer(a), self.infer(b));
        if !left.comparable(&right) {
            self.uncomparable((a, &left), (b, &right));
            return;
        }
        self.written_out(a, &right);
        self.written_out(b, &left);
    }

    /// A text written out, compared with `other`.
    fn written_out(&mut self, node: &IdedExpr, other: &Type) {
        match &node.expr {
            Expr::Literal(LiteralValue::String(text)) => self.literal_suits(text.inner(), other),
            Expr::List(list) => {
                if let Type::List(item) = other {
                    for node in &list.elements {
                        self.written_out(node, item);
                    }
                }
            }
            _ => {}
        }
    }

    /// A text that stands for an option, a date or an hour is one.
    pub(super) fn literal_suits(&mut self, text: &str, kind: &Type) {
        let right = match kind {
            Type::Option(options) => return self.option(text, options),
            Type::Date => text.is_empty() || text.parse::<NaiveDate>().is_ok(),
            Type::Time => text.is_empty() || NaiveTime::parse_from_str(text, "%H:%M").is_ok(),
            Type::DateTime => {
                NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").is_ok()
                    || text.parse::<NaiveDate>().is_ok()
                    || text.is_empty()
            }
            _ => true,
        };
        if !right {
            let message = format!("« {text} » n’est pas {}", kind.words());
            let advice = match kind {
                Type::Time => "Une heure s’écrit '14:35'",
                Type::DateTime => "Une date et une heure s’écrivent '2026-11-23T14:35'",
                _ => "Une date s’écrit '2026-11-23'",
            };
            self.find(DefectKind::WrongType, message, Some(advice.to_owned()));
        }
    }

    fn option(&mut self, text: &str, options: &Options) {
        if options.has(text) {
            return;
        }
        if let Some(id) = options.labelled(text) {
            let message = format!(
                "« {text} » est l’intitulé d’une option : on compare son id, qui ne change pas"
            );
            let advice = Some(format!("Écrivez '{id}'"));
            self.find(DefectKind::LabelCompared, message, advice);
            return;
        }
        let message = format!("L’option « {text} » n’existe pas");
        let advice = match closest(text, options.ids()) {
            Some(id) => format!("Voulez-vous dire '{id}' ?"),
            None => format!(
                "Options possibles : {}",
                options.ids().collect::<Vec<_>>().join(", ")
            ),
        };
        self.find(DefectKind::UnknownOption, message, Some(advice));
    }

    fn order(&mut self, a: &IdedExpr, b: &IdedExpr) {
        let (left, right) = (self.infer(a), self.infer(b));
        let ordered = |kind: &Type| {
            *kind == Type::Any
                || kind.is_number()
                || (kind.is_textual() && !matches!(kind, Type::Option(_)))
        };
        if !ordered(&left) || !ordered(&right) || !left.comparable(&right) {
            self.uncomparable((a, &left), (b, &right));
            return;
        }
        self.written_out(a, &right);
        self.written_out(b, &left);
    }

    fn uncomparable(&mut self, (a, left): (&IdedExpr, &Type), (b, right): (&IdedExpr, &Type)) {
        let message = format!(
            "« {} » est {} et « {} » est {} : on ne les compare pas",
            show(a),
            left.words(),
            show(b),
            right.words()
        );
        let advice = matches!((left, right), (Type::Bool, _) | (_, Type::Bool))
            .then(|| "Comparez avec true ou false, sans apostrophes".to_owned());
        self.find(DefectKind::WrongType, message, advice);
    }

    fn membership(&mut self, item: &IdedExpr, list: &IdedExpr) {
        let (wanted, all) = (self.infer(item), self.infer(list));
        match &all {
            Type::List(kind) if wanted.comparable(kind) => {
                self.written_out(item, kind);
                self.written_out(list, &Type::list(wanted));
            }
            Type::List(kind) => self.uncomparable((item, &wanted), (list, kind)),
            Type::Any | Type::Record(_) => {}
            other => {
                let (list, words) = (show(list), other.words());
                self.wrong(format!(
                    "« in » cherche dans une liste, « {list} » est {words}"
                ));
            }
        }
    }

    fn addition(&mut self, a: &IdedExpr, b: &IdedExpr) -> Type {
        let (left, right) = (self.infer(a), self.infer(b));
        match (&left, &right) {
            (Type::List(_), Type::List(_)) => unified(&left, &right),
            (Type::List(_), Type::Any) | (Type::Any, Type::List(_)) => Type::list(Type::Any),
            (one, other) if one.is_textual() || other.is_textual() => {
                let fine = |kind: &Type| kind.is_textual() || *kind == Type::Any;
                if !fine(one) || !fine(other) {
                    let message = format!(
                        "« {} » ({}) et « {} » ({}) ne s’additionnent pas",
                        show(a),
                        left.words(),
                        show(b),
                        right.words()
                    );
                    let date = matches!(one, Type::Date) || matches!(other, Type::Date);
                    let advice = if date {
                        "Pour ajouter des jours : add_days(date, 10)"
                    } else {
                        "Pour écrire un nombre dans un texte : string(nombre)"
                    };
                    self.find(DefectKind::WrongType, message, Some(advice.to_owned()));
                }
                Type::Text
            }
            _ => self.arithmetic((a, &left), (b, &right)),
        }
    }

    fn arithmetic(
        &mut self,
        (a, left): (&IdedExpr, &Type),
        (b, right): (&IdedExpr, &Type),
    ) -> Type {
        for (node, kind) in [(a, left), (b, right)] {
            if !kind.is_number() && *kind != Type::Any {
                let message = format!(
                    "« {} » est {} : on ne calcule pas avec",
                    show(node),
                    kind.words()
                );
                self.wrong(message);
                return Type::Any;
            }
        }
        match (left, right) {
            (Type::Any, other) | (other, Type::Any) => other.clone(),
            (left, right) if left == right => left.clone(),
            _ => {
                let message = format!(
                    "« {} » est {} et « {} » est {} : on ne les calcule pas ensemble",
                    show(a),
                    left.words(),
                    show(b),
                    right.words()
                );
                let advice = "Écrivez int(…) ou double(…) autour de l’un des deux";
                self.find(DefectKind::WrongType, message, Some(advice.to_owned()));
                Type::Any
            }
        }
    }
}
