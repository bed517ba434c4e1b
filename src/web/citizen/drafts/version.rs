//! `POST /brouillons/{code}/version`: a draft of an older version goes over to the newer one, or stays. Its
//! pages offer it, once for each newer version that asks something else.

use super::{Elsewhere, Open, find, gone};
use crate::db::Id;
use crate::form;
use crate::web::error::Error;
use crate::web::input::Posted;
use crate::web::visit::{Visit, see_other};
use actix_web::{HttpResponse, web};
use serde::Serialize;

/// What a draft's pages offer when its procedure changed.
#[derive(Serialize)]
pub struct Newer {
    /// In plain words, one each.
    changes: Vec<String>,
    url: String,
    version: Id,
}

impl Newer {
    /// The newer version of this draft's procedure, when it asks something else and was not declined.
    pub fn of(visit: &Visit, open: &Open) -> Option<Self> {
        let newer = visit.site.procedure(&open.draft.procedure_id)?;
        let known = [Some(open.draft.version_id), open.draft.declined];
        if known.contains(&Some(newer.version)) {
            return None;
        }
        let old = open.published.procedure();
        let changes = form::changes(old, newer.procedure(), visit.lang());
        (!changes.is_empty()).then(|| Self {
            changes: changes.iter().map(ToString::to_string).collect(),
            url: open.url("version"),
            version: newer.version,
        })
    }
}

/// Takes the choice. One about a version that is not the newest any more changes nothing: the pages offer
/// the newest.
pub async fn update(posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let chosen = posted.text("version").and_then(Id::parse);
    let renewed = posted.text("choice") == Some("nouvelle");
    let visit = posted.visit;
    let open = match find(&visit, &code).await? {
        Ok(open) => open,
        Err(elsewhere) => return gone(&visit, &elsewhere),
    };
    let back = open.url("").trim_end_matches('/').to_owned();
    let newest = visit.site.procedure(&open.draft.procedure_id);
    let Some(newest) = newest.filter(|newest| Some(newest.version) == chosen) else {
        return Ok(see_other(&back));
    };
    let (draft, version) = (open.draft, newest.version);
    let kept = visit.site.db.write(move |tx| {
        let kept = if renewed {
            draft.renew(tx, version)?
        } else {
            draft.decline(tx, version)?
        };
        Ok::<_, Error>(kept)
    });
    if kept.await? {
        Ok(see_other(&back))
    } else {
        // Sent from another window meanwhile, or saved: the address says which.
        match find(&visit, &code).await? {
            Err(elsewhere @ Elsewhere::Sent(_)) => gone(&visit, &elsewhere),
            _ => Ok(see_other(&back)),
        }
    }
}
