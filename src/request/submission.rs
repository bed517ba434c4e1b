//! Submission: a draft whose every answer is in order becomes a request, once. Reference, answers,
//! route, deadline, event, receipt and notices are written in one transaction; a double click, a resent
//! form or a retry finds the request that is already there.

use super::attachment;
use super::draft::Draft;
use super::paper::RECEIPT;
use super::{Confirmed, Facts, Request, SaveError, search};
use crate::audit::{self, Actor, Chain, Fact};
use crate::db::schema::{drafts, requests};
use crate::db::{self, At, Doc, Id, Stored, Tx};
use crate::form::Complete;
use crate::job::Recipient;
use crate::secret::{self, Purpose};
use crate::site::Site;
use crate::site::shelf::Published;
use crate::workflow::{self, Effect, Moment};
use diesel::prelude::*;
use std::sync::Arc;

/// Everything a submission needs, made ready before the transaction.
pub struct Submission {
    pub site: Arc<Site>,
    pub draft: Draft,
    pub published: Arc<Published>,
    pub complete: Complete,
}

/// Why a draft was not submitted.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The draft changed, or was taken away, since it was read.
    #[error("the draft changed in the meantime")]
    Overtaken,
    /// The workflow or the route names something that does not exist; the check refuses such a
    /// definition before it is published.
    #[error("the definition cannot be followed: {0}")]
    Definition(String),
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<SaveError> for SubmitError {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Overtaken => Self::Overtaken,
            SaveError::Db(error) => Self::Db(error),
        }
    }
}
impl From<diesel::result::Error> for SubmitError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

impl Submission {
    /// Makes the request, or finds the one this draft became. Answers its id.
    pub fn submit(self, tx: &mut Tx) -> Result<Id, SubmitError> {
        let id = tx.new_id();
        // Whoever takes the draft first makes the request; on PostgreSQL a second caller waits here
        // for the first and then finds the row taken.
        let open = drafts::table
            .find(self.draft.id)
            .filter(drafts::request_id.is_null())
            .filter(drafts::revision.eq(self.draft.revision));
        let taken = diesel::update(open)
            .set((
                drafts::request_id.eq(Some(id)),
                drafts::answers.eq(Doc::empty()),
                drafts::typed.eq(Doc::empty()),
            ))
            .execute(tx.conn())?;
        if taken == 0 {
            return self.already(tx);
        }
        self.write(tx, id)?;
        Ok(id)
    }

    fn already(&self, tx: &mut Tx) -> Result<Id, SubmitError> {
        let became: Option<Option<Id>> = drafts::table
            .find(self.draft.id)
            .select(drafts::request_id)
            .first(tx.conn())
            .optional()?;
        became.flatten().ok_or(SubmitError::Overtaken)
    }

    fn write(&self, tx: &mut Tx, id: Id) -> Result<(), SubmitError> {
        let site = &self.site;
        let route = self.complete.route();
        let service = site
            .service(&route.service)
            .ok_or_else(|| SubmitError::Definition(format!("service {}", route.service)))?;
        let calendar = site.calendar(&service.authority);
        let moment = Moment {
            now: tx.now().0,
            calendar,
        };
        let step = workflow::initial(self.published.workflow(), &route.service, moment)
            .map_err(|refused| SubmitError::Definition(refused.to_string()))?;
        let mut request = self.row(tx, id, &service.authority)?;
        request.enter(&step.state);
        let fact = Fact::public(
            "step",
            serde_json::to_value(&step.event).unwrap_or_default(),
        );
        let mut chain = Chain::default();
        let event = audit::next(tx, id, &mut chain, &Actor::Citizen, fact);
        (request.event_count, request.head_hash) = (chain.count, chain.head);
        // The row first: its event points at it.
        diesel::insert_into(requests::table)
            .values(&request)
            .execute(tx.conn())?;
        audit::keep(tx, &event)?;
        search::file(tx, &search::keys(&request))?;
        let files = self.complete.answers().files();
        let files: Vec<Id> = files.iter().filter_map(|f| Id::parse(&f.id)).collect();
        attachment::hand_over(tx, self.draft.id, id, &files)?;
        let title = "Accusé de réception";
        request.make_paper(tx, &site.key, RECEIPT, title, Doc::empty(), None)?;
        for effect in &step.effects {
            if let Effect::StartTimers(timers) = effect {
                request.start_timers(tx, timers)?;
            }
        }
        request.mail(tx, "receipt", Recipient::Citizen, format!("receipt:{id}"))?;
        request.mail(
            tx,
            "new_request",
            Recipient::Service,
            format!("new_request:{id}"),
        )?;
        // Who reads the log stands outside the wall: nothing tells a social request from another.
        tracing::info!(request = %id, "submitted");
        Ok(())
    }

    fn row(&self, tx: &mut Tx, id: Id, authority: &str) -> Result<Request, SubmitError> {
        let definition = &self.published.definition;
        let procedure = self.published.procedure();
        let social = definition.is_social_at(&self.site.file, &self.complete.route().service);
        let complete = &self.complete;
        let mut facts = Facts {
            because: complete.route().because.clone(),
            ..Facts::default()
        };
        facts.charge(complete.fee());
        let warnings = self.complete.warnings();
        facts.confirmed = Confirmed::of(&procedure.form, warnings, &self.draft.language);
        let mut request = Request {
            id,
            reference: fresh_reference(tx)?,
            code_hash: self.site.key.code(Purpose::Tracking, id).hash(),
            procedure_id: procedure.id.to_string(),
            version_id: self.published.version,
            title: procedure.title.get(&self.draft.language).to_owned(),
            kind: serde_json::to_value(procedure.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            authority: authority.to_owned(),
            service: complete.route().service.clone(),
            secrecy: if social { "social" } else { "open" }.to_owned(),
            language: self.draft.language.clone(),
            status: String::new(),
            status_at: tx.now(),
            assignee: None,
            applicant: String::new(),
            email: None,
            phone: None,
            answers: Stored(complete.answers().clone()),
            facts: Stored(facts),
            submitted_at: tx.now(),
            updated_at: tx.now(),
            due_on: complete.due(),
            paused_since: None,
            pauses: Stored(Vec::new()),
            closed_at: None::<At>,
            outcome: None,
            event_count: 0,
            head_hash: String::new(),
            sealed_count: 0,
            answered_at: None,
            urgent: complete.urgent(),
            revision: 0,
        };
        request.name(complete.applicant());
        Ok(request)
    }
}

/// A reference nobody has. Twelve thousand million are possible; a few tries are plenty.
fn fresh_reference(tx: &mut Tx) -> Result<String, SubmitError> {
    for _ in 0..8 {
        let reference = secret::reference(&tx.secret());
        let held: i64 = requests::table
            .filter(requests::reference.eq(&reference))
            .count()
            .get_result(tx.conn())?;
        if held == 0 {
            return Ok(reference);
        }
    }
    Err(SubmitError::Definition("no free reference".to_owned()))
}
