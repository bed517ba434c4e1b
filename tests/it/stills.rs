//! Pages that are the same for everyone: kept, compressed and asked about again, without a cookie and
//! without a token, and drawn anew when the day turns.

use crate::support::TestApp;
use chrono::Duration;
use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, HeaderMap, IF_NONE_MATCH, SET_COOKIE,
};

const STILL: [&str; 6] = [
    "/",
    "/demarches",
    "/demarches/composition-de-menage",
    "/accessibilite",
    "/vie-privee",
    "/mentions-legales",
];

async fn ask(app: &TestApp, path: &str, headers: &[(&'static str, &str)]) -> reqwest::Response {
    let browser = app.browser();
    let mut request = browser.client().get(format!("{}{path}", app.base));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn said(headers: &HeaderMap, name: reqwest::header::HeaderName) -> String {
    headers
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_reads_is_given_no_cookie_and_the_same_page_as_everyone() {
    let app = TestApp::start().await;
    for path in STILL {
        let first = ask(&app, path, &[]).await;
        assert_eq!(first.status(), StatusCode::OK, "{path}");
        assert_eq!(said(first.headers(), SET_COOKIE), "", "{path}");
        assert_eq!(said(first.headers(), CACHE_CONTROL), "no-cache", "{path}");
        let tag = said(first.headers(), ETAG);
        let first = first.text().await.unwrap();
        assert!(!first.contains("_csrf"), "{path}");
        assert_eq!(ask(&app, path, &[]).await.text().await.unwrap(), first);

        let known = ask(&app, path, &[(IF_NONE_MATCH.as_str(), &tag)]).await;
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert!(known.bytes().await.unwrap().is_empty());
        let other = ask(&app, path, &[(IF_NONE_MATCH.as_str(), "W/\"older\"")]).await;
        assert_eq!(other.status(), StatusCode::OK);

        let small = ask(&app, path, &[(ACCEPT_ENCODING.as_str(), "br, gzip")]).await;
        assert_eq!(said(small.headers(), CONTENT_ENCODING), "gzip", "{path}");
        let small = small.bytes().await.unwrap();
        let mut unpacked = String::new();
        std::io::Read::read_to_string(
            &mut flate2::read::GzDecoder::new(small.as_ref()),
            &mut unpacked,
        )
        .unwrap();
        assert_eq!(unpacked, first, "{path}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_never_somebody_elses_page() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let front = browser.get("/demarches").await.body;
    let found = browser.get("/demarches?q=composition").await;
    assert!(found.said().contains("composition"), "{}", found.said());
    assert_eq!(said(&found.headers, CACHE_CONTROL), "no-store");
    assert_eq!(browser.get("/demarches").await.body, front);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_drawn_anew_when_the_day_turns() {
    let app = TestApp::start().await;
    let path = "/demarches/composition-de-menage";
    let closure = |body: &str| body.matches("Fermé le").count();
    let mut seen = Vec::new();
    // A year of days: every closure of the site comes into sight and goes again.
    for _ in 0..53 {
        seen.push(closure(&app.browser().get(path).await.body));
        app.wait(Duration::weeks(1));
    }
    seen.dedup();
    assert!(seen.len() > 1, "{seen:?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_begins_nothing_here() {
    let app = TestApp::start().await;
    let url = format!("{}/demarches/composition-de-menage/brouillons", app.base);
    let browser = app.browser();
    let post = |headers: &[(&'static str, &'static str)]| {
        let mut request = browser.client().post(&url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send()
    };
    for foreign in [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://evil.example")],
        [("origin", "nonsense")],
    ] {
        let refused = post(&foreign).await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{foreign:?}");
        assert_eq!(said(refused.headers(), reqwest::header::LOCATION), "");
    }
    for own in [
        vec![],
        vec![("sec-fetch-site", "same-origin"), ("origin", "null")],
        // A browser that tells no address, and one that is older than the header.
        vec![("origin", "null")],
        vec![("origin", "http://wanze.example")],
    ] {
        let begun = post(&own).await.unwrap();
        assert_eq!(begun.status(), StatusCode::SEE_OTHER, "{own:?}");
    }
    app.stop().await;
}
