//! Answers read again, and files given back: what the citizen's and the agent's pages share.

use crate::blob::{Blobs, Digest};
use crate::form::summary::Row as Answer;
use crate::request::Request;
use crate::request::paper::Paper;
use crate::web::error::Error;
use actix_web::HttpResponse;
use actix_web::body::{MessageBody, SizedStream};
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use futures_util::TryStreamExt;
use serde::Serialize;

/// One answer in words, as `components/answers.html` shows it.
#[derive(Debug, Serialize)]
pub struct Row {
    label: String,
    kind: &'static str,
    text: String,
    lines: Vec<String>,
    files: Vec<File>,
    items: Vec<Item>,
    reveal_url: Option<String>,
    changed: bool,
}

/// A file that can be opened.
#[derive(Debug, Serialize)]
pub struct File {
    pub name: String,
    pub url: String,
    pub size: u64,
    pub media_type: String,
    pub sha256: Option<String>,
}

#[derive(Debug, Serialize)]
struct Item {
    title: String,
    rows: Vec<Row>,
}

/// How answers are shown: where their files are, whether secrets can be uncovered.
pub struct Rows<'a> {
    pub file_url: &'a dyn Fn(&str) -> String,
    /// For agents: where an answer is uncovered, and the ones that are now.
    pub reveal_url: Option<&'a dyn Fn(&str) -> Uncovered>,
    /// Agents see the files' digests.
    pub digests: bool,
}

/// Whether a secret answer is shown whole.
pub enum Uncovered {
    Shown,
    At(String),
}

impl Rows<'_> {
    /// The rows of a page of answers.
    pub fn of(&self, answers: &[Answer]) -> Vec<Row> {
        answers.iter().map(|answer| self.row(answer)).collect()
    }

    fn row(&self, answer: &Answer) -> Row {
        let mut row = Row {
            label: answer.label.clone(),
            kind: "none",
            text: String::new(),
            lines: answer.value.clone(),
            files: Vec::new(),
            items: Vec::new(),
            reveal_url: None,
            changed: false,
        };
        if !answer.files.is_empty() {
            row.kind = "files";
            row.files = answer
                .files
                .iter()
                .map(|file| File {
                    name: file.name.clone(),
                    url: (self.file_url)(&file.id),
                    size: file.size,
                    media_type: file.media_type.clone(),
                    sha256: self.digests.then(|| file.sha256.clone()),
                })
                .collect();
            return row;
        }
        match answer.value.as_slice() {
            [] => {}
            [one] => {
                row.kind = "text";
                row.text.clone_from(one);
            }
            _ => row.kind = "lines",
        }
        if let (Some(secret), Some(reveal)) = (&answer.secret, self.reveal_url) {
            match reveal(&answer.field) {
                Uncovered::Shown => row.text.clone_from(&secret.full),
                Uncovered::At(url) => {
                    row.kind = "masked";
                    row.reveal_url = Some(url);
                }
            }
        }
        row
    }
}

/// What a paper is called when it is saved: which one it is, and of which request. Under social secrecy
/// the name says neither what was asked nor of whom.
pub fn paper_name(request: &Request, paper: &Paper) -> String {
    let what = if paper.is_receipt() {
        "accuse"
    } else if request.is_social() {
        "document"
    } else {
        request.procedure_id.as_str()
    };
    format!("{what}-{}.pdf", request.reference)
}

/// Gives a stored file back, piece by piece as the browser takes it. Images and PDF may be looked at;
/// anything else is saved, and nothing is ever run: the answer has its own, empty policy.
///
/// A file that is not in the store, or has another `size` than its row says, is a fault of ours and not of
/// who asks. Whether each byte is right is asked by `perron backup`, not by every reader.
pub async fn give(
    blobs: &Blobs,
    sha256: &str,
    size: Option<i64>,
    name: &str,
    media_type: &str,
) -> Result<HttpResponse, Error> {
    let digest = Digest::parse(sha256).ok_or(Error::NotFound)?;
    let unavailable = |what: &str| Error::Unavailable(format!("the file {digest} {what}"));
    let opened = blobs
        .open_stream(&digest)
        .await
        .map_err(|error| Error::Unavailable(error.to_string()))?
        .ok_or_else(|| unavailable("is not in the store"))?;
    if size.is_some_and(|size| u64::try_from(size) != Ok(opened.size)) {
        return Err(unavailable("has another size than its row says"));
    }
    let stream = opened.stream.inspect_err(move |error| {
        tracing::error!(%error, %digest, "a file was not given to its end");
    });
    Ok(show(
        SizedStream::new(opened.size, stream),
        name,
        media_type,
    ))
}

/// Gives bytes, as [`give`] does.
pub fn show(bytes: impl MessageBody + 'static, name: &str, media_type: &str) -> HttpResponse {
    let looked_at = matches!(
        media_type,
        "application/pdf" | "image/jpeg" | "image/png" | "image/webp"
    );
    let disposition = ContentDisposition {
        disposition: if looked_at {
            DispositionType::Inline
        } else {
            DispositionType::Attachment
        },
        parameters: vec![
            DispositionParam::Filename(ascii(name)),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            }),
        ],
    };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type.to_owned()))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes)
}

fn ascii(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_ascii_graphic() && c != '"' && c != '\\' {
                c
            } else {
                '_'
            }
        })
        .collect()
}
