//! The files of a library: those shipped inside the program, those of a site's folder, and the second
//! put over the first.
//!
//! A folder someone points at may hold anything, so its size is bounded before it is read.

use crate::definition::library::Source;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Greatest size of one definition file, in bytes. The largest real form is about 60 kB.
pub const MAX_FILE_BYTES: u64 = 512 * 1024;
/// Greatest number of definition files of a library.
pub const MAX_FILES: usize = 2_000;
/// Greatest depth of folders: `shared/groups/x.yaml` is 3.
const MAX_DEPTH: usize = 4;

/// The definition files of a library, each once, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LibraryFiles {
    by_path: BTreeMap<String, String>,
}

/// Why a folder of definitions could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The folder or a file of it cannot be opened.
    #[error("{path} ne peut pas être lu")]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    /// A file is larger than [`MAX_FILE_BYTES`].
    #[error("{0} est trop grand pour une définition (au plus {MAX_FILE_BYTES} octets)")]
    TooLarge(PathBuf),
    /// More than [`MAX_FILES`] files, or folders too deep.
    #[error("{0} contient trop de fichiers ou de dossiers pour une bibliothèque")]
    TooMany(PathBuf),
    /// A file is not text in UTF-8.
    #[error("{0} n’est pas un texte en UTF-8")]
    NotText(PathBuf),
}

#[derive(rust_embed::RustEmbed)]
#[folder = "forms/"]
#[include = "*.yaml"]
#[allow_missing = true]
struct Shipped;

impl LibraryFiles {
    /// The library inside the program.
    pub fn shipped() -> Result<Self, ReadError> {
        let mut files = Self::default();
        for path in Shipped::iter() {
            let not_text = || ReadError::NotText(PathBuf::from(path.as_ref()));
            let file = Shipped::get(&path).ok_or_else(not_text)?;
            let text = String::from_utf8(file.data.into_owned()).map_err(|_| not_text())?;
            files.by_path.insert(path.replace('\\', "/"), text);
        }
        Ok(files)
    }

    /// The `*.yaml` files of a folder and its folders; hidden ones are passed over.
    pub fn read(folder: &Path) -> Result<Self, ReadError> {
        let mut files = Self::default();
        files.read_folder(folder, "", 1)?;
        Ok(files)
    }

    /// These sources, the last one of a path counting.
    pub fn from_sources(sources: impl IntoIterator<Item = Source>) -> Self {
        let by_path = sources.into_iter().map(|source| (source.path, source.text));
        Self {
            by_path: by_path.collect(),
        }
    }

    /// These files with those of `other` added, or put in the place of those of the same path.
    pub fn overridden_by(mut self, other: Self) -> Self {
        self.by_path.extend(other.by_path);
        self
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// Path and text of each, in the order of paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_path
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of the file of that path.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.by_path.get(path).map(String::as_str)
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), ReadError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| ReadError::Io { path, source }
        };
        for entry in fs::read_dir(folder).map_err(failed(folder))? {
            let entry = entry.map_err(failed(folder))?;
            let path = entry.path();
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                return Err(ReadError::NotText(path));
            };
            if name.starts_with('.') {
                continue;
            }
            let inside = format!("{prefix}{name}");
            let about = fs::metadata(&path).map_err(failed(&path))?;
            if about.is_dir() {
                if depth == MAX_DEPTH {
                    return Err(ReadError::TooMany(path));
                }
                self.read_folder(&path, &format!("{inside}/"), depth + 1)?;
            } else if Path::new(&name)
                .extension()
                .is_some_and(|end| end == "yaml")
            {
                if about.len() > MAX_FILE_BYTES {
                    return Err(ReadError::TooLarge(path));
                }
                if self.by_path.len() == MAX_FILES {
                    return Err(ReadError::TooMany(folder.to_owned()));
                }
                let bytes = fs::read(&path).map_err(failed(&path))?;
                let text = String::from_utf8(bytes).map_err(|_| ReadError::NotText(path))?;
                self.by_path.insert(inside, text);
            }
        }
        Ok(())
    }
}
