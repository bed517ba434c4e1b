//! The citizen's way to a request: the code they hold. Who has it may read and answer; a wrong one is
//! simply nothing.

use super::moves::{MoveError, while_overtaken};
use super::{Request, by_code};
use crate::db::{Db, Tx};
use crate::secret::Code;

/// Does something to the request of that code, in one transaction, and again when an agent was faster.
/// `None` when there is no such request.
pub async fn change<T, F>(db: &Db, code: &Code, work: F) -> Result<Option<T>, MoveError>
where
    F: Fn(&mut Tx, &mut Request) -> Result<T, MoveError> + Clone + Send + 'static,
    T: Send + 'static,
{
    while_overtaken(|| {
        let (code, work) = (code.clone(), work.clone());
        db.write(move |tx| match by_code(tx.conn(), &code)? {
            Some(mut request) => work(tx, &mut request).map(Some),
            None => Ok(None),
        })
    })
    .await
}
