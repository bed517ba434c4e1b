//! A draft of an older version goes over to the newer one, or stays. Its pages offer it, once for each
//! newer version that asks something else: a page of questions with its own form, so that what was typed
//! is kept in the same go, the check page by `POST /brouillons/{code}/version`.

use super::{Open, TRIES, find, gone, save};
use crate::db::Id;
use crate::form;
use crate::request::draft::Draft;
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

/// What its owner wants of a newer version: the button that was pressed, and the version it was about.
#[derive(Clone, Copy, Debug)]
pub enum Choice {
    /// Go over to it.
    Newer(Id),
    /// Stay without it.
    Older(Id),
}

impl Choice {
    /// The choice among the names of a post, if it has one.
    pub fn of<'a>(text: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let about = |name| text(name).and_then(Id::parse);
        let newer = about("_newer").map(Self::Newer);
        newer.or_else(|| about("_older").map(Self::Older))
    }

    /// Notes it on the draft, to be kept with its answers. A choice about a version that is not the newest
    /// any more changes nothing: the pages offer the newest.
    pub fn settle(self, visit: &Visit, draft: &mut Draft) {
        let newest = visit.site.procedure(&draft.procedure_id);
        let newest = newest.map(|newest| newest.version);
        match self {
            Self::Newer(version) if Some(version) == newest => draft.renew(version),
            Self::Older(version) if Some(version) == newest => draft.decline(version),
            Self::Newer(_) | Self::Older(_) => {}
        }
    }
}

/// Takes the choice where nothing else can be typed.
pub async fn update(posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let choice = Choice::of(|name| posted.text(name));
    let visit = posted.visit;
    for _ in 0..TRIES {
        let mut open = match find(&visit, &code).await? {
            Ok(open) => open,
            Err(elsewhere) => return gone(&visit, &elsewhere),
        };
        let back = open.url("").trim_end_matches('/').to_owned();
        let Some(choice) = choice else {
            return Ok(see_other(&back));
        };
        choice.settle(&visit, &mut open.draft);
        let answers = open.draft.answers();
        if save(&visit, &mut open, answers).await? {
            return Ok(see_other(&back));
        }
    }
    Err(Error::Overtaken)
}
