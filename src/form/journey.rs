//! The way through a form, derived from what was answered: which pages, which questions, what comes
//! next. Never stored.

use super::asked::Asked;
use super::problem::{Fault, FieldError};
use super::walk::{Walked, walk, walk_submitted};
use super::{Answers, Context, Typed};
use crate::definition::form::Page;
use crate::definition::{FieldType, Procedure, Scope};
use serde::Serialize;
use serde_json::Value as Json;

/// The way as it is for these answers on this day.
pub struct Journey<'d> {
    procedure: &'d Procedure,
    pages: Vec<SeenPage<'d>>,
    scope: Scope,
    stored: Answers,
}

/// A page on the way, with the questions that are asked on it.
pub struct SeenPage<'d> {
    page: &'d Page,
    pub(super) asked: Vec<Asked<'d>>,
    pub(super) faults: Vec<Fault>,
    pub(super) warnings: Vec<Fault>,
    /// The first optional question that was never put.
    pub(super) unseen: Option<Fault>,
}

/// Step `step` of `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    pub step: usize,
    pub of: usize,
}

/// Derives the way. Hidden questions are blank in expressions; their answers stay in storage.
pub fn journey<'d>(procedure: &'d Procedure, answers: &Answers, context: &Context) -> Journey<'d> {
    Journey::of(procedure, walk(procedure, answers, context, None))
}

impl<'d> Journey<'d> {
    pub(super) fn of(procedure: &'d Procedure, walked: Walked<'d>) -> Self {
        Self {
            procedure,
            pages: walked.pages,
            scope: walked.scope,
            stored: walked.merged,
        }
    }

    /// The way that was gone when a request was sent, from its final answers: for reading it again,
    /// whatever settings, options and days have become since.
    pub fn submitted(procedure: &'d Procedure, answers: &Answers, context: &Context) -> Self {
        Self::of(procedure, walk_submitted(procedure, answers, context))
    }

    /// What expressions read at the end of the way, to be read further with other names put in.
    pub fn into_scope(self) -> Scope {
        self.scope
    }

    /// The procedure it is a way through.
    pub fn procedure(&self) -> &'d Procedure {
        self.procedure
    }

    /// The pages, in order.
    pub fn pages(&self) -> &[SeenPage<'d>] {
        &self.pages
    }

    /// The page of that id, when it is on the way.
    pub fn page(&self, id: &str) -> Option<&SeenPage<'d>> {
        self.pages.iter().find(|page| page.id() == id)
    }

    /// The page after that one; `None` after the last (check-your-answers comes then).
    pub fn next(&self, id: &str) -> Option<&SeenPage<'d>> {
        self.pages.get(self.place(id)? + 1)
    }

    /// The page before that one; `None` before the first.
    pub fn previous(&self, id: &str) -> Option<&SeenPage<'d>> {
        self.pages.get(self.place(id)?.checked_sub(1)?)
    }

    /// The first page that is not complete: where to resume. `None` when it can be sent.
    pub fn first_incomplete(&self) -> Option<&SeenPage<'d>> {
        self.pages.iter().find(|page| !page.is_complete())
    }

    /// True when every page is complete.
    pub fn is_complete(&self) -> bool {
        self.first_incomplete().is_none()
    }

    /// True when every page before that one is complete.
    pub fn can_visit(&self, id: &str) -> bool {
        self.place(id)
            .is_some_and(|place| self.pages[..place].iter().all(SeenPage::is_complete))
    }

    /// « étape 2 sur 4 »; `None` for a page that is not on the way.
    pub fn progress(&self, id: &str) -> Option<Progress> {
        Some(Progress {
            step: self.place(id)? + 1,
            of: self.pages.len(),
        })
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.pages.iter().position(|page| page.id() == id)
    }

    /// Every visible field, in order.
    pub fn asked(&self) -> impl Iterator<Item = &Asked<'d>> {
        self.pages.iter().flat_map(|page| &page.asked)
    }

    /// The visible field of that id.
    pub fn asked_field(&self, id: &str) -> Option<&Asked<'d>> {
        self.asked().find(|asked| *asked.field.id == id)
    }

    /// The visible question that takes files under a dotted name: `plan`, `enfants.0.acte`. For an
    /// upload: where it may go, and how many ([`Asked::most_files`]) of what.
    pub fn files_question(&self, name: &str) -> Option<&Asked<'d>> {
        let mut parts = name.split('.');
        let asked = self.asked_field(parts.next()?)?;
        let asked = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => asked,
            (Some(index), Some(inner), None) => {
                index.parse::<usize>().ok().filter(|i| *i < asked.most())?;
                asked.inner.iter().find(|a| *a.field.id == inner)?
            }
            _ => return None,
        };
        (asked.field.field_type() == FieldType::Files).then_some(asked)
    }

    /// The answers as expressions see them: every field of the form, blank when hidden.
    pub fn answers(&self) -> &Json {
        self.scope.get("answers").unwrap_or(&Json::Null)
    }

    /// What expressions read at the end of the way.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The stored answers it was derived from.
    pub fn stored(&self) -> &Answers {
        &self.stored
    }

    /// What the controls of a page show when nothing was typed: stored answers, and the definition's
    /// proposals where there is none.
    pub fn shown(&self, asked: &[Asked<'_>]) -> Typed {
        Typed::shown(asked, &self.stored, &self.scope)
    }

    /// What is kept of a request once it is sent: the answers to what is asked and the computed
    /// values, and nothing that is hidden.
    pub fn final_answers(&self) -> Answers {
        let kept = self
            .asked()
            .filter(|asked| asked.field.field_type() != FieldType::Notice)
            .map(|asked| {
                let id = asked.field.id.to_string();
                let value = self.answers().get(&id).cloned().unwrap_or(Json::Null);
                (id, asked.without_hidden(value))
            });
        Answers::of(kept.collect())
    }
}

impl<'d> SeenPage<'d> {
    pub(super) fn of(page: &'d Page) -> Self {
        Self {
            page,
            asked: Vec::new(),
            faults: Vec::new(),
            warnings: Vec::new(),
            unseen: None,
        }
    }

    /// Its name in addresses.
    pub fn id(&self) -> &'d str {
        &self.page.id
    }

    /// As it is defined: title, introduction.
    pub fn page(&self) -> &'d Page {
        self.page
    }

    /// Its visible fields, in order.
    pub fn asked(&self) -> &[Asked<'d>] {
        &self.asked
    }

    /// True when it was passed and nothing on it is wrong.
    pub fn is_complete(&self) -> bool {
        self.faults.is_empty() && self.unseen.is_none()
    }

    /// What is wrong with its answers, empty for a page that only was never passed.
    pub fn errors(&self) -> Vec<FieldError> {
        self.faults.iter().map(Fault::error).collect()
    }

    /// What the citizen was, or will be, asked to look at twice.
    pub fn warnings(&self) -> Vec<FieldError> {
        self.warnings.iter().map(Fault::error).collect()
    }
}
