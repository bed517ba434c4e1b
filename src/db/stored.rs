//! A JSON column that is understood, or not read at all. What a newer program wrote and this one cannot
//! read is never taken for nothing: the row is not loaded, so nothing can be written over it.

use super::connection::MultiBackend;
use super::types::{Doc, JsonDoc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sqlite::Sqlite;
use serde_json::Value;
use std::error::Error as StdError;
use std::fmt::Debug;

/// What a column of documents holds.
pub trait Document: Sized + Debug + Send + Sync + 'static {
    /// Its name in the log, where no content goes.
    const NAME: &'static str;
    /// Reads what was stored; `None` when this program does not understand it.
    fn from_stored(json: Value) -> Option<Self>;
    /// As it is stored.
    fn to_stored(&self) -> Value;
}

/// A document that was understood when its row was loaded.
#[derive(Clone, Debug, AsExpression, FromSqlRow)]
#[diesel(sql_type = JsonDoc)]
pub struct Stored<T>(pub T);

/// A row holds something this program does not understand. Says what, and never its content.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("this program cannot read the {0} of the row")]
pub struct Unreadable(pub &'static str);

impl Unreadable {
    /// Finds it behind the error of a query.
    pub fn behind(error: &diesel::result::Error) -> Option<Self> {
        let mut cause: Option<&(dyn StdError + 'static)> = match error {
            diesel::result::Error::DeserializationError(cause) => Some(&**cause),
            _ => None,
        };
        while let Some(error) = cause {
            if let Some(found) = error.downcast_ref::<Self>() {
                return Some(*found);
            }
            cause = error.source();
        }
        None
    }
}

fn understood<T: Document>(doc: Doc) -> deserialize::Result<Stored<T>> {
    match T::from_stored(doc.0) {
        Some(document) => Ok(Stored(document)),
        None => Err(Unreadable(T::NAME).into()),
    }
}

impl<T: Document> ToSql<JsonDoc, MultiBackend> for Stored<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((JsonDoc, self));
        Ok(IsNull::No)
    }
}
impl<T: Document> FromSql<JsonDoc, MultiBackend> for Stored<T> {
    fn from_sql(
        bytes: <MultiBackend as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        bytes.from_sql::<Self, JsonDoc>()
    }
}
impl<T: Document> ToSql<JsonDoc, Pg> for Stored<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let value = self.0.to_stored();
        ToSql::<diesel::sql_types::Jsonb, Pg>::to_sql(&value, &mut out.reborrow())
    }
}
impl<T: Document> FromSql<JsonDoc, Pg> for Stored<T> {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        understood(<Doc as FromSql<JsonDoc, Pg>>::from_sql(bytes)?)
    }
}
impl<T: Document> ToSql<JsonDoc, Sqlite> for Stored<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_stored().to_string());
        Ok(IsNull::No)
    }
}
impl<T: Document> FromSql<JsonDoc, Sqlite> for Stored<T> {
    fn from_sql(
        bytes: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        understood(<Doc as FromSql<JsonDoc, Sqlite>>::from_sql(bytes)?)
    }
}
