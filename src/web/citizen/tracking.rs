//! Following a request. `GET /suivi` asks for the code · `GET /suivi/{code}` shows where it stands, who
//! has it and by when · `POST …/reponses` answers a question · `POST …/messages` writes to the service.

pub mod entry;
pub mod page;
pub mod said;
pub mod timeline;

use page::{Input, draw};

use super::guesses::{count_wrong, not_too_often};
use super::uploads::{self};
use crate::audit::Actor;
use crate::blob::Stored;
use crate::definition::workflow::{Role, Transition};
use crate::form::{self, Corrected, Correction, FieldError, Typed};
use crate::request::holder;
use crate::request::message::{self, Body, WriteError};
use crate::request::moves::MoveError;
use crate::request::paper::Paper;
use crate::request::room::Room;
use crate::request::{self, Request};
use crate::secret::Code;
use crate::site::shelf::Published;
use crate::web::button::Button;
use crate::web::error::Error;
use crate::web::input::{Posted, WithFiles};
use crate::web::visit::{Visit, see_other};
use crate::workflow::Refused;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use std::sync::Arc;

/// A request opened by its code.
pub struct Tracked {
    pub request: Request,
    pub published: Arc<Published>,
    pub code: Code,
}

/// The address of a request, for who holds its code.
pub fn url(code: &Code) -> String {
    format!("/suivi/{}", code.compact())
}

/// The address of a paper, for who holds the request's code.
pub fn paper_url(code: &Code, paper: &Paper) -> String {
    format!("{}/documents/{}", url(code), paper.id)
}

/// The request of a code; a wrong one is counted, and is simply not there.
pub async fn find(visit: &Visit, code: &str) -> Result<Tracked, Error> {
    not_too_often(visit).await?;
    let found = match Code::parse(code) {
        Ok(code) => {
            let sought = code.clone();
            let request = visit
                .site
                .db
                .read(move |conn| Ok::<_, Error>(request::by_code(conn, &sought)?))
                .await?;
            request.map(|request| (request, code))
        }
        Err(_) => None,
    };
    let Some((request, code)) = found else {
        count_wrong(visit).await?;
        return Err(Error::NotFound);
    };
    visit.has_shown_a_code();
    let published = visit.site.version(request.version_id)?;
    Ok(Tracked {
        request,
        published,
        code,
    })
}

impl Tracked {
    /// What that post corrects of the answers the service named.
    pub(super) fn correction(&self, visit: &Visit, typed: &Typed) -> Result<Correction<'_>, Error> {
        let room = Room {
            site: &visit.site,
            published: &self.published,
        };
        form::correct(
            self.published.procedure(),
            &self.request.answers(),
            &self.request.facts().to_correct,
            typed,
            &room.context_of_sending(&self.request),
        )
        .map_err(|broken| Error::Internal(broken.to_string()))
    }

    /// The transition of that id, when the citizen may take it now.
    pub fn transition(&self, id: &str) -> Option<&Transition> {
        self.published
            .workflow()
            .transition(id)
            .filter(|transition| {
                self.request.closed_at.is_none()
                    && transition.by.contains(&Role::Citizen)
                    && transition
                        .from
                        .iter()
                        .any(|from| **from == self.request.status)
            })
    }

    /// The way back from a status that asks: the first transition of the citizen that is not the
    /// withdrawal.
    fn answering(&self) -> Option<&Transition> {
        let asks = self
            .published
            .workflow()
            .status(&self.request.status)
            .is_some_and(|status| status.asks_citizen);
        let transitions = &self.published.workflow().transitions;
        transitions
            .iter()
            .filter(|transition| asks && *transition.id != "withdraw")
            .find(|transition| self.transition(&transition.id).is_some())
    }
}

/// What was just done, in the address the browser was sent to.
#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    fait: Option<String>,
}

/// Where a request stands.
pub async fn show(
    visit: Visit,
    code: web::Path<String>,
    done: web::Query<Done>,
) -> Result<HttpResponse, Error> {
    let tracked = match find(&visit, &code).await {
        Err(Error::NotFound) => return entry::unknown_link(&visit),
        found => found?,
    };
    let just = match done.fait.as_deref() {
        Some("reponse") => Some("answered"),
        Some("message") => Some("message"),
        Some("retrait") if tracked.request.closed_at.is_some() => Some("withdrawn"),
        _ => None,
    };
    draw(&visit, &tracked, just, &Input::default()).await
}

/// The page of a request, for who comes back to the address a form of it posts to.
pub async fn back(code: web::Path<String>) -> HttpResponse {
    see_other(&Code::parse(&code).map_or_else(|_| "/suivi".to_owned(), |code| url(&code)))
}

/// Answers the question: words, corrected answers, files.
pub async fn answer(
    WithFiles(mut posted): WithFiles,
    code: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let tracked = find(&visit, &code).await?;
    let Some(transition) = tracked.answering().map(|t| t.id.to_string()) else {
        // Answered already: a double click, or another window.
        return Ok(see_other(&url(&tracked.code)));
    };
    let said = Answered::read(&visit, &tracked, &mut posted)?;
    if !said.goes_on {
        let input = Input {
            answer: Some((said.typed, said.faults)),
            message: None,
        };
        return draw(&visit, &tracked, None, &input).await;
    }
    let (site, published) = (Arc::clone(&visit.site), Arc::clone(&tracked.published));
    let (words, corrected, files) = (said.words, said.corrected, said.files);
    let done = holder::change(&visit.site.db, &tracked.code, move |tx, request| {
        let room = Room {
            site: &site,
            published: &published,
        };
        uploads::add_loose(tx, request.id, uploads::ANSWERED, &files)?;
        request.answer(tx, &room, &transition, words.as_ref(), corrected.as_ref())
    });
    match done.await {
        Ok(_) => Ok(see_other(&format!("{}?fait=reponse", url(&tracked.code)))),
        // Another window was faster: the page shows what it said.
        Err(MoveError::Refused(Refused::NotFromHere { .. } | Refused::Closed)) => {
            Ok(see_other(&url(&tracked.code)))
        }
        Err(MoveError::Refused(why)) => {
            let input = Input {
                answer: Some((said.typed, vec![fault("answer", why.to_string())])),
                message: None,
            };
            draw(&visit, &tracked, None, &input).await
        }
        Err(error) => Err(error.into()),
    }
}

/// An answer as it was posted.
struct Answered {
    typed: Typed,
    words: Option<Body>,
    corrected: Option<Corrected>,
    files: Vec<Stored>,
    faults: Vec<FieldError>,
    /// It can be sent: nothing to mend, and no question left that it brings up.
    goes_on: bool,
}

impl Answered {
    fn read(visit: &Visit, tracked: &Tracked, posted: &mut Posted) -> Result<Self, Error> {
        let mut typed =
            Typed::parse(std::mem::take(&mut posted.pairs)).map_err(|_| Error::TooLarge)?;
        let button = Button::of(&typed);
        button.press(&mut typed);
        let mut faults = Vec::new();
        let words = match Body::parse(typed.raw("answer").unwrap_or_default()) {
            Ok(words) => Some(words),
            Err(WriteError::Empty) => None,
            Err(error) => {
                faults.push(fault("answer", words_of(&error)));
                None
            }
        };
        let correction = tracked.correction(visit, &typed)?;
        faults.extend(correction.errors);
        let came = uploads::names_of(posted);
        let files = uploads::take_loose(posted).unwrap_or_else(|message| {
            faults.push(fault("answer_files", message));
            Vec::new()
        });
        let asked = !correction.newly_asked.is_empty();
        let nothing = words.is_none() && correction.corrected.is_none() && files.is_empty();
        if nothing && !asked && faults.is_empty() {
            faults.push(fault(
                "answer",
                "Écrivez votre réponse, ou corrigez une des réponses ci-dessus.".to_owned(),
            ));
        }
        let goes_on = button == Button::Continue && faults.is_empty() && !asked;
        if button != Button::Continue {
            // Another button than « Envoyer » reproaches nothing.
            faults.clear();
        }
        if !goes_on && !came.is_empty() && !faults.iter().any(|f| f.name == "answer_files") {
            faults.push(fault("answer_files", uploads::choose_again(&came)));
        }
        Ok(Self {
            typed: correction.kept,
            words: words.or_else(|| uploads::in_words(&files)),
            corrected: correction.corrected,
            files,
            faults,
            goes_on,
        })
    }
}

fn fault(name: &str, message: String) -> FieldError {
    FieldError {
        name: name.to_owned(),
        field_id: name.to_owned(),
        message,
    }
}

/// The sentence for words that cannot be kept.
pub fn words_of(error: &WriteError) -> String {
    match error {
        WriteError::Empty => "Écrivez votre message avant de l’envoyer.".to_owned(),
        WriteError::TooLong => {
            format!(
                "Ce message est trop long\u{a0}: {} caractères au plus.",
                message::LONGEST
            )
        }
        WriteError::TooMany => {
            "Cette demande contient déjà beaucoup de messages. Contactez le service directement."
                .to_owned()
        }
        WriteError::Save(_) => "Le message n’a pas pu être enregistré. Réessayez.".to_owned(),
    }
}

/// Writes to the service: words, files, or both.
pub async fn message(
    WithFiles(mut posted): WithFiles,
    code: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let visit = posted.visit.clone();
    let tracked = find(&visit, &code).await?;
    if tracked.request.closed_at.is_some() {
        return Ok(see_other(&url(&tracked.code)));
    }
    let typed = posted.text("message").unwrap_or_default().to_owned();
    let came = uploads::names_of(&posted);
    let mut faults = Vec::new();
    let files = uploads::take_loose(&mut posted).unwrap_or_else(|message| {
        faults.push(fault(uploads::WRITTEN, message));
        Vec::new()
    });
    let body = match (Body::parse(&typed), uploads::in_words(&files)) {
        (Ok(body), _) | (Err(WriteError::Empty), Some(body)) => Some(body),
        (Err(WriteError::Empty), None) if !faults.is_empty() => None,
        (Err(error), _) => {
            faults.push(fault("message", words_of(&error)));
            None
        }
    };
    let again = async |mut faults: Vec<FieldError>| {
        if !came.is_empty() && !faults.iter().any(|f| f.name == uploads::WRITTEN) {
            faults.push(fault(uploads::WRITTEN, uploads::choose_again(&came)));
        }
        let input = Input {
            answer: None,
            message: Some((typed.clone(), faults)),
        };
        draw(&visit, &tracked, None, &input).await
    };
    let Some(body) = body.filter(|_| faults.is_empty()) else {
        return again(faults).await;
    };
    let done = holder::change(&visit.site.db, &tracked.code, move |tx, request| {
        uploads::add_loose(tx, request.id, uploads::WRITTEN, &files)?;
        Ok(request.write(tx, &Actor::Citizen, body.clone(), false)?)
    });
    match done.await {
        Ok(_) => Ok(see_other(&format!("{}?fait=message", url(&tracked.code)))),
        Err(MoveError::Words(error @ WriteError::TooMany)) => {
            again(vec![fault("message", words_of(&error))]).await
        }
        Err(error) => Err(error.into()),
    }
}
