//! The documents of a request, as its page lists them.

use super::super::Agent;
use super::{Opened, url};
use crate::db::At;
use crate::request::paper::Paper;
use serde::Serialize;

/// One of them.
#[derive(Serialize)]
pub struct Document {
    title: String,
    /// None while it is being printed.
    url: Option<String>,
    size: u64,
    issued_at: At,
    code: String,
    revoked: bool,
    reason: Option<String>,
    revoke_url: Option<String>,
}

/// All but the receipt, with the way to take one back for who may.
pub fn of(agent: &Agent, opened: &Opened, papers: &[Paper]) -> Vec<Document> {
    let key = &agent.visit.site.key;
    let request = opened.request.id;
    let heads = agent.scope.is_head(&opened.request.service);
    let issued = papers.iter().filter(|paper| !paper.is_receipt());
    issued
        .map(|paper| Document {
            title: paper.title.clone(),
            url: paper
                .sha256
                .as_ref()
                .map(|_| format!("{}/documents/{}", url(request), paper.id)),
            size: u64::try_from(paper.size.unwrap_or_default()).unwrap_or_default(),
            issued_at: paper.issued_at,
            code: paper.code(key).to_string(),
            revoked: paper.revoked_at.is_some(),
            reason: paper.revoked_reason.clone(),
            revoke_url: (heads && paper.revoked_at.is_none()).then(|| {
                agent.at(format!(
                    "{}/documents/{}/annulation",
                    url(request),
                    paper.id
                ))
            }),
        })
        .collect()
}
