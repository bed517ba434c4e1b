//! Reads definitions from files.
