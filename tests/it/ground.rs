//! The ground under every request: tables that are the same on both engines, writes that are durable
//! one by one however many come at once, and a trail that shows every edit.

use crate::support::TestApp;
use crate::support::desk::{JULIE, step};
use crate::support::place::{Place, on_postgres};
use crate::support::program::{perron_at, said};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use perron::audit::seal::seal;
use perron::audit::verify::{Fault, verify};
use perron::clock::Clock;
use perron::db::schema::{limits, requests};
use perron::db::{self, At, Conn, Db, Id, Tx, migrate};
use std::collections::{BTreeMap, BTreeSet};

/// A column: its type, and whether it may be empty.
type Columns = BTreeMap<String, (String, bool)>;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
    #[diesel(sql_type = BigInt)]
    nullable: i64,
}

const ON_SQLITE: &str = "SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS data_type, \
     CAST(c.\"notnull\" = 0 AS BIGINT) AS nullable \
     FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'";
const ON_POSTGRES: &str = "SELECT table_name::text, column_name::text, data_type::text, \
     (is_nullable = 'YES')::int::bigint AS nullable FROM information_schema.columns \
     WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'";

/// What the migrations of the engine under test have built.
fn built(conn: &mut Conn) -> BTreeMap<String, Columns> {
    let sql = if on_postgres() {
        ON_POSTGRES
    } else {
        ON_SQLITE
    };
    let mut tables: BTreeMap<String, Columns> = BTreeMap::new();
    for found in sql_query(sql).load::<Found>(conn).unwrap() {
        let column = (found.data_type, found.nullable == 1);
        tables
            .entry(found.table_name)
            .or_default()
            .insert(found.column_name, column);
    }
    tables
}

/// What `src/db/schema.rs` says of both engines, in the types of the one under test.
fn described() -> BTreeMap<String, Columns> {
    let mut tables = BTreeMap::new();
    for block in include_str!("../../src/db/schema.rs")
        .split("diesel::table! {")
        .skip(1)
    {
        let block = block.split("\n}\n").next().unwrap();
        let lines = block
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("use "));
        let mut name = String::new();
        let mut columns = Columns::new();
        for line in lines {
            if let Some((column, kind)) = line.trim_end_matches(',').split_once(" -> ") {
                let inner = kind
                    .strip_prefix("Nullable<")
                    .and_then(|kind| kind.strip_suffix('>'));
                let native = native(inner.unwrap_or(kind));
                columns.insert(column.to_owned(), (native.to_owned(), inner.is_some()));
            } else if name.is_empty() && line.ends_with(") {") {
                line.split_whitespace()
                    .next()
                    .unwrap()
                    .clone_into(&mut name);
            }
        }
        tables.insert(name, columns);
    }
    tables
}

fn native(kind: &str) -> &'static str {
    match (kind, on_postgres()) {
        ("Uid", true) => "uuid",
        ("Stamp", true) => "timestamp with time zone",
        ("JsonDoc", true) => "jsonb",
        ("Uid" | "Stamp" | "JsonDoc" | "Text", _) => "text",
        ("Integer", _) => "integer",
        ("BigInt", _) => "bigint",
        ("Bool", _) => "boolean",
        ("Date", _) => "date",
        (other, _) => panic!("{other} is a type of neither engine"),
    }
}

#[test]
fn both_histories_build_the_tables_the_program_knows_and_can_be_taken_back() {
    let place = Place::new();
    let mut conn = place.connect();
    let ran = migrate::up(&mut conn).unwrap();
    assert!(!ran.is_empty());
    let expected = described();
    assert!(expected.len() >= 17, "{expected:?}");
    assert_eq!(built(&mut conn), expected);
    assert!(migrate::up(&mut conn).unwrap().is_empty());
    let mut taken = migrate::down(&mut conn).unwrap();
    taken.sort();
    assert_eq!(taken, ran);
    assert!(built(&mut conn).is_empty(), "{:?}", built(&mut conn).keys());
    migrate::up(&mut conn).unwrap();
    assert_eq!(built(&mut conn), expected);
    // The two trees have migrations of the same names.
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

/// Writes a row that is easy to look for.
fn leave(tx: &mut Tx, name: &str) -> QueryResult<()> {
    let row = (
        limits::key.eq(name),
        limits::window_start.eq(tx.now()),
        limits::hits.eq(1),
    );
    diesel::insert_into(limits::table)
        .values(row)
        .execute(tx.conn())
        .map(drop)
}

fn left(conn: &mut Conn) -> BTreeSet<String> {
    let keys: Vec<String> = limits::table.select(limits::key).load(conn).unwrap();
    keys.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_who_come_at_once_are_each_durable_and_who_fails_fails_alone() {
    let place = Place::new();
    let url = place.url();
    let open = move || Db::open(&url, Clock::system()).unwrap();
    let db = tokio::task::spawn_blocking(open).await.unwrap();
    let callers: Vec<_> = (0..64)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let name = format!("caller-{n}");
                let written = db.write(move |tx| {
                    leave(tx, &name)?;
                    match n % 8 {
                        // Somebody's own rule says no.
                        1 => Err(db::Error::BadUrl("no".to_owned())),
                        // Somebody's query is wrong.
                        3 => Ok(leave(tx, &name)?),
                        // Somebody's work is broken.
                        5 => panic!("in the middle of a transaction"),
                        _ => Ok(()),
                    }
                });
                let durable = written.await.is_ok();
                // Whoever is told "kept" finds it, from another connection, at once.
                if durable {
                    let name = format!("caller-{n}");
                    let seen = db.read(move |conn| Ok::<_, db::Error>(left(conn).contains(&name)));
                    assert!(seen.await.unwrap(), "caller {n}");
                }
                (n, durable)
            })
        })
        .collect();
    let mut expected = BTreeSet::new();
    for caller in callers {
        let (n, durable) = caller.await.unwrap();
        assert_eq!(durable, !matches!(n % 8, 1 | 3 | 5), "caller {n}");
        if durable {
            expected.insert(format!("caller-{n}"));
        }
    }
    assert_eq!(expected.len(), 40);
    assert_eq!(left(&mut place.connect()), expected);
    // It goes on afterwards.
    let again = db.write(|tx| Ok::<_, db::Error>(leave(tx, "afterwards")?));
    again.await.unwrap();
    assert!(left(&mut place.connect()).contains("afterwards"));
}

/// An edit made behind the program's back, judged, and taken back.
enum Judged {
    Faults(Vec<Fault>),
    Trouble(String),
}

impl From<db::Error> for Judged {
    fn from(error: db::Error) -> Self {
        Self::Trouble(error.to_string())
    }
}

impl From<diesel::result::Error> for Judged {
    fn from(error: diesel::result::Error) -> Self {
        Self::Trouble(error.to_string())
    }
}

/// What the trail shows of an edit; the edit does not stay.
async fn after(app: &TestApp, edits: &[String]) -> Vec<Fault> {
    let edits = edits.to_vec();
    let judged = app.site.db.write(move |tx| {
        for edit in &edits {
            let touched = sql_query(edit).execute(tx.conn())?;
            if touched == 0 {
                return Err(Judged::Trouble(format!("nothing to edit: {edit}")));
            }
        }
        Err::<(), _>(Judged::Faults(verify(tx.conn())?.faults))
    });
    match judged.await {
        Err(Judged::Faults(faults)) => faults,
        Err(Judged::Trouble(cause)) => panic!("{cause}"),
        Ok(()) => unreachable!("it is taken back"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_edits_the_trail_behind_the_programs_back_is_found() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let first = app.send(&citizen, "composition-de-menage", 0).await;
    let julie = app.sign_in(JULIE).await;
    step(&julie, &first.desk, "take", &[]).await;
    app.change(seal).await.expect("there is something to seal");
    let second = app.send(&citizen, "composition-de-menage", 0).await;
    step(&julie, &first.desk, "refuse", &[("reason", "Introuvable.")]).await;
    app.change(seal).await.expect("there is something to seal");
    let report = app.look(verify);
    assert_eq!((report.requests, report.events, report.seals), (2, 4, 2));
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    let of = |id: Id| format!("request_id = '{id}'");
    let (one, two) = (of(first.id), of(second.id));
    let moved = if on_postgres() {
        "at + interval '1 microsecond'"
    } else {
        "replace(at, '2026-11-23', '2026-11-22')"
    };
    let rewritten = if on_postgres() {
        "jsonb_set(data, '{to}', '\"issued\"')"
    } else {
        "json_set(data, '$.to', 'issued')"
    };
    let edits: Vec<Vec<String>> = vec![
        vec![format!(
            "UPDATE events SET actor_name = 'Somebody' WHERE {one} AND seq = 2"
        )],
        vec![format!(
            "UPDATE events SET actor = 'system' WHERE {one} AND seq = 1"
        )],
        vec![format!(
            "UPDATE events SET kind = 'read' WHERE {one} AND seq = 2"
        )],
        vec![format!(
            "UPDATE events SET public = NOT public WHERE {one} AND seq = 2"
        )],
        vec![format!(
            "UPDATE events SET at = {moved} WHERE {one} AND seq = 2"
        )],
        vec![format!(
            "UPDATE events SET data = {rewritten} WHERE {one} AND seq = 3"
        )],
        vec![format!(
            "UPDATE events SET hash = prev_hash WHERE {one} AND seq = 2"
        )],
        vec![format!("DELETE FROM events WHERE {one} AND seq = 2")],
        // The last one, with the request's own note of it made to fit.
        vec![
            format!("DELETE FROM events WHERE {one} AND seq = 3"),
            format!(
                "UPDATE requests SET event_count = 2, head_hash = \
                 (SELECT hash FROM events WHERE {one} AND seq = 2) WHERE id = '{}'",
                first.id
            ),
        ],
        vec![format!(
            "UPDATE requests SET head_hash = '' WHERE id = '{}'",
            second.id
        )],
        // A whole request, without a trace.
        [
            format!("DELETE FROM events WHERE {two}"),
            format!("DELETE FROM documents WHERE {two}"),
            format!("DELETE FROM search_keys WHERE {two}"),
            format!("DELETE FROM requests WHERE id = '{}'", second.id),
        ]
        .to_vec(),
        [
            "DELETE FROM seal_heads WHERE seal_seq = 1",
            "DELETE FROM seals WHERE seq = 1",
        ]
        .map(str::to_owned)
        .to_vec(),
        vec!["UPDATE seals SET heads = heads + 1 WHERE seq = 2".to_owned()],
        vec!["DELETE FROM seal_heads WHERE seal_seq = 1".to_owned()],
        vec![format!(
            "UPDATE seal_heads SET hash = digest FROM seals WHERE {one}"
        )],
    ];
    for edit in &edits {
        let faults = after(&app, edit).await;
        assert!(!faults.is_empty(), "nobody noticed: {edit:?}");
    }
    assert!(app.look(verify).faults.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_that_verifies_fails_loudly_on_an_edit() {
    let app = TestApp::start().await;
    let sent = app.send(&app.browser(), "composition-de-menage", 0).await;
    let place = app.close().await;
    let fine = perron_at(&place, &["verify"]);
    assert!(fine.status.success(), "{}", said(&fine));
    let id = sent.id;
    let mut conn = place.connect();
    // The status itself, which no event explains.
    let edited = diesel::update(requests::table.find(id)).set(requests::status.eq("issued"));
    assert_eq!(edited.execute(&mut conn).unwrap(), 1);
    drop(conn);
    let found = perron_at(&place, &["verify"]);
    assert_eq!(found.status.code(), Some(1), "{}", said(&found));
    assert!(said(&found).contains(&id.to_string()), "{}", said(&found));
}

#[tokio::test(flavor = "multi_thread")]
async fn moments_identities_and_documents_come_back_as_they_were_written() {
    let app = TestApp::start().await;
    let moment = At::new(app.clock.now() + chrono::Duration::nanoseconds(123_456_789));
    let sent = app.send(&app.browser(), "composition-de-menage", 0).await;
    let id = sent.id;
    let read = app
        .change(move |tx| {
            let row = requests::table.find(id);
            diesel::update(row)
                .set(requests::updated_at.eq(moment))
                .execute(tx.conn())?;
            requests::table
                .filter(requests::updated_at.eq(moment))
                .select((requests::id, requests::updated_at))
                .first::<(Id, At)>(tx.conn())
        })
        .await;
    assert_eq!(read, (id, moment));
    let later = app.look(|conn| {
        requests::table
            .filter(requests::updated_at.gt(At::new(moment.0 + chrono::Duration::microseconds(1))))
            .count()
            .get_result::<i64>(conn)
    });
    assert_eq!(later, 0);
    app.stop().await;
}
