//! The neighbours of a place that the list does not hold.

use super::*;
use crate::db::testing::on_each_engine;

#[test]
fn a_place_in_a_part_that_the_list_does_not_hold_has_its_neighbours_in_the_list() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population"]);
        let case = |due, paused| {
            let mut case = Case::of("population").due(due);
            case.paused = paused;
            case
        };
        let filed = file(
            fresh,
            vec![
                case("2026-02-10", false),
                case("2026-02-20", false),
                case("2026-02-10", true),
                case("2026-02-20", true),
            ],
        );
        let queue = queue(fresh, &ana);
        let list = |view, pressure| Selection {
            view,
            pressure,
            ..Selection::default()
        };
        let (due, stranger) = (day("2026-02-15"), Id::parse(STRANGER).unwrap());
        let beside = |list: &Selection, place| read(fresh, |conn| queue.beside(conn, list, &place));
        let paused = list(View::Open, Some(Pressure::Paused));
        assert_eq!(
            beside(&paused, Place::Day(due, stranger)),
            (None, Some(filed[2]))
        );
        assert_eq!(
            beside(&paused, Place::Paused(due, stranger)),
            (Some(filed[2]), Some(filed[3]))
        );
        let late = list(View::Late, None);
        assert_eq!(
            beside(&late, Place::Paused(due, stranger)),
            (Some(filed[1]), None)
        );
        let both = list(View::Late, Some(Pressure::Paused));
        assert_eq!(beside(&both, Place::Paused(due, stranger)), (None, None));
        assert_eq!(paused.waiting(), Some(true));
        assert_eq!(late.waiting(), Some(false));
        assert_eq!(Selection::default().waiting(), None);
    });
}

const STRANGER: &str = "019cae00-0000-7000-8000-000000000001";
