//! The list one came from: its neighbours, its way on, its filters.

use super::went_on;
use crate::support::TestApp;
use crate::support::browser::Page;
use crate::support::desk::{JULIE, SOPHIE, step};
use perron::audit;

const HOUSEHOLD: &str = "composition-de-menage";

/// The address of the first row that names that reference.
fn row(page: &Page, shown: &str) -> String {
    let links = page.texts("tr[data-row] th a");
    let at = links.iter().position(|link| link == shown);
    let at = at.unwrap_or_else(|| panic!("{shown} is not in {links:?}"));
    page.attributes("tr[data-row] th a", "href").swap_remove(at)
}

#[tokio::test(flavor = "multi_thread")]
async fn next_and_previous_walk_the_list_one_came_from_and_closing_leads_on_in_it() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let first = app.send(&citizen, HOUSEHOLD, 0).await;
    let between = app.send(&citizen, "acte-de-mariage", 0).await;
    let second = app.send(&citizen, HOUSEHOLD, 0).await;
    let julie = app.sign_in(JULIE).await;
    let list = julie.get("/agent?demarche=composition-de-menage").await;
    assert_eq!(list.texts("tr[data-row]").len(), 2);
    let page = julie.get(&row(&list, &first.shown)).await;
    assert!(page.attributes("[data-previous]", "href").is_empty());
    let next = page.attributes("[data-next]", "href").remove(0);
    assert!(next.starts_with(&second.desk), "{next}");
    let back = julie.get(&next).await;
    let previous = back.attributes("[data-previous]", "href").remove(0);
    assert!(previous.starts_with(&first.desk), "{previous}");
    assert!(
        back.attributes("[data-next]", "href").is_empty(),
        "{}",
        back.body
    );
    // Refused from there, the way leads on in the same list, past what stands between.
    let refuse = page
        .attributes("aside a[href*='/transitions/refuse']", "href")
        .remove(0);
    let form = julie.get(&refuse).await;
    let action = form.attributes("main form[enctype]", "action").remove(0);
    let done = julie
        .post(&form, &action, &[("reason", "Déjà délivrée.")])
        .await;
    went_on(&done);
    let page = julie.follow(done).await;
    let said = page.text("[role=status]");
    assert!(said.contains("La demande est refusée."), "{said}");
    assert!(said.contains(&second.shown), "{said}");
    let on = page.attributes("[role=status] a", "href").remove(0);
    assert!(
        on.starts_with(&second.desk) && on.contains("liste="),
        "{on}"
    );
    // Without a list, the neighbours are those of the service's queue.
    let bare = julie.get(&second.desk).await;
    assert!(bare.attributes("[data-next]", "href").is_empty());
    assert!(julie.get(&between.desk).await.status.is_success());
    // A list of another service, or no list at all, shows nothing of it.
    for odd in [
        "file%3Denergie",
        "vue%3Dx%26apres%3Dy",
        "%00",
        &"a".repeat(2_000),
    ] {
        let page = julie.get(&format!("{}?liste={odd}", second.desk)).await;
        assert!(page.status.is_success(), "{odd}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_neighbour_under_secrecy_is_named_and_not_read() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let first = app.send(&citizen, "allocation-chauffage", 0).await;
    let second = app.send(&citizen, "allocation-chauffage", 0).await;
    let sophie = app.sign_in(SOPHIE).await;
    let list = sophie.get("/agent?file=energie").await;
    let page = sophie.get(&row(&list, &first.shown)).await;
    let next = page.attributes("[data-next]", "href").remove(0);
    assert!(next.starts_with(&second.desk), "{next}");
    let read = |id| {
        let events = app.look(|conn| audit::of_request(conn, id));
        events.iter().filter(|event| event.kind == "read").count()
    };
    assert_eq!((read(first.id), read(second.id)), (1, 0));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_says_when_and_by_whom_and_is_filtered() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let refused = app.send(&citizen, HOUSEHOLD, 0).await;
    let issued = app.send(&citizen, "acte-de-mariage", 0).await;
    let julie = app.sign_in(JULIE).await;
    went_on(&step(&julie, &refused.desk, "refuse", &[("reason", "Doublon.")]).await);
    went_on(&step(&julie, &issued.desk, "issue", &super::ACT).await);
    let list = julie.get("/agent?vue=cloturees").await;
    let mut filters = list.attributes(".filters select", "name");
    filters.sort();
    assert_eq!(filters, ["agent", "demarche", "file", "issue"]);
    assert!(
        list.texts("thead th").contains(&"Clôturée".to_owned()),
        "{}",
        list.body
    );
    let rows = list.texts("tr[data-row]");
    assert!(
        rows.iter()
            .all(|row| row.contains("23/11/2026") && row.contains("moi")),
        "{rows:?}"
    );
    for (query, found) in [
        ("issue=refusee", &refused),
        ("issue=accordee", &issued),
        ("demarche=acte-de-mariage", &issued),
        ("file=etat-civil", &issued),
        ("agent=moi&issue=refusee", &refused),
    ] {
        let list = julie.get(&format!("/agent?vue=cloturees&{query}")).await;
        assert_eq!(
            list.texts("tr[data-row] th a"),
            [found.shown.as_str()],
            "{query}"
        );
        assert!(list.said().contains("Tout afficher"), "{query}");
    }
    assert!(
        julie
            .get("/agent?vue=cloturees&agent=personne")
            .await
            .texts("tr[data-row]")
            .is_empty()
    );
    let answered = julie.get("/agent?vue=reponses").await;
    assert_eq!(
        answered.attributes(".filters select", "name"),
        ["file", "demarche", "agent"]
    );
    // Its neighbours are those of what is over.
    let list = julie.get("/agent?vue=cloturees").await;
    let page = julie.get(&row(&list, &issued.shown)).await;
    let next = page.attributes("[data-next]", "href").remove(0);
    assert!(next.starts_with(&refused.desk), "{next}");
    app.stop().await;
}
