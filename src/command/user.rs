//! `perron user`: the accounts of agents. The command line names the first administrators and stands
//! in when somebody lost a password or a telephone; the rest is done on the site's own screens.

mod chosen;
mod rights;

use super::screen::say;
use super::{Failure, database};
use crate::belgium::{Email, Mend};
use crate::clock::Clock;
use crate::config::SiteArgs;
use crate::db::schema::agents;
use crate::db::{self, At, Db, Id, Tx};
use crate::definition::{self, load};
use crate::identity::membership::{self, Role};
use crate::identity::password::{self, HashError, PasswordError};
use crate::identity::{Agent, AgentName, CreateError, GrantError};
use crate::request::SaveError;
use crate::request::hands::{self, LeaveError};
use chosen::Chosen;
use clap::{Args, Subcommand};
use diesel::prelude::*;
use rights::Given;

#[derive(Args)]
pub(super) struct UserArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    #[command(about = "Crée un compte et affiche une seule fois son mot de passe")]
    Add(Add),
    #[command(about = "Montre les comptes, leurs services et leur état")]
    List(Listing),
    #[command(about = "Donne un accès à un service, ou l’administration d’une institution")]
    Grant(Rights),
    #[command(about = "Retire un accès à un service, ou l’administration d’une institution")]
    Revoke(Rights),
    #[command(about = "Remplace le mot de passe et ferme toutes les sessions")]
    Password(NewPassword),
    #[command(
        name = "reset-second-factor",
        about = "Oublie le téléphone perdu : la personne en enregistre un autre à sa prochaine connexion"
    )]
    ResetSecondFactor(One),
    #[command(about = "Ferme le compte et toutes ses sessions, sans rien effacer")]
    Disable(One),
    #[command(about = "Rouvre un compte fermé")]
    Enable(One),
    #[command(about = "Débloque un compte bloqué par trop de mots de passe ou de codes faux")]
    Unlock(One),
}

#[derive(Args)]
struct Add {
    #[command(flatten)]
    one: One,
    #[arg(
        long,
        value_name = "NOM",
        help = "Prénom et nom, comme les lisent les collègues"
    )]
    name: String,
    #[command(flatten)]
    given: Given,
    #[arg(
        long,
        help = "Lit le mot de passe sur l’entrée standard au lieu d’en créer un"
    )]
    password_stdin: bool,
}

#[derive(Args)]
struct Listing {
    #[command(flatten)]
    site: SiteArgs,
}

#[derive(Args)]
struct Rights {
    #[command(flatten)]
    one: One,
    #[command(flatten)]
    given: Given,
}

#[derive(Args)]
struct NewPassword {
    #[command(flatten)]
    one: One,
    #[arg(
        long,
        help = "Lit le mot de passe sur l’entrée standard au lieu d’en créer un"
    )]
    password_stdin: bool,
}

#[derive(Args)]
struct One {
    #[command(flatten)]
    site: SiteArgs,
    #[arg(
        long,
        value_name = "ADRESSE",
        help = "L’adresse électronique du compte"
    )]
    email: String,
}

/// Why an account was not made or changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UserError {
    #[error("--email : « {0} » n’est pas une adresse électronique")]
    Email(String),
    #[error("--name : il faut un nom de 1 à 120 caractères, sur une ligne")]
    Name,
    #[error("--password-stdin : {}", .0.mend())]
    Password(PasswordError),
    #[error("--password-stdin : {0}")]
    Input(std::io::Error),
    #[error("--email : aucun compte n’a l’adresse {0}")]
    Unknown(String),
    #[error("--email : un compte a déjà cette adresse")]
    Taken,
    #[error("--service : « {unknown} » n’existe pas. Services : {known}")]
    Service { unknown: String, known: String },
    #[error("--admin : « {unknown} » n’existe pas. Institutions : {known}")]
    Authority { unknown: String, known: String },
    #[error("dites ce qui change, avec --service ou --admin")]
    NothingGiven,
    #[error("--email : ce compte est fermé ; rouvrez-le avec « perron user enable »")]
    Closed,
    #[error("quelqu’un travaillait sur une de ses demandes ; recommencez")]
    Busy,
    #[error("site.yaml ne se lit pas ; « perron check » dit pourquoi")]
    Site,
    #[error("--database : {}", super::words::of_database(.0))]
    Database(#[from] db::Error),
    #[error("le mot de passe n’a pas pu être protégé : {0}")]
    Hash(#[from] HashError),
}

impl From<diesel::result::Error> for UserError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}
impl From<CreateError> for UserError {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::Taken => Self::Taken,
            CreateError::Database(error) => Self::Database(error),
        }
    }
}
impl From<GrantError> for UserError {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::Database(error) => Self::Database(error),
            // The operator is no administrator: what is left is an account that is closed.
            _ => Self::Closed,
        }
    }
}
impl From<LeaveError> for UserError {
    fn from(error: LeaveError) -> Self {
        match error {
            LeaveError::Grant(error) => error.into(),
            LeaveError::Save(error) => error.into(),
            LeaveError::Last => Self::Busy,
        }
    }
}
impl From<SaveError> for UserError {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Db(error) => Self::Database(error),
            SaveError::Overtaken => Self::Busy,
        }
    }
}

/// Does it.
pub fn run(args: UserArgs) -> Result<(), Failure> {
    match args.verb {
        Verb::Add(args) => add(args),
        Verb::List(args) => list(&args.site),
        Verb::Grant(args) => change_rights(args, true),
        Verb::Revoke(args) => change_rights(args, false),
        Verb::Password(args) => new_password(args),
        Verb::ResetSecondFactor(one) => on(&one, |tx, agent| {
            agent.forget_second_factor(tx)?;
            Ok(
                "Le téléphone est oublié. À la prochaine connexion, la personne en enregistre un autre.",
            )
        }),
        Verb::Disable(one) => on(&one, |tx, agent| {
            hands::close(tx, agent)?;
            Ok(
                "Le compte est fermé, ses sessions aussi. Ce qu’il avait en main retourne à la file ; ce qu’il a fait reste dans l’historique.",
            )
        }),
        Verb::Enable(one) => on(&one, |tx, agent| {
            agent.set_disabled(tx, false)?;
            Ok("Le compte est rouvert.")
        }),
        Verb::Unlock(one) => on(&one, |tx, agent| {
            agent.unlock(tx)?;
            Ok("Le compte est débloqué : la personne peut se connecter tout de suite.")
        }),
    }
}

fn add(args: Add) -> Result<(), Failure> {
    let site = site_of(&args.one.site)?;
    let rights = args.given.resolve(&site)?;
    let email =
        Email::parse(&args.one.email).map_err(|_| UserError::Email(args.one.email.clone()))?;
    let name = AgentName::parse(&args.name).ok_or(UserError::Name)?;
    let clock = Clock::system();
    let chosen = Chosen::read(args.password_stdin, &clock)?;
    let hash = password::hash(&chosen.password, clock.secret()).map_err(UserError::from)?;
    let db = database(&args.one.site)?;
    db.write_now(move |tx| {
        let agent = Agent::create(tx, &email, &name, &hash)?;
        rights.grant(tx, agent.id)
    })?;
    say(format!("Compte créé : {}", args.one.email));
    chosen.show();
    say(
        "À la première connexion, la personne enregistre son téléphone (application d’authentification).\n\
         Faites-la se connecter sans tarder, et demandez-lui de changer ce mot de passe sous « Mon compte ».",
    );
    Ok(())
}

fn new_password(args: NewPassword) -> Result<(), Failure> {
    let clock = Clock::system();
    let chosen = Chosen::read(args.password_stdin, &clock)?;
    let hash = password::hash(&chosen.password, clock.secret()).map_err(UserError::from)?;
    on(&args.one, move |tx, agent| {
        agent.set_password(tx, &hash)?;
        Ok("Le mot de passe est remplacé et les sessions sont fermées.")
    })?;
    chosen.show();
    Ok(())
}

fn change_rights(args: Rights, given: bool) -> Result<(), Failure> {
    let site = site_of(&args.one.site)?;
    let rights = args.given.resolve(&site)?;
    if rights.is_empty() {
        return Err(UserError::NothingGiven.into());
    }
    on(&args.one, move |tx, agent| {
        if given {
            rights.grant(tx, agent.id)?;
            Ok("L’accès est donné.")
        } else {
            rights.revoke(tx, agent.id)?;
            Ok("L’accès est retiré, dès la prochaine page.")
        }
    })
}

fn list(site: &SiteArgs) -> Result<(), Failure> {
    type Line = (Id, String, String, i64, Option<At>);
    let db: Db = database(site)?;
    let names = site_of(site)?;
    db.read_now(|conn| {
        let all: Vec<Line> = agents::table
            .order(agents::email.asc())
            .select((
                agents::id,
                agents::email,
                agents::name,
                agents::totp_step,
                agents::disabled_at,
            ))
            .load(conn)?;
        if all.is_empty() {
            say("Aucun compte. Créez le premier avec « perron user add ».");
        }
        for (id, email, name, step, disabled) in all {
            let rights = membership::memberships_of(conn, id)?;
            let services = rights.services.iter().map(|membership| {
                let head = if membership.role == Role::Head {
                    " (chef)"
                } else {
                    ""
                };
                let known = names.service(&membership.service).is_some();
                let gone = if known { "" } else { " (n’existe plus)" };
                format!("{}{head}{gone}", membership.service)
            });
            let houses = rights
                .administers
                .iter()
                .map(|id| format!("administration {id}"));
            let places: Vec<String> = services.chain(houses).collect();
            let state = match (disabled, step) {
                (Some(_), _) => "fermé",
                (None, 0) => "téléphone à enregistrer",
                (None, _) => "actif",
            };
            let places = if places.is_empty() {
                "aucun accès".to_owned()
            } else {
                places.join(", ")
            };
            say(format!("{email}  {name}  [{state}]  {places}"));
        }
        Ok::<_, Failure>(())
    })
}

/// Finds the account and does something to it, in one transaction; answers what to say.
fn on<F>(one: &One, work: F) -> Result<(), Failure>
where
    F: FnOnce(&mut Tx, &Agent) -> Result<&'static str, UserError> + Send + 'static,
{
    let db = database(&one.site)?;
    let email = one.email.clone();
    let said = db.write_now(move |tx| {
        let found = Agent::find_by_email(tx.conn(), &email)?;
        let agent = found.ok_or(UserError::Unknown(email))?;
        work(tx, &agent)
    })?;
    say(said);
    Ok(())
}

/// What the site file says, without opening the site.
fn site_of(args: &SiteArgs) -> Result<definition::Site, Failure> {
    let files = crate::site::files(args)?;
    let loaded = load::load_readable(&files).map_err(|_| UserError::Site)?;
    Ok(definition::Site::clone(&loaded.library.site))
}
