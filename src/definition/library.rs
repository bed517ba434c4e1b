//! The library: a site's procedures, workflows, groups and registries, read together because they
//! name one another.

use super::site::{Registry, Secrecy};
use super::{Procedure, Site, Workflow};
use std::sync::Arc;

/// A procedure with its workflow and the site it belongs to: what a version stands for.
#[derive(Clone, Debug)]
pub struct Definition {
    pub procedure: Arc<Procedure>,
    /// The shared workflow with the procedure's own transitions put in.
    pub workflow: Arc<Workflow>,
    /// The files it was read from, `(path, text)`, the procedure's first: what a version stores, so
    /// that a version can be read again word for word.
    pub sources: Arc<Vec<Source>>,
}

/// A file of definitions.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Source {
    /// Its path inside the library: `commune/composition-de-menage.yaml`.
    pub path: String,
    pub text: String,
}

/// Everything a site defines.
#[derive(Clone, Debug)]
pub struct Library {
    pub site: Arc<Site>,
    pub procedures: Vec<Definition>,
    pub registries: Vec<Registry>,
    /// The site file's own words, so that a defect of it can name its line.
    pub site_source: Arc<Source>,
}

impl Library {
    /// The procedure of that id.
    pub fn procedure(&self, id: &str) -> Option<&Definition> {
        self.procedures
            .iter()
            .find(|definition| *definition.procedure.id == id)
    }
}

impl Definition {
    /// The secrecy of its requests: its own word, else its authority's; social when unknown, which is
    /// the safe side.
    pub fn secrecy(&self, site: &Site) -> Secrecy {
        self.procedure.secrecy.unwrap_or_else(|| {
            site.authority(&self.procedure.authority)
                .map_or(Secrecy::Social, |a| a.secrecy)
        })
    }

    /// True when a request of it, at that service, is under social secrecy: when the procedure says so or
    /// the service's house does, whichever is stricter.
    pub fn is_social_at(&self, site: &Site, service: &str) -> bool {
        let social = |secrecy| secrecy == Secrecy::Social;
        social(self.secrecy(site)) || site.authority_of(service).is_none_or(|a| social(a.secrecy))
    }
}
