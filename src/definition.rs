//! What an administrator defines: a *procedure* is a page text, a form, a workflow, routing, a fee,
//! documents, a deadline and a retention, all in one YAML file that a clerk can read.
//!
//! This room knows the shape of definitions, how to read them ([`load`]), what is wrong with them
//! ([`check`]) and how to compute their expressions ([`expression`]). It refuses to know databases,
//! requests, the web and the clock: everything here is a value.

pub mod check;
pub mod defect;
pub mod example;
pub mod expression;
pub mod fee;
pub mod field;
pub mod form;
pub mod library;
pub mod load;
pub mod located;
pub mod next;
pub mod procedure;
pub mod routing;
pub mod schema;
pub mod site;
pub mod text;
pub mod workflow;

pub use defect::{Defect, DefectKind, Severity};
pub use expression::{Expression, Scope};
pub use field::{Field, FieldType};
pub use form::{Form, Page};
pub use library::{Definition, Library, Source};
pub use located::Located;
pub use next::Next;
pub use procedure::{Kind, Procedure};
pub use site::{Authority, Secrecy, Service, Site};
pub use text::Text;
pub use workflow::Workflow;
