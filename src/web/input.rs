//! What a browser posts, taken in within limits: text fields and files, from a plain form or a
//! multipart one. The form's token comes first and is checked before a single byte of a file is kept;
//! files go to temporary files as they arrive, never whole into memory. They are taken in only where a
//! form asks for some, from who holds the code of the draft or request they are for, and so many an hour.

use super::error::Error;
use super::visit::Visit;
use crate::blob::{Accept, Intake, IntakeError, Refused, Stored};
use crate::db::At;
use crate::limit;
use crate::request;
use crate::request::draft::{Draft, Found};
use crate::secret::Code;
use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::{self, ContentDisposition, HeaderMap, HeaderValue};
use actix_web::{FromRequest, HttpRequest};
use chrono::Duration;
use futures_util::StreamExt;
use std::future::Future;
use std::pin::Pin;

/// Most bytes of all text fields together.
const MOST_TEXT: usize = 512_000;
/// Most fields of a post.
const MOST_FIELDS: usize = 2_000;
/// Most files of a post; more go one by one.
const MOST_FILES: usize = 20;
/// Most bytes of a post with files.
const MOST_BYTES: u64 = 110_000_000;

/// Most megabytes of files received from one address in an hour; a small file counts as one.
const MOST_RECEIVED: i32 = 2_000;

/// A post of somebody whose token holds. As an argument of a handler it takes texts alone.
pub struct Posted {
    pub visit: Visit,
    /// Names and texts, in the order they came; `_csrf` left out.
    pub pairs: Vec<(String, String)>,
    pub files: Vec<PostedFile>,
}

/// A post that may bring files. Those of somebody whose code opens nothing are passed over: the
/// handler, which looks the code up, says so.
pub struct WithFiles(pub Posted);

/// A file of a post.
pub struct PostedFile {
    /// The name of its control.
    pub field: String,
    /// The name the person's machine gives it.
    pub name: String,
    /// What was kept, of any kind we take at all, or why not. Its question may still refuse it.
    pub content: Result<Stored, Refused>,
}

impl Posted {
    /// The text of that name, the last one when there are several.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .rev()
            .find(|(n, _)| n == name)
            .map(|(_, text)| text.as_str())
    }

    /// True when a button of that name was pressed.
    pub fn pressed(&self, name: &str) -> bool {
        self.text(name).is_some()
    }
}

impl FromRequest for Posted {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let post = Post::of(request, payload);
        Box::pin(async move { post?.read(Files::Refused).await })
    }
}

impl FromRequest for WithFiles {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let code = request.match_info().query("code").to_owned();
        let post = Post::of(request, payload);
        Box::pin(async move {
            let post = post?;
            let files = welcome(&post.visit, &code).await?;
            let visit = post.visit.clone();
            let posted = post.read(files).await?;
            count(&visit, &posted.files).await?;
            Ok(Self(posted))
        })
    }
}

/// What becomes of the files of a post.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Files {
    /// The form has none.
    Refused,
    /// Read to their end and forgotten.
    PassedOver,
    Kept,
}

/// Whether files for this code are kept. Too many an hour from one address are refused before any of
/// them is read.
async fn welcome(visit: &Visit, code: &str) -> Result<Files, Error> {
    let (key, now) = (received_key(visit), At::new(visit.site.db.clock().now()));
    // What is no code opens nothing; the handler reads it again, and says so.
    let code = Code::parse(code).ok();
    let known = visit.site.db.read(move |conn| {
        if let limit::Verdict::Exceeded { retry_after } =
            limit::look(conn, &key, MOST_RECEIVED, Duration::hours(1), now)?
        {
            return Err(Error::TooMany { retry_after });
        }
        let Some(code) = code else { return Ok(false) };
        let draft = matches!(Draft::find(conn, &code, now)?, Found::Open(_));
        Ok(draft || request::by_code(conn, &code)?.is_some())
    });
    Ok(if known.await? {
        Files::Kept
    } else {
        Files::PassedOver
    })
}

/// Counts what was kept, by megabytes begun.
async fn count(visit: &Visit, files: &[PostedFile]) -> Result<(), Error> {
    let megabytes: u64 = files
        .iter()
        .filter_map(|file| file.content.as_ref().ok())
        .map(|stored| stored.size.div_ceil(1_000_000))
        .sum();
    let Ok(weight @ 1..) = i32::try_from(megabytes) else {
        return Ok(());
    };
    let key = received_key(visit);
    let counted = visit.site.db.write(move |tx| {
        limit::weigh(tx, &key, weight, MOST_RECEIVED, Duration::hours(1)).map_err(Error::from)
    });
    counted.await.map(drop)
}

fn received_key(visit: &Visit) -> String {
    format!("file:{}", limit::network(visit.ip))
}

/// A post that was not read yet.
struct Post {
    visit: Visit,
    headers: HeaderMap,
    payload: Payload,
}

impl Post {
    fn of(request: &HttpRequest, payload: &mut Payload) -> Result<Self, Error> {
        Ok(Self {
            visit: Visit::extract(request).into_inner()?,
            headers: request.headers().clone(),
            payload: payload.take(),
        })
    }

    async fn read(self, files: Files) -> Result<Posted, Error> {
        let said = |name| {
            self.headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
                .unwrap_or_default()
        };
        let length = said(header::CONTENT_LENGTH).parse::<u64>();
        if length.is_ok_and(|length| length > MOST_BYTES) {
            return Err(Error::TooLarge);
        }
        let form = said(header::CONTENT_TYPE).to_ascii_lowercase();
        if form.starts_with("multipart/form-data") {
            let parts = Multipart::new(&self.headers, self.payload);
            multipart(self.visit, parts, files).await
        } else {
            urlencoded(self.visit, self.payload).await
        }
    }
}

async fn urlencoded(visit: Visit, mut payload: Payload) -> Result<Posted, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::Malformed("body"))?;
        if bytes.len() + chunk.len() > MOST_TEXT {
            return Err(Error::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    let mut taken = Taken::default();
    for (name, text) in url::form_urlencoded::parse(&bytes) {
        taken.put(&visit, name.into_owned(), text.into_owned())?;
    }
    taken.finish(visit, Vec::new())
}

async fn multipart(visit: Visit, mut parts: Multipart, keep: Files) -> Result<Posted, Error> {
    let mut taken = Taken::default();
    let mut files = Vec::new();
    let mut left = MOST_BYTES;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| Error::Malformed("multipart"))?;
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(name_of_file);
        match file_name {
            None => {
                let text = text(&mut part, MOST_TEXT.saturating_sub(taken.bytes)).await?;
                taken.put(&visit, name, text)?;
            }
            // A file control nobody used posts an empty file without a name.
            Some(file_name) if file_name.is_empty() => drain(&mut part, &mut left).await?,
            Some(file_name) => {
                if !taken.checked {
                    return Err(Error::Token);
                }
                let content = match keep {
                    Files::Refused => return Err(Error::Malformed("file")),
                    Files::PassedOver => {
                        drain(&mut part, &mut left).await?;
                        continue;
                    }
                    Files::Kept if files.len() >= MOST_FILES => {
                        drain(&mut part, &mut left).await?;
                        Err(Refused::OneTooMany { most: MOST_FILES })
                    }
                    Files::Kept => file(&visit, &mut part, &mut left, &file_name).await?,
                };
                files.push(PostedFile {
                    field: name,
                    name: file_name,
                    content,
                });
            }
        }
    }
    taken.finish(visit, files)
}

/// The name of a file, in either of the two ways clients write it; none for a text field.
fn name_of_file(disposition: &ContentDisposition) -> Option<String> {
    let extended = disposition
        .get_filename_ext()
        .and_then(|name| String::from_utf8(name.value.clone()).ok());
    extended.or_else(|| disposition.get_filename().map(str::to_owned))
}

#[derive(Default)]
struct Taken {
    pairs: Vec<(String, String)>,
    bytes: usize,
    checked: bool,
}

impl Taken {
    fn put(&mut self, visit: &Visit, name: String, text: String) -> Result<(), Error> {
        if name == "_csrf" {
            visit.check(&text)?;
            self.checked = true;
            return Ok(());
        }
        self.bytes += name.len() + text.len();
        if self.bytes > MOST_TEXT || self.pairs.len() == MOST_FIELDS {
            return Err(Error::TooLarge);
        }
        self.pairs.push((name, text));
        Ok(())
    }

    fn finish(self, visit: Visit, files: Vec<PostedFile>) -> Result<Posted, Error> {
        if self.checked {
            Ok(Posted {
                visit,
                pairs: self.pairs,
                files,
            })
        } else {
            Err(Error::Token)
        }
    }
}

async fn text(part: &mut Field, most: usize) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|_| Error::Malformed("multipart"))?;
        if bytes.len() + chunk.len() > most {
            return Err(Error::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Error::Malformed("text"))
}

/// Takes one file in. One that is refused on the way is passed over to its end, so that the rest of
/// the form is read and kept.
async fn file(
    visit: &Visit,
    part: &mut Field,
    left: &mut u64,
    name: &str,
) -> Result<Result<Stored, Refused>, Error> {
    let mut intake = Intake::begin(&visit.site.blobs, Accept::default())
        .await
        .map_err(broken)?;
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|_| Error::Malformed("multipart"))?;
        *left = left
            .checked_sub(chunk.len() as u64)
            .ok_or(Error::TooLarge)?;
        match intake.add(&chunk).await {
            Ok(()) => {}
            Err(IntakeError::Refused(refused)) => {
                drop(intake);
                drain(part, left).await?;
                return Ok(Err(refused));
            }
            Err(error) => return Err(broken(error)),
        }
    }
    match intake.finish(name).await {
        Ok(stored) => Ok(Ok(stored)),
        Err(IntakeError::Refused(refused)) => Ok(Err(refused)),
        Err(error) => Err(broken(error)),
    }
}

fn broken(error: IntakeError) -> Error {
    match error {
        IntakeError::Refused(_) | IntakeError::BrokenOff => Error::Malformed("file"),
        IntakeError::Store(error) => Error::Unavailable(error.to_string()),
    }
}

async fn drain(part: &mut Field, left: &mut u64) -> Result<(), Error> {
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|_| Error::Malformed("multipart"))?;
        *left = left
            .checked_sub(chunk.len() as u64)
            .ok_or(Error::TooLarge)?;
    }
    Ok(())
}
