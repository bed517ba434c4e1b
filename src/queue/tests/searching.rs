//! Finding by reference and by name.

use super::*;
use crate::db::testing::on_each_engine;

fn names(fresh: &Fresh, queue: &Queue, typed: &str) -> Vec<String> {
    let sought = Sought::parse(typed).unwrap();
    let page = read(fresh, |conn| queue.search(conn, &sought, None));
    page.lines
        .iter()
        .map(|line| line.applicant.clone())
        .collect()
}

#[test]
fn a_name_is_found_by_its_words_in_any_order_open_or_closed() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population", "travaux"]);
        let by = |name| Case::of("population").by(name);
        let mut closed = Case::of("travaux").by("Lambert Zoé");
        closed.closed = Some(1);
        file(
            fresh,
            vec![
                by("Lambert Anne"),
                closed,
                by("Lambrecht Anne"),
                by("Dupont Lambert"),
                by("Étienne Zoé"),
                by("Van den Berg Li"),
                by("Иванова Анна"),
            ],
        );
        let queue = queue(fresh, &ana);
        let finds = |typed| names(fresh, &queue, typed);
        let lamberts = ["Dupont Lambert", "Lambert Anne", "Lambert Zoé"];
        assert_eq!(finds("lambert"), lamberts);
        assert_eq!(finds("LAMB")[..3], lamberts);
        assert_eq!(finds("LAMB")[3..], ["Lambrecht Anne"]);
        assert_eq!(finds("anne lambert"), ["Lambert Anne"]);
        assert_eq!(finds("lambert a"), ["Lambert Anne"]);
        assert_eq!(finds("lambert dup"), ["Dupont Lambert"]);
        assert_eq!(finds("etienne"), ["Étienne Zoé"]);
        // The word it was found by orders the list; a first name is a word like another.
        assert_eq!(finds("anne"), ["Lambert Anne", "Lambrecht Anne"]);
        assert_eq!(finds("van den be"), ["Van den Berg Li"]);
        assert_eq!(finds("иван"), ["Иванова Анна"]);
        assert!(finds("zz").is_empty());
        assert!(finds("%%zz%").is_empty());
    });
}

#[test]
fn a_long_search_is_read_page_after_page() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population", "travaux"]);
        let cases = (0..60).map(|n| {
            let service = if n % 2 == 0 { "travaux" } else { "population" };
            // Half of them are called the same.
            let name = format!("Martin Paul {:02}", n.max(30));
            Case::of(service).by(&name)
        });
        let filed = file(fresh, cases.collect());
        let queue = queue(fresh, &ana);
        let sought = Sought::parse("martin paul").unwrap();
        let (mut all, mut place) = (Vec::new(), None);
        loop {
            let page = read(fresh, |conn| queue.search(conn, &sought, place.as_ref()));
            all.extend(page.lines.iter().map(|line| line.id));
            match page.next {
                Some(next) => place = Some(next),
                None => break,
            }
        }
        assert_eq!(all, filed);
    });
}

#[test]
fn a_search_whose_last_row_is_gone_says_that_it_begins_again() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population"]);
        let case = |n| Case::of("population").by(&format!("Martin Paul {n:02}"));
        let filed = file(fresh, (0..30).map(case).collect());
        let queue = queue(fresh, &ana);
        let sought = Sought::parse("martin").unwrap();
        let search = |place: Option<&Place>| read(fresh, |conn| queue.search(conn, &sought, place));
        let place = search(None).next;
        assert_eq!(place, Some(Place::Request(filed[24])));
        let second = search(place.as_ref());
        assert_eq!((second.lines.len(), second.restarted), (5, false));
        // It is sent on to another service before the next page is asked for.
        let last = filed[24];
        write(fresh, move |tx| {
            diesel::update(search_keys::table.filter(search_keys::request_id.eq(last)))
                .set(search_keys::service.eq("travaux"))
                .execute(tx.conn())
        });
        let again = search(place.as_ref());
        assert_eq!((again.lines[0].id, again.restarted), (filed[0], true));
        assert!(!search(None).restarted);
    });
}

#[test]
fn a_reference_is_found_however_it_is_typed_and_by_its_beginning() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population"]);
        let mut cases = vec![
            Case::of("population").by("Un"),
            Case::of("population").by("Deux"),
        ];
        "7K4M2P93".clone_into(&mut cases[0].reference);
        "7K9ZZ9ZZ".clone_into(&mut cases[1].reference);
        file(fresh, cases);
        let queue = queue(fresh, &ana);
        assert_eq!(names(fresh, &queue, "7k4·m2p·93"), ["Un"]);
        assert_eq!(names(fresh, &queue, " 7K4 M2P 93 "), ["Un"]);
        assert_eq!(names(fresh, &queue, "7k4m"), ["Un"]);
        assert_eq!(names(fresh, &queue, "7K9"), ["Deux"]);
    });
}

#[test]
fn what_cannot_be_looked_for_is_not_looked_for() {
    for typed in ["", " ", "a", "a b", "%", "..."] {
        assert_eq!(Sought::parse(typed), None, "{typed}");
    }
    let long = "x".repeat(10_000);
    assert!(matches!(Sought::parse(&long), Some(Sought::Name(words)) if words[0].len() <= 200));
    let words = Sought::parse("a bb c d e f g");
    assert!(matches!(words, Some(Sought::Name(words)) if words.len() == 4));
    assert_eq!(
        Sought::parse("7K4"),
        Some(Sought::Reference("7K4".to_owned()))
    );
    assert_eq!(
        Sought::parse("ann"),
        Some(Sought::Name(vec!["ann".to_owned()]))
    );
}

#[test]
fn every_part_of_a_name_an_address_and_a_number_find_the_request() {
    on_each_engine(|fresh| {
        let ana = member(fresh, "ana@exemple.be", &["population"]);
        let mut countess = Case::of("population").by("Van der Straeten-Ponthoz Élisabeth");
        countess.email = Some("Elisabeth@Exemple.BE");
        countess.phone = Some("+32470123456");
        let twice = Case::of("population").by("Anne Annie");
        let mut elsewhere = Case::of("energie").by("Straeten Zénobie");
        elsewhere.phone = Some("+32470123456");
        elsewhere.email = Some("elisabeth@exemple.be");
        file(fresh, vec![countess, twice, elsewhere]);
        let queue = queue(fresh, &ana);
        let finds = |typed| names(fresh, &queue, typed);
        for typed in [
            "straeten",
            "Ponthoz",
            "Élisabeth",
            "elisa strae",
            "0470 12 34 56",
            "0470/12.34.56",
            "+32 470 12 34 56",
            "elisabeth@exemple.be",
        ] {
            let countess = ["Van der Straeten-Ponthoz Élisabeth"];
            assert_eq!(finds(typed), countess, "{typed}");
        }
        // Two words of hers begin so; she stands in the list once.
        assert_eq!(finds("ann"), ["Anne Annie"]);
        // Another service's is not there, however exactly one knows it.
        for typed in [
            "zenobie",
            "0470 12 34 57",
            "lisabeth@exemple.be",
            "elisabeth@exemple",
        ] {
            assert!(finds(typed).is_empty(), "{typed}");
        }
    });
}

#[test]
fn a_search_is_answered_by_the_index_in_its_order() {
    on_each_engine(|fresh| {
        file(fresh, vec![Case::of("population").by("Lambert Anne")]);
        let plan = plan(
            fresh,
            "SELECT word, name, request_id FROM search_keys WHERE service = 'population' \
             AND word >= 'lam' AND word < 'lan' AND (name LIKE 'an%' OR name LIKE '% an%') \
             ORDER BY word, name, request_id LIMIT 26",
        );
        assert!(plan.contains("search_keys_word"), "{plan}");
        assert!(
            !plan.contains("Sort") && !plan.contains("TEMP B-TREE"),
            "{plan}"
        );
    });
}
