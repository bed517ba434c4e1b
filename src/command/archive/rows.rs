//! Rows as JSON objects, in and out, the same on both engines: the database itself writes and reads
//! them, so that no table needs code of its own. Moments are RFC 3339 in UTC to the microsecond, ids
//! and days are text, booleans are booleans, documents are nested.

use super::JSON;
use crate::db::Conn;
use crate::on_backend;
use diesel::connection::DefaultLoadingMode;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use std::fmt::Write;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// A column, and how it is written.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Column {
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The engine's own word for its type.
    #[diesel(sql_type = Text)]
    kind: String,
}

/// The columns of a table, in order; none when there is no such table.
pub fn columns(conn: &mut Conn, table: &str) -> QueryResult<Vec<Column>> {
    match conn {
        Conn::Sqlite(conn) => sql_query("SELECT name, type AS kind FROM pragma_table_info(?)")
            .bind::<Text, _>(table)
            .load(conn),
        Conn::Postgres(conn) => sql_query(
            "SELECT column_name::text AS name, data_type::text AS kind \
             FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
        )
        .bind::<Text, _>(table)
        .load(conn),
    }
}

/// Gives each row of a table as a line of JSON, one at a time.
pub fn each_row<E: From<diesel::result::Error>>(
    conn: &mut Conn,
    table: &str,
    each: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    let columns = columns(conn, table)?;
    let query = match conn {
        Conn::Sqlite(_) => from_sqlite(table, &columns),
        Conn::Postgres(_) => from_postgres(table, &columns),
    };
    each_line(conn, &query, each)
}

/// Gives the single text column `line` of a query, row by row, without holding them all.
pub fn each_line<E: From<diesel::result::Error>>(
    conn: &mut Conn,
    query: &str,
    mut each: impl FnMut(&str) -> Result<(), E>,
) -> Result<(), E> {
    match conn {
        Conn::Sqlite(conn) => {
            for row in sql_query(query).load_iter::<Line, DefaultLoadingMode>(conn)? {
                each(&row?.line)?;
            }
        }
        Conn::Postgres(conn) => {
            for row in sql_query(query).load_iter::<Line, PgRowByRowLoadingMode>(conn)? {
                each(&row?.line)?;
            }
        }
    }
    Ok(())
}

/// Puts lines of [`each_row`] into a table; answers how many.
pub fn insert(
    conn: &mut Conn,
    table: &str,
    columns: &[Column],
    lines: &[&str],
) -> QueryResult<usize> {
    if lines.is_empty() {
        return Ok(0);
    }
    let rows = format!("[{}]", lines.join(","));
    let query = match conn {
        Conn::Sqlite(_) => into_sqlite(table, columns),
        Conn::Postgres(_) => into_postgres(table, columns),
    };
    on_backend!(conn, |c| sql_query(&query)
        .bind::<Text, _>(&rows)
        .execute(c))
}

/// The migrations a database has gone through.
pub fn schema(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let mut versions = Vec::new();
    let query = "SELECT version AS line FROM __diesel_schema_migrations ORDER BY version";
    each_line(conn, query, |line| {
        versions.push(line.to_owned());
        Ok::<_, diesel::result::Error>(())
    })?;
    Ok(versions)
}

/// True when a table has no row.
pub fn is_empty(conn: &mut Conn, table: &str) -> QueryResult<bool> {
    let mut empty = true;
    each_line(
        conn,
        &format!("SELECT 'x' AS line FROM {table} LIMIT 1"),
        |_| {
            empty = false;
            Ok::<_, diesel::result::Error>(())
        },
    )?;
    Ok(empty)
}

fn is_json(table: &str, column: &Column) -> bool {
    JSON.contains(&format!("{table}.{}", column.name).as_str())
}

fn from_sqlite(table: &str, columns: &[Column]) -> String {
    let values = columns.iter().map(|column| {
        let name = &column.name;
        let value = if is_json(table, column) {
            format!("json(\"{name}\")")
        } else if column.kind == "BOOLEAN" {
            format!("json(CASE \"{name}\" WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE 'null' END)")
        } else {
            format!("\"{name}\"")
        };
        format!("'{name}', {value}")
    });
    let values: Vec<String> = values.collect();
    format!(
        "SELECT json_object({}) AS line FROM {table}",
        values.join(", ")
    )
}

fn from_postgres(table: &str, columns: &[Column]) -> String {
    let values = columns.iter().map(|column| {
        let name = &column.name;
        let value = if column.kind.starts_with("timestamp") {
            format!("to_char(\"{name}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
        } else {
            format!("\"{name}\"")
        };
        format!("'{name}', {value}")
    });
    let values: Vec<String> = values.collect();
    format!(
        "SELECT json_build_object({})::text AS line FROM {table}",
        values.join(", ")
    )
}

fn into_sqlite(table: &str, columns: &[Column]) -> String {
    let mut values = String::new();
    for (at, column) in columns.iter().enumerate() {
        // `->` keeps JSON as it is, `->>` makes it a value of SQLite.
        let arrow = if is_json(table, column) { "->" } else { "->>" };
        let comma = if at == 0 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(values, "{comma}value {arrow} '$.{}'", column.name);
    }
    format!(
        "INSERT INTO {table} ({}) SELECT {values} FROM json_each(?)",
        names(columns)
    )
}

fn into_postgres(table: &str, columns: &[Column]) -> String {
    let names = names(columns);
    format!(
        "INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, $1::json)"
    )
}

fn names(columns: &[Column]) -> String {
    let quoted: Vec<String> = columns
        .iter()
        .map(|column| format!("\"{}\"", column.name))
        .collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::TABLES;
    use super::*;
    use crate::db::testing::on_each_engine;

    /// Tables that are left out on purpose.
    const LEFT_OUT: [&str; 2] = ["sessions", "limits"];

    #[test]
    fn every_table_is_kept_or_left_out_on_purpose() {
        on_each_engine(|fresh| {
            let mut found = Vec::new();
            let read = fresh.db().read_now(|conn| {
                let query = match conn {
                    Conn::Sqlite(_) => {
                        "SELECT name AS line FROM sqlite_master WHERE type = 'table'"
                    }
                    Conn::Postgres(_) => {
                        "SELECT table_name::text AS line FROM information_schema.tables \
                         WHERE table_schema = current_schema()"
                    }
                };
                each_line(conn, query, |line| {
                    found.push(line.to_owned());
                    Ok::<_, crate::db::Error>(())
                })
            });
            read.unwrap();
            found.retain(|table| !table.starts_with("__diesel") && !table.starts_with("sqlite_"));
            found.sort_unstable();
            let mut known: Vec<&str> = TABLES.into_iter().chain(LEFT_OUT).collect();
            known.sort_unstable();
            assert_eq!(found, known);
        });
    }

    #[test]
    fn the_columns_of_documents_are_those_postgresql_calls_jsonb() {
        on_each_engine(|fresh| {
            let read = fresh.db().read_now(|conn| {
                let mut documents = Vec::new();
                for table in TABLES {
                    for column in columns(conn, table)? {
                        let native = column.kind == "jsonb";
                        if native || (matches!(conn, Conn::Sqlite(_)) && is_json(table, &column)) {
                            documents.push(format!("{table}.{}", column.name));
                        }
                    }
                }
                Ok::<_, crate::db::Error>(documents)
            });
            assert_eq!(read.unwrap(), JSON);
        });
    }
}
