//! A population desk and a social one, and what their members find there.

mod beside;
mod lists;
mod searching;

use super::*;
use crate::audit::Actor;
use crate::belgium::Email;
use crate::db::schema::{requests, search_keys, versions};
use crate::db::testing::Fresh;
use crate::db::{At, Doc, Error, Tx};
use crate::identity::membership::{self, Desk, Granter, Role};
use crate::identity::{Agent, AgentName, password};
use crate::request::search::{email_key, phone_key, search_key, words};
use diesel::prelude::*;
use std::sync::LazyLock;

static HASH: LazyLock<password::Hash> = LazyLock::new(|| {
    let password = password::Password::parse("cheval pile agrafe correct").unwrap();
    password::hash(&password, [3; 32]).unwrap()
});

/// A request of these tests: open, due in a month, in nobody's hands.
#[derive(Clone)]
struct Case {
    service: &'static str,
    reference: String,
    procedure: &'static str,
    status: &'static str,
    due_on: NaiveDate,
    applicant: String,
    assignee: Option<Id>,
    paused: bool,
    answered: Option<i64>,
    closed: Option<i64>,
    urgent: bool,
    email: Option<&'static str>,
    phone: Option<&'static str>,
}

impl Case {
    fn of(service: &'static str) -> Self {
        Self {
            service,
            reference: String::new(),
            procedure: "menage",
            status: "received",
            due_on: day("2026-04-02"),
            applicant: "Lambert Anne".to_owned(),
            assignee: None,
            paused: false,
            answered: None,
            closed: None,
            urgent: false,
            email: None,
            phone: None,
        }
    }

    fn due(mut self, due_on: &str) -> Self {
        self.due_on = day(due_on);
        self
    }

    fn by(mut self, applicant: &str) -> Self {
        applicant.clone_into(&mut self.applicant);
        self
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn write<T: Send + 'static>(
    fresh: &Fresh,
    work: impl FnOnce(&mut Tx) -> QueryResult<T> + Send + 'static,
) -> T {
    fresh
        .db()
        .write_now(move |tx| Ok::<_, Error>(work(tx)?))
        .unwrap()
}

/// Files the cases; answers their ids in the same order.
fn file(fresh: &Fresh, cases: Vec<Case>) -> Vec<Id> {
    write(fresh, move |tx| {
        let version = tx.new_id();
        diesel::insert_into(versions::table)
            .values((
                versions::id.eq(version),
                versions::procedure_id.eq(version.to_string()),
                versions::number.eq(1),
                versions::digest.eq(""),
                versions::sources.eq(Doc::empty()),
                versions::published_at.eq(tx.now()),
            ))
            .execute(tx.conn())?;
        cases.iter().map(|case| insert(tx, version, case)).collect()
    })
}

fn insert(tx: &mut Tx, version: Id, case: &Case) -> QueryResult<Id> {
    let (id, now) = (tx.new_id(), tx.now());
    let reference = match case.reference.as_str() {
        "" => id.to_string(),
        given => given.to_owned(),
    };
    let moment = |minutes: i64| At::new(now.0 + chrono::Duration::minutes(minutes));
    let identity = (
        requests::id.eq(id),
        requests::reference.eq(reference),
        requests::code_hash.eq(id.to_string()),
        requests::procedure_id.eq(case.procedure),
        requests::version_id.eq(version),
        requests::title.eq("Composition de ménage"),
        requests::kind.eq("document"),
        requests::authority.eq("commune"),
        requests::service.eq(case.service),
        requests::secrecy.eq("open"),
        requests::language.eq("fr"),
    );
    let stands = (
        requests::status.eq(case.status),
        requests::status_at.eq(now),
        requests::assignee.eq(case.assignee),
        requests::applicant.eq(&case.applicant),
        requests::answers.eq(Doc::empty()),
        requests::facts.eq(Doc::empty()),
        requests::submitted_at.eq(now),
        requests::updated_at.eq(now),
        requests::due_on.eq(case.due_on),
        requests::paused_since.eq(case.paused.then_some(case.due_on)),
    );
    let rest = (
        requests::pauses.eq(Doc(serde_json::Value::Array(Vec::new()))),
        requests::closed_at.eq(case.closed.map(moment)),
        requests::outcome.eq(case.closed.map(|_| "granted")),
        requests::answered_at.eq(case.answered.map(moment)),
        requests::urgent.eq(case.urgent),
        requests::event_count.eq(1),
        requests::head_hash.eq(""),
        requests::sealed_count.eq(0),
        requests::revision.eq(0),
    );
    diesel::insert_into(requests::table)
        .values((identity, stands, rest))
        .execute(tx.conn())?;
    let name = search_key(&case.applicant);
    let mut keys: Vec<String> = words(&name).map(str::to_owned).collect();
    keys.extend(case.email.and_then(email_key));
    keys.extend(case.phone.and_then(phone_key));
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        diesel::insert_into(search_keys::table)
            .values((
                search_keys::request_id.eq(id),
                search_keys::word.eq(key),
                search_keys::service.eq(case.service),
                search_keys::name.eq(&name),
            ))
            .execute(tx.conn())?;
    }
    Ok(id)
}

/// An agent who is a member of these services.
fn member(fresh: &Fresh, email: &'static str, services: &'static [&'static str]) -> Agent {
    fresh
        .db()
        .write_now(move |tx| {
            let name = AgentName::parse(email).unwrap();
            Agent::create(tx, &Email::parse(email).unwrap(), &name, &HASH)
        })
        .inspect(|agent| {
            let id = agent.id;
            let granted = fresh.db().write_now(move |tx| {
                for service in services {
                    let desk = Desk::new(service, "commune");
                    membership::grant(tx, Granter::Operator, id, &desk, Role::Agent)?;
                }
                Ok::<_, membership::GrantError>(())
            });
            granted.unwrap();
        })
        .unwrap()
}

/// The queue of an agent on Monday 2 March 2026; Wednesday is the last near day.
fn queue(fresh: &Fresh, agent: &Agent) -> Queue {
    let now = At::new(fresh.clock.now());
    let scope = fresh
        .db()
        .read_now(|conn| Ok::<_, Error>(AgentScope::for_test(conn, agent, now)?))
        .unwrap();
    assert!(matches!(scope.actor(), Actor::Agent { .. }));
    let near = scope.services().into_iter();
    Queue {
        near: near.map(|s| (s.to_owned(), day("2026-03-04"))).collect(),
        today: day("2026-03-02"),
        scope,
    }
}

fn read<T>(fresh: &Fresh, work: impl FnOnce(&mut Conn) -> QueryResult<T>) -> T {
    fresh
        .db()
        .read_now(|conn| Ok::<_, Error>(work(conn)?))
        .unwrap()
}

fn ids(fresh: &Fresh, queue: &Queue, selection: &Selection) -> Vec<Id> {
    let page = read(fresh, |conn| queue.page(conn, selection, None));
    page.lines.iter().map(|line| line.id).collect()
}

/// Every page after the other, with the totals they told.
fn walk(fresh: &Fresh, queue: &Queue, selection: &Selection) -> (Vec<Id>, Vec<usize>) {
    let (mut all, mut totals, mut place) = (Vec::new(), Vec::new(), None);
    loop {
        let page = read(fresh, |conn| queue.page(conn, selection, place.as_ref()));
        all.extend(page.lines.iter().map(|line| line.id));
        totals.push(page.total);
        match page.next {
            Some(next) => place = Some(next),
            None => return (all, totals),
        }
    }
}

/// How an engine answers that question, in its own words.
fn plan(fresh: &Fresh, question: &str) -> String {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    #[derive(QueryableByName)]
    struct Node {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        detail: String,
    }
    let lines: Vec<String> = read(fresh, |conn| match conn {
        Conn::Sqlite(conn) => {
            let query = diesel::sql_query(format!("EXPLAIN QUERY PLAN {question}"));
            let lines: Vec<Line> = query.load(conn)?;
            Ok(lines.into_iter().map(|line| line.detail).collect())
        }
        Conn::Postgres(conn) => {
            // So few rows are read faster without an index; the question is whether one can serve.
            diesel::sql_query("SET enable_seqscan = off").execute(conn)?;
            let nodes: Vec<Node> = diesel::sql_query(format!("EXPLAIN {question}")).load(conn)?;
            diesel::sql_query("RESET enable_seqscan").execute(conn)?;
            Ok(nodes.into_iter().map(|node| node.detail).collect())
        }
    });
    lines.join("\n")
}
