//! The jobs that send mail: look up what the message may tell, and to whom; write it; let it leave.

use super::perform::{end_bare, end_sent};
use super::trouble::Trouble;
use crate::app::App;
use crate::belgium::brussels_date;
use crate::db::{self, Id};
use crate::definition::workflow::Outcome;
use crate::job::Recipient;
use crate::mail::notice::{Document, Link, Message, Notice, Sender};
use crate::request::paper::{self, Paper};
use crate::request::room::Room;
use crate::request::{self, Request, decision, draft};
use crate::secret::Purpose;
use crate::site::Site;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How often, and how many times, a mail looks whether the papers it tells of are printed.
const LOOK: Duration = Duration::from_millis(250);
const LOOKS: usize = 20;

/// Sends a message about a request. A request that is gone, a citizen without address, a service
/// without mail: there is nothing to send, and the job is done.
pub async fn mail(
    app: &App,
    site: &Arc<Site>,
    id: Id,
    word: &str,
    request: Id,
    to: &Recipient,
    event: Option<i32>,
) -> Result<(), Trouble> {
    let message = match to {
        Recipient::Citizen => Message::to_citizen(word),
        Recipient::Service => Message::to_service(word),
    };
    let message = message.ok_or(Trouble::UnknownMessage)?;
    let Some(request) = load(site, request).await? else {
        return end_bare(site, id).await;
    };
    let Some(address) = address(site, &request, to) else {
        return end_bare(site, id).await;
    };
    // While the mail waited for its server the question was answered: nothing waits any more, or
    // another question does, which has its own mail.
    if matches!(message, Message::Question) && !still_asks(&request, event) {
        return end_bare(site, id).await;
    }
    let papers = match message {
        Message::Issued | Message::Decided => handed(site, &request).await?,
        _ => Handed::default(),
    };
    // Revoked before anybody heard of it; that it is revoked has its own mail.
    if message == Message::Issued && papers.all_revoked {
        return end_bare(site, id).await;
    }
    let decided = match message {
        Message::Refused | Message::Decided => decided(site, &request, message, event).await?,
        _ => Decided::default(),
    };
    let letter = write(app, site, &request, message, &papers, &decided, &address)?;
    site.post.send(id, &letter, site.db.clock().now()).await?;
    end_sent(site, id).await
}

/// Sends the link of a draft. One that was sent or is gone has no link any more.
pub async fn mail_draft(
    app: &App,
    site: &Arc<Site>,
    id: Id,
    draft: Id,
    to: &str,
) -> Result<(), Trouble> {
    let found = site
        .db
        .read(move |conn| Ok::<_, db::Error>(draft::for_system(conn, draft)?))
        .await?;
    let now = site.db.clock().now();
    let open = found.filter(|draft| draft.request_id.is_none() && draft.expires_at.0 > now);
    let Some(draft) = open else {
        return end_bare(site, id).await;
    };
    let at = Arc::clone(site);
    let version = draft.version_id;
    let published = db::blocking(move || at.version(version)).await?;
    let procedure = published.procedure();
    let authority = site
        .authority(&procedure.authority)
        .ok_or(Trouble::NoAuthority)?;
    let code = draft.code(&site.key);
    let link = Link {
        sender: Sender {
            site: &site.file,
            authority,
            demo: site.demo,
            language: &draft.language,
            social: published
                .definition
                .is_social_at(&site.file, &procedure.routing.default),
        },
        procedure_title: procedure.title.get(&draft.language),
        url: &format!("{}/brouillons/{}", site.base_url, code.compact()),
        code: &code.to_string(),
        expires_on: brussels_date(draft.expires_at.0),
    };
    let letter = link.compose(&app.templates, to)?;
    site.post.send(id, &letter, now).await?;
    end_sent(site, id).await
}

async fn load(site: &Site, id: Id) -> Result<Option<Request>, db::Error> {
    site.db
        .read(move |conn| Ok(request::for_system(conn, id)?))
        .await
}

fn address(site: &Site, request: &Request, to: &Recipient) -> Option<String> {
    let address = match to {
        Recipient::Citizen => request.email.clone(),
        Recipient::Service => site.service(&request.service)?.mail.clone(),
    };
    address.filter(|address| !address.trim().is_empty())
}

/// The documents of a request that can be opened. A mail that tells of one waits for the press a
/// little: who opens it at once finds it.
async fn printed(site: &Site, request: Id) -> Result<Vec<Paper>, db::Error> {
    let mut left = LOOKS;
    loop {
        let papers = site
            .db
            .read(move |conn| Ok::<_, db::Error>(paper::of_request(conn, request)?))
            .await?;
        let valid = papers
            .into_iter()
            .filter(|p| !p.is_receipt() && p.revoked_at.is_none());
        let (ready, waiting): (Vec<_>, Vec<_>) = valid.partition(|paper| paper.sha256.is_some());
        if waiting.is_empty() || left == 0 {
            return Ok(ready);
        }
        left -= 1;
        sleep(LOOK).await;
    }
}

/// The documents a mail tells of.
#[derive(Default)]
struct Handed {
    papers: Vec<HandedPaper>,
    /// There were some, and none of them counts any more.
    all_revoked: bool,
}

/// One of them, and how the citizen gets it.
struct HandedPaper {
    paper: Paper,
    /// From the tracking page.
    here: bool,
    on_paper: bool,
}

async fn handed(site: &Arc<Site>, request: &Request) -> Result<Handed, Trouble> {
    let of = request.id;
    let all_revoked = site.db.read(move |conn| {
        let mut papers = paper::of_request(conn, of)?;
        papers.retain(|paper| !paper.is_receipt());
        let none_counts = papers.iter().all(|paper| paper.revoked_at.is_some());
        Ok::<_, db::Error>(!papers.is_empty() && none_counts)
    });
    let all_revoked = all_revoked.await?;
    let ready = printed(site, request.id).await?;
    let (at, version) = (Arc::clone(site), request.version_id);
    let published = db::blocking(move || at.version(version)).await?;
    let room = Room {
        site,
        published: &published,
    };
    let papers = ready.into_iter().map(|paper| HandedPaper {
        here: room.is_given_here(request, &paper),
        on_paper: !room.is_online(request, &paper),
        paper,
    });
    Ok(Handed {
        papers: papers.collect(),
        all_revoked,
    })
}

fn write(
    app: &App,
    site: &Site,
    request: &Request,
    message: Message,
    papers: &Handed,
    decided: &Decided,
    address: &str,
) -> Result<crate::mail::letter::Letter, Trouble> {
    let authority = site
        .authority(&request.authority)
        .ok_or(Trouble::NoAuthority)?;
    let code = site.key.code(Purpose::Tracking, request.id);
    let tracking_url = format!("{}/suivi/{}", site.base_url, code.compact());
    let document = |handed: &HandedPaper| {
        let paper = &handed.paper;
        let url = || format!("{tracking_url}/documents/{}", paper.id);
        Document {
            title: paper.title.clone(),
            url: handed.here.then(url),
            on_paper: handed.on_paper,
        }
    };
    let documents: Vec<Document> = papers.papers.iter().map(document).collect();
    let facts = request.facts();
    // While the citizen is asked something, the day is not theirs to meet and does not run.
    let runs = request.closed_at.is_none() && request.paused_since.is_none();
    let notice = Notice {
        sender: Sender {
            site: &site.file,
            authority,
            demo: site.demo,
            language: &request.language,
            social: request.is_social(),
        },
        reference: &request.shown_reference(),
        procedure_title: &request.title,
        service_name: site
            .service(&request.service)
            .map(|service| service.name.as_str()),
        tracking_url: &tracking_url,
        queue_url: &format!("{}/agent/demandes/{}", site.base_url, request.id),
        received_at: request.submitted_at.0,
        due_on: runs.then_some(request.due_on),
        urgent: request.urgent,
        reason: decided.reason.as_deref(),
        appeal: decided.appeal.as_deref(),
        question: facts.question.as_deref(),
        documents: &documents,
    };
    Ok(notice.compose(&app.templates, message, address)?)
}

/// Whether the question of that event, or the one it reminds of, waits for its answer.
fn still_asks(request: &Request, event: Option<i32>) -> bool {
    let facts = request.facts();
    let asked = facts.asked_at.unwrap_or_default();
    facts.question.is_some() && event.is_none_or(|event| asked <= event)
}

/// What the service said in the small form of its decision: why it refuses, or what it answers; and how a
/// refusal is contested.
#[derive(Default)]
struct Decided {
    reason: Option<String>,
    appeal: Option<String>,
}

async fn decided(
    site: &Arc<Site>,
    request: &Request,
    message: Message,
    event: Option<i32>,
) -> Result<Decided, Trouble> {
    let (at, version) = (Arc::clone(site), request.version_id);
    let published = db::blocking(move || at.version(version)).await?;
    let lang = request.language.as_str();
    let told = decision::told_at(request, &published, event, lang);
    let refused = message == Message::Refused || told.outcome == Some(Outcome::Refused);
    let authority = site.authority(&request.authority);
    let appeal = published.procedure().appeal(authority, lang);
    Ok(Decided {
        reason: decision::text(&told.said),
        appeal: appeal.filter(|_| refused).map(str::to_owned),
    })
}
