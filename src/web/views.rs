//! What several pages show alike: a procedure's card, the service that answers, what becomes of the
//! data, the fields in error. Values for templates, named as the templates' comments say.

use crate::definition::{Authority, Kind, Procedure, Secrecy, Text};
use crate::form::FieldError;
use crate::form::control::{Control, Shown};
use crate::form::markdown::to_html;
use crate::site::Site;
use crate::site::shelf::Published;
use minijinja::Value;
use serde::Serialize;

/// HTML that was made here from escaped words, and is not escaped again.
pub type Html = Value;

/// Most characters of a question in the error summary: a declaration is a whole sentence.
const LONGEST_LABEL: usize = 90;

/// A procedure in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    pub title: String,
    pub url: String,
    pub summary: String,
    pub authority_name: String,
    pub secrecy: Secrecy,
}

/// A link.
#[derive(Clone, Debug, Serialize)]
pub struct Link {
    pub title: String,
    pub url: String,
}

/// The service that answers.
#[derive(Clone, Debug, Serialize)]
pub struct Contact {
    pub name: String,
    pub authority_name: String,
    pub secrecy: Secrecy,
    pub address: Vec<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub hours: Vec<Hours>,
    pub note: Option<String>,
    pub closures: Vec<String>,
}

/// One line of opening hours.
#[derive(Clone, Debug, Serialize)]
pub struct Hours {
    pub days: String,
    pub hours: String,
}

/// What becomes of the answers.
#[derive(Clone, Debug, Serialize)]
pub struct Privacy {
    pub controller: String,
    pub purpose: String,
    pub legal_basis: String,
    pub retention: String,
    pub recipients: Option<String>,
    pub dpo: Option<String>,
}

/// One line of the error summary.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorLine {
    pub field_id: String,
    pub message: String,
}

impl ErrorLine {
    /// The line of a control of ours.
    pub fn of(control: &Control, message: String) -> Self {
        Self {
            field_id: control.id.clone(),
            message,
        }
    }
}

/// The address of a procedure's page.
pub fn procedure_url(procedure: &Procedure) -> String {
    format!("/demarches/{}", procedure.id)
}

/// A procedure in a list.
pub fn card(site: &Site, published: &Published, lang: &str) -> Card {
    let procedure = published.procedure();
    Card {
        title: procedure.title.get(lang).to_owned(),
        url: procedure_url(procedure),
        summary: procedure.summary.get(lang).to_owned(),
        authority_name: authority_name(site, &procedure.authority),
        secrecy: published.definition.secrecy(&site.file),
    }
}

/// The short name of an authority.
pub fn authority_name(site: &Site, id: &str) -> String {
    site.authority(id)
        .map_or_else(String::new, |authority| authority.short_name.clone())
}

/// The service of that id; its authority alone when the service is gone.
pub fn contact(site: &Site, service: &str, authority: &str) -> Contact {
    let house = site.authority(authority);
    let service = site.service(service);
    let said = service.map_or(&[][..], |service| &service.hours);
    Contact {
        name: service.map_or_else(
            || house.map_or_else(String::new, |h| h.name.clone()),
            |s| s.name.clone(),
        ),
        authority_name: house.map_or_else(String::new, |h| h.short_name.clone()),
        secrecy: house.map_or(Secrecy::Social, |h| h.secrecy),
        address: service.map_or_else(Vec::new, |s| s.contact.clone()),
        phone: service.and_then(|s| s.phone.clone()),
        email: service.and_then(|s| s.mail.clone()),
        hours: said
            .iter()
            .filter(|l| l.contains(':'))
            .map(|l| hours(l))
            .collect(),
        // A line without an hour is a word about them.
        note: said.iter().find(|l| !l.contains(':')).cloned(),
        closures: coming_closures(site, house),
    }
}

/// The number of the service a procedure is sent to first.
pub fn phone(site: &Site, procedure: &Procedure) -> Option<String> {
    site.service(&procedure.routing.default)?.phone.clone()
}

/// "Lundi : 9 h à 12 h" in its two halves; a line without a colon is a day alone.
fn hours(line: &str) -> Hours {
    let (days, hours) = line.split_once(':').unwrap_or((line, ""));
    // An hour stays on one line: « 11 h 30 ».
    let mut words = hours.trim().replace(" h", "\u{a0}h");
    for digit in '0'..='9' {
        words = words.replace(&format!("h {digit}"), &format!("h\u{a0}{digit}"));
    }
    Hours {
        days: days.trim().to_owned(),
        hours: words,
    }
}

/// The closures of the next thirty days, in words.
fn coming_closures(site: &Site, house: Option<&Authority>) -> Vec<String> {
    let today = site.today();
    let near = |date: chrono::NaiveDate| (0..=30).contains(&(date - today).num_days());
    house
        .into_iter()
        .flat_map(|house| &house.closures)
        .filter(|closure| near(closure.date))
        .map(|closure| {
            format!(
                "Fermé le {}\u{a0}: {}",
                crate::belgium::french::long_date(closure.date),
                closure.reason
            )
        })
        .collect()
}

/// What becomes of the answers of this procedure.
pub fn privacy(site: &Site, procedure: &Procedure, lang: &str) -> Privacy {
    let house = site.authority(&procedure.authority);
    Privacy {
        controller: house.map_or_else(String::new, |house| house.name.clone()),
        purpose: procedure.legal.purpose.get(lang).to_owned(),
        legal_basis: procedure.legal.basis.get(lang).to_owned(),
        retention: retention(procedure.retention.months),
        recipients: given(&procedure.legal.recipients, lang),
        dpo: house
            .map(|house| house.privacy_contact.clone())
            .filter(|dpo| !dpo.is_empty()),
    }
}

/// "5 ans après la clôture".
pub fn retention(months: u32) -> String {
    let (n, unit) = if months.is_multiple_of(12) {
        (months / 12, "an")
    } else {
        (months, "mois")
    };
    let plural = if n > 1 && unit == "an" { "s" } else { "" };
    format!("{n}\u{a0}{unit}{plural} après la clôture de la demande")
}

/// The words of a text, when it has any.
pub fn given(text: &Text, lang: &str) -> Option<String> {
    Some(text.get(lang))
        .filter(|words| !words.trim().is_empty())
        .map(str::to_owned)
}

/// The words of a text as HTML, when it has any.
pub fn html(words: &str) -> Option<Html> {
    (!words.trim().is_empty()).then(|| Value::from_safe_string(to_html(words)))
}

/// The error summary of a form: in the order of its page, each line with the question it is about. What
/// stands beside no control comes last, in its own words.
pub fn error_lines(controls: &[Control], faults: &[FieldError]) -> Vec<ErrorLine> {
    let mut lines = Vec::new();
    for control in controls {
        lines_of(control, None, faults, &mut lines);
    }
    let beside = lines.len();
    for fault in faults {
        let shown = |line: &ErrorLine| line.field_id == fault.field_id;
        if !lines[..beside].iter().any(shown) {
            lines.extend(errors(std::slice::from_ref(fault)));
        }
    }
    lines
}

/// The lines of a control and of what is in it: « Votre nouvelle adresse, rue : complétez ce champ. »
fn lines_of(
    control: &Control,
    above: Option<&str>,
    faults: &[FieldError],
    lines: &mut Vec<ErrorLine>,
) {
    let label = match above {
        Some(above) => format!("{above}, {}", lower(&control.label)),
        None => control.label.clone(),
    };
    // Each of several files may be refused for its own reason.
    let own = faults.iter().filter(|fault| fault.field_id == control.id);
    lines.extend(own.map(|fault| ErrorLine {
        field_id: control.id.clone(),
        message: about(&label, &fault.message),
    }));
    let inside = label.trim_end_matches(['?', '\u{a0}', ' ']);
    for part in &control.parts {
        lines_of(part, Some(inside), faults, lines);
    }
    for (at, item) in control.items.iter().enumerate() {
        let above = format!("{inside}, n°\u{a0}{}", at + 1);
        for field in &item.fields {
            lines_of(field, Some(&above), faults, lines);
        }
    }
}

fn about(label: &str, message: &str) -> String {
    let label: String = if label.chars().count() > LONGEST_LABEL {
        label.chars().take(LONGEST_LABEL).chain(['…']).collect()
    } else {
        label.to_owned()
    };
    if label.is_empty() {
        message.to_owned()
    } else if label.ends_with(['?', '…', '.']) {
        format!("{label} {message}")
    } else {
        format!("{label}\u{a0}: {}", lower(message))
    }
}

/// The same words in the middle of a sentence.
fn lower(words: &str) -> String {
    let mut rest = words.chars();
    let second_is_capital = words.chars().nth(1).is_some_and(char::is_uppercase);
    match rest.next() {
        // IBAN, PDF.
        Some(first) if !second_is_capital => first.to_lowercase().chain(rest).collect(),
        _ => words.to_owned(),
    }
}

/// The error summary of these faults.
pub fn errors(faults: &[FieldError]) -> Vec<ErrorLine> {
    faults
        .iter()
        .map(|fault| ErrorLine {
            field_id: fault.field_id.clone(),
            message: fault.message.clone(),
        })
        .collect()
}

/// The word of a kind, for classes and metrics.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Document => "document",
        Kind::Report => "report",
        Kind::Booking => "booking",
        Kind::Request => "request",
    }
}

/// A control of ours, outside any definition: the code of a tracking page, a message.
pub fn control(kind: &'static str, name: &str, label: &str, value: &str) -> Control {
    Control {
        label: label.to_owned(),
        value: Shown::Text(value.to_owned()),
        required: true,
        ..Control::blank(kind, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, label: &str) -> Control {
        control("text", name, label, "")
    }

    fn fault(name: &str, message: &str) -> FieldError {
        FieldError {
            name: name.to_owned(),
            field_id: name.replace('.', "-"),
            message: message.to_owned(),
        }
    }

    #[test]
    fn the_summary_names_each_question_in_the_order_of_the_page() {
        use crate::form::control::ControlItem;
        let address = Control {
            parts: vec![
                named("adresse.street", "Rue"),
                named("adresse.number", "Numéro"),
            ],
            ..named("adresse", "Où habitez-vous\u{a0}?")
        };
        let people = Control {
            items: vec![ControlItem {
                index: 4,
                fields: vec![named("gens.4.iban", "IBAN")],
            }],
            ..named("gens", "Les personnes")
        };
        let controls = [address, people, named("oui", "D’accord\u{a0}?")];
        let faults = [
            fault("autre", "Ce fichier est vide."),
            fault("oui", "Choisissez une réponse."),
            fault("gens.4.iban", "Il manque un chiffre."),
            fault("adresse.street", "Complétez ce champ."),
            fault("oui", "Et encore une."),
        ];
        let lines: Vec<String> = error_lines(&controls, &faults)
            .into_iter()
            .map(|line| line.message)
            .collect();
        assert_eq!(
            lines,
            [
                "Où habitez-vous, rue\u{a0}: complétez ce champ.",
                "Les personnes, n°\u{a0}1, IBAN\u{a0}: il manque un chiffre.",
                "D’accord\u{a0}? Choisissez une réponse.",
                "D’accord\u{a0}? Et encore une.",
                "Ce fichier est vide.",
            ]
        );
    }
}
