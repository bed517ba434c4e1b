//! What a command line says of accesses, as the site knows them.

use super::UserError;
use crate::audit::Actor;
use crate::db::{Id, Tx};
use crate::definition;
use crate::identity::membership::{self, Desk, Granter, Role};
use crate::request::hands;
use clap::Args;

#[derive(Args)]
pub(super) struct Given {
    #[arg(
        long = "service",
        value_name = "SERVICE",
        help = "Un service, par son identifiant dans site.yaml (peut se répéter)"
    )]
    services: Vec<String>,
    #[arg(
        long,
        requires = "services",
        help = "Avec --service : chef de ce service"
    )]
    head: bool,
    #[arg(
        long = "admin",
        value_name = "INSTITUTION",
        help = "L’administration des accès de cette institution (peut se répéter)"
    )]
    administers: Vec<String>,
}

/// Rights as the site knows them.
pub(super) struct Resolved {
    desks: Vec<Desk>,
    role: Role,
    authorities: Vec<String>,
}

impl Given {
    pub(super) fn resolve(&self, site: &definition::Site) -> Result<Resolved, UserError> {
        let desks = self.services.iter().map(|id| {
            Desk::of(site, id).ok_or_else(|| UserError::Service {
                unknown: id.clone(),
                known: list_of(site.services.iter().map(|s| s.id.as_str())),
            })
        });
        for id in &self.administers {
            if site.authority(id).is_none() {
                return Err(UserError::Authority {
                    unknown: id.clone(),
                    known: list_of(site.authorities.iter().map(|a| a.id.as_str())),
                });
            }
        }
        Ok(Resolved {
            desks: desks.collect::<Result<_, _>>()?,
            role: if self.head { Role::Head } else { Role::Agent },
            authorities: self.administers.clone(),
        })
    }
}

fn list_of<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    ids.collect::<Vec<_>>().join(", ")
}

impl Resolved {
    /// True when the command line names nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.desks.is_empty() && self.authorities.is_empty()
    }

    pub(super) fn grant(&self, tx: &mut Tx, agent: Id) -> Result<(), UserError> {
        for desk in &self.desks {
            membership::grant(tx, Granter::Operator, agent, desk, self.role)?;
        }
        for authority in &self.authorities {
            membership::grant_administration(tx, Granter::Operator, agent, authority)?;
        }
        Ok(())
    }

    pub(super) fn revoke(&self, tx: &mut Tx, agent: Id) -> Result<(), UserError> {
        for desk in &self.desks {
            // Who works on the machine itself knows; what was in hand goes back to the queue.
            hands::leave(tx, Granter::Operator, &Actor::System, agent, desk, true)?;
        }
        for authority in &self.authorities {
            membership::revoke_administration(tx, Granter::Operator, agent, authority)?;
        }
        Ok(())
    }
}
