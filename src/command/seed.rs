//! `perron seed`: a town's worth of fictitious requests, over every procedure and service and three
//! years, for trials at scale. One thread makes them up while the database writes the ones before.

mod names;

use super::Failure;
use super::screen::{count, grouped, note, say};
use crate::clock::Clock;
use crate::config::SiteArgs;
use crate::db::schema::{agents, memberships};
use crate::db::{self, At, Conn, Db, Id};
use crate::definition::workflow::Outcome;
use crate::form::examples::filled;
use crate::request::seeding::{self, Hand, Seed, Sower, Sown, Way};
use crate::site::Site;
use crate::site::shelf::Published;
use chrono::{DateTime, Duration, Utc};
use clap::Args;
use diesel::prelude::*;
use names::Chance;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

/// Requests of one transaction, and of one seal.
const BATCH: usize = 2_000;
/// How far back they go.
const DAYS: i64 = 3 * 365;
/// Open requests are young: most came within these days.
const FRESH: i64 = 20;
/// Older ones that are still open came within these.
const STALE: i64 = 200;

#[derive(Args)]
#[command(
    after_help = "Les demandes et les personnes sont inventées. À faire dans une base d’essai : rien ne les distingue ensuite des vraies."
)]
pub(super) struct SeedArgs {
    #[command(flatten)]
    site: SiteArgs,

    /// How many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000_000), help = "Combien de demandes")]
    requests: u64,

    /// Which part of them is open.
    #[arg(long, value_name = "PART", default_value_t = 0.1, value_parser = part, help = "Quelle part est encore ouverte, de 0 à 1")]
    open_share: f64,

    /// The same number makes the same requests.
    #[arg(
        long,
        value_name = "N",
        help = "Graine du hasard, pour refaire les mêmes"
    )]
    seed: Option<u64>,
}

/// Why nothing was sown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SeedError {
    #[error("aucune démarche n’a d’exemple qui puisse être envoyé : il n’y a rien à imiter")]
    NothingToImitate,
    #[error("--database : {}", super::words::of_database(.0))]
    Database(#[from] db::Error),
}

fn part(text: &str) -> Result<f64, String> {
    text.replace(',', ".")
        .parse()
        .ok()
        .filter(|part| (0.0..=1.0).contains(part))
        .ok_or_else(|| "il faut un nombre de 0 à 1, par exemple 0.1".to_owned())
}

/// One way to fill in one procedure, from its examples.
struct Model {
    published: Arc<Published>,
    service: String,
    because: String,
    urgent: bool,
    fee: Vec<(String, i64)>,
    /// The name and address in the example, which another takes the place of.
    name: String,
    email: String,
    answers: Value,
}

/// Sows.
pub fn run(args: &SeedArgs) -> Result<(), Failure> {
    let site = Site::open(&args.site, None, Clock::system())?;
    let models = models(&site);
    if models.is_empty() {
        return Err(SeedError::NothingToImitate.into());
    }
    let hands = site.db.read_now(hands)?;
    let chance = Chance::new(args.seed.unwrap_or_else(|| {
        let secret = site.db.clock().secret();
        u64::from_be_bytes(secret[..8].try_into().unwrap_or_default())
    }));
    let started = Instant::now();
    let (sender, receiver) = sync_channel(2);
    let inserted = std::thread::scope(|scope| {
        let db = &site.db;
        let writer = scope.spawn(move || write(db, &receiver, args.requests));
        sow(&site, &models, &hands, args, chance, &sender);
        drop(sender);
        writer
            .join()
            .unwrap_or(Err(SeedError::Database(db::Error::Panicked)))
    })?;
    let seconds = started.elapsed().as_secs_f64().max(0.001);
    say(format!(
        "{} en {seconds:.1} s, soit {} par seconde.",
        count(
            inserted,
            "demande fictive créée",
            "demandes fictives créées"
        ),
        grouped((inserted as f64 / seconds) as u64),
    ));
    Ok(())
}

fn write(db: &Db, batches: &Receiver<Vec<Sown>>, wanted: u64) -> Result<u64, SeedError> {
    let mut inserted = 0_u64;
    let mut told = 0;
    for batch in batches {
        let batch = Arc::new(batch);
        let done = insert(db, &batch).or_else(|error| {
            // On PostgreSQL a worker may seal at the same moment: the seal's place is taken once.
            tracing::info!(%error, "a batch is tried again");
            insert(db, &batch)
        })?;
        inserted += done as u64;
        if inserted * 10 / wanted > told {
            told = inserted * 10 / wanted;
            note(format!("{} sur {}", grouped(inserted), grouped(wanted)));
        }
    }
    Ok(inserted)
}

fn insert(db: &Db, batch: &Arc<Vec<Sown>>) -> Result<usize, db::Error> {
    let batch = Arc::clone(batch);
    db.write_now(move |tx| Ok::<_, db::Error>(seeding::insert(tx, &batch)?))
}

/// Makes them up in the order they came, so that rows stand in the order of their ids.
fn sow(
    site: &Site,
    models: &[Model],
    hands: &HashMap<String, Vec<Hand>>,
    args: &SeedArgs,
    mut chance: Chance,
    sender: &SyncSender<Vec<Sown>>,
) {
    let now = site.db.clock().now();
    let timeline = Timeline::new(now, args.requests, args.open_share);
    let ways: Vec<(Vec<Way<'_>>, Vec<Way<'_>>)> = models
        .iter()
        .map(|model| {
            seeding::ways(model.published.workflow())
                .into_iter()
                .partition(|way| way.outcome.is_none())
        })
        .collect();
    let nobody = Hand {
        id: site.db.clock().new_id(),
        name: "Agent fictif".to_owned(),
    };
    let mut batch = Vec::with_capacity(BATCH);
    for place in 0..args.requests {
        let which = chance.below(models.len());
        let model = &models[which];
        let submitted = timeline.submitted(place, &mut chance);
        let open = chance.part() < timeline.open(now - submitted);
        let among = if open { &ways[which].0 } else { &ways[which].1 };
        let Some(way) = choose(among, &mut chance) else {
            continue;
        };
        let moments = moments(submitted, now, way.moments(), &mut chance);
        let of_service = hands.get(&model.service).map_or(&[][..], Vec::as_slice);
        let hand = of_service
            .get(chance.below(of_service.len().max(1)))
            .unwrap_or(&nobody);
        let seed = Seed {
            published: &model.published,
            site: &site.file,
            service: &model.service,
            because: &model.because,
            urgent: model.urgent,
            fee: &model.fee,
            calendar: site.calendar(&model.published.procedure().authority),
        };
        let sower = model.sower(&mut chance);
        let sown = seed.sow(way, &moments, hand, sower, &site.key, || chance.next());
        batch.extend(sown);
        if batch.len() == BATCH
            && sender
                .send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))
                .is_err()
        {
            // The writer failed, and says why.
            return;
        }
    }
    drop(sender.send(batch));
}

/// The ends most requests come to: granted, far ahead of the others.
fn choose<'a, 'w>(ways: &'a [Way<'w>], chance: &mut Chance) -> Option<&'a Way<'w>> {
    let weight = |way: &Way<'_>| {
        let end = match way.outcome {
            None | Some(Outcome::Granted) => 40,
            Some(Outcome::Refused) => 4,
            Some(Outcome::Withdrawn) => 2,
            Some(Outcome::Expired) => 1,
        };
        // A long history is rarer than a short one.
        (end * 8 / way.moments()).max(1)
    };
    let total: usize = ways.iter().map(weight).sum();
    let mut drawn = chance.below(total.max(1));
    ways.iter().find(|way| {
        let weight = weight(way);
        let found = drawn < weight;
        drawn = drawn.saturating_sub(weight);
        found
    })
}

/// The submission, then moments within working life after it, none of them in the future.
fn moments(
    submitted: DateTime<Utc>,
    now: DateTime<Utc>,
    number: usize,
    chance: &mut Chance,
) -> Vec<DateTime<Utc>> {
    let most = (now - submitted).num_seconds().saturating_sub(60).max(1);
    let span = (chance.below(15 * 86_400) as i64 + 3_600).min(most);
    let mut after: Vec<i64> = (1..number)
        .map(|_| (chance.part() * span as f64) as i64)
        .collect();
    after.sort_unstable();
    let after = after
        .into_iter()
        .map(|seconds| submitted + Duration::seconds(seconds));
    // To the microsecond, as they are stored.
    let kept = |moment: DateTime<Utc>| At::new(moment).0;
    std::iter::once(submitted).chain(after).map(kept).collect()
}

/// When requests came, and which of them are open.
struct Timeline {
    now: DateTime<Utc>,
    requests: u64,
    /// Part of all requests that came in the last [`FRESH`] days.
    fresh: f64,
    /// Part of those of the last [`STALE`] days, and of all others, that is open.
    open_stale: f64,
    open_old: f64,
}

impl Timeline {
    const OPEN_FRESH: f64 = 0.95;

    fn new(now: DateTime<Utc>, requests: u64, open: f64) -> Self {
        let fresh = open * 0.85;
        let left = open - fresh * Self::OPEN_FRESH;
        let stale = (1.0 - fresh) * (STALE - FRESH) as f64 / (DAYS - FRESH) as f64;
        let open_stale = (left / stale.max(1e-9)).min(1.0);
        let beyond = (left - open_stale * stale).max(0.0);
        let old = (1.0 - fresh - stale).max(1e-9);
        Self {
            now,
            requests,
            fresh,
            open_stale,
            open_old: (beyond / old).min(1.0),
        }
    }

    fn submitted(&self, place: u64, chance: &mut Chance) -> DateTime<Utc> {
        let at = place as f64 / self.requests as f64;
        let old = 1.0 - self.fresh;
        let day = 86_400.0;
        let age = if at < old {
            (DAYS - FRESH) as f64 * (1.0 - at / old) + FRESH as f64
        } else {
            FRESH as f64 * (1.0 - (at - old) / self.fresh.max(1e-9))
        };
        // At least two minutes ago, so that something can have happened since.
        let seconds = (age * day) as i64 + 120 + chance.below(60) as i64;
        self.now
            - Duration::seconds(seconds)
            - Duration::microseconds(chance.below(1_000_000) as i64)
    }

    fn open(&self, age: Duration) -> f64 {
        match age.num_days() {
            ..FRESH => Self::OPEN_FRESH,
            FRESH..STALE => self.open_stale,
            _ => self.open_old,
        }
    }
}

/// Every example of every procedure that can be sent.
fn models(site: &Site) -> Vec<Model> {
    let mut models = Vec::new();
    for published in site.procedures() {
        let definition = &published.definition;
        for example in &definition.procedure.examples {
            let Some(complete) = filled(definition, &site.file, example) else {
                continue;
            };
            let fee = complete.fee().lines.iter();
            models.push(Model {
                service: complete.route().service.clone(),
                because: complete.route().because.clone(),
                urgent: complete.urgent(),
                fee: fee.map(|line| (line.label.clone(), line.cents)).collect(),
                name: complete.applicant().name.clone(),
                email: complete.applicant().email.clone(),
                answers: complete.answers().to_json(),
                published: Arc::clone(&published),
            });
        }
    }
    models
}

impl Model {
    /// Somebody else who asks the same: their name and address take the place of the example's.
    fn sower(&self, chance: &mut Chance) -> Sower {
        let person = chance.person();
        let name = person.name();
        let email = person.email();
        let mut answers = self.answers.clone();
        let words: Vec<&str> = self.name.split_whitespace().collect();
        replace(&mut answers, &mut |text| {
            if *text == self.name {
                text.clone_from(&name);
            } else if !self.email.is_empty() && *text == self.email {
                text.clone_from(&email);
            } else if words.first() == Some(&text.as_str()) {
                person.first.clone_into(text);
            } else if words.last() == Some(&text.as_str()) {
                person.last.clone_into(text);
            }
        });
        Sower {
            name,
            email: (!self.email.is_empty()).then_some(email),
            answers,
        }
    }
}

fn replace(value: &mut Value, with: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => with(text),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, with)),
        Value::Object(map) => map.values_mut().for_each(|item| replace(item, with)),
        _ => {}
    }
}

/// The open accounts of each service.
fn hands(conn: &mut Conn) -> Result<HashMap<String, Vec<Hand>>, db::Error> {
    let rows: Vec<(String, Id, String)> = memberships::table
        .inner_join(agents::table)
        .filter(agents::disabled_at.is_null())
        .select((memberships::service, agents::id, agents::name))
        .load(conn)?;
    let mut hands: HashMap<String, Vec<Hand>> = HashMap::new();
    for (service, id, name) in rows {
        hands.entry(service).or_default().push(Hand { id, name });
    }
    Ok(hands)
}
