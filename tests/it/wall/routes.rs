//! Every address of the program and everybody who may come to it: one row each.

mod table;

use self::table::{ROLES, Row, table};
use super::nobodys;
use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::desk::{JULIE, SOPHIE};
use crate::support::examples::{Sent, begin, file_named};
use diesel::prelude::*;
use perron::db::schema::{attachments, documents, jobs};
use perron::db::{Id, Tx};
use perron::secret::Code;
use reqwest::StatusCode;
use std::collections::BTreeSet;

/// The addresses of `src/web.rs`: method and path.
fn routes() -> BTreeSet<(String, String)> {
    let text: String = include_str!("../../../src/web.rs")
        .lines()
        .map(|line| line.split(" // ").next().unwrap().trim())
        .collect();
    // Which function holds the addresses under a prefix.
    let mut prefixes: Vec<(String, String)> = Vec::new();
    for part in text.split("scope(\"").skip(1) {
        let (prefix, rest) = part.split_once("\").configure(").unwrap();
        let function = rest.split_once(')').unwrap().0;
        prefixes.push((function.to_owned(), prefix.to_owned()));
    }
    let mut found = BTreeSet::new();
    for body in text.split("fn ").skip(1) {
        let function = body.split('(').next().unwrap();
        let prefix = prefixes.iter().find(|(known, _)| known == function);
        let prefix = prefix.map_or("", |(_, prefix)| prefix.as_str());
        let mut current = "";
        let mut rest = body;
        while let Some(at) = ["resource(\"", ".route("]
            .iter()
            .filter_map(|w| rest.find(w))
            .min()
        {
            rest = &rest[at..];
            if let Some(path) = rest.strip_prefix("resource(\"") {
                (current, rest) = path.split_once('"').unwrap();
                continue;
            }
            rest = rest.strip_prefix(".route(").unwrap();
            let path = match rest.strip_prefix('"') {
                Some(quoted) => {
                    let (path, after) = quoted.split_once('"').unwrap();
                    rest = after.trim_start_matches(',').trim_start();
                    path
                }
                None => current,
            };
            let method = rest.split('(').next().unwrap();
            let path = format!("{prefix}{path}");
            found.insert((method.to_owned(), path));
        }
    }
    found
}

#[test]
fn every_address_has_its_row_and_every_row_its_address() {
    let rows: BTreeSet<(String, String)> = table()
        .into_iter()
        .map(|row| (row.method.to_owned(), row.path.to_owned()))
        .collect();
    let routes = routes();
    assert!(routes.len() > 50, "{routes:?}");
    let without: Vec<_> = routes.difference(&rows).collect();
    assert!(without.is_empty(), "who may come there? {without:?}");
    let gone: Vec<_> = rows.difference(&routes).collect();
    assert!(gone.is_empty(), "these are no addresses: {gone:?}");
}

/// A request, and everything an address may name of it.
struct Target {
    sent: Sent,
    file: Id,
    document: Id,
    field: String,
    job: Id,
    /// A member of its service, who may be given that again, and a service of its house.
    agent: Id,
    service: &'static str,
    leaves: &'static str,
}

struct World {
    app: TestApp,
    draft: String,
    draft_file: String,
    mail: Id,
    asset: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_answers_everybody_as_the_table_says() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let open = app.send(&citizen, "composition-de-menage", 1).await;
    let social = app.send(&citizen, "allocation-chauffage", 0).await;
    app.drain().await;
    let mut browsers: Vec<Browser> = vec![app.browser(), citizen];
    for email in &ROLES[2..] {
        browsers.push(app.sign_in(email).await);
    }
    let by = |role: &str| &browsers[ROLES.iter().position(|known| *known == role).unwrap()];
    let open = target(&app, open, by(JULIE), JULIE, ("population", "etat-civil")).await;
    let social = target(
        &app,
        social,
        by(SOPHIE),
        SOPHIE,
        ("energie", "social-accueil"),
    )
    .await;
    let (draft, draft_file) = draft(&app, &browsers[1]).await;
    let home = browsers[0].get("/").await;
    let world = World {
        mail: app.mails()[0].id,
        asset: home.attributes("link[rel=stylesheet]", "href").remove(0),
        app,
        draft,
        draft_file,
    };
    let mut wrong = Vec::new();
    for row in table() {
        for (target, answers) in [(&open, row.open), (&social, row.social)] {
            world.app.forgive().await;
            for (at, browser) in browsers.iter().enumerate() {
                let path = world.path(&row, target, at == 1);
                let answer = ask(browser, &row, target, &path).await;
                if answer != answers[at] {
                    let (method, role, expected) = (row.method, ROLES[at], answers[at]);
                    wrong.push(format!("{method} {path} {role}: {answer}, not {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    world.app.stop().await;
}

async fn ask(browser: &Browser, row: &Row, target: &Target, path: &str) -> String {
    let page: Page = if row.method == "get" {
        browser.get(path).await
    } else {
        let form = browser.get("/reprendre").await;
        let mut pairs = row.form.to_vec();
        pairs.push(("service", target.service));
        browser.post(&form, path, &pairs).await
    };
    let at_door = page
        .location
        .as_deref()
        .is_some_and(|to| to.starts_with("/agent/connexion"));
    if page.status == StatusCode::SEE_OTHER && at_door {
        return "door".to_owned();
    }
    page.status.as_u16().to_string()
}

impl World {
    fn path(&self, row: &Row, target: &Target, holds_codes: bool) -> String {
        const WRONG: &str = "0000000000000000";
        let draft = row.path.starts_with("/brouillons");
        let code = match (holds_codes, draft) {
            (false, _) => WRONG,
            (true, true) => &self.draft,
            (true, false) => target.sent.tracking.trim_start_matches("/suivi/"),
        };
        let file = target.file.to_string();
        let asked = if row.path.ends_with("/attribution") {
            "?a=personne"
        } else {
            ""
        };
        let service = if row.path.ends_with("/retrait") {
            target.leaves
        } else {
            target.service
        };
        row.path
            .replace("/assets/{path:.+}", &self.asset)
            .replace("{procedure}", "composition-de-menage")
            .replace("{code}", code)
            .replace("{page}", "vous")
            .replace("{file}", if draft { &self.draft_file } else { &file })
            .replace("{document}", &target.document.to_string())
            .replace("{mail}", &self.mail.to_string())
            .replace("{request}", &target.sent.id.to_string())
            .replace("{field}", &target.field)
            .replace("{transition}", "ask")
            .replace("{session}", &nobodys().to_string())
            .replace("{agent}", &target.agent.to_string())
            .replace("{service}", service)
            .replace("{job}", &target.job.to_string())
            + asked
    }
}

async fn target(
    app: &TestApp,
    sent: Sent,
    reader: &Browser,
    member: &str,
    (service, leaves): (&'static str, &'static str),
) -> Target {
    let id = sent.id;
    let page = reader.get(&sent.desk).await;
    let field = page
        .attributes("form[action*='/reponses/']", "action")
        .remove(0);
    let file = app.look(|conn| {
        attachments::table
            .filter(attachments::request_id.eq(id))
            .select(attachments::id)
            .first(conn)
    });
    let document = app.look(|conn| {
        documents::table
            .filter(documents::request_id.eq(id))
            .select(documents::id)
            .first(conn)
    });
    let authority = app.request(&sent).authority;
    let job = app.change(move |tx| laid_aside(tx, &authority)).await;
    Target {
        agent: app.agent(member).id,
        field: field.rsplit('/').next().unwrap().to_owned(),
        sent,
        file,
        document,
        job,
        service,
        leaves,
    }
}

/// One mail of that house, laid aside.
fn laid_aside(tx: &mut Tx, authority: &str) -> QueryResult<Id> {
    let job: Id = jobs::table
        .filter(jobs::authority.eq(authority))
        .filter(jobs::kind.eq("mail"))
        .select(jobs::id)
        .first(tx.conn())?;
    let now = tx.now();
    diesel::update(jobs::table.find(job))
        .set(jobs::dead_at.eq(Some(now)))
        .execute(tx.conn())?;
    Ok(job)
}

/// A draft with a file and most of its questions open: its code and the file's id.
async fn draft(app: &TestApp, citizen: &Browser) -> (String, String) {
    let page = begin(citizen, "composition-de-menage").await;
    let pairs = [("pour_qui", "tiers"), ("code_postal", "4520")];
    let person = citizen.post(&page, &page.path, &pairs).await;
    let person = citizen.follow(person).await;
    let code = page.path.split('/').nth(2).unwrap().to_owned();
    let uploaded = citizen
        .post_files(
            &person,
            &format!("/brouillons/{code}/fichiers"),
            &[("field".to_owned(), "accord".to_owned())],
            vec![("file".to_owned(), "a.jpg".to_owned(), file_named("a.jpg"))],
        )
        .await;
    assert_eq!(uploaded.status, StatusCode::CREATED, "{}", uploaded.body);
    let kept: serde_json::Value = serde_json::from_str(&uploaded.body).unwrap();
    // "Vous" may be visited once the page before it is in order.
    let example = app.example("composition-de-menage", 1);
    let pairs: Vec<(&str, &str)> = example
        .pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|(name, _)| name.starts_with("personne.") || *name == "lien")
        .collect();
    let next = citizen.post(&person, &person.path, &pairs).await;
    assert!(
        next.location.unwrap().ends_with("/pages/vous"),
        "{}",
        next.body
    );
    assert!(Code::parse(&code).is_ok());
    (code, kept["id"].as_str().unwrap().to_owned())
}
