//! Reading a library of definitions: files become values, shared parts are put in their place.
//!
//! Layout: `site.yaml`, `<authority>/<procedure>.yaml`, `shared/groups/*.yaml`,
//! `shared/workflows/*.yaml`, `shared/registries/*.yaml`. A file is called as its id.
//!
//! Loading refuses what cannot be read. Whether what was read makes sense is [`super::check`]'s word.

pub mod files;
mod missing;
mod resolve;
mod yaml;

pub use files::{LibraryFiles, ReadError};

use super::defect::{Defect, DefectKind, tidy};
use super::library::{Definition, Library, Source};
use super::procedure::Procedure;
use super::site::{Group, Registry, Site};
use super::workflow::Workflow;
use resolve::Parts;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::path::Path;
use std::sync::Arc;

/// Path of the site file.
pub const SITE_FILE: &str = "site.yaml";
/// Folder of the shared groups.
pub const GROUPS: &str = "shared/groups/";
/// Folder of the shared workflows.
pub const WORKFLOWS: &str = "shared/workflows/";
/// Folder of the registries.
pub const REGISTRIES: &str = "shared/registries/";
/// A registry that is no file: in a small form, the program puts in the other services of the request's
/// authority.
pub const SERVICES: &str = "services";
/// The other one: the services under social secrecy to which an open request may be handed over.
pub const SOCIAL_SERVICES: &str = "social_services";

/// True for a registry that is no file.
pub fn is_filled_in(registry: &str) -> bool {
    matches!(registry, SERVICES | SOCIAL_SERVICES)
}

/// What could be loaded, and what is wrong with the rest.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The procedures that are sound.
    pub library: Library,
    /// What is wrong. The procedures named by [`Defect::concerns`] in an error are not in the
    /// library: whoever has a last good version keeps it.
    pub defects: Vec<Defect>,
}

/// Loads a library, whole or not at all. Nothing is checked but that it can be read.
pub fn load(files: &LibraryFiles) -> Result<Library, Vec<Defect>> {
    let loaded = load_readable(files)?;
    if loaded.defects.is_empty() {
        Ok(loaded.library)
    } else {
        Err(loaded.defects)
    }
}

/// Loads what can be read: one bad procedure does not take the others down. Fails only without a
/// readable `site.yaml`.
pub fn load_readable(files: &LibraryFiles) -> Result<Loaded, Vec<Defect>> {
    let (site, site_source) = read_site(files).map_err(|defect| vec![defect])?;
    let mut defects = Vec::new();
    let mut parts = Parts::default();
    let mut procedures = Vec::new();
    for (path, text) in files.iter() {
        let source = Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        match place_of(path) {
            Place::Site => {}
            Place::Procedure => procedures.push(source),
            Place::Shared => defects.extend(parts.read(source)),
        }
    }
    let mut definitions = Vec::new();
    for source in procedures {
        match definition(source, &parts) {
            Ok(definition) => definitions.push(definition),
            Err(found) => defects.extend(found),
        }
    }
    Ok(Loaded {
        library: Library {
            site: Arc::new(site),
            procedures: definitions,
            registries: parts.registries(),
            site_source: Arc::new(site_source),
        },
        defects: tidy(defects),
    })
}

/// Loads and checks: the library holds the procedures without an error, the defects say what is wrong
/// with the others. What start-up calls.
pub fn load_sound(files: &LibraryFiles) -> Result<Loaded, Vec<Defect>> {
    let mut loaded = load_readable(files)?;
    let unread: Vec<String> = loaded
        .defects
        .iter()
        .flat_map(|defect| &defect.concerns)
        .map(|path| stem(path).to_owned())
        .collect();
    let found = super::check::check_beside(&loaded.library, &unread);
    let spoilt = |path: &str| {
        found
            .iter()
            .any(|defect| defect.is_error() && defect.concerns.iter().any(|file| file == path))
    };
    loaded
        .library
        .procedures
        .retain(|definition| !spoilt(definition.path()));
    loaded.defects.extend(found);
    loaded.defects = tidy(loaded.defects);
    Ok(loaded)
}

impl Definition {
    /// Reads one stored version again from the files it was made of (`site.yaml` is not part of a
    /// version).
    pub fn from_sources(sources: &[Source]) -> Result<Self, Vec<Defect>> {
        let mut parts = Parts::default();
        let mut procedure = None;
        let mut defects = Vec::new();
        for source in sources {
            match place_of(&source.path) {
                Place::Procedure if procedure.is_none() => procedure = Some(source.clone()),
                Place::Procedure | Place::Site => {
                    let message = "Une version n’a qu’une procédure et pas de fichier de site";
                    defects.push(Defect::new(&source.path, 0, DefectKind::FileName, message));
                }
                Place::Shared => defects.extend(parts.read(source.clone())),
            }
        }
        let Some(procedure) = procedure else {
            let message = "Cette version n’a pas de procédure";
            defects.push(Defect::new("", 0, DefectKind::FileName, message));
            return Err(defects);
        };
        match definition(procedure, &parts) {
            Ok(definition) if defects.is_empty() => Ok(definition),
            Ok(_) => Err(tidy(defects)),
            Err(found) => Err(tidy(defects.into_iter().chain(found).collect())),
        }
    }

    /// The path of the procedure's own file.
    pub fn path(&self) -> &str {
        self.sources
            .first()
            .map_or("", |source| source.path.as_str())
    }
}

/// What a file of a library is, by its path.
#[derive(PartialEq, Eq)]
enum Place {
    Site,
    Shared,
    Procedure,
}

fn place_of(path: &str) -> Place {
    if path == SITE_FILE {
        Place::Site
    } else if path.starts_with("shared/") {
        Place::Shared
    } else {
        Place::Procedure
    }
}

/// The name of a file without folder and ending, which is its id.
pub(crate) fn stem(path: &str) -> &str {
    Path::new(path)
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default()
}

fn read_site(files: &LibraryFiles) -> Result<(Site, Source), Defect> {
    let Some(text) = files.text(SITE_FILE) else {
        let message = "Il n’y a pas de fichier « site.yaml »";
        return Err(Defect::new(SITE_FILE, 0, DefectKind::MissingSite, message));
    };
    let site = yaml::parse(SITE_FILE, text)?;
    let source = Source {
        path: SITE_FILE.to_owned(),
        text: text.to_owned(),
    };
    Ok((site, source))
}

/// One procedure with its parts put in.
fn definition(source: Source, parts: &Parts) -> Result<Definition, Vec<Defect>> {
    let path = source.path.clone();
    let procedure: Procedure = yaml::parse(&path, &source.text)
        .and_then(|procedure: Procedure| {
            called_as(&path, &procedure.id, procedure.id.line())?;
            Ok(procedure)
        })
        .map_err(|defect| vec![defect.concerning(&path)])?;
    resolve::resolve(procedure, source, parts).map_err(|found| {
        let found = found.into_iter().map(|defect| defect.concerning(&path));
        found.collect()
    })
}

/// A file is called as its id, so that one finds it.
fn called_as(path: &str, id: &str, line: u32) -> Result<(), Defect> {
    if stem(path) == id {
        return Ok(());
    }
    let message = format!("Ce fichier dit « id: {id} » mais s’appelle « {path} »");
    Err(
        Defect::new(path, line, DefectKind::FileName, message).suggest(format!(
            "Écrivez « id: {} » ou renommez le fichier en « {id}.yaml »",
            stem(path)
        )),
    )
}

/// Reads one shared file of that kind.
fn shared<T: DeserializeOwned + JsonSchema>(
    source: &Source,
    id: impl Fn(&T) -> (&str, u32),
) -> Result<T, Defect> {
    let part = yaml::parse(&source.path, &source.text)?;
    let (name, line) = id(&part);
    called_as(&source.path, name, line)?;
    Ok(part)
}

fn read_group(source: &Source) -> Result<Group, Defect> {
    shared(source, |group: &Group| (&group.id, group.id.line()))
}

fn read_registry(source: &Source) -> Result<Registry, Defect> {
    shared(source, |registry: &Registry| {
        (&registry.id, registry.id.line())
    })
}

fn read_workflow(source: &Source) -> Result<Workflow, Defect> {
    shared(source, |workflow: &Workflow| {
        (&workflow.id, workflow.id.line())
    })
}

#[cfg(test)]
mod tests;
