//! The versions of procedures. A published version never changes: it is stored as the files it was
//! read from, and a request keeps the one it was filled against for life. When a file is wrong, the
//! last good version stays on the shelf.

use crate::db::schema::{procedures, versions};
use crate::db::{self, At, Conn, Db, Doc, Id, Tx};
use crate::definition::defect::Defect;
use crate::definition::library::{Definition, Source};
use crate::definition::{Procedure, Workflow};
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// A version of a procedure, ready to be filled in.
#[derive(Clone, Debug)]
pub struct Published {
    pub version: Id,
    /// Its number, from 1.
    pub number: i32,
    pub definition: Definition,
}

impl Published {
    /// The procedure.
    pub fn procedure(&self) -> &Procedure {
        &self.definition.procedure
    }

    /// Its workflow.
    pub fn workflow(&self) -> &Workflow {
        &self.definition.workflow
    }
}

/// Versions read so far. A cache only: the database is the truth.
#[derive(Debug, Default)]
pub struct Shelf {
    current: Vec<Arc<Published>>,
    read: RwLock<HashMap<Id, Arc<Published>>>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = versions)]
struct Row {
    id: Id,
    procedure_id: String,
    number: i32,
    digest: String,
    sources: Doc,
    published_at: At,
}

impl Shelf {
    /// Publishes what changed, notes what is wrong, takes down what is not offered any more, and reads
    /// the current version of every procedure, also of those whose file is now wrong.
    pub fn publish(db: &Db, good: Vec<Definition>, defects: &[Defect]) -> Result<Self, db::Error> {
        let order: Vec<String> = good
            .iter()
            .map(|definition| definition.procedure.id.to_string())
            .collect();
        let wrong: Vec<(String, Vec<String>)> = by_procedure(defects);
        let rows = db.write_now::<_, db::Error, _>(move |tx| {
            for definition in &good {
                publish(tx, definition)?;
            }
            for (procedure, lines) in &wrong {
                note(tx, procedure, lines)?;
            }
            let offered = good
                .iter()
                .map(|definition| definition.procedure.id.to_string());
            let offered = offered.chain(wrong.into_iter().map(|(procedure, _)| procedure));
            take_down_others(tx, &offered.collect::<Vec<_>>())?;
            Ok(current(tx.conn())?)
        })?;
        let mut current: Vec<Arc<Published>> = rows
            .into_iter()
            .filter_map(|row| read(row).ok().map(Arc::new))
            .collect();
        let place = |published: &Arc<Published>| {
            order
                .iter()
                .position(|id| *published.procedure().id == *id)
                .unwrap_or(order.len())
        };
        current.sort_by_key(place);
        let read = current.iter().map(|p| (p.version, Arc::clone(p))).collect();
        Ok(Self {
            current,
            read: RwLock::new(read),
        })
    }

    /// The procedures that can be asked for.
    pub fn current(&self) -> Vec<Arc<Published>> {
        self.current.clone()
    }

    /// A version, from the cache or from the database.
    pub fn version(&self, db: &Db, id: Id) -> Result<Arc<Published>, db::Error> {
        let cached = self
            .read
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned();
        if let Some(published) = cached {
            return Ok(published);
        }
        let row: Row = db.read_now(|conn| {
            versions::table
                .find(id)
                .select(Row::as_select())
                .first(conn)
                .map_err(db::Error::from)
        })?;
        let published = Arc::new(read(row)?);
        self.read
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, Arc::clone(&published));
        Ok(published)
    }
}

/// A stored version was sound when it was published; one that cannot be read now was made by a newer
/// program, or damaged.
fn read(row: Row) -> Result<Published, db::Error> {
    let unreadable = |cause: String| {
        tracing::error!(version = %row.id, procedure = row.procedure_id, cause, "a stored version cannot be read");
        db::Error::Query(diesel::result::Error::DeserializationError(cause.into()))
    };
    let sources: Vec<Source> = row
        .sources
        .read()
        .map_err(|error| unreadable(error.to_string()))?;
    let definition = Definition::from_sources(&sources).map_err(|defects| {
        unreadable(defects.first().map(ToString::to_string).unwrap_or_default())
    })?;
    Ok(Published {
        version: row.id,
        number: row.number,
        definition,
    })
}

fn publish(tx: &mut Tx, definition: &Definition) -> QueryResult<()> {
    let procedure = definition.procedure.id.to_string();
    let digest = crate::audit::digest(
        definition
            .sources
            .iter()
            .flat_map(|s| [s.path.as_str(), s.text.as_str()]),
    );
    let known: Option<Id> = versions::table
        .filter(versions::procedure_id.eq(&procedure))
        .filter(versions::digest.eq(&digest))
        .select(versions::id)
        .first(tx.conn())
        .optional()?;
    let version = match known {
        Some(version) => version,
        None => add(tx, &procedure, digest, definition)?,
    };
    point(tx, &procedure, Some(version), Vec::new())
}

fn add(tx: &mut Tx, procedure: &str, digest: String, definition: &Definition) -> QueryResult<Id> {
    let last: Option<i32> = versions::table
        .filter(versions::procedure_id.eq(procedure))
        .select(diesel::dsl::max(versions::number))
        .first(tx.conn())?;
    let row = Row {
        id: tx.new_id(),
        procedure_id: procedure.to_owned(),
        number: last.unwrap_or(0) + 1,
        digest,
        sources: Doc::of(&*definition.sources),
        published_at: tx.now(),
    };
    diesel::insert_into(versions::table)
        .values(&row)
        .execute(tx.conn())?;
    Ok(row.id)
}

/// Notes what is wrong with a procedure that has a last good version.
fn note(tx: &mut Tx, procedure: &str, defects: &[String]) -> QueryResult<()> {
    diesel::update(procedures::table.find(procedure))
        .set((
            procedures::defects.eq(Doc::of(&defects)),
            procedures::updated_at.eq(tx.now()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes down the procedures that are not among these: their file is gone, or the site does not offer
/// them. Requests and drafts keep their version for life.
fn take_down_others(tx: &mut Tx, offered: &[String]) -> QueryResult<()> {
    let others = procedures::table
        .filter(procedures::id.ne_all(offered))
        .filter(procedures::current_version.is_not_null());
    diesel::update(others)
        .set((
            procedures::current_version.eq(None::<Id>),
            procedures::updated_at.eq(tx.now()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

fn point(
    tx: &mut Tx,
    procedure: &str,
    version: Option<Id>,
    defects: Vec<String>,
) -> QueryResult<()> {
    let values = (
        procedures::current_version.eq(version),
        procedures::defects.eq(Doc::of(&defects)),
        procedures::updated_at.eq(tx.now()),
    );
    let changed = diesel::update(procedures::table.find(procedure))
        .set(values.clone())
        .execute(tx.conn())?;
    if changed == 0 {
        diesel::insert_into(procedures::table)
            .values((procedures::id.eq(procedure), values))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn current(conn: &mut Conn) -> QueryResult<Vec<Row>> {
    versions::table
        .filter(
            versions::id.nullable().eq_any(
                procedures::table
                    .filter(procedures::current_version.is_not_null())
                    .select(procedures::current_version),
            ),
        )
        .order(versions::procedure_id.asc())
        .select(Row::as_select())
        .load(conn)
}

/// The defects of each procedure, by the id its file is named after.
fn by_procedure(defects: &[Defect]) -> Vec<(String, Vec<String>)> {
    let mut by: Vec<(String, Vec<String>)> = Vec::new();
    for defect in defects.iter().filter(|defect| defect.is_error()) {
        for file in &defect.concerns {
            let id = file
                .rsplit('/')
                .next()
                .unwrap_or(file)
                .trim_end_matches(".yaml")
                .to_owned();
            match by.iter_mut().find(|(known, _)| *known == id) {
                Some((_, lines)) => lines.push(defect.to_string()),
                None => by.push((id, vec![defect.to_string()])),
            }
        }
    }
    by
}
