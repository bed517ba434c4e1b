//! Which answers an expression reads. A page check is passed over while an answer it needs is blank;
//! a control is live when an expression of its page reads it.

use crate::definition::Expression;
use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr, LiteralValue, operators};

/// An answer that is read: the field, and the part of it when only a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub field: String,
    pub part: Option<String>,
    /// The expression itself minds a blank here: `is_blank(…)`, `== null`, `has(…)`.
    pub guarded: bool,
}

/// Every answer the expression reads under `root` (`answers` or `form`) or `chosen`.
pub(super) fn reads(expression: &Expression, root: &str) -> Vec<Read> {
    let mut found = Vec::new();
    if let Some(program) = expression.program() {
        visit(program.expression(), root, false, &mut found);
    }
    found
}

fn visit(node: &IdedExpr, root: &str, guarded: bool, found: &mut Vec<Read>) {
    if let Some(path) = path(node)
        && let [first, field, rest @ ..] = path.as_slice()
    {
        let part = match *first {
            "chosen" => None,
            name if name == root => rest.first().map(|part| (*part).to_owned()),
            _ => return,
        };
        found.push(Read {
            field: (*field).to_owned(),
            part,
            guarded: guarded || matches!(&node.expr, Expr::Select(select) if select.test),
        });
        return;
    }
    match &node.expr {
        Expr::Call(call) => {
            let minds = call.func_name == "is_blank"
                || (matches!(
                    call.func_name.as_str(),
                    operators::EQUALS | operators::NOT_EQUALS
                ) && call.args.iter().any(is_null));
            let below = call.target.as_deref().into_iter().chain(&call.args);
            for inner in below {
                visit(inner, root, guarded || minds, found);
            }
        }
        Expr::Select(select) => visit(&select.operand, root, guarded || select.test, found),
        Expr::List(list) => {
            for inner in &list.elements {
                visit(inner, root, guarded, found);
            }
        }
        Expr::Map(map) => {
            for entry in &map.entries {
                if let EntryExpr::MapEntry(entry) = &entry.expr {
                    visit(&entry.key, root, guarded, found);
                    visit(&entry.value, root, guarded, found);
                }
            }
        }
        Expr::Comprehension(all) => {
            let below = [
                &all.iter_range,
                &all.accu_init,
                &all.loop_cond,
                &all.loop_step,
                &all.result,
            ];
            for inner in below {
                visit(inner, root, guarded, found);
            }
        }
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) => {}
    }
}

fn is_null(node: &IdedExpr) -> bool {
    matches!(node.expr, Expr::Literal(LiteralValue::Null))
}

/// `answers.a.b` and `answers["a"]` as their names; `None` for anything else.
fn path(node: &IdedExpr) -> Option<Vec<&str>> {
    match &node.expr {
        Expr::Ident(name) => Some(vec![name]),
        Expr::Select(select) => {
            let mut names = path(&select.operand)?;
            names.push(&select.field);
            Some(names)
        }
        Expr::Call(call) if call.func_name == operators::INDEX => {
            let [of, key] = call.args.as_slice() else {
                return None;
            };
            let Expr::Literal(LiteralValue::String(key)) = &key.expr else {
                return None;
            };
            let mut names = path(of)?;
            names.push(key.inner());
            Some(names)
        }
        _ => None,
    }
}
