//! What has to be handled: the urgent first, then by deadline, and what waits for the citizen after all the
//! rest. Each of these parts has an index of its own, and every question here is asked of one of them.

use super::{
    Boxed, Hands, Line, MANY, PAGE, Page, Place, Pressure, Queue, Selection, View, cut, wanted,
};
use crate::db::schema::requests;
use crate::db::{Conn, Id};
use chrono::{Days, NaiveDate};
use diesel::dsl::not;
use diesel::prelude::*;

/// What is urgent, what runs beside it, and what stands still until the citizen answers: in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Urgent,
    Running,
    Paused,
}

/// Where a row stands in its part.
pub(super) type Spot = (NaiveDate, Id);

/// A row before, and one after.
pub type Beside = (Option<Id>, Option<Id>);

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
        let from = place.and_then(part_of);
        let mut lines = Vec::new();
        for part in parts(selection) {
            let after = match from {
                Some((left, _)) if *part < left => continue,
                Some((here, spot)) if *part == here => Some(spot),
                _ => None,
            };
            lines.extend(self.part_after(conn, selection, *part, after)?);
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

    /// The rows of one part after that one, in order.
    fn part_after(
        &self,
        conn: &mut Conn,
        selection: &Selection,
        part: Part,
        after: Option<Spot>,
    ) -> QueryResult<Vec<Line>> {
        let mut lines = Vec::new();
        for strand in &self.strands(selection) {
            let query = || self.open_of(strand, selection, part);
            lines.extend(after_day(conn, &query, after)?);
        }
        lines.sort_unstable_by_key(|line| (line.due_on, line.id));
        Ok(lines)
    }

    /// How many open requests a selection has, up to [`MANY`].
    pub(super) fn count_open(&self, conn: &mut Conn, selection: &Selection) -> QueryResult<usize> {
        let mut count = 0;
        for strand in &self.strands(selection) {
            for part in parts(selection) {
                if count < MANY {
                    let all = self.open_of(strand, selection, *part);
                    count += capped(conn, all.order((requests::due_on, requests::id)))?;
                }
            }
        }
        Ok(count.min(MANY))
    }

    /// The requests before and after that place in a list by deadline. A place in a part that the list
    /// does not hold lies between its parts.
    pub(super) fn beside_open(
        &self,
        conn: &mut Conn,
        selection: &Selection,
        place: &Place,
    ) -> QueryResult<Beside> {
        let Some((here, (day, id))) = part_of(place) else {
            return Ok((None, None));
        };
        let strands = self.strands(selection);
        let (mut before, mut after) = (None, None);
        let held = parts(selection).contains(&here);
        for strand in strands.iter().filter(|_| held) {
            let all = || self.open_of(strand, selection, here);
            let that_day = || all().filter(requests::due_on.eq(day));
            let near = match last(conn, that_day().filter(requests::id.lt(id)))? {
                None => last(conn, all().filter(requests::due_on.lt(day)))?,
                found => found,
            };
            before = before.max(near);
            let near = match first(conn, that_day().filter(requests::id.gt(id)))? {
                None => first(conn, all().filter(requests::due_on.gt(day)))?,
                found => found,
            };
            after = nearer(after, near);
        }
        for part in parts(selection).iter().rev().filter(|part| **part < here) {
            if before.is_none() {
                for strand in &strands {
                    before = before.max(last(conn, self.open_of(strand, selection, *part))?);
                }
            }
        }
        for part in parts(selection).iter().filter(|part| **part > here) {
            if after.is_none() {
                for strand in &strands {
                    after = nearer(after, first(conn, self.open_of(strand, selection, *part))?);
                }
            }
        }
        Ok((before.map(|(_, id)| id), after.map(|(_, id)| id)))
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

    fn open_of<'a>(&self, strand: &Strand<'a>, selection: &'a Selection, part: Part) -> Boxed<'a> {
        let mut query = requests::table
            .filter(requests::closed_at.is_null())
            .into_boxed();
        // A yes-or-no column as it is, and no comparison: so the engines see that an index is of this part.
        query = match part {
            Part::Urgent => query
                .filter(requests::paused_since.is_null())
                .filter(requests::urgent),
            Part::Running => query
                .filter(requests::paused_since.is_null())
                .filter(not(requests::urgent)),
            Part::Paused => query.filter(requests::paused_since.is_not_null()),
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
            // This is its part already.
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

impl Selection {
    /// Whether the open requests of this list wait for the citizen: all do, none does, or some (`None`).
    pub fn waiting(&self) -> Option<bool> {
        match parts(self) {
            [Part::Paused] => Some(true),
            parts if parts.contains(&Part::Paused) => None,
            _ => Some(false),
        }
    }
}

/// The parts a selection is about, in order.
fn parts(selection: &Selection) -> &'static [Part] {
    match (selection.view, selection.pressure) {
        (View::Late, Some(Pressure::Paused)) => &[],
        (View::Late, _) => &[Part::Urgent, Part::Running],
        (_, Some(Pressure::Paused)) => &[Part::Paused],
        (_, Some(_)) => &[Part::Urgent, Part::Running],
        (_, None) => &[Part::Urgent, Part::Running, Part::Paused],
    }
}

/// In which part that place is, and where in it.
fn part_of(place: &Place) -> Option<(Part, Spot)> {
    match place {
        Place::Urgent(day, id) => Some((Part::Urgent, (*day, *id))),
        Place::Day(day, id) => Some((Part::Running, (*day, *id))),
        Place::Paused(day, id) => Some((Part::Paused, (*day, *id))),
        Place::Moment(..) | Place::Request(_) => None,
    }
}

/// The first of two that may not be there.
pub(super) fn nearer<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The rows after that one: the rest of its day, then the days after. Two questions, because each is a
/// piece of the index, and "later, or the same day and further" is not.
fn after_day<'a>(
    conn: &mut Conn,
    query: &dyn Fn() -> Boxed<'a>,
    after: Option<Spot>,
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

fn first(conn: &mut Conn, query: Boxed<'_>) -> QueryResult<Option<Spot>> {
    query
        .order((requests::due_on.asc(), requests::id.asc()))
        .select((requests::due_on, requests::id))
        .first(conn)
        .optional()
}

fn last(conn: &mut Conn, query: Boxed<'_>) -> QueryResult<Option<Spot>> {
    query
        .order((requests::due_on.desc(), requests::id.desc()))
        .select((requests::due_on, requests::id))
        .first(conn)
        .optional()
}

/// How many rows, up to [`MANY`]. In the order of their list: it is by the order that SQLite finds the
/// list's own index, and without it an empty part of a long queue is looked for in all of the queue.
pub(super) fn capped(conn: &mut Conn, query: Boxed<'_>) -> QueryResult<usize> {
    let most = i64::try_from(MANY).unwrap_or(i64::MAX);
    let days: Vec<NaiveDate> = query.limit(most).select(requests::due_on).load(conn)?;
    Ok(days.len())
}
