//! The examples of the shipped procedures, typed into the real pages: what a clerk wrote as an example
//! is what a citizen can do.

use super::TestApp;
use super::browser::{Browser, File, Page};
use perron::db::Id;
use perron::definition::example::Example;
use perron::request::{self, Request};
use perron::secret::Code;
use perron::site::shelf::Published;
use reqwest::StatusCode;
use serde_json::Value;
use std::sync::Arc;

/// What an example types: pairs of a form, and files.
pub struct Filling {
    pub pairs: Vec<(String, String)>,
    pub files: Vec<(String, String)>,
}

impl Filling {
    /// The pairs of an example's answers.
    pub fn of(example: &Example) -> Self {
        let mut filling = Self {
            pairs: Vec::new(),
            files: Vec::new(),
        };
        for (field, value) in &example.answers {
            filling.put(field, value);
        }
        filling
    }

    fn put(&mut self, name: &str, value: &Value) {
        match value {
            Value::Null => {}
            Value::Bool(yes) => self
                .pairs
                .push((name.to_owned(), if *yes { "oui" } else { "non" }.to_owned())),
            Value::Number(number) => self.pairs.push((name.to_owned(), number.to_string())),
            Value::String(text) => self.pairs.push((name.to_owned(), text.clone())),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Value::Object(map)
                            if map.contains_key("name") && !map.contains_key("last_name") =>
                        {
                            let file = map["name"].as_str().unwrap().to_owned();
                            self.files.push((name.to_owned(), file));
                        }
                        Value::Object(_) => self.put(&format!("{name}.{index}"), item),
                        other => self.put(name, other),
                    }
                }
            }
            Value::Object(map) if map.len() == 1 && map.contains_key("name") => {
                self.files
                    .push((name.to_owned(), map["name"].as_str().unwrap().to_owned()));
            }
            Value::Object(map) => {
                for (part, value) in map {
                    self.put(&format!("{name}.{part}"), value);
                }
            }
        }
    }
}

/// A small, true file of the type its name says.
pub fn file_named(name: &str) -> Vec<u8> {
    match name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase())
        .as_deref()
    {
        Some("jpg" | "jpeg") => picture(image::ImageFormat::Jpeg),
        Some("png") => picture(image::ImageFormat::Png),
        Some("webp") => picture(image::ImageFormat::WebP),
        _ => b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n".to_vec(),
    }
}

fn picture(format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([200, 120, 40]))
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

/// Begins a draft of that procedure and gives its first page.
pub async fn begin(browser: &Browser, procedure: &str) -> Page {
    let page = browser.get(&format!("/demarches/{procedure}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let begun = browser
        .post_raw(&format!("/demarches/{procedure}/brouillons"), &[])
        .await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    browser.follow(begun).await
}

/// Answers page after page until the check; gives it.
pub async fn fill(
    browser: &Browser,
    published: &Published,
    filling: &Filling,
    first: Page,
) -> Page {
    let mut page = first;
    for _ in 0..40 {
        if page.path.ends_with("/verification") {
            return page;
        }
        page = answer(browser, published, filling, page).await;
    }
    panic!("the form does not end: {}", page.path);
}

/// Answers one page, confirming its warnings and its new questions.
async fn answer(
    browser: &Browser,
    published: &Published,
    filling: &Filling,
    mut page: Page,
) -> Page {
    let path = page.path.split('?').next().unwrap().to_owned();
    let id = path.rsplit('/').next().unwrap().to_owned();
    let fields = &published
        .procedure()
        .form
        .page(&id)
        .unwrap_or_else(|| panic!("{path}"))
        .fields;
    let here = |name: &str| {
        let root = name.split('.').next().unwrap();
        fields.iter().any(|field| *field.id == root)
    };
    let mut pairs: Vec<(String, String)> = filling
        .pairs
        .iter()
        .filter(|(name, _)| here(name))
        .cloned()
        .collect();
    let mut files: Vec<File> = filling
        .files
        .iter()
        .filter(|(field, _)| here(field))
        .map(|(field, name)| (field.clone(), name.clone(), file_named(name)))
        .collect();
    for attempt in 0..4 {
        let answered = browser
            .post_files(&page, &path, &pairs, std::mem::take(&mut files))
            .await;
        page = browser.follow(answered).await;
        if page.path.split('?').next().unwrap() != path {
            return page;
        }
        assert!(
            page.status == StatusCode::OK && page.texts(".errors").is_empty(),
            "{id}: {:?}",
            page.texts(".errors, .error-summary, [role=alert]")
        );
        if attempt == 0 {
            pairs.push(("_confirm".to_owned(), "1".to_owned()));
        }
    }
    panic!("{path} is not left: {}", page.said());
}

/// A request that was sent.
pub struct Sent {
    pub id: Id,
    /// As it is stored: eight characters.
    pub reference: String,
    /// As it is shown.
    pub shown: String,
    /// `/suivi/{code}`.
    pub tracking: String,
    /// `/agent/demandes/{id}`.
    pub desk: String,
}

impl TestApp {
    /// The current version of a procedure.
    pub fn procedure(&self, id: &str) -> Arc<Published> {
        self.site.procedure(id).unwrap()
    }

    /// What the nth example of a procedure types.
    pub fn example(&self, procedure: &str, nth: usize) -> Filling {
        Filling::of(&self.procedure(procedure).procedure().examples[nth])
    }

    /// Fills a draft in, up to the check.
    pub async fn ready(&self, browser: &Browser, procedure: &str, filling: &Filling) -> Page {
        let first = begin(browser, procedure).await;
        fill(browser, &self.procedure(procedure), filling, first).await
    }

    /// Sends the nth example of a procedure.
    pub async fn send(&self, browser: &Browser, procedure: &str, nth: usize) -> Sent {
        let filling = self.example(procedure, nth);
        self.send_filled(browser, procedure, &filling).await
    }

    /// Sends these answers.
    pub async fn send_filled(&self, browser: &Browser, procedure: &str, filling: &Filling) -> Sent {
        let check = self.ready(browser, procedure, filling).await;
        let sent = browser.post(&check, &sending(&check), &[]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        self.sent(&browser.follow(sent).await)
    }

    /// The request of a confirmation.
    pub fn sent(&self, confirmation: &Page) -> Sent {
        assert!(
            confirmation.path.ends_with("/confirmation"),
            "{}",
            confirmation.path
        );
        let [shown, code] = &confirmation.texts(".reference")[..] else {
            panic!("{}", confirmation.body)
        };
        let code = Code::parse(code).unwrap();
        let request = self.look(|conn| request::by_code(conn, &code)).unwrap();
        assert_eq!(&request.shown_reference(), shown);
        Sent {
            id: request.id,
            reference: request.reference.clone(),
            shown: shown.clone(),
            tracking: format!("/suivi/{}", code.compact()),
            desk: format!("/agent/demandes/{}", request.id),
        }
    }

    /// The request as it is stored.
    pub fn request(&self, sent: &Sent) -> Request {
        self.look(|conn| request::for_system(conn, sent.id))
            .unwrap()
    }
}

impl Filling {
    /// The same with another answer.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.pairs.retain(|(known, _)| known != name);
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Where a check page sends the draft.
pub fn sending(check: &Page) -> String {
    assert!(check.path.ends_with("/verification"), "{}", check.path);
    check.path.replace("/verification", "/envoi")
}

/// The citizen answers what was asked on the tracking page, in one post with these fields.
pub async fn reply(citizen: &Browser, sent: &Sent, pairs: &[(&str, &str)]) -> Page {
    let page = citizen.get(&sent.tracking).await;
    let path = format!("{}/reponses", sent.tracking);
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let pairs: Vec<_> = pairs.iter().map(pair).collect();
    citizen.post_files(&page, &path, &pairs, Vec::new()).await
}
