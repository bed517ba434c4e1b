//! Pages over HTTP by the real program on one thread, beside the framework serving the same bytes from
//! memory; what it costs to make a page for one citizen beside its template alone; memory and start.
//!
//! The ratio is of answers per second of processor time: the same as answers per second on a quiet
//! machine, and the same again on a busy one.

use super::bare::Bare;
use super::load::{Browser, Load, get, hammer};
use super::measure::{Outcome, process_time, thread_time, wrong};
use super::table::{Figure, grouped, title};
use super::town::{Counter, PROCEDURE, Town};
use actix_web::rt::SystemRunner;
use minijinja::value::{Serde, Value};
use perron::form::control::Control;
use perron::form::examples::filled;
use perron::form::{Answers, Context, Journey, SeenPage, journey};
use perron::request::draft::Draft;
use perron::template::Templates;
use perron::web::views;
use serde::Serialize;
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;

const CONNECTIONS: usize = 16;
const LASTS: Duration = Duration::from_secs(3);
const WARM: Duration = Duration::from_millis(400);
/// A browser's own name, as its cookie holds it.
const COOKIE: &str = "Cookie: perron_visiteur=AAAAAAAAAAAAAAAAAAAAAA\r\n";
const TEMPLATE: &str = "citizen/draft_page.html";

/// The figures.
pub fn run(runtime: &SystemRunner) -> Outcome {
    let town = Town::open("pages", None)?;
    let counter = runtime.block_on(Counter::open(&town, 1))?;
    let idle = counter.memory("VmRSS")?;
    title(
        "A page over HTTP, server on one thread, 16 connections kept open (rates per core second)",
    );
    let show = format!("/demarches/{PROCEDURE}");
    let budget = "≥ 0.70";
    let one = |work, path: &str, more, budget| {
        runtime.block_on(page(&town, &counter, work, path, more, budget))
    };
    one("a procedure’s page", &show, "", budget)?;
    let gzip = "Accept-Encoding: gzip\r\n";
    one("the same, compressed (gzip)", &show, gzip, "")?;
    let form = Filled::begin(&town)?;
    one("a form page, draft read", &form.path, COOKIE, "")?;

    title("A form page made for one citizen, in memory (processor time)");
    form.render(&town)?;

    title("Memory and start of the program");
    start(&counter, idle)
}

fn start(counter: &Counter, idle: f64) -> Outcome {
    Figure {
        work: "memory, one site, idle".to_owned(),
        ours: format!("{idle:.0} MB"),
        budget: "< 60 MB",
        kept: Some(idle < 60.0),
        ..Figure::default()
    }
    .print();
    let after = counter.memory("VmRSS")?;
    let most = counter.memory("VmHWM")?;
    Figure {
        work: "memory after the load".to_owned(),
        ours: format!("{after:.0} MB, {most:.0} at most"),
        budget: "< 200 MB",
        kept: Some(most < 200.0),
        ..Figure::default()
    }
    .print();
    let first = counter.first_answer;
    Figure {
        work: "start to first answer".to_owned(),
        ours: format!("{} ms", first.as_millis()),
        budget: "< 1 s",
        kept: Some(first < Duration::from_secs(1)),
        ..Figure::default()
    }
    .print();
    Ok(())
}

async fn page(
    town: &Town,
    counter: &Counter,
    work: &str,
    path: &str,
    more: &str,
    budget: &'static str,
) -> Outcome {
    let request = get(counter.address, path, more);
    let answer = Browser::open(counter.address)
        .await?
        .answer(&request)
        .await?;
    if answer.status != 200 {
        return Err(wrong(format!("{path} answers {}", answer.status)));
    }
    let (mut ours, rate) = under(counter.address, &request, || counter.time()).await?;
    let bare = Bare::start(&town.folder, &answer.body)?;
    let request = get(bare.address, "/", "");
    let (_, limit) = under(bare.address, &request, || process_time(bare.id())).await?;
    let ratio = rate / limit;
    let wall = ours.times.count() as f64 / ours.took.as_secs_f64();
    Figure {
        work: format!("{work}, {:.1} kB", answer.body.len() as f64 / 1e3),
        ours: format!(
            "{} (wall {}), {:.1} ms",
            grouped(rate),
            grouped(wall),
            ours.times.part(0.99)
        ),
        machine: grouped(limit),
        ratio: Some(ratio),
        budget,
        kept: (!budget.is_empty()).then_some(ratio >= 0.7),
    }
    .print();
    Ok(())
}

/// A load after a short one to warm up, and its answers per second of processor time.
async fn under(
    address: SocketAddr,
    request: &[u8],
    time: impl Fn() -> Outcome<Duration>,
) -> Outcome<(Load, f64)> {
    hammer(address, request, CONNECTIONS, WARM).await?;
    let before = time()?;
    let load = hammer(address, request, CONNECTIONS, LASTS).await?;
    let spent = time()?.saturating_sub(before);
    let rate = load.times.count() as f64 / spent.as_secs_f64().max(0.01);
    Ok((load, rate))
}

/// A draft with every answer, and its page with the most questions.
struct Filled {
    answers: Answers,
    page: String,
    path: String,
}

/// What a page of questions is made from, named as its template says.
#[derive(Serialize)]
struct Shown<'a> {
    site: &'a serde_json::Value,
    page: &'a serde_json::Value,
    procedure: &'a serde_json::Value,
    step: Step<'a>,
    draft: serde_json::Value,
    back_url: String,
    newer: Option<()>,
    fields: Vec<Control>,
    errors: [u8; 0],
    warnings: [u8; 0],
    warned: Option<String>,
    reviewing: bool,
}

#[derive(Serialize)]
struct Step<'a> {
    number: usize,
    total: usize,
    title: &'a str,
    intro_html: Option<views::Html>,
}

impl Filled {
    fn begin(town: &Town) -> Outcome<Self> {
        let published = town.procedure()?;
        let definition = &published.definition;
        let complete = definition
            .procedure
            .examples
            .iter()
            .find_map(|example| filled(definition, &town.site.file, example))
            .ok_or_else(|| wrong("no example can be sent"))?;
        let answers = complete.answers().clone();
        let context = Self::context(town)?;
        let way = journey(&definition.procedure, &answers, &context);
        let questions = |id: &str| {
            way.controls(id, None, &[], "fr", None)
                .map_or(0, |c| c.len())
        };
        let page = way
            .pages()
            .iter()
            .map(SeenPage::id)
            .filter(|id| way.can_visit(id))
            .max_by_key(|id| questions(id))
            .ok_or_else(|| wrong("no page"))?
            .to_owned();
        let (key, kept) = (town.site.key.clone(), answers.clone());
        let version = published.clone();
        let draft = town.site.db.write_now(move |tx| {
            let mut draft = Draft::begin(tx, &key, &version, "fr")?;
            draft.keep_unless_overtaken(tx, &kept)?;
            Ok::<_, perron::db::Error>(draft)
        })?;
        let code = draft.code(&town.site.key);
        Ok(Self {
            answers,
            path: format!("/brouillons/{}/pages/{page}", code.compact()),
            page,
        })
    }

    fn context(town: &Town) -> Outcome<Context> {
        let published = town.procedure()?;
        let procedure = published.procedure();
        let calendar = town.site.calendar(&procedure.authority).clone();
        Ok(Context::new(
            procedure,
            &town.site.file,
            town.site.today(),
            calendar,
        ))
    }

    /// Everything the handler does in memory, beside the template over a context that is there.
    fn render(&self, town: &Town) -> Outcome {
        const TIMES: u32 = 1_500;
        let templates = Templates::new();
        let published = town.procedure()?;
        let procedure = published.procedure();
        let file = &town.site.file;
        let site = json!({
            "name": file.name, "short_name": file.short_name, "tagline": file.tagline, "lang": "fr",
            "languages": file.languages, "demo": true,
            "authorities": file.authorities.iter().map(|a| json!({
                "id": a.id.to_string(), "name": a.name, "short_name": a.short_name, "secrecy": a.secrecy,
            })).collect::<Vec<_>>(),
        });
        let page = json!({
            "title": "", "path": self.path, "csrf": "0".repeat(64), "lang": "fr", "nav": "", "agent": null,
        });
        let heading = json!({
            "title": procedure.title.get("fr"), "url": "/demarches/x",
            "secrecy": published.definition.secrecy(file), "authority_name": "Commune",
        });
        let shown = |way: &Journey<'_>| -> Outcome<Value> {
            let seen = way.page(&self.page).ok_or_else(|| wrong("no page"))?;
            let fields = way.controls(&self.page, None, &[], "fr", Some("/fichiers"));
            Ok(Value::from(Serde(Shown {
                site: &site,
                page: &page,
                procedure: &heading,
                step: Step {
                    number: 1,
                    total: 4,
                    title: seen.page().title.get("fr"),
                    intro_html: views::html(seen.page().intro.get("fr")),
                },
                draft: json!({ "saved_at": null }),
                back_url: "/".to_owned(),
                newer: None,
                fields: fields.ok_or_else(|| wrong("no fields"))?,
                errors: [],
                warnings: [],
                warned: None,
                reviewing: false,
            })))
        };
        let mut whole = Duration::ZERO;
        let mut alone = Duration::ZERO;
        let mut bytes = 0;
        for turn in 0..TIMES {
            let before = thread_time()?;
            let context = Self::context(town)?;
            let way = journey(procedure, &self.answers, &context);
            let value = shown(&way)?;
            let html = templates.render(TEMPLATE, &value)?;
            let between = thread_time()?;
            let again = templates.render(TEMPLATE, &value)?;
            let after = thread_time()?;
            bytes = html.len().max(again.len());
            // The first ones parse the templates.
            if turn >= 50 {
                whole += between.saturating_sub(before);
                alone += after.saturating_sub(between);
            }
        }
        let micros = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(TIMES - 50);
        let ratio = alone.as_secs_f64() / whole.as_secs_f64().max(1e-9);
        Figure {
            work: format!("form page « {} », {:.1} kB", self.page, bytes as f64 / 1e3),
            ours: format!("{:.0} µs", micros(whole)),
            machine: format!("{:.0} µs, template alone", micros(alone)),
            ratio: Some(ratio),
            budget: "≥ 0.70",
            kept: Some(ratio >= 0.7),
        }
        .print();
        Ok(())
    }
}
