//! `perron restore`: a backup put back into an empty database, in one transaction that is kept only
//! when every sum is right; then the audit trail is verified.

use super::archive::rows::{self, Column};
use super::archive::{ArchiveError, FORMAT, Header, LARGEST, Summing, Sums, TABLES};
use super::screen::{count, note, say};
use super::{Failure, on_a_snapshot, verify};
use crate::blob::{BlobError, Blobs, Digest};
use crate::config::SiteArgs;
use crate::db::{Conn, Error, migrate};
use crate::secret::Key;
use clap::Args;
use flate2::read::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// Rows of one statement.
const ROWS: usize = 500;

#[derive(Args)]
#[command(
    after_help = "La base doit être vide : donnez un dossier neuf (--data), ou une base neuve (--database).\n\
    Rien n’est écrit dans la base si la sauvegarde est abîmée. Ensuite, tout le monde se reconnecte."
)]
pub(super) struct RestoreArgs {
    /// What to put back.
    #[arg(
        value_name = "FICHIER",
        help = "La sauvegarde, faite par « perron backup »"
    )]
    file: PathBuf,

    #[command(flatten)]
    site: SiteArgs,
}

/// Puts it back and verifies.
pub fn run(args: &RestoreArgs) -> Result<(), Failure> {
    let failed = |cause| Failure::File {
        of: args.file.display().to_string(),
        cause,
    };
    let file = BufReader::with_capacity(1 << 20, File::open(&args.file).map_err(failed)?);
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    let mut entries = archive.entries().map_err(ArchiveError::Unreadable)?;
    let header = header(&mut entries)?;
    let key = key(&mut entries)?;
    args.site.prepare()?;
    let mut conn = args
        .site
        .url()?
        .connect()
        .map_err(|error| Error::Unreachable(error.to_string()))?;
    make_ready(&mut conn, &header)?;
    keep_key(&args.site, &key)?;
    let blobs = Blobs::open(&args.site.data)?;
    let sums = diesel::Connection::transaction(&mut conn, |conn| {
        Loading::new(&blobs)?.load(conn, entries)
    })?;
    let ran = migrate::up(&mut conn)?;
    let rows = |table: &str| sums.tables.get(table).map_or(0, |sum| sum.rows);
    say(format!(
        "Restauré depuis le {} : {}, {}, {}.",
        header.made_at,
        count(rows("requests"), "demande", "demandes"),
        count(rows("agents"), "compte", "comptes"),
        count(sums.blobs, "fichier", "fichiers"),
    ));
    for name in ran {
        say(format!("Structure mise à jour : {name}"));
    }
    for digest in sums.missing.iter().take(50) {
        note(format!("Absent de la sauvegarde dès l’origine : {digest}"));
    }
    note(
        "Les envois qui attendaient au moment de la sauvegarde repartiront : n’ouvrez pas deux sites depuis la même.",
    );
    let faults = on_a_snapshot(&mut conn, verify::whole)?;
    if faults == 0 {
        Ok(())
    } else {
        Err(Failure::Said)
    }
}

type Entries<'a> = tar::Entries<'a, GzDecoder<BufReader<File>>>;

/// The next entry, its name and bytes; none at the end.
fn next(entries: &mut Entries<'_>) -> Result<Option<(String, Vec<u8>)>, ArchiveError> {
    let Some(entry) = entries.next() else {
        return Ok(None);
    };
    let entry = entry.map_err(ArchiveError::Unreadable)?;
    let name = entry.path().map_err(ArchiveError::Unreadable)?;
    let name = name.to_string_lossy().into_owned();
    let size = entry.size();
    if size > LARGEST {
        return Err(ArchiveError::Damaged(format!("« {name} » est trop grand")));
    }
    let mut bytes = Vec::new();
    entry
        .take(size)
        .read_to_end(&mut bytes)
        .map_err(ArchiveError::Unreadable)?;
    Ok(Some((name, bytes)))
}

fn header(entries: &mut Entries<'_>) -> Result<Header, ArchiveError> {
    let first =
        next(entries).map_err(|_| ArchiveError::NotOurs("ce n’est pas une archive tar.gz"))?;
    let header: Header = first
        .filter(|(name, _)| name == "perron.json")
        .and_then(|(_, bytes)| serde_json::from_slice(&bytes).ok())
        .ok_or(ArchiveError::NotOurs(
            "il ne commence pas par « perron.json »",
        ))?;
    if header.format > FORMAT {
        return Err(ArchiveError::Newer(header.program));
    }
    Ok(header)
}

fn key(entries: &mut Entries<'_>) -> Result<Key, ArchiveError> {
    next(entries)?
        .filter(|(name, _)| name == "key")
        .and_then(|(_, bytes)| Key::parse(&String::from_utf8(bytes).ok()?))
        .ok_or(ArchiveError::NotOurs("la clé n’y est pas"))
}

/// An empty database with exactly the tables the backup was made over.
fn make_ready(conn: &mut Conn, header: &Header) -> Result<(), ArchiveError> {
    migrate::up(conn)?;
    let ours = rows::schema(conn)?;
    if header.schema.iter().any(|version| !ours.contains(version)) {
        return Err(ArchiveError::Newer(header.program.clone()));
    }
    for table in TABLES {
        if !rows::is_empty(conn, table)? {
            return Err(ArchiveError::NotEmpty(table));
        }
    }
    if ours != header.schema {
        // Nothing is lost: every table is empty.
        migrate::down(conn)?;
        migrate::up_to(conn, &header.schema)?;
    }
    Ok(())
}

/// The key that was saved becomes the key of the folder, unless it is given from outside.
fn keep_key(site: &SiteArgs, key: &Key) -> Result<(), Failure> {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(given) = &site.key {
        let same = Key::parse(given).is_some_and(|given| given.reveal() == key.reveal());
        return if same {
            Ok(())
        } else {
            Err(ArchiveError::OtherKey.into())
        };
    }
    let path = site.data.join("key");
    if let Ok(text) = std::fs::read_to_string(&path) {
        let same = Key::parse(&text).is_some_and(|kept| kept.reveal() == key.reveal());
        let place = || ArchiveError::KeyInPlace(site.data.display().to_string());
        return if same { Ok(()) } else { Err(place().into()) };
    }
    let write = |path: &Path| {
        let mut options = std::fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(key.reveal().as_bytes())?;
        file.sync_all()
    };
    write(&path).map_err(|cause| Failure::File {
        of: path.display().to_string(),
        cause,
    })
}

/// What has been read so far.
struct Loading<'a> {
    blobs: &'a Blobs,
    runtime: tokio::runtime::Runtime,
    columns: BTreeMap<&'static str, Vec<Column>>,
    tables: BTreeMap<&'static str, Summing>,
    kept: u64,
}

impl<'a> Loading<'a> {
    fn new(blobs: &'a Blobs) -> Result<Self, ArchiveError> {
        Ok(Self {
            blobs,
            runtime: super::small_runtime().map_err(BlobError::Folder)?,
            columns: BTreeMap::new(),
            tables: BTreeMap::new(),
            kept: 0,
        })
    }

    fn load(mut self, conn: &mut Conn, mut entries: Entries<'_>) -> Result<Sums, ArchiveError> {
        while let Some((name, bytes)) = next(&mut entries)? {
            if let Some(sha256) = name.strip_prefix("blobs/") {
                self.blob(sha256, bytes)?;
            } else if let Some(rest) = name.strip_prefix("tables/") {
                let wanted = rest.split('/').next().unwrap_or(rest);
                let table = TABLES.into_iter().find(|table| *table == wanted);
                let table = table.ok_or_else(|| unknown(&name))?;
                self.rows(conn, table, &bytes)?;
            } else if name == "sums.json" {
                let sums = serde_json::from_slice(&bytes).map_err(|_| unknown(&name))?;
                self.compare(&sums)?;
                return Ok(sums);
            } else {
                return Err(unknown(&name));
            }
        }
        Err(ArchiveError::Damaged("la fin manque".to_owned()))
    }

    fn rows(
        &mut self,
        conn: &mut Conn,
        table: &'static str,
        bytes: &[u8],
    ) -> Result<(), ArchiveError> {
        let bad = |what: &str| ArchiveError::Damaged(format!("table « {table} » : {what}"));
        let text = std::str::from_utf8(bytes).map_err(|_| bad("ce n’est pas du texte"))?;
        let lines: Vec<&str> = text.lines().collect();
        if !self.columns.contains_key(table) {
            let columns = rows::columns(conn, table)?;
            let first: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(lines.first().copied().unwrap_or("{}"))
                    .map_err(|_| bad("une ligne ne se lit pas"))?;
            let told: BTreeSet<&str> = first.keys().map(String::as_str).collect();
            let known: BTreeSet<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            if told != known {
                return Err(bad("ses colonnes ne sont pas celles de la base"));
            }
            self.columns.insert(table, columns);
        }
        let columns = self.columns.get(table).map_or(&[][..], Vec::as_slice);
        for part in lines.chunks(ROWS) {
            rows::insert(conn, table, columns, part)?;
        }
        let summing = self.tables.entry(table).or_default();
        summing.take(bytes, lines.len() as u64);
        Ok(())
    }

    fn blob(&mut self, sha256: &str, bytes: Vec<u8>) -> Result<(), ArchiveError> {
        let right = Digest::parse(sha256).is_some_and(|digest| Digest::of(&bytes) == digest);
        if !right {
            return Err(ArchiveError::Damaged(format!(
                "le fichier {sha256} a changé"
            )));
        }
        self.runtime.block_on(self.blobs.put(bytes.into()))?;
        self.kept += 1;
        Ok(())
    }

    fn compare(&mut self, sums: &Sums) -> Result<(), ArchiveError> {
        for table in TABLES {
            let read = self.tables.remove(table);
            if read.is_none() && !sums.tables.contains_key(table) {
                // An older program had no such table; bringing the schema up to date fills it.
                continue;
            }
            let read = read.unwrap_or_default().end();
            if sums.tables.get(table) != Some(&read) {
                return Err(ArchiveError::Damaged(format!(
                    "la table « {table} » n’est pas celle qui a été sauvegardée"
                )));
            }
        }
        if sums.blobs != self.kept {
            return Err(ArchiveError::Damaged("des fichiers manquent".to_owned()));
        }
        Ok(())
    }
}

fn unknown(name: &str) -> ArchiveError {
    ArchiveError::Damaged(format!("« {name} » ne s’y attend pas"))
}
