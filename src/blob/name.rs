//! p
pub fn clean(n: &str) -> String {
    n.to_owned()
}
