//! Files of a draft, one by one as they are chosen (with JavaScript) or with the page (without).
//! `POST /brouillons/{code}/fichiers` keeps one · `GET …/fichiers/{file}/contenu` gives it back.

use super::drafts::{Open, find, gone};
use crate::belgium::Mend;
use crate::blob::{Accept, Stored};
use crate::db::{Id, Tx};
use crate::form::{self, Answers, Attachment, Context, FieldError, Typed};
use crate::request::attachment::{self, Owner};
use crate::request::draft::{Draft, Found};
use crate::request::message::Body;
use crate::web::download;
use crate::web::error::Error;
use crate::web::input::{Posted, PostedFile, WithFiles};
use crate::web::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use diesel::QueryResult;
use serde::Serialize;

/// How often a file is noted again when the draft changed at the same moment.
const TRIES: usize = 12;

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
pub async fn create(
    WithFiles(mut posted): WithFiles,
    code: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let open = match find(&visit, &code).await? {
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
        Ok((kept, most)) => match note(&visit, &open, &field, &kept, most).await? {
            Ok(()) => Ok(HttpResponse::Created().json(Kept {
                id: kept.id,
                name: kept.name,
                size: kept.size,
                media_type: kept.media_type,
            })),
            Err(why) => Ok(refused(why)),
        },
        Err(why) => Ok(refused(why)),
    }
}

fn refused(error: String) -> HttpResponse {
    HttpResponse::build(StatusCode::UNPROCESSABLE_ENTITY).json(Why { error })
}

/// Notes a file in the answers as they are now: a browser sends several at once, and saves the page
/// beside them. The inner error is the sentence for the citizen.
async fn note(
    visit: &Visit,
    open: &Open,
    field: &str,
    kept: &Attachment,
    most: usize,
) -> Result<Result<(), String>, Error> {
    for _ in 0..TRIES {
        let (code, field, kept) = (open.code.clone(), field.to_owned(), kept.clone());
        let noted = visit.site.db.write(move |tx| {
            let now = tx.now();
            let Found::Open(mut draft) = Draft::find(tx.conn(), &code, now)? else {
                return Err(Error::NotFound);
            };
            let mut answers = draft.answers();
            if let Err(error) = answers.attach(&field, &kept, most) {
                if let Some(file) = Id::parse(&kept.id) {
                    attachment::remove(tx, draft.id, file)?;
                }
                return Ok(Err(too_many(error)));
            }
            if draft.keep_unless_overtaken(tx, &answers)? {
                Ok(Ok(()))
            } else {
                Err(Error::Overtaken)
            }
        });
        match noted.await {
            Err(Error::Overtaken) => {}
            noted => return noted,
        }
    }
    Err(Error::Overtaken)
}

/// A file that came with a page: the name of its question, itself, and how many the question takes.
pub type Came = (String, Attachment, usize);

/// Keeps the files that came with a page; answers those, and why others were not.
pub async fn take_all(
    visit: &Visit,
    open: &Open,
    context: &Context,
    answers: &mut Answers,
    posted: &mut Posted,
) -> Result<(Vec<Came>, Vec<FieldError>), Error> {
    let (mut came, mut refused) = (Vec::new(), Vec::new());
    if posted.files.is_empty() {
        return Ok((came, refused));
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
        let (field, name) = (file.field.clone(), file.name.clone());
        match take(visit, open, context, answers, &field, file).await? {
            Ok((kept, most)) => came.push((field, kept, most)),
            Err(message) => refused.push(FieldError {
                field_id: field.replace('.', "-"),
                name: field,
                message: named(&name, &message),
            }),
        }
    }
    Ok((came, refused))
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

/// Judges one file and gives it to the draft; answers it and how many its question takes. The inner
/// error is the sentence for the citizen.
async fn take(
    visit: &Visit,
    open: &Open,
    context: &Context,
    answers: &mut Answers,
    field: &str,
    file: PostedFile,
) -> Result<Result<(Attachment, usize), String>, Error> {
    let (accept, most) = {
        let journey = form::journey(open.published.procedure(), answers, context);
        let Some(question) = journey.files_question(field) else {
            return Ok(Err("Cette question n’attend pas de fichier.".to_owned()));
        };
        let words = question.field().accept.iter().map(|word| word.as_str());
        let accept = Accept::new(words, Some(question.most_bytes() / 1_000_000));
        (accept, question.most_files())
    };
    let stored = match file.content {
        Ok(stored) => stored,
        Err(refused) => return Ok(Err(accept.narrow(refused).mend())),
    };
    if let Some(refused) = accept.refuses(&stored) {
        return Ok(Err(refused.mend()));
    }
    let probe = attachment_of(&stored, "");
    if let Err(error) = answers.clone().attach(field, &probe, most) {
        return Ok(Err(too_many(error)));
    }
    let (owner, row_field, row) = (
        Owner::Draft(open.draft.id),
        field.to_owned(),
        stored.clone(),
    );
    let added = visit
        .site
        .db
        .write(move |tx| Ok::<_, Error>(attachment::add(tx, owner, &row_field, &row)?))
        .await?;
    let kept = attachment_of(&stored, &added.id.to_string());
    Ok(answers
        .attach(field, &kept, most)
        .map(|()| (kept, most))
        .map_err(too_many))
}

/// "« photo.exe » : ce fichier est …", where no name stands beside the sentence.
fn named(name: &str, sentence: &str) -> String {
    let mut rest = sentence.chars();
    let first = rest.next().map(char::to_lowercase);
    let lower: String = first.into_iter().flatten().chain(rest).collect();
    format!("{}\u{a0}: {lower}", quoted(name))
}

fn quoted(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    format!("«\u{a0}{shown}\u{a0}»")
}

fn attachment_of(stored: &Stored, id: &str) -> Attachment {
    Attachment {
        id: id.to_owned(),
        name: stored.name.clone(),
        size: stored.size,
        media_type: stored.kind.media_type().to_owned(),
        sha256: stored.digest.to_string(),
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
        && let Some(id) = Id::parse(file)
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
    let id = Id::parse(&file).ok_or(Error::NotFound)?;
    let owner = Owner::Draft(open.draft.id);
    let file = visit
        .site
        .db
        .read(move |conn| attachment::find(conn, owner, id)?.ok_or(Error::NotFound))
        .await?;
    download::give(
        &visit.site.blobs,
        &file.sha256,
        Some(file.size),
        &file.name,
        &file.media_type,
    )
    .await
}

/// Most files that may go with an answer or a message.
pub const MOST_ANSWERED: usize = 5;
/// Under which name files that answer a question of the service are kept, and those of a message.
pub const ANSWERED: &str = "answer_files";
pub const WRITTEN: &str = "message_files";
/// How long the same file sent again is taken for a form sent twice.
const AGAIN: chrono::Duration = chrono::Duration::minutes(10);

/// What the files of a post are called.
pub fn names_of(posted: &Posted) -> Vec<String> {
    posted.files.iter().map(|file| file.name.clone()).collect()
}

/// The files that came with an answer or a message; the error is the sentence for the citizen. Files of
/// a form that has to be sent again are not kept, and the good ones are named too.
pub fn take_loose(posted: &mut Posted) -> Result<Vec<Stored>, String> {
    let files = std::mem::take(&mut posted.files);
    if files.len() > MOST_ANSWERED {
        return Err(too_many(form::answers::AttachError::TooMany {
            most: MOST_ANSWERED,
        }));
    }
    let (mut good, mut names, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        match file.content {
            Ok(stored) => {
                good.push(stored);
                names.push(file.name);
            }
            Err(why) => refused.push(named(&file.name, &why.mend())),
        }
    }
    if refused.is_empty() {
        return Ok(good);
    }
    if !names.is_empty() {
        refused.push(choose_again(&names));
    }
    Err(refused.join(" "))
}

/// A browser never fills in a file by itself: what was chosen has to be chosen again.
pub fn choose_again(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("Choisissez à nouveau {}.", names.join(", "))
}

/// What is said where somebody sends files without a word.
pub fn in_words(files: &[Stored]) -> Option<Body> {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let word = match names.len() {
        0 => return None,
        1 => "Fichier envoyé",
        _ => "Fichiers envoyés",
    };
    Body::parse(&format!("{word}\u{a0}: {}", names.join(", "))).ok()
}

/// Notes those files with the request; one that was just noted is the same form sent twice.
pub fn add_loose(tx: &mut Tx, request: Id, field: &str, files: &[Stored]) -> QueryResult<()> {
    let owner = Owner::Request(request);
    let held = attachment::of(tx.conn(), owner)?;
    for file in files {
        let digest = file.digest.to_string();
        let just = |one: &attachment::Attachment| {
            one.field == field && one.sha256 == digest && tx.now().0 - one.created_at.0 < AGAIN
        };
        if !held.iter().any(just) {
            attachment::add(tx, owner, field, file)?;
        }
    }
    Ok(())
}
