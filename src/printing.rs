//! What is printed on paper: the receipt of a request and the documents a service issues. Facts go in,
//! a [`Sheet`](crate::document::Sheet) comes out, and the press does the rest.
//!
//! This room refuses to know where facts and files are kept, which job asked, and what time it is; the
//! same facts always give the same sheet.

mod blocks;
mod house;
mod issued;
mod receipt;
mod text;

#[cfg(test)]
mod tests;

pub use house::House;
pub use issued::{Issued, issued};
pub use receipt::{Receipt, receipt};
pub use text::{TextError, render};
