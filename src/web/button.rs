//! The button that posted a form of questions. A page of a draft, the small form of a step and the answer
//! to a question have the same ones: only the last of them, "go on", does what the form is for.

use crate::form::Typed;

/// The button that posted a form.
#[derive(Debug, PartialEq, Eq)]
pub enum Button {
    /// Go on, send, take the step.
    Continue,
    /// Keep the draft for later.
    Later,
    /// Keep the draft, and go over to the newer version of its form or stay with the older.
    Choose,
    /// Draw the form again: its script saves it, files were added or taken away.
    Refresh,
    /// One more item in the group of that name.
    Add(String),
    /// That item of a group taken away: `membres.1`.
    Remove(String),
}

impl Button {
    /// Which one was pressed.
    pub fn of(typed: &Typed) -> Self {
        if let Some(group) = typed.raw("_add") {
            Self::Add(group.to_owned())
        } else if let Some(item) = typed.raw("_remove") {
            Self::Remove(item.to_owned())
        } else if typed.has("_later") {
            Self::Later
        } else if typed.has("_newer") || typed.has("_older") {
            Self::Choose
        } else if typed.has("_refresh") || typed.has("_delete_file") || typed.has("_upload") {
            Self::Refresh
        } else {
            Self::Continue
        }
    }

    /// Does to what was typed what the button says.
    pub fn press(&self, typed: &mut Typed) {
        match self {
            Self::Add(group) => typed.add_item(group),
            Self::Remove(item) => typed.remove_item(item),
            Self::Continue | Self::Later | Self::Choose | Self::Refresh => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_post_without_another_button_goes_on() {
        let pressed = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
            Button::of(&Typed::parse(pairs).unwrap())
        };
        assert_eq!(pressed(&[("nom", "Anne")]), Button::Continue);
        for name in ["_refresh", "_delete_file", "_upload"] {
            assert_eq!(pressed(&[("nom", "Anne"), (name, "1")]), Button::Refresh);
        }
        assert_eq!(pressed(&[("_later", "")]), Button::Later);
        for name in ["_newer", "_older"] {
            assert_eq!(pressed(&[("nom", "Anne"), (name, "1")]), Button::Choose);
        }
        assert_eq!(
            pressed(&[("_add", "membres"), ("_refresh", "1")]),
            Button::Add("membres".to_owned())
        );
        assert_eq!(
            pressed(&[("_remove", "membres.1")]),
            Button::Remove("membres.1".to_owned())
        );
    }
}
