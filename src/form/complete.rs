//! A form that can be sent: every page complete, hidden answers gone, who receives it, what it costs
//! and by when it is answered.

use super::journey::{Journey, journey};
use super::problem::{Fault, FieldError, PageFault};
use super::{Answers, Context};
use crate::calendar::{Calendar, Delay};
use crate::definition::Procedure;
use crate::definition::expression::EvalError;
use crate::definition::procedure::DayUnit;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Everything that is fixed when a request is sent. Only [`validate_all`] makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Complete {
    answers: Answers,
    applicant: Applicant,
    route: Route,
    fee: Fee,
    urgent: bool,
    due: NaiveDate,
    warnings: Vec<FieldError>,
}

/// Who asks, as lists, letters and mails name and reach them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    pub name: String,
    pub email: String,
    /// Empty when it was not given.
    pub phone: String,
}

/// Nobody's name stands in a log.
impl std::fmt::Debug for Applicant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Applicant(…)")
    }
}

/// The service that receives it and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Id of the service.
    pub service: String,
    /// Told to the agent; empty for the default service.
    pub because: String,
}

/// What it costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    pub lines: Vec<FeeLine>,
    /// In cents; 0 is free of charge.
    pub total: i64,
}

/// One line of the fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    pub label: String,
    pub cents: i64,
}

/// Why a form cannot be sent.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotReady {
    /// Questions are left, in the order of the pages.
    #[error("{} answers are missing or wrong", .0.len())]
    Unfinished(Vec<PageFault>),
    /// An expression of the definition gives nothing for these answers: the definition is wrong.
    #[error("the definition gives no result: {0}")]
    Broken(#[from] EvalError),
    /// A fee below zero, or beyond what an integer holds: the definition is wrong.
    #[error("the definition gives an impossible fee")]
    ImpossibleFee,
}

/// Judges the whole form for a submission on the context's day.
pub fn validate_all(
    procedure: &Procedure,
    answers: &Answers,
    context: &Context,
) -> Result<Complete, NotReady> {
    let way = journey(procedure, answers, context);
    let faults = way.page_faults();
    if !faults.is_empty() {
        return Err(NotReady::Unfinished(faults));
    }
    let warnings = way.pages().iter().flat_map(super::SeenPage::warnings);
    Ok(Complete {
        answers: way.final_answers(),
        applicant: way.applicant()?,
        route: way.route(),
        fee: way.fee()?,
        urgent: way.urgent(),
        due: due(procedure, context.today(), context.calendar()),
        warnings: warnings.collect(),
    })
}

/// The last day of the procedure's deadline for a request sent that day. `calendar` has the
/// authority's closures: they count for a promise and not for a delay the law sets.
pub fn due(procedure: &Procedure, sent: NaiveDate, calendar: &Calendar) -> NaiveDate {
    let deadline = &procedure.deadline;
    let days = u16::try_from(deadline.days).unwrap_or(u16::MAX);
    let delay = match deadline.unit {
        DayUnit::Working => Delay::working(days),
        DayUnit::Calendar => Delay::calendar(days),
    };
    if deadline.legal {
        delay.due(sent, &Calendar::legal())
    } else {
        delay.due(sent, calendar)
    }
}

impl Complete {
    /// The final answers: what was asked and the computed values, nothing hidden.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Who asks.
    pub fn applicant(&self) -> &Applicant {
        &self.applicant
    }

    /// Which service receives it, and why.
    pub fn route(&self) -> &Route {
        &self.route
    }

    /// What it costs.
    pub fn fee(&self) -> &Fee {
        &self.fee
    }

    /// Whether it comes before the others in its queue.
    pub fn urgent(&self) -> bool {
        self.urgent
    }

    /// The day an answer is expected.
    pub fn due(&self) -> NaiveDate {
        self.due
    }

    /// The warnings the citizen confirmed; the agent may want to know.
    pub fn warnings(&self) -> &[FieldError] {
        &self.warnings
    }
}

impl Journey<'_> {
    /// What keeps the form from being sent, page by page.
    pub fn page_faults(&self) -> Vec<PageFault> {
        let on = |page: &str, fault: &Fault| PageFault {
            page: page.to_owned(),
            error: fault.error(),
        };
        self.pages()
            .iter()
            .flat_map(|page| {
                // A page that only was never passed is named once.
                let unseen = page.unseen.iter().filter(|_| page.faults.is_empty());
                page.faults
                    .iter()
                    .chain(unseen)
                    .map(|fault| on(page.id(), fault))
            })
            .collect()
    }

    /// The service that receives these answers: the first rule that holds, else the default.
    pub fn route(&self) -> Route {
        let routing = &self.procedure().routing;
        let rule = routing
            .rules
            .iter()
            .find(|rule| rule.when.holds(self.scope()));
        match rule {
            Some(rule) => Route {
                service: rule.service.to_string(),
                because: rule.because.to_string(),
            },
            None => Route {
                service: routing.default.to_string(),
                because: String::new(),
            },
        }
    }

    /// Whether the procedure judges these answers urgent.
    pub fn urgent(&self) -> bool {
        let priority = self.procedure().priority.as_ref();
        priority.is_some_and(|priority| priority.holds(self.scope()))
    }

    /// What these answers cost. Fails while an answer it reads is blank.
    pub fn fee(&self) -> Result<Fee, NotReady> {
        let mut fee = Fee::default();
        let lines = self.procedure().fee.iter().flat_map(|fee| &fee.lines);
        for line in lines {
            if !line
                .when
                .as_ref()
                .is_none_or(|when| when.holds(self.scope()))
            {
                continue;
            }
            let cents = line.amount.cents(self.scope())?;
            fee.total = fee
                .total
                .checked_add(cents)
                .filter(|_| cents >= 0)
                .ok_or(NotReady::ImpossibleFee)?;
            if cents > 0 {
                fee.lines.push(FeeLine {
                    label: line.label.to_string(),
                    cents,
                });
            }
        }
        Ok(fee)
    }

    /// Who asks, by these answers.
    pub fn applicant(&self) -> Result<Applicant, EvalError> {
        let applicant = &self.procedure().applicant;
        let phone = applicant.phone.as_ref();
        Ok(Applicant {
            name: applicant.name.text(self.scope())?.trim().to_owned(),
            email: applicant.email.text(self.scope())?,
            phone: phone.map_or(Ok(String::new()), |phone| phone.text(self.scope()))?,
        })
    }
}
