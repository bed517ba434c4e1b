//! The commands the operator types. Each one opens what it needs, does one thing, says what it did in
//! plain French and answers with an exit code: 0 when all is well, 1 when something is wrong, 2 when
//! the command line itself cannot be understood.

pub mod archive;
mod backup;
mod check;
mod migrate;
mod outbox;
mod restore;
mod schema;
mod screen;
mod seed;
mod serve;
mod user;
mod verify;
mod words;
mod work;

use crate::config::{ConfigError, ServeArgs, SiteArgs};
use crate::db::{self, Conn, Db, Url};
use crate::site::OpenError;
use clap::{Arg, ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::net::SocketAddr;
use std::process::ExitCode;

/// The command line.
#[derive(Parser)]
#[command(
    name = "perron",
    version,
    about = "Le guichet en ligne commun d’une commune et de son CPAS",
    after_help = "Chaque option est aussi une variable d’environnement. Guide : docs/guides/exploiter.md."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// The log as JSON, one object per line.
    #[arg(
        long,
        env = "PERRON_LOG_JSON",
        global = true,
        help = "Écrit le journal en JSON, un objet par ligne (RUST_LOG en règle le détail)"
    )]
    log_json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site.
    #[command(about = "Sert le site : pages des citoyens, espace des agents, et travail de fond")]
    Serve(ServeArgs),
    /// Do the jobs, without the web.
    #[command(about = "Fait le travail de fond seul (courriels, documents, délais), sans pages")]
    Work(work::WorkArgs),
    /// Check definitions.
    #[command(about = "Contrôle des définitions et exécute leurs exemples")]
    Check(check::CheckArgs),
    /// Print the JSON Schema of a kind of file.
    #[command(about = "Affiche le schéma JSON d’une sorte de fichier de définition")]
    Schema(schema::SchemaArgs),
    /// Bring the database's schema up to date.
    #[command(about = "Met à jour la structure de la base de données")]
    Migrate(migrate::MigrateArgs),
    /// Accounts of agents.
    #[command(about = "Gère les comptes des agents et leurs accès")]
    User(user::UserArgs),
    /// Fill with fictitious requests.
    #[command(about = "Remplit la base de demandes fictives, pour des essais à grande échelle")]
    Seed(seed::SeedArgs),
    /// Verify the audit trail.
    #[command(about = "Vérifie que l’historique des demandes n’a pas été modifié")]
    Verify(verify::VerifyArgs),
    /// Save everything to a file.
    #[command(about = "Sauvegarde la base, les fichiers et la clé, sans arrêter le site")]
    Backup(backup::BackupArgs),
    /// Put a saved site back.
    #[command(about = "Remet une sauvegarde dans une base vide")]
    Restore(restore::RestoreArgs),
    /// Jobs that failed for good.
    #[command(about = "Montre et relance les envois qui ont échoué")]
    Outbox(outbox::OutboxArgs),
}

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{}", words::of_config(.0))]
    Config(#[from] ConfigError),
    #[error("{}", words::of_opening(.0))]
    Open(#[from] OpenError),
    #[error("les définitions ne se lisent pas : {0}")]
    Definitions(#[from] crate::definition::load::ReadError),
    #[error("--database : {}", words::of_database(.0))]
    Database(#[from] db::Error),
    #[error("--listen : l’adresse {address} ne peut pas être utilisée : {cause}")]
    Listen {
        address: SocketAddr,
        cause: std::io::Error,
    },
    #[error("le serveur s’est arrêté : {0}")]
    Server(std::io::Error),
    #[error("{of} : {cause}")]
    File { of: String, cause: std::io::Error },
    #[error("fichiers des demandes : {0}")]
    Blobs(#[from] crate::blob::BlobError),
    #[error("comptes de démonstration : {0}")]
    Demo(#[from] crate::demo::DemoError),
    #[error(transparent)]
    User(#[from] user::UserError),
    #[error(transparent)]
    Seed(#[from] seed::SeedError),
    #[error(transparent)]
    Archive(#[from] archive::ArchiveError),
    /// There is no database where one is expected.
    #[error(
        "--data : il n’y a pas de base de données dans {0} ; lancez d’abord « perron serve » ou « perron migrate »"
    )]
    NoDatabase(String),
    /// What is wrong has been said already.
    #[error("")]
    Said,
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Runs what was typed.
pub fn run() -> ExitCode {
    let matches = french(Cli::command()).get_matches();
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    crate::telemetry::start_log(cli.log_json);
    match cli.command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Said) => ExitCode::FAILURE,
        Err(failure) => {
            screen::note(format!("Erreur : {failure}"));
            ExitCode::FAILURE
        }
    }
}

impl Command {
    fn run(self) -> Result<(), Failure> {
        match self {
            Self::Serve(args) => serve::run(&args),
            Self::Work(args) => work::run(&args),
            Self::Check(args) => check::run(&args),
            Self::Schema(args) => {
                schema::run(&args);
                Ok(())
            }
            Self::Migrate(args) => migrate::run(&args),
            Self::User(args) => user::run(args),
            Self::Seed(args) => seed::run(&args),
            Self::Verify(args) => verify::run(&args),
            Self::Backup(args) => backup::run(&args),
            Self::Restore(args) => restore::run(&args),
            Self::Outbox(args) => outbox::run(&args),
        }
    }
}

/// The help in French: headings, usage and the help flag itself.
fn french(command: clap::Command) -> clap::Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help("Affiche cette aide");
    let command = command
        .help_template("{about-with-newline}\nUsage : {usage}\n\n{all-args}\n\n{after-help}")
        .subcommand_help_heading("Commandes")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .arg(help);
    let names: Vec<String> = command
        .get_subcommands()
        .map(|inner| inner.get_name().to_owned())
        .collect();
    names.into_iter().fold(command, |command, name| {
        command.mut_subcommand(name, french)
    })
}

/// The database a site has already: a command that only looks must not make an empty one.
fn existing(site: &SiteArgs) -> Result<Url, Failure> {
    let url = site.url()?;
    match &url {
        Url::Sqlite(path) if !path.exists() => Err(Failure::NoDatabase(path.display().to_string())),
        _ => Ok(url),
    }
}

/// One connection to it, as it stands: nothing is brought up to date.
fn look(site: &SiteArgs) -> Result<Conn, Failure> {
    existing(site)?
        .connect()
        .map_err(|error| db::Error::Unreachable(error.to_string()).into())
}

/// Opens the database of the site, brought up to date.
fn database(site: &SiteArgs) -> Result<Db, Failure> {
    site.prepare()?;
    Ok(Db::open(&site.url()?, crate::clock::Clock::system())?)
}

/// A runtime for the few things that only come with one.
fn small_runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// Runs `work` on one unmoving picture of the database, whatever others write meanwhile.
fn on_a_snapshot<T, E>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    use diesel::connection::SimpleConnection;
    // On SQLite a transaction that reads is a snapshot by itself.
    conn.batch_execute(match conn {
        Conn::Sqlite(_) => "BEGIN",
        Conn::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    })?;
    let done = work(conn);
    conn.batch_execute("ROLLBACK")?;
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        french(Cli::command()).debug_assert();
    }
}
