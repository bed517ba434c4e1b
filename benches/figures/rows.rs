//! The rows a submission leaves behind, and as many others like them as a bare program needs. Only the
//! tables' own columns are known here, none of the counter's verbs.

use diesel::prelude::*;
use perron::audit::Event;
use perron::clock::Clock;
use perron::db::schema::{documents, events, jobs, requests, search_keys, timers};
use perron::db::{At, Conn, Doc, Id};
use perron::{job, on_backend};

/// Everything one request writes.
#[derive(Clone)]
pub struct Rows {
    request: Request,
    keys: Vec<Key>,
    events: Vec<Event>,
    documents: Vec<Document>,
    timers: Vec<Timer>,
    jobs: Vec<job::Row>,
}

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = requests)]
struct Request {
    id: Id,
    reference: String,
    code_hash: String,
    procedure_id: String,
    version_id: Id,
    title: String,
    kind: String,
    authority: String,
    service: String,
    secrecy: String,
    language: String,
    status: String,
    status_at: At,
    assignee: Option<Id>,
    applicant: String,
    email: Option<String>,
    phone: Option<String>,
    answers: Doc,
    facts: Doc,
    submitted_at: At,
    updated_at: At,
    due_on: chrono::NaiveDate,
    paused_since: Option<chrono::NaiveDate>,
    pauses: Doc,
    closed_at: Option<At>,
    outcome: Option<String>,
    event_count: i32,
    head_hash: String,
    sealed_count: i32,
    answered_at: Option<At>,
    urgent: bool,
    revision: i32,
}

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = documents)]
struct Document {
    id: Id,
    request_id: Id,
    kind: String,
    template: String,
    title: String,
    code: String,
    data: Doc,
    issued_at: At,
    issued_by: Option<String>,
    sha256: Option<String>,
    size: Option<i64>,
    revoked_at: Option<At>,
    revoked_reason: Option<String>,
}

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = timers)]
#[expect(clippy::struct_field_names, reason = "as the table says")]
struct Timer {
    id: Id,
    request_id: Id,
    timer: String,
    status: String,
    since: At,
    due_at: At,
    done_at: Option<At>,
}

#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = search_keys)]
struct Key {
    request_id: Id,
    word: String,
    service: String,
    name: String,
}

impl Rows {
    /// Those of that request, the only one of its database.
    pub fn of(conn: &mut Conn, id: Id) -> Result<Self, perron::db::Error> {
        Ok(Self {
            request: requests::table
                .find(id)
                .select(Request::as_select())
                .first(conn)?,
            keys: search_keys::table
                .filter(search_keys::request_id.eq(id))
                .select(Key::as_select())
                .load(conn)?,
            events: perron::audit::of_request(conn, id)?,
            documents: documents::table
                .filter(documents::request_id.eq(id))
                .select(Document::as_select())
                .load(conn)?,
            timers: timers::table
                .filter(timers::request_id.eq(id))
                .select(Timer::as_select())
                .load(conn)?,
            jobs: jobs::table.select(job::Row::as_select()).load(conn)?,
        })
    }

    /// How many rows.
    pub fn count(&self) -> usize {
        let papers = self.documents.len() + self.timers.len() + self.jobs.len();
        1 + self.keys.len() + self.events.len() + papers
    }

    /// The same under other names.
    pub fn another(&self, clock: &Clock) -> Self {
        let mut rows = self.clone();
        let id = clock.new_id();
        let hash = || data_encoding::HEXLOWER.encode(&clock.secret());
        rows.request.id = id;
        rows.request.reference = perron::secret::reference(&clock.secret());
        rows.request.code_hash = hash();
        for key in &mut rows.keys {
            key.request_id = id;
        }
        for event in &mut rows.events {
            (event.id, event.request_id) = (clock.new_id(), id);
        }
        for document in &mut rows.documents {
            (document.id, document.request_id) = (clock.new_id(), id);
            document.code = hash();
        }
        for timer in &mut rows.timers {
            (timer.id, timer.request_id) = (clock.new_id(), id);
        }
        for job in &mut rows.jobs {
            job.id = clock.new_id();
            job.dedupe = Some(format!("{}:{id}", job.kind)).map(|name| name + &job.id.to_string());
        }
        rows
    }

    /// Inserts them, row by row as a program does.
    pub fn insert(&self, conn: &mut Conn) -> QueryResult<()> {
        on_backend!(conn, |c| diesel::insert_into(requests::table)
            .values(&self.request)
            .execute(c))?;
        for key in &self.keys {
            on_backend!(conn, |c| diesel::insert_into(search_keys::table)
                .values(key)
                .execute(c))?;
        }
        for event in &self.events {
            on_backend!(conn, |c| diesel::insert_into(events::table)
                .values(event)
                .execute(c))?;
        }
        for document in &self.documents {
            on_backend!(conn, |c| diesel::insert_into(documents::table)
                .values(document)
                .execute(c))?;
        }
        for timer in &self.timers {
            on_backend!(conn, |c| diesel::insert_into(timers::table)
                .values(timer)
                .execute(c))?;
        }
        for job in &self.jobs {
            on_backend!(conn, |c| diesel::insert_into(jobs::table)
                .values(job)
                .execute(c))?;
        }
        Ok(())
    }
}
