//! Putting shared parts in their place: a group's fields where `use` stands, a registry's options in a
//! choice, a procedure's own transitions in its workflow. What comes out stands by itself, with the
//! files it was made of.

use super::{
    GROUPS, REGISTRIES, WORKFLOWS, is_filled_in, read_group, read_registry, read_workflow,
};
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::field::{Field, FieldType, Origin};
use crate::definition::library::{Definition, Source};
use crate::definition::procedure::Procedure;
use crate::definition::site::{Group, Registry};
use crate::definition::workflow::Workflow;
use crate::definition::{Expression, Located};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Groups inside groups are unfolded this deep.
const MAX_NESTING: usize = 4;

/// The shared parts of a library, by id; `None` for one that could not be read.
#[derive(Default)]
pub struct Parts {
    groups: BTreeMap<String, Part<Group>>,
    registries: BTreeMap<String, Part<Registry>>,
    workflows: BTreeMap<String, Part<Workflow>>,
}

struct Part<T> {
    source: Source,
    value: Option<T>,
}

impl Parts {
    /// Reads one file of `shared/`; gives what is wrong with it.
    pub fn read(&mut self, source: Source) -> Option<Defect> {
        if source.path.starts_with(GROUPS) {
            keep(&mut self.groups, source, read_group)
        } else if source.path.starts_with(REGISTRIES) {
            keep(&mut self.registries, source, read_registry)
        } else if source.path.starts_with(WORKFLOWS) {
            keep(&mut self.workflows, source, read_workflow)
        } else {
            let message = "Aucune définition ne se range ici";
            let defect = Defect::new(&source.path, 0, DefectKind::FileName, message);
            Some(defect.suggest(format!(
                "Rangez ce fichier dans {GROUPS}, {REGISTRIES} ou {WORKFLOWS}"
            )))
        }
    }

    /// The registries that could be read.
    pub fn registries(&self) -> Vec<Registry> {
        let parts = self.registries.values();
        parts.filter_map(|part| part.value.clone()).collect()
    }
}

fn keep<T>(
    parts: &mut BTreeMap<String, Part<T>>,
    source: Source,
    read: impl Fn(&Source) -> Result<T, Defect>,
) -> Option<Defect> {
    let read = read(&source);
    let id = super::stem(&source.path).to_owned();
    let (value, defect) = match read {
        Ok(value) => (Some(value), None),
        Err(defect) => (None, Some(defect)),
    };
    parts.insert(id, Part { source, value });
    defect
}

/// A procedure with everything it names put in its place.
pub fn resolve(
    mut procedure: Procedure,
    source: Source,
    parts: &Parts,
) -> Result<Definition, Vec<Defect>> {
    let mut resolver = Resolver {
        parts,
        path: source.path.clone(),
        sources: vec![source],
        defects: Vec::new(),
    };
    for page in &mut procedure.form.pages {
        page.fields = resolver.fields(std::mem::take(&mut page.fields), None, 0);
    }
    let workflow = resolver.workflow(&mut procedure);
    match workflow {
        Some(workflow) if resolver.defects.is_empty() => Ok(Definition {
            procedure: Arc::new(procedure),
            workflow: Arc::new(workflow),
            sources: Arc::new(resolver.sources),
        }),
        _ => Err(resolver.defects),
    }
}

struct Resolver<'a> {
    parts: &'a Parts,
    path: String,
    sources: Vec<Source>,
    defects: Vec<Defect>,
}

impl Resolver<'_> {
    /// The fields, groups unfolded and options fetched. `file`: where they are written, when that is
    /// not the procedure.
    fn fields(&mut self, fields: Vec<Field>, file: Option<&Arc<str>>, depth: usize) -> Vec<Field> {
        let mut done = Vec::with_capacity(fields.len());
        for mut field in fields {
            field.origin = Origin {
                file: file.cloned(),
                condition: None,
            };
            if let Some(registry) = &field.from
                && field.options.is_empty()
                && !is_filled_in(registry)
                && let Some(part) = self.find(&self.parts.registries, registry, file, &REGISTRY)
            {
                field.options.clone_from(&part.options);
            }
            match (&field.use_group, field.kind) {
                (None, _) => {
                    field.fields = self.fields(field.fields, file, depth);
                    done.push(field);
                }
                (Some(name), kind) => {
                    let name = name.clone();
                    if depth == MAX_NESTING {
                        self.too_deep(&name, file);
                        continue;
                    }
                    let Some(group) = self.find(&self.parts.groups, &name, file, &GROUP) else {
                        continue;
                    };
                    let written: Arc<str> = Arc::from(format!("{GROUPS}{}.yaml", *name));
                    let inner = self.fields(group.fields.clone(), Some(&written), depth + 1);
                    if kind == Some(FieldType::Group) {
                        field.fields.extend(inner);
                        done.push(field);
                    } else {
                        self.nothing_beside_use(&field, &name, file);
                        let inner = inner
                            .into_iter()
                            .map(|inner| under(inner, field.when.as_ref(), file, &self.path));
                        done.extend(inner);
                    }
                }
            }
        }
        done
    }

    /// A group put in place has no name, words or type of its own.
    fn nothing_beside_use(
        &mut self,
        field: &Field,
        name: &Located<String>,
        file: Option<&Arc<str>>,
    ) {
        if field.id.is_empty() && field.label.is_empty() && field.kind.is_none() {
            return;
        }
        let file = file.map_or(self.path.as_str(), AsRef::as_ref);
        let message = format!(
            "« use: {name} » met les questions du groupe à cette place : elle n’a ni id, ni type, ni intitulé"
        );
        self.defects.push(
            Defect::new(file, name.line(), DefectKind::UnsuitedKey, message).suggest(
                "Retirez ces clés, ou écrivez « type: group » pour un groupe qui se répète",
            ),
        );
    }

    fn too_deep(&mut self, name: &Located<String>, file: Option<&Arc<str>>) {
        let file = file.map_or(self.path.as_str(), AsRef::as_ref);
        let message = format!("Le groupe « {name} » se contient lui-même");
        let defect = Defect::new(file, name.line(), DefectKind::NestedGroup, message);
        self.defects.push(defect);
    }

    /// The shared workflow with the procedure's own transitions.
    fn workflow(&mut self, procedure: &mut Procedure) -> Option<Workflow> {
        let parts = self.parts;
        let shared = self.find(&parts.workflows, &procedure.workflow, None, &WORKFLOW)?;
        let mut workflow = shared.clone();
        let written: Arc<str> = Arc::from(format!("{WORKFLOWS}{}.yaml", *procedure.workflow));
        for transition in &mut workflow.transitions {
            let form = std::mem::take(&mut transition.form);
            transition.form = self.fields(form, Some(&written), 0);
        }
        for transition in &mut procedure.transitions {
            let form = std::mem::take(&mut transition.form);
            transition.form = self.fields(form, None, 0);
        }
        for own in &procedure.transitions {
            let same = workflow.transitions.iter_mut().find(|t| t.id == own.id);
            match same {
                Some(shared) => *shared = own.clone(),
                None => workflow.transitions.push(own.clone()),
            }
        }
        Some(workflow)
    }

    /// The part of that name, its file noted among the sources.
    fn find<'p, T>(
        &mut self,
        parts: &'p BTreeMap<String, Part<T>>,
        name: &Located<String>,
        file: Option<&Arc<str>>,
        words: &Words,
    ) -> Option<&'p T> {
        let file = file.map_or(self.path.as_str(), AsRef::as_ref);
        let defect = |kind, message: String| Defect::new(file, name.line(), kind, message);
        match parts.get(name.as_str()) {
            Some(Part {
                source,
                value: Some(value),
            }) => {
                if !self.sources.iter().any(|known| known.path == source.path) {
                    self.sources.push(source.clone());
                }
                Some(value)
            }
            Some(Part { source, .. }) => {
                let message = format!("{} « {name} » ne peut pas être lu", words.the);
                let advice = format!("Corrigez d’abord {}", source.path);
                self.defects
                    .push(defect(DefectKind::BrokenPart, message).suggest(advice));
                None
            }
            None => {
                let message = format!("{} « {name} » n’existe pas", words.the);
                let known = parts.keys().map(String::as_str);
                self.defects
                    .push(defect(words.unknown, message).did_you_mean(name, known));
                None
            }
        }
    }
}

/// How a kind of part is spoken of.
struct Words {
    the: &'static str,
    unknown: DefectKind,
}

const GROUP: Words = Words {
    the: "Le groupe",
    unknown: DefectKind::UnknownGroup,
};
const REGISTRY: Words = Words {
    the: "Le registre",
    unknown: DefectKind::UnknownRegistry,
};
const WORKFLOW: Words = Words {
    the: "Le parcours",
    unknown: DefectKind::UnknownWorkflow,
};

/// A field of a group put in place under the condition written beside `use`.
fn under(
    mut field: Field,
    when: Option<&Expression>,
    file: Option<&Arc<str>>,
    procedure: &str,
) -> Field {
    let Some(outer) = when else {
        return field;
    };
    field.when = Some(match &field.when {
        None => outer.clone(),
        Some(inner) => {
            let both = format!("({}) && ({})", outer.source(), inner.source());
            Expression::new(&both, outer.line())
        }
    });
    field.origin.condition = Some(file.map_or_else(|| Arc::from(procedure), Arc::clone));
    field
}
