//! `t("Étape {n} sur {total}", n=2, total=4)`: the French sentence is the key, so that templates read
//! as what they say and French is complete by construction. See docs/decisions/0006.

use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Error, HtmlEscape, State};
use std::fmt::Write;

/// Puts the values in their places and escapes them for the format at hand.
pub fn t(state: &State, text: &str, values: Kwargs) -> Result<Value, Error> {
    let html = !matches!(state.auto_escape(), AutoEscape::None);
    let mut said = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        said.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            said.push('{');
            rest = after;
            continue;
        };
        put(&mut said, &values.get::<Value>(name)?, html);
        rest = after;
    }
    said.push_str(rest);
    values.assert_all_used()?;
    Ok(if html {
        Value::from_safe_string(said)
    } else {
        Value::from(said)
    })
}

fn put(said: &mut String, value: &Value, html: bool) {
    let text = value.to_string();
    if html && !value.is_safe() {
        // Writing to a String cannot fail.
        write!(said, "{}", HtmlEscape(&text)).unwrap_or_default();
    } else {
        said.push_str(&text);
    }
}
