//! A procedure (*démarche*): everything one file says.

use super::example::Example;
use super::fee::Fee;
use super::field::Attribute;
use super::routing::Routing;
use super::site::{Authority, Secrecy};
use super::workflow::Transition;
use super::{Expression, Form, Located, Next, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// What a procedure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Document,
    Report,
    Booking,
    Request,
}

/// One procedure, as its file says it, shared groups and registries already put in their place.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Its name in addresses: `composition-de-menage`.
    pub id: Located<String>,
    pub title: Text,
    /// One sentence.
    pub summary: Text,
    pub kind: Kind,
    /// Id of the data controller.
    pub authority: Located<String>,
    /// The secrecy of its requests; the authority's when left out.
    #[serde(default)]
    pub secrecy: Option<Secrecy>,
    /// The heading it stands under in lists.
    pub category: Text,
    /// Words people search for that the title does not hold.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// About how many minutes it takes.
    pub minutes: u32,
    /// The text of its page.
    pub page: ProcedurePage,
    pub legal: Legal,
    /// What each commune fills in without touching the definition.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// Who asks: how lists, letters and mails name and reach them.
    pub applicant: Applicant,
    pub form: Form,
    /// Id of the shared workflow.
    pub workflow: Located<String>,
    /// Transitions added to the shared workflow, or put in the place of those of the same id.
    #[serde(default)]
    pub transitions: Vec<Transition>,
    #[serde(deserialize_with = "super::routing::or_none")]
    pub routing: Routing,
    #[serde(default)]
    pub fee: Option<Fee>,
    /// When it holds, the request is urgent: before the others in its queue.
    #[serde(default)]
    pub priority: Option<Expression>,
    pub deadline: Deadline,
    pub retention: Retention,
    /// The documents it issues, named by the workflow's actions.
    #[serde(default)]
    pub documents: Vec<DocumentTemplate>,
    #[serde(deserialize_with = "super::example::with_lines")]
    pub examples: Vec<Example>,
}

/// The text of a procedure's page (Markdown), in the order it is shown.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcedurePage {
    /// Who can ask.
    pub who: Text,
    /// What one needs at hand, one line each.
    #[serde(default)]
    pub needs: Vec<Text>,
    /// Cost in words, when the fee does not say it.
    #[serde(default)]
    pub cost: Text,
    /// Delay in words.
    pub delay: Text,
    /// The other ways: at the counter, by post, by phone.
    #[serde(default)]
    pub other_ways: Text,
    /// What happens after sending.
    pub next: Next,
    /// For minors, or by someone else's mandate.
    #[serde(default)]
    pub on_behalf: Text,
    /// Ids of related procedures.
    #[serde(default)]
    pub related: Vec<Located<String>>,
}

/// What the citizen is told before submission.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Legal {
    /// The legal basis, in words.
    #[serde(default)]
    pub basis: Text,
    /// What the data serve.
    #[serde(default)]
    pub purpose: Text,
    /// Who receives them.
    #[serde(default)]
    pub recipients: Text,
    /// How to contest a refusal, said with it; the authority's words when left out.
    #[serde(default)]
    pub appeal: Text,
}

/// A value a commune fills in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    pub id: Located<String>,
    pub label: Text,
    #[serde(rename = "type")]
    pub kind: SettingType,
    /// What counts until the site gives its own value.
    pub default: Attribute,
    /// The default is only an example: the procedure is not offered before the site gives its own.
    #[serde(default)]
    pub required: bool,
}

/// The type of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettingType {
    Text,
    Integer,
    /// Integer cents.
    Money,
    YesNo,
}

/// How the person who asks is named and reached: expressions over the answers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// "Lambert Anne".
    pub name: Expression,
    pub email: Expression,
    #[serde(default)]
    pub phone: Option<Expression>,
}

/// By when the service answers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    pub days: u32,
    pub unit: DayUnit,
    /// A promise counts the house's own closures; a legal delay does not.
    #[serde(default)]
    pub legal: bool,
    /// Where the delay comes from, in words.
    #[serde(default)]
    pub source: Text,
}

/// How days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayUnit {
    Working,
    Calendar,
}

/// How long a closed request is kept.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Months after it is closed; 0 is refused.
    #[serde(default)]
    pub months: u32,
    /// Why, and who validated it.
    #[serde(default)]
    pub note: Text,
}

/// A document the service issues: a letter whose text is a template over the answers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentTemplate {
    pub id: Located<String>,
    pub title: Text,
    /// The text, in minijinja over `answers`, `labels` (answers in words), `settings`, `site`, `authority`, `request`, `form`
    /// (the transition's small form) and `today`. A blank line separates paragraphs; a line that
    /// begins with `# ` is a heading; lines `clé : valeur` beginning with `- ` are a list.
    pub text: Located<String>,
    /// It carries a signature.
    #[serde(default = "yes")]
    pub signed: bool,
    /// The citizen takes it from the tracking page; always, when left out. Where this is false it is
    /// handed over on paper, and one that is to be paid is not offered here.
    #[serde(default)]
    pub online: Option<Expression>,
}

fn yes() -> bool {
    true
}

impl Procedure {
    /// How to contest a refusal of that authority, in words; nothing when neither says it. What the
    /// procedure says is said of its own authority: another one, to which the request was handed over,
    /// has its own means of appeal.
    pub fn appeal<'a>(&'a self, authority: Option<&'a Authority>, lang: &str) -> Option<&'a str> {
        let elsewhere = authority.is_some_and(|house| *house.id != *self.authority);
        let own = if elsewhere {
            ""
        } else {
            self.legal.appeal.get(lang)
        };
        let said = [own, authority.map_or("", |house| house.appeal.get(lang))];
        said.into_iter().find(|words| !words.trim().is_empty())
    }

    /// The document template of that id.
    pub fn document(&self, id: &str) -> Option<&DocumentTemplate> {
        self.documents.iter().find(|document| *document.id == id)
    }
}
