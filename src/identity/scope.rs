//! Who is asking. Everything on the agents' side is loaded through an [`AgentScope`]: the agent, and
//! the services whose files they may see. Only [`Presence::of`] makes one, from the token of a session
//! that passed both factors, and it reads the memberships anew for every request.

use super::account::{Account, Agent};
use super::membership::{self, Memberships, Role};
use super::session::{self, Session, Token};
use crate::audit::Actor;
use crate::db::{At, Conn};
use diesel::QueryResult;

/// Somebody who signed in with both factors, and what they may see.
#[derive(Clone, Debug)]
pub struct AgentScope {
    agent: Agent,
    memberships: Memberships,
    session: Session,
}

/// Somebody who gave the password and not yet the code.
#[derive(Clone, Debug)]
pub struct HalfWay {
    pub agent: Agent,
    pub session: Session,
    pub needs: Needs,
}

/// What is asked after the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// A code from the telephone.
    SecondFactor,
    /// To enrol a telephone: the first sign-in.
    Enrolment,
}

/// Who stands behind a token.
#[derive(Clone, Debug)]
pub enum Presence {
    /// Nobody: unknown, ended or too old.
    Nobody,
    HalfWay(HalfWay),
    Present(AgentScope),
}

impl Needs {
    pub(super) fn of(account: &Account) -> Self {
        if account.is_enrolled() {
            Self::SecondFactor
        } else {
            Self::Enrolment
        }
    }
}

impl Presence {
    /// Who holds that token at that moment.
    pub fn of(conn: &mut Conn, token: &Token, now: At) -> QueryResult<Self> {
        let Some(session) = session::of(conn, token, now)? else {
            return Ok(Self::Nobody);
        };
        let Some(account) =
            Account::find(conn, session.agent)?.filter(|account| account.disabled_at.is_none())
        else {
            return Ok(Self::Nobody);
        };
        if session.second_factor {
            Ok(Self::Present(AgentScope {
                memberships: membership::memberships_of(conn, account.id)?,
                agent: account.agent(),
                session,
            }))
        } else {
            Ok(Self::HalfWay(HalfWay {
                needs: Needs::of(&account),
                agent: account.agent(),
                session,
            }))
        }
    }

    /// The scope of somebody who is fully signed in.
    pub fn present(self) -> Option<AgentScope> {
        match self {
            Self::Present(scope) => Some(scope),
            Self::Nobody | Self::HalfWay(_) => None,
        }
    }
}

impl AgentScope {
    /// Who it is.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// The session they ask through.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Everything they may see or grant.
    pub fn memberships(&self) -> &Memberships {
        &self.memberships
    }

    /// The ids of the services whose files they may see: what every query on the agents' side filters
    /// by.
    pub fn services(&self) -> Vec<&str> {
        self.memberships
            .services
            .iter()
            .map(|membership| membership.service.as_str())
            .collect()
    }

    /// Their role in that service; `None` when they are no member.
    pub fn role_in(&self, service: &str) -> Option<Role> {
        self.memberships
            .services
            .iter()
            .find(|membership| membership.service == service)
            .map(|membership| membership.role)
    }

    /// Whether they may see that service's files.
    pub fn is_member(&self, service: &str) -> bool {
        self.role_in(service).is_some()
    }

    /// Whether they head that service.
    pub fn is_head(&self, service: &str) -> bool {
        self.role_in(service) == Some(Role::Head)
    }

    /// Whether they grant memberships in that authority's services.
    pub fn administers(&self, authority: &str) -> bool {
        self.memberships
            .administers
            .iter()
            .any(|administered| administered == authority)
    }

    /// How the timeline names them.
    pub fn actor(&self) -> Actor {
        Actor::Agent {
            id: self.agent.id,
            name: self.agent.name.clone(),
        }
    }

    /// A scope without a session, for tests of rooms that load through one.
    #[cfg(test)]
    pub(crate) fn for_test(conn: &mut Conn, agent: &Agent, now: At) -> QueryResult<Self> {
        Ok(Self {
            memberships: membership::memberships_of(conn, agent.id)?,
            agent: agent.clone(),
            session: Session {
                id: agent.id,
                agent: agent.id,
                label: String::new(),
                second_factor: true,
                created_at: now,
                seen_at: now,
                expires_at: At::new(now.0 + session::LONGEST),
            },
        })
    }
}
