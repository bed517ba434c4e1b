//! Submission: a draft whose every answer is in order becomes a request, once. Reference, answers,
//! route, deadline, event, receipt and notices are written in one transaction; a double click, a resent
//! form or a retry finds the request that is already there.

use super::attachment;
use super::draft::Draft;
use super::paper::RECEIPT;
use super::{Facts, Request, SaveError, search_key};
use crate::audit::{Actor, Fact};
use crate::db::schema::{drafts, requests};
use crate::db::{self, At, Doc, Id, Tx};
use crate::definition::Secrecy;
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
        let procedure = self.published.procedure();
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
        // The row first: its events point at it.
        diesel::insert_into(requests::table)
            .values(&request)
            .execute(tx.conn())?;
        let event = serde_json::to_value(&step.event).unwrap_or_default();
        request.record(tx, &Actor::Citizen, Fact::public("step", event))?;
        attachment::hand_over(tx, self.draft.id, id)?;
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
        diesel::update(requests::table.find(id))
            .set((
                requests::event_count.eq(request.event_count),
                requests::head_hash.eq(&request.head_hash),
            ))
            .execute(tx.conn())?;
        // Who reads the log stands outside the wall: of a social request it has the number alone.
        if request.is_social() {
            tracing::info!(request = %id, "submitted");
        } else {
            tracing::info!(request = %id, procedure = %procedure.id, "submitted");
        }
        Ok(())
    }

    fn row(&self, tx: &mut Tx, id: Id, authority: &str) -> Result<Request, SubmitError> {
        let definition = &self.published.definition;
        let procedure = self.published.procedure();
        // Social when the procedure says so or the service's house does: whichever is stricter.
        let social = definition.secrecy(&self.site.file) == Secrecy::Social
            || self.site.is_social(&self.complete.route().service);
        let complete = &self.complete;
        let facts = Facts {
            because: complete.route().because.clone(),
            fee: complete
                .fee()
                .lines
                .iter()
                .map(|l| (l.label.clone(), l.cents))
                .collect(),
            total: complete.fee().total,
            ..Facts::default()
        };
        Ok(Request {
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
            applicant: complete.applicant().name.clone(),
            applicant_key: search_key(&complete.applicant().name),
            email: given(&complete.applicant().email),
            phone: given(&complete.applicant().phone),
            answers: Doc(complete.answers().to_json()),
            facts: Doc::of(&facts),
            submitted_at: tx.now(),
            updated_at: tx.now(),
            due_on: complete.due(),
            paused_since: None,
            pauses: Doc(serde_json::Value::Array(Vec::new())),
            closed_at: None::<At>,
            outcome: None,
            event_count: 0,
            head_hash: String::new(),
            sealed_count: 0,
            answered_at: None,
            revision: 0,
        })
    }
}

/// What was given; a blank answer is nothing.
fn given(text: &str) -> Option<String> {
    Some(text.trim())
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
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
