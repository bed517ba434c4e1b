//! What an administrator sees of the accounts of their authorities: who it is and whether they can get
//! in. Nothing of what the agents do.

use super::account::{Account, Agent};
use super::membership::{Desk, Membership, Role};
use super::scope::AgentScope;
use crate::db::schema::{administrations, agents, memberships};
use crate::db::{At, Conn};
use chrono::DateTime;
use diesel::prelude::*;

/// Most accounts of one list.
const MOST: i64 = 500;
/// Seconds of a step of the second factor.
const STEP: i64 = 30;

/// An account as its administrator sees it.
#[derive(Clone, Debug)]
pub struct Standing {
    pub agent: Agent,
    /// In the services of the authorities administered; those elsewhere are not told.
    pub memberships: Vec<Membership>,
    pub locked: bool,
    /// A telephone is enrolled.
    pub enrolled: bool,
    /// The last complete sign-in; none for somebody who never was.
    pub last_sign_in: Option<At>,
}

/// The open accounts with a membership at one of these desks, and those that have no right anywhere
/// yet, by name. Desks of another authority are left out.
pub fn standings(
    conn: &mut Conn,
    scope: &AgentScope,
    desks: &[Desk],
    now: At,
) -> QueryResult<Vec<Standing>> {
    let services: Vec<&str> = desks
        .iter()
        .filter(|desk| scope.administers(desk.authority()))
        .map(Desk::service)
        .collect();
    let rows: Vec<(crate::db::Id, String, String)> = memberships::table
        .filter(memberships::service.eq_any(&services))
        .order(memberships::service.asc())
        .select((
            memberships::agent_id,
            memberships::service,
            memberships::role,
        ))
        .load(conn)?;
    let mut ids: Vec<crate::db::Id> = rows.iter().map(|(id, ..)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let anywhere = memberships::table.select(memberships::agent_id);
    let administrators = administrations::table.select(administrations::agent_id);
    let new = agents::id
        .ne_all(anywhere)
        .and(agents::id.ne_all(administrators));
    let accounts: Vec<Account> = agents::table
        .filter(agents::disabled_at.is_null())
        .filter(agents::id.eq_any(ids).or(new))
        .order((agents::name.asc(), agents::id.asc()))
        .limit(MOST)
        .select(Account::as_select())
        .load(conn)?;
    let of = |account: Account| Standing {
        memberships: rows
            .iter()
            .filter(|(id, ..)| *id == account.id)
            .map(|(_, service, role)| Membership {
                service: service.clone(),
                role: Role::of_word(role),
            })
            .collect(),
        locked: account.locked(now).is_some(),
        enrolled: account.is_enrolled(),
        last_sign_in: last_sign_in(&account),
        agent: account.agent(),
    };
    Ok(accounts.into_iter().map(of).collect())
}

/// The second factor's last accepted code tells the half minute; the first step stands for a telephone
/// that was enrolled unseen.
fn last_sign_in(account: &Account) -> Option<At> {
    let step = Some(account.totp_step).filter(|step| *step > 1)?;
    DateTime::from_timestamp(step * STEP, 0).map(At)
}
