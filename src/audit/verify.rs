//! Checking the audit trail: every chain from its first event, every seal, and that each sealed head
//! is still where it was.

use super::Event;
use super::seal::{Head, Seal, digest_of};
use crate::db::schema::{events, requests, seal_heads, seals};
use crate::db::{Conn, Id};
use diesel::prelude::*;
use std::fmt;

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An event was changed: its hash is not that of its contents.
    EventChanged { request: Id, seq: i32 },
    /// An event is missing, added or out of order.
    ChainBroken { request: Id, seq: i32 },
    /// The request's own note of its chain's end is not the chain's end.
    HeadMoved { request: Id },
    /// A request that was sealed is gone.
    RequestGone { request: Id },
    /// The event that was sealed is gone or has another hash.
    SealedEventChanged { request: Id, seq: i32 },
    /// A seal was changed, or one is missing.
    SealBroken { seq: i64 },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EventChanged { request, seq } => {
                write!(f, "request {request}: event {seq} was changed")
            }
            Self::ChainBroken { request, seq } => {
                write!(f, "request {request}: the chain breaks at event {seq}")
            }
            Self::HeadMoved { request } => {
                write!(
                    f,
                    "request {request}: its last event is not the one it names"
                )
            }
            Self::RequestGone { request } => write!(f, "request {request}: sealed, and gone"),
            Self::SealedEventChanged { request, seq } => {
                write!(
                    f,
                    "request {request}: event {seq} is not the one that was sealed"
                )
            }
            Self::SealBroken { seq } => write!(f, "seal {seq}: changed or out of order"),
        }
    }
}

/// What was read, and what does not fit.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub requests: u64,
    pub events: u64,
    pub seals: u64,
    pub faults: Vec<Fault>,
}

/// Most faults listed; a torn database would fill the memory otherwise.
const MOST_FAULTS: usize = 1_000;
/// Requests read at a time.
const PAGE: i64 = 500;

/// Reads the whole trail in pages, in constant memory.
pub fn verify(conn: &mut Conn) -> QueryResult<Report> {
    let mut report = Report::default();
    requests_of(conn, &mut report)?;
    seals_of(conn, &mut report)?;
    report.faults.truncate(MOST_FAULTS);
    Ok(report)
}

fn requests_of(conn: &mut Conn, report: &mut Report) -> QueryResult<()> {
    let mut after: Option<Id> = None;
    loop {
        let mut query = requests::table
            .select((requests::id, requests::event_count, requests::head_hash))
            .order(requests::id.asc())
            .limit(PAGE)
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(requests::id.gt(after));
        }
        let page: Vec<(Id, i32, String)> = query.load(conn)?;
        let Some((last, ..)) = page.last() else {
            return Ok(());
        };
        after = Some(*last);
        let ids: Vec<Id> = page.iter().map(|(id, ..)| *id).collect();
        let mut trail: Vec<Event> = events::table
            .filter(events::request_id.eq_any(&ids))
            .select(Event::as_select())
            .load(conn)?;
        trail.sort_unstable_by_key(|event| (event.request_id, event.seq));
        for (id, count, head) in &page {
            let start = trail.partition_point(|event| event.request_id < *id);
            let chain = trail.get(start..).unwrap_or_default();
            let chain = chain
                .split(|event| event.request_id != *id)
                .next()
                .unwrap_or_default();
            chain_of(*id, chain, report);
            let end = chain.last().map(|event| (event.seq, event.hash.as_str()));
            if end != Some((*count, head.as_str())) {
                report.faults.push(Fault::HeadMoved { request: *id });
            }
            report.requests += 1;
        }
        if report.faults.len() > MOST_FAULTS {
            return Ok(());
        }
    }
}

fn chain_of(request: Id, chain: &[Event], report: &mut Report) {
    let mut prev = String::new();
    for (at, event) in chain.iter().enumerate() {
        report.events += 1;
        let expected = i32::try_from(at + 1).unwrap_or(i32::MAX);
        if event.seq != expected || event.prev_hash != prev {
            report.faults.push(Fault::ChainBroken {
                request,
                seq: event.seq,
            });
        }
        if event.computed_hash() != event.hash {
            report.faults.push(Fault::EventChanged {
                request,
                seq: event.seq,
            });
        }
        prev.clone_from(&event.hash);
    }
}

fn seals_of(conn: &mut Conn, report: &mut Report) -> QueryResult<()> {
    let (mut prev, mut seq) = (String::new(), 0_i64);
    loop {
        let next: Option<Seal> = seals::table
            .filter(seals::seq.gt(seq))
            .order(seals::seq.asc())
            .select(Seal::as_select())
            .first(conn)
            .optional()?;
        let Some(seal) = next else { return Ok(()) };
        let mut heads: Vec<Head> = seal_heads::table
            .filter(seal_heads::seal_seq.eq(seal.seq))
            .select(Head::as_select())
            .load(conn)?;
        heads.sort_unstable_by_key(|head| head.request_id);
        let whole = seal.seq == seq + 1
            && seal.prev_hash == prev
            && seal.digest == digest_of(&heads)
            && seal.hash == seal.computed_hash();
        if !whole {
            report.faults.push(Fault::SealBroken { seq: seal.seq });
        }
        for part in heads.chunks(500) {
            sealed_events(conn, part, report)?;
        }
        report.seals += 1;
        if report.faults.len() > MOST_FAULTS {
            return Ok(());
        }
        seq = seal.seq;
        prev = seal.hash;
    }
}

fn sealed_events(conn: &mut Conn, heads: &[Head], report: &mut Report) -> QueryResult<()> {
    let ids: Vec<Id> = heads.iter().map(|head| head.request_id).collect();
    let found: Vec<(Id, i32, String)> = events::table
        .filter(events::request_id.eq_any(&ids))
        .select((events::request_id, events::seq, events::hash))
        .load(conn)?;
    for head in heads {
        let mut of_request = found
            .iter()
            .filter(|(id, ..)| *id == head.request_id)
            .peekable();
        if of_request.peek().is_none() {
            report.faults.push(Fault::RequestGone {
                request: head.request_id,
            });
        } else if !of_request.any(|(_, seq, hash)| *seq == head.event_seq && *hash == head.hash) {
            report.faults.push(Fault::SealedEventChanged {
                request: head.request_id,
                seq: head.event_seq,
            });
        }
    }
    Ok(())
}
