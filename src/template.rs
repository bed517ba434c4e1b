//! Templates: minijinja with the few words of our own that pages and mails use. Strict: a value that is
//! not there is an error, not an empty spot. Only the web and the mail speak to this room.

pub mod assets;
mod filters;
mod speech;

use assets::Assets;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use rust_embed::RustEmbed;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "templates"]
struct Files;

/// All templates and assets, parsed once and shared.
#[derive(Clone)]
pub struct Templates {
    env: Arc<Environment<'static>>,
    assets: Arc<Assets>,
}

impl Templates {
    /// Reads the embedded templates when they are first asked for.
    pub fn new() -> Self {
        let assets = Arc::new(Assets::embedded());
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_auto_escape_callback(|name| {
            if Path::new(name)
                .extension()
                .is_some_and(|kind| kind == "txt")
            {
                AutoEscape::None
            } else {
                AutoEscape::Html
            }
        });
        env.set_loader(|name| {
            let Some(file) = Files::get(name) else {
                return Ok(None);
            };
            String::from_utf8(file.data.into_owned())
                .map(Some)
                .map_err(|error| Error::new(ErrorKind::SyntaxError, error.to_string()))
        });
        let known = Arc::clone(&assets);
        env.add_function("asset", move |path: &str| {
            known.address(path).map_or(Value::from(()), Value::from)
        });
        env.add_function("t", speech::t);
        filters::add_all(&mut env);
        Self {
            env: Arc::new(env),
            assets,
        }
    }

    /// Renders a template with its context.
    pub fn render(&self, name: &str, context: &impl Serialize) -> Result<String, Error> {
        self.env
            .get_template(name)?
            .render(minijinja::value::Serde(context))
    }

    /// What browsers download.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The names of every embedded template, for the test that parses them all.
    pub fn names() -> impl Iterator<Item = String> {
        Files::iter().map(std::borrow::Cow::into_owned)
    }
}

impl Default for Templates {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    #[test]
    fn every_template_can_be_read() {
        let templates = Templates::new();
        for name in Templates::names() {
            if let Err(error) = templates.env.get_template(&name) {
                panic!("{name}: {error:#}");
            }
        }
    }

    #[test]
    fn what_a_person_typed_is_escaped_also_inside_a_sentence() {
        let templates = Templates::new();
        let said = templates
            .env
            .render_named_str(
                "x.html",
                r#"{{ t("Bonjour {name} !", name=name) }}"#,
                context! { name => "<b>" },
            )
            .unwrap();
        assert_eq!(said, "Bonjour &lt;b&gt; !");
        let mail = templates
            .env
            .render_named_str(
                "x.txt",
                r#"{{ t("Bonjour {name}", name=name) }}"#,
                context! { name => "l’<b>" },
            )
            .unwrap();
        assert_eq!(mail, "Bonjour l’<b>");
    }

    #[test]
    fn a_value_that_is_not_there_is_an_error() {
        let templates = Templates::new();
        assert!(
            templates
                .env
                .render_named_str("x.html", "{{ missing }}", ())
                .is_err()
        );
    }
}
