//! The queue: the requests a service has to handle, the most pressing first, and the ways an agent
//! looks at them. Every question is asked through the agent's memberships and never loads an answer;
//! each one is answered by an index, whatever the number of requests, because it is asked service by
//! service and merged here.
//!
//! Pages are keyset pages: a page begins after the last row of the one before, so that a new request
//! shifts nothing. Nothing is counted beyond [`MANY`].

mod counts;
mod line;
mod near;
mod open;
mod other;
mod place;
mod search;

#[cfg(test)]
mod tests;

pub use counts::Counts;
pub use line::Line;
pub use near::{Pressure, last_near, pressure};
pub use open::Beside;
pub use place::Place;
pub use search::Sought;

use crate::db::connection::MultiBackend;
use crate::db::schema::requests;
use crate::db::{Conn, Id};
use crate::definition::workflow::Outcome;
use crate::identity::AgentScope;
use crate::secret::show_reference;
use crate::site::Site;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// Rows of a page.
pub const PAGE: usize = 25;
/// Nothing is counted further: from here on it is "many".
pub const MANY: usize = 100;

type Boxed<'a> = requests::BoxedQuery<'a, MultiBackend>;

/// The requests of an agent's services on a given day.
#[derive(Clone, Debug)]
pub struct Queue {
    scope: AgentScope,
    today: NaiveDate,
    /// By service: the last day that is near.
    near: HashMap<String, NaiveDate>,
}

/// What the list is ordered by and made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// What has to be handled: the urgent first, then by deadline.
    #[default]
    Open,
    /// In the agent's own hands, by deadline.
    Mine,
    /// Past their deadline and not waiting for the citizen.
    Late,
    /// The citizen wrote or answered and nobody reacted yet; the one that waits longest first.
    Answered,
    /// What is over, the last closed first.
    Closed,
}

/// In whose hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hands {
    Mine,
    Nobody,
    Of(Id),
}

/// What an agent wants to see.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub view: View,
    /// One service; all of the agent's when none. Another's shows nothing.
    pub service: Option<String>,
    pub status: Option<String>,
    pub procedure: Option<String>,
    pub pressure: Option<Pressure>,
    pub hands: Option<Hands>,
    /// How it ended; for what is over.
    pub outcome: Option<Outcome>,
}

/// Some rows, and where the next ones begin.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub lines: Vec<Line>,
    pub next: Option<Place>,
    /// How many there are in all, counted up to [`MANY`].
    pub total: usize,
    /// The row it should begin after is not in the list any more: it begins at the first one again.
    pub restarted: bool,
}

impl Queue {
    /// The queue of that agent, today.
    pub fn of(site: &Site, scope: &AgentScope) -> Self {
        let today = site.today();
        let near = scope.services().into_iter().map(|service| {
            let house = site.file.authority_of(service);
            let calendar = site.calendar(house.map_or("", |house| &house.id));
            (service.to_owned(), last_near(calendar, today))
        });
        Self {
            near: near.collect(),
            scope: scope.clone(),
            today,
        }
    }

    /// The page of that selection that begins after `place`.
    pub fn page(
        &self,
        conn: &mut Conn,
        selection: &Selection,
        place: Option<&Place>,
    ) -> QueryResult<Page> {
        match selection.view {
            View::Answered => self.answered_page(conn, selection, place),
            View::Closed => self.closed_page(conn, selection, place),
            View::Open | View::Mine | View::Late => self.open_page(conn, selection, place),
        }
    }

    /// The requests before and after that place in that list.
    pub fn beside(
        &self,
        conn: &mut Conn,
        selection: &Selection,
        place: &Place,
    ) -> QueryResult<Beside> {
        match selection.view {
            View::Answered | View::Closed => self.beside_moment(conn, selection, place),
            View::Open | View::Mine | View::Late => self.beside_open(conn, selection, place),
        }
    }

    /// The reference of a request of the agent's services, as it is shown. Nothing of it is read.
    pub fn reference(&self, conn: &mut Conn, id: Id) -> QueryResult<Option<String>> {
        let reference: Option<String> = requests::table
            .find(id)
            .filter(requests::service.eq_any(self.scope.services()))
            .select(requests::reference)
            .first(conn)
            .optional()?;
        Ok(reference.as_deref().map(show_reference))
    }

    /// The services a selection is about: the agent's own, or the one of them it names.
    fn services<'a>(&'a self, selection: &Selection) -> Vec<&'a str> {
        let mut services = self.scope.services();
        if let Some(only) = &selection.service {
            services.retain(|service| service == only);
        }
        services
    }
}

/// One page out of rows that are already in order.
fn cut(mut lines: Vec<Line>, place_of: impl Fn(&Line) -> Option<Place>) -> Page {
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let next = lines.last().filter(|_| more).and_then(place_of);
    Page {
        total: lines.len(),
        lines,
        next,
        restarted: false,
    }
}

/// How many rows are asked for: one more tells whether another page follows.
fn wanted() -> i64 {
    i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
}
