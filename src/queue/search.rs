//! Finding a request, open or closed, in the agent's own services: by its reference, by the words of
//! its applicant's name, by their e-mail address or telephone number.

use super::{Line, PAGE, Page, Place, Queue, cut, wanted};
use crate::db::connection::MultiBackend;
use crate::db::schema::{requests, search_keys};
use crate::db::{Conn, Id};
use crate::request::search::{email_key, phone_key, search_key, words};
use crate::secret::read_reference;
use diesel::prelude::*;

/// Most words of a name that are looked at.
const MOST_WORDS: usize = 4;

/// What somebody typed in the search field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// A reference, or how it begins: at least three characters.
    Reference(String),
    /// How words of a name begin, in any order.
    Name(Vec<String>),
    /// The key of an e-mail address or of a telephone number, whole.
    Contact(String),
}

/// A request that was found: the word it was found by, its applicant's name, and which it is. Lists of
/// them stand in this order.
type Found = (String, String, Id);

type Keys<'a> = search_keys::BoxedQuery<'a, MultiBackend>;

impl Sought {
    /// Reads what was typed; `None` when nothing can be looked for with it.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().take(200).collect();
        let reference = read_reference(&text);
        if is_reference(&text, &reference) {
            return Some(Self::Reference(reference));
        }
        if let Some(contact) = email_key(&text).or_else(|| phone_key(&text)) {
            return Some(Self::Contact(contact));
        }
        Self::name(&search_key(&text))
    }

    /// The words of a name, from its key; `None` when they are too short to look for.
    pub fn name(key: &str) -> Option<Self> {
        let mut words: Vec<String> = words(key).take(MOST_WORDS).map(str::to_owned).collect();
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
    /// What is found, by the word it was found by and then by name; the page after `place`. Where that
    /// request was sent on or is called otherwise by now, nobody here may know where it stood: the list
    /// begins again, and the page says so.
    pub fn search(
        &self,
        conn: &mut Conn,
        sought: &Sought,
        place: Option<&Place>,
    ) -> QueryResult<Page> {
        match sought {
            Sought::Reference(reference) => self.by_reference(conn, reference),
            Sought::Name(words) => {
                // The longest word is the one that fewest have.
                let first = words.iter().max_by_key(|word| word.chars().count());
                let first = first.map_or("", String::as_str);
                let others: Vec<&str> = words.iter().map(String::as_str).collect();
                self.by_key(
                    conn,
                    &Wanted {
                        first,
                        others,
                        whole: false,
                    },
                    place,
                )
            }
            Sought::Contact(key) => {
                let wanted = Wanted {
                    first: key,
                    others: Vec::new(),
                    whole: true,
                };
                self.by_key(conn, &wanted, place)
            }
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

    fn by_key(
        &self,
        conn: &mut Conn,
        wanted: &Wanted<'_>,
        place: Option<&Place>,
    ) -> QueryResult<Page> {
        let after = match place {
            Some(Place::Request(id)) => self.found_by(conn, wanted, *id)?,
            _ => None,
        };
        let gone = after.is_none();
        let mut found: Vec<Found> = Vec::new();
        for service in self.scope.services() {
            found.extend(wanted.in_service(conn, service, after.clone())?);
        }
        found.sort_unstable();
        found.dedup_by_key(|(.., id)| *id);
        found.truncate(PAGE + 1);
        let lines = self.lines(conn, &found)?;
        Ok(Page {
            restarted: place.is_some() && gone,
            ..cut(lines, |line| Some(Place::Request(line.id)))
        })
    }

    /// The rows of what was found, in the same order.
    fn lines(&self, conn: &mut Conn, found: &[Found]) -> QueryResult<Vec<Line>> {
        let ids: Vec<Id> = found.iter().map(|(.., id)| *id).collect();
        let mut lines: Vec<Line> = requests::table
            .filter(requests::id.eq_any(&ids))
            // The request itself says whose it is. Written so that no index serves it: the ids do.
            .filter(requests::service.concat("").eq_any(self.scope.services()))
            .select(Line::as_select())
            .load(conn)?;
        lines.sort_by_key(|line| ids.iter().position(|id| *id == line.id));
        Ok(lines)
    }

    /// Where a request of the agent's services stands in the list.
    fn found_by(&self, conn: &mut Conn, wanted: &Wanted<'_>, id: Id) -> QueryResult<Option<Found>> {
        let keys: Vec<(String, String)> = search_keys::table
            .filter(search_keys::request_id.eq(id))
            .filter(
                search_keys::service
                    .concat("")
                    .eq_any(self.scope.services()),
            )
            .order(search_keys::word.asc())
            .select((search_keys::word, search_keys::name))
            .load(conn)?;
        let mut keys = keys.into_iter();
        let found = keys.find(|(word, _)| wanted.meets(word));
        Ok(found.map(|(word, name)| (word, name, id)))
    }
}

/// What the keys are asked.
struct Wanted<'a> {
    /// How the word begins that the index is asked for; or the key itself, when it is `whole`.
    first: &'a str,
    /// How all the words begin that the name has to hold.
    others: Vec<&'a str>,
    whole: bool,
}

impl<'a> Wanted<'a> {
    fn meets(&self, word: &str) -> bool {
        if self.whole {
            word == self.first
        } else {
            word.starts_with(self.first)
        }
    }

    /// The keys of a service that meet it.
    fn keys(&self, service: &'a str) -> Keys<'a> {
        let keys = search_keys::table
            .filter(search_keys::service.eq(service))
            .into_boxed();
        if self.whole {
            return keys.filter(search_keys::word.eq(self.first));
        }
        let mut keys = keys
            .filter(search_keys::word.ge(self.first))
            .filter(search_keys::word.lt(following(self.first)));
        for other in self.others.iter().filter(|other| **other != self.first) {
            // A word of a key has no sign that `LIKE` reads.
            let begins = search_keys::name.like(format!("{other}%"));
            keys = keys.filter(begins.or(search_keys::name.like(format!("% {other}%"))));
        }
        keys
    }

    /// The requests of a service after that one, a page of them and one more.
    fn in_service(
        &self,
        conn: &mut Conn,
        service: &'a str,
        after: Option<Found>,
    ) -> QueryResult<Vec<Found>> {
        let most = PAGE + 1;
        let (mut found, mut after) = (Vec::new(), after);
        loop {
            let batch = self.batch(conn, service, after.as_ref())?;
            let full = batch.len() >= most;
            after = batch.last().cloned();
            found.extend(batch.into_iter().filter(|key| self.is_first(key)));
            if found.len() >= most || !full {
                return Ok(found);
            }
        }
    }

    /// Who has two words that begin so stands in the list by the first alone.
    fn is_first(&self, (word, name, _): &Found) -> bool {
        self.whole || words(name).filter(|one| self.meets(one)).min() == Some(word)
    }

    /// The keys after that one: the rest of its name, the rest of its word, the words after. Three
    /// questions, because each is a piece of the index.
    fn batch(
        &self,
        conn: &mut Conn,
        service: &'a str,
        after: Option<&Found>,
    ) -> QueryResult<Vec<Found>> {
        let load = |conn: &mut Conn, keys: Keys<'_>, most: i64| {
            keys.order((
                search_keys::word.asc(),
                search_keys::name.asc(),
                search_keys::request_id.asc(),
            ))
            .limit(most)
            .select((
                search_keys::word,
                search_keys::name,
                search_keys::request_id,
            ))
            .load::<Found>(conn)
        };
        let all = || self.keys(service);
        let Some((word, name, id)) = after else {
            return load(conn, all(), wanted());
        };
        let word_is = || all().filter(search_keys::word.eq(word.clone()));
        let pieces = [
            word_is()
                .filter(search_keys::name.eq(name.clone()))
                .filter(search_keys::request_id.gt(*id)),
            word_is().filter(search_keys::name.gt(name.clone())),
            all().filter(search_keys::word.gt(word.clone())),
        ];
        let mut keys = Vec::new();
        for piece in pieces {
            let left = wanted() - i64::try_from(keys.len()).unwrap_or_default();
            if left > 0 {
                keys.extend(load(conn, piece, left)?);
            }
        }
        Ok(keys)
    }
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
