//! What is right is left alone: conditions, amounts and texts that real forms need.

use super::super::fixture::{self, CERTIFICATE};
use super::{Defect, K, said, shown};

/// Everything that can be told of a form in a condition.
const CONDITIONS: &[&str] = &[
    "answers.motive == 'bank' || answers.motive != 'school' && !answers.adult",
    "answers.motive in ['bank'] && answers.motive != null",
    "is_blank(answers.person.birth_date) || age(answers.person.birth_date, today) < 18",
    "answers.address.postal_code in site.postal_codes",
    "answers.household.exists(one, one.child == true && one.name.startsWith('A'))",
    "answers.household.all(one, one.child) || size(answers.household) > 2",
    "answers.household.filter(one, one.child).size() >= 1",
    "size(answers.proof) == 0 || answers.proof[0].size > 1000",
    "answers.since >= '2026-01-01' && answers.since < add_days(today, 30)",
    "working_days_between(today, answers.since) > settings.unit_price / 100",
    "chosen.motive.urgent == true || chosen.motive['urgent']",
    "chosen.delivery.price > 0 && answers.copies % 2 == 0",
    "citizen.assurance == 'high' || citizen.birth_date == null",
    "answers.local == true || answers['local']",
    "string(answers.copies) + answers.email == 'x' || int('3') < answers.copies",
    "birth_date('85.07.30-033.28', today) < today && money(settings.unit_price) != ''",
    "has(answers.email) && answers.person.last_name.contains('x')",
    "join(['a', answers.email], ', ') != '' && settings.by_post",
    "answers.copies < 2.5",
    "true",
];

#[test]
fn conditions_that_make_sense_are_left_alone() {
    let from = "- when: answers.adult == false\n";
    for condition in CONDITIONS {
        let to = format!("- when: \"{condition}\"\n");
        let found = said(&fixture::edited(CERTIFICATE, from, &to).files);
        assert!(found.is_empty(), "{condition}\n{}", shown(&found));
    }
}

#[test]
fn amounts_that_stay_at_zero_or_above_are_left_alone() {
    let from = "amount: settings.unit_price + chosen.motive.price";
    for amount in [
        "0",
        "answers.motive == 'bank' ? 500 : settings.unit_price - 400",
        "settings.unit_price < chosen.motive.price ? 0 : settings.unit_price - chosen.motive.price",
        "chosen.motive.price <= settings.unit_price ? settings.unit_price - chosen.motive.price : 0",
        "(is_blank(answers.copies) ? 1 : answers.copies) * settings.unit_price",
        "is_blank(answers.copies) || answers.copies < 3 ? 0 : (answers.copies - 3) * 100",
        "!(answers.copies > 3) ? 0 : (answers.copies - 4) * 100",
        "size(answers.household) * 250 / 2",
        "(answers.copies % 3) * 100",
        "answers.delivery == 'online' ? 0 : answers.delivery == 'post' ? 100 : -1 * -5",
    ] {
        let to = format!("amount: \"{amount}\"");
        let found = said(&fixture::edited(CERTIFICATE, from, &to).files);
        // Some of them no longer read every setting.
        let found: Vec<_> = found.into_iter().filter(Defect::is_error).collect();
        assert!(found.is_empty(), "{amount}\n{}", shown(&found));
    }
}

#[test]
fn amounts_that_can_fall_below_zero_are_found_and_the_case_is_told() {
    let from = "amount: settings.unit_price + chosen.motive.price";
    for (amount, case) in [
        (
            "answers.motive == 'school' ? -100 : 500",
            "« motive » vaut « school »",
        ),
        ("400 - answers.copies * 100", "descendre à -1600"),
        (
            "answers.adult ? 100 : 100 - settings.unit_price",
            "« adult » est non",
        ),
        ("days_between(answers.since, today)", "négatif"),
        ("settings.by_post ? 0 : -1", "« settings.by_post » est non"),
        (
            "chosen.motive.urgent == false ? -100 : 0",
            "descendre à -100",
        ),
        (
            "answers.copies > 3 ? (answers.copies - 5) * 100 : 0",
            "descendre à -100",
        ),
    ] {
        let to = format!("amount: \"{amount}\"");
        let found = said(&fixture::edited(CERTIFICATE, from, &to).files);
        let told = found.iter().any(|one| {
            let message = one.message.replace('\u{a0}', " ");
            one.kind == K::NegativeFee && message.contains(case)
        });
        assert!(told, "{amount}\n{}", shown(&found));
    }
}

#[test]
fn a_page_is_out_of_reach_only_when_no_answer_leads_there() {
    let from = "when: answers.delivery == 'post' && answers.motive in ['bank', 'school']";
    for (when, reached) in [
        ("answers.delivery == 'post' && answers.copies > 2", true),
        // Copies are asked for the post alone.
        ("answers.delivery == 'online' && answers.copies > 2", false),
        (
            "answers.delivery == 'online' && answers.copies == null",
            true,
        ),
        // The question must be answered.
        ("answers.delivery == null", false),
        ("answers.adult == true && answers.guardian == 'x'", false),
        ("answers.adult == false && answers.guardian == 'x'", true),
        (
            "chosen.delivery.price == 250 && answers.delivery == 'online'",
            false,
        ),
        ("chosen.delivery.price >= 250 && settings.by_post", true),
        // A registry may say so elsewhere, but not both at once.
        ("chosen.motive.urgent == true", true),
        (
            "chosen.motive.urgent == true && chosen.motive.urgent == false",
            false,
        ),
        (
            "answers.motive == 'bank' ? answers.motive == 'school' : false",
            false,
        ),
        // The post is offered only where the commune sends by post.
        ("answers.delivery == 'post' && !settings.by_post", false),
    ] {
        let to = format!("when: \"{when}\"");
        let found = said(&fixture::edited(CERTIFICATE, from, &to).files);
        let unreached = found.iter().any(|one| one.kind == K::UnreachablePage);
        assert_eq!(unreached, !reached, "{when}\n{}", shown(&found));
    }
}
