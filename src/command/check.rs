//! `perron check`: what start-up would say of a library of definitions, and its examples run.

use super::Failure;
use super::screen::{count, note, say};
use crate::definition::defect::Defect;
use crate::definition::load::{self, LibraryFiles, SITE_FILE};
use crate::form::examples::run_examples;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "Sans DOSSIER ni --forms : les définitions livrées.\n\
    Code de sortie : 0 si tout peut être publié, 1 sinon.")]
pub(super) struct CheckArgs {
    /// A whole library.
    #[arg(
        value_name = "DOSSIER",
        help = "Une bibliothèque entière (site.yaml, shared/, un dossier par institution), ou ce qui s’ajoute à celle livrée"
    )]
    path: Option<PathBuf>,

    /// Definitions over the shipped ones.
    #[arg(
        long,
        env = "PERRON_FORMS",
        value_name = "DOSSIER",
        help = "Des définitions par-dessus celles livrées, comme les prend « serve » ; sans effet avec DOSSIER"
    )]
    forms: Option<PathBuf>,
}

/// What was found.
#[derive(Default)]
struct Tally {
    errors: u64,
    warnings: u64,
    examples: u64,
    wrong_examples: u64,
}

/// Checks and prints; fails when something keeps a definition from being published.
pub fn run(args: &CheckArgs) -> Result<(), Failure> {
    let files = match (&args.path, &args.forms) {
        (Some(path), _) => library(path)?,
        (None, Some(forms)) => LibraryFiles::shipped()?.overridden_by(LibraryFiles::read(forms)?),
        (None, None) => LibraryFiles::shipped()?,
    };
    let mut tally = Tally::default();
    let procedures = match load::load_sound(&files) {
        Ok(loaded) => {
            tally.defects(&loaded.defects);
            for definition in &loaded.library.procedures {
                tally.examples += definition.procedure.examples.len() as u64;
                for wrong in run_examples(definition, &loaded.library.site) {
                    tally.wrong_examples += 1;
                    say(line(&wrong));
                }
            }
            loaded.library.procedures.len()
        }
        // Without a site file nothing else can be judged.
        Err(defects) => {
            tally.defects(&defects);
            0
        }
    };
    say(tally.summary(procedures));
    if tally.errors + tally.wrong_examples == 0 {
        Ok(())
    } else {
        Err(Failure::Said)
    }
}

/// A folder with a site file is a library of its own; one without goes over the shipped library.
fn library(folder: &Path) -> Result<LibraryFiles, Failure> {
    let files = LibraryFiles::read(folder)?;
    if files.text(SITE_FILE).is_some() {
        return Ok(files);
    }
    note("Sans site.yaml dans ce dossier : contrôlé par-dessus les définitions livrées.");
    Ok(LibraryFiles::shipped()?.overridden_by(files))
}

impl Tally {
    fn defects(&mut self, defects: &[Defect]) {
        for defect in defects {
            if defect.is_error() {
                self.errors += 1;
            } else {
                self.warnings += 1;
            }
            say(line(defect));
        }
    }

    fn summary(&self, procedures: usize) -> String {
        let all = |one: &str, many: &str, number| count(number, one, many);
        format!(
            "{} en ordre, {}, {} ; {} dont {}.",
            all("démarche", "démarches", procedures as u64),
            all("erreur", "erreurs", self.errors),
            all("avertissement", "avertissements", self.warnings),
            all("exemple", "exemples", self.examples),
            all("faux", "faux", self.wrong_examples),
        )
    }
}

/// `file:line: [kind] message`, advice on the line below.
fn line(defect: &Defect) -> String {
    let place = match defect.line {
        0 => defect.file.clone(),
        line => format!("{}:{line}", defect.file),
    };
    let light = if defect.is_error() {
        ""
    } else {
        "avertissement : "
    };
    let advice = defect
        .suggestion
        .as_ref()
        .map_or_else(String::new, |advice| format!("\n    → {advice}"));
    format!(
        "{place}: [{}] {light}{}{advice}",
        defect.kind.name(),
        defect.message
    )
}
