//! The lists that are not by deadline: answers received, the one that waits longest first, and what is
//! over, the last closed first.

use super::open::{Beside, capped, nearer};
use super::{Boxed, Hands, Line, MANY, Page, Place, Queue, Selection, View, cut, wanted};
use crate::db::schema::requests;
use crate::db::{At, Conn, Id};
use crate::definition::workflow::Outcome;
use diesel::prelude::*;

/// Where a row stands in a list by moment.
type Spot = (At, Id);

impl Queue {
    pub(super) fn answered_page(
        &self,
        conn: &mut Conn,
        selection: &Selection,
        place: Option<&Place>,
    ) -> QueryResult<Page> {
        let after = moment(place);
        let mut lines = Vec::new();
        for service in self.services(selection) {
            let all = || self.answered(service, selection);
            lines.extend(answered_after(conn, &all, after)?);
        }
        lines.sort_unstable_by_key(|line| (line.answered_at, line.id));
        let mut page = cut(lines, Place::by_answer);
        if page.next.is_some() || after.is_some() {
            page.total = self.count_answered(conn, selection)?;
        }
        Ok(page)
    }

    /// How many wait for a reaction to what the citizen wrote, up to [`MANY`].
    pub(super) fn count_answered(
        &self,
        conn: &mut Conn,
        selection: &Selection,
    ) -> QueryResult<usize> {
        let mut count = 0;
        for service in self.services(selection) {
            let all = self.answered(service, selection);
            count += capped(conn, all.order((requests::answered_at, requests::id)))?;
        }
        Ok(count.min(MANY))
    }

    pub(super) fn closed_page(
        &self,
        conn: &mut Conn,
        selection: &Selection,
        place: Option<&Place>,
    ) -> QueryResult<Page> {
        let before = moment(place);
        let services = self.services(selection);
        let mut lines = Vec::new();
        for service in &services {
            let all = || self.closed(service, selection);
            lines.extend(closed_before(conn, &all, before)?);
        }
        lines.sort_unstable_by_key(|line| std::cmp::Reverse((line.closed_at, line.id)));
        let mut page = cut(lines, Place::by_closing);
        if page.next.is_some() || before.is_some() {
            page.total = 0;
            for service in services {
                let all = self.closed(service, selection);
                page.total += capped(conn, all.order((requests::closed_at, requests::id)))?;
            }
            page.total = page.total.min(MANY);
        }
        Ok(page)
    }

    /// The requests before and after that place among the answers received, or among what is over.
    pub(super) fn beside_moment(
        &self,
        conn: &mut Conn,
        selection: &Selection,
        place: &Place,
    ) -> QueryResult<Beside> {
        let Some(here) = moment(Some(place)) else {
            return Ok((None, None));
        };
        let (mut earlier, mut later) = (None, None);
        for service in self.services(selection) {
            if selection.view == View::Closed {
                let all = || self.closed(service, selection);
                earlier = earlier.max(closed_near(conn, &all, here, false)?);
                later = nearer(later, closed_near(conn, &all, here, true)?);
            } else {
                let all = || self.answered(service, selection);
                earlier = earlier.max(answered_near(conn, &all, here, false)?);
                later = nearer(later, answered_near(conn, &all, here, true)?);
            }
        }
        let (earlier, later) = (earlier.map(|(_, id)| id), later.map(|(_, id)| id));
        Ok(if selection.view == View::Closed {
            (later, earlier)
        } else {
            (earlier, later)
        })
    }

    fn answered<'a>(&self, service: &'a str, selection: &'a Selection) -> Boxed<'a> {
        let query = requests::table
            .filter(requests::service.eq(service))
            .filter(requests::closed_at.is_null())
            .filter(requests::answered_at.is_not_null())
            .into_boxed();
        self.narrowed(query, selection)
    }

    fn closed<'a>(&self, service: &'a str, selection: &'a Selection) -> Boxed<'a> {
        let query = requests::table
            .filter(requests::service.eq(service))
            .filter(requests::closed_at.is_not_null())
            .into_boxed();
        let query = self.narrowed(query, selection);
        match selection.outcome {
            Some(outcome) => query.filter(requests::outcome.eq(word(outcome))),
            None => query,
        }
    }

    fn narrowed<'a>(&self, mut query: Boxed<'a>, selection: &'a Selection) -> Boxed<'a> {
        if let Some(procedure) = &selection.procedure {
            query = query.filter(requests::procedure_id.eq(procedure));
        }
        match selection.hands {
            Some(Hands::Mine) => query.filter(requests::assignee.eq(self.scope.agent().id)),
            Some(Hands::Of(agent)) => query.filter(requests::assignee.eq(agent)),
            Some(Hands::Nobody) => query.filter(requests::assignee.is_null()),
            None => query,
        }
    }
}

fn moment(place: Option<&Place>) -> Option<Spot> {
    match place {
        Some(Place::Moment(at, id)) => Some((*at, *id)),
        _ => None,
    }
}

/// The word in the column.
fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Granted => "granted",
        Outcome::Refused => "refused",
        Outcome::Withdrawn => "withdrawn",
        Outcome::Expired => "expired",
    }
}

fn answered_after<'a>(
    conn: &mut Conn,
    all: &dyn Fn() -> Boxed<'a>,
    after: Option<Spot>,
) -> QueryResult<Vec<Line>> {
    let load = |conn: &mut Conn, query: Boxed<'a>, most: i64| {
        query
            .order((requests::answered_at.asc(), requests::id.asc()))
            .limit(most)
            .select(Line::as_select())
            .load::<Line>(conn)
    };
    let Some((at, id)) = after else {
        return load(conn, all(), wanted());
    };
    let same = all()
        .filter(requests::answered_at.eq(at))
        .filter(requests::id.gt(id));
    let mut lines = load(conn, same, wanted())?;
    let left = wanted() - i64::try_from(lines.len()).unwrap_or_default();
    lines.extend(load(
        conn,
        all().filter(requests::answered_at.gt(at)),
        left,
    )?);
    Ok(lines)
}

fn closed_before<'a>(
    conn: &mut Conn,
    all: &dyn Fn() -> Boxed<'a>,
    before: Option<Spot>,
) -> QueryResult<Vec<Line>> {
    let load = |conn: &mut Conn, query: Boxed<'a>, most: i64| {
        query
            .order((requests::closed_at.desc(), requests::id.desc()))
            .limit(most)
            .select(Line::as_select())
            .load::<Line>(conn)
    };
    let Some((at, id)) = before else {
        return load(conn, all(), wanted());
    };
    let same = all()
        .filter(requests::closed_at.eq(at))
        .filter(requests::id.lt(id));
    let mut lines = load(conn, same, wanted())?;
    let left = wanted() - i64::try_from(lines.len()).unwrap_or_default();
    lines.extend(load(conn, all().filter(requests::closed_at.lt(at)), left)?);
    Ok(lines)
}

/// The row just before, or just after, a spot by the moment in that column. Two questions, as above.
macro_rules! near {
    ($conn:expr, $all:expr, $column:expr, $spot:expr, $after:expr) => {{
        let (at, id) = $spot;
        let mut found: Option<(Option<At>, Id)> = None;
        for same in [true, false] {
            if found.is_some() {
                break;
            }
            let query = match (same, $after) {
                (true, true) => $all().filter($column.eq(at)).filter(requests::id.gt(id)),
                (true, false) => $all().filter($column.eq(at)).filter(requests::id.lt(id)),
                (false, true) => $all().filter($column.gt(at)),
                (false, false) => $all().filter($column.lt(at)),
            };
            let query = if $after {
                query.order(($column.asc(), requests::id.asc()))
            } else {
                query.order(($column.desc(), requests::id.desc()))
            };
            found = query
                .select(($column, requests::id))
                .first($conn)
                .optional()?;
        }
        Ok(found.and_then(|(at, id)| Some((at?, id))))
    }};
}

fn answered_near<'a>(
    conn: &mut Conn,
    all: &dyn Fn() -> Boxed<'a>,
    spot: Spot,
    after: bool,
) -> QueryResult<Option<Spot>> {
    near!(conn, all, requests::answered_at, spot, after)
}

fn closed_near<'a>(
    conn: &mut Conn,
    all: &dyn Fn() -> Boxed<'a>,
    spot: Spot,
    after: bool,
) -> QueryResult<Option<Spot>> {
    near!(conn, all, requests::closed_at, spot, after)
}
