//! Files given back: whole, with their length, and never a piece of one for a whole.

use crate::support::TestApp;
use crate::support::browser::Browser;
use crate::support::examples::file_named;
use crate::support::log;
use chrono::Duration;
use reqwest::{Method, StatusCode};
use std::path::PathBuf;

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_finds_the_files_of_each_message_under_its_words() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "acte-de-mariage", 0).await;
    let path = format!("{}/messages", sent.tracking);
    for (words, name) in [("Le livret.", "livret.jpg"), ("L’acte.", "acte.pdf")] {
        app.wait(Duration::minutes(20));
        let page = citizen.get(&sent.tracking).await;
        let pairs = [("message".to_owned(), words.to_owned())];
        let file = file_named(name);
        let files = vec![("message_files".to_owned(), name.to_owned(), file)];
        let written = citizen.post_files(&page, &path, &pairs, files).await;
        assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.said());
    }
    let page = citizen.get(&sent.tracking).await;
    let said = page.texts(".said--citizen");
    assert!(said[0].contains("Le livret.") && said[0].contains("livret.jpg"));
    assert!(said[1].contains("L’acte.") && said[1].contains("acte.pdf"));
    assert!(!said[0].contains("acte.pdf"), "{said:?}");
    let links = page.attributes(".said--citizen a", "href");
    assert_eq!(links.len(), 2, "{links:?}");
    for link in links {
        assert_eq!(citizen.get(&link).await.status, StatusCode::OK, "{link}");
    }
    app.stop().await;
}

/// Somebody's receipt, where it is given, and the file behind it.
async fn receipt(app: &TestApp, citizen: &Browser) -> (String, PathBuf) {
    let sent = app.send(citizen, "acte-de-mariage", 0).await;
    app.drain().await;
    let page = citizen.get(&sent.tracking).await;
    let links = page.attributes("a[href*='/documents/']", "href");
    let blobs = app.place.files();
    let stored = blobs
        .into_iter()
        .find(|path| path.to_string_lossy().contains("/blobs/"));
    (links[0].clone(), stored.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_comes_whole_with_its_length_and_its_head_alone_when_that_is_asked() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let (link, stored) = receipt(&app, &citizen).await;
    let url = format!("{}{link}", app.base);
    let given = citizen.client().get(&url).send().await.unwrap();
    let expected = std::fs::read(stored).unwrap();
    assert_eq!(
        given.headers()["content-length"],
        expected.len().to_string()
    );
    assert_eq!(given.bytes().await.unwrap(), expected);
    let head = citizen.client().request(Method::HEAD, &url).send();
    let head = head.await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(head.headers()["content-type"], "application/pdf");
    assert_eq!(head.headers()["content-length"], expected.len().to_string());
    assert!(head.bytes().await.unwrap().is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_cut_or_gone_from_the_disk_is_a_page_that_says_so_and_a_line_of_the_log() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let (link, stored) = receipt(&app, &citizen).await;
    let whole = std::fs::read(&stored).unwrap();
    std::fs::write(&stored, &whole[..whole.len() / 2]).unwrap();
    let cut = "has another size than its row says";
    for fault in [cut, "is not in the store"] {
        let page = citizen.get(&link).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{fault}");
        assert!(
            page.said().contains("momentanément indisponible"),
            "{}",
            page.said()
        );
        assert!(log::catch().text().contains(fault), "{fault}");
        if fault == cut {
            std::fs::remove_file(&stored).unwrap();
        }
    }
    app.stop().await;
}
