//! What one procedure's checks say, and the files they say it of.

use super::lines::Lines;
use crate::definition::defect::{Defect, DefectKind};
use crate::definition::library::Definition;
use crate::definition::load::WORKFLOWS;
use crate::definition::workflow::Transition;
use crate::definition::{Field, Procedure, Site, Workflow};

/// One procedure under examination.
pub struct Subject<'a> {
    pub definition: &'a Definition,
    pub procedure: &'a Procedure,
    pub workflow: &'a Workflow,
    pub site: &'a Site,
    /// Path of the procedure's file.
    pub path: &'a str,
    /// Path of its workflow's file.
    pub workflow_path: &'a str,
    /// Ids of all procedures of the library, also those that could not be read.
    pub procedures: &'a [String],
    defects: Vec<Defect>,
}

impl<'a> Subject<'a> {
    pub fn new(definition: &'a Definition, site: &'a Site, procedures: &'a [String]) -> Self {
        let mut sources = definition.sources.iter();
        let workflow = sources.find(|source| source.path.starts_with(WORKFLOWS));
        Self {
            definition,
            procedure: &definition.procedure,
            workflow: &definition.workflow,
            site,
            path: definition.path(),
            workflow_path: workflow.map_or(WORKFLOWS, |source| source.path.as_str()),
            procedures,
            defects: Vec::new(),
        }
    }

    /// Adds a defect that spoils this procedure.
    pub fn add(&mut self, defect: Defect) {
        self.defects.push(defect.concerning(self.path));
    }

    /// Adds a plain defect.
    pub fn say(&mut self, file: &str, line: u32, kind: DefectKind, message: impl AsRef<str>) {
        self.add(Defect::new(file, line, kind, message));
    }

    /// All that was said.
    pub fn into_defects(self) -> Vec<Defect> {
        self.defects
    }

    /// The lines of one of the procedure's files.
    pub fn lines(&self, file: &str) -> Lines<'a> {
        let mut sources = self.definition.sources.iter();
        let source = sources.find(|source| source.path == file);
        Lines::new(source.map_or("", |source| source.text.as_str()))
    }

    /// The line of a key beside an id.
    pub fn beside(&self, file: &str, line: u32, key: &str) -> u32 {
        self.lines(file).beside(line, key)
    }

    /// The line of a key of the procedure's own file.
    pub fn key(&self, keys: &[&str]) -> u32 {
        self.lines(self.path).path(keys)
    }

    /// The file a field is written in.
    pub fn file_of<'f>(&self, field: &'f Field) -> &'f str
    where
        'a: 'f,
    {
        field.origin.file.as_deref().unwrap_or(self.path)
    }

    /// The file the condition of a field is written in.
    pub fn file_of_condition<'f>(&self, field: &'f Field) -> &'f str
    where
        'a: 'f,
    {
        let condition = field.origin.condition.as_deref();
        condition.unwrap_or_else(|| self.file_of(field))
    }

    /// The file a transition is written in.
    pub fn file_of_transition(&self, transition: &Transition) -> &'a str {
        let own = &self.procedure.transitions;
        if own.iter().any(|own| own.id == transition.id) {
            self.path
        } else {
            self.workflow_path
        }
    }
}
