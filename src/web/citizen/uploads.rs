//! Files of a draft, one by one as they are chosen (with JavaScript) or with the page (without).
//! `POST /brouillons/{code}/fichiers` keeps one · `GET …/fichiers/{file}/contenu` gives it back.

use super::drafts::{Open, find, gone, save};
use crate::blob::{self, Accepted, Refused};
use crate::form::{self, Answers, Attachment, Context, FieldError, Typed};
use crate::limit;
use crate::request::attachment::{self, Owner};
use crate::web::download;
use crate::web::error::Error;
use crate::web::input::{Posted, PostedFile};
use crate::web::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::Duration;
use serde::Serialize;

/// Most files received from one address in an hour.
const MOST_RECEIVED: i32 = 600;

#[derive(Serialize)]
struct Kept {
    id: String,
    name: String,
    size: u64,
    media_type: String,
}

#[derive(Serialize)]
struct Why {
    error: String,
}

/// Keeps one file, and answers in JSON what was kept or why not.
pub async fn create(mut posted: Posted, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let mut open = match find(&visit, &code).await? {
        Ok(open) => open,
        Err(elsewhere) => return gone(&visit, &elsewhere),
    };
    let field = posted.text("field").unwrap_or_default().to_owned();
    let Some(file) = posted.files.pop() else {
        return Err(Error::Malformed("file"));
    };
    let context = open.context(&visit);
    let mut answers = open.draft.answers();
    match take(&visit, &open, &context, &mut answers, &field, file).await? {
        Ok(kept) => {
            if !save(&visit, &mut open, answers).await? {
                return Err(Error::NotFound);
            }
            Ok(HttpResponse::Created().json(Kept {
                id: kept.id,
                name: kept.name,
                size: kept.size,
                media_type: kept.media_type,
            }))
        }
        Err(why) => {
            Ok(HttpResponse::build(StatusCode::UNPROCESSABLE_ENTITY).json(Why { error: why }))
        }
    }
}

/// Keeps the files that came with a page; answers why some were not.
pub async fn take_all(
    visit: &Visit,
    open: &Open,
    context: &Context,
    answers: &mut Answers,
    posted: &mut Posted,
) -> Result<Vec<FieldError>, Error> {
    let mut refused = Vec::new();
    if posted.files.is_empty() {
        return Ok(refused);
    }
    // A question that this very post brings up may take files too.
    if let Ok(typed) = Typed::parse(posted.pairs.clone())
        && let Some(page) = page_of(open, answers, context, &posted.files)
        && let Some(outcome) =
            form::read_page(open.published.procedure(), &page, &typed, answers, context)
    {
        *answers = outcome.answers;
    }
    for file in std::mem::take(&mut posted.files) {
        let field = file.field.clone();
        if let Err(message) = take(visit, open, context, answers, &field, file).await? {
            let field_id = field.replace('.', "-");
            refused.push(FieldError {
                name: field,
                field_id,
                message,
            });
        }
    }
    Ok(refused)
}

/// The page that holds the first question files were sent for.
fn page_of(
    open: &Open,
    answers: &Answers,
    context: &Context,
    files: &[PostedFile],
) -> Option<String> {
    let field = files.first()?.field.split('.').next()?.to_owned();
    let journey = form::journey(open.published.procedure(), answers, context);
    journey
        .pages()
        .iter()
        .find(|page| page.page().fields.iter().any(|f| *f.id == field))
        .map(|page| page.id().to_owned())
}

/// Judges and stores one file. The inner error is the sentence for the citizen.
async fn take(
    visit: &Visit,
    open: &Open,
    context: &Context,
    answers: &mut Answers,
    field: &str,
    file: PostedFile,
) -> Result<Result<Attachment, String>, Error> {
    let shown = blob::name::clean(&file.name);
    let named = |refused: &Refused| format!("«\u{a0}{shown}\u{a0}»\u{a0}: {}", refused.message());
    let received = match file.content {
        Ok(received) => received,
        Err(refused) => return Ok(Err(named(&refused))),
    };
    let (accepted, most) = {
        let journey = form::journey(open.published.procedure(), answers, context);
        let Some(question) = journey.files_question(field) else {
            return Ok(Err("Cette question n’attend pas de fichier.".to_owned()));
        };
        let types: Vec<&str> = question.field().accept.iter().map(|t| t.as_str()).collect();
        (
            Accepted::of(&types, question.most_bytes()),
            question.most_files(),
        )
    };
    let name = file.name.clone();
    let key = format!("file:{}", limit::network(visit.ip));
    let verdict = visit
        .site
        .db
        .write(move |tx| Ok::<_, Error>(limit::hit(tx, &key, MOST_RECEIVED, Duration::hours(1))?))
        .await?;
    super::drafts::refuse(verdict)?;
    let blobs = visit.site.blobs.clone();
    let stored = crate::db::blocking(move || {
        Ok::<_, crate::db::Error>(blob::keep(&blobs, received, &name, &accepted))
    })
    .await?;
    let stored = match stored {
        Ok(stored) => stored,
        Err(blob::KeepError::Refused(refused)) => return Ok(Err(named(&refused))),
        Err(error) => return Err(Error::Unavailable(error.to_string())),
    };
    let draft = open.draft.id;
    let (row_field, row) = (field.to_owned(), stored.clone());
    // Over the request's limit, the file stays a blob nobody names, and is tidied away.
    let held = attachment_of(&stored, "");
    if let Err(error) = answers.clone().attach(field, &held, most) {
        return Ok(Err(too_many(error)));
    }
    let added = visit
        .site
        .db
        .write(move |tx| {
            Ok::<_, Error>(attachment::add(
                tx,
                Owner::Draft(draft),
                &row_field,
                &row.name,
                row.media_type,
                row.size,
                &row.sha256,
            )?)
        })
        .await?;
    let kept = attachment_of(&stored, &added.id.to_string());
    Ok(answers
        .attach(field, &kept, most)
        .map(|()| kept)
        .map_err(too_many))
}

fn attachment_of(stored: &blob::Stored, id: &str) -> Attachment {
    Attachment {
        id: id.to_owned(),
        name: stored.name.clone(),
        size: stored.size,
        media_type: stored.media_type.to_owned(),
        sha256: stored.sha256.clone(),
    }
}

fn too_many(error: form::answers::AttachError) -> String {
    match error {
        form::answers::AttachError::TooMany { most: 1 } => {
            "Un seul fichier est accepté ici. Retirez celui qui s’y trouve pour en mettre un autre."
                .to_owned()
        }
        form::answers::AttachError::TooMany { most } => {
            format!(
                "{most} fichiers au plus sont acceptés ici. Retirez-en un pour en ajouter un autre."
            )
        }
        form::answers::AttachError::NoSuchQuestion => {
            "Cette question n’attend pas de fichier.".to_owned()
        }
    }
}

/// Takes a file away from the answers and from the draft.
pub async fn remove(
    visit: &Visit,
    open: &Open,
    answers: &mut Answers,
    file: &str,
) -> Result<(), Error> {
    if answers.detach(file).is_some()
        && let Some(id) = crate::db::Id::parse(file)
    {
        let draft = open.draft.id;
        visit
            .site
            .db
            .write(move |tx| Ok::<_, Error>(attachment::remove(tx, draft, id)?))
            .await?;
    }
    Ok(())
}

/// Gives a draft's file back to its owner.
pub async fn show(visit: Visit, path: web::Path<(String, String)>) -> Result<HttpResponse, Error> {
    let (code, file) = path.into_inner();
    let Ok(open) = find(&visit, &code).await? else {
        return Err(Error::NotFound);
    };
    let id = crate::db::Id::parse(&file).ok_or(Error::NotFound)?;
    let owner = Owner::Draft(open.draft.id);
    let file = visit
        .site
        .db
        .read(move |conn| attachment::find(conn, owner, id)?.ok_or(Error::NotFound))
        .await?;
    download::give(
        &visit.site.blobs,
        &file.sha256,
        &file.name,
        &file.media_type,
    )
    .await
}

/// Most files that may go with an answer.
pub const MOST_ANSWERED: usize = 5;

/// Stores the files that came with an answer; the error is the sentence for the citizen.
pub async fn take_loose(
    visit: &Visit,
    posted: &mut Posted,
) -> Result<Result<Vec<blob::Stored>, String>, Error> {
    let mut kept = Vec::new();
    for file in std::mem::take(&mut posted.files) {
        let shown = blob::name::clean(&file.name);
        let named =
            |refused: &Refused| format!("«\u{a0}{shown}\u{a0}»\u{a0}: {}", refused.message());
        if kept.len() == MOST_ANSWERED {
            return Ok(Err(too_many(form::answers::AttachError::TooMany {
                most: MOST_ANSWERED,
            })));
        }
        let received = match file.content {
            Ok(received) => received,
            Err(refused) => return Ok(Err(named(&refused))),
        };
        let (blobs, name) = (visit.site.blobs.clone(), file.name.clone());
        let stored = crate::db::blocking(move || {
            Ok::<_, crate::db::Error>(blob::keep(&blobs, received, &name, &Accepted::any()))
        })
        .await?;
        match stored {
            Ok(stored) => kept.push(stored),
            Err(blob::KeepError::Refused(refused)) => return Ok(Err(named(&refused))),
            Err(error) => return Err(Error::Unavailable(error.to_string())),
        }
    }
    Ok(Ok(kept))
}

/// Notes those files with the request.
pub fn add_loose(
    tx: &mut crate::db::Tx,
    request: crate::db::Id,
    files: &[blob::Stored],
) -> diesel::QueryResult<()> {
    for file in files {
        attachment::add(
            tx,
            Owner::Request(request),
            "answer_files",
            &file.name,
            file.media_type,
            file.size,
            &file.sha256,
        )?;
    }
    Ok(())
}
