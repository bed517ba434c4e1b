//! The lists that are not by deadline: answers received, and what is over.

use super::open::capped;
use super::{Boxed, Line, MANY, Page, Place, Queue, Selection, cut, wanted};
use crate::db::schema::requests;
use crate::db::{At, Conn, Id};
use diesel::prelude::*;

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
            lines.extend(answered_after(conn, service, after)?);
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
            count += capped(conn, answered(service))?;
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
            lines.extend(closed_before(conn, service, before)?);
        }
        lines.sort_unstable_by_key(|line| std::cmp::Reverse((line.closed_at, line.id)));
        let mut page = cut(lines, Place::by_closing);
        if page.next.is_some() || before.is_some() {
            page.total = 0;
            for service in services {
                page.total += capped(conn, closed(service))?;
            }
            page.total = page.total.min(MANY);
        }
        Ok(page)
    }
}

fn moment(place: Option<&Place>) -> Option<(At, Id)> {
    match place {
        Some(Place::Moment(at, id)) => Some((*at, *id)),
        _ => None,
    }
}

fn answered(service: &str) -> Boxed<'_> {
    requests::table
        .filter(requests::service.eq(service))
        .filter(requests::closed_at.is_null())
        .filter(requests::answered_at.is_not_null())
        .into_boxed()
}

fn answered_after(
    conn: &mut Conn,
    service: &str,
    after: Option<(At, Id)>,
) -> QueryResult<Vec<Line>> {
    let load = |conn: &mut Conn, query: Boxed<'_>, most: i64| {
        query
            .order((requests::answered_at.asc(), requests::id.asc()))
            .limit(most)
            .select(Line::as_select())
            .load::<Line>(conn)
    };
    let Some((at, id)) = after else {
        return load(conn, answered(service), wanted());
    };
    let same = answered(service)
        .filter(requests::answered_at.eq(at))
        .filter(requests::id.gt(id));
    let mut lines = load(conn, same, wanted())?;
    let left = wanted() - i64::try_from(lines.len()).unwrap_or_default();
    let later = answered(service).filter(requests::answered_at.gt(at));
    lines.extend(load(conn, later, left)?);
    Ok(lines)
}

fn closed(service: &str) -> Boxed<'_> {
    requests::table
        .filter(requests::service.eq(service))
        .filter(requests::closed_at.is_not_null())
        .into_boxed()
}

fn closed_before(
    conn: &mut Conn,
    service: &str,
    before: Option<(At, Id)>,
) -> QueryResult<Vec<Line>> {
    let load = |conn: &mut Conn, query: Boxed<'_>, most: i64| {
        query
            .order((requests::closed_at.desc(), requests::id.desc()))
            .limit(most)
            .select(Line::as_select())
            .load::<Line>(conn)
    };
    let Some((at, id)) = before else {
        return load(conn, closed(service), wanted());
    };
    let same = closed(service)
        .filter(requests::closed_at.eq(at))
        .filter(requests::id.lt(id));
    let mut lines = load(conn, same, wanted())?;
    let left = wanted() - i64::try_from(lines.len()).unwrap_or_default();
    let earlier = closed(service).filter(requests::closed_at.lt(at));
    lines.extend(load(conn, earlier, left)?);
    Ok(lines)
}
