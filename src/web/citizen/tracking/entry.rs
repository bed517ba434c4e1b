//! The code that was typed to follow a request: what it is when it is none. `GET /suivi`, and the page of
//! a link that leads nowhere.

use super::super::guesses::{count_wrong, not_too_often};
use super::url;
use crate::db::At;
use crate::form::control::Control;
use crate::request;
use crate::request::draft::{Draft, Found};
use crate::secret::{Code, CodeError};
use crate::web::error::Error;
use crate::web::views::{self, ErrorLine};
use crate::web::visit::{Visit, see_other};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};

/// Characters of a code.
const LENGTH: usize = 16;
/// Characters of a reference.
const REFERENCE: usize = 8;

/// What was typed.
#[derive(Deserialize)]
pub struct Query {
    code: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    code: Control,
    errors: Vec<ErrorLine>,
    /// The draft that code opens: it is not sent yet.
    draft_url: Option<String>,
}

/// What a code opens.
pub enum Opens {
    Request,
    Draft,
    /// A draft that was sent.
    Sent,
    Nothing,
}

/// What that code opens. Counts nothing: the caller does, when it is nothing.
pub async fn what_opens(visit: &Visit, code: &Code) -> Result<Opens, Error> {
    let (code, now) = (code.clone(), At::new(visit.site.db.clock().now()));
    let read = visit.site.db.read(move |conn| {
        if request::by_code(conn, &code)?.is_some() {
            return Ok::<_, Error>(Opens::Request);
        }
        Ok(match Draft::find(conn, &code, now)? {
            Found::Open(_) => Opens::Draft,
            Found::Sent(_) => Opens::Sent,
            Found::Nothing => Opens::Nothing,
        })
    });
    read.await
}

/// Asks for the code, or opens what it opens.
pub async fn entry(visit: Visit, query: web::Query<Query>) -> Result<HttpResponse, Error> {
    let Some(typed) = query.code.as_deref().map(str::trim) else {
        return ask(&visit, "", None, None, StatusCode::OK);
    };
    not_too_often(&visit).await?;
    let sought = of_link(typed);
    let code = match Code::parse(sought) {
        Ok(code) => code,
        Err(error) => {
            let why = not_a_code(sought, error);
            return ask(&visit, typed, Some(why), None, StatusCode::OK);
        }
    };
    let draft = format!("/brouillons/{}", code.compact());
    match what_opens(&visit, &code).await? {
        Opens::Request => Ok(see_other(&url(&code))),
        Opens::Sent => Ok(see_other(&draft)),
        Opens::Draft => {
            let why = "Ce code est celui d’une demande commencée, qui n’est pas encore envoyée.";
            let why = Some(why.to_owned());
            ask(&visit, typed, why, Some(draft), StatusCode::OK)
        }
        Opens::Nothing => {
            count_wrong(&visit).await?;
            let why = "Aucune demande ne correspond à ce code. Vérifiez chaque caractère\u{a0}: il y en a 16.";
            ask(&visit, typed, Some(why.to_owned()), None, StatusCode::OK)
        }
    }
}

/// The same page, for a link that leads to no request.
pub fn unknown_link(visit: &Visit) -> Result<HttpResponse, Error> {
    let why = "Aucune demande ne correspond à ce lien. Il est peut-être incomplet\u{a0}: \
               recopiez-le en entier, ou écrivez ici le code de suivi.";
    ask(visit, "", Some(why.to_owned()), None, StatusCode::NOT_FOUND)
}

fn ask(
    visit: &Visit,
    typed: &str,
    why: Option<String>,
    draft_url: Option<String>,
    status: StatusCode,
) -> Result<HttpResponse, Error> {
    let mut code = views::control("text", "code", "Code de suivi", typed);
    code.hint = Some("16 lettres et chiffres, par exemple 7K4M\u{2060}-\u{2060}2P93\u{2060}-\u{2060}QX8T\u{2060}-\u{2060}B5WD".to_owned());
    code.width = "medium";
    code.error.clone_from(&why);
    let errors = why
        .map(|message| ErrorLine::of(&code, message))
        .into_iter()
        .collect();
    let entry = Entry {
        code,
        errors,
        draft_url,
    };
    let title = "Suivre ma demande";
    let mut page = visit.page("citizen/tracking_entry.html", title, "tracking", &entry)?;
    *page.status_mut() = status;
    Ok(page)
}

/// The code in what was pasted: the address of a request holds it.
fn of_link(typed: &str) -> &str {
    let after = ["/suivi/", "/brouillons/"]
        .iter()
        .find_map(|part| typed.split_once(part));
    after.map_or(typed, |(_, rest)| {
        rest.split(['/', '?', '#', ' ']).next().unwrap_or_default()
    })
}

/// What it is instead, and what to do.
fn not_a_code(typed: &str, error: CodeError) -> String {
    let signs = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '·' | '.' | '–');
    let plural = |n: usize| if n > 1 { "s" } else { "" };
    match (typed.chars().filter(signs).count(), error) {
        (0, _) => "Écrivez votre code de suivi.".to_owned(),
        (_, CodeError::Character) => {
            "Ce n’est pas un code de suivi\u{a0}: il n’a que des lettres sans accent et des chiffres, 16 en tout."
                .to_owned()
        }
        (REFERENCE, _) => "Ceci est la référence de votre demande. Le code de suivi est plus long, il a 16 \
                           caractères\u{a0}: il est sur la page de confirmation et dans nos courriels."
            .to_owned(),
        (n, _) if n < LENGTH => {
            let missing = LENGTH - n;
            format!(
                "Il manque {missing}\u{a0}caractère{}\u{a0}: le code en a 16.",
                plural(missing)
            )
        }
        (n, _) => {
            let over = n.saturating_sub(LENGTH);
            format!(
                "Il y a {over}\u{a0}caractère{} de trop\u{a0}: le code en a 16.",
                plural(over)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_address_gives_its_code() {
        for pasted in [
            "https://guichet.example/suivi/7K4M2P93QX8TB5WD",
            "https://guichet.example/suivi/7K4M2P93QX8TB5WD?fait=message",
            "guichet.example/suivi/7K4M2P93QX8TB5WD/reponses",
            "7K4M2P93QX8TB5WD",
        ] {
            assert_eq!(of_link(pasted), "7K4M2P93QX8TB5WD", "{pasted}");
        }
    }
}
