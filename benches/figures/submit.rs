//! Sending a request, durably: the verb of the counter beside a bare program that inserts the rows the
//! verb leaves behind, in batches as large, on the same database. The two take turns, so that a busy
//! moment of the machine falls on both.

use super::measure::{Outcome, Times, wrong};
use super::rows::Rows;
use super::table::{Figure, grouped, title};
use super::town::Town;
use diesel::connection::SimpleConnection;
use perron::db::{self, Conn, Id, Url};
use perron::form::Complete;
use perron::form::examples::filled;
use perron::request::draft::Draft;
use perron::request::submission::Submission;
use perron::site::shelf::Published;
use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Turns of each, and how long one lasts.
const TURNS: usize = 3;
const TURN: Duration = Duration::from_millis(1_200);
/// Drafts made ready for a turn, about as many as it can send: with one citizen, with many, and on
/// PostgreSQL, where making them takes longer than sending them.
const READY: (usize, usize, usize) = (4_000, 10_000, 2_500);
/// What the single writer commits at once; see `db::writer`.
const BATCH: usize = 64;
/// Connections of PostgreSQL; see `db`.
const CONNECTIONS: usize = 16;

/// The figures on SQLite and, when a server is named, on PostgreSQL.
pub fn run(server: Option<&str>) -> Outcome {
    title("Submit a request (composition de ménage), durable");
    let town = Town::open("submit", None)?;
    let file = Url::Sqlite(town.folder.join("perron.sqlite"));
    figures("SQLite", &town, file)?;
    if let Some(server) = server {
        let database = Database::create(server)?;
        let town = Town::open("submit-pg", Some(database.url.clone()))?;
        let done = figures("PostgreSQL", &town, Url::parse(&database.url)?);
        drop(town);
        database.remove()?;
        done?;
    }
    Ok(())
}

/// A request that can be sent, and what a bare program would write for it.
struct Ready<'a> {
    town: &'a Town,
    published: Arc<Published>,
    complete: Complete,
    url: Url,
    pattern: Rows,
}

fn figures(engine: &str, town: &Town, url: Url) -> Outcome {
    let published = town.procedure()?;
    let definition = &published.definition;
    // The example with the most answers.
    let complete = definition
        .procedure
        .examples
        .iter()
        .filter_map(|example| filled(definition, &town.site.file, example))
        .max_by_key(|complete| complete.answers().to_json().to_string().len())
        .ok_or_else(|| wrong("no example can be sent"))?;
    let first = drafts(town, &published, &complete, 1)?;
    let one = send(
        town,
        &published,
        &complete,
        first,
        1,
        Duration::from_secs(5),
    )?;
    let id = one.last.ok_or_else(|| wrong("nothing was sent"))?;
    let pattern = town.site.db.read_now(|conn| Rows::of(conn, id))?;
    let ready = Ready {
        town,
        published,
        complete,
        url,
        pattern,
    };
    ready.figure(engine, 1)?;
    ready.figure(engine, 64)
}

/// What one side did.
#[derive(Default)]
struct Sent {
    times: Times,
    took: Duration,
    refused: usize,
    last: Option<Id>,
}

impl Sent {
    fn join(&mut self, other: Self) {
        self.times.join(other.times);
        self.took += other.took;
        self.refused += other.refused;
    }

    fn rate(&self) -> f64 {
        self.times.count() as f64 / self.took.as_secs_f64().max(1e-9)
    }
}

impl Ready<'_> {
    fn figure(&self, engine: &str, clients: usize) -> Outcome {
        let (mut ours, mut bare) = (Sent::default(), Sent::default());
        let most = match &self.url {
            Url::Postgres(_) => READY.2,
            Url::Sqlite(_) if clients == 1 => READY.0,
            Url::Sqlite(_) => READY.1,
        };
        for _ in 0..TURNS {
            let drafts = drafts(self.town, &self.published, &self.complete, most)?;
            let (town, published) = (self.town, &self.published);
            ours.join(send(
                town,
                published,
                &self.complete,
                drafts,
                clients,
                TURN,
            )?);
            bare.join(self.bare(clients, most)?);
        }
        let ratio = ours.rate() / bare.rate();
        let quick = ours.times.part(0.99) < 50.0;
        let rows = self.pattern.count();
        Figure {
            work: format!("{engine}, {clients} at once ({rows} rows each)"),
            ours: format!("{} /s, {}", grouped(ours.rate()), ours.times.said()),
            machine: format!("{} /s", grouped(bare.rate())),
            ratio: Some(ratio),
            budget: "≥ 0.50, p99 < 50 ms",
            kept: Some(ratio >= 0.5 && quick && ours.refused == 0),
        }
        .print();
        if ours.refused > 0 {
            return Err(wrong(format!("{} were refused", ours.refused)));
        }
        Ok(())
    }

    /// The same rows by a program that does nothing else.
    fn bare(&self, clients: usize, most: usize) -> Outcome<Sent> {
        let shared = matches!(self.url, Url::Postgres(_));
        let threads = if shared { clients.min(CONNECTIONS) } else { 1 };
        let batch = if shared { 1 } else { clients.min(BATCH) };
        let clock = self.town.site.db.clock();
        let ready: Vec<Vec<Rows>> = (0..threads)
            .map(|_| {
                (0..most / threads)
                    .map(|_| self.pattern.another(clock))
                    .collect()
            })
            .collect();
        let together = Barrier::new(threads);
        let done: Vec<(usize, Duration)> = std::thread::scope(|scope| {
            let hands: Vec<_> = ready
                .iter()
                .map(|rows| scope.spawn(|| insert(&self.url, rows, batch, &together)))
                .collect();
            hands
                .into_iter()
                .map(|hand| hand.join().map_err(|_| wrong("a thread panicked"))?)
                .collect::<Outcome<_>>()
        })?;
        let mut sent = Sent::default();
        for (number, took) in done {
            (0..number).for_each(|_| sent.times.add(Duration::ZERO));
            sent.took = sent.took.max(took);
        }
        Ok(sent)
    }
}

/// Inserts until the turn is over; answers how many and how long it took.
fn insert(
    url: &Url,
    rows: &[Rows],
    batch: usize,
    together: &Barrier,
) -> Outcome<(usize, Duration)> {
    let connected = url.connect();
    together.wait();
    let mut conn = connected?;
    let began = Instant::now();
    let mut sent = 0;
    for part in rows.chunks(batch) {
        if began.elapsed() > TURN {
            break;
        }
        commit(&mut conn, part)?;
        sent += part.len();
    }
    Ok((sent, began.elapsed()))
}

fn commit(conn: &mut Conn, part: &[Rows]) -> Outcome {
    conn.batch_execute(match conn {
        Conn::Sqlite(_) => "BEGIN IMMEDIATE",
        Conn::Postgres(_) => "BEGIN",
    })?;
    for rows in part {
        rows.insert(conn)?;
    }
    conn.batch_execute("COMMIT")?;
    Ok(())
}

/// Drafts with every answer in place.
fn drafts(
    town: &Town,
    published: &Arc<Published>,
    complete: &Complete,
    number: usize,
) -> Outcome<Vec<Draft>> {
    let (published, key) = (Arc::clone(published), town.site.key.clone());
    let answers = complete.answers().clone();
    let made = town.site.db.write_now(move |tx| {
        (0..number)
            .map(|_| {
                let mut draft = Draft::begin(tx, &key, &published, "fr")?;
                draft.keep_unless_overtaken(tx, &answers)?;
                Ok(draft)
            })
            .collect::<Result<Vec<_>, db::Error>>()
    });
    Ok(made?)
}

/// So many citizens, each sending one request after another through the verb.
fn send(
    town: &Town,
    published: &Arc<Published>,
    complete: &Complete,
    drafts: Vec<Draft>,
    clients: usize,
    lasts: Duration,
) -> Outcome<Sent> {
    let waiting = Arc::new(Mutex::new(drafts));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let started = Instant::now();
        let citizens: Vec<_> = (0..clients)
            .map(|_| {
                let (waiting, site) = (Arc::clone(&waiting), Arc::clone(&town.site));
                let (published, complete) = (Arc::clone(published), complete.clone());
                tokio::spawn(async move {
                    let mut sent = Sent::default();
                    while started.elapsed() < lasts {
                        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
                        let Some(draft) = next else { break };
                        let submission = Submission {
                            site: Arc::clone(&site),
                            draft,
                            published: Arc::clone(&published),
                            complete: complete.clone(),
                        };
                        let asked = Instant::now();
                        match site.db.write(move |tx| submission.submit(tx)).await {
                            Ok(id) => {
                                sent.times.add(asked.elapsed());
                                sent.last = Some(id);
                            }
                            Err(_) => sent.refused += 1,
                        }
                    }
                    sent
                })
            })
            .collect();
        let mut all = Sent::default();
        for citizen in citizens {
            let one = citizen.await?;
            all.last = all.last.or(one.last);
            all.join(one);
        }
        all.took = started.elapsed();
        Ok(all)
    })
}

/// A database of this run on the server that was named.
struct Database {
    server: String,
    name: String,
    url: String,
}

impl Database {
    fn create(server: &str) -> Outcome<Self> {
        let name = format!("perron_bench_{}", std::process::id());
        let mut url = url::Url::parse(server)?;
        url.set_path(&name);
        Url::parse(server)?
            .connect()?
            .batch_execute(&format!("CREATE DATABASE {name}"))?;
        Ok(Self {
            server: server.to_owned(),
            name,
            url: url.into(),
        })
    }

    fn remove(self) -> Outcome {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        Url::parse(&self.server)?.connect()?.batch_execute(&sql)?;
        Ok(())
    }
}
