//! What a request is found by, written with it: every word of the applicant's name, the e-mail address
//! and the telephone number. The one place these keys are made, for what is filed and for what is typed.
//!
//! Address and number are kept as they are, in one normal form, and not as hashes: they stand in the
//! request's own row beside it, a hash of a telephone number is undone by trying them all, and so a key
//! made by the database when it is brought up to date is the same as one made here.

use super::Request;
use crate::belgium::{Email, Phone};
use crate::db::schema::search_keys;
use crate::db::{Id, Tx};
use crate::on_backend;
use diesel::prelude::*;

/// Most words of a name that are filed.
const MOST: usize = 20;

/// One thing a request is found by.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = search_keys)]
pub(super) struct Key {
    request_id: Id,
    word: String,
    service: String,
    /// The whole name, for lists in order.
    name: String,
}

/// A name as it is searched: lower case, without accents, single spaces.
pub fn search_key(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::char::is_combining_mark;
    let plain: String = name
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    // Two letters in one sign, which nobody types: « mœurs », « Lætitia ».
    let plain = plain.replace('œ', "oe").replace('æ', "ae");
    plain
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(200)
        .collect()
}

/// The words of a name that was made by [`search_key`].
pub fn words(key: &str) -> impl Iterator<Item = &str> {
    key.split(' ').filter(|word| !word.is_empty()).take(MOST)
}

/// The key of an e-mail address: no word of a name begins so.
pub fn email_key(text: &str) -> Option<String> {
    let email = Email::parse(text).ok()?.to_string();
    Some(format!("@{}", email.to_lowercase()))
}

/// The key of a telephone number, however it is typed.
pub fn phone_key(text: &str) -> Option<String> {
    Some(Phone::parse(text).ok()?.as_str().to_owned())
}

/// Everything that request is found by, each once.
pub(super) fn keys(request: &Request) -> Vec<Key> {
    let name = search_key(&request.applicant);
    let contacts = [
        request.email.as_deref().and_then(email_key),
        request.phone.as_deref().and_then(phone_key),
    ];
    let mut all: Vec<String> = words(&name).map(str::to_owned).collect();
    all.extend(contacts.into_iter().flatten());
    all.sort_unstable();
    all.dedup();
    let key = |word| Key {
        request_id: request.id,
        word,
        service: request.service.clone(),
        name: name.clone(),
    };
    all.into_iter().map(key).collect()
}

/// Files new requests under their keys.
pub(super) fn file(tx: &mut Tx, keys: &[Key]) -> QueryResult<()> {
    // PostgreSQL takes at most 65 535 values in one statement.
    for part in keys.chunks(2_000) {
        on_backend!(tx.conn(), |c| diesel::insert_into(search_keys::table)
            .values(part)
            .execute(c))?;
    }
    Ok(())
}

impl Request {
    /// Files it anew: who asks, or the service that has it, is another.
    pub(super) fn file_again(&self, tx: &mut Tx) -> QueryResult<()> {
        let old = search_keys::table.filter(search_keys::request_id.eq(self.id));
        diesel::delete(old).execute(tx.conn())?;
        file(tx, &keys(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_without_its_accents_and_capitals() {
        assert_eq!(search_key("  LÉONARD–Dupont  Zoé "), "leonard dupont zoe");
        assert_eq!(search_key("Ægir Ø'Neil"), "aegir ø neil");
        assert_eq!(search_key("bonne vie et mœurs"), "bonne vie et moeurs");
    }

    #[test]
    fn an_address_and_a_number_have_one_form_however_they_are_typed() {
        let email = Some("@anne.lambert@exemple.be".to_owned());
        assert_eq!(email_key(" Anne.Lambert@Exemple.BE"), email);
        for typed in [
            "0470 12 34 56",
            "0470/12.34.56",
            "+32470123456",
            "0032 470 12 34 56",
        ] {
            assert_eq!(phone_key(typed).as_deref(), Some("+32470123456"), "{typed}");
        }
        assert_eq!(phone_key("lambert"), None);
    }
}
