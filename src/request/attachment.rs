//! Files that go with a draft or a request. The bytes lie in the blob store under their SHA-256; this
//! row says whose they are and what they were called.

use crate::blob::Stored;
use crate::db::schema::attachments;
use crate::db::{At, Conn, Id, Tx};
use diesel::prelude::*;
use std::collections::HashSet;

/// A file as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Identifiable)]
#[diesel(table_name = attachments)]
pub struct Attachment {
    pub id: Id,
    pub draft_id: Option<Id>,
    pub request_id: Option<Id>,
    /// The field it answers, dotted in groups.
    pub field: String,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Hexadecimal; the name of the blob.
    pub sha256: String,
    pub created_at: At,
}

/// Where a file belongs.
#[derive(Clone, Copy, Debug)]
pub enum Owner {
    Draft(Id),
    Request(Id),
}

/// Notes a file that was received and stored.
pub fn add(tx: &mut Tx, owner: Owner, field: &str, stored: &Stored) -> QueryResult<Attachment> {
    let (draft_id, request_id) = match owner {
        Owner::Draft(id) => (Some(id), None),
        Owner::Request(id) => (None, Some(id)),
    };
    let attachment = Attachment {
        id: tx.new_id(),
        draft_id,
        request_id,
        field: field.to_owned(),
        name: stored.name.clone(),
        media_type: stored.kind.media_type().to_owned(),
        size: i64::try_from(stored.size).unwrap_or(i64::MAX),
        sha256: stored.digest.to_string(),
        created_at: tx.now(),
    };
    diesel::insert_into(attachments::table)
        .values(&attachment)
        .execute(tx.conn())?;
    Ok(attachment)
}

/// How many files a draft or request holds.
pub fn count(conn: &mut Conn, owner: Owner) -> QueryResult<i64> {
    match owner {
        Owner::Draft(id) => attachments::table
            .filter(attachments::draft_id.eq(id))
            .count()
            .get_result(conn),
        Owner::Request(id) => attachments::table
            .filter(attachments::request_id.eq(id))
            .count()
            .get_result(conn),
    }
}

/// The files of a draft or request, the oldest first.
pub fn of(conn: &mut Conn, owner: Owner) -> QueryResult<Vec<Attachment>> {
    let query = attachments::table
        .order((attachments::created_at.asc(), attachments::id.asc()))
        .into_boxed();
    match owner {
        Owner::Draft(id) => query.filter(attachments::draft_id.eq(id)),
        Owner::Request(id) => query.filter(attachments::request_id.eq(id)),
    }
    .select(Attachment::as_select())
    .load(conn)
}

/// One file of that owner; nothing when it is another's.
pub fn find(conn: &mut Conn, owner: Owner, id: Id) -> QueryResult<Option<Attachment>> {
    let query = attachments::table
        .filter(attachments::id.eq(id))
        .into_boxed();
    match owner {
        Owner::Draft(draft) => query.filter(attachments::draft_id.eq(draft)),
        Owner::Request(request) => query.filter(attachments::request_id.eq(request)),
    }
    .select(Attachment::as_select())
    .first(conn)
    .optional()
}

/// Takes a draft's file away. A sent request's files stay.
pub fn remove(tx: &mut Tx, draft: Id, id: Id) -> QueryResult<bool> {
    let own = attachments::table
        .find(id)
        .filter(attachments::draft_id.eq(draft));
    Ok(diesel::delete(own).execute(tx.conn())? == 1)
}

/// Gives the files that answer something to the request the draft became. The others, of questions that
/// are not asked any more, are nobody's business and go.
pub(super) fn hand_over(tx: &mut Tx, draft: Id, request: Id, answering: &[Id]) -> QueryResult<()> {
    if !answering.is_empty() {
        let kept = attachments::table
            .filter(attachments::draft_id.eq(draft))
            .filter(attachments::id.eq_any(answering));
        diesel::update(kept)
            .set((
                attachments::draft_id.eq(None::<Id>),
                attachments::request_id.eq(Some(request)),
            ))
            .execute(tx.conn())?;
    }
    diesel::delete(attachments::table.filter(attachments::draft_id.eq(draft)))
        .execute(tx.conn())?;
    Ok(())
}

/// Those of these blobs that some file, or some document, still uses.
pub fn blobs_in_use(conn: &mut Conn, blobs: &[String]) -> QueryResult<HashSet<String>> {
    use crate::db::schema::documents;
    let mut used: HashSet<String> = attachments::table
        .filter(attachments::sha256.eq_any(blobs))
        .select(attachments::sha256)
        .load(conn)?
        .into_iter()
        .collect();
    let papers: Vec<Option<String>> = documents::table
        .filter(documents::sha256.eq_any(blobs))
        .select(documents::sha256)
        .load(conn)?;
    used.extend(papers.into_iter().flatten());
    Ok(used)
}
