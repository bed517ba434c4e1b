//! Files that come in, good and bad.

mod documents;
mod pictures;
mod store;
mod telephones;

use super::inspect::inspect;
use super::*;
use crate::belgium::Mend;

fn look(bytes: impl Into<Bytes>) -> Result<Clean, Refused> {
    inspect(&bytes.into(), &Accept::default())
}

fn found(bytes: impl Into<Bytes>) -> Found {
    match look(bytes) {
        Err(Refused::Type { found, .. }) => found,
        other => panic!("{other:?}"),
    }
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

fn pdf() -> Vec<u8> {
    b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\nstartxref\n9\n%%EOF\n".to_vec()
}
