//! Who may grant what to whom.

use super::*;
use crate::db::testing::on_each_engine;
use crate::identity::membership;

fn population() -> Desk {
    Desk::new("population", "commune")
}

fn social() -> Desk {
    Desk::new("social", "cpas")
}

/// As an agent would ask: the scope is read, then the grant is tried.
fn grant(
    fresh: &Fresh,
    by: Option<&Agent>,
    to: &Agent,
    desk: Desk,
    role: Role,
) -> Result<(), GrantError> {
    let scope = by.map(|by| scope(fresh, by));
    let to = to.id;
    fresh.db().write_now(move |tx| {
        let granter = scope
            .as_ref()
            .map_or(Granter::Operator, Granter::Administrator);
        membership::grant(tx, granter, to, &desk, role)
    })
}

fn administer(
    fresh: &Fresh,
    by: Option<&Agent>,
    to: &Agent,
    authority: &'static str,
) -> Result<(), GrantError> {
    let scope = by.map(|by| scope(fresh, by));
    let to = to.id;
    fresh.db().write_now(move |tx| {
        let granter = scope
            .as_ref()
            .map_or(Granter::Operator, Granter::Administrator);
        membership::grant_administration(tx, granter, to, authority)
    })
}

#[test]
fn a_commune_administrator_cannot_grant_a_cpas_membership() {
    on_each_engine(|fresh| {
        let chief = agent(fresh, "chef@exemple.be");
        let ana = agent(fresh, "ana@exemple.be");
        administer(fresh, None, &chief, "commune").unwrap();
        grant(fresh, Some(&chief), &ana, population(), Role::Agent).unwrap();
        assert!(matches!(
            grant(fresh, Some(&chief), &ana, social(), Role::Agent),
            Err(GrantError::NotYourAuthority)
        ));
        assert!(matches!(
            administer(fresh, Some(&chief), &ana, "cpas"),
            Err(GrantError::NotYourAuthority)
        ));
        let scope = scope(fresh, &ana);
        assert_eq!(scope.services(), ["population"]);
        assert!(!scope.is_member("social"));
    });
}

#[test]
fn nobody_grants_to_themselves_and_a_member_grants_nothing() {
    on_each_engine(|fresh| {
        let chief = agent(fresh, "chef@exemple.be");
        let ana = agent(fresh, "ana@exemple.be");
        administer(fresh, None, &chief, "commune").unwrap();
        assert!(matches!(
            grant(fresh, Some(&chief), &chief, population(), Role::Head),
            Err(GrantError::ToYourself)
        ));
        grant(fresh, Some(&chief), &ana, population(), Role::Head).unwrap();
        assert!(matches!(
            grant(fresh, Some(&ana), &chief, population(), Role::Agent),
            Err(GrantError::NotYourAuthority)
        ));
    });
}

#[test]
fn an_administrator_sees_no_file() {
    on_each_engine(|fresh| {
        let chief = agent(fresh, "chef@exemple.be");
        administer(fresh, None, &chief, "cpas").unwrap();
        let scope = scope(fresh, &chief);
        assert!(scope.administers("cpas") && !scope.administers("commune"));
        assert!(scope.services().is_empty());
        assert!(!scope.is_member("social"));
    });
}

#[test]
fn an_administrator_who_is_no_longer_one_grants_nothing_with_an_old_scope() {
    on_each_engine(|fresh| {
        let chief = agent(fresh, "chef@exemple.be");
        let ana = agent(fresh, "ana@exemple.be");
        administer(fresh, None, &chief, "commune").unwrap();
        let old = scope(fresh, &chief);
        let (chief, to) = (chief.id, ana.id);
        let refused = fresh.db().write_now(move |tx| {
            membership::revoke_administration(tx, Granter::Operator, chief, "commune")?;
            membership::grant(
                tx,
                Granter::Administrator(&old),
                to,
                &population(),
                Role::Agent,
            )
        });
        assert!(matches!(refused, Err(GrantError::NotYourAuthority)));
    });
}

#[test]
fn a_role_can_change_and_a_membership_end() {
    on_each_engine(|fresh| {
        let chief = agent(fresh, "chef@exemple.be");
        let ana = agent(fresh, "ana@exemple.be");
        administer(fresh, None, &chief, "cpas").unwrap();
        grant(fresh, Some(&chief), &ana, social(), Role::Agent).unwrap();
        assert!(!scope(fresh, &ana).is_head("social"));
        grant(fresh, Some(&chief), &ana, social(), Role::Head).unwrap();
        assert!(scope(fresh, &ana).is_head("social"));
        let (by, to) = (scope(fresh, &chief), ana.id);
        let end =
            move |tx: &mut Tx| membership::revoke(tx, Granter::Administrator(&by), to, &social());
        assert!(fresh.db().write_now(end.clone()).unwrap());
        assert!(!fresh.db().write_now(end).unwrap());
        assert!(scope(fresh, &ana).services().is_empty());
    });
}

#[test]
fn the_last_administrator_stays_and_an_unknown_agent_gets_nothing() {
    on_each_engine(|fresh| {
        let chief = agent(fresh, "chef@exemple.be");
        administer(fresh, None, &chief, "commune").unwrap();
        let (by, id) = (scope(fresh, &chief), chief.id);
        let refused = fresh.db().write_now(move |tx| {
            membership::revoke_administration(tx, Granter::Administrator(&by), id, "commune")
        });
        assert!(matches!(refused, Err(GrantError::LastAdministrator)));
        let gone = agent(fresh, "ana@exemple.be");
        let closed = gone.clone();
        write(fresh, move |tx| closed.set_disabled(tx, true));
        assert!(matches!(
            grant(fresh, Some(&chief), &gone, population(), Role::Agent),
            Err(GrantError::UnknownAgent)
        ));
    });
}

#[test]
fn the_list_of_members_is_that_of_ones_own_authority_and_of_ones_own_service() {
    on_each_engine(|fresh| {
        let chief = agent(fresh, "chef@exemple.be");
        let ana = agent(fresh, "ana@exemple.be");
        let bea = agent(fresh, "bea@exemple.be");
        administer(fresh, None, &chief, "commune").unwrap();
        grant(fresh, None, &ana, population(), Role::Agent).unwrap();
        grant(fresh, None, &bea, social(), Role::Head).unwrap();
        let (of_chief, of_ana) = (scope(fresh, &chief), scope(fresh, &ana));
        let (members, own, other) = fresh
            .db()
            .read_now(|conn| {
                Ok::<_, Error>((
                    membership::members(conn, &of_chief, &[population(), social()])?,
                    membership::colleagues(conn, &of_ana, "population")?,
                    membership::colleagues(conn, &of_ana, "social")?,
                ))
            })
            .unwrap();
        let names: Vec<_> = members
            .iter()
            .map(|(agent, _)| agent.name.as_str())
            .collect();
        assert_eq!(names, ["ana"]);
        assert_eq!(own, [ana]);
        assert!(other.is_empty());
    });
}
