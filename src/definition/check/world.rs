//! The questions of a form as unknowns with few possible values, so that every way through it can be
//! tried. Choices, yes/no questions and yes/no settings are tried value by value; everything else stays
//! open.

use crate::definition::field::{Attribute, Choice};
use crate::definition::procedure::{Setting, SettingType};
use crate::definition::{Expression, Field, FieldType, Procedure, Site};
use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr, LiteralValue, operators};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A value that is tried, or computed from values that are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// It could be anything.
    Open,
    /// It cannot be computed; whatever asks for it does not hold.
    Failed,
    Null,
    Bool(bool),
    Int(i64),
    Text(&'a str),
}

/// One unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unknown<'a> {
    Setting(&'a str),
    Answer(&'a str),
    /// An option of a question with several choices.
    Ticked(&'a str, &'a str),
    /// A yes/no attribute of the option chosen from a registry, which each commune fills in its way.
    Attribute(&'a str, &'a str),
}

/// A question and the conditions under which it is asked.
pub struct Question<'a> {
    pub field: &'a Field,
    pub page: Option<&'a Expression>,
    rank: usize,
}

impl<'a> Question<'a> {
    pub fn conditions(&self) -> impl Iterator<Item = &'a Expression> + use<'a> {
        let own = self.field.when.as_ref();
        self.page.into_iter().chain(own)
    }
}

/// All questions and settings of a procedure.
pub struct World<'a> {
    questions: HashMap<&'a str, Question<'a>>,
    settings: HashMap<&'a str, &'a Setting>,
    set: HashMap<&'a str, &'a Attribute>,
    /// Registries may hold other options elsewhere.
    adaptable: bool,
}

impl<'a> World<'a> {
    /// The form wherever it may be used: what an option of a registry says is left open, because each
    /// commune fills in its own.
    pub fn anywhere(procedure: &'a Procedure, site: &'a Site) -> Self {
        Self {
            adaptable: true,
            ..Self::here(procedure, site)
        }
    }

    /// The form as it is here and now.
    pub fn here(procedure: &'a Procedure, site: &'a Site) -> Self {
        let mut questions = HashMap::new();
        let pages = procedure.form.pages.iter();
        let fields = pages.flat_map(|page| page.fields.iter().map(move |field| (page, field)));
        for (rank, (page, field)) in fields.enumerate() {
            questions.entry(field.id.as_str()).or_insert(Question {
                field,
                page: page.when.as_ref(),
                rank,
            });
        }
        let settings = procedure.settings.iter();
        let values = site.settings.get(procedure.id.as_str());
        let values = values.into_iter().flatten();
        Self {
            questions,
            settings: settings.map(|one| (one.id.as_str(), one)).collect(),
            set: values.map(|(id, value)| (id.as_str(), value)).collect(),
            adaptable: false,
        }
    }

    pub fn question(&self, id: &str) -> Option<&Question<'a>> {
        self.questions.get(id)
    }

    /// True when the attributes of this choice may differ elsewhere.
    pub fn is_adaptable(&self, id: &str) -> bool {
        let field = self.question(id).map(|question| question.field);
        self.adaptable && field.is_some_and(|field| field.from.is_some())
    }

    /// The value a setting has now: the site's, else its default.
    pub fn setting(&self, id: &str) -> Option<&'a Attribute> {
        let default = self.settings.get(id).map(|setting| &setting.default);
        self.set.get(id).copied().or(default)
    }

    /// The unknowns these expressions depend on, directly or through the conditions of what they read,
    /// in the order they become known.
    pub fn unknowns(&self, expressions: &[&'a Expression]) -> Vec<(Unknown<'a>, Vec<Value<'a>>)> {
        let mut gathered = Gathered::default();
        for expression in expressions {
            self.gather(expression, &mut gathered);
        }
        let mut unknowns: Vec<_> = gathered.unknowns.iter().copied().collect();
        unknowns.sort_by_key(|unknown| match unknown {
            Unknown::Setting(_) => 0,
            Unknown::Answer(id) | Unknown::Ticked(id, _) | Unknown::Attribute(id, _) => {
                1 + self.question(id).map_or(0, |question| question.rank)
            }
        });
        let values = |unknown| (unknown, self.values(unknown, &gathered.texts));
        unknowns.into_iter().map(values).collect()
    }

    /// What an unknown can be. Options that no expression tells apart stand for one another.
    fn values(&self, unknown: Unknown<'a>, texts: &HashSet<&'a str>) -> Vec<Value<'a>> {
        let both = [Value::Bool(true), Value::Bool(false)];
        let Unknown::Answer(id) = unknown else {
            return both.to_vec();
        };
        let mut values = Vec::new();
        let field = self.question(id).map(|question| question.field);
        match field.map(Field::field_type) {
            Some(FieldType::Choice) => {
                let mut alike: Vec<&Choice> = Vec::new();
                for option in field.iter().flat_map(|field| &field.options) {
                    let named = texts.contains(option.id.as_str());
                    let same =
                        |other: &&Choice| other.with == option.with && other.when == option.when;
                    if named || !alike.iter().any(same) {
                        values.push(Value::Text(&option.id));
                    }
                    if !named {
                        alike.push(option);
                    }
                }
            }
            Some(FieldType::Declaration) if field.is_some_and(|field| !field.optional) => {
                values.push(Value::Bool(true));
            }
            _ => values.extend(both),
        }
        values.push(Value::Null);
        values
    }

    fn gather(&self, expression: &'a Expression, into: &mut Gathered<'a>) {
        if let Some(program) = expression.program() {
            self.visit(program.expression(), into);
        }
    }

    fn visit(&self, node: &'a IdedExpr, into: &mut Gathered<'a>) {
        if let Some(path) = path(node) {
            match path.as_slice() {
                ["answers", id, ..] => self.met(id, into),
                ["chosen", id, rest @ ..] => {
                    self.met(id, into);
                    if let [attribute] = rest
                        && self.is_adaptable(id)
                        && self.is_yes_no(id, attribute)
                    {
                        into.unknowns.insert(Unknown::Attribute(id, attribute));
                    }
                }
                ["settings", id, ..] => {
                    let setting = self.settings.get(id);
                    if setting.is_some_and(|setting| setting.kind == SettingType::YesNo) {
                        into.unknowns.insert(Unknown::Setting(id));
                    }
                }
                _ => {}
            }
            return;
        }
        match &node.expr {
            Expr::Literal(LiteralValue::String(text)) => {
                into.texts.insert(text.inner());
            }
            Expr::Call(call) => {
                if let (operators::IN, [item, list]) = (call.func_name.as_str(), &call.args[..])
                    && let Expr::Literal(LiteralValue::String(option)) = &item.expr
                    && let Some(path) = path(list)
                    && let ["answers", id] = path.as_slice()
                {
                    into.unknowns.insert(Unknown::Ticked(id, option.inner()));
                }
                for inner in call.target.as_deref().into_iter().chain(&call.args) {
                    self.visit(inner, into);
                }
            }
            Expr::Select(select) => self.visit(&select.operand, into),
            Expr::List(list) => {
                for inner in &list.elements {
                    self.visit(inner, into);
                }
            }
            Expr::Map(map) => {
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        self.visit(&entry.value, into);
                    }
                }
            }
            Expr::Comprehension(all) => {
                for inner in [&all.iter_range, &all.loop_cond, &all.loop_step] {
                    self.visit(inner, into);
                }
            }
            Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => {}
        }
    }

    fn is_yes_no(&self, id: &str, attribute: &str) -> bool {
        let field = self.question(id).map(|question| question.field);
        let options = field.iter().flat_map(|field| &field.options);
        options
            .filter_map(|option| option.with.get(attribute))
            .all(|value| matches!(value, Attribute::Bool(_)))
    }

    /// A question was named: it counts, and so does what decides whether it is asked.
    fn met(&self, id: &'a str, into: &mut Gathered<'a>) {
        let Some(question) = self.question(id) else {
            return;
        };
        if !into.met.insert(id) {
            return;
        }
        let kind = question.field.field_type();
        let filled = kind != FieldType::Choice || !question.field.options.is_empty();
        if matches!(
            kind,
            FieldType::Choice | FieldType::YesNo | FieldType::Declaration
        ) && filled
        {
            into.unknowns.insert(Unknown::Answer(id));
        }
        let options = question.field.options.iter();
        let options = options.filter_map(|option| option.when.as_ref());
        let field = question.field;
        let bounds = [&field.value, &field.min, &field.max];
        let bounds = bounds.into_iter().filter_map(Option::as_ref);
        for expression in question.conditions().chain(options).chain(bounds) {
            self.gather(expression, into);
        }
    }
}

#[derive(Default)]
struct Gathered<'a> {
    unknowns: BTreeSet<Unknown<'a>>,
    met: HashSet<&'a str>,
    texts: HashSet<&'a str>,
}

/// `answers.a.b` and `answers['a']` as their names; `None` for anything else.
pub fn path(node: &IdedExpr) -> Option<Vec<&str>> {
    match &node.expr {
        Expr::Ident(name) => Some(vec![name]),
        Expr::Select(select) if !select.test => {
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
