//! Where a request is moved: its site and the version it is pinned to. What expressions read of it, what
//! a transition asks for it, and where its deadline stands.

use super::Request;
use super::paper::Paper;
use crate::belgium::brussels_date;
use crate::calendar::DeadlineState;
use crate::db::Tx;
use crate::definition::field::Choice;
use crate::definition::load::{SERVICES, SOCIAL_SERVICES};
use crate::definition::workflow::Transition;
use crate::definition::{Field, FieldType, Located, Scope, Service, Text};
use crate::form::{self, Context};
use crate::site::Site;
use crate::site::shelf::Published;
use crate::workflow::{self, Moment};
use chrono::NaiveDate;
use serde_json::json;

/// Where a request is moved: its site and the version it is pinned to.
pub struct Room<'a> {
    pub site: &'a Site,
    pub published: &'a Published,
}

impl Room<'_> {
    /// What expressions read of this request.
    pub fn scope(&self, request: &Request) -> Scope {
        let answers = request.answers();
        let context = self.context(request);
        let mut scope =
            form::Journey::submitted(self.published.procedure(), &answers, &context).into_scope();
        scope.set(
            "request",
            json!({
                "reference": request.shown_reference(),
                "service": request.service,
                "fee": request.facts().total,
                "submitted": brussels_date(request.submitted_at.0).to_string(),
            }),
        );
        scope
    }

    /// Whether the citizen takes this paper from the tracking page. One on paper that costs something is
    /// paid first: the service hands it over.
    pub fn is_given_here(&self, request: &Request, paper: &Paper) -> bool {
        paper.is_receipt() || request.facts().total == 0 || self.is_online(request, paper)
    }

    /// Whether this paper was asked for online and not on paper.
    pub fn is_online(&self, request: &Request, paper: &Paper) -> bool {
        let template = self.published.procedure().document(&paper.template);
        let online = template.and_then(|template| template.online.as_ref());
        online.is_none_or(|online| online.holds(&self.scope(request)))
    }

    /// Today, for the small forms of transitions.
    pub fn context(&self, request: &Request) -> Context {
        self.context_on(request, self.site.today())
    }

    /// The day it was sent, against which its own form is answered, also when it is corrected later.
    pub fn context_of_sending(&self, request: &Request) -> Context {
        self.context_on(request, brussels_date(request.submitted_at.0))
    }

    fn context_on(&self, request: &Request, day: NaiveDate) -> Context {
        let calendar = self.site.calendar(&request.authority).clone();
        Context::new(self.published.procedure(), &self.site.file, day, calendar)
    }

    /// Where the deadline stands.
    pub fn deadline(&self, request: &Request) -> DeadlineState {
        workflow::deadline(
            &self.published.procedure().deadline,
            &request.state(),
            self.site.calendar(&request.authority),
            self.site.db.clock().now(),
        )
    }

    /// The small form of a transition, as it is asked for this request: the services it may go to, and
    /// the questions the citizen may be asked to correct, are put in here.
    pub fn small_form(&self, request: &Request, transition: &Transition) -> Vec<Field> {
        let mut fields = transition.form.clone();
        for field in &mut fields {
            if let Some(services) = self.services(request, field) {
                field.options = services;
            }
        }
        if transition.asks_fields {
            fields.push(self.correctable(request));
        }
        fields
    }

    /// True when every service its small form asks for can be chosen among some: a commune without a CPAS
    /// beside it hands nothing over, and neither does a CPAS.
    pub fn leads_somewhere(&self, request: &Request, transition: &Transition) -> bool {
        let mut asked = transition.form.iter().filter(|field| !field.optional);
        asked.all(|field| {
            self.services(request, field)
                .is_none_or(|services| !services.is_empty())
        })
    }

    /// The services a question of a small form offers; `None` for any other question.
    fn services(&self, request: &Request, field: &Field) -> Option<Vec<Choice>> {
        let from = field.from.as_ref()?;
        let offered = |service: &Service| {
            let same_house = *service.authority == request.authority;
            match from.as_str() {
                SERVICES => same_house && *service.id != request.service,
                _ => !same_house && !request.is_social() && self.site.is_social(&service.id),
            }
        };
        let all = self.site.file.services.iter();
        matches!(from.as_str(), SERVICES | SOCIAL_SERVICES).then(|| {
            all.filter(|service| offered(service))
                .map(|service| choice(&service.id, &service.name))
                .collect()
        })
    }

    fn correctable(&self, request: &Request) -> Field {
        let journey = form::Journey::submitted(
            self.published.procedure(),
            &request.answers(),
            &self.context(request),
        );
        let questions = journey
            .asked()
            .map(form::Asked::field)
            .filter(|field| field.is_question() && !takes_files(field));
        Field {
            id: Located::nowhere("fields".to_owned()),
            kind: Some(FieldType::Choices),
            label: Text::from("Réponses que le citoyen peut corriger"),
            hint: Text::from(
                "Cochez celles qui posent problème. Il peut toujours répondre par écrit et joindre des fichiers.",
            ),
            optional: true,
            options: questions
                .map(|field| choice(&field.id, field.label.get(&request.language)))
                .collect(),
            ..Field::default()
        }
    }

    pub(super) fn moment(&self, request: &Request, tx: &Tx) -> Moment<'_> {
        Moment {
            now: tx.now().0,
            calendar: self.site.calendar(&request.authority),
        }
    }
}

/// A file is not corrected in its place: the citizen joins another one to the answer.
fn takes_files(field: &Field) -> bool {
    field.field_type() == FieldType::Files || field.fields.iter().any(takes_files)
}

fn choice(id: &str, label: &str) -> Choice {
    Choice {
        id: Located::nowhere(id.to_owned()),
        label: Text::from(label),
        ..Choice::default()
    }
}
