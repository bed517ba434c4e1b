//! Logic in definitions is CEL: conditions, page checks, fees, computed values, routing, guards.
//! One standard language, no side effects, bounded; never a text that computes.
//!
//! An expression reads a [`Scope`]:
//!
//! | name | is |
//! |---|---|
//! | `answers.<field>` | the answers (see [`super::field`] for their shapes); every field of the form is there, blank when hidden or not answered |
//! | `chosen.<field>.<attribute>` | the attributes of the option chosen in a choice; `null` when nothing is chosen |
//! | `settings.<id>` | the procedure's settings |
//! | `site.postal_codes`, `site.name` | facts of the site |
//! | `citizen.<…>` | what is known of the person: `last_name, first_name, email, phone, national_number, birth_date, assurance`, `null` when not known |
//! | `request.service`, `request.fee` | the request, in guards |
//! | `form.<field>` | the small form of the transition, in guards and documents |
//! | `today` | the day, `"2026-11-23"` |
//!
//! Dates are texts `YYYY-MM-DD`, so `<` and `==` compare them rightly. Functions of our own are in
//! [`functions`].

pub mod functions;
mod scope;

pub use scope::{Scope, cel_of, json_of};

use cel::common::ast::{EntryExpr, Expr};
use cel::{IdedExpr, Program};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A compiled CEL expression, its source and its line. One that does not parse is kept with its
/// error, so that the check can report it with its place.
#[derive(Clone)]
pub struct Expression {
    source: Arc<str>,
    line: u32,
    program: Result<Arc<Program>, Arc<str>>,
    /// It calls a function of [`functions`].
    ours: bool,
}

/// Why an expression gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// It does not parse; the check refuses such a definition before it is published.
    #[error("« {0} » ne peut pas être lu")]
    Broken(String),
    /// It could not be computed: a blank answer in a comparison, a division by zero.
    #[error("« {source_text} » : {cause}")]
    Failed { source_text: String, cause: String },
    /// It gave another type than its place needs.
    #[error("« {source_text} » donne {got} au lieu de {wanted}")]
    WrongType {
        source_text: String,
        wanted: &'static str,
        got: String,
    },
}

/// Most bytes of an expression. The longest of 122 real forms has about 400.
const LONGEST: usize = 4_000;
/// Most brackets, signs and `?` inside one another: the parser itself goes down one call for each.
const NESTED: usize = 60;
/// Most parts inside one another once it is read, so that nothing that walks an expression runs out of stack.
const DEEPEST: usize = 120;

fn compiled(source: &str) -> Result<Program, Arc<str>> {
    if source.len() > LONGEST {
        return Err(Arc::from("elle est trop longue"));
    }
    if nesting(source) > NESTED {
        return Err(Arc::from("elle est trop imbriquée"));
    }
    let program = Program::compile(source).map_err(|error| Arc::from(error.to_string()))?;
    if depth(program.expression()) > DEEPEST {
        return Err(Arc::from("elle est trop imbriquée"));
    }
    Ok(program)
}

/// How deep the parser would have to go, at most; what stands in quotes does not count.
fn nesting(source: &str) -> usize {
    let (mut open, mut signs, mut branches, mut deepest) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut quote = None;
    for letter in source.chars() {
        match (quote, letter) {
            (Some(end), letter) if letter == end => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(' | '[' | '{') => open += 1,
            (None, ')' | ']' | '}') => open = open.saturating_sub(1),
            (None, '!' | '-') => signs += 1,
            (None, '?') => branches += 1,
            _ => {}
        }
        if letter.is_alphanumeric() {
            signs = 0;
        }
        deepest = deepest.max(open + signs + branches);
    }
    deepest
}

/// How many parts stand inside one another at most.
fn depth(whole: &IdedExpr) -> usize {
    let mut deepest = 0;
    let mut waiting = vec![(whole, 1)];
    while let Some((node, depth)) = waiting.pop() {
        deepest = deepest.max(depth);
        let mut below = |inner| waiting.push((inner, depth + 1));
        match &node.expr {
            Expr::Call(call) => call
                .target
                .as_deref()
                .into_iter()
                .chain(&call.args)
                .for_each(below),
            Expr::Select(select) => below(&select.operand),
            Expr::List(list) => list.elements.iter().for_each(below),
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        below(&entry.key);
                        below(&entry.value);
                    }
                }
            }
            Expr::Comprehension(all) => {
                let inner = [
                    &all.iter_range,
                    &all.accu_init,
                    &all.loop_cond,
                    &all.loop_step,
                ];
                inner.into_iter().chain([&all.result]).for_each(below);
            }
            Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => {}
        }
    }
    deepest
}

impl Expression {
    /// Compiles `source`; a syntax error is kept inside (see [`Expression::syntax_error`]).
    pub fn new(source: &str, line: u32) -> Self {
        let program = compiled(source).map(Arc::new);
        let ours = program.as_ref().is_ok_and(|program| {
            let called = program.references();
            functions::SIGNATURES
                .iter()
                .any(|(name, ..)| called.has_function(name))
        });
        Self {
            ours,
            source: Arc::from(source),
            line,
            program,
        }
    }

    /// The words it was written in.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Its line in the file, from 1; 0 when unknown.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The parsed program, for the static checks.
    pub fn program(&self) -> Option<&Program> {
        self.program.as_deref().ok()
    }

    /// The parser's complaint, when it does not parse.
    pub fn syntax_error(&self) -> Option<&str> {
        self.program.as_ref().err().map(AsRef::as_ref)
    }

    /// Computes it.
    pub fn eval(&self, scope: &Scope) -> Result<Json, EvalError> {
        let program = self
            .program
            .as_ref()
            .map_err(|_| EvalError::Broken(self.source.to_string()))?;
        program
            .execute(&scope.context(self.ours))
            .map(|value| json_of(&value))
            .map_err(|error| EvalError::Failed {
                source_text: self.source.to_string(),
                cause: error.to_string(),
            })
    }

    /// True when it gives `true`. A condition that cannot be computed because an answer is blank
    /// does not hold.
    pub fn holds(&self, scope: &Scope) -> bool {
        self.eval(scope) == Ok(Json::Bool(true))
    }

    /// An amount in cents.
    pub fn cents(&self, scope: &Scope) -> Result<i64, EvalError> {
        let value = self.eval(scope)?;
        value
            .as_i64()
            .ok_or_else(|| self.wrong("un montant en cents", &value))
    }

    /// A text; `null` gives an empty one.
    pub fn text(&self, scope: &Scope) -> Result<String, EvalError> {
        match self.eval(scope)? {
            Json::String(text) => Ok(text),
            Json::Null => Ok(String::new()),
            Json::Number(number) => Ok(number.to_string()),
            other => Err(self.wrong("un texte", &other)),
        }
    }

    fn wrong(&self, wanted: &'static str, got: &Json) -> EvalError {
        EvalError::WrongType {
            source_text: self.source.to_string(),
            wanted,
            got: got.to_string(),
        }
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({:?}, line {})", self.source, self.line)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = super::Located::<Written>::deserialize(deserializer)?;
        let line = written.line();
        Ok(Self::new(&written.into_inner().0, line))
    }
}

/// `when: true`, `amount: 500` and `when: "…"` are all expressions.
struct Written(String);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WrittenVisitor;
        impl serde::de::Visitor<'_> for WrittenVisitor {
            type Value = Written;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a CEL expression")
            }
            fn visit_str<E>(self, text: &str) -> Result<Written, E> {
                Ok(Written(text.trim().to_owned()))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Written, E> {
                Ok(Written(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Written, E> {
                Ok(Written(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Written, E> {
                Ok(Written(value.to_string()))
            }
        }
        deserializer.deserialize_any(WrittenVisitor)
    }
}

impl JsonSchema for Expression {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "boolean", "integer"], "description": "A CEL expression." })
    }
}
