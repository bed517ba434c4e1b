//! A document of a request, made ready for the press: what was answered and what the small form says, in
//! the text of the definition. The same for the document that is issued and for its draft.

use super::Request;
use super::room::Room;
use crate::document::{Sheet, Verification};
use crate::form::{Journey, labels};
use crate::printing::{House, Issued, TextError, issued};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;

/// Why a document could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The authority is no longer in the site file.
    #[error("the authority is not in the site file")]
    NoAuthority,
    /// The procedure has no document of that name.
    #[error("no such document")]
    UnknownDocument,
    #[error(transparent)]
    Text(#[from] TextError),
}

/// What a document is made of beside the request.
pub struct Written<'a> {
    /// The document of the definition.
    pub template: &'a str,
    /// Its title, when it was fixed already.
    pub title: Option<&'a str>,
    /// The small form of the transition.
    pub form: &'a Json,
    pub at: DateTime<Utc>,
    /// None for a draft.
    pub verification: Option<Verification>,
}

impl Room<'_> {
    /// In whose name papers of that request are printed.
    pub fn house(&self, request: &Request) -> Result<House<'_>, SheetError> {
        let site = self.site;
        Ok(House {
            site: &site.file,
            authority: site
                .authority(&request.authority)
                .ok_or(SheetError::NoAuthority)?,
            service: site.service(&request.service),
            base_url: &site.base_url,
        })
    }

    /// The document, ready for the press.
    pub fn sheet(&self, request: &Request, written: Written<'_>) -> Result<Sheet, SheetError> {
        let procedure = self.published.procedure();
        let language = request.language.as_str();
        let context = self.context(request);
        let answers = request.answers();
        let way = Journey::submitted(procedure, &answers, &context);
        let template = procedure
            .document(written.template)
            .ok_or(SheetError::UnknownDocument)?;
        let title = written.title;
        Ok(issued(&Issued {
            house: self.house(request)?,
            language,
            title: title.unwrap_or_else(|| template.title.get(language)),
            reference: &request.shown_reference(),
            applicant: &request.applicant,
            text: &template.text,
            signed: template.signed,
            submitted_at: request.submitted_at.0,
            issued_at: written.at,
            answers: way.answers(),
            labels: &labels(&way, language),
            settings: context.settings(),
            form: written.form,
            verification: written.verification,
        })?)
    }
}
