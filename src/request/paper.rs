//! Papers: the receipt of a request and the documents a service issues. A paper is a row first, in the
//! transaction of the fact it follows from; a job prints it a moment later, and anybody can check it by
//! the code it carries.

use super::message::{self, Body};
use super::{Request, SaveError};
use crate::audit::{Actor, Fact};
use crate::db::schema::documents;
use crate::db::{At, Conn, Doc, Id, Tx};
use crate::job::{self, Job, Recipient};
use crate::secret::{Code, Key, Purpose};
use diesel::prelude::*;
use serde_json::json;

/// The template word of a receipt.
pub const RECEIPT: &str = "receipt";

/// A paper as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = documents)]
pub struct Paper {
    pub id: Id,
    pub request_id: Id,
    /// `receipt` or `issued`.
    pub kind: String,
    /// The id of the template in the procedure, or [`RECEIPT`].
    pub template: String,
    pub title: String,
    /// Hash of the verification code.
    code: String,
    /// What it is printed from beside the request: the small form of the transition.
    pub data: Doc,
    pub issued_at: At,
    /// The agent's name; none for a receipt.
    pub issued_by: Option<String>,
    /// The printed PDF; none until it is printed.
    pub sha256: Option<String>,
    pub size: Option<i64>,
    pub revoked_at: Option<At>,
    pub revoked_reason: Option<String>,
}

/// What the public page says of a code, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authenticity {
    Authentic,
    Revoked,
    Unknown,
}

impl Paper {
    /// The code printed on it.
    pub fn code(&self, key: &Key) -> Code {
        key.code(Purpose::Document, self.id)
    }

    /// True for a receipt.
    pub fn is_receipt(&self) -> bool {
        self.template == RECEIPT
    }
}

/// Whether a code stands on a paper we issued.
pub fn authenticity(conn: &mut Conn, code: &Code) -> QueryResult<Authenticity> {
    let revoked: Option<Option<At>> = documents::table
        .filter(documents::code.eq(code.hash()))
        .select(documents::revoked_at)
        .first(conn)
        .optional()?;
    Ok(match revoked {
        None => Authenticity::Unknown,
        Some(None) => Authenticity::Authentic,
        Some(Some(_)) => Authenticity::Revoked,
    })
}

/// The papers of a request, the oldest first.
pub fn of_request(conn: &mut Conn, request: Id) -> QueryResult<Vec<Paper>> {
    documents::table
        .filter(documents::request_id.eq(request))
        .order((documents::issued_at.asc(), documents::id.asc()))
        .select(Paper::as_select())
        .load(conn)
}

/// One paper of that request; nothing when it is another's.
pub fn find(conn: &mut Conn, request: Id, id: Id) -> QueryResult<Option<Paper>> {
    documents::table
        .find(id)
        .filter(documents::request_id.eq(request))
        .select(Paper::as_select())
        .first(conn)
        .optional()
}

/// The paper of that id, for the job that prints it.
pub fn for_system(conn: &mut Conn, id: Id) -> QueryResult<Option<Paper>> {
    documents::table
        .find(id)
        .select(Paper::as_select())
        .first(conn)
        .optional()
}

/// Notes that a paper was printed; the first print stands.
pub fn printed(tx: &mut Tx, id: Id, sha256: &str, size: u64) -> QueryResult<()> {
    let unprinted = documents::table
        .find(id)
        .filter(documents::sha256.is_null());
    diesel::update(unprinted)
        .set((
            documents::sha256.eq(Some(sha256)),
            documents::size.eq(Some(i64::try_from(size).unwrap_or(i64::MAX))),
        ))
        .execute(tx.conn())?;
    Ok(())
}

impl Request {
    /// Makes the row of a paper and the job that prints it.
    pub(super) fn make_paper(
        &self,
        tx: &mut Tx,
        key: &Key,
        template: &str,
        title: &str,
        data: Doc,
        by: Option<String>,
    ) -> QueryResult<Id> {
        let id = tx.new_id();
        let paper = Paper {
            id,
            request_id: self.id,
            kind: if template == RECEIPT {
                "receipt"
            } else {
                "issued"
            }
            .to_owned(),
            template: template.to_owned(),
            title: title.to_owned(),
            code: key.code(Purpose::Document, id).hash(),
            data,
            issued_at: tx.now(),
            issued_by: by,
            sha256: None,
            size: None,
            revoked_at: None,
            revoked_reason: None,
        };
        diesel::insert_into(documents::table)
            .values(&paper)
            .execute(tx.conn())?;
        let now = tx.now();
        let once = Some(format!("print:{id}"));
        job::enqueue(tx, &Job::Print { document: id }, &self.origin(), now, once)?;
        Ok(id)
    }

    /// Declares one issued document no longer valid, and writes to the citizen why. A second time changes
    /// nothing.
    pub fn revoke_paper(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        id: Id,
        reason: &Body,
    ) -> Result<(), SaveError> {
        let Some(paper) = find(tx.conn(), self.id, id)? else {
            return Ok(());
        };
        if paper.is_receipt() || paper.revoked_at.is_some() {
            return Ok(());
        }
        let why = reason.to_string();
        diesel::update(documents::table.find(id))
            .set((
                documents::revoked_at.eq(Some(tx.now())),
                documents::revoked_reason.eq(Some(&why)),
            ))
            .execute(tx.conn())?;
        let title = paper.title;
        let words = format!("Le document «\u{a0}{title}\u{a0}» est annulé. Raison\u{a0}: {why}");
        let data = json!({ "document": id, "title": title, "reason": why });
        self.note(tx, actor, Fact::public("revoked", data))?;
        if let Ok(words) = Body::parse(&words) {
            let message = message::keep(tx, self.id, actor, words, false)?;
            let once = format!("message:{message}");
            self.mail(tx, "message", Recipient::Citizen, once)?;
        }
        Ok(())
    }

    /// Declares the issued documents of this request no longer valid.
    pub(super) fn revoke_papers(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        reason: &str,
    ) -> Result<(), SaveError> {
        let valid = documents::table
            .filter(documents::request_id.eq(self.id))
            .filter(documents::kind.eq("issued"))
            .filter(documents::revoked_at.is_null());
        let revoked = diesel::update(valid)
            .set((
                documents::revoked_at.eq(Some(tx.now())),
                documents::revoked_reason.eq(Some(reason)),
            ))
            .execute(tx.conn())?;
        if revoked > 0 {
            self.record(
                tx,
                actor,
                Fact::public("revoked", json!({ "documents": revoked })),
            )?;
        }
        Ok(())
    }
}
