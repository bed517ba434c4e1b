//! The address of a list, read and written.

use crate::db::Id;
use crate::definition::workflow::Outcome;
use crate::identity::AgentScope;
use crate::queue::{Hands, Place, Pressure, Selection, Sought, View};
use crate::request::search_key;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

/// What stands in the address. Unknown words are passed over.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    /// A service.
    file: Option<String>,
    vue: Option<String>,
    etat: Option<String>,
    demarche: Option<String>,
    delai: Option<String>,
    agent: Option<String>,
    issue: Option<String>,
    q: Option<String>,
    apres: Option<String>,
    /// What was just done.
    fait: Option<String>,
}

/// The same, understood.
#[derive(Clone, Debug)]
pub struct Asked {
    query: Query,
    pub selection: Selection,
    pub sought: Option<Sought>,
    pub place: Option<Place>,
}

const VIEWS: [(&str, View, &str); 5] = [
    ("", View::Open, "Toutes les demandes"),
    ("miennes", View::Mine, "À moi"),
    ("retard", View::Late, "En retard"),
    ("reponses", View::Answered, "Réponses reçues"),
    ("cloturees", View::Closed, "Clôturées"),
];

/// The words of deadlines.
pub const PRESSURES: [(&str, Pressure, &str); 4] = [
    ("retard", Pressure::Late, "En retard"),
    ("bientot", Pressure::Soon, "Bientôt"),
    ("temps", Pressure::Fine, "Dans les temps"),
    ("suspendu", Pressure::Paused, "Suspendu"),
];

/// The words of how a request ended.
pub const OUTCOMES: [(&str, Outcome, &str); 4] = [
    ("accordee", Outcome::Granted, "Favorable"),
    ("refusee", Outcome::Refused, "Refusée"),
    ("retiree", Outcome::Withdrawn, "Retirée par le citoyen"),
    ("expiree", Outcome::Expired, "Sans réponse"),
];

/// Longest query of a list that a request's page is told.
const LONGEST_LIST: usize = 600;

/// The words of hands that are nobody's name.
pub const MINE: &str = "moi";
pub const NOBODY: &str = "personne";

/// The address of a queue.
pub fn queue_url(service: &str) -> String {
    url(&[("file", service)])
}

/// The address of a view.
pub fn view_url(view: View) -> String {
    url(&[("vue", word(view))])
}

/// The name of a view.
pub fn heading(view: View) -> &'static str {
    VIEWS
        .iter()
        .find(|(_, known, _)| *known == view)
        .map_or("", |(.., name)| name)
}

fn word(view: View) -> &'static str {
    VIEWS
        .iter()
        .find(|(_, known, _)| *known == view)
        .map_or("", |(word, ..)| word)
}

fn url(pairs: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() {
        "/agent".to_owned()
    } else {
        format!("/agent?{query}")
    }
}

fn hands(text: &str) -> Option<Hands> {
    match text {
        MINE => Some(Hands::Mine),
        NOBODY => Some(Hands::Nobody),
        other => Id::parse(other).map(Hands::Of),
    }
}

impl Asked {
    /// Reads an address. A service the agent is no member of is as unknown as one that is not there.
    pub fn parse(query: Query, scope: &AgentScope) -> Self {
        let given = |text: &Option<String>| {
            let text = text.as_deref().unwrap_or_default().trim();
            Some(text.chars().take(200).collect::<String>()).filter(|text| !text.is_empty())
        };
        let view = given(&query.vue)
            .and_then(|vue| VIEWS.iter().find(|(word, ..)| *word == vue))
            .map_or(View::Open, |(_, view, _)| *view);
        let pressure = given(&query.delai)
            .and_then(|delai| PRESSURES.iter().find(|(word, ..)| *word == delai))
            .map(|(_, pressure, _)| *pressure);
        Self {
            selection: Selection {
                view,
                service: given(&query.file).filter(|service| scope.is_member(service)),
                status: given(&query.etat),
                procedure: given(&query.demarche),
                pressure: pressure.filter(|_| view != View::Late),
                hands: given(&query.agent)
                    .and_then(|agent| hands(&agent))
                    .filter(|_| view != View::Mine),
                outcome: given(&query.issue)
                    .and_then(|issue| OUTCOMES.iter().find(|(word, ..)| *word == issue))
                    .map(|(_, outcome, _)| *outcome)
                    .filter(|_| view == View::Closed),
            },
            sought: given(&query.q).and_then(|q| Sought::parse(&q)),
            place: given(&query.apres).and_then(|place| Place::parse(&place)),
            query,
        }
    }

    /// The list a request was opened from, as its page is told it. What was searched for is no list.
    pub fn of_list(text: &str, scope: &AgentScope) -> Option<Self> {
        let short = Some(text).filter(|text| text.len() <= LONGEST_LIST)?;
        let query = actix_web::web::Query::<Query>::from_query(short).ok()?;
        let asked = Self::parse(
            Query {
                apres: None,
                fait: None,
                ..query.into_inner()
            },
            scope,
        );
        asked.q().is_empty().then_some(asked)
    }

    /// The query by which a request's page is told this list; none for a search.
    pub fn list(&self) -> Option<String> {
        let query = self
            .first_url()
            .split_once('?')
            .map(|(_, query)| query.to_owned());
        Some(query.unwrap_or_default())
            .filter(|query| self.q().is_empty() && query.len() <= LONGEST_LIST)
    }

    /// The name of the list.
    pub fn view(&self) -> View {
        self.selection.view
    }

    /// True for the lists that are not by deadline: their service is a filter like another.
    pub fn is_by_moment(&self) -> bool {
        matches!(self.selection.view, View::Answered | View::Closed)
    }

    /// What was typed in the search field.
    pub fn q(&self) -> &str {
        self.query.q.as_deref().unwrap_or_default().trim()
    }

    /// The same words as a name, for a reference that is none after all.
    pub fn or_name(&self, sought: &Sought) -> Option<Sought> {
        match sought {
            Sought::Reference(_) => Sought::name(&search_key(self.q())),
            Sought::Name(_) | Sought::Contact(_) => None,
        }
    }

    /// True when the list is that service's queue.
    pub fn is_queue(&self, service: &str) -> bool {
        self.q().is_empty()
            && self.selection.view == View::Open
            && self.selection.service.as_deref() == Some(service)
    }

    /// True when the list is that view.
    pub fn is_view(&self, view: View) -> bool {
        let queue = view == View::Open && self.selection.service.is_some();
        self.q().is_empty() && self.selection.view == view && !queue
    }

    /// True when nothing is asked for but the desk.
    pub fn is_bare(&self) -> bool {
        self.q().is_empty() && self.is_view(View::Open) && self.active() == 0
    }

    /// How many filters are set.
    pub fn active(&self) -> usize {
        let selection = &self.selection;
        usize::from(selection.status.is_some())
            + usize::from(selection.procedure.is_some())
            + usize::from(selection.pressure.is_some())
            + usize::from(selection.hands.is_some())
            + usize::from(selection.outcome.is_some())
            + usize::from(self.is_by_moment() && selection.service.is_some())
    }

    /// Why there is no row, when there is none.
    pub fn empty(&self) -> &'static str {
        if self.sought.is_none() && !self.q().is_empty() {
            "short"
        } else if !self.q().is_empty() {
            "search"
        } else if self.active() > 0 {
            "filters"
        } else {
            match self.selection.view {
                View::Open => "queue",
                View::Mine => "mine",
                View::Late => "late",
                View::Answered => "answered",
                View::Closed => "closed",
            }
        }
    }

    /// What was just done, in a sentence.
    pub fn done(&self) -> Option<&'static str> {
        Some(match self.query.fait.as_deref()? {
            "prise" => "La demande est à vous.",
            "rendue" => "La demande est rendue à la file.",
            "confiee" => "La demande est confiée.",
            "trop-tard" => "Quelqu’un d’autre vient de prendre cette demande.",
            "transmise" => "La demande est partie dans un autre service. Vous ne la voyez plus.",
            _ => return None,
        })
    }

    /// The queue or view, without filters.
    pub fn clear_url(&self) -> String {
        if self.is_by_moment() {
            view_url(self.selection.view)
        } else {
            url(&self.kept())
        }
    }

    /// What the filters' form sends along.
    pub fn kept(&self) -> Vec<(&'static str, &str)> {
        let service = self.selection.service.as_deref().unwrap_or_default();
        vec![("file", service), ("vue", word(self.selection.view))]
    }

    /// This list from its beginning.
    pub fn first_url(&self) -> String {
        url(&self.pairs())
    }

    /// The page that begins after that place.
    pub fn next_url(&self, place: &Place) -> String {
        let place = place.to_string();
        let mut pairs = self.pairs();
        pairs.push(("apres", &place));
        url(&pairs)
    }

    /// This very page, to come back to.
    pub fn here(&self) -> String {
        match &self.place {
            Some(place) => self.next_url(place),
            None => self.first_url(),
        }
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let query = &self.query;
        let mut pairs = self.kept();
        pairs.extend([
            ("etat", query.etat.as_deref().unwrap_or_default()),
            ("demarche", query.demarche.as_deref().unwrap_or_default()),
            ("delai", query.delai.as_deref().unwrap_or_default()),
            ("agent", query.agent.as_deref().unwrap_or_default()),
            ("issue", query.issue.as_deref().unwrap_or_default()),
            ("q", query.q.as_deref().unwrap_or_default()),
        ]);
        pairs
    }
}
