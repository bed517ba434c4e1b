//! A citizen asks: `POST /demarches/{procedure}/brouillons` to the confirmation.

use crate::support::TestApp;
use crate::support::examples::{Filling, begin, fill};
use perron::definition::example::Example;
use perron::definition::field::Attribute;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn every_example_of_every_procedure_can_be_sent_as_a_citizen_would() {
    let app = TestApp::start().await;
    let today = app.site.today();
    assert_eq!(app.site.procedures().len(), 7, "{:#?}", app.site.defects);
    for published in app.site.procedures() {
        let procedure = published.procedure();
        for example in procedure
            .examples
            .iter()
            .filter(|example| can_be_sent(example))
        {
            app.clock.advance(example.today - app.site.today());
            let browser = app.browser();
            let first = begin(&browser, &procedure.id).await;
            let check = fill(&browser, &published, &Filling::of(example), first).await;
            let path = check.path.replace("/verification", "/envoi");
            let sent = browser.post(&check, &path, &[]).await;
            assert_eq!(
                sent.status,
                StatusCode::SEE_OTHER,
                "{}: {}",
                example.name,
                sent.body
            );
            let confirmation = browser.follow(sent).await;
            assert_eq!(confirmation.status, StatusCode::OK, "{}", confirmation.body);
            assert!(
                confirmation.path.ends_with("/confirmation"),
                "{}",
                confirmation.path
            );
            // A double click, or the form sent again from history, arrives at the same confirmation.
            let again = browser.follow(browser.post(&check, &path, &[]).await).await;
            assert_eq!(again.texts(".reference"), confirmation.texts(".reference"));
            // The code opens the request.
            let code = confirmation.texts(".reference").pop().unwrap();
            let tracked = browser.open(&format!("/suivi?code={code}")).await;
            assert_eq!(tracked.status, StatusCode::OK, "{}", tracked.body);
            assert!(
                tracked.said().contains(procedure.title.get("fr")),
                "{}",
                tracked.said()
            );
        }
    }
    app.clock.advance(today - app.site.today());
    app.stop().await;
}

/// Without errors, and under the site's own switches: an example that turns one may ask other things.
fn can_be_sent(example: &Example) -> bool {
    let switched = |value: &Attribute| matches!(value, Attribute::Bool(_));
    example.expect.errors.is_empty() && !example.settings.values().any(switched)
}
