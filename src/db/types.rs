//! Column types that are native on PostgreSQL and text on SQLite: [`Id`] (`uuid`), [`At`]
//! (`timestamptz`, to the microsecond) and [`Doc`] (`jsonb`).

use super::connection::MultiBackend;
use chrono::{DateTime, NaiveDateTime, SecondsFormat, SubsecRound, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{HasSqlType, SqlType};
use diesel::sqlite::Sqlite;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// `uuid` on PostgreSQL, text on SQLite.
#[derive(Debug, Clone, Copy, QueryId, SqlType)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Text"))]
pub struct Uid;

/// `timestamptz` on PostgreSQL, RFC 3339 text in UTC on SQLite (which sorts as time does).
#[derive(Debug, Clone, Copy, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Text"))]
pub struct Stamp;

/// `jsonb` on PostgreSQL, text on SQLite.
#[derive(Debug, Clone, Copy, QueryId, SqlType)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807))]
#[diesel(sqlite_type(name = "Text"))]
pub struct JsonDoc;

/// The identity of a row: UUIDv7, so that rows made one after another stand near one another.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = Uid)]
#[serde(transparent)]
pub struct Id(pub Uuid);

/// A moment, UTC, to the microsecond.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    AsExpression,
    FromSqlRow,
)]
#[diesel(sql_type = Stamp)]
#[serde(transparent)]
pub struct At(pub DateTime<Utc>);

/// A JSON document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = JsonDoc)]
#[serde(transparent)]
pub struct Doc(pub serde_json::Value);

impl Id {
    /// The plain form, in addresses and logs.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::parse_str(text).ok().map(Self)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

impl At {
    /// That moment, cut to the microsecond both engines keep.
    pub fn new(moment: DateTime<Utc>) -> Self {
        Self(moment.trunc_subsecs(6))
    }

    fn text(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}

impl Doc {
    /// An empty object.
    pub fn empty() -> Self {
        Self(serde_json::Value::Object(serde_json::Map::new()))
    }

    /// The document of a value that always serialises (our own plain structs do).
    pub fn of<T: Serialize>(value: &T) -> Self {
        Self(serde_json::to_value(value).unwrap_or_default())
    }

    /// Reads it as `T`.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(&self.0)
    }
}

macro_rules! over_both {
    ($sql:ty, $rust:ty) => {
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }
        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default_marker(), self));
                Ok(IsNull::No)
            }
        }
        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(
                bytes: <MultiBackend as diesel::backend::Backend>::RawValue<'_>,
            ) -> deserialize::Result<Self> {
                bytes.from_sql::<$rust, $sql>()
            }
        }
    };
}

/// The value of a marker type, which the macro needs by a name of its own.
trait Marker {
    fn default_marker() -> Self;
}

impl Marker for Uid {
    fn default_marker() -> Self {
        Self
    }
}
impl Marker for Stamp {
    fn default_marker() -> Self {
        Self
    }
}
impl Marker for JsonDoc {
    fn default_marker() -> Self {
        Self
    }
}

over_both!(Uid, Id);
over_both!(Stamp, At);
over_both!(JsonDoc, Doc);

impl ToSql<Uid, Pg> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<diesel::sql_types::Uuid, Pg>::to_sql(&self.0, &mut out.reborrow())
    }
}
impl FromSql<Uid, Pg> for Id {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_sql(bytes).map(Self)
    }
}
impl ToSql<Uid, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}
impl FromSql<Uid, Sqlite> for Id {
    fn from_sql(
        bytes: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        let text = <String as FromSql<diesel::sql_types::Text, Sqlite>>::from_sql(bytes)?;
        Ok(Self(Uuid::parse_str(&text)?))
    }
}

impl ToSql<Stamp, Pg> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<diesel::sql_types::Timestamptz, Pg>::to_sql(&self.0, &mut out.reborrow())
    }
}
impl FromSql<Stamp, Pg> for At {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        let naive =
            <NaiveDateTime as FromSql<diesel::sql_types::Timestamptz, Pg>>::from_sql(bytes)?;
        Ok(Self(naive.and_utc()))
    }
}
impl ToSql<Stamp, Sqlite> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.text());
        Ok(IsNull::No)
    }
}
impl FromSql<Stamp, Sqlite> for At {
    fn from_sql(
        bytes: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        let text = <String as FromSql<diesel::sql_types::Text, Sqlite>>::from_sql(bytes)?;
        Ok(Self(DateTime::parse_from_rfc3339(&text)?.to_utc()))
    }
}

impl ToSql<JsonDoc, Pg> for Doc {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<diesel::sql_types::Jsonb, Pg>::to_sql(&self.0, &mut out.reborrow())
    }
}
impl FromSql<JsonDoc, Pg> for Doc {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        <serde_json::Value as FromSql<diesel::sql_types::Jsonb, Pg>>::from_sql(bytes).map(Self)
    }
}
impl ToSql<JsonDoc, Sqlite> for Doc {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}
impl FromSql<JsonDoc, Sqlite> for Doc {
    fn from_sql(
        bytes: <Sqlite as diesel::backend::Backend>::RawValue<'_>,
    ) -> deserialize::Result<Self> {
        let text = <String as FromSql<diesel::sql_types::Text, Sqlite>>::from_sql(bytes)?;
        Ok(Self(serde_json::from_str(&text)?))
    }
}
