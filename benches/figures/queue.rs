//! The agents' queue at ten thousand requests and at a million: what one reading of the database costs,
//! beside one bare question to the index, and the page over HTTP. The machine's own limit here is the
//! small town: a list must not know how full the town is.

use super::load::{Browser, get};
use super::measure::{Outcome, Times, wrong};
use super::table::{Figure, grouped, say, title};
use super::town::{Counter, Town};
use actix_web::rt::SystemRunner;
use diesel::prelude::*;
use perron::db::schema::requests;
use perron::db::{self, At, Conn, Id};
use perron::identity::{AgentScope, Presence, Token};
use perron::queue::{Queue, Selection};
use std::time::{Duration, Instant};

/// Filters an agent uses: what it is called, and its address.
const LISTS: [(&str, &str); 8] = [
    ("all my requests", "/agent"),
    ("one queue", "/agent?file=population"),
    ("one state", "/agent?file=population&etat=in_progress"),
    (
        "one procedure, nobody’s",
        "/agent?demarche=acte-de-mariage&agent=personne",
    ),
    ("late", "/agent?vue=retard"),
    ("mine", "/agent?vue=miennes"),
    ("closed", "/agent?vue=cloturees"),
    ("search by first name", "/agent?q=zoe"),
];
const TIMES: usize = 150;

/// What was measured in one town.
struct Measured {
    pages: Vec<Times>,
    reading: Times,
    index: Times,
    memory: f64,
}

/// The figures; `large` is the size of the large town.
pub fn run(runtime: &SystemRunner, large: u64) -> Outcome {
    const SMALL: u64 = 10_000;
    title(format!(
        "The agents’ queue at {} requests, beside {}",
        grouped(large as f64),
        grouped(SMALL as f64)
    ));
    let mut small = measure(runtime, "small", SMALL)?;
    let mut full = measure(runtime, "large", large)?;
    for (place, (name, _)) in LISTS.iter().enumerate() {
        let (one, other) = (&mut full.pages[place], &mut small.pages[place]);
        Figure::of(&format!("page: {name}"), one, other, "p99 < 50 ms, ≤ 1.5 ×").print();
    }
    let (one, other) = (&mut full.reading, &mut small.reading);
    Figure::of("database alone: 25 rows and the counts", one, other, "").print();
    let (one, other) = (&mut full.index, &mut small.index);
    Figure::of("bare: 26 ids from the index of one queue", one, other, "").print();
    Figure {
        work: "memory after these pages".to_owned(),
        ours: format!("{:.0} MB", full.memory),
        machine: format!("{:.0} MB", small.memory),
        ratio: None,
        budget: "< 200 MB",
        kept: Some(full.memory < 200.0),
    }
    .print();
    Ok(())
}

impl Figure {
    fn of(work: &str, large: &mut Times, small: &mut Times, budget: &'static str) -> Self {
        let ratio = large.part(0.50) / small.part(0.50).max(1e-9);
        Self {
            work: work.to_owned(),
            ours: large.said(),
            machine: small.said(),
            ratio: Some(ratio),
            budget,
            kept: (!budget.is_empty()).then(|| ratio <= 1.5 && large.part(0.99) < 50.0),
        }
    }
}

fn measure(runtime: &SystemRunner, name: &str, requests: u64) -> Outcome<Measured> {
    let town = Town::open(name, None)?;
    let took = town.sow(requests)?;
    let rate = requests as f64 / took.as_secs_f64();
    say(format!(
        "  {} sown in {:.1} s, {} per second",
        grouped(requests as f64),
        took.as_secs_f64(),
        grouped(rate)
    ));
    let token = town.sign_in()?;
    let reading = reading(&town, &token)?;
    let index = index(&town)?;
    let counter = runtime.block_on(Counter::open(&town, 1))?;
    Ok(Measured {
        pages: runtime.block_on(pages(&counter, &token))?,
        reading,
        index,
        memory: counter.memory("VmHWM")?,
    })
}

/// Every list, one page after another.
async fn pages(counter: &Counter, token: &Token) -> Outcome<Vec<Times>> {
    let cookie = format!("Cookie: perron_agent={}\r\n", token.reveal());
    let mut browser = Browser::open(counter.address).await?;
    let mut pages = Vec::new();
    for (_, path) in LISTS {
        let request = get(counter.address, path, &cookie);
        let mut times = Times::default();
        for turn in 0..TIMES + 10 {
            let asked = Instant::now();
            let answer = browser.answer(&request).await?;
            let took = asked.elapsed();
            if answer.status != 200 {
                return Err(wrong(format!("{path} answers {}", answer.status)));
            }
            if turn >= 10 {
                times.add(took);
            }
        }
        pages.push(times);
    }
    Ok(pages)
}

/// What the page reads: its rows and the figures beside the queues.
fn reading(town: &Town, token: &Token) -> Outcome<Times> {
    let site = &town.site;
    let now = At::new(site.db.clock().now());
    let scope: Option<AgentScope> = site
        .db
        .read_now(|conn| Ok::<_, db::Error>(Presence::of(conn, token, now)?.present()))?;
    let scope = scope.ok_or_else(|| wrong("the agent is not signed in"))?;
    let all = Selection::default();
    timed(town, |conn| {
        let queue = Queue::of(site, &scope);
        queue.page(conn, &all, None)?;
        queue.counts(conn)?;
        Ok(())
    })
}

/// The least that could be asked.
fn index(town: &Town) -> Outcome<Times> {
    timed(town, |conn| {
        let ids: Vec<Id> = requests::table
            .filter(requests::closed_at.is_null())
            .filter(requests::paused_since.is_null())
            .filter(diesel::dsl::not(requests::urgent))
            .filter(requests::service.eq("population"))
            .order((requests::due_on.asc(), requests::id.asc()))
            .limit(26)
            .select(requests::id)
            .load(conn)?;
        drop(ids);
        Ok(())
    })
}

fn timed(town: &Town, work: impl Fn(&mut Conn) -> QueryResult<()>) -> Outcome<Times> {
    let mut times = Times::default();
    let done = town.site.db.read_now(|conn| {
        for turn in 0..TIMES * 2 + 20 {
            let asked = Instant::now();
            work(conn)?;
            let took: Duration = asked.elapsed();
            if turn >= 20 {
                times.add(took);
            }
        }
        Ok::<_, db::Error>(())
    });
    done?;
    Ok(times)
}
