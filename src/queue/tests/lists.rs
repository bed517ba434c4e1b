//! Lists, their order, their pages, their filters.

use super::*;
use crate::db::testing::on_each_engine;

#[test]
fn a_queue_is_read_page_after_page_without_losing_or_repeating_a_request() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population", "travaux"]);
        // Many of one day, so that pages break inside it.
        let cases: Vec<Case> = (0..70)
            .map(|n| {
                let service = if n % 3 == 0 { "travaux" } else { "population" };
                let due = if n < 60 { "2026-03-20" } else { "2026-03-19" };
                Case::of(service).due(due)
            })
            .collect();
        let filed = file(fresh, cases);
        let queue = queue(fresh, &ana);
        let (all, totals) = walk(fresh, &queue, &Selection::default());
        let mut expected = filed[60..].to_vec();
        expected.extend_from_slice(&filed[..60]);
        assert_eq!(all, expected);
        assert_eq!(totals, [70, 70, 70]);
    });
}

#[test]
fn a_request_that_arrives_between_two_pages_shifts_nothing() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population"]);
        let filed = file(fresh, vec![Case::of("population").due("2026-03-20"); 30]);
        let queue = queue(fresh, &ana);
        let selection = Selection::default();
        let first = read(fresh, |conn| queue.page(conn, &selection, None));
        file(fresh, vec![Case::of("population").due("2026-03-01")]);
        let place = first.next.unwrap();
        let second = read(fresh, |conn| queue.page(conn, &selection, Some(&place)));
        let ids: Vec<Id> = second.lines.iter().map(|line| line.id).collect();
        assert_eq!(ids, filed[25..]);
    });
}

#[test]
fn nobody_sees_a_request_of_another_service_in_any_list_or_figure() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population"]);
        let chief = member(fresh, "chef@exemple.be", &[]);
        let (held, id) = (ana.id, ana.id);
        let foreign = |change: &dyn Fn(&mut Case)| {
            let mut case = Case::of("social").due("2026-02-02");
            // It was hers before it changed service.
            case.assignee = Some(held);
            change(&mut case);
            case
        };
        file(
            fresh,
            vec![
                foreign(&|_| {}),
                foreign(&|case| case.assignee = None),
                foreign(&|case| case.answered = Some(1)),
                foreign(&|case| case.closed = Some(1)),
                foreign(&|case| "7K4M2P93".clone_into(&mut case.reference)),
            ],
        );
        for agent in [&ana, &chief] {
            let queue = queue(fresh, agent);
            for view in [
                View::Open,
                View::Mine,
                View::Late,
                View::Answered,
                View::Closed,
            ] {
                for service in [None, Some("social".to_owned())] {
                    for hands in [None, Some(Hands::Mine), Some(Hands::Of(id))] {
                        let selection = Selection {
                            view,
                            hands,
                            service: service.clone(),
                            ..Selection::default()
                        };
                        let (all, totals) = walk(fresh, &queue, &selection);
                        assert!(all.is_empty() && totals == [0], "{selection:?}");
                    }
                }
            }
            let counts = read(fresh, |conn| queue.counts(conn));
            assert!(counts.services.iter().all(|(_, count)| *count == 0));
            assert_eq!((counts.mine, counts.late, counts.answered), (0, 0, 0));
            for typed in ["7K4", "7K4M2P93", "lambert", "anne lambert"] {
                let sought = Sought::parse(typed).unwrap();
                let page = read(fresh, |conn| queue.search(conn, &sought, None));
                assert!(page.lines.is_empty(), "{typed}");
            }
        }
    });
}

#[test]
fn each_filter_keeps_what_it_says() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population"]);
        let bea = member(fresh, "bea@exemple.be", &["population"]);
        let population = || Case::of("population");
        let mut cases = vec![
            population().due("2026-02-27"),
            population().due("2026-03-04"),
            population().due("2026-03-05"),
            population().due("2026-02-20"),
            population().due("2026-05-01"),
        ];
        cases[1].assignee = Some(ana.id);
        cases[2].assignee = Some(bea.id);
        cases[3].paused = true;
        cases[3].status = "waiting";
        cases[4].procedure = "mariage";
        let filed = file(fresh, cases);
        let queue = queue(fresh, &ana);
        let kept = |change: &dyn Fn(&mut Selection)| -> Vec<usize> {
            let mut selection = Selection::default();
            change(&mut selection);
            let found = ids(fresh, &queue, &selection);
            let at = |id: &Id| filed.iter().position(|filed| filed == id).unwrap();
            found.iter().map(at).collect()
        };
        assert_eq!(kept(&|_| {}), [0, 1, 2, 4, 3]);
        assert_eq!(kept(&|s| s.pressure = Some(Pressure::Late)), [0]);
        assert_eq!(kept(&|s| s.view = View::Late), [0]);
        assert_eq!(kept(&|s| s.pressure = Some(Pressure::Soon)), [1]);
        assert_eq!(kept(&|s| s.pressure = Some(Pressure::Fine)), [2, 4]);
        assert_eq!(kept(&|s| s.pressure = Some(Pressure::Paused)), [3]);
        assert_eq!(kept(&|s| s.hands = Some(Hands::Mine)), [1]);
        assert_eq!(kept(&|s| s.view = View::Mine), [1]);
        assert_eq!(kept(&|s| s.hands = Some(Hands::Of(bea.id))), [2]);
        assert_eq!(kept(&|s| s.hands = Some(Hands::Nobody)), [0, 4, 3]);
        assert_eq!(kept(&|s| s.status = Some("waiting".into())), [3]);
        assert_eq!(kept(&|s| s.procedure = Some("mariage".into())), [4]);
        let nothing = kept(&|s| {
            s.procedure = Some("mariage".into());
            s.status = Some("waiting".into());
        });
        assert!(nothing.is_empty());
    });
}

#[test]
fn answers_come_the_oldest_first_and_what_is_over_the_last_first() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population", "travaux"]);
        let cases = (0..60_i64).map(|n| {
            let mut case = Case::of(if n % 2 == 0 { "travaux" } else { "population" });
            if n < 30 {
                case.answered = Some(100 - n / 2);
            } else {
                case.closed = Some(n / 2);
                case.answered = Some(1);
            }
            case
        });
        let filed = file(fresh, cases.collect());
        let queue = queue(fresh, &ana);
        let of = |view| {
            let selection = Selection {
                view,
                ..Selection::default()
            };
            walk(fresh, &queue, &selection).0
        };
        let mut answered: Vec<usize> = (0..30).collect();
        answered.sort_by_key(|n| (100 - n / 2, *n));
        let expected: Vec<Id> = answered.iter().map(|n| filed[*n]).collect();
        assert_eq!(of(View::Answered), expected);
        let closed: Vec<Id> = filed[30..].iter().rev().copied().collect();
        assert_eq!(of(View::Closed), closed);
        let counts = read(fresh, |conn| queue.counts(conn));
        assert_eq!(counts.answered, 30);
        assert_eq!(
            counts.services,
            [("population".to_owned(), 15), ("travaux".to_owned(), 15)]
        );
    });
}

#[test]
fn nothing_is_counted_beyond_a_hundred() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population", "travaux"]);
        file(fresh, vec![Case::of("population").due("2026-01-05"); 120]);
        let queue = queue(fresh, &ana);
        let counts = read(fresh, |conn| queue.counts(conn));
        assert_eq!(counts.services[0].1, MANY);
        assert_eq!(counts.late, MANY);
        let page = read(fresh, |conn| queue.page(conn, &Selection::default(), None));
        assert_eq!((page.lines.len(), page.total), (PAGE, MANY));
    });
}

#[test]
fn a_request_knows_its_neighbours_and_no_stranger_does() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population"]);
        let eva = member(fresh, "eva@exemple.be", &["travaux"]);
        let population = |due| Case::of("population").due(due);
        let filed = file(
            fresh,
            vec![
                population("2026-03-20"),
                population("2026-03-20"),
                population("2026-03-21"),
                Case::of("travaux").due("2026-03-20"),
            ],
        );
        let place =
            |n: usize| Place::Day(day(["2026-03-20", "2026-03-20", "2026-03-21"][n]), filed[n]);
        let beside = |agent: &Agent, n: usize| {
            let queue = queue(fresh, agent);
            read(fresh, |conn| {
                queue.beside(conn, &of_service("population"), &place(n))
            })
        };
        assert_eq!(beside(&ana, 0), (None, Some(filed[1])));
        assert_eq!(beside(&ana, 1), (Some(filed[0]), Some(filed[2])));
        assert_eq!(beside(&ana, 2), (Some(filed[1]), None));
        assert_eq!(beside(&eva, 1), (None, None));
    });
}

#[test]
fn what_waits_for_the_citizen_comes_after_everything_that_does_not() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population", "travaux"]);
        let case = |n: usize, due: &str, paused: bool| {
            let service = if n.is_multiple_of(3) {
                "travaux"
            } else {
                "population"
            };
            let mut case = Case::of(service).due(due);
            case.paused = paused;
            case.assignee = Some(ana.id);
            case
        };
        // Those that wait have been due for long.
        let mut cases: Vec<Case> = (0..40).map(|n| case(n, "2026-02-10", true)).collect();
        cases.extend((0..40).map(|n| case(n, "2026-03-20", false)));
        let filed = file(fresh, cases);
        let queue = queue(fresh, &ana);
        let mut expected = filed[40..].to_vec();
        expected.extend_from_slice(&filed[..40]);
        let mine = Selection {
            view: View::Mine,
            ..Selection::default()
        };
        for selection in [Selection::default(), mine] {
            let (all, totals) = walk(fresh, &queue, &selection);
            assert_eq!(all, expected);
            assert_eq!(totals, [80; 4]);
        }
        // One goes from the last that runs to the first that waits, and back.
        let beside = |place| {
            read(fresh, |conn| {
                queue.beside(conn, &of_service("travaux"), &place)
            })
        };
        let (last, first) = (filed[79], filed[0]);
        let (_, after) = beside(Place::Day(day("2026-03-20"), last));
        assert_eq!(after, Some(first));
        let (before, _) = beside(Place::Paused(day("2026-02-10"), first));
        assert_eq!(before, Some(last));
    });
}

fn of_service(service: &str) -> Selection {
    Selection {
        service: Some(service.to_owned()),
        ..Selection::default()
    }
}

#[test]
fn what_is_urgent_comes_first_page_after_page_and_what_waits_last() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population", "travaux"]);
        let mut cases = Vec::new();
        for n in 0..40 {
            let mut case = Case::of(if n % 2 == 0 { "population" } else { "travaux" });
            case.due_on = day("2026-03-10") + chrono::Days::new(n);
            case.urgent = n % 4 == 3;
            case.paused = n == 39;
            cases.push(case);
        }
        let filed = file(fresh, cases);
        let queue = queue(fresh, &ana);
        let urgent = (0..39).filter(|n| n % 4 == 3);
        let others = (0..39).filter(|n| n % 4 != 3);
        let expected: Vec<Id> = urgent.chain(others).chain([39]).map(|n| filed[n]).collect();
        let (all, totals) = walk(fresh, &queue, &Selection::default());
        assert_eq!(all, expected);
        assert_eq!(totals, [40, 40]);
        // The neighbours of each are those of the list.
        for (at, id) in expected.iter().enumerate() {
            let n = filed.iter().position(|one| one == id).unwrap();
            let due = day("2026-03-10") + chrono::Days::new(n as u64);
            let place = Place::of_deadline(due, *id, n == 39, n % 4 == 3);
            let list = Selection::default();
            let (before, after) = read(fresh, |conn| queue.beside(conn, &list, &place));
            assert_eq!(before, at.checked_sub(1).map(|at| expected[at]));
            assert_eq!(after, expected.get(at + 1).copied());
        }
    });
}

#[test]
fn each_part_of_an_open_list_is_answered_by_its_index_in_order() {
    on_each_engine(|fresh| {
        file(fresh, vec![Case::of("population")]);
        let parts = [
            ("paused_since IS NULL AND urgent", "requests_urgent"),
            ("paused_since IS NULL AND NOT urgent", "requests_running"),
            ("paused_since IS NOT NULL", "requests_paused"),
        ];
        for (part, index) in parts {
            let plan = plan(
                fresh,
                &format!(
                    "SELECT id FROM requests WHERE closed_at IS NULL AND {part} \
                     AND service = 'population' ORDER BY due_on, id LIMIT 26"
                ),
            );
            assert!(plan.contains(index), "{plan}");
            assert!(
                !plan.contains("Sort") && !plan.contains("TEMP B-TREE"),
                "{plan}"
            );
        }
    });
}

#[test]
fn what_is_over_is_filtered_by_procedure_by_agent_and_by_how_it_ended() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population"]);
        let id = ana.id;
        let over = |closed: i64, procedure, assignee| {
            let mut case = Case::of("population");
            (case.closed, case.procedure, case.assignee) = (Some(closed), procedure, assignee);
            case
        };
        let filed = file(
            fresh,
            vec![
                over(1, "menage", Some(id)),
                over(2, "mariage", Some(id)),
                over(3, "menage", None),
            ],
        );
        let queue = queue(fresh, &ana);
        let closed = |narrow: fn(&mut Selection)| {
            let mut selection = Selection {
                view: View::Closed,
                ..Selection::default()
            };
            narrow(&mut selection);
            ids(fresh, &queue, &selection)
        };
        assert_eq!(closed(|_| ()), [filed[2], filed[1], filed[0]]);
        let household = closed(|list| list.procedure = Some("menage".to_owned()));
        assert_eq!(household, [filed[2], filed[0]]);
        assert_eq!(
            closed(|list| list.hands = Some(Hands::Mine)),
            [filed[1], filed[0]]
        );
        assert_eq!(closed(|list| list.hands = Some(Hands::Nobody)), [filed[2]]);
        assert_eq!(
            closed(|list| list.outcome = Some(Outcome::Refused)).len(),
            0
        );
        assert_eq!(
            closed(|list| list.outcome = Some(Outcome::Granted)).len(),
            3
        );
        let place = Place::Moment(
            read(fresh, |conn| {
                let row = requests::table.find(filed[1]);
                row.select(requests::closed_at.assume_not_null())
                    .first(conn)
            }),
            filed[1],
        );
        let list = Selection {
            view: View::Closed,
            ..Selection::default()
        };
        let beside = read(fresh, |conn| queue.beside(conn, &list, &place));
        assert_eq!(beside, (Some(filed[2]), Some(filed[0])));
    });
}
