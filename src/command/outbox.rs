//! `perron outbox`: the jobs that failed too often and were laid aside, and another round for them.

use super::screen::{count, say};
use super::{Failure, database};
use crate::config::SiteArgs;
use crate::db::schema::jobs;
use crate::db::{self, At, Id, Tx};
use crate::job::Row;
use clap::Args;
use diesel::prelude::*;

/// Most jobs shown.
const MOST: i64 = 200;

#[derive(Args)]
pub(super) struct OutboxArgs {
    #[command(flatten)]
    site: SiteArgs,

    /// Give one another round.
    #[arg(
        long,
        value_name = "NUMERO",
        help = "Relance l’envoi de ce numéro (« tous » les relance tous)"
    )]
    retry: Option<String>,
}

/// Lists or retries. Of social files nothing is shown but that there is one.
pub fn run(args: &OutboxArgs) -> Result<(), Failure> {
    let db = database(&args.site)?;
    let dead: Vec<Row> = db.read_now(|conn| {
        jobs::table
            .filter(jobs::dead_at.is_not_null())
            .order(jobs::dead_at.desc())
            .limit(MOST)
            .select(Row::as_select())
            .load(conn)
            .map_err(db::Error::from)
    })?;
    match &args.retry {
        None => list(&dead),
        Some(which) => {
            let wanted: Vec<Id> = dead
                .iter()
                .map(|row| row.id)
                .filter(|id| which == "tous" || *which == id.to_string())
                .collect();
            if wanted.is_empty() {
                say("--retry : aucun envoi en échec n’a ce numéro.");
                return Err(Failure::Said);
            }
            let revived = db.write_now(move |tx| {
                let mut revived = 0;
                for id in wanted {
                    revived += revive(tx, id)?;
                }
                Ok::<_, db::Error>(revived)
            })?;
            say(format!(
                "{} repartira dans un instant.",
                count(revived, "envoi", "envois")
            ));
        }
    }
    Ok(())
}

/// The operator revives any job, also those that are no house's (seals, timers).
fn revive(tx: &mut Tx, id: Id) -> QueryResult<u64> {
    let now = tx.now();
    let dead = jobs::table.find(id).filter(jobs::dead_at.is_not_null());
    diesel::update(dead)
        .set((
            jobs::dead_at.eq(None::<At>),
            jobs::claimed_at.eq(None::<At>),
            jobs::attempts.eq(0),
            jobs::run_at.eq(now),
        ))
        .execute(tx.conn())
        .map(|revived| revived as u64)
}

fn list(dead: &[Row]) {
    if dead.is_empty() {
        say("Aucun envoi n’a échoué.");
    }
    for row in dead {
        let cause = row.last_error.as_deref().unwrap_or("cause inconnue");
        let house = row.authority.as_deref().unwrap_or("-");
        let since = row
            .dead_at
            .map(|at| at.0.format("%Y-%m-%d %H:%M").to_string());
        say(format!(
            "{}  {}  {house}  {}  {cause}",
            row.id,
            since.unwrap_or_default(),
            row.kind,
        ));
    }
}
