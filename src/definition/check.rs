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

use super::defect::{Defect, tidy};
use super::library::{Definition, Library};
use super::site::Site;
use report::Subject;

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
    for definition in &library.procedures {
        found.extend(check_definition(definition, &library.site, &procedures));
    }
    tidy(found)
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
