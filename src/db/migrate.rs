//! The schema's history: two trees of the same names, one per engine, each with its engine's own
//! best types. A test holds them equal.

use super::{Conn, Error};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Brings the schema up to date; answers the names of the migrations that ran. Instances that start
/// together on one PostgreSQL take turns.
pub fn up(conn: &mut Conn) -> Result<Vec<String>, Error> {
    let ran = match conn {
        Conn::Sqlite(conn) => conn.run_pending_migrations(SQLITE).map(names),
        Conn::Postgres(conn) => {
            use diesel::RunQueryDsl;
            // Any number will do, so long as all instances use the same one.
            diesel::sql_query("SELECT pg_advisory_lock(7237060)").execute(conn)?;
            let ran = conn.run_pending_migrations(POSTGRES).map(names);
            diesel::sql_query("SELECT pg_advisory_unlock(7237060)").execute(conn)?;
            ran
        }
    };
    ran.map_err(|error| Error::Migration(error.to_string()))
}

/// Takes every migration back, the newest first. For tests and for leaving.
pub fn down(conn: &mut Conn) -> Result<Vec<String>, Error> {
    match conn {
        Conn::Sqlite(conn) => conn.revert_all_migrations(SQLITE).map(names),
        Conn::Postgres(conn) => conn.revert_all_migrations(POSTGRES).map(names),
    }
    .map_err(|error| Error::Migration(error.to_string()))
}

/// Applies the first migrations until exactly these have run; for putting back a backup of an older
/// program, before [`up`] does the rest.
pub fn up_to(conn: &mut Conn, versions: &[String]) -> Result<(), Error> {
    for _ in versions {
        match conn {
            Conn::Sqlite(conn) => conn.run_next_migration(SQLITE).map(drop),
            Conn::Postgres(conn) => conn.run_next_migration(POSTGRES).map(drop),
        }
        .map_err(|error| Error::Migration(error.to_string()))?;
    }
    Ok(())
}

fn names(versions: Vec<diesel::migration::MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}
