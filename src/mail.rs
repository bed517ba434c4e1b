//! p
pub mod post;
