//! Between what and what a number can lie, for given answers: enough arithmetic to say whether a fee
//! can be negative.

use super::logic::Logic;
use super::show::show;
use super::world::{Value, path};
use crate::definition::field::Attribute;
use crate::definition::{Expression, Field, FieldType};
use cel::IdedExpr;
use cel::common::ast::{Expr, LiteralValue, operators};

/// The least and the greatest, both included. [`i64::MIN`] and [`i64::MAX`] mean no bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub least: i64,
    pub most: i64,
}

const ANY: Range = Range {
    least: i64::MIN,
    most: i64::MAX,
};
const COUNT: Range = Range {
    least: 0,
    most: i64::MAX,
};
/// How deep computed values may name one another.
const DEPTH: u8 = 24;

impl Range {
    fn one(value: i64) -> Self {
        Self {
            least: value,
            most: value,
        }
    }

    /// Both, and what lies between.
    fn with(self, other: Self) -> Self {
        Self {
            least: self.least.min(other.least),
            most: self.most.max(other.most),
        }
    }

    /// What both allow; `None` when nothing.
    fn and(self, other: Self) -> Option<Self> {
        let both = Self {
            least: self.least.max(other.least),
            most: self.most.min(other.most),
        };
        (both.least <= both.most).then_some(both)
    }

    /// The range of an operation that grows or falls with each side.
    fn corners(self, other: Self, compute: impl Fn(i128, i128) -> i128) -> Self {
        let (a, b) = (self.ends(), other.ends());
        let all = a.iter().flat_map(|a| b.map(|b| compute(*a, b)));
        let (mut least, mut most) = (i128::MAX, i128::MIN);
        for end in all {
            least = least.min(end);
            most = most.max(end);
        }
        Self {
            least: narrowed(least),
            most: narrowed(most),
        }
    }

    fn ends(self) -> [i128; 2] {
        // No bound is a number so large that it stays one whatever is computed with it.
        let wide = |end: i64| match end {
            i64::MIN => -(1_i128 << 80),
            i64::MAX => 1_i128 << 80,
            end => i128::from(end),
        };
        [wide(self.least), wide(self.most)]
    }
}

fn narrowed(end: i128) -> i64 {
    i64::try_from(end).unwrap_or(if end < 0 { i64::MIN } else { i64::MAX })
}

/// Computes ranges for some given answers.
pub struct Ranger<'l, 'w, 'a> {
    logic: &'l Logic<'w, 'a>,
    /// What conditions on the way say of a part of the expression.
    narrowed: Vec<(String, Range)>,
    depth: u8,
}

impl<'l, 'w, 'a> Ranger<'l, 'w, 'a> {
    pub fn new(logic: &'l Logic<'w, 'a>) -> Self {
        Self {
            logic,
            narrowed: Vec::new(),
            depth: 0,
        }
    }

    /// The range of an expression; `None` when it has no value.
    pub fn of(&mut self, expression: &'a Expression) -> Option<Range> {
        self.range(expression.program()?.expression())
    }

    /// Takes a condition as holding.
    pub fn suppose(&mut self, condition: &'a Expression) {
        if let Some(program) = condition.program() {
            self.narrow(program.expression(), true);
        }
    }

    fn range(&mut self, node: &'a IdedExpr) -> Option<Range> {
        let range = self.computed(node)?;
        if self.narrowed.is_empty() {
            return Some(range);
        }
        let text = show(node);
        let known = self.narrowed.iter().filter(|(part, _)| *part == text);
        known.map(|(_, known)| *known).try_fold(range, Range::and)
    }

    fn computed(&mut self, node: &'a IdedExpr) -> Option<Range> {
        match self.logic.eval(node) {
            Value::Int(value) => return Some(Range::one(value)),
            Value::Null | Value::Failed => return None,
            _ => {}
        }
        if let Some(path) = path(node) {
            return self.named(&path);
        }
        let call = match &node.expr {
            Expr::Literal(LiteralValue::Double(value)) => {
                let value = *value.inner();
                return Some(Range {
                    least: value.floor() as i64,
                    most: value.ceil() as i64,
                });
            }
            Expr::Call(call) => call,
            _ => return Some(ANY),
        };
        let arguments = call.target.as_deref().into_iter().chain(&call.args);
        let arguments: Vec<_> = arguments.collect();
        match (call.func_name.as_str(), arguments.as_slice()) {
            (operators::ADD, [a, b]) => Some(self.range(a)?.corners(self.range(b)?, |a, b| a + b)),
            (operators::SUBSTRACT, [a, b]) => {
                Some(self.range(a)?.corners(self.range(b)?, |a, b| a - b))
            }
            (operators::MULTIPLY, [a, b]) => {
                let product = |a: i128, b: i128| a.saturating_mul(b);
                Some(self.range(a)?.corners(self.range(b)?, product))
            }
            (operators::DIVIDE, [a, b]) => {
                let (a, b) = (self.range(a)?, self.range(b)?);
                if b.least <= 0 && b.most >= 0 && b.least < 0 {
                    return Some(ANY);
                }
                let b = b.and(Range { least: 1, ..COUNT }).unwrap_or(b);
                (b != Range::one(0)).then(|| a.corners(b, |a, b| a / b))
            }
            (operators::MODULO, [a, b]) => {
                let (a, b) = (self.range(a)?, self.range(b)?);
                let most = b.most.max(b.least.saturating_neg()).saturating_sub(1);
                let least = if a.least < 0 {
                    most.saturating_neg()
                } else {
                    0
                };
                Some(Range { least, most })
            }
            (operators::NEGATE, [a]) => {
                Some(Range::one(0).corners(self.range(a)?, |zero, a| zero - a))
            }
            (operators::CONDITIONAL, [when, yes, no]) => self.branches(when, yes, no),
            ("int" | "double", [of]) => self.range(of),
            ("size", [of]) => Some(self.count(of)),
            ("age", [_, _]) => Some(Range {
                least: 0,
                most: 150,
            }),
            _ => Some(ANY),
        }
    }

    fn branches(
        &mut self,
        when: &'a IdedExpr,
        yes: &'a IdedExpr,
        no: &'a IdedExpr,
    ) -> Option<Range> {
        match self.logic.eval(when) {
            Value::Bool(true) => return self.range(yes),
            Value::Bool(false) => return self.range(no),
            Value::Open => {}
            _ => return None,
        }
        let depth = self.narrowed.len();
        self.narrow(when, true);
        let yes = self.range(yes);
        self.narrowed.truncate(depth);
        self.narrow(when, false);
        let no = self.range(no);
        self.narrowed.truncate(depth);
        match (yes, no) {
            (Some(yes), Some(no)) => Some(yes.with(no)),
            (one, other) => one.or(other),
        }
    }

    /// Notes what a condition says of numbers, when it holds or does not.
    fn narrow(&mut self, node: &'a IdedExpr, holds: bool) {
        let Expr::Call(call) = &node.expr else { return };
        let sign = call.func_name.as_str();
        let [a, b] = match (sign, call.args.as_slice()) {
            (operators::LOGICAL_NOT, [inner]) => return self.narrow(inner, !holds),
            (_, [a, b]) => [a, b],
            _ => return,
        };
        match (sign, holds) {
            (operators::LOGICAL_AND, true) | (operators::LOGICAL_OR, false) => {
                self.narrow(a, holds);
                self.narrow(b, holds);
            }
            (operators::LESS, true) | (operators::GREATER_EQUALS, false) => self.below(a, b, 1),
            (operators::LESS_EQUALS, true) | (operators::GREATER, false) => self.below(a, b, 0),
            (operators::GREATER, true) | (operators::LESS_EQUALS, false) => self.below(b, a, 1),
            (operators::GREATER_EQUALS, true) | (operators::LESS, false) => self.below(b, a, 0),
            (operators::EQUALS, true) | (operators::NOT_EQUALS, false) => {
                self.below(a, b, 0);
                self.below(b, a, 0);
            }
            _ => {}
        }
    }

    /// `a` is at least `gap` below `b`.
    fn below(&mut self, a: &'a IdedExpr, b: &'a IdedExpr, gap: i64) {
        let (Some(left), Some(right)) = (self.range(a), self.range(b)) else {
            return;
        };
        let under = Range {
            least: i64::MIN,
            most: right
                .most
                .saturating_sub(if right.most == i64::MAX { 0 } else { gap }),
        };
        let over = Range {
            least: left
                .least
                .saturating_add(if left.least == i64::MIN { 0 } else { gap }),
            most: i64::MAX,
        };
        self.narrowed.push((show(a), under));
        self.narrowed.push((show(b), over));
    }

    fn named(&mut self, path: &[&'a str]) -> Option<Range> {
        match path {
            ["settings", id] => match self.logic.world.setting(id) {
                Some(Attribute::Int(value)) => Some(Range::one(*value)),
                _ => Some(ANY),
            },
            ["answers", id] => {
                let field = self.logic.world.question(id)?.field;
                self.answer(field)
            }
            ["chosen", id, attribute] => {
                let field = self.logic.world.question(id)?.field;
                let values = field.options.iter();
                let values = values.filter_map(|option| match option.with.get(*attribute) {
                    Some(Attribute::Int(value)) => Some(Range::one(*value)),
                    _ => None,
                });
                values.reduce(Range::with)
            }
            _ => Some(ANY),
        }
    }

    fn answer(&mut self, field: &'a Field) -> Option<Range> {
        if self.depth == DEPTH {
            return Some(ANY);
        }
        self.depth += 1;
        let range = match field.field_type() {
            FieldType::Integer | FieldType::Money | FieldType::Decimal => {
                let least = field.min.as_ref().and_then(|min| self.of(min));
                let most = field.max.as_ref().and_then(|max| self.of(max));
                Some(Range {
                    least: least.map_or(i64::MIN, |least| least.least),
                    most: most.map_or(i64::MAX, |most| most.most),
                })
            }
            FieldType::Computed => match &field.value {
                Some(value) => self.of(value),
                None => None,
            },
            _ => Some(ANY),
        };
        self.depth -= 1;
        range
    }

    fn count(&self, of: &IdedExpr) -> Range {
        let Some(["answers", id]) = path(of)
            .as_deref()
            .map(|path| [path[0], path[path.len() - 1]])
        else {
            return COUNT;
        };
        let field = self.logic.world.question(id).map(|question| question.field);
        let most = field
            .and_then(|field| field.max_items)
            .map_or(i64::MAX, i64::from);
        Range { least: 0, most }
    }
}
