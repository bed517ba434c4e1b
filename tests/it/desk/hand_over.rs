//! A request that turns out to be the CPAS's: the whole of it crosses the wall, and nothing comes back.

use super::{asked, status, step, went_on};
use crate::support::desk::{NADIA, SOPHIE};
use reqwest::StatusCode;

const NOTE: &str = "Madame demande de l’aide pour payer.";

#[tokio::test(flavor = "multi_thread")]
async fn a_request_handed_over_to_the_cpas_is_its_secret_from_then_on() {
    let (app, citizen, julie, sent) = asked().await;
    let before = app.mails().len();
    let page = julie
        .get(&format!("{}/transitions/hand_over", sent.desk))
        .await;
    assert!(page.said().contains("ne la verra plus"), "{}", page.said());
    let offered = page.attributes("select[name=service] option", "value");
    assert!(offered.contains(&"energie".to_owned()), "{offered:?}");
    assert!(!offered.contains(&"travaux".to_owned()), "{offered:?}");
    let inside = [("service", "travaux")];
    let refused = step(&julie, &sent.desk, "hand_over", &inside).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let over = [("service", "energie"), ("note", NOTE)];
    went_on(&step(&julie, &sent.desk, "hand_over", &over).await);
    let request = app.request(&sent);
    assert!(request.is_social());
    assert_eq!(
        (request.authority.as_str(), request.service.as_str()),
        ("cpas", "energie")
    );
    app.drain().await;
    // Who handed it over has no way back to it: not by its address, its files, its name or its number.
    assert_eq!(julie.get(&sent.desk).await.status, StatusCode::NOT_FOUND);
    let lists = [
        "/agent",
        "/agent?vue=cloturees",
        "/agent?vue=reponses",
        "/agent?vue=toutes",
    ];
    let searches = [
        "Marc",
        "Dupont",
        "marc.dubois@exemple.be",
        "marc.dupont@exemple.be",
    ];
    let searches = searches.map(|typed| format!("/agent?q={typed}"));
    for path in lists.map(str::to_owned).iter().chain(&searches) {
        let list = julie.get(path).await;
        assert!(!list.body.contains(&sent.shown), "{path}");
    }
    let found = julie.get(&format!("/agent?q={}", sent.shown)).await;
    assert!(!found.body.contains(&sent.desk), "{}", found.said());
    // The citizen is told, by a mail that says nothing of it.
    let told: Vec<_> = app.mails().into_iter().skip(before).collect();
    assert_eq!(told.len(), 2, "the citizen’s and the service’s");
    for mail in &told {
        let whole = format!("{} {}", mail.subject, mail.text);
        for word in ["mariage", "CPAS", "énergie", "Énergie", NOTE] {
            assert!(!whole.contains(word), "{word}: {whole}");
        }
    }
    let tracked = citizen.get(&sent.tracking).await;
    assert!(
        tracked.said().contains("transmise au CPAS"),
        "{}",
        tracked.said()
    );
    assert!(!tracked.said().contains(NOTE));
    // The CPAS has all of it, and its reading is seen.
    let sophie = app.sign_in(SOPHIE).await;
    let here = sophie.get(&sent.desk).await;
    assert!(here.said().contains(NOTE), "{}", here.said());
    assert!(here.said().contains("Julie Noël"), "{}", here.said());
    let tracked = citizen.get(&sent.tracking).await;
    assert!(
        tracked.said().contains("Un agent du service Énergie"),
        "{}",
        tracked.said()
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_handed_over_from_the_cpas() {
    let (app, _, julie, sent) = asked().await;
    went_on(&step(&julie, &sent.desk, "hand_over", &[("service", "energie")]).await);
    let nadia = app.sign_in(NADIA).await;
    let page = nadia.get(&sent.desk).await;
    assert!(page.attributes("a[href$='/hand_over']", "href").is_empty());
    let path = format!("{}/transitions/hand_over", sent.desk);
    // Not a step that can be taken from here: back to the request, which says where it stands.
    assert_eq!(nadia.get(&path).await.status, StatusCode::SEE_OTHER);
    for to in ["etat-civil", "energie", "travaux"] {
        nadia.post(&page, &path, &[("service", to)]).await;
        assert!(app.request(&sent).is_social());
        assert_eq!(app.request(&sent).service, "energie", "{to}");
        let tried = step(&nadia, &sent.desk, "transfer", &[("service", to)]).await;
        assert_ne!(tried.status, StatusCode::SEE_OTHER, "{to}");
    }
    assert_eq!(app.request(&sent).service, "energie");
    assert_eq!(status(&app, &sent), "received");
    app.drain().await;
    app.stop().await;
}
