//! A browser without JavaScript: cookies, pages, forms. Redirects are followed one by one, as asked.

use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response, StatusCode, redirect};
use scraper::{Html, Selector};

/// Somebody's browser.
pub struct Browser {
    client: Client,
    base: String,
}

/// What was answered.
pub struct Page {
    pub status: StatusCode,
    /// The path one is sent to.
    pub location: Option<String>,
    pub body: String,
    /// The path that was asked.
    pub path: String,
    pub headers: reqwest::header::HeaderMap,
}

/// A file to post: field, name, bytes.
pub type File = (String, String, Vec<u8>);

impl Browser {
    pub fn new(base: &str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            base: base.to_owned(),
        }
    }

    /// The HTTP client itself, for what a browser would not do.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Page {
        let response = self
            .client
            .get(format!("{}{path}", self.base))
            .send()
            .await
            .unwrap();
        Page::read(path, response).await
    }

    /// Asks for a page and follows where it leads.
    pub async fn open(&self, path: &str) -> Page {
        self.follow(self.get(path).await).await
    }

    /// Follows redirects to a page.
    pub async fn follow(&self, mut page: Page) -> Page {
        for _ in 0..8 {
            match page.location.take() {
                Some(location) => page = self.get(&location).await,
                None => return page,
            }
        }
        panic!("too many redirects, last {}", page.path);
    }

    /// Posts a plain form with the token of `page`.
    pub async fn post(&self, page: &Page, path: &str, pairs: &[(&str, &str)]) -> Page {
        let mut all = vec![("_csrf".to_owned(), page.token())];
        all.extend(
            pairs
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
        );
        self.post_raw(path, &all).await
    }

    /// Posts exactly these pairs.
    pub async fn post_raw(&self, path: &str, pairs: &[(String, String)]) -> Page {
        let url = format!("{}{path}", self.base);
        let response = self.client.post(url).form(pairs).send().await.unwrap();
        Page::read(path, response).await
    }

    /// Posts a form with files, with the token of `page` first.
    pub async fn post_files(
        &self,
        page: &Page,
        path: &str,
        pairs: &[(String, String)],
        files: Vec<File>,
    ) -> Page {
        let mut form = Form::new().text("_csrf", page.token());
        for (name, value) in pairs {
            form = form.text(name.clone(), value.clone());
        }
        for (field, name, bytes) in files {
            form = form.part(field, Part::bytes(bytes).file_name(name));
        }
        let url = format!("{}{path}", self.base);
        let response = self.client.post(url).multipart(form).send().await.unwrap();
        Page::read(path, response).await
    }
}

impl Page {
    async fn read(path: &str, response: Response) -> Self {
        let status = response.status();
        let headers = response.headers().clone();
        let location = headers
            .get("location")
            .map(|value| value.to_str().unwrap().to_owned());
        let body = String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned();
        Self {
            status,
            location,
            body,
            path: path.to_owned(),
            headers,
        }
    }

    /// The page, parsed.
    pub fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// The texts of what a selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let wanted = Selector::parse(selector).unwrap();
        let html = self.html();
        html.select(&wanted)
            .map(|e| {
                e.text()
                    .collect::<String>()
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    /// The first text of a selector.
    pub fn text(&self, selector: &str) -> String {
        self.texts(selector).into_iter().next().unwrap_or_else(|| {
            panic!(
                "{selector} is not on {} ({}):\n{}",
                self.path, self.status, self.body
            )
        })
    }

    /// The values of an attribute of what a selector finds.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let wanted = Selector::parse(selector).unwrap();
        self.html()
            .select(&wanted)
            .filter_map(|e| e.value().attr(name).map(str::to_owned))
            .collect()
    }

    /// The token of the page's forms.
    pub fn token(&self) -> String {
        self.attributes("input[name=_csrf]", "value")
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("no form on {} ({}):\n{}", self.path, self.status, self.body))
    }

    /// Everything the page says, in one line.
    pub fn said(&self) -> String {
        self.text("body")
    }
}
