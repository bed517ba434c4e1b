//! Files of a draft: with their page, or one by one to `POST /brouillons/{code}/fichiers`.

use crate::support::TestApp;
use crate::support::browser::{Browser, File, Page};
use crate::support::examples::{begin, file_named};
use diesel::prelude::*;
use perron::db::schema::attachments;
use reqwest::StatusCode;
use serde_json::Value;

/// A draft whose page asks for somebody's agreement in writing: up to three files.
struct Asking {
    app: TestApp,
    browser: Browser,
    page: Page,
    /// Where files go one by one.
    upload: String,
}

async fn asking() -> Asking {
    let app = TestApp::start().await;
    let browser = app.browser();
    let first = begin(&browser, "composition-de-menage").await;
    let pairs = [("pour_qui", "tiers"), ("code_postal", "4520")];
    let page = browser
        .follow(browser.post(&first, &first.path, &pairs).await)
        .await;
    assert!(page.path.ends_with("/pages/personne"), "{}", page.path);
    let upload = page
        .attributes("[data-field=accord]", "data-upload")
        .remove(0);
    Asking {
        app,
        browser,
        page,
        upload,
    }
}

impl Asking {
    /// Posts files with their page and the words `Save`.
    async fn with_page(&self, files: Vec<(&str, Vec<u8>)>) -> Page {
        let pairs = [("_upload".to_owned(), "accord".to_owned())];
        let files = files
            .into_iter()
            .map(|(name, bytes)| file(name, bytes))
            .collect();
        self.browser
            .post_files(&self.page, &self.page.path, &pairs, files)
            .await
    }

    /// Sends one file by itself.
    async fn alone(&self, name: &str, bytes: Vec<u8>) -> (StatusCode, Value) {
        let pairs = [("field".to_owned(), "accord".to_owned())];
        let files = vec![("file".to_owned(), name.to_owned(), bytes)];
        let page = self
            .browser
            .post_files(&self.page, &self.upload, &pairs, files)
            .await;
        let json = serde_json::from_str(&page.body).unwrap_or(Value::Null);
        (page.status, json)
    }

    /// The names the page shows.
    async fn kept(&self) -> Vec<String> {
        let page = self.browser.get(&self.page.path).await;
        page.texts("#accord-files > li .unseen")
    }

    /// What lies on the disk: the number of files and their bytes.
    fn stored(&self) -> (usize, u64) {
        let files = self.app.place.files();
        let bytes = files
            .iter()
            .map(|path| path.metadata().unwrap().len())
            .sum();
        (files.len(), bytes)
    }
}

fn file(name: &str, bytes: Vec<u8>) -> File {
    ("accord".to_owned(), name.to_owned(), bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disguised_or_empty_file_is_refused_by_name_and_the_others_are_kept() {
    let asking = asking().await;
    let mut program = b"MZ\x90\x00".to_vec();
    program.resize(2_000, 7);
    let page = b"<!doctype html><html><script>alert(1)</script></html>".to_vec();
    let answered = asking
        .with_page(vec![
            ("bonne.jpg", file_named("a.jpg")),
            ("programme.jpg", program.clone()),
            ("page.pdf", page.clone()),
            ("vide.pdf", Vec::new()),
            ("accord.pdf", file_named("a.pdf")),
        ])
        .await;
    assert_eq!(
        answered.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answered.body
    );
    let errors = answered.texts(".errors a");
    assert_eq!(errors.len(), 3, "{errors:?}");
    for (error, name) in errors.iter().zip(["programme.jpg", "page.pdf", "vide.pdf"]) {
        assert!(error.contains(name), "{error}");
    }
    assert!(errors[2].contains("vide"), "{errors:?}");
    assert_eq!(asking.kept().await, ["bonne.jpg", "accord.pdf"]);
    // One by one, in words a program reads.
    for (name, bytes) in [
        ("programme.jpg", program),
        ("page.pdf", page),
        ("vide.pdf", Vec::new()),
    ] {
        let (status, why) = asking.alone(name, bytes).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        // Its row shows the name already.
        let why = why["error"].as_str().unwrap();
        assert!(
            why.starts_with("Ce fichier") && !why.contains(name),
            "{why}"
        );
        assert!(!why.contains("ODT"), "{why}");
    }
    assert_eq!(asking.kept().await.len(), 2);
    asking.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_twenty_one_megabytes_is_refused_and_nothing_of_it_stays() {
    let asking = asking().await;
    let before = asking.stored();
    let mut large = file_named("a.jpg");
    large.resize(21_000_000, 0);
    let (status, why) = asking.alone("photo.jpg", large.clone()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let why = why["error"].as_str().unwrap();
    assert!(why.contains("20\u{a0}Mo"), "{why}");
    assert_eq!(asking.stored(), before);
    // With its page, beside one that is kept.
    let both = vec![("photo.jpg", large), ("accord.jpg", file_named("a.jpg"))];
    let answered = asking.with_page(both).await;
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answered.text(".errors a").contains("photo.jpg"));
    assert_eq!(asking.kept().await, ["accord.jpg"]);
    let (files, bytes) = asking.stored();
    assert!(
        files == before.0 + 1 && bytes < before.1 + 100_000,
        "{files} {bytes}"
    );
    asking.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_files_do_not_get_in() {
    let asking = asking().await;
    let (status, _) = asking.alone("premier.jpg", file_named("a.jpg")).await;
    assert_eq!(status, StatusCode::CREATED);
    let before = asking.stored();
    // All at once: the question has its files after two, one post brings twenty, and each of the
    // others is refused by name.
    let names: Vec<String> = (0..300).map(|n| format!("photo-{n}.pdf")).collect();
    let many = names.iter().map(|name| {
        let mut bytes = file_named("a.pdf");
        bytes.extend_from_slice(name.as_bytes());
        (name.as_str(), bytes)
    });
    let refused = asking.with_page(many.collect()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reasons = refused.texts(".errors a").join("\n");
    assert_eq!(reasons.matches("photo-").count(), 298, "{reasons}");
    assert!(reasons.contains("« photo-19.pdf »") && reasons.contains("« photo-299.pdf »"));
    assert!(asking.stored().0 <= before.0 + 20, "{:?}", asking.stored());
    assert_eq!(
        asking.kept().await,
        ["premier.jpg", "photo-0.pdf", "photo-1.pdf"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_by_one_only_as_many_files_come_in_as_the_question_takes() {
    let asking = asking().await;
    let (status, _) = asking.alone("premier.jpg", file_named("a.jpg")).await;
    assert_eq!(status, StatusCode::CREATED);
    let mut refused = 0;
    for n in 0..30 {
        let mut bytes = file_named("a.pdf");
        bytes.extend_from_slice(format!("{n}").as_bytes());
        let (status, why) = asking.alone(&format!("p{n}.pdf"), bytes).await;
        if status != StatusCode::CREATED {
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(
                why["error"].as_str().unwrap().contains("3 fichiers"),
                "{why}"
            );
            refused += 1;
        }
    }
    assert_eq!(refused, 28);
    assert_eq!(asking.kept().await, ["premier.jpg", "p0.pdf", "p1.pdf"]);
    let rows: i64 = asking
        .app
        .look(|conn| attachments::table.count().get_result(conn));
    assert_eq!(rows, 3);
    asking.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_files_never_pass_the_number_the_question_takes() {
    let asking = asking().await;
    let sending = (0..8).map(|n| {
        let mut bytes = file_named("a.pdf");
        bytes.push(b'0' + n);
        let asking = &asking;
        async move { asking.alone(&format!("p{n}.pdf"), bytes).await }
    });
    let answers = futures_util::future::join_all(sending).await;
    let created = answers
        .iter()
        .filter(|(status, _)| *status == StatusCode::CREATED)
        .count();
    let kept = asking.kept().await;
    // Whoever was told "kept" finds it on the page.
    assert!(
        created <= 3 && kept.len() == created,
        "{created} {kept:?} {answers:?}"
    );
    asking.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_photo_was_taken_is_not_kept() {
    let asking = asking().await;
    let photo = photo_with_place();
    assert!(contains(&photo, b"GPS-MARK"));
    let (status, kept) = asking.alone("photo.jpg", photo).await;
    assert_eq!(status, StatusCode::CREATED, "{kept}");
    let path = format!("{}/{}/contenu", asking.upload, kept["id"].as_str().unwrap());
    let url = format!("{}{path}", asking.app.base);
    let given = asking.browser.client().get(url).send().await.unwrap();
    let bytes = given.bytes().await.unwrap();
    assert!(image::load_from_memory(&bytes).is_ok());
    for mark in [&b"GPS-MARK"[..], b"Exif"] {
        assert!(!contains(&bytes, mark));
    }
    for path in asking.app.place.files() {
        assert!(
            !contains(&std::fs::read(&path).unwrap(), b"GPS-MARK"),
            "{path:?}"
        );
    }
    asking.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_sent_by_itself_is_named_in_json_given_back_and_taken_away() {
    let asking = asking().await;
    let bytes = file_named("a.pdf");
    let (status, kept) = asking.alone("../../Accord été.pdf", bytes.clone()).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(kept["media_type"], "application/pdf");
    assert_eq!(kept["size"], bytes.len());
    let name = kept["name"].as_str().unwrap();
    assert!(
        name.ends_with("Accord été.pdf") && !name.contains('/'),
        "{name}"
    );
    let id = kept["id"].as_str().unwrap().to_owned();
    let path = format!("{}/{id}/contenu", asking.upload);
    let given = asking.browser.get(&path).await;
    assert_eq!(given.status, StatusCode::OK);
    assert_eq!(given.body.as_bytes(), bytes);
    assert_eq!(given.headers["x-content-type-options"], "nosniff");
    assert!(
        given.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    // Another draft's code does not open it.
    let stranger = asking.app.browser();
    let other = begin(&stranger, "composition-de-menage").await;
    let theirs = path.replace(
        asking.page.path.split('/').nth(2).unwrap(),
        other.path.split('/').nth(2).unwrap(),
    );
    assert_ne!(theirs, path);
    assert_eq!(stranger.get(&theirs).await.status, StatusCode::NOT_FOUND);
    // Retirer.
    let page = asking.browser.get(&asking.page.path).await;
    let removed = asking
        .browser
        .post(&page, &asking.page.path, &[("_delete_file", &id)])
        .await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.body);
    assert!(asking.kept().await.is_empty());
    assert_eq!(
        asking.browser.get(&path).await.status,
        StatusCode::NOT_FOUND
    );
    asking.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_after_the_token_or_not_at_all() {
    let asking = asking().await;
    let before = asking.stored();
    let form = |token: Option<String>| {
        let part = reqwest::multipart::Part::bytes(file_named("a.jpg")).file_name("a.jpg");
        let form = reqwest::multipart::Form::new()
            .text("field", "accord")
            .part("file", part);
        match token {
            Some(token) => form.text("_csrf", token),
            None => form,
        }
    };
    let url = format!("{}{}", asking.app.base, asking.upload);
    for token in [None, Some(asking.page.token())] {
        let sent = asking
            .browser
            .client()
            .post(&url)
            .multipart(form(token))
            .send()
            .await;
        assert_eq!(sent.unwrap().status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(asking.stored(), before);
    asking.app.stop().await;
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A JPEG that tells where it was taken: an Exif block with a GPS directory, right after the start.
fn photo_with_place() -> Vec<u8> {
    let mut tiff = b"II\x2a\x00\x08\x00\x00\x00".to_vec();
    // One entry: the GPS directory (0x8825), a LONG, at 26. Then no next directory.
    tiff.extend(b"\x01\x00\x25\x88\x04\x00\x01\x00\x00\x00\x1a\x00\x00\x00\x00\x00\x00\x00");
    // One entry: the date stamp (0x1d), eight letters and an end, at 44.
    tiff.extend(b"\x01\x00\x1d\x00\x02\x00\x09\x00\x00\x00\x2c\x00\x00\x00\x00\x00\x00\x00");
    tiff.extend(b"GPS-MARK\x00");
    let mut block = b"Exif\x00\x00".to_vec();
    block.extend(tiff);
    let picture = file_named("a.jpg");
    let mut photo = picture[..2].to_vec();
    photo.extend([0xff, 0xe1]);
    photo.extend(u16::try_from(block.len() + 2).unwrap().to_be_bytes());
    photo.extend(block);
    photo.extend(&picture[2..]);
    photo
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_for_nobody_is_not_kept_whoever_sends_it() {
    let asking = asking().await;
    let door = asking.browser.get("/reprendre").await;
    let before = asking.stored();
    let unknown = "/brouillons/0000000000000000";
    for (path, status) in [
        (format!("{unknown}/fichiers"), StatusCode::GONE),
        (format!("{unknown}/pages/vous"), StatusCode::GONE),
        (
            "/suivi/0000000000000000/reponses".to_owned(),
            StatusCode::NOT_FOUND,
        ),
        ("/agent/connexion".to_owned(), StatusCode::BAD_REQUEST),
        ("/reprendre".to_owned(), StatusCode::BAD_REQUEST),
    ] {
        let files = vec![("accord".to_owned(), "a.pdf".to_owned(), file_named("a.pdf"))];
        let answered = asking.browser.post_files(&door, &path, &[], files).await;
        assert_eq!(answered.status, status, "{path}");
        assert_eq!(asking.stored(), before, "{path}");
    }
    asking.app.stop().await;
}
