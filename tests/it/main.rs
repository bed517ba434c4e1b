//! The integration tests of Perron: one binary that mirrors the web.
fn main() {}
