//! Whatever is typed.

use super::fixture::{FIN, QUI, QUOI, context, procedure, typed};
use crate::definition::Procedure;
use crate::form::{Answers, Journey, SeenPage, Typed, journey, read_page, summary, validate_all};
use proptest::prelude::*;
use std::sync::LazyLock;

static PROCEDURE: LazyLock<Procedure> = LazyLock::new(procedure);

/// Names of the form, and some of nobody's.
fn name() -> impl Strategy<Value = String> {
    let known: Vec<String> =
        format!("{QUI}\n{QUOI}\n{FIN}\nlien=\nautre_nom=\noptions=\n_shown=\n_confirm=\nplan=")
            .lines()
            .filter_map(|line| line.trim().split_once('='))
            .map(|(name, _)| name.to_owned())
            .collect();
    prop_oneof![
        8 => proptest::sample::select(known),
        1 => (0_usize..9).prop_map(|n| format!("enfants.{n}.prenom")),
        1 => "[a-z_.0-9]{0,20}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    let good: Vec<String> = format!("{QUI}\n{QUOI}\n{FIN}")
        .lines()
        .filter_map(|line| line.trim().split_once('='))
        .map(|(_, text)| text.to_owned())
        .chain(
            [
                "autre",
                "rue",
                "pelle",
                "FR",
                "true",
                "1e9",
                "-0",
                "32/13/2026",
            ]
            .map(str::to_owned),
        )
        .collect();
    prop_oneof![3 => proptest::sample::select(good), 1 => any::<String>()]
}

fn post() -> impl Strategy<Value = Typed> {
    proptest::collection::vec((name(), text()), 0..40)
        .prop_map(|pairs| Typed::parse(pairs).unwrap_or_default())
}

/// The right answers with a few lines typed over them.
fn nearly_right() -> impl Strategy<Value = (Typed, Typed, Typed)> {
    let page = |lines: &'static str| {
        proptest::collection::vec((name(), text()), 0..3).prop_map(move |changes| {
            let right = lines.lines().filter_map(|line| line.trim().split_once('='));
            let right = right.map(|(name, text)| (name.to_owned(), text.to_owned()));
            Typed::parse(right.chain(changes)).unwrap_or_default()
        })
    };
    (page(QUI), page(QUOI), page(FIN))
}

/// Goes as far as the posts let one go; a page that is not open is passed over.
fn go(posts: &[(&str, &Typed)]) -> Answers {
    let mut answers = Answers::new();
    for (page, post) in posts {
        if let Some(outcome) = read_page(&PROCEDURE, page, post, &answers, &context()) {
            answers = outcome.answers;
        }
    }
    answers
}

fn holds_together(way: &Journey<'_>) {
    for page in way.pages() {
        let next = way.next(page.id()).map(SeenPage::id);
        if let Some(next) = next {
            assert_eq!(way.previous(next).map(SeenPage::id), Some(page.id()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_typed_is_too_strange(first in post(), second in post()) {
        let answers = go(&[("qui", &first), ("autre", &second), ("quoi", &second), ("fin", &first)]);
        let way = journey(&PROCEDURE, &answers, &context());
        holds_together(&way);
        let _ = summary(&way, "fr");
        for page in way.pages() {
            let _ = way.controls(page.id(), Some(&second), &page.errors(), "fr", None);
        }
    }

    #[test]
    fn a_page_read_again_from_its_own_answers_gives_the_same(
        (first, second, third) in nearly_right(),
    ) {
        let answers = go(&[("qui", &first), ("autre", &second), ("quoi", &second), ("fin", &third)]);
        let way = journey(&PROCEDURE, &answers, &context());
        for page in way.pages().iter().filter(|page| way.can_visit(page.id())) {
            let shown = way.shown(page.asked());
            let again = read_page(&PROCEDURE, page.id(), &shown, &answers, &context()).unwrap();
            let seen = again.journey.page(page.id()).unwrap();
            if page.is_complete() {
                prop_assert!(seen.is_complete());
                prop_assert_eq!(again.journey.answers(), way.answers());
                prop_assert_eq!(again.answers.to_json(), answers.to_json());
            }
        }
    }

    #[test]
    fn what_is_hidden_never_leaves_with_the_request((first, second, third) in nearly_right()) {
        let lines = format!("{}\nlien=fils", QUI.replace("pour=moi", "pour=autre"));
        // Fill the hidden page first, then change one's mind.
        let before = [("qui", &typed(&lines)), ("autre", &typed("autre_nom=Marc"))];
        let after = [("qui", &first), ("quoi", &second), ("fin", &third)];
        let all: Vec<_> = before.into_iter().chain(after).collect();
        let answers = go(&all);
        let way = journey(&PROCEDURE, &answers, &context());
        let complete = validate_all(&PROCEDURE, &answers, &context());
        prop_assert_eq!(complete.is_ok(), way.is_complete());
        if let Ok(complete) = complete {
            for (id, value) in complete.answers().to_json().as_object().unwrap() {
                prop_assert!(way.asked_field(id).is_some(), "{} {}", id, value);
            }
            if complete.answers().get("pour") == Some(&serde_json::json!("moi")) {
                prop_assert!(complete.answers().get("autre_nom").is_none());
            }
        }
    }
}
