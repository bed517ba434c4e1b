//! `/demo`: what only a demonstration shows. Its accounts with the codes their telephones would show,
//! and the mails that were kept instead of sent. Anywhere else these addresses do not exist.

use super::error::Error;
use super::visit::Visit;
use crate::db::{Id, blocking};
use crate::demo;
use crate::mail::folder::{Folder, Kept};
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Serialize;

/// The HTML part of a mail: it draws itself with its own styles, and can do nothing else.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
     frame-ancestors 'self'; base-uri 'none'; form-action 'none'; \
     sandbox allow-popups allow-popups-to-escape-sandbox";

#[derive(Serialize)]
struct Accounts<'a> {
    password: &'a str,
    accounts: Vec<AccountView>,
}

#[derive(Serialize)]
struct AccountView {
    name: String,
    place: String,
    email: String,
    code: Option<String>,
}

#[derive(Serialize)]
struct Mails {
    mails: Vec<MailLine>,
}

#[derive(Serialize)]
struct MailLine {
    subject: String,
    from: String,
    to: String,
    sent_at: String,
    url: String,
}

#[derive(Serialize)]
struct MailPage {
    mail: MailView,
}

#[derive(Serialize)]
struct MailView {
    subject: String,
    from: String,
    to: String,
    sent_at: String,
    text: String,
    html_url: Option<String>,
    attachments: [(); 0],
}

/// `GET /demo`: who can be impersonated, and how.
pub async fn accounts(visit: Visit) -> Result<HttpResponse, Error> {
    if !visit.site.demo {
        return Err(Error::NotFound);
    }
    let site = visit.site.clone();
    let accounts = blocking(move || demo::accounts(&site.db, &site.file, &site.key)).await;
    let accounts = accounts.map_err(Error::from)?.into_iter();
    let content = Accounts {
        password: demo::PASSWORD,
        accounts: accounts
            .map(|account| AccountView {
                name: account.name,
                place: account.place,
                email: account.email,
                code: account.code,
            })
            .collect(),
    };
    let title = "Comptes de démonstration";
    visit.page("demo/accounts.html", title, "", &content)
}

/// `GET /demo/mail`: the mails, newest first.
pub async fn index(visit: Visit) -> Result<HttpResponse, Error> {
    let folder = folder(&visit)?;
    let kept = read(move || folder.list()).await?;
    let mails = kept.into_iter().map(|mail| MailLine {
        url: format!("/demo/mail/{}", mail.id),
        sent_at: mail.sent_at.to_rfc3339(),
        subject: mail.subject,
        from: mail.from,
        to: mail.to,
    });
    let content = Mails {
        mails: mails.collect(),
    };
    let title = "Courriels de la démonstration";
    visit.page("demo/mails.html", title, "", &content)
}

/// `GET /demo/mail/{mail}`: one of them.
pub async fn show(visit: Visit, mail: web::Path<Id>) -> Result<HttpResponse, Error> {
    let mail = kept(&visit, *mail).await?;
    let title = mail.subject.clone();
    let content = MailPage {
        mail: MailView {
            html_url: (!mail.html.is_empty()).then(|| format!("/demo/mail/{}/html", mail.id)),
            sent_at: mail.sent_at.to_rfc3339(),
            subject: mail.subject,
            from: mail.from,
            to: mail.to,
            text: mail.text,
            attachments: [],
        },
    };
    visit.page("demo/mail.html", &title, "", &content)
}

/// `GET /demo/mail/{mail}/html`: its HTML part alone, for the frame of the page above.
pub async fn html(visit: Visit, mail: web::Path<Id>) -> Result<HttpResponse, Error> {
    let mail = kept(&visit, *mail).await?;
    Ok(HttpResponse::Ok()
        .insert_header(header::ContentType::html())
        .insert_header((header::CONTENT_SECURITY_POLICY, MAIL_POLICY))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .body(mail.html))
}

fn folder(visit: &Visit) -> Result<Folder, Error> {
    let folder = visit.site.post.folder().filter(|_| visit.site.demo);
    folder.cloned().ok_or(Error::NotFound)
}

async fn kept(visit: &Visit, id: Id) -> Result<Kept, Error> {
    let folder = folder(visit)?;
    read(move || folder.read(id)).await?.ok_or(Error::NotFound)
}

async fn read<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    blocking(move || work().map_err(|error| Error::Unavailable(error.to_string()))).await
}
