//! Writing a request over the row it was read from. A step writes what a step can change; something noted
//! beside it, a message or a reading, writes the new end of the chain alone. Neither touches what never
//! changes, nor what the seal keeps. Whoever read an older row is told so.

use super::{Facts, Request, SaveError};
use crate::audit::{Actor, Fact};
use crate::calendar::Pause;
use crate::db::schema::requests;
use crate::db::{At, Id, Stored, Tx};
use crate::form::Answers;
use chrono::NaiveDate;
use diesel::prelude::*;

/// What any change leaves: where the chain ends now.
#[derive(AsChangeset)]
#[diesel(table_name = requests)]
struct End<'a> {
    event_count: i32,
    head_hash: &'a str,
    updated_at: At,
    revision: i32,
}

/// Whose turn it is. Written only when it passed: an index leans on it.
#[derive(AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
struct Turn {
    answered_at: Option<At>,
}

/// What a step can change beside that.
#[derive(AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
struct Stand<'a> {
    authority: &'a str,
    service: &'a str,
    secrecy: &'a str,
    status: &'a str,
    status_at: At,
    assignee: Option<Id>,
    applicant: &'a str,
    email: Option<String>,
    phone: Option<String>,
    urgent: bool,
    answers: &'a Stored<Answers>,
    facts: &'a Stored<Facts>,
    due_on: NaiveDate,
    paused_since: Option<NaiveDate>,
    pauses: &'a Stored<Vec<Pause>>,
    closed_at: Option<At>,
    outcome: Option<String>,
}

impl Request {
    /// Records an event that changes nothing else of the request, and writes only that.
    pub(super) fn note(&mut self, tx: &mut Tx, actor: &Actor, fact: Fact) -> Result<(), SaveError> {
        let before = self.answered_at;
        self.record(tx, actor, fact)?;
        let passed = self.answered_at != before;
        let read = self.turn_page(tx);
        let row = requests::table
            .filter(requests::id.eq(self.id))
            .filter(requests::revision.eq(read));
        let turn = passed.then(|| self.turn());
        let written = diesel::update(row)
            .set((self.end(), turn))
            .execute(tx.conn())?;
        only_one(written)
    }

    /// Writes a step over the row the request was read from.
    pub(super) fn save(&mut self, tx: &mut Tx) -> Result<(), SaveError> {
        let read = self.turn_page(tx);
        let row = requests::table
            .filter(requests::id.eq(self.id))
            .filter(requests::revision.eq(read));
        let all = (self.end(), self.turn(), self.stand());
        let written = diesel::update(row).set(all).execute(tx.conn())?;
        only_one(written)
    }

    /// Takes the next revision; answers the one that was read.
    fn turn_page(&mut self, tx: &Tx) -> i32 {
        let read = self.revision;
        self.revision += 1;
        self.updated_at = tx.now();
        read
    }

    fn end(&self) -> End<'_> {
        End {
            event_count: self.event_count,
            head_hash: &self.head_hash,
            updated_at: self.updated_at,
            revision: self.revision,
        }
    }

    fn turn(&self) -> Turn {
        Turn {
            answered_at: self.answered_at,
        }
    }

    fn stand(&self) -> Stand<'_> {
        Stand {
            authority: &self.authority,
            service: &self.service,
            secrecy: &self.secrecy,
            status: &self.status,
            status_at: self.status_at,
            assignee: self.assignee,
            applicant: &self.applicant,
            email: self.email.clone(),
            phone: self.phone.clone(),
            urgent: self.urgent,
            answers: &self.answers,
            facts: &self.facts,
            due_on: self.due_on,
            paused_since: self.paused_since,
            pauses: &self.pauses,
            closed_at: self.closed_at,
            outcome: self.outcome.clone(),
        }
    }
}

fn only_one(written: usize) -> Result<(), SaveError> {
    if written == 1 {
        Ok(())
    } else {
        Err(SaveError::Overtaken)
    }
}
