//! The commands of Perron.
fn main() {}
