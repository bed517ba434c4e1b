//! The jobs that print: gather what a paper says, set it in type, keep the bytes, note that it is
//! there. The first print of a paper stands.

use super::perform::{end, end_bare};
use super::trouble::Trouble;
use crate::db::{self, Id};
use crate::document::Sheet;
use crate::form::{Journey, summary};
use crate::printing::{Receipt, receipt};
use crate::request::paper::{self, Paper};
use crate::request::room::Room;
use crate::request::sheet::Written;
use crate::request::{self, Request};
use crate::site::Site;
use crate::site::shelf::Published;
use std::sync::Arc;

/// Prints a paper that is not printed yet.
pub async fn print(site: &Arc<Site>, id: Id, document: Id) -> Result<(), Trouble> {
    let found = site.db.read(move |conn| {
        let Some(paper) = paper::for_system(conn, document)? else {
            return Ok::<_, db::Error>(None);
        };
        let request = request::for_system(conn, paper.request_id)?;
        Ok(request.map(|request| (paper, request)))
    });
    let Some((paper, request)) = found.await? else {
        return end_bare(site, id).await;
    };
    if paper.sha256.is_some() {
        return end_bare(site, id).await;
    }
    let at = Arc::clone(site);
    let pdf = tokio::task::spawn_blocking(move || set(&at, &paper, &request)).await;
    let pdf = pdf.map_err(|_| Trouble::Panicked)??;
    let size = pdf.len() as u64;
    let digest = site.blobs.put(pdf.into()).await?;
    end(site, id, move |tx| {
        Ok(paper::printed(tx, document, digest.as_str(), size)?)
    })
    .await
}

/// The bytes of a paper. Blocks.
fn set(site: &Site, paper: &Paper, request: &Request) -> Result<Vec<u8>, Trouble> {
    let published = site.version(request.version_id)?;
    let sheet = sheet(site, &published, paper, request)?;
    Ok(site.press.print(&sheet)?)
}

fn sheet(
    site: &Site,
    published: &Published,
    paper: &Paper,
    request: &Request,
) -> Result<Sheet, Trouble> {
    let procedure = published.procedure();
    let language = request.language.as_str();
    let room = Room { site, published };
    let house = room.house(request)?;
    let verification = house.verification(&paper.code(&site.key));
    if !paper.is_receipt() {
        return Ok(room.sheet(
            request,
            Written {
                template: &paper.template,
                title: Some(&paper.title),
                form: &paper.data.0,
                at: paper.issued_at.0,
                verification: Some(verification),
            },
        )?);
    }
    let (answers, facts) = (request.answers(), request.facts());
    let context = room.context(request);
    let way = Journey::submitted(procedure, &answers, &context);
    Ok(receipt(&Receipt {
        house,
        language,
        procedure: &request.title,
        reference: &request.shown_reference(),
        applicant: &request.applicant,
        submitted_at: request.submitted_at.0,
        pages: &summary(&way, language),
        fee: &facts.fee,
        total: facts.total,
        files: &answers.files(),
        next: &procedure.page.next.after(&room.scope(request), language),
        due_on: Some(request.due_on),
        delay_source: procedure.deadline.source.get(language),
        social: request.is_social(),
        verification,
    }))
}
