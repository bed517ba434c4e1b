//! The jobs of a timer and of the seal.

use super::perform::{end, end_bare};
use super::trouble::Trouble;
use crate::audit::seal;
use crate::db::{self, Id};
use crate::job::{self, Job, Origin};
use crate::request;
use crate::request::room::Room;
use crate::request::timers;
use crate::site::Site;
use std::sync::Arc;

/// How often a timer is tried against somebody who changes the request at the same moment.
const TRIES: usize = 5;

/// A timer of a request rings, and the job is done, in one transaction: it rings once.
pub async fn fire(site: &Arc<Site>, id: Id, timer: Id) -> Result<(), Trouble> {
    for _ in 1..TRIES {
        match fire_once(site, id, timer).await {
            Err(Trouble::Overtaken) => {}
            ended => return ended,
        }
    }
    fire_once(site, id, timer).await
}

async fn fire_once(site: &Arc<Site>, id: Id, timer: Id) -> Result<(), Trouble> {
    let found = site.db.read(move |conn| {
        let Some(request) = timers::timer_request(conn, timer)? else {
            return Ok::<_, db::Error>(None);
        };
        Ok(request::for_system(conn, request)?)
    });
    let Some(mut request) = found.await? else {
        return end_bare(site, id).await;
    };
    // Outside the transaction, because it may read the version from the database.
    let (at, version) = (Arc::clone(site), request.version_id);
    let published = db::blocking(move || at.version(version)).await?;
    let at = Arc::clone(site);
    let ring = move |tx: &mut db::Tx| {
        let room = Room {
            site: &at,
            published: &published,
        };
        Ok(request.ring(tx, &room, timer)?)
    };
    end(site, id, ring).await
}

/// Seals the audit chains; while more have grown than one seal holds, the next job follows at once.
pub async fn seal(site: &Site, id: Id) -> Result<(), Trouble> {
    let sealed = move |tx: &mut db::Tx| {
        let sealed = seal::seal(tx)?;
        if sealed.is_some_and(|seal| i64::from(seal.heads) >= seal::MOST) {
            let now = tx.now();
            let name = Some(format!("seal:after:{id}"));
            job::enqueue(tx, &Job::Seal, &Origin::default(), now, name)?;
        }
        Ok(())
    };
    end(site, id, sealed).await
}
