//! Configuration: read once, from the command line and the environment, into values. Nothing else in
//! the program asks the environment. A bad value stops the start with its name.

use crate::db::Url;
use crate::secret::Key;
use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The settings of one site, each a flag and an environment variable.
#[derive(Args, Clone, Debug)]
pub struct SiteArgs {
    /// The folder of the site: its key, its files and, unless a database is named, its database.
    #[arg(
        long,
        env = "PERRON_DATA",
        default_value = "data",
        value_name = "DOSSIER",
        help = "Le dossier du site : sa clé, ses fichiers et, sauf --database, sa base de données"
    )]
    pub data: PathBuf,

    /// The database: `sqlite://PATH` or `postgres://USER:PASSWORD@HOST/NAME`. SQLite in the folder
    /// when left out.
    #[arg(
        long,
        env = "PERRON_DATABASE",
        value_name = "URL",
        hide_env_values = true,
        help = "La base de données : sqlite://CHEMIN ou postgres://NOM:MOT_DE_PASSE@SERVEUR/BASE. Sans elle, SQLite dans le dossier"
    )]
    pub database: Option<String>,

    /// A folder of definitions that adds to the shipped ones and takes their place file by file.
    #[arg(
        long,
        env = "PERRON_FORMS",
        value_name = "DOSSIER",
        help = "Des définitions qui s’ajoutent à celles livrées, ou prennent leur place fichier par fichier"
    )]
    pub forms: Option<PathBuf>,

    /// The demonstration: fictitious accounts, and mail kept in a folder and shown at /demo/mail.
    #[arg(
        long,
        env = "PERRON_DEMO",
        help = "Démonstration : comptes fictifs, courriels gardés et montrés sous /demo/mail"
    )]
    pub demo: bool,

    /// The site's key, 64 hexadecimal digits; needed when several instances share a database. Made
    /// and kept in the folder when left out.
    #[arg(
        long,
        env = "PERRON_KEY",
        value_name = "HEXA",
        hide_env_values = true,
        help = "La clé du site, 64 chiffres hexadécimaux, la même pour toutes les instances d’une base. Sans elle, une clé est créée et gardée dans le dossier"
    )]
    pub key: Option<String>,

    /// The address citizens reach the site at, for the links in mails and documents.
    #[arg(
        long,
        env = "PERRON_PUBLIC_URL",
        value_name = "URL",
        help = "L’adresse où les citoyens trouvent le site, pour les liens des courriels et des documents"
    )]
    pub public_url: Option<String>,

    #[command(flatten)]
    pub mail: MailArgs,
}

/// How mail leaves.
#[derive(Args, Clone, Debug, Default)]
pub struct MailArgs {
    /// The mail server: `smtps://USER:PASSWORD@HOST` (TLS from the start), `smtp://…?tls=required`
    /// (STARTTLS), or `smtp://127.0.0.1:PORT` for a server on this machine. Mail is kept in a folder
    /// when left out.
    #[arg(
        long,
        env = "PERRON_SMTP",
        value_name = "URL",
        hide_env_values = true,
        help = "Le serveur de courriel : smtps://NOM:MOT_DE_PASSE@SERVEUR, smtp://…?tls=required, ou smtp://127.0.0.1:PORT sur cette machine. Sans lui, les courriels restent dans un dossier"
    )]
    pub smtp: Option<String>,
}

/// How the web server listens.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    #[command(flatten)]
    pub site: SiteArgs,

    /// The address and port to listen on.
    #[arg(
        long,
        env = "PERRON_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADRESSE",
        help = "L’adresse et le port où écouter (port 0 : un port libre)"
    )]
    pub listen: SocketAddr,

    /// Threads that answer requests.
    #[arg(
        long,
        env = "PERRON_WORKERS",
        default_value_t = 2,
        value_name = "N",
        help = "Le nombre de fils qui répondent ; un par cœur convient"
    )]
    pub workers: usize,

    /// Leave the jobs to `perron work` processes.
    #[arg(
        long,
        env = "PERRON_NO_WORKER",
        help = "Laisse le travail de fond à des processus « perron work »"
    )]
    pub no_worker: bool,

    /// Addresses of the proxies whose X-Forwarded-For is believed.
    #[arg(
        long,
        env = "PERRON_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_name = "IP,…",
        help = "Les adresses des mandataires (reverse proxy) dont on croit X-Forwarded-For"
    )]
    pub trusted_proxies: Vec<std::net::IpAddr>,
}

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("--data : le dossier {path} ne peut pas être utilisé : {cause}")]
    Folder { path: String, cause: std::io::Error },
    #[error("--key : il faut 64 chiffres hexadécimaux")]
    Key,
    #[error("{0} ne contient pas une clé de 64 chiffres hexadécimaux")]
    KeyFile(String),
    #[error("--database : {0}")]
    Database(#[from] crate::db::Error),
    #[error("--public-url : {0} n’est pas une adresse comme https://guichet.example")]
    PublicUrl(String),
}

impl SiteArgs {
    /// The address of the database.
    pub fn url(&self) -> Result<Url, ConfigError> {
        match &self.database {
            Some(url) => Ok(Url::parse(url)?),
            None => Ok(Url::Sqlite(self.data.join("perron.sqlite"))),
        }
    }

    /// Makes the folder when it is not there, for its owner only.
    pub fn prepare(&self) -> Result<(), ConfigError> {
        make_private(&self.data).map_err(|cause| ConfigError::Folder {
            path: self.data.display().to_string(),
            cause,
        })
    }

    /// The key that was given, or the one in the folder, or a new one that is kept there.
    pub fn key(&self, fresh: [u8; 32]) -> Result<Key, ConfigError> {
        if let Some(text) = &self.key {
            return Key::parse(text).ok_or(ConfigError::Key);
        }
        let path = self.data.join("key");
        let failed = |cause| ConfigError::Folder {
            path: path.display().to_string(),
            cause,
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                Key::parse(&text).ok_or_else(|| ConfigError::KeyFile(path.display().to_string()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Key::new(fresh);
                write_private(&path, key.reveal().as_bytes()).map_err(failed)?;
                Ok(key)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// The address in links, without a slash at its end.
    pub fn base(&self, listen: Option<SocketAddr>) -> Result<String, ConfigError> {
        let Some(text) = &self.public_url else {
            return Ok(listen.map_or_else(
                || "http://localhost:8080".to_owned(),
                |address| format!("http://{address}"),
            ));
        };
        match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                Ok(text.trim_end_matches('/').to_owned())
            }
            _ => Err(ConfigError::PublicUrl(text.clone())),
        }
    }
}

fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
