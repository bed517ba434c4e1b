//! What is wrong with a definition that can be read.
//!
//! Each kind of question has its own room: what expressions mean ([`typing`]), what can ever be shown
//! ([`reach`]), where a request can go ([`flow`]), what it can cost ([`fee`]), what letters name
//! ([`letters`]), what the law wants said ([`duties`]). All they find is said at once, so that a clerk
//! mends a file in one go.

mod duties;
mod expressions;
mod fee;
mod fields;
#[cfg(test)]
pub(crate) mod fixture;
mod flow;
mod ids;
mod letters;
mod lines;
mod logic;
mod names;
mod operators;
mod range;
mod reach;
mod report;
mod show;
mod site;
mod types;
mod typing;
mod world;

#[cfg(test)]
mod table;

use super::defect::{Defect, DefectKind, tidy};
use super::library::{Definition, Library};
use super::site::Site;
use report::Subject;
use std::collections::HashMap;

/// Everything wrong with a library, by file and line.
pub fn check(library: &Library) -> Vec<Defect> {
    check_beside(library, &[])
}

/// The same; `unread` are ids of procedures that could not be read, and are not unknown for that.
pub(crate) fn check_beside(library: &Library, unread: &[String]) -> Vec<Defect> {
    let loaded = library.procedures.iter();
    let mut procedures: Vec<String> = loaded.map(|one| one.procedure.id.to_string()).collect();
    procedures.extend_from_slice(unread);
    let mut found = site::check(library, &procedures);
    found.extend(namesakes(library));
    for definition in &library.procedures {
        found.extend(check_definition(definition, &library.site, &procedures));
    }
    tidy(found)
}

/// Two files that define the same procedure: neither can be told from the other.
fn namesakes(library: &Library) -> Vec<Defect> {
    let mut found = Vec::new();
    let mut first: HashMap<&str, &str> = HashMap::new();
    for definition in &library.procedures {
        let id = &definition.procedure.id;
        let path = definition.path();
        if let Some(other) = first.insert(id, path) {
            let message = format!("La démarche « {id} » existe déjà ({other})");
            let defect = Defect::new(path, id.line(), DefectKind::DuplicateId, message);
            let defect = defect.suggest("Donnez-lui un autre id, et le même nom au fichier");
            found.push(defect.concerning(path).concerning(other));
        }
    }
    found
}

/// Everything wrong with one procedure. `procedures`: ids of all there are.
pub fn check_definition(
    definition: &Definition,
    site: &Site,
    procedures: &[String],
) -> Vec<Defect> {
    let mut subject = Subject::new(definition, site, procedures);
    let names = expressions::names_of(&subject);
    ids::check(&mut subject);
    fields::check(&mut subject);
    expressions::check(&mut subject, &names);
    reach::check(&mut subject);
    flow::check(&mut subject);
    duties::check(&mut subject);
    fee::check(&mut subject);
    letters::check(&mut subject, &names);
    subject.into_defects()
}
