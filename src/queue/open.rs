//! What has to be handled, by deadline; what waits for the citizen comes after all the rest. Both halves
//! have an index of their own, and every question here is asked of one of them.

use super::{
    Boxed, Hands, Line, MANY, PAGE, Page, Place, Pressure, Queue, Selection, View, cut, wanted,
};
use crate::db::schema::requests;
use crate::db::{Conn, Id};
use chrono::{Days, NaiveDate};
use diesel::prelude::*;

/// Whether the deadline runs, or stands still until the citizen answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Running,
    Paused,
}

/// What one index is asked: a service, or an agent's hands in all their services.
enum Strand<'a> {
    Service(&'a str),
    Hands(Id, Vec<&'a str>),
}

impl Queue {
    pub(super) fn open_page(
        &self,
        conn: &mut Conn,
        selection: &Selection,
        place: Option<&Place>,
    ) -> QueryResult<Page> {
        let from = place.copied();
        let mut lines = Vec::new();
        for half in halves(selection) {
            let after = match (half, from) {
                (Half::Running, Some(Place::Day(day, id)))
                | (Half::Paused, Some(Place::Paused(day, id))) => Some((day, id)),
                (Half::Running, Some(Place::Paused(..))) => continue,
                _ => None,
            };
            lines.extend(self.half_after(conn, selection, *half, after)?);
            if lines.len() > PAGE {
                break;
            }
        }
        let mut page = cut(lines, |line| Some(Place::by_deadline(line)));
        if page.next.is_some() || from.is_some() {
            page.total = self.count_open(conn, selection)?;
        }
        Ok(page)
    }

    /// The rows of one half after that one, in order.
    fn half_after(
        &self,
        conn: &mut Conn,
        selection: &Selection,
        half: Half,
        after: Option<(NaiveDate, Id)>,
    ) -> QueryResult<Vec<Line>> {
        let mut lines = Vec::new();
        for strand in &self.strands(selection) {
            let query = || self.open_of(strand, selection, half);
            lines.extend(after_day(conn, &query, after)?);
        }
        lines.sort_unstable_by_key(|line| (line.due_on, line.id));
        Ok(lines)
    }

    /// How many open requests a selection has, up to [`MANY`].
    pub(super) fn count_open(&self, conn: &mut Conn, selection: &Selection) -> QueryResult<usize> {
        let mut count = 0;
        for strand in &self.strands(selection) {
            for half in halves(selection) {
                if count < MANY {
                    count += capped(conn, self.open_of(strand, selection, *half))?;
                }
            }
        }
        Ok(count.min(MANY))
    }

    /// The requests before and after that one in its service's queue.
    pub fn beside(
        &self,
        conn: &mut Conn,
        service: &str,
        place: Place,
    ) -> QueryResult<(Option<Id>, Option<Id>)> {
        if !self.scope.is_member(service) {
            return Ok((None, None));
        }
        let (half, day, id) = match place {
            Place::Day(day, id) => (Half::Running, day, id),
            Place::Paused(day, id) => (Half::Paused, day, id),
            Place::Moment(..) | Place::Request(_) => return Ok((None, None)),
        };
        let strand = Strand::Service(service);
        let selection = Selection::default();
        let all = |half| self.open_of(&strand, &selection, half);
        let here = || all(half).filter(requests::due_on.eq(day));
        let mut before = last(conn, here().filter(requests::id.lt(id)))?;
        if before.is_none() {
            before = last(conn, all(half).filter(requests::due_on.lt(day)))?;
        }
        if before.is_none() && half == Half::Paused {
            before = last(conn, all(Half::Running))?;
        }
        let mut after = first(conn, here().filter(requests::id.gt(id)))?;
        if after.is_none() {
            after = first(conn, all(half).filter(requests::due_on.gt(day)))?;
        }
        if after.is_none() && half == Half::Running {
            after = first(conn, all(Half::Paused))?;
        }
        Ok((before, after))
    }

    fn strands<'a>(&'a self, selection: &Selection) -> Vec<Strand<'a>> {
        let services = self.services(selection);
        let hands = match (selection.view, selection.hands) {
            (View::Mine, _) | (_, Some(Hands::Mine)) => Some(self.scope.agent().id),
            (_, Some(Hands::Of(agent))) => Some(agent),
            _ => None,
        };
        match hands {
            Some(agent) => vec![Strand::Hands(agent, services)],
            None => services.into_iter().map(Strand::Service).collect(),
        }
    }

    fn open_of<'a>(&self, strand: &Strand<'a>, selection: &'a Selection, half: Half) -> Boxed<'a> {
        let mut query = requests::table
            .filter(requests::closed_at.is_null())
            .into_boxed();
        query = match half {
            Half::Running => query.filter(requests::paused_since.is_null()),
            Half::Paused => query.filter(requests::paused_since.is_not_null()),
        };
        query = match strand {
            Strand::Service(service) => query.filter(requests::service.eq(*service)),
            // The service is written so that no index serves it: the agent's hands hold few.
            Strand::Hands(agent, services) => query
                .filter(requests::assignee.eq(*agent))
                .filter(requests::service.concat("").eq_any(services.clone())),
        };
        if selection.hands == Some(Hands::Nobody) {
            query = query.filter(requests::assignee.is_null());
        }
        if let Some(status) = &selection.status {
            query = query.filter(requests::status.eq(status));
        }
        if let Some(procedure) = &selection.procedure {
            query = query.filter(requests::procedure_id.eq(procedure));
        }
        if selection.view == View::Late {
            query = self.pressing(query, strand, Pressure::Late);
        }
        match selection.pressure {
            Some(pressure) => self.pressing(query, strand, pressure),
            None => query,
        }
    }

    fn pressing<'a>(&self, query: Boxed<'a>, strand: &Strand, pressure: Pressure) -> Boxed<'a> {
        let today = self.today;
        match pressure {
            // This is its half already.
            Pressure::Paused => query,
            Pressure::Late => query.filter(requests::due_on.lt(today)),
            Pressure::Soon => query.filter(requests::due_on.between(today, self.last_near(strand))),
            Pressure::Fine => query.filter(requests::due_on.gt(self.last_near(strand))),
        }
    }

    /// The last near day of that strand; of an agent's services, the first house's.
    fn last_near(&self, strand: &Strand) -> NaiveDate {
        let service = match strand {
            Strand::Service(service) => Some(*service),
            Strand::Hands(_, services) => services.first().copied(),
        };
        service
            .and_then(|service| self.near.get(service).copied())
            .or_else(|| self.today.checked_add_days(Days::new(2)))
            .unwrap_or(self.today)
    }
}

/// The halves a selection is about, in order.
fn halves(selection: &Selection) -> &'static [Half] {
    match (selection.view, selection.pressure) {
        (View::Late, Some(Pressure::Paused)) => &[],
        (View::Late, _) => &[Half::Running],
        (_, Some(Pressure::Paused)) => &[Half::Paused],
        (_, Some(_)) => &[Half::Running],
        (_, None) => &[Half::Running, Half::Paused],
    }
}

/// The rows after that one: the rest of its day, then the days after. Two questions, because each is a
/// piece of the index, and "later, or the same day and further" is not.
fn after_day<'a>(
    conn: &mut Conn,
    query: &dyn Fn() -> Boxed<'a>,
    after: Option<(NaiveDate, Id)>,
) -> QueryResult<Vec<Line>> {
    let load = |conn: &mut Conn, query: Boxed<'a>, most: i64| {
        query
            .order((requests::due_on.asc(), requests::id.asc()))
            .limit(most)
            .select(Line::as_select())
            .load::<Line>(conn)
    };
    let Some((day, id)) = after else {
        return load(conn, query(), wanted());
    };
    let same = query()
        .filter(requests::due_on.eq(day))
        .filter(requests::id.gt(id));
    let mut lines = load(conn, same, wanted())?;
    let left = wanted() - i64::try_from(lines.len()).unwrap_or_default();
    if left > 0 {
        lines.extend(load(conn, query().filter(requests::due_on.gt(day)), left)?);
    }
    Ok(lines)
}

fn first(conn: &mut Conn, query: Boxed<'_>) -> QueryResult<Option<Id>> {
    query
        .order((requests::due_on.asc(), requests::id.asc()))
        .select(requests::id)
        .first(conn)
        .optional()
}

fn last(conn: &mut Conn, query: Boxed<'_>) -> QueryResult<Option<Id>> {
    query
        .order((requests::due_on.desc(), requests::id.desc()))
        .select(requests::id)
        .first(conn)
        .optional()
}

/// How many rows, up to [`MANY`].
pub(super) fn capped(conn: &mut Conn, query: Boxed<'_>) -> QueryResult<usize> {
    let most = i64::try_from(MANY).unwrap_or(i64::MAX);
    let days: Vec<NaiveDate> = query.limit(most).select(requests::due_on).load(conn)?;
    Ok(days.len())
}
