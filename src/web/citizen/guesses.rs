//! Wrong codes. They are counted by network, and past a number nothing more is tried from there for a
//! while; but a browser that has shown a right code before counts its own, so that one visitor of the
//! library does not shut out the others.

use crate::db::At;
use crate::limit::{self, Verdict};
use crate::web::error::Error;
use crate::web::visit::Visit;
use chrono::Duration;

/// Most wrong codes from one network.
const MOST_WRONG: i32 = 30;
/// Most wrong codes of a browser that is known.
const MOST_OF_KNOWN: i32 = 10;
/// In how long.
const WINDOW: Duration = Duration::minutes(10);

/// Refuses who gave too many wrong codes.
pub async fn not_too_often(visit: &Visit) -> Result<(), Error> {
    let (key, most) = budget(visit);
    let now = At::new(visit.site.db.clock().now());
    let looked = visit
        .site
        .db
        .read(move |conn| Ok::<_, Error>(limit::look(conn, &key, most, WINDOW, now)?));
    refuse(looked.await?)
}

/// Counts a wrong code; refuses when there were too many.
pub async fn count_wrong(visit: &Visit) -> Result<(), Error> {
    let (own, most) = budget(visit);
    let network = network(visit);
    let counted = visit.site.db.write(move |tx| {
        // A known browser's count for the network too, which stops strangers sooner. It is not stopped by
        // that count itself: its tries come on top of what a network may try.
        if own != network {
            limit::hit(tx, &network, MOST_WRONG, WINDOW)?;
        }
        Ok::<_, Error>(limit::hit(tx, &own, most, WINDOW)?)
    });
    refuse(counted.await?)
}

/// Turns a verdict into an answer.
pub fn refuse(verdict: Verdict) -> Result<(), Error> {
    match verdict {
        Verdict::Allowed => Ok(()),
        Verdict::Exceeded { retry_after } => Err(Error::TooMany { retry_after }),
    }
}

/// What this visit's wrong codes are counted under, and how many there may be.
fn budget(visit: &Visit) -> (String, i32) {
    match visit.known() {
        Some(known) => (known.budget("code"), MOST_OF_KNOWN),
        None => (network(visit), MOST_WRONG),
    }
}

fn network(visit: &Visit) -> String {
    format!("code:{}", limit::network(visit.ip))
}
