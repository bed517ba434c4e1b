//! What is wrong with a definition.

#[cfg(test)]
pub(crate) mod fixture;

use super::{Defect, Library};

/// Everything wrong with a library.
pub fn check(_library: &Library) -> Vec<Defect> {
    Vec::new()
}
