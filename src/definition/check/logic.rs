//! Trying every way through a form: the conditions computed over some known answers and the rest open,
//! and the search for answers under which they hold.
//!
//! It errs on one side only: what it calls impossible is impossible. What it cannot follow is possible.

use super::world::{Unknown, Value, World, path};
use crate::definition::Expression;
use crate::definition::field::Attribute;
use cel::IdedExpr;
use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};
use std::cell::Cell;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// After this many tries, something is taken to be possible.
const TRIES: usize = 4_000;
/// Conditions that read conditions, this deep.
const DEPTH: u8 = 24;

/// Some answers, and what follows from them.
pub struct Logic<'w, 'a> {
    pub world: &'w World<'a>,
    pub given: HashMap<Unknown<'a>, Value<'a>>,
    depth: Cell<u8>,
}

impl<'w, 'a> Logic<'w, 'a> {
    pub fn new(world: &'w World<'a>) -> Self {
        Self {
            world,
            given: HashMap::new(),
            depth: Cell::new(0),
        }
    }

    /// True when the condition holds or could.
    pub fn possible(&self, condition: &'a Expression) -> bool {
        matches!(self.of(condition), Value::Open | Value::Bool(true))
    }

    fn of(&self, expression: &'a Expression) -> Value<'a> {
        // What cannot be read is said elsewhere.
        let program = expression.program();
        program.map_or(Value::Open, |program| self.eval(program.expression()))
    }

    /// Whether a question is asked.
    pub fn asked(&self, id: &str) -> Value<'a> {
        let Some(question) = self.world.question(id) else {
            return Value::Open;
        };
        if self.depth.get() == DEPTH {
            return Value::Open;
        }
        self.depth.set(self.depth.get() + 1);
        let mut asked = Value::Bool(true);
        for condition in question.conditions() {
            match self.of(condition) {
                Value::Bool(true) => {}
                Value::Open => asked = Value::Open,
                _ => {
                    asked = Value::Bool(false);
                    break;
                }
            }
        }
        self.depth.set(self.depth.get() - 1);
        asked
    }

    /// What a node gives.
    pub fn eval(&self, node: &'a IdedExpr) -> Value<'a> {
        if let Some(path) = path(node) {
            return self.named(&path);
        }
        match &node.expr {
            Expr::Literal(value) => literal(value),
            Expr::Call(call) => self.call(call),
            _ => Value::Open,
        }
    }

    fn named(&self, path: &[&'a str]) -> Value<'a> {
        match path {
            ["answers", id, rest @ ..] => self.answer(id, rest),
            ["chosen", id, attribute] => match self.answer(id, &[]) {
                Value::Text(_) if self.world.is_adaptable(id) => {
                    self.given(Unknown::Attribute(id, attribute))
                }
                Value::Text(option) => self.attribute(id, option, attribute),
                other => other,
            },
            ["settings", id] => self.given(Unknown::Setting(id)),
            _ => Value::Open,
        }
    }

    fn given(&self, unknown: Unknown<'a>) -> Value<'a> {
        self.given.get(&unknown).copied().unwrap_or(Value::Open)
    }

    fn answer(&self, id: &'a str, rest: &[&str]) -> Value<'a> {
        if let Some(value) = self.given.get(&Unknown::Answer(id)) {
            return *value;
        }
        let asked = self.asked(id);
        if asked == Value::Bool(false) {
            return Value::Null;
        }
        let field = self.world.question(id).map(|question| question.field);
        let value = field.and_then(|field| field.value.as_ref());
        match value {
            Some(value) if rest.is_empty() && asked == Value::Bool(true) => {
                if self.depth.get() == DEPTH {
                    return Value::Open;
                }
                self.depth.set(self.depth.get() + 1);
                let value = self.of(value);
                self.depth.set(self.depth.get() - 1);
                // A value that cannot be computed is blank.
                if value == Value::Failed {
                    Value::Null
                } else {
                    value
                }
            }
            _ => Value::Open,
        }
    }

    fn attribute(&self, id: &str, option: &str, attribute: &str) -> Value<'a> {
        let field = self.world.question(id).map(|question| question.field);
        let option = field.and_then(|field| field.option(option));
        match option.and_then(|option| option.with.get(attribute)) {
            Some(value) => of_attribute(value),
            None => Value::Null,
        }
    }

    fn call(&self, call: &'a CallExpr) -> Value<'a> {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND, [a, b]) => self.both(a, b, false),
            (operators::LOGICAL_OR, [a, b]) => self.both(a, b, true),
            (operators::LOGICAL_NOT, [a]) => match self.eval(a) {
                Value::Bool(held) => Value::Bool(!held),
                Value::Open => Value::Open,
                _ => Value::Failed,
            },
            (operators::CONDITIONAL, [when, yes, no]) => match self.eval(when) {
                Value::Bool(true) => self.eval(yes),
                Value::Bool(false) => self.eval(no),
                Value::Open => Value::Open,
                _ => Value::Failed,
            },
            (operators::EQUALS, [a, b]) => self.equal(a, b, true),
            (operators::NOT_EQUALS, [a, b]) => self.equal(a, b, false),
            (operators::IN, [item, list]) => self.within(item, list),
            ("is_blank", [of]) => match self.eval(of) {
                Value::Open => Value::Open,
                Value::Null => Value::Bool(true),
                Value::Text(text) => Value::Bool(text.trim().is_empty()),
                Value::Failed => Value::Failed,
                Value::Bool(_) | Value::Int(_) => Value::Bool(false),
            },
            (sign, [a, b]) => binary(sign, self.eval(a), self.eval(b)),
            _ => Value::Open,
        }
    }

    /// `&&` and `||`: one side may decide alone, whatever the other is.
    fn both(&self, a: &'a IdedExpr, b: &'a IdedExpr, decides: bool) -> Value<'a> {
        let a = self.eval(a);
        if a == Value::Bool(decides) {
            return a;
        }
        match (a, self.eval(b)) {
            (_, Value::Bool(held)) if held == decides => Value::Bool(decides),
            (Value::Open, _) | (_, Value::Open) => Value::Open,
            (Value::Bool(_), Value::Bool(_)) => Value::Bool(!decides),
            _ => Value::Failed,
        }
    }

    fn equal(&self, a: &'a IdedExpr, b: &'a IdedExpr, wanted: bool) -> Value<'a> {
        match (self.eval(a), self.eval(b)) {
            (Value::Failed, _) | (_, Value::Failed) => Value::Failed,
            (Value::Open, _) | (_, Value::Open) => Value::Open,
            (a, b) => Value::Bool((a == b) == wanted),
        }
    }

    fn within(&self, item: &'a IdedExpr, list: &'a IdedExpr) -> Value<'a> {
        if let Expr::Literal(LiteralValue::String(option)) = &item.expr
            && let Some(["answers", id]) = path(list).as_deref()
        {
            if let Some(ticked) = self.given.get(&Unknown::Ticked(id, option.inner())) {
                return *ticked;
            }
            return match self.asked(id) {
                Value::Bool(false) => Value::Bool(false),
                _ => Value::Open,
            };
        }
        let item = self.eval(item);
        let Expr::List(list) = &list.expr else {
            return Value::Open;
        };
        let mut open = item == Value::Open;
        for element in &list.elements {
            let element = self.eval(element);
            if element == Value::Open {
                open = true;
            } else if element == item {
                return Value::Bool(true);
            }
        }
        if open {
            Value::Open
        } else {
            Value::Bool(false)
        }
    }

    /// Whether an unknown may have this value, given those before it: a question that is not asked has
    /// no answer, one that must be answered has one.
    fn consistent(&self, unknown: Unknown<'a>, value: Value<'a>) -> bool {
        let (id, option) = match (unknown, value) {
            (Unknown::Setting(_) | Unknown::Attribute(..), _)
            | (Unknown::Ticked(..), Value::Bool(false)) => return true,
            (Unknown::Answer(id), Value::Text(option)) | (Unknown::Ticked(id, option), _) => {
                (id, Some(option))
            }
            (Unknown::Answer(id), _) => (id, None),
        };
        let asked = self.asked(id);
        let Some(question) = self.world.question(id) else {
            return true;
        };
        if value == Value::Null {
            return asked != Value::Bool(true) || question.field.optional;
        }
        let option = option.and_then(|option| question.field.option(option));
        let offered = option.and_then(|option| option.when.as_ref());
        let ticked = matches!(unknown, Unknown::Ticked(..));
        asked != Value::Bool(false)
            && offered.is_none_or(|when| self.possible(when))
            && (option.is_some() || !ticked)
    }
}

fn literal(value: &LiteralValue) -> Value<'_> {
    match value {
        LiteralValue::Boolean(value) => Value::Bool(*value.inner()),
        LiteralValue::Int(value) => Value::Int(*value.inner()),
        LiteralValue::String(value) => Value::Text(value.inner()),
        LiteralValue::Null => Value::Null,
        _ => Value::Open,
    }
}

pub fn of_attribute(value: &Attribute) -> Value<'_> {
    match value {
        Attribute::Bool(value) => Value::Bool(*value),
        Attribute::Int(value) => Value::Int(*value),
        Attribute::Text(value) => Value::Text(value),
    }
}

fn binary<'a>(sign: &str, a: Value<'a>, b: Value<'a>) -> Value<'a> {
    let compared = |ordering: std::cmp::Ordering| {
        Some(match sign {
            operators::LESS => ordering.is_lt(),
            operators::LESS_EQUALS => ordering.is_le(),
            operators::GREATER => ordering.is_gt(),
            operators::GREATER_EQUALS => ordering.is_ge(),
            _ => return None,
        })
    };
    let computes = [
        operators::ADD,
        operators::SUBSTRACT,
        operators::MULTIPLY,
        operators::DIVIDE,
        operators::MODULO,
    ];
    let known = compared(std::cmp::Ordering::Equal).is_some() || computes.contains(&sign);
    if !known {
        return Value::Open;
    }
    match (a, b) {
        // Nothing is computed with a blank.
        (Value::Null | Value::Failed, _) | (_, Value::Null | Value::Failed) => Value::Failed,
        (Value::Int(a), Value::Int(b)) => {
            if let Some(held) = compared(a.cmp(&b)) {
                return Value::Bool(held);
            }
            let result = match sign {
                operators::ADD => a.checked_add(b),
                operators::SUBSTRACT => a.checked_sub(b),
                operators::MULTIPLY => a.checked_mul(b),
                operators::DIVIDE => a.checked_div(b),
                _ => a.checked_rem(b),
            };
            result.map_or(Value::Failed, Value::Int)
        }
        (Value::Text(a), Value::Text(b)) => compared(a.cmp(b)).map_or(Value::Open, Value::Bool),
        _ => Value::Open,
    }
}

/// Visits every consistent set of answers to what the expressions depend on, under which all
/// `conditions` hold or could. When there are too many, the visitor meets the conditions alone.
pub fn search<'a>(
    world: &World<'a>,
    conditions: &[&'a Expression],
    others: &[&'a Expression],
    visit: &mut dyn FnMut(&Logic<'_, 'a>) -> ControlFlow<()>,
) {
    let all: Vec<_> = conditions.iter().chain(others).copied().collect();
    let unknowns = world.unknowns(&all);
    let mut search = Search {
        logic: Logic::new(world),
        unknowns: &unknowns,
        conditions,
        tries: 0,
        visit,
    };
    if search.from(0) == Tried::GaveUp {
        let _ = (search.visit)(&Logic::new(world));
    }
}

/// True when there are answers under which all conditions hold, or could.
pub fn possible(world: &World<'_>, conditions: &[&Expression]) -> bool {
    let mut found = false;
    search(world, conditions, &[], &mut |_| {
        found = true;
        ControlFlow::Break(())
    });
    found
}

#[derive(PartialEq, Eq)]
enum Tried {
    All,
    Stopped,
    GaveUp,
}

struct Search<'w, 'a, 's> {
    logic: Logic<'w, 'a>,
    unknowns: &'s [(Unknown<'a>, Vec<Value<'a>>)],
    conditions: &'s [&'a Expression],
    tries: usize,
    visit: &'s mut dyn FnMut(&Logic<'_, 'a>) -> ControlFlow<()>,
}

impl Search<'_, '_, '_> {
    fn from(&mut self, place: usize) -> Tried {
        self.tries += 1;
        if self.tries > TRIES {
            return Tried::GaveUp;
        }
        if !self.conditions.iter().all(|one| self.logic.possible(one)) {
            return Tried::All;
        }
        let unknowns = self.unknowns;
        let Some((unknown, values)) = unknowns.get(place) else {
            return match (self.visit)(&self.logic) {
                ControlFlow::Continue(()) => Tried::All,
                ControlFlow::Break(()) => Tried::Stopped,
            };
        };
        for value in values {
            if !self.logic.consistent(*unknown, *value) {
                continue;
            }
            self.logic.given.insert(*unknown, *value);
            let tried = self.from(place + 1);
            self.logic.given.remove(unknown);
            if tried != Tried::All {
                return tried;
            }
        }
        Tried::All
    }
}
