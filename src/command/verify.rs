//! `perron verify`: the audit trail read from end to end, and the history of each request played
//! again: it must lead to where the request stands.

use super::screen::{count, note, say};
use super::{Failure, look, on_a_snapshot};
use crate::audit::Event;
use crate::audit::verify::{self, Report};
use crate::config::SiteArgs;
use crate::db::schema::{events, requests, versions};
use crate::db::{Conn, Doc, Id, Unreadable};
use crate::definition::Workflow;
use crate::definition::library::{Definition, Source};
use crate::request::{self, Request};
use crate::workflow::{self, Unexplained};
use clap::Args;
use diesel::prelude::*;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Requests read at a time.
const PAGE: i64 = 500;
/// Most faults looked for; a torn database has them without end.
const MOST: usize = 1_000;
/// Most faults of a kind told, so that the last lines still say what to do.
const TOLD: usize = 40;

#[derive(Args)]
#[command(
    after_help = "Peut tourner pendant que le site sert. Code de sortie : 0 si rien n’a été modifié, 1 sinon."
)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    site: SiteArgs,
}

/// What a request's history does not explain.
struct Untold {
    request: Id,
    why: Why,
}

enum Why {
    /// Its version is not there, or cannot be read.
    Version,
    /// This program cannot read its row.
    Row(&'static str),
    /// An event is no step of a workflow.
    Event(i32),
    Chain(Unexplained),
    /// The history leads elsewhere.
    Elsewhere {
        told: String,
        stands: String,
    },
    /// The status is right, and service, assignee, pauses or end are not.
    Otherwise,
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "demande {} : ", self.request)?;
        match &self.why {
            Why::Version => write!(f, "la version de sa démarche manque ou ne se lit pas"),
            Why::Row(what) => write!(f, "sa ligne ne se lit pas avec cette version ({what})"),
            Why::Event(seq) => write!(f, "l’évènement {seq} ne se lit pas"),
            Why::Chain(cause) => write!(f, "{cause}"),
            Why::Elsewhere { told, stands } => {
                write!(
                    f,
                    "l’historique mène à « {told} », la demande est « {stands} »"
                )
            }
            Why::Otherwise => write!(
                f,
                "l’historique n’explique pas son service, son agent, ses pauses ou sa fin"
            ),
        }
    }
}

/// Verifies and reports; fails when something does not fit.
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    let mut conn = look(&args.site)?;
    let faults = on_a_snapshot(&mut conn, whole)?;
    if faults == 0 {
        Ok(())
    } else {
        Err(Failure::Said)
    }
}

/// Reads the whole trail on that connection and tells what it finds; answers how many faults.
pub(super) fn whole(conn: &mut Conn) -> QueryResult<usize> {
    let report = verify::verify(conn)?;
    let untold = histories(conn)?;
    tell(&report, &untold);
    Ok(report.faults.len() + untold.len())
}

fn tell(report: &Report, untold: &[Untold]) {
    for fault in report.faults.iter().take(TOLD) {
        say(format!("FAUTE  {fault}"));
    }
    for fault in untold.iter().take(TOLD) {
        say(format!("FAUTE  {fault}"));
    }
    say(format!(
        "{}, {}, {} lus.",
        count(report.requests, "demande", "demandes"),
        count(report.events, "évènement", "évènements"),
        count(report.seals, "scellé", "scellés"),
    ));
    let faults = (report.faults.len() + untold.len()) as u64;
    let kept_back = report.faults.len().max(untold.len()).saturating_sub(TOLD);
    if kept_back > 0 {
        say("… et d’autres du même genre.");
    }
    if faults == 0 {
        say("L’historique est entier : rien n’a été modifié, ajouté ni retiré.");
    } else {
        note(format!(
            "{}. Gardez une copie de la base telle qu’elle est, et comparez-la à une sauvegarde.",
            count(faults, "faute", "fautes"),
        ));
    }
}

fn histories(conn: &mut Conn) -> QueryResult<Vec<Untold>> {
    let mut workflows: HashMap<Id, Option<Arc<Workflow>>> = HashMap::new();
    let mut untold = Vec::new();
    let mut after: Option<Id> = None;
    loop {
        let ids = ids_after(conn, after)?;
        let Some(last) = ids.last() else {
            return Ok(untold);
        };
        after = Some(*last);
        let page = page(conn, &ids, &mut untold)?;
        let mut steps: HashMap<Id, Vec<Event>> = HashMap::new();
        let rows: Vec<Event> = events::table
            .filter(events::request_id.eq_any(&ids))
            .filter(events::kind.eq("step"))
            .order(events::seq.asc())
            .select(Event::as_select())
            .load(conn)?;
        for row in rows {
            steps.entry(row.request_id).or_default().push(row);
        }
        for request in &page {
            let workflow = if let Some(known) = workflows.get(&request.version_id) {
                known.clone()
            } else {
                let read = workflow_of(conn, request.version_id)?;
                workflows.insert(request.version_id, read.clone());
                read
            };
            let steps = steps.remove(&request.id).unwrap_or_default();
            if let Err(why) = explain(request, workflow.as_deref(), &steps) {
                untold.push(Untold {
                    request: request.id,
                    why,
                });
            }
        }
        if untold.len() > MOST {
            return Ok(untold);
        }
    }
}

fn ids_after(conn: &mut Conn, after: Option<Id>) -> QueryResult<Vec<Id>> {
    let mut query = requests::table
        .select(requests::id)
        .order(requests::id.asc())
        .limit(PAGE)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(requests::id.gt(after));
    }
    query.load(conn)
}

/// The requests of these ids. Where a row cannot be read it is told, and the others still are read.
fn page(conn: &mut Conn, ids: &[Id], untold: &mut Vec<Untold>) -> QueryResult<Vec<Request>> {
    let together = requests::table
        .filter(requests::id.eq_any(ids))
        .order(requests::id.asc())
        .select(Request::as_select())
        .load(conn);
    match together {
        Err(error) if Unreadable::behind(&error).is_some() => {}
        read => return read,
    }
    let mut read = Vec::with_capacity(ids.len());
    for id in ids {
        match request::for_system(conn, *id) {
            Ok(found) => read.extend(found),
            Err(error) => {
                let Unreadable(what) = Unreadable::behind(&error).ok_or(error)?;
                let why = Why::Row(what);
                untold.push(Untold { request: *id, why });
            }
        }
    }
    Ok(read)
}

fn explain(request: &Request, workflow: Option<&Workflow>, rows: &[Event]) -> Result<(), Why> {
    let workflow = workflow.ok_or(Why::Version)?;
    let steps = rows
        .iter()
        .map(|row| row.data.read().map_err(|_| Why::Event(row.seq)))
        .collect::<Result<Vec<workflow::Event>, Why>>()?;
    let told = workflow::replay(workflow, &steps).map_err(Why::Chain)?;
    let stands = request.state();
    if told.status != stands.status {
        return Err(Why::Elsewhere {
            told: told.status,
            stands: stands.status,
        });
    }
    if told == stands {
        Ok(())
    } else {
        Err(Why::Otherwise)
    }
}

fn workflow_of(conn: &mut Conn, version: Id) -> QueryResult<Option<Arc<Workflow>>> {
    let sources: Option<Doc> = versions::table
        .find(version)
        .select(versions::sources)
        .first(conn)
        .optional()?;
    let sources: Option<Vec<Source>> = sources.and_then(|doc| doc.read().ok());
    let definition = sources.and_then(|sources| Definition::from_sources(&sources).ok());
    Ok(definition.map(|definition| definition.workflow))
}
