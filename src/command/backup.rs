//! `perron backup`: everything a site is, in one file, while it serves. The rows are one picture of
//! the database; files never change once they are kept, so copying them a moment later is the same.

use super::archive::{ArchiveError, FORMAT, Header, PART, Summing, Sums, TABLES, rows, unwritable};
use super::screen::{count, note, say};
use super::{Failure, look, on_a_snapshot};
use crate::blob::{BlobError, Blobs, Digest};
use crate::clock::Clock;
use crate::config::SiteArgs;
use crate::db::Conn;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(
    after_help = "Le fichier contient la clé du site et toutes les demandes, en clair : gardez-le comme elles,\n\
    sur une autre machine, chiffré. Il n’est lisible que par vous (droits 0600).\n\
    Le site peut continuer de servir. « perron restore » le remet en place, aussi d’un moteur à l’autre."
)]
pub(super) struct BackupArgs {
    /// Where to write.
    #[arg(
        value_name = "FICHIER",
        help = "Le fichier à écrire, par exemple perron-2026-03-02.tar.gz"
    )]
    file: PathBuf,

    #[command(flatten)]
    site: SiteArgs,
}

/// Writes the file whole, under its name only once it is.
pub fn run(args: &BackupArgs) -> Result<(), Failure> {
    let key = existing_key(&args.site)?;
    let mut conn = look(&args.site)?;
    let blobs = Blobs::open(&args.site.data)?;
    let half = half_of(&args.file);
    let written = write(&mut conn, &blobs, &key, &half);
    if written.is_err() {
        drop(std::fs::remove_file(&half));
    }
    let sums = written?;
    std::fs::rename(&half, &args.file).map_err(unwritable(&args.file))?;
    sync_folder(&args.file);
    let rows: u64 = sums.tables.values().map(|sum| sum.rows).sum();
    let requests = sums.tables.get("requests").map_or(0, |sum| sum.rows);
    say(format!(
        "Sauvegarde écrite : {} ({}, {}, {}).",
        args.file.display(),
        count(requests, "demande", "demandes"),
        count(rows, "ligne en tout", "lignes en tout"),
        count(sums.blobs, "fichier", "fichiers"),
    ));
    note(
        "Elle contient la clé du site et des données personnelles : gardez-la comme la base elle-même.",
    );
    if sums.missing.is_empty() {
        return Ok(());
    }
    for digest in sums.missing.iter().take(50) {
        note(format!(
            "Fichier manquant ou abîmé dans le dossier du site : {digest}"
        ));
    }
    note(format!(
        "{} : la sauvegarde est écrite sans. Cherchez-les dans une sauvegarde plus ancienne.",
        count(
            sums.missing.len() as u64,
            "fichier manque",
            "fichiers manquent"
        ),
    ));
    Err(Failure::Said)
}

fn write(conn: &mut Conn, blobs: &Blobs, key: &str, path: &Path) -> Result<Sums, ArchiveError> {
    let mut writer = Writer::create(path)?;
    let mut sums = Sums::default();
    let named = on_a_snapshot(conn, |conn| {
        let header = Header {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: writer.now.to_rfc3339_opts(SecondsFormat::Secs, true),
            schema: rows::schema(conn)?,
        };
        writer.json("perron.json", &header)?;
        writer.entry("key", key.as_bytes())?;
        for table in TABLES {
            let sum = writer.table(conn, table)?;
            sums.tables.insert(table.to_owned(), sum);
        }
        files_named(conn)
    })?;
    // The files themselves stay where they are: the database need not stand still for them.
    writer.blobs(blobs, named, &mut sums)?;
    writer.json("sums.json", &sums)?;
    writer.end()?;
    Ok(sums)
}

/// A file that some row names.
struct Named {
    sha256: String,
    /// By a request or a document, not by a draft alone.
    kept: bool,
}

fn files_named(conn: &mut Conn) -> Result<Vec<Named>, ArchiveError> {
    let query = "SELECT sha256 || CASE WHEN MAX(kept) = 1 THEN ' kept' ELSE '' END AS line FROM \
         (SELECT sha256, CASE WHEN request_id IS NULL THEN 0 ELSE 1 END AS kept FROM attachments \
          UNION ALL SELECT sha256, 1 AS kept FROM documents WHERE sha256 IS NOT NULL) AS files \
         GROUP BY sha256";
    let mut named = Vec::new();
    rows::each_line(conn, query, |line| {
        let (sha256, kept) = line
            .split_once(' ')
            .map_or((line, false), |(sum, _)| (sum, true));
        named.push(Named {
            sha256: sha256.to_owned(),
            kept,
        });
        Ok::<_, ArchiveError>(())
    })?;
    Ok(named)
}

struct Writer {
    tar: tar::Builder<GzEncoder<BufWriter<File>>>,
    path: PathBuf,
    now: DateTime<Utc>,
}

impl Writer {
    fn create(path: &Path) -> Result<Self, ArchiveError> {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = std::fs::OpenOptions::new();
        // What a backup that was cut short left behind is in nobody's way.
        drop(std::fs::remove_file(path));
        let file = options.write(true).create_new(true).mode(0o600).open(path);
        let file = BufWriter::with_capacity(1 << 20, file.map_err(unwritable(path))?);
        Ok(Self {
            tar: tar::Builder::new(GzEncoder::new(file, Compression::fast())),
            path: path.to_owned(),
            now: Clock::system().now(),
        })
    }

    fn entry(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.now.timestamp()).unwrap_or_default());
        self.tar
            .append_data(&mut header, name, bytes)
            .map_err(unwritable(&self.path))
    }

    fn json(&mut self, name: &str, value: &impl serde::Serialize) -> Result<(), ArchiveError> {
        let text = serde_json::to_vec_pretty(value)
            .map_err(|error| unwritable(&self.path)(error.into()))?;
        self.entry(name, &text)
    }

    fn table(
        &mut self,
        conn: &mut Conn,
        table: &str,
    ) -> Result<super::archive::TableSum, ArchiveError> {
        let mut summing = Summing::default();
        let (mut part, mut lines, mut number) = (Vec::with_capacity(PART + PART / 4), 0, 0);
        let flush =
            |writer: &mut Self, summing: &mut Summing, part: &mut Vec<u8>, lines, number| {
                summing.take(part, lines);
                writer.entry(&format!("tables/{table}/{number:06}.jsonl"), part)?;
                part.clear();
                Ok::<_, ArchiveError>(())
            };
        rows::each_row(conn, table, |line| {
            part.extend_from_slice(line.as_bytes());
            part.push(b'\n');
            lines += 1;
            if part.len() >= PART {
                number += 1;
                flush(self, &mut summing, &mut part, lines, number)?;
                lines = 0;
            }
            Ok::<_, ArchiveError>(())
        })?;
        if lines > 0 {
            flush(self, &mut summing, &mut part, lines, number + 1)?;
        }
        Ok(summing.end())
    }

    /// Every file a row of the picture leads to. One that only a draft has may have been taken away
    /// since; one of a request may not.
    fn blobs(
        &mut self,
        blobs: &Blobs,
        named: Vec<Named>,
        sums: &mut Sums,
    ) -> Result<(), ArchiveError> {
        let runtime = super::small_runtime().map_err(BlobError::Folder)?;
        for Named { sha256, kept } in named {
            let found = match Digest::parse(&sha256) {
                Some(digest) => match runtime.block_on(blobs.get(&digest)) {
                    Err(BlobError::Corrupt(_)) => None,
                    read => read?,
                },
                None => None,
            };
            match found {
                Some(bytes) => {
                    self.entry(&format!("blobs/{sha256}"), &bytes)?;
                    sums.blobs += 1;
                }
                None if kept => sums.missing.push(sha256),
                None => {}
            }
        }
        Ok(())
    }

    /// To the disk, all of it.
    fn end(self) -> Result<(), ArchiveError> {
        let failed = unwritable(&self.path);
        let gzip = self.tar.into_inner().map_err(&failed)?;
        let mut buffer = gzip.finish().map_err(&failed)?;
        buffer.flush().map_err(&failed)?;
        buffer.get_ref().sync_all().map_err(&failed)
    }
}

/// The key the site works with; a backup never makes one.
fn existing_key(site: &SiteArgs) -> Result<String, Failure> {
    let clock = Clock::system();
    if site.key.is_none() && !site.data.join("key").exists() {
        return Err(ArchiveError::NoKey(site.data.display().to_string()).into());
    }
    Ok(site.key(clock.secret())?.reveal())
}

fn half_of(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    file.with_file_name(name)
}

/// So that the name outlives a power cut too. A system that cannot do it still has the file.
fn sync_folder(file: &Path) {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let synced = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
    if let Err(error) = synced {
        tracing::debug!(%error, "the folder of the backup could not be synced");
    }
}
