//! The figures of DESIGN section 8.
fn main() {}
