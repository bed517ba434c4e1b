//! What comes from outside is bounded: hosts, headers, bodies, patience; and what goes out carries the
//! headers that hold a browser back.

use crate::support::TestApp;
use crate::support::desk::JULIE;
use crate::support::examples::begin;
use perron::db::schema::drafts;
use reqwest::{Method, StatusCode};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A connection without a browser's manners.
async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.base.trim_start_matches("http://"))
        .await
        .unwrap()
}

/// Everything the server says until it hangs up, or for that long.
async fn hear(stream: &mut TcpStream, patience: Duration) -> Option<String> {
    let mut said = Vec::new();
    let ended = timeout(patience, stream.read_to_end(&mut said))
        .await
        .is_ok();
    ended.then(|| String::from_utf8_lossy(&said).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_none_of_ours_gets_nothing() {
    let app = TestApp::start().await;
    for host in [
        "evil.example",
        "evil.example:80",
        "",
        "wanze.example.evil.example",
        "[::1]",
    ] {
        let mut stream = connect(&app).await;
        let asked = format!("GET /reprendre HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(asked.as_bytes()).await.unwrap();
        let said = hear(&mut stream, Duration::from_secs(10)).await.unwrap();
        assert!(said.starts_with("HTTP/1.1 421 "), "{host}: {said}");
        assert!(
            !said.contains("_csrf") && !said.to_lowercase().contains("set-cookie"),
            "{said}"
        );
    }
    for host in ["wanze.example", "WANZE.example.", "localhost:8080"] {
        let mut stream = connect(&app).await;
        let asked = format!("GET /reprendre HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(asked.as_bytes()).await.unwrap();
        let said = hear(&mut stream, Duration::from_secs(10)).await.unwrap();
        assert!(said.starts_with("HTTP/1.1 200 "), "{host}: {said}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_of_ten_megabytes_is_cut_off() {
    let app = TestApp::start().await;
    let mut stream = connect(&app).await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
        .await
        .unwrap();
    let part = vec![b'a'; 64 * 1024];
    let mut written = 0;
    while written < 10_000_000 {
        match timeout(Duration::from_secs(10), stream.write_all(&part)).await {
            Ok(Ok(())) => written += part.len(),
            // It no longer listens.
            Ok(Err(_)) => break,
            Err(late) => panic!("it neither reads nor hangs up: {late}"),
        }
    }
    assert!(written < 9_000_000, "{written} were read");
    assert_eq!(app.browser().get("/").await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_two_hundred_megabytes_is_refused_before_it_is_sent() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    let before = app.place.files();
    for kind in [
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ] {
        let mut stream = connect(&app).await;
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 200000000\r\n\r\n",
            page.path
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut said = vec![0; 12];
        timeout(Duration::from_secs(10), stream.read_exact(&mut said))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(said, b"HTTP/1.1 413", "{kind}");
    }
    // One that does not say how long it is.
    let mut stream = connect(&app).await;
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
        page.path
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend(vec![b'a'; 0x10000]);
    chunk.extend(b"\r\n");
    let (mut hears, mut speaks) = stream.into_split();
    let speaking = tokio::spawn(async move { while speaks.write_all(&chunk).await.is_ok() {} });
    // It answers long before the end, which never comes.
    let mut said = vec![0; 12];
    let heard = timeout(Duration::from_secs(20), hears.read_exact(&mut said)).await;
    heard.expect("it answers").unwrap();
    assert_eq!(said, b"HTTP/1.1 413");
    speaking.abort();
    assert_eq!(app.place.files(), before);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_too_many_or_too_long_answers_is_refused_whole() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = begin(&browser, "composition-de-menage").await;
    let many: Vec<(String, String)> = (0..3_000)
        .map(|n| (format!("f{n}"), "x".to_owned()))
        .collect();
    let long = vec![("code_postal".to_owned(), "4".repeat(600_000))];
    for pairs in [many, long] {
        let mut all = vec![("_csrf".to_owned(), page.token())];
        all.extend(pairs);
        let refused = browser.post_raw(&page.path, &all).await;
        assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
    let url = format!("/{}", "a".repeat(60_000));
    assert!(browser.get(&url).await.status.is_client_error());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_finishes_its_question_is_cut_off() {
    let app = TestApp::start().await;
    let mut stream = connect(&app).await;
    let started = Instant::now();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        .await
        .unwrap();
    let said = hear(&mut stream, Duration::from_secs(30)).await;
    let said = said.expect("it hangs up");
    assert!(
        said.is_empty() || said.starts_with("HTTP/1.1 408 "),
        "{said}"
    );
    assert!(started.elapsed() < Duration::from_secs(25));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_begins_so_many_drafts_an_hour_and_no_more() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let path = "/demarches/composition-de-menage/brouillons";
    let mut begun = 0;
    let refused = loop {
        let answer = browser.post_raw(path, &[]).await;
        if answer.status != StatusCode::SEE_OTHER {
            break answer;
        }
        begun += 1;
        assert!(begun < 500);
    };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let kept: i64 = app
        .look(|conn| diesel::RunQueryDsl::get_result(diesel::QueryDsl::count(drafts::table), conn));
    assert_eq!(kept, begun);
    // An address that a stranger claims in a header changes nothing.
    let url = format!("{}{path}", app.base);
    let request = browser
        .client()
        .post(url)
        .header("x-forwarded-for", "203.0.113.9");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    app.wait(chrono::Duration::hours(1));
    assert_eq!(
        browser.post_raw(path, &[]).await.status,
        StatusCode::SEE_OTHER
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_the_head_alone_gives_the_head_of_the_page() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for path in [
        "/",
        "/demarches/composition-de-menage",
        "/nowhere",
        "/robots.txt",
        "/agent",
    ] {
        let page = browser.get(path).await;
        let url = format!("{}{path}", app.base);
        let head = browser
            .client()
            .request(Method::HEAD, url)
            .send()
            .await
            .unwrap();
        assert_eq!(head.status(), page.status, "{path}");
        assert_eq!(
            head.headers().get("content-type"),
            page.headers.get("content-type")
        );
        assert!(head.bytes().await.unwrap().is_empty());
    }
    let url = format!("{}/", app.base);
    let odd = browser
        .client()
        .request(Method::DELETE, url)
        .send()
        .await
        .unwrap();
    assert!(odd.status().is_client_error(), "{}", odd.status());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_carries_the_headers_that_hold_a_browser_back() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "allocation-chauffage", 0).await;
    let draft = begin(&citizen, "composition-de-menage").await;
    let julie = app.sign_in(JULIE).await;
    let mut pages = Vec::new();
    for path in [
        "/",
        "/demarches",
        "/nowhere",
        "/suivi",
        "/agent",
        "/agent/connexion",
        &sent.tracking,
        &draft.path,
    ] {
        pages.push(citizen.get(path).await);
    }
    pages.push(julie.get("/agent").await);
    pages.push(citizen.post_raw("/reprendre", &[]).await);
    for page in pages {
        let header = |name: &str| {
            let value = page
                .headers
                .get(name)
                .unwrap_or_else(|| panic!("{name} {}", page.path));
            value.to_str().unwrap().to_owned()
        };
        let policy = header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "no-referrer");
        // What is the same for everyone may be kept and asked about again; nothing else may be kept.
        let still = page.status == StatusCode::OK && ["/", "/demarches"].contains(&&*page.path);
        let kept = if still { "no-cache" } else { "no-store" };
        assert_eq!(header("cache-control"), kept, "{}", page.path);
        for cookie in page.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(
                cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
                "{cookie}"
            );
        }
        // Nothing inline, nothing from elsewhere: the policy would break it.
        assert!(
            !page.body.contains(" onclick=") && !page.body.contains(" style=\""),
            "{}",
            page.path
        );
        for source in page.attributes("script, link[rel=stylesheet], img", "src") {
            assert!(source.starts_with('/'), "{source}");
        }
    }
    // Behind TLS cookies travel nowhere else.
    let secure =
        TestApp::start_with(|args| args.public_url = Some("https://wanze.example".to_owned()))
            .await;
    let cookie = secure.browser().get("/reprendre").await.headers["set-cookie"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(cookie.contains("Secure"), "{cookie}");
    secure.stop().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn machines_are_told_to_stay_out_of_what_a_code_opens() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let robots = browser.get("/robots.txt").await;
    for folder in [
        "/brouillons/",
        "/suivi/",
        "/verification/",
        "/agent",
        "/admin",
    ] {
        assert!(
            robots.body.contains(&format!("Disallow: {folder}")),
            "{}",
            robots.body
        );
    }
    assert!(!robots.body.contains("Disallow: /\n"));
    let draft = begin(&browser, "composition-de-menage").await;
    let sent = app.send(&browser, "composition-de-menage", 0).await;
    for path in [draft.path, sent.tracking] {
        let page = browser.get(&path).await;
        let said = page.attributes("meta[name=robots]", "content");
        assert_eq!(said, ["noindex"], "{path}");
    }
    app.stop().await;
}
