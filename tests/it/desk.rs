//! The service's way, from the door to the decision: `/agent` and `/admin`.

use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::examples::{Filling, begin, fill};
use perron::belgium::Email;
use perron::db::{At, Error};
use perron::identity::membership::{self, Desk, Granter, Role};
use perron::identity::totp::Totp;
use perron::identity::{Agent, AgentName, password, second_factor};
use reqwest::StatusCode;

const PASSWORD: &str = "cheval pile agrafe correct";

/// An agent who works there and administers there, and the telephone that gives their codes.
async fn agent(
    app: &TestApp,
    email: &'static str,
    services: &'static [&'static str],
    administers: &'static [&'static str],
) -> (Agent, Totp) {
    let site = app.site.clone();
    let hash = password::hash_later(password::Password::parse(PASSWORD).unwrap(), [3; 32])
        .await
        .unwrap();
    let agent = site
        .db
        .write(move |tx| {
            let name = AgentName::parse(email.split('@').next().unwrap()).unwrap();
            Agent::create(tx, &Email::parse(email).unwrap(), &name, &hash)
        })
        .await
        .unwrap();
    let (id, file) = (agent.id, site.file.clone());
    site.db
        .write(move |tx| {
            for service in services {
                let desk = Desk::of(&file, service).unwrap();
                membership::grant(tx, Granter::Operator, id, &desk, Role::Agent)?;
            }
            for authority in administers {
                membership::grant_administration(tx, Granter::Operator, id, authority)?;
            }
            Ok::<_, membership::GrantError>(())
        })
        .await
        .unwrap();
    let (key, enrolled) = (site.key.clone(), agent.clone());
    let totp = site
        .db
        .write(move |tx| Ok::<_, Error>(second_factor::enrol_unseen(tx, &key, &enrolled)?))
        .await
        .unwrap();
    (agent, totp)
}

/// Signs in with both factors; gives the browser.
async fn sign_in(app: &TestApp, agent: &Agent, totp: &Totp) -> Browser {
    let browser = app.browser();
    let door = browser.open("/agent").await;
    assert_eq!(door.path, "/agent/connexion");
    let pairs = [("email", agent.email.as_str()), ("password", PASSWORD)];
    let half = browser.post(&door, "/agent/connexion", &pairs).await;
    assert_eq!(half.location.as_deref(), Some("/agent/connexion/code"));
    let code = browser.follow(half).await;
    // The password alone opens nothing.
    assert_eq!(browser.open("/agent").await.path, "/agent/connexion/code");
    let now = totp.code_at(At::new(app.clock.now()));
    let wrong = browser
        .post(&code, "/agent/connexion/code", &[("code", "000000")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let inside = browser
        .post(&code, "/agent/connexion/code", &[("code", &now)])
        .await;
    assert_eq!(inside.location.as_deref(), Some("/agent"));
    // The next code is another one.
    app.clock.advance(chrono::Duration::seconds(30));
    browser
}

/// Sends the first good example of that procedure.
async fn send(app: &TestApp, procedure: &str) -> String {
    let published = app.site.procedure(procedure).unwrap();
    let examples = &published.procedure().examples;
    let example = examples
        .iter()
        .find(|e| e.expect.errors.is_empty())
        .unwrap();
    let before = app.site.today();
    app.clock.advance(example.today - before);
    let browser = app.browser();
    let first = begin(&browser, procedure).await;
    let check = fill(&browser, &published, &Filling::of(example), first).await;
    let path = check.path.replace("/verification", "/envoi");
    let sent = browser.follow(browser.post(&check, &path, &[]).await).await;
    app.clock.advance(before - app.site.today());
    sent.texts(".reference").pop().unwrap()
}

fn first_request(list: &Page) -> String {
    let links = list.attributes("tr[data-row] th a", "href");
    links
        .into_iter()
        .next()
        .unwrap_or_else(|| panic!("no request:\n{}", list.body))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_handles_a_request_from_the_queue_to_the_document() {
    let app = TestApp::start().await;
    send(&app, "composition-de-menage").await;
    let (julie, phone) = agent(&app, "julie@exemple.be", &["population", "etat-civil"], &[]).await;
    let browser = sign_in(&app, &julie, &phone).await;
    for path in [
        "/agent",
        "/agent?file=population&etat=received&delai=temps&agent=personne&demarche=composition-de-menage",
        "/agent?vue=miennes",
        "/agent?vue=retard",
        "/agent?vue=reponses",
        "/agent?vue=cloturees",
        "/agent?q=zzzz",
        "/agent?q=7K4",
        "/agent/compte",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    }
    let list = browser.get("/agent?file=population").await;
    assert_eq!(list.texts("tr[data-row]").len(), 1, "{}", list.body);
    let take = list
        .attributes("tr[data-row] form", "action")
        .pop()
        .unwrap();
    let taken = browser.follow(browser.post(&list, &take, &[]).await).await;
    assert!(
        taken.said().contains("La demande est à vous."),
        "{}",
        taken.said()
    );
    let url = first_request(&list);
    let page = browser.get(&url).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for (to, field) in [("messages", "message"), ("notes", "note")] {
        let empty = browser
            .post(&page, &format!("{url}/{to}"), &[(field, " ")])
            .await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let kept = browser
            .post(&page, &format!("{url}/{to}"), &[(field, "Un mot.")])
            .await;
        assert_eq!(kept.location, Some(format!("{url}?fait=-{field}")));
    }
    // The question has to be asked before it is sent.
    let ask = format!("{url}/transitions/ask");
    let form = browser.get(&ask).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    let empty = browser.post_files(&form, &ask, &[], Vec::new()).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = [("question".to_owned(), "Quelle rue ?".to_owned())];
    let asked = browser.post_files(&form, &ask, &words, Vec::new()).await;
    assert_eq!(
        asked.location,
        Some(format!("{url}?fait=ask")),
        "{}",
        asked.body
    );
    let again = browser.post_files(&form, &ask, &words, Vec::new()).await;
    assert_eq!(
        again.location,
        Some(format!("{url}?deja=ask")),
        "{}",
        again.body
    );
    let page = browser.follow(asked).await;
    assert!(
        page.said().contains("Fait : Demander une précision"),
        "{}",
        page.said()
    );
    // What cannot be done from here is said, and nothing changes.
    let refused = browser
        .post(&page, &format!("{url}/transitions/take"), &[])
        .await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{:?}",
        refused.location
    );
    assert!(
        refused.said().contains("n’est plus possible"),
        "{}",
        refused.said()
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_social_request_is_there_for_its_service_alone_and_its_reading_is_noted() {
    let app = TestApp::start().await;
    let code = send(&app, "allocation-chauffage").await;
    let (julie, julies) = agent(&app, "julie@exemple.be", &["population"], &["commune"]).await;
    let (sophie, sophies) = agent(&app, "sophie@exemple.be", &["energie"], &[]).await;
    let (claire, claires) = agent(&app, "claire@exemple.be", &[], &["cpas"]).await;
    let sophies = sign_in(&app, &sophie, &sophies).await;
    let list = sophies.get("/agent").await;
    let url = first_request(&list);
    let page = sophies.get(&url).await;
    assert!(
        page.said().contains("Secret professionnel"),
        "{}",
        page.said()
    );
    let reveal = page
        .attributes("dd form", "action")
        .into_iter()
        .next()
        .unwrap();
    let shown = sophies.post(&page, &reveal, &[]).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert_eq!(
        shown.attributes("dd form", "action").len() + 1,
        page.attributes("dd form", "action").len()
    );
    sophies.get(&url).await;
    let tracked = app.browser().open(&format!("/suivi?code={code}")).await;
    let readings = tracked.body.matches("Un agent du service").count();
    assert_eq!(
        readings,
        2,
        "one reading, one uncovering: {}",
        tracked.said()
    );
    for (other, phone) in [(&julie, julies), (&claire, claires)] {
        let browser = sign_in(&app, other, &phone).await;
        let own = browser.get("/agent").await;
        assert!(own.texts("tr[data-row]").is_empty(), "{}", own.said());
        for tail in ["", "/transitions/take", "/fichiers/x", "/documents/x"] {
            let there = browser.get(&format!("{url}{tail}")).await;
            assert_eq!(there.status, StatusCode::NOT_FOUND, "{tail}");
        }
        for tail in [
            "/messages",
            "/notes",
            "/attribution",
            "/transitions/take",
            "/reponses/x",
        ] {
            let there = browser
                .post(&own, &format!("{url}{tail}"), &[("message", "x")])
                .await;
            assert_eq!(there.status, StatusCode::NOT_FOUND, "{tail}");
        }
        for path in ["/admin", "/admin/comptes", "/admin/envois"] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        }
        let accounts = browser.get("/admin/comptes").await;
        let sees_sophie = accounts.said().contains("sophie@exemple.be");
        assert_eq!(sees_sophie, other.id == claire.id);
        // Each grants in their own house only.
        let to = format!("/admin/comptes/{}/acces", sophie.id);
        let pairs = [("service", "social-accueil"), ("role", "head")];
        let granted = browser.post(&accounts, &to, &pairs).await;
        let expected = if other.id == claire.id {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::NOT_FOUND
        };
        assert_eq!(granted.status, expected);
    }
    for path in ["/admin", "/admin/comptes", "/admin/envois"] {
        assert_eq!(sophies.get(path).await.status, StatusCode::NOT_FOUND);
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_agent_enrols_a_telephone_and_comes_to_the_page_that_was_asked() {
    let app = TestApp::start().await;
    let (julie, _) = agent(&app, "julie@exemple.be", &["population"], &[]).await;
    let lost = julie.clone();
    app.site
        .db
        .write(move |tx| Ok::<_, Error>(lost.forget_second_factor(tx)?))
        .await
        .unwrap();
    let browser = app.browser();
    let door = browser.open("/agent/compte?x=1").await;
    assert_eq!(door.path, "/agent/connexion?next=%2Fagent%2Fcompte%3Fx%3D1");
    let next = door.attributes("input[name=next]", "value").pop().unwrap();
    let wrong = [
        ("email", "julie@exemple.be"),
        ("password", "faux"),
        ("next", &next),
    ];
    let refused = browser.post(&door, "/agent/connexion", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [
        ("email", "julie@exemple.be"),
        ("password", PASSWORD),
        ("next", &next),
    ];
    let half = browser.post(&refused, "/agent/connexion", &right).await;
    let setup = browser.follow(half).await;
    assert!(setup.body.contains("<svg"), "{}", setup.body);
    let (key, id) = (app.site.key.clone(), julie.id);
    let phone = app
        .site
        .db
        .read(move |conn| Ok::<_, Error>(second_factor::generator(conn, &key, id)?))
        .await
        .unwrap()
        .unwrap();
    let form = setup.attributes("main form", "action").pop().unwrap();
    let code = phone.code_at(At::new(app.clock.now()));
    let inside = browser.post(&setup, &form, &[("code", &code)]).await;
    assert_eq!(inside.location.as_deref(), Some("/agent/compte?x=1"));
    let account = browser.follow(inside).await;
    let short = [("current", PASSWORD), ("new", "court")];
    let refused = browser
        .post(&account, "/agent/compte/mot-de-passe", &short)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let end = account
        .attributes(".sessions form", "action")
        .pop()
        .unwrap();
    let out = browser.post(&account, &end, &[]).await;
    assert_eq!(out.location.as_deref(), Some("/agent/connexion"));
    assert_eq!(browser.open("/agent").await.path, "/agent/connexion");
    app.stop().await;
}
