//! The wall: who may see the files of which service. A membership ties an agent to a service; an
//! administration lets an agent grant memberships in the services of one authority, and shows them no
//! file. A commune's administrator grants nothing in a CPAS, and nobody grants anything to themselves.

use super::account::Agent;
use super::scope::AgentScope;
use crate::db::schema::{administrations, agents, memberships};
use crate::db::{Conn, Id, Tx};
use crate::definition::site::Site;
use crate::on_backend;
use diesel::prelude::*;

/// What an agent is in a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Agent,
    /// The head of the service.
    Head,
}

/// One service an agent works in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The service's id.
    pub service: String,
    pub role: Role,
}

/// Everything an agent may see or grant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memberships {
    pub services: Vec<Membership>,
    /// The ids of the authorities whose memberships the agent grants.
    pub administers: Vec<String>,
}

/// A service and the authority it belongs to, as the site says: what a membership is granted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    service: String,
    authority: String,
}

/// Who grants.
#[derive(Clone, Copy, Debug)]
pub enum Granter<'a> {
    /// The command line, on the machine itself: it names the first administrators.
    Operator,
    Administrator(&'a AgentScope),
}

/// Why nothing was granted or taken.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The service is another authority's, or the granter administers none.
    #[error("only an administrator of the service's own authority may do this")]
    NotYourAuthority,
    /// Nobody grants to themselves.
    #[error("nobody grants a right to themselves")]
    ToYourself,
    /// There is no such agent, or the account is closed.
    #[error("there is no such agent")]
    UnknownAgent,
    /// The last administrator of an authority stays.
    #[error("an authority keeps at least one administrator")]
    LastAdministrator,
    #[error(transparent)]
    Database(#[from] crate::db::Error),
}

impl From<diesel::result::Error> for GrantError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Role {
    /// The word in the column.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Head => "head",
        }
    }

    /// Reads the word; an unknown one is the smaller role.
    pub fn of_word(word: &str) -> Self {
        if word == "head" {
            Self::Head
        } else {
            Self::Agent
        }
    }
}

impl Desk {
    /// The desk of that service; `None` when the site has none.
    pub fn of(site: &Site, service: &str) -> Option<Self> {
        let authority = site.authority_of(service)?;
        Some(Self {
            service: service.to_owned(),
            authority: authority.id.to_string(),
        })
    }

    /// The service's id.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The id of its authority.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    #[cfg(test)]
    pub(crate) fn new(service: &str, authority: &str) -> Self {
        Self {
            service: service.to_owned(),
            authority: authority.to_owned(),
        }
    }
}

/// What an agent may see and grant, in the order of the services' ids.
pub fn memberships_of(conn: &mut Conn, agent: Id) -> QueryResult<Memberships> {
    let services: Vec<(String, String)> = memberships::table
        .filter(memberships::agent_id.eq(agent))
        .order(memberships::service.asc())
        .select((memberships::service, memberships::role))
        .load(conn)?;
    let administers = administrations::table
        .filter(administrations::agent_id.eq(agent))
        .order(administrations::authority.asc())
        .select(administrations::authority)
        .load(conn)?;
    Ok(Memberships {
        services: services
            .into_iter()
            .map(|(service, role)| Membership {
                service,
                role: Role::of_word(&role),
            })
            .collect(),
        administers,
    })
}

/// Makes an agent a member of a service, or changes their role in it.
pub fn grant(
    tx: &mut Tx,
    granter: Granter,
    agent: Id,
    desk: &Desk,
    role: Role,
) -> Result<(), GrantError> {
    let by = authorise(tx, granter, &desk.authority)?;
    may_receive(tx, granter, agent)?;
    let row = (
        memberships::agent_id.eq(agent),
        memberships::service.eq(&desk.service),
        memberships::role.eq(role.word()),
        memberships::granted_by.eq(&by),
        memberships::granted_at.eq(tx.now()),
    );
    let change = (
        memberships::role.eq(role.word()),
        memberships::granted_by.eq(&by),
        memberships::granted_at.eq(tx.now()),
    );
    on_backend!(tx.conn(), |c| diesel::insert_into(memberships::table)
        .values(&row)
        .on_conflict((memberships::agent_id, memberships::service))
        .do_update()
        .set(change)
        .execute(c))?;
    Ok(())
}

/// Ends a membership; from the next request on the agent sees nothing of that service. `false` when
/// there was none.
pub fn revoke(tx: &mut Tx, granter: Granter, agent: Id, desk: &Desk) -> Result<bool, GrantError> {
    authorise(tx, granter, &desk.authority)?;
    let ended =
        diesel::delete(memberships::table.find((agent, &desk.service))).execute(tx.conn())?;
    Ok(ended == 1)
}

/// Makes an agent an administrator of an authority.
pub fn grant_administration(
    tx: &mut Tx,
    granter: Granter,
    agent: Id,
    authority: &str,
) -> Result<(), GrantError> {
    let by = authorise(tx, granter, authority)?;
    may_receive(tx, granter, agent)?;
    let row = (
        administrations::agent_id.eq(agent),
        administrations::authority.eq(authority),
        administrations::granted_by.eq(&by),
        administrations::granted_at.eq(tx.now()),
    );
    on_backend!(tx.conn(), |c| diesel::insert_into(administrations::table)
        .values(&row)
        .on_conflict((administrations::agent_id, administrations::authority))
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// Ends an administration; `false` when there was none. The last one of an authority stays, except for
/// the operator.
pub fn revoke_administration(
    tx: &mut Tx,
    granter: Granter,
    agent: Id,
    authority: &str,
) -> Result<bool, GrantError> {
    authorise(tx, granter, authority)?;
    let others: i64 = administrations::table
        .filter(administrations::authority.eq(authority))
        .filter(administrations::agent_id.ne(agent))
        .count()
        .get_result(tx.conn())?;
    if others == 0 && matches!(granter, Granter::Administrator(_)) {
        return Err(GrantError::LastAdministrator);
    }
    let ended =
        diesel::delete(administrations::table.find((agent, authority))).execute(tx.conn())?;
    Ok(ended == 1)
}

/// The members of those desks that the scope administers, by service and name: what the screen of
/// memberships lists. Desks of another authority are left out.
pub fn members(
    conn: &mut Conn,
    scope: &AgentScope,
    desks: &[Desk],
) -> QueryResult<Vec<(Agent, Membership)>> {
    let services: Vec<&str> = desks
        .iter()
        .filter(|desk| scope.administers(&desk.authority))
        .map(Desk::service)
        .collect();
    let rows: Vec<(Agent, String, String)> = memberships::table
        .inner_join(agents::table)
        .filter(memberships::service.eq_any(services))
        .filter(agents::disabled_at.is_null())
        .order((memberships::service.asc(), agents::name.asc()))
        .select((Agent::as_select(), memberships::service, memberships::role))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(agent, service, role)| {
            let role = Role::of_word(&role);
            (agent, Membership { service, role })
        })
        .collect())
}

/// The open accounts among a service's members, by name: to whom a request can be given. Only a
/// member may ask; another gets an empty list.
pub fn colleagues(conn: &mut Conn, scope: &AgentScope, service: &str) -> QueryResult<Vec<Agent>> {
    if !scope.is_member(service) {
        return Ok(Vec::new());
    }
    memberships::table
        .inner_join(agents::table)
        .filter(memberships::service.eq(service))
        .filter(agents::disabled_at.is_null())
        .order(agents::name.asc())
        .select(Agent::as_select())
        .load(conn)
}

/// Whether the granter administers that authority now (the scope may be a moment old); answers what
/// stands in `granted_by`.
fn authorise(tx: &mut Tx, granter: Granter, authority: &str) -> Result<String, GrantError> {
    let Granter::Administrator(scope) = granter else {
        return Ok("operator".to_owned());
    };
    let id = scope.agent().id;
    let administers: i64 = administrations::table
        .filter(administrations::agent_id.eq(id))
        .filter(administrations::authority.eq(authority))
        .count()
        .get_result(tx.conn())?;
    if administers == 0 {
        return Err(GrantError::NotYourAuthority);
    }
    Ok(id.to_string())
}

fn may_receive(tx: &mut Tx, granter: Granter, agent: Id) -> Result<(), GrantError> {
    if let Granter::Administrator(scope) = granter
        && scope.agent().id == agent
    {
        return Err(GrantError::ToYourself);
    }
    let known: i64 = agents::table
        .filter(agents::id.eq(agent))
        .filter(agents::disabled_at.is_null())
        .count()
        .get_result(tx.conn())?;
    if known == 0 {
        return Err(GrantError::UnknownAgent);
    }
    Ok(())
}
