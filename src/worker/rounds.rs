//! What comes round by itself: due timers every few seconds, the seal every five minutes, the tidying
//! every hour. Each round has a name with its period, so that several workers call for it once.

use crate::db::{self, Tx};
use crate::job::{self, Job, Origin};
use crate::request::timers;
use crate::site::Site;
use chrono::{DateTime, Duration, TimeDelta, Utc};

/// How often due timers are looked for.
const TIMERS: TimeDelta = Duration::seconds(5);
/// Most timers of one look.
const MOST: i64 = 200;
/// Seconds between two seals.
const SEAL: i64 = 5 * 60;
/// Seconds between two tidyings.
const TIDY: i64 = 3600;

/// The rounds a worker called for lately: a memory that spares writes, and nothing more.
#[derive(Debug, Default)]
pub struct Rounds {
    rung_at: Option<DateTime<Utc>>,
    periods: Option<(i64, i64)>,
}

impl Rounds {
    /// Calls for what has come round since the last time.
    pub async fn call_when_due(&mut self, site: &Site) -> Result<(), db::Error> {
        let now = site.db.clock().now();
        if self.rung_at.is_none_or(|at| now - at >= TIMERS) {
            ring(site).await?;
            self.rung_at = Some(now);
        }
        if self.periods != Some(periods(now)) {
            self.call(site).await?;
        }
        Ok(())
    }

    /// Calls for the seal and the tidying of the present period.
    pub async fn call(&mut self, site: &Site) -> Result<(), db::Error> {
        let periods = periods(site.db.clock().now());
        let (seal, tidy) = periods;
        let called = move |tx: &mut Tx| {
            let now = tx.now();
            let origin = Origin::default();
            job::enqueue(tx, &Job::Seal, &origin, now, Some(format!("seal:{seal}")))?;
            job::enqueue(tx, &Job::Tidy, &origin, now, Some(format!("tidy:{tidy}")))?;
            Ok::<_, db::Error>(())
        };
        site.db.write(called).await?;
        self.periods = Some(periods);
        Ok(())
    }
}

fn periods(now: DateTime<Utc>) -> (i64, i64) {
    let seconds = now.timestamp();
    (seconds.div_euclid(SEAL), seconds.div_euclid(TIDY))
}

/// Makes a job of each timer that is due.
pub async fn ring(site: &Site) -> Result<(), db::Error> {
    site.db
        .write(|tx| {
            timers::ring_due(tx, MOST)
                .map(drop)
                .map_err(db::Error::from)
        })
        .await
}
