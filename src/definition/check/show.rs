//! An expression, written out again: for messages, and to tell whether two parts say the same.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, EntryExpr, Expr, LiteralValue, operators};

/// How tightly a call binds, the tightest highest; and the sign it is written with.
fn sign(call: &CallExpr) -> Option<(u8, &'static str)> {
    Some(match call.func_name.as_str() {
        operators::LOGICAL_OR => (1, "||"),
        operators::LOGICAL_AND => (2, "&&"),
        operators::EQUALS => (3, "=="),
        operators::NOT_EQUALS => (3, "!="),
        operators::LESS => (3, "<"),
        operators::LESS_EQUALS => (3, "<="),
        operators::GREATER => (3, ">"),
        operators::GREATER_EQUALS => (3, ">="),
        operators::IN => (3, "in"),
        operators::ADD => (4, "+"),
        operators::SUBSTRACT => (4, "-"),
        operators::MULTIPLY => (5, "*"),
        operators::DIVIDE => (5, "/"),
        operators::MODULO => (5, "%"),
        _ => return None,
    })
}

/// The node as it could have been written.
pub fn show(node: &IdedExpr) -> String {
    match &node.expr {
        Expr::Ident(name) => name.clone(),
        Expr::Literal(value) => literal(value),
        Expr::Select(select) if select.test => {
            format!("has({}.{})", show(&select.operand), select.field)
        }
        Expr::Select(select) => format!("{}.{}", show(&select.operand), select.field),
        Expr::List(list) => format!("[{}]", joined(&list.elements)),
        Expr::Map(map) => {
            let entries = map.entries.iter().filter_map(|entry| match &entry.expr {
                EntryExpr::MapEntry(entry) => {
                    Some(format!("{}: {}", show(&entry.key), show(&entry.value)))
                }
                EntryExpr::StructField(_) => None,
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Expr::Call(all) => call(all),
        Expr::Comprehension(all) => format!("{}.…", show(&all.iter_range)),
        Expr::Struct(_) | Expr::Unspecified => "…".to_owned(),
    }
}

fn literal(value: &LiteralValue) -> String {
    match value {
        LiteralValue::Boolean(value) => value.inner().to_string(),
        LiteralValue::Int(value) => value.inner().to_string(),
        LiteralValue::UInt(value) => value.inner().to_string(),
        LiteralValue::Double(value) => value.inner().to_string(),
        LiteralValue::String(value) => format!("'{}'", value.inner()),
        LiteralValue::Null => "null".to_owned(),
        LiteralValue::Bytes(_) => "…".to_owned(),
    }
}

fn joined(nodes: &[IdedExpr]) -> String {
    nodes.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn call(call: &CallExpr) -> String {
    if let (Some((strength, sign)), [left, right]) = (sign(call), call.args.as_slice()) {
        let (left, right) = (within(left, strength), within(right, strength + 1));
        return format!("{left} {sign} {right}");
    }
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::LOGICAL_NOT, [inner]) => format!("!{}", within(inner, 6)),
        (operators::NEGATE, [inner]) => format!("-{}", within(inner, 6)),
        (operators::INDEX, [of, key]) => format!("{}[{}]", within(of, 6), show(key)),
        (operators::CONDITIONAL, [when, yes, no]) => {
            format!("{} ? {} : {}", within(when, 1), within(yes, 1), show(no))
        }
        (name, arguments) => {
            let target = call.target.as_deref();
            let target = target.map_or(String::new(), |target| format!("{}.", within(target, 6)));
            format!("{target}{name}({})", joined(arguments))
        }
    }
}

/// In brackets when it binds less tightly than its place asks.
fn within(node: &IdedExpr, strength: u8) -> String {
    let own = match &node.expr {
        Expr::Call(call) if call.func_name == operators::CONDITIONAL => 0,
        Expr::Call(call) => sign(call).map_or(6, |(strength, _)| strength),
        _ => 6,
    };
    let text = show(node);
    if own < strength {
        format!("({text})")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Expression;

    #[test]
    fn an_expression_is_written_out_as_it_was() {
        for source in [
            "answers.a == 'x' && !(answers.b || answers.c)",
            "(settings.price + 2) * answers.copies",
            "1 - (2 - 3)",
            "answers.a in ['x', 'y'] ? 1 : 0",
            "is_blank(answers.a) || size(answers.list) > 2",
            "answers.name.startsWith('x')",
            "{'from': today}",
        ] {
            let expression = Expression::new(source, 1);
            let program = expression.program().expect(source);
            assert_eq!(show(program.expression()), source);
        }
    }
}
