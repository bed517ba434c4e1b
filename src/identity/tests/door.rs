//! Signing in, the second factor, sessions.

use super::*;
use crate::db::testing::on_each_engine;
use crate::identity::password::Changed;
use crate::identity::second_factor::{self, Passed};
use crate::identity::session;
use chrono::Duration;
use tokio::runtime::Builder;

fn wait<T>(future: impl Future<Output = T>) -> T {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn knock_from(fresh: &Fresh, email: &str, password: &str, address: &str) -> SignedIn {
    let sign_in = SignIn {
        email: email.to_owned(),
        password: password.to_owned(),
        address: address.parse().unwrap(),
        user_agent: "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0".to_owned(),
        previous: None,
        known: Vec::new(),
    };
    wait(sign_in.run(fresh.db(), &key())).unwrap()
}

fn knock(fresh: &Fresh, email: &str, password: &str) -> SignedIn {
    knock_from(fresh, email, password, "192.0.2.1")
}

fn welcome(outcome: SignedIn) -> (Token, Needs) {
    match outcome {
        SignedIn::Welcome { token, needs, .. } => (token, needs),
        other => panic!("{other:?}"),
    }
}

fn half_way(fresh: &Fresh, token: &Token) -> HalfWay {
    match presence(fresh, token) {
        Presence::HalfWay(half_way) => half_way,
        other => panic!("{other:?}"),
    }
}

fn give(fresh: &Fresh, session: &Session, code: String) -> Passed {
    let session = session.clone();
    write(fresh, move |tx| {
        second_factor::pass(tx, &key(), &session, &code, &[])
    })
}

fn code_of(fresh: &Fresh, agent: &Agent) -> String {
    let (id, now) = (agent.id, At::new(fresh.clock.now()));
    fresh
        .db()
        .read_now(|conn| Ok::<_, Error>(second_factor::generator(conn, &key(), id)?))
        .unwrap()
        .unwrap()
        .code_at(now)
}

/// Signs in through both doors, with a telephone enrolled unseen.
fn enter(fresh: &Fresh, agent: &Agent) -> (Token, Session) {
    let (token, _) = welcome(knock(fresh, &agent.email, PASSWORD));
    let waiting = half_way(fresh, &token);
    fresh.clock.advance(Duration::seconds(90));
    match give(fresh, &waiting.session, code_of(fresh, agent)) {
        Passed::Welcome { token, session, .. } => (token, session),
        other => panic!("{other:?}"),
    }
}

fn enrolled(fresh: &Fresh, email: &'static str) -> Agent {
    let agent = agent(fresh, email);
    let of = agent.clone();
    write(fresh, move |tx| {
        second_factor::enrol_unseen(tx, &key(), &of).map(|_| ())
    });
    agent
}

#[test]
fn the_first_sign_in_enrols_a_telephone_and_the_password_alone_opens_nothing() {
    on_each_engine(|fresh| {
        let ana = agent(fresh, "Ana@Exemple.be");
        let (token, needs) = welcome(knock(fresh, " ana@exemple.BE ", PASSWORD));
        assert_eq!(needs, Needs::Enrolment);
        assert!(presence(fresh, &token).present().is_none());
        let waiting = half_way(fresh, &token);
        assert!(matches!(
            give(fresh, &waiting.session, "000000".into()),
            Passed::StartAgain
        ));
        let show = || {
            let session = waiting.session.clone();
            write(fresh, move |tx| {
                second_factor::enrolment(tx, &key(), &session, "Guichet de Wanze")
            })
            .unwrap()
        };
        let shown = show();
        assert_eq!(shown.spelled, show().spelled);
        assert!(shown.uri.contains("ana%40exemple.be"), "{}", shown.uri);
        let Passed::Welcome {
            token: whole,
            session,
            ..
        } = give(fresh, &waiting.session, code_of(fresh, &ana))
        else {
            panic!("the right code was refused");
        };
        assert_ne!(whole, token);
        assert!(matches!(presence(fresh, &token), Presence::Nobody));
        let scope = presence(fresh, &whole).present().unwrap();
        assert_eq!(scope.agent(), &ana);
        assert_eq!(session.label, "Firefox · Windows");
        let (_, needs) = welcome(knock(fresh, "ana@exemple.be", PASSWORD));
        assert_eq!(needs, Needs::SecondFactor);
    });
}

#[test]
fn a_secret_that_another_visitor_saw_is_not_the_one_that_is_enrolled() {
    on_each_engine(|fresh| {
        agent(fresh, "ana@exemple.be");
        let see = |token: &Token| {
            let session = half_way(fresh, token).session;
            write(fresh, move |tx| {
                second_factor::enrolment(tx, &key(), &session, "Guichet")
            })
            .unwrap()
            .spelled
        };
        let (first, _) = welcome(knock(fresh, "ana@exemple.be", PASSWORD));
        let seen = see(&first);
        let (second, _) = welcome(knock(fresh, "ana@exemple.be", PASSWORD));
        assert_ne!(see(&second), seen);
        assert!(matches!(presence(fresh, &first), Presence::Nobody));
    });
}

#[test]
fn a_code_counts_once() {
    on_each_engine(|fresh| {
        let ana = enrolled(fresh, "ana@exemple.be");
        enter(fresh, &ana);
        let (token, _) = welcome(knock(fresh, "ana@exemple.be", PASSWORD));
        let session = half_way(fresh, &token).session;
        let same = code_of(fresh, &ana);
        assert!(matches!(give(fresh, &session, same), Passed::Wrong));
        fresh.clock.advance(Duration::seconds(30));
        let next = code_of(fresh, &ana);
        assert!(matches!(
            give(fresh, &session, next),
            Passed::Welcome { .. }
        ));
    });
}

#[test]
fn five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour() {
    on_each_engine(|fresh| {
        agent(fresh, "ana@exemple.be");
        for _ in 0..4 {
            let outcome = knock(fresh, "ana@exemple.be", "pas celui-ci");
            assert!(matches!(outcome, SignedIn::Wrong), "{outcome:?}");
        }
        let end = At::new(fresh.clock.now() + Duration::minutes(15));
        for password in ["pas celui-ci", PASSWORD] {
            let outcome = knock(fresh, "ana@exemple.be", password);
            assert!(
                matches!(outcome, SignedIn::Locked { until } if until == end),
                "{outcome:?}"
            );
        }
        fresh.clock.advance(Duration::minutes(15));
        welcome(knock(fresh, "ana@exemple.be", PASSWORD));
    });
}

#[test]
fn an_address_nobody_has_answers_as_one_somebody_has() {
    on_each_engine(|fresh| {
        agent(fresh, "ana@exemple.be");
        let answers = |email: &str, from: &str| -> Vec<String> {
            (0..6)
                .map(|_| format!("{:?}", knock_from(fresh, email, "non", from)))
                .collect()
        };
        assert_eq!(
            answers("ana@exemple.be", "192.0.2.1"),
            answers("personne@exemple.be", "192.0.2.2")
        );
    });
}

#[test]
fn wrong_codes_lock_the_account_and_a_right_password_does_not_forgive_them() {
    on_each_engine(|fresh| {
        let ana = enrolled(fresh, "ana@exemple.be");
        let (token, _) = welcome(knock(fresh, "ana@exemple.be", PASSWORD));
        let session = half_way(fresh, &token).session;
        for _ in 0..4 {
            assert!(matches!(
                give(fresh, &session, "12 34".into()),
                Passed::Wrong
            ));
        }
        let (token, _) = welcome(knock(fresh, "ana@exemple.be", PASSWORD));
        let session = half_way(fresh, &token).session;
        assert!(matches!(
            give(fresh, &session, "12 34".into()),
            Passed::Locked { .. }
        ));
        assert!(matches!(presence(fresh, &token), Presence::Nobody));
        let right = code_of(fresh, &ana);
        assert!(matches!(give(fresh, &session, right), Passed::StartAgain));
    });
}

#[test]
fn many_addresses_tried_from_one_place_are_stopped_and_another_place_is_not() {
    on_each_engine(|fresh| {
        agent(fresh, "ana@exemple.be");
        let stopped = (0..80).position(|at| {
            let outcome = knock(fresh, &format!("qui{at}@exemple.be"), "non");
            matches!(outcome, SignedIn::Locked { .. })
        });
        assert_eq!(stopped, Some(60));
        assert!(matches!(
            knock(fresh, "ana@exemple.be", PASSWORD),
            SignedIn::Locked { .. }
        ));
        welcome(knock_from(fresh, "ana@exemple.be", PASSWORD, "2001:db8::1"));
    });
}

#[test]
fn a_session_ends_after_an_idle_hour_and_after_twelve_hours_whatever_happens() {
    on_each_engine(|fresh| {
        let ana = enrolled(fresh, "ana@exemple.be");
        let (token, _) = enter(fresh, &ana);
        for _ in 0..12 {
            fresh.clock.advance(Duration::minutes(59));
            let scope = presence(fresh, &token).present().unwrap();
            let now = At::new(fresh.clock.now());
            assert!(scope.session().wants_touch(now));
            let session = scope.session().clone();
            write(fresh, move |tx| session.touch(tx));
        }
        fresh.clock.advance(Duration::minutes(12));
        assert!(matches!(presence(fresh, &token), Presence::Nobody));

        let (token, session) = enter(fresh, &ana);
        assert!(!session.wants_touch(At::new(fresh.clock.now() + Duration::seconds(59))));
        fresh.clock.advance(Duration::minutes(60));
        assert!(matches!(presence(fresh, &token), Presence::Nobody));
        assert_eq!(write(fresh, session::tidy), 2);
    });
}

#[test]
fn an_agent_ends_their_own_sessions_and_nobody_elses() {
    on_each_engine(|fresh| {
        let ana = enrolled(fresh, "ana@exemple.be");
        let bea = enrolled(fresh, "bea@exemple.be");
        let (old, old_session) = enter(fresh, &ana);
        let (new, new_session) = enter(fresh, &ana);
        let (of_bea, _) = enter(fresh, &bea);
        let (now, id) = (At::new(fresh.clock.now()), ana.id);
        let list = fresh
            .db()
            .read_now(|conn| Ok::<_, Error>(session::list(conn, id, now)?))
            .unwrap();
        let ids: Vec<_> = list.iter().map(|s| s.id).collect();
        assert_eq!(ids, [new_session.id, old_session.id]);
        assert!(!write(fresh, move |tx| session::end(
            tx,
            bea.id,
            old_session.id
        )));
        assert!(presence(fresh, &old).present().is_some());
        assert_eq!(
            write(fresh, move |tx| session::end_others(tx, &new_session)),
            1
        );
        assert!(matches!(presence(fresh, &old), Presence::Nobody));
        let leaving = new.clone();
        write(fresh, move |tx| session::sign_out(tx, &leaving));
        assert!(matches!(presence(fresh, &new), Presence::Nobody));
        assert!(presence(fresh, &of_bea).present().is_some());
    });
}

#[test]
fn changing_the_password_asks_the_current_one_and_ends_the_other_sessions() {
    on_each_engine(|fresh| {
        let ana = enrolled(fresh, "ana@exemple.be");
        let (elsewhere, _) = enter(fresh, &ana);
        let (here, session) = enter(fresh, &ana);
        let change = |current: &str, new: &str| {
            let new = Password::parse(new).unwrap();
            wait(password::change(
                fresh.db(),
                &session,
                current.to_owned(),
                new,
            ))
            .unwrap()
        };
        assert_eq!(
            change("pas celui-ci", "un autre, plus long"),
            Changed::WrongCurrent
        );
        assert!(presence(fresh, &elsewhere).present().is_some());
        assert_eq!(change(PASSWORD, "un autre, plus long"), Changed::Done);
        assert!(matches!(presence(fresh, &elsewhere), Presence::Nobody));
        assert!(presence(fresh, &here).present().is_some());
        assert!(matches!(
            knock(fresh, "ana@exemple.be", PASSWORD),
            SignedIn::Wrong
        ));
        welcome(knock(fresh, "ana@exemple.be", "un autre, plus long"));
    });
}

#[test]
fn a_closed_account_is_nobodys() {
    on_each_engine(|fresh| {
        let ana = enrolled(fresh, "ana@exemple.be");
        let (token, _) = enter(fresh, &ana);
        let closed = ana.clone();
        write(fresh, move |tx| closed.set_disabled(tx, true));
        assert!(matches!(presence(fresh, &token), Presence::Nobody));
        assert!(matches!(
            knock(fresh, "ana@exemple.be", PASSWORD),
            SignedIn::Wrong
        ));
        write(fresh, move |tx| ana.set_disabled(tx, false));
        welcome(knock(fresh, "ana@exemple.be", PASSWORD));
    });
}

#[test]
fn an_address_makes_one_account() {
    on_each_engine(|fresh| {
        agent(fresh, "ana@exemple.be");
        let again = fresh.db().write_now(|tx| {
            let email = Email::parse("ANA@exemple.be").unwrap();
            Agent::create(tx, &email, &AgentName::parse("Ana").unwrap(), &HASH)
        });
        assert!(matches!(again, Err(CreateError::Taken)), "{again:?}");
    });
}

#[test]
fn a_name_is_one_line_with_something_on_it() {
    assert!(AgentName::parse("  Ana   d’Exemple ").is_some());
    assert_eq!(AgentName::parse(" \n "), None);
    assert_eq!(AgentName::parse("a\u{0}b"), None);
    assert_eq!(AgentName::parse(&"a".repeat(121)), None);
}

#[test]
fn a_token_is_never_shown_and_a_strange_cookie_is_none() {
    on_each_engine(|fresh| {
        let ana = enrolled(fresh, "ana@exemple.be");
        let (token, _) = enter(fresh, &ana);
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_eq!(Token::parse(token.reveal()), Some(token));
    });
    for strange in ["", "x", &"a".repeat(43).replace('a', "!"), &"a".repeat(999)] {
        assert_eq!(Token::parse(strange), None);
    }
}

#[test]
fn a_label_holds_only_our_words() {
    assert_eq!(session::label("<script>"), "Navigateur · appareil inconnu");
    assert_eq!(
        session::label("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36"),
        "Chrome · Android"
    );
    assert_eq!(
        session::label("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17 Safari/605"),
        "Safari · Mac"
    );
}
