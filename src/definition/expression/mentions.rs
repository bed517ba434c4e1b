//! Which names an expression mentions, worked out once when it is read: `answers.pour` is the field
//! `pour` of `answers`; a name that stands alone is mentioned whole.

use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr};

/// The names of one expression.
#[derive(Debug, Default)]
pub struct Mentions {
    /// Name and field, each pair once.
    fields: Vec<(String, String)>,
    whole: Vec<String>,
}

impl Mentions {
    pub(super) fn of(expression: &IdedExpr) -> Self {
        let mut found = Self::default();
        let mut waiting = vec![expression];
        while let Some(node) = waiting.pop() {
            match &node.expr {
                Expr::Ident(name) => {
                    if !found.whole(name) {
                        found.whole.push(name.clone());
                    }
                }
                Expr::Select(select) => match &select.operand.expr {
                    Expr::Ident(name) => {
                        let field = (name.clone(), select.field.clone());
                        if !found.fields.contains(&field) {
                            found.fields.push(field);
                        }
                    }
                    _ => waiting.push(&select.operand),
                },
                Expr::Call(call) => {
                    waiting.extend(call.target.as_deref());
                    waiting.extend(&call.args);
                }
                Expr::List(list) => waiting.extend(&list.elements),
                Expr::Map(map) => {
                    for entry in &map.entries {
                        if let EntryExpr::MapEntry(entry) = &entry.expr {
                            waiting.extend([&entry.key, &entry.value]);
                        }
                    }
                }
                Expr::Comprehension(all) => {
                    waiting.extend([&all.iter_range, &all.accu_init, &all.loop_cond]);
                    waiting.extend([&all.loop_step, &all.result]);
                }
                Expr::Literal(_) | Expr::Struct(_) | Expr::Unspecified => {}
            }
        }
        found
    }

    /// True when that name stands alone somewhere, so that all of it is read.
    pub fn whole(&self, name: &str) -> bool {
        self.whole.iter().any(|whole| whole == name)
    }

    /// The fields of that name which are read by name.
    pub fn fields<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(of, _)| of == name)
            .map(|(_, field)| field.as_str())
    }

    /// True when anything of that name is read.
    pub fn reads(&self, name: &str) -> bool {
        self.whole(name) || self.fields.iter().any(|(of, _)| of == name)
    }
}

#[cfg(test)]
mod tests {
    use crate::definition::Expression;

    #[test]
    fn an_expression_knows_which_answers_it_reads() {
        let expression = Expression::new(
            "answers.pour == 'autre' && answers.membres.exists(m, m.age > settings.age) && size(form) > 0",
            1,
        );
        let mentions = expression.mentions();
        let mut fields: Vec<_> = mentions.fields("answers").collect();
        fields.sort_unstable();
        assert_eq!(fields, ["membres", "pour"]);
        assert!(!mentions.whole("answers"));
        assert!(mentions.whole("form") && mentions.reads("settings"));
        assert!(!mentions.reads("chosen"));
        let whole = Expression::new("answers['pour'] == 'autre'", 1);
        assert!(whole.mentions().whole("answers"));
        assert!(!Expression::new("1 +", 1).mentions().reads("answers"));
    }
}
