//! `GET /demarches`: what one can ask for, by house and category, and searched.
//! `GET /demarches/{procedure}`: everything one wants to know before beginning.

use super::home::most_used;
use crate::belgium::Cents;
use crate::definition::{Procedure, Secrecy};
use crate::request::search_key;
use crate::site::shelf::Published;
use crate::web::error::Error;
use crate::web::still;
use crate::web::views::{self, Card, Contact, Html, Link, Privacy};
use crate::web::visit::{Visit, see_other};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What was typed in the search.
#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    q: String,
}

/// Procedures under one heading.
#[derive(Serialize)]
pub struct Category<T> {
    label: String,
    procedures: Vec<T>,
}

#[derive(Serialize)]
struct Index {
    q: String,
    /// Nothing was searched, or only words that find nothing by themselves: the list is whole.
    whole: bool,
    total: usize,
    groups: Vec<Group>,
    most_used: Vec<Link>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    secrecy: Secrecy,
    categories: Vec<Category<Card>>,
}

/// The list, or what was found.
pub async fn index(
    visit: Visit,
    request: HttpRequest,
    query: web::Query<Query>,
) -> Result<HttpResponse, Error> {
    let q: String = query.q.trim().chars().take(100).collect();
    let all = visit.site.procedures();
    if q.is_empty() {
        return still::show(&visit, &request, || listed(&visit, &all, q, true));
    }
    let whole = words(&q).is_empty();
    let found = search(&all, &q, visit.lang());
    let page = listed(&visit, &found, q, whole);
    visit.page(page.template, page.title, page.nav, &page.content)
}

fn listed<'a>(
    visit: &Visit,
    shown: &[Arc<Published>],
    q: String,
    whole: bool,
) -> still::Page<'a, Index> {
    let groups = visit.site.file.authorities.iter().filter_map(|authority| {
        let categories = by_category(shown, &authority.id, visit.lang(), |published| {
            views::card(&visit.site, published, visit.lang())
        });
        (!categories.is_empty()).then(|| Group {
            name: authority.name.clone(),
            secrecy: authority.secrecy,
            categories,
        })
    });
    still::Page {
        template: "citizen/procedures.html",
        title: "Démarches",
        nav: "procedures",
        content: Index {
            total: shown.len(),
            groups: groups.collect(),
            most_used: most_used(visit),
            whole,
            q,
        },
    }
}

/// The procedures of a house under their headings, in the order of the library.
pub fn by_category<T>(
    procedures: &[Arc<Published>],
    authority: &str,
    lang: &str,
    show: impl Fn(&Published) -> T,
) -> Vec<Category<T>> {
    let mut categories: Vec<Category<T>> = Vec::new();
    for published in procedures
        .iter()
        .filter(|p| *p.procedure().authority == authority)
    {
        let label = published.procedure().category.get(lang);
        let shown = show(published);
        match categories
            .iter_mut()
            .find(|category| category.label == label)
        {
            Some(category) => category.procedures.push(shown),
            None => categories.push(Category {
                label: label.to_owned(),
                procedures: vec![shown],
            }),
        }
    }
    categories
}

/// The procedures that hold every word typed, the best first: accents and capitals do not matter,
/// nor a plural or a letter missing at the end.
pub fn search(procedures: &[Arc<Published>], q: &str, lang: &str) -> Vec<Arc<Published>> {
    let words = words(q);
    let mut found: Vec<(u32, &Arc<Published>)> = procedures
        .iter()
        .filter_map(|published| Some((score(published.procedure(), &words, lang)?, published)))
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found
        .into_iter()
        .map(|(_, published)| Arc::clone(published))
        .collect()
}

/// The words of what was typed that find something.
fn words(q: &str) -> Vec<String> {
    search_key(q)
        .split(' ')
        .map(stem)
        .filter(|word| !word.is_empty())
        .collect()
}

/// How well a procedure fits; none when a word is nowhere in it.
fn score(procedure: &Procedure, words: &[String], lang: &str) -> Option<u32> {
    let title = search_key(procedure.title.get(lang));
    let keywords = search_key(&procedure.keywords.join(" "));
    let rest = search_key(&format!(
        "{} {}",
        procedure.summary.get(lang),
        procedure.category.get(lang)
    ));
    words.iter().try_fold(0, |sum, word| {
        let weight = [(&title, 5), (&keywords, 3), (&rest, 1)]
            .into_iter()
            .find_map(|(text, weight)| text.split(' ').any(|w| near(w, word)).then_some(weight));
        weight.map(|weight| sum + weight)
    })
}

/// Words like "de" and "la" find nothing by themselves, and a final s or x is not the word.
fn stem(word: &str) -> String {
    const LITTLE: [&str; 16] = [
        "de", "du", "des", "la", "le", "les", "un", "une", "et", "a", "au", "d", "l", "pour",
        "mon", "ma",
    ];
    if LITTLE.contains(&word) {
        return String::new();
    }
    match word.trim_end_matches(['s', 'x']) {
        "" => word.to_owned(),
        stem => stem.to_owned(),
    }
}

/// The word begins so, or is one slip of the pen away.
fn near(word: &str, sought: &str) -> bool {
    word.starts_with(sought)
        || (sought.chars().count() > 4
            && strsim::damerau_levenshtein(word.trim_end_matches(['s', 'x']), sought) <= 1)
}

#[derive(Serialize)]
struct Shown {
    procedure: ProcedurePage,
    service: Contact,
    privacy: Privacy,
}

#[derive(Serialize)]
struct ProcedurePage {
    title: String,
    summary: String,
    secrecy: Secrecy,
    authority_name: String,
    category: String,
    start_url: String,
    open: bool,
    closed_reason: Option<String>,
    minutes: Option<u32>,
    cost: String,
    cost_note: Option<String>,
    delay: String,
    ways: Vec<String>,
    who_html: Option<Html>,
    needs_html: Option<Html>,
    how_html: Option<Html>,
    minors_html: Option<Html>,
    next_html: Option<Html>,
    related: Vec<Link>,
    updated_on: Option<String>,
}

/// The page of a procedure, for who comes back to the address its button posts to.
pub async fn back(visit: Visit, id: web::Path<String>) -> Result<HttpResponse, Error> {
    let published = visit.site.procedure(&id).ok_or(Error::NotFound)?;
    Ok(see_other(&views::procedure_url(published.procedure())))
}

/// The page of one procedure.
pub async fn show(
    visit: Visit,
    request: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let published = visit.site.procedure(&id).ok_or(Error::NotFound)?;
    let (site, lang) = (&visit.site, visit.lang());
    let procedure = published.procedure();
    still::show(&visit, &request, || still::Page {
        template: "citizen/procedure.html",
        title: procedure.title.get(lang),
        nav: "procedures",
        content: Shown {
            service: views::contact(site, &procedure.routing.default, &procedure.authority),
            privacy: views::privacy(site, procedure, lang),
            procedure: page(&visit, &published),
        },
    })
}

fn page(visit: &Visit, published: &Published) -> ProcedurePage {
    let (site, lang) = (&visit.site, visit.lang());
    let procedure = published.procedure();
    let text = &procedure.page;
    let needs: Vec<String> = text
        .needs
        .iter()
        .map(|need| format!("- {}", need.get(lang)))
        .collect();
    ProcedurePage {
        title: procedure.title.get(lang).to_owned(),
        summary: procedure.summary.get(lang).to_owned(),
        secrecy: published.definition.secrecy(&site.file),
        authority_name: views::authority_name(site, &procedure.authority),
        category: procedure.category.get(lang).to_owned(),
        start_url: format!("{}/brouillons", views::procedure_url(procedure)),
        open: true,
        closed_reason: None,
        minutes: Some(procedure.minutes).filter(|minutes| *minutes > 0),
        cost: cost(
            procedure,
            site.file.settings.get(procedure.id.as_str()).is_some(),
            lang,
        ),
        cost_note: procedure
            .fee
            .as_ref()
            .and_then(|fee| views::given(&fee.payment, lang)),
        delay: text.delay.get(lang).to_owned(),
        ways: views::given(&text.other_ways, lang)
            .map(|ways| {
                ways.lines()
                    .map(|way| way.trim_start_matches("- ").trim().to_owned())
                    .collect()
            })
            .unwrap_or_default(),
        who_html: html(&text.who, lang),
        needs_html: views::html(&needs.join("\n")),
        how_html: None,
        minors_html: html(&text.on_behalf, lang),
        next_html: views::html(&text.next.all(lang)),
        related: text
            .related
            .iter()
            .filter_map(|id| site.procedure(id))
            .map(|other| Link {
                title: other.procedure().title.get(lang).to_owned(),
                url: views::procedure_url(other.procedure()),
            })
            .collect(),
        updated_on: None,
    }
}

fn html(text: &crate::definition::Text, lang: &str) -> Option<Html> {
    views::html(text.get(lang))
}

/// The cost in words: what the page says, else free when nothing can be asked, else that it depends.
fn cost(procedure: &Procedure, priced: bool, lang: &str) -> String {
    if let Some(words) = views::given(&procedure.page.cost, lang) {
        return words;
    }
    match &procedure.fee {
        None => "Gratuit".to_owned(),
        Some(_) if !priced => format!("{} selon le règlement communal", Cents::ZERO),
        Some(_) => "Selon votre situation\u{a0}: le montant s’affiche avant l’envoi".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plural_a_missing_accent_or_a_slip_still_finds_the_word() {
        assert!(near("menage", &stem("menages")));
        assert!(near("composition", "composition"));
        assert!(near("chauffage", "chaufage"));
        assert!(near("allocation", "alloc"));
        assert!(!near("acte", "adresse"));
        assert_eq!(stem("de"), "");
        assert_eq!(stem("xxxx"), "xxxx");
        assert!(words("de la").is_empty());
    }
}
