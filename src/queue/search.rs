//! Finding a request by its reference or by its applicant's name, open or closed, in the agent's own
//! services.

use super::{Boxed, Line, PAGE, Page, Place, Queue, cut, wanted};
use crate::db::schema::requests;
use crate::db::{Conn, Id};
use crate::request::search_key;
use crate::secret::read_reference;
use diesel::prelude::*;

/// Most words of a name that are looked at.
const MOST_WORDS: usize = 4;

/// What somebody typed in the search field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// A reference, or how it begins: at least three characters.
    Reference(String),
    /// The words of a name, in any order; one of them begins the name as it is filed, the last name
    /// first.
    Name(Vec<String>),
}

impl Sought {
    /// Reads what was typed; `None` when nothing can be looked for with it.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().take(200).collect();
        let reference = read_reference(&text);
        if is_reference(&text, &reference) {
            return Some(Self::Reference(reference));
        }
        Self::name(&search_key(&text))
    }

    /// The words of a name, from its key; `None` when they are too short to look for.
    pub fn name(key: &str) -> Option<Self> {
        let mut words: Vec<String> = key
            .split(' ')
            .filter(|word| !word.is_empty())
            .take(MOST_WORDS)
            .map(str::to_owned)
            .collect();
        words.dedup();
        let longest = words.iter().map(|word| word.chars().count()).max();
        (longest >= Some(2)).then_some(Self::Name(words))
    }
}

/// The third character of a reference is a digit; no name's is.
fn is_reference(text: &str, reference: &str) -> bool {
    let separators = |c: char| c.is_whitespace() || matches!(c, '·' | '.' | '-' | '–');
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || separators(c));
    let digit = reference.chars().nth(2).is_some_and(|c| c.is_ascii_digit());
    plain && digit && reference.len() <= 8
}

impl Queue {
    /// What is found, by name; the page after `place`.
    pub fn search(
        &self,
        conn: &mut Conn,
        sought: &Sought,
        place: Option<&Place>,
    ) -> QueryResult<Page> {
        match sought {
            Sought::Reference(reference) => self.by_reference(conn, reference),
            Sought::Name(words) => self.by_name(conn, words, place),
        }
    }

    fn by_reference(&self, conn: &mut Conn, reference: &str) -> QueryResult<Page> {
        // The service is written so that no index serves it: of all requests, few references begin so.
        let lines = requests::table
            .filter(requests::service.concat("").eq_any(self.scope.services()))
            .filter(requests::reference.ge(reference))
            .filter(requests::reference.le(format!("{reference}ZZZZZZZZ")))
            .order(requests::reference.asc())
            .limit(i64::try_from(PAGE).unwrap_or(i64::MAX))
            .select(Line::as_select())
            .load(conn)?;
        Ok(cut(lines, |_| None))
    }

    fn by_name(
        &self,
        conn: &mut Conn,
        words: &[String],
        place: Option<&Place>,
    ) -> QueryResult<Page> {
        let after = match place {
            Some(Place::Request(id)) => self.key_of(conn, *id)?,
            _ => None,
        };
        let mut lines = Vec::new();
        for service in self.scope.services() {
            for (at, word) in words.iter().enumerate() {
                if word.chars().count() > 1 {
                    let query = || named(service, words, at);
                    lines.extend(after_name(conn, &query, after.as_ref())?);
                }
            }
        }
        lines.sort_unstable_by(|a, b| (&a.applicant_key, a.id).cmp(&(&b.applicant_key, b.id)));
        lines.dedup_by_key(|line| line.id);
        Ok(cut(lines, |line| Some(Place::Request(line.id))))
    }

    /// The name a request of the agent's services is filed under.
    fn key_of(&self, conn: &mut Conn, id: Id) -> QueryResult<Option<(String, Id)>> {
        requests::table
            .find(id)
            .filter(requests::service.eq_any(self.scope.services()))
            .select((requests::applicant_key, requests::id))
            .first(conn)
            .optional()
    }
}

/// The requests of a service whose name begins with the word at `at` and holds the others.
fn named<'a>(service: &'a str, words: &'a [String], at: usize) -> Boxed<'a> {
    let mut query = requests::table
        .filter(requests::service.eq(service))
        .into_boxed();
    for (other, word) in words.iter().enumerate() {
        query = if other == at {
            query
                .filter(requests::applicant_key.ge(word))
                .filter(requests::applicant_key.lt(following(word)))
        } else {
            // A word of a key has no sign that `LIKE` reads.
            let begins = requests::applicant_key.like(format!("{word}%"));
            query.filter(begins.or(requests::applicant_key.like(format!("% {word}%"))))
        };
    }
    query
}

fn after_name<'a>(
    conn: &mut Conn,
    query: &dyn Fn() -> Boxed<'a>,
    after: Option<&'a (String, Id)>,
) -> QueryResult<Vec<Line>> {
    let load = |conn: &mut Conn, query: Boxed<'a>, most: i64| {
        query
            .order((requests::applicant_key.asc(), requests::id.asc()))
            .limit(most)
            .select(Line::as_select())
            .load::<Line>(conn)
    };
    let Some((key, id)) = after else {
        return load(conn, query(), wanted());
    };
    let same = query()
        .filter(requests::applicant_key.eq(key))
        .filter(requests::id.gt(*id));
    let mut lines = load(conn, same, wanted())?;
    let left = wanted() - i64::try_from(lines.len()).unwrap_or_default();
    let later = query().filter(requests::applicant_key.gt(key));
    lines.extend(load(conn, later, left)?);
    Ok(lines)
}

/// The smallest text after all that begin with `prefix`, by code points.
fn following(prefix: &str) -> String {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            chars.push(next);
            break;
        }
    }
    chars.into_iter().collect()
}
