//! Sealing: from time to time the heads of the chains that grew are written together, and the seals
//! themselves form one chain. No lock is taken on the way of a request.

use super::digest;
use crate::db::schema::{requests, seal_heads, seals};
use crate::db::{At, Id, Tx};
use crate::on_backend;
use diesel::prelude::*;

/// Most heads in one seal; the job runs again at once while there are more.
pub const MOST: i64 = 5_000;

/// One seal of the site's chain.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = seals)]
pub struct Seal {
    /// Its place in the chain, from 1.
    pub seq: i64,
    pub at: At,
    /// How many heads it holds.
    pub heads: i32,
    /// Digest of its heads, in order of request.
    pub digest: String,
    pub prev_hash: String,
    pub hash: String,
}

/// The head of one request's chain, as it was sealed.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = seal_heads)]
pub struct Head {
    pub seal_seq: i64,
    pub request_id: Id,
    pub event_seq: i32,
    pub hash: String,
}

impl Seal {
    /// The hash of a seal: over its place, moment, number of heads, digest and the seal before.
    pub fn computed_hash(&self) -> String {
        let parts = [
            self.prev_hash.clone(),
            self.seq.to_string(),
            self.at.0.timestamp_micros().to_string(),
            self.heads.to_string(),
            self.digest.clone(),
        ];
        digest(parts.iter().map(String::as_str))
    }
}

/// The digest of heads, which must be in order of request.
pub fn digest_of(heads: &[Head]) -> String {
    let parts: Vec<String> = heads
        .iter()
        .flat_map(|h| {
            [
                h.request_id.to_string(),
                h.event_seq.to_string(),
                h.hash.clone(),
            ]
        })
        .collect();
    digest(parts.iter().map(String::as_str))
}

/// Seals the heads that changed since they were last sealed; `None` when nothing changed. Two
/// instances that seal at once collide on the seal's place, and one of them fails and tries again.
pub fn seal(tx: &mut Tx) -> QueryResult<Option<Seal>> {
    let grown: Vec<(Id, i32, String)> = requests::table
        .filter(requests::event_count.gt(requests::sealed_count))
        .order(requests::id.asc())
        .limit(MOST)
        .select((requests::id, requests::event_count, requests::head_hash))
        .load(tx.conn())?;
    let seal = set(tx, grown.clone())?;
    for (request, count, _) in &grown {
        diesel::update(requests::table.find(request))
            .set(requests::sealed_count.eq(count))
            .execute(tx.conn())?;
    }
    Ok(seal)
}

/// Writes a seal over these heads (request, number of events, hash of the last); `None` without any.
/// The caller notes with each request how far it is sealed.
pub(crate) fn set(tx: &mut Tx, mut grown: Vec<(Id, i32, String)>) -> QueryResult<Option<Seal>> {
    if grown.is_empty() {
        return Ok(None);
    }
    grown.sort_unstable();
    let last: Option<Seal> = seals::table
        .order(seals::seq.desc())
        .select(Seal::as_select())
        .first(tx.conn())
        .optional()?;
    let seq = last.as_ref().map_or(1, |seal| seal.seq + 1);
    let heads: Vec<Head> = grown
        .into_iter()
        .map(|(request_id, event_seq, hash)| Head {
            seal_seq: seq,
            request_id,
            event_seq,
            hash,
        })
        .collect();
    let mut seal = Seal {
        seq,
        at: tx.now(),
        heads: i32::try_from(heads.len()).unwrap_or(i32::MAX),
        digest: digest_of(&heads),
        prev_hash: last.map(|seal| seal.hash).unwrap_or_default(),
        hash: String::new(),
    };
    seal.hash = seal.computed_hash();
    diesel::insert_into(seals::table)
        .values(&seal)
        .execute(tx.conn())?;
    // SQLite takes at most 32 766 values in one statement.
    for part in heads.chunks(1_000) {
        on_backend!(tx.conn(), |c| diesel::insert_into(seal_heads::table)
            .values(part)
            .execute(c))?;
    }
    Ok(Some(seal))
}
