//! The figures beside the queues and views, each counted up to [`MANY`](super::MANY).

use super::{Queue, Selection, View};
use crate::db::Conn;
use diesel::QueryResult;

/// How many requests wait, by queue and by view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Service and its open requests, in the order of the scope.
    pub services: Vec<(String, usize)>,
    pub mine: usize,
    pub late: usize,
    pub answered: usize,
}

impl Queue {
    /// The figures of the agent's queues and views.
    pub fn counts(&self, conn: &mut Conn) -> QueryResult<Counts> {
        let all = |view| Selection {
            view,
            ..Selection::default()
        };
        let mut services = Vec::new();
        for service in self.scope.services() {
            let one = Selection {
                service: Some(service.to_owned()),
                ..Selection::default()
            };
            services.push((service.to_owned(), self.count_open(conn, &one)?));
        }
        Ok(Counts {
            services,
            mine: self.count_open(conn, &all(View::Mine))?,
            late: self.count_open(conn, &all(View::Late))?,
            answered: self.count_answered(conn, &all(View::Answered))?,
        })
    }
}
