//! The people of the demonstration: fictitious agents and administrators whom anybody may impersonate.
//! They exist only while the site is a demonstration: started otherwise, their accounts are closed.
//!
//! They are known by their addresses, under `.example`, which nobody can own (RFC 2606): no account of
//! a real person is ever taken for one of them.

use crate::belgium::Email;
use crate::db::schema::agents;
use crate::db::{self, At, Conn, Db, Id, Tx};
use crate::definition;
use crate::identity::membership::{self, Desk, Granter, Role};
use crate::identity::password::{self, HashError, Password};
use crate::identity::{Agent, AgentName, CreateError, GrantError, second_factor};
use crate::secret::Key;
use crate::site::Site;
use diesel::prelude::*;

/// The password of every account of the demonstration. Everybody may know it.
pub const PASSWORD: &str = "demo-perron";

/// Seconds a code lasts (RFC 6238).
const STEP: i64 = 30;

/// One of the fictitious people.
struct Person {
    email: &'static str,
    name: &'static str,
    role: Role,
    services: &'static [&'static str],
    administers: &'static [&'static str],
}

const CAST: [Person; 7] = [
    Person {
        email: "julie.noel@wanze.example",
        name: "Julie Noël",
        role: Role::Agent,
        services: &["population", "etat-civil"],
        administers: &[],
    },
    Person {
        email: "marc.dubois@wanze.example",
        name: "Marc Dubois",
        role: Role::Head,
        services: &["population", "etat-civil"],
        administers: &[],
    },
    Person {
        email: "fatima.diallo@wanze.example",
        name: "Fatima Diallo",
        role: Role::Head,
        services: &["travaux"],
        administers: &[],
    },
    Person {
        email: "sophie.lambert@wanze.example",
        name: "Sophie Lambert",
        role: Role::Agent,
        services: &["energie", "social-accueil"],
        administers: &[],
    },
    Person {
        email: "nadia.benali@wanze.example",
        name: "Nadia Benali",
        role: Role::Head,
        services: &["energie", "social-accueil"],
        administers: &[],
    },
    Person {
        email: "paul.maes@wanze.example",
        name: "Paul Maes",
        role: Role::Agent,
        services: &[],
        administers: &["commune"],
    },
    Person {
        email: "claire.peeters@wanze.example",
        name: "Claire Peeters",
        role: Role::Agent,
        services: &[],
        administers: &["cpas"],
    },
];

/// An account somebody may try the demonstration with.
#[derive(Clone, Debug)]
pub struct Account {
    pub email: String,
    pub name: String,
    /// Where they work, in words: "Population, État civil".
    pub place: String,
    /// The secret of their second factor, base 32, for an authenticator application.
    pub secret: String,
    /// The code to type now; none when it was used and the next is not accepted yet.
    pub code: Option<String>,
}

/// Why there are no accounts.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Create(#[from] CreateError),
    #[error(transparent)]
    Grant(#[from] GrantError),
}

impl From<diesel::result::Error> for DemoError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Makes the accounts that are not there, opens those that were closed, and answers all of them.
/// Blocks; for the start of a process.
pub fn open(site: &Site) -> Result<Vec<Account>, DemoError> {
    let known = site.db.read_now(known)?;
    let missing: Vec<&'static Person> = CAST
        .iter()
        .filter(|person| {
            !known
                .iter()
                .any(|row| row.email == person.email && row.open)
        })
        .collect();
    if !missing.is_empty() {
        // One hash for all: the password is no secret, and a hash takes its time.
        let Ok(password) = Password::demo(PASSWORD) else {
            return Ok(Vec::new());
        };
        let hash = password::hash(&password, site.db.clock().secret())?;
        let (file, key) = (site.file.clone(), site.key.clone());
        site.db.write_now(move |tx| {
            for person in &missing {
                make(tx, &file, &key, person, &hash)?;
            }
            Ok::<_, DemoError>(())
        })?;
    }
    Ok(accounts(&site.db, &site.file, &site.key)?)
}

/// Closes the accounts of a demonstration this folder once was; answers how many were open.
pub fn close(site: &Site) -> Result<usize, db::Error> {
    let open: Vec<Row> = site
        .db
        .read_now(known)?
        .into_iter()
        .filter(|row| row.open)
        .collect();
    let closed = open.len();
    if closed > 0 {
        site.db.write_now(move |tx| {
            for row in &open {
                if let Some(agent) = Agent::find(tx.conn(), row.id)? {
                    agent.set_disabled(tx, true)?;
                }
            }
            Ok::<_, db::Error>(())
        })?;
        tracing::warn!(closed, "accounts of the demonstration were closed");
    }
    Ok(closed)
}

/// The accounts that are open, with the code each could type at this moment. Only a demonstration may
/// ask.
pub fn accounts(db: &Db, site: &definition::Site, key: &Key) -> Result<Vec<Account>, db::Error> {
    let now = db.clock().now().timestamp();
    db.read_now(|conn| {
        let rows = known(conn)?;
        let mut accounts = Vec::new();
        for person in &CAST {
            let Some(row) = rows
                .iter()
                .find(|row| row.email == person.email && row.open)
            else {
                continue;
            };
            let Some(totp) = second_factor::generator(conn, key, row.id)? else {
                continue;
            };
            // A code counts once; the next one is accepted a little early.
            let step = (now / STEP).max(row.step + 1);
            let code = chrono::DateTime::from_timestamp(step * STEP, 0)
                .filter(|_| step <= now / STEP + 1)
                .map(|at| totp.code_at(At::new(at)));
            accounts.push(Account {
                email: row.email.clone(),
                name: person.name.to_owned(),
                place: place(site, person),
                secret: totp.spelled().replace(' ', ""),
                code,
            });
        }
        Ok(accounts)
    })
}

struct Row {
    id: Id,
    email: String,
    /// The time step of the last code that was accepted.
    step: i64,
    open: bool,
}

fn known(conn: &mut Conn) -> Result<Vec<Row>, db::Error> {
    let rows: Vec<(Id, String, i64, Option<At>)> = agents::table
        .filter(agents::email.eq_any(CAST.iter().map(|person| person.email)))
        .select((
            agents::id,
            agents::email,
            agents::totp_step,
            agents::disabled_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, email, step, disabled_at)| Row {
            id,
            email,
            step,
            open: disabled_at.is_none(),
        })
        .collect())
}

fn make(
    tx: &mut Tx,
    site: &definition::Site,
    key: &Key,
    person: &Person,
    hash: &password::Hash,
) -> Result<(), DemoError> {
    let agent = if let Some(agent) = Agent::find_by_email(tx.conn(), person.email)? {
        agent.set_disabled(tx, false)?;
        agent.set_password(tx, hash)?;
        agent
    } else {
        let (Ok(email), Some(name)) = (Email::parse(person.email), AgentName::parse(person.name))
        else {
            return Ok(());
        };
        Agent::create(tx, &email, &name, hash)?
    };
    second_factor::enrol_unseen(tx, key, &agent)?;
    // A site that is not Wanze may lack some of the services and houses.
    for desk in person.services.iter().filter_map(|id| Desk::of(site, id)) {
        membership::grant(tx, Granter::Operator, agent.id, &desk, person.role)?;
    }
    for authority in person
        .administers
        .iter()
        .filter(|id| site.authority(id).is_some())
    {
        membership::grant_administration(tx, Granter::Operator, agent.id, authority)?;
    }
    Ok(())
}

fn place(site: &definition::Site, person: &Person) -> String {
    let services = person.services.iter().filter_map(|id| site.service(id));
    let names: Vec<&str> = services.map(|service| service.name.as_str()).collect();
    let houses = person
        .administers
        .iter()
        .filter_map(|id| site.authority(id));
    let administers =
        houses.map(|house| format!("administration des accès ({})", house.short_name));
    let head = matches!(person.role, Role::Head) && !names.is_empty();
    names
        .iter()
        .map(|name| (*name).to_owned())
        .chain(administers)
        .collect::<Vec<_>>()
        .join(", ")
        + if head { " (chef de service)" } else { "" }
}
