//! Definitions as a clerk meets them: `perron check`, and a site whose own files are wrong.

use crate::support::TestApp;
use crate::support::examples::begin;
use crate::support::place::Place;
use crate::support::program::{Serving, perron, said};
use reqwest::StatusCode;
use std::path::{Path, PathBuf};

const ACT: &str = "commune/acte-de-mariage.yaml";

fn forms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("forms")
}

fn shipped(path: &str) -> String {
    std::fs::read_to_string(forms().join(path)).unwrap()
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

#[test]
fn the_shipped_forms_pass_the_check_with_their_examples() {
    let folder = forms().display().to_string();
    for arguments in [&["check"][..], &["check", &folder]] {
        let checked = perron(arguments);
        let told = said(&checked);
        assert!(checked.status.success(), "{told}");
        assert!(
            told.contains("7\u{a0}démarches") || told.contains("7 démarches"),
            "{told}"
        );
    }
}

#[test]
fn the_check_names_file_line_and_cause_and_offers_a_mend() {
    let place = Place::new();
    let folder = place.folder.join("forms");
    let broken = shipped(ACT).replace("workflow: document", "workflow: documnt");
    let line = broken
        .lines()
        .position(|line| line == "workflow: documnt")
        .unwrap()
        + 1;
    write(&folder, ACT, &broken);
    let checked = perron(&["check", "--forms", &folder.display().to_string()]);
    let told = said(&checked);
    assert_eq!(checked.status.code(), Some(1), "{told}");
    assert!(told.contains(&format!("{ACT}:{line}")), "{told}");
    assert!(told.contains("documnt"), "{told}");
    // What was probably meant.
    assert!(told.replace("documnt", "").contains("document"), "{told}");
    let nowhere = perron(&["check", &place.folder.join("nowhere").display().to_string()]);
    assert!(!nowhere.status.success());
    assert!(said(&nowhere).contains("nowhere"), "{}", said(&nowhere));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_file_leaves_the_last_good_version_in_place_and_is_named() {
    let place = Place::new();
    let folder = place.folder.join("forms");
    let good = shipped(ACT).replace(
        "title: \"Acte de mariage\"",
        "title: \"Un acte de mariage à nous\"",
    );
    assert_ne!(good, shipped(ACT));
    write(&folder, ACT, &good);
    let forms = folder.clone();
    let app = TestApp::start_in(place, |args| args.forms = Some(forms)).await;
    assert!(
        app.site.defects.iter().all(|defect| !defect.is_error()),
        "{:?}",
        app.site.defects
    );
    let version = app.procedure("acte-de-mariage").version;
    let place = app.close().await;
    let broken = good.replace("default: etat-civil", "default: etat-civl");
    assert_ne!(broken, good);
    let line = broken
        .lines()
        .position(|line| line.contains("etat-civl"))
        .unwrap()
        + 1;
    write(&folder, ACT, &broken);
    let forms = folder.clone();
    let app = TestApp::start_in(place, |args| args.forms = Some(forms)).await;
    app.staff().await;
    let kept = app.procedure("acte-de-mariage");
    assert_eq!(kept.version, version);
    let browser = app.browser();
    let page = browser.get("/demarches/acte-de-mariage").await;
    assert!(
        page.said().contains("Un acte de mariage à nous"),
        "{}",
        page.said()
    );
    assert_eq!(
        begin(&browser, "acte-de-mariage").await.status,
        StatusCode::OK
    );
    let errors: Vec<_> = app
        .site
        .defects
        .iter()
        .filter(|defect| defect.is_error())
        .collect();
    let [defect] = &errors[..] else {
        panic!("{errors:?}")
    };
    assert_eq!(
        (defect.file.as_str(), defect.line as usize),
        (ACT, line),
        "{defect}"
    );
    assert!(defect.to_string().contains("etat-civl"), "{defect}");
    // The commune's administrator reads it; the other procedures are none the worse.
    let paul = app.sign_in(crate::support::desk::PAUL).await;
    let admin = paul.get("/admin").await;
    assert!(admin.said().contains("etat-civl"), "{}", admin.said());
    assert_eq!(app.site.procedures().len(), 7);
    // The program says it too, when it starts, and serves.
    let place = app.close().await;
    let serving = Serving::start_with(&place, &["--forms", &folder.display().to_string()]);
    let browser = crate::support::browser::Browser::new(&serving.base);
    let page = browser.get("/demarches/acte-de-mariage").await;
    assert!(
        page.said().contains("Un acte de mariage à nous"),
        "{}",
        page.said()
    );
    let log = serving.log();
    assert!(log.contains(&format!("{ACT}:{line}")), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_procedure_that_was_never_good_is_not_offered_and_keeps_nobody_from_the_others() {
    let place = Place::new();
    let folder = place.folder.join("forms");
    write(&folder, "commune/nouvelle.yaml", "id: nouvelle\ntitle: [\n");
    let app = TestApp::start_in(place, |args| args.forms = Some(folder)).await;
    let browser = app.browser();
    assert_eq!(
        browser.get("/demarches/nouvelle").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(app.site.procedures().len(), 7);
    let errors: Vec<_> = app
        .site
        .defects
        .iter()
        .filter(|defect| defect.is_error())
        .collect();
    assert!(
        errors
            .iter()
            .all(|defect| defect.file == "commune/nouvelle.yaml"),
        "{errors:?}"
    );
    assert!(!errors.is_empty());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_procedure_that_is_not_offered_any_more_is_taken_down_and_its_drafts_go_on() {
    let place = Place::new();
    let folder = place.folder.join("forms");
    let own = shipped(ACT).replace("id: acte-de-mariage", "id: acte-a-nous");
    write(&folder, "commune/acte-a-nous.yaml", &own);
    let forms = folder.clone();
    let app = TestApp::start_in(place, |args| args.forms = Some(forms)).await;
    let browser = app.browser();
    let page = begin(&browser, "acte-a-nous").await;
    let place = app.close().await;
    // Its file is gone, and a shipped one is left out.
    std::fs::remove_file(folder.join("commune/acte-a-nous.yaml")).unwrap();
    let site = shipped("site.yaml") + "\nnot_offered: [composition-de-menage]\n";
    let site = site.replace("  - composition-de-menage\n", "");
    write(&folder, "site.yaml", &site);
    let app = TestApp::start_in(place, |args| args.forms = Some(folder)).await;
    let browser = app.browser();
    for gone in ["acte-a-nous", "composition-de-menage"] {
        let page = browser.get(&format!("/demarches/{gone}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{gone}");
        assert!(!browser.get("/demarches").await.body.contains(gone));
    }
    assert_eq!(browser.get(&page.path).await.status, StatusCode::OK);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_example_that_does_not_come_out_is_refused_by_the_check_and_told_to_the_administrator() {
    let place = Place::new();
    let folder = place.folder.join("forms");
    let wrong = shipped(ACT).replacen("service: etat-civil", "service: population", 1);
    assert_ne!(wrong, shipped(ACT));
    write(&folder, ACT, &wrong);
    let checked = perron(&["check", "--forms", &folder.display().to_string()]);
    assert_eq!(checked.status.code(), Some(1), "{}", said(&checked));
    assert!(
        said(&checked).contains("[wrong-example]"),
        "{}",
        said(&checked)
    );
    let app = TestApp::start_in(place, |args| args.forms = Some(folder)).await;
    app.staff().await;
    let paul = app.sign_in(crate::support::desk::PAUL).await;
    let admin = paul.get("/admin").await.said();
    assert!(admin.contains("Exemple «"), "{admin}");
    assert!(app.site.procedure("acte-de-mariage").is_some());
    app.stop().await;
}
