//! Every address of the program and everybody who may come to it: one row each.

use super::nobodys;
use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::desk::{CLAIRE, FATIMA, JULIE, MARC, PAUL, SOPHIE};
use crate::support::examples::{Sent, begin, file_named};
use diesel::prelude::*;
use perron::db::schema::{attachments, documents, jobs};
use perron::db::{Id, Tx};
use perron::secret::Code;
use reqwest::StatusCode;
use std::collections::BTreeSet;

/// Nobody, the citizen who holds the codes, Julie (population), Fatima (works), Sophie (CPAS), Marc
/// (head of population), Paul (administrator of the commune), Claire (administrator of the CPAS).
const ROLES: [&str; 8] = [
    "nobody", "citizen", JULIE, FATIMA, SOPHIE, MARC, PAUL, CLAIRE,
];

/// The answers to each role: a status, or `door` for "sign in first".
type Answers = [&'static str; 8];

const ALL: Answers = ["200"; 8];
const ALL_GO_ON: Answers = ["303"; 8];
const ALL_MEND: Answers = ["422"; 8];

/// For the one who holds the code, and for everybody else.
const fn holder(of: &'static str, others: &'static str) -> Answers {
    [others, of, others, others, others, others, others, others]
}

/// For whoever is signed in.
const fn agents(answer: &'static str) -> Answers {
    [
        "door", "door", answer, answer, answer, answer, answer, answer,
    ]
}

/// For the agent and the head of the open request's service; nobody else knows that it exists.
const fn service(answer: &'static str) -> Answers {
    ["door", "door", answer, "404", "404", answer, "404", "404"]
}

/// For the head of the open request's service alone.
const fn head(answer: &'static str) -> Answers {
    ["door", "door", "404", "404", "404", answer, "404", "404"]
}

/// For the agent of the social request's service.
const fn social(answer: &'static str) -> Answers {
    ["door", "door", "404", "404", answer, "404", "404", "404"]
}

/// For the two administrators.
const fn administrators(commune: &'static str, cpas: &'static str) -> Answers {
    ["door", "door", "404", "404", "404", "404", commune, cpas]
}

struct Row {
    method: &'static str,
    path: &'static str,
    form: &'static [(&'static str, &'static str)],
    /// Of the commune's request, and of the CPAS's.
    open: Answers,
    social: Answers,
}

const fn get(path: &'static str, open: Answers) -> Row {
    row("get", path, open, open)
}

const fn post(path: &'static str, open: Answers) -> Row {
    row("post", path, open, open)
}

const fn row(method: &'static str, path: &'static str, open: Answers, social: Answers) -> Row {
    Row {
        method,
        path,
        form: &[],
        open,
        social,
    }
}

const fn request(method: &'static str, path: &'static str, answer: &'static str) -> Row {
    row(method, path, service(answer), social(answer))
}

/// In this order: what ends something comes last.
fn table() -> Vec<Row> {
    let door = ["200", "200", "303", "303", "303", "303", "303", "303"];
    let half_way = ["door", "door", "303", "303", "303", "303", "303", "303"];
    vec![
        get("/healthz", ALL),
        get("/metrics", ALL),
        get("/assets/{path:.+}", ALL),
        get("/", ALL),
        get("/demarches", ALL),
        get("/demarches/{procedure}", ALL),
        get("/demarches/{procedure}/brouillons", ALL_GO_ON),
        post("/demarches/{procedure}/brouillons", ALL_GO_ON),
        get("/brouillons/{code}", holder("303", "410")),
        get("/brouillons/{code}/pages/{page}", holder("200", "410")),
        post("/brouillons/{code}/pages/{page}", holder("303", "410")),
        get("/brouillons/{code}/fichiers", ALL_GO_ON),
        post("/brouillons/{code}/fichiers", holder("400", "410")),
        get(
            "/brouillons/{code}/fichiers/{file}/contenu",
            holder("200", "404"),
        ),
        get("/brouillons/{code}/verification", holder("303", "410")),
        get("/brouillons/{code}/envoi", ALL_GO_ON),
        post("/brouillons/{code}/envoi", holder("303", "410")),
        get("/brouillons/{code}/confirmation", holder("303", "410")),
        get("/brouillons/{code}/plus-tard", holder("200", "410")),
        post("/brouillons/{code}/plus-tard", holder("422", "410")),
        get("/reprendre", ALL),
        post("/reprendre", ALL_MEND),
        get("/suivi", ALL),
        get("/suivi/{code}", holder("200", "404")),
        get("/suivi/{code}/reponses", ALL_GO_ON),
        post("/suivi/{code}/reponses", holder("303", "404")),
        get("/suivi/{code}/messages", ALL_GO_ON),
        post("/suivi/{code}/messages", holder("422", "404")),
        get("/suivi/{code}/fichiers/{file}", holder("200", "404")),
        get("/suivi/{code}/documents/{document}", holder("200", "404")),
        get("/suivi/{code}/retrait", holder("200", "404")),
        get("/verification", ALL),
        get("/verification/{code}", ALL),
        get("/accessibilite", ALL),
        get("/vie-privee", ALL),
        get("/mentions-legales", ALL),
        get("/robots.txt", ALL),
        get("/demo", ALL),
        get("/demo/mail", ALL),
        get("/demo/mail/{mail}", ALL),
        get("/demo/mail/{mail}/html", ALL),
        get(
            "/agent",
            ["door", "door", "200", "200", "200", "200", "303", "303"],
        ),
        get("/agent/connexion", door),
        post("/agent/connexion", ALL_MEND),
        get("/agent/connexion/code", half_way),
        post("/agent/connexion/code", half_way),
        get("/agent/connexion/appareil", half_way),
        post("/agent/connexion/appareil", half_way),
        request("get", "/agent/demandes/{request}", "200"),
        request("post", "/agent/demandes/{request}/reponses/{field}", "200"),
        request(
            "get",
            "/agent/demandes/{request}/transitions/{transition}",
            "200",
        ),
        request(
            "post",
            "/agent/demandes/{request}/transitions/{transition}",
            "422",
        ),
        request(
            "post",
            "/agent/demandes/{request}/transitions/{transition}/projets/{document}",
            // What is asked for is no document of the procedure.
            "404",
        ),
        request("post", "/agent/demandes/{request}/attribution", "303"),
        request("post", "/agent/demandes/{request}/messages", "422"),
        request("post", "/agent/demandes/{request}/notes", "422"),
        request("get", "/agent/demandes/{request}/fichiers/{file}", "200"),
        request(
            "get",
            "/agent/demandes/{request}/documents/{document}",
            "200",
        ),
        request(
            "get",
            "/agent/demandes/{request}/documents/{document}/annulation",
            // What is asked for here is a receipt, which nobody revokes.
            "404",
        ),
        request(
            "post",
            "/agent/demandes/{request}/documents/{document}/annulation",
            "404",
        ),
        row(
            "get",
            "/agent/demandes/{request}/etat",
            head("200"),
            head("404"),
        ),
        row(
            "post",
            "/agent/demandes/{request}/etat",
            head("422"),
            head("404"),
        ),
        get("/agent/compte", agents("200")),
        post("/agent/compte/mot-de-passe", agents("422")),
        post("/agent/compte/sessions/fin", agents("303")),
        post("/agent/compte/sessions/{session}/fin", agents("404")),
        get("/admin", administrators("200", "200")),
        get("/admin/comptes", administrators("200", "200")),
        Row {
            form: &[("role", "agent")],
            ..row(
                "post",
                "/admin/comptes/{agent}/acces",
                administrators("303", "404"),
                administrators("404", "303"),
            )
        },
        row(
            "get",
            "/admin/comptes/{agent}/acces/{service}/retrait",
            administrators("200", "404"),
            administrators("404", "200"),
        ),
        row(
            "post",
            "/admin/comptes/{agent}/acces/{service}/retrait",
            administrators("303", "404"),
            administrators("404", "303"),
        ),
        get("/admin/envois", administrators("200", "200")),
        row(
            "post",
            "/admin/envois/{job}/relance",
            administrators("303", "404"),
            administrators("404", "303"),
        ),
        post("/suivi/{code}/retrait", holder("303", "404")),
        get("/brouillons/{code}/version", ALL_GO_ON),
        post("/brouillons/{code}/version", holder("303", "410")),
        get("/brouillons/{code}/suppression", ALL_GO_ON),
        post("/brouillons/{code}/suppression", holder("410", "410")),
        post("/agent/deconnexion", ["door"; 8]),
    ]
}

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
