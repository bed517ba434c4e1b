//! Drafts begun with an older version of their procedure: the newer one is offered, with what changed.

use crate::support::TestApp;
use crate::support::browser::Page;
use crate::support::examples::begin;
use crate::support::place::Place;
use diesel::prelude::*;
use perron::db::Doc;
use perron::db::schema::drafts;
use reqwest::StatusCode;
use std::path::Path;

const ACT: &str = "commune/acte-de-mariage.yaml";
const AFTER: &str = "        - id: langue\n";
const CHANGED: &str = "Cette démarche a changé depuis que vous avez commencé";

fn write(folder: &Path, edit: impl Fn(String) -> String) {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("forms");
    let text = std::fs::read_to_string(forms.join(ACT)).unwrap();
    std::fs::create_dir_all(folder.join("commune")).unwrap();
    std::fs::write(folder.join(ACT), edit(text)).unwrap();
}

fn question(id: &str, label: &str) -> String {
    format!(
        "        - id: {id}\n          type: text\n          label: \"{label}\"\n          optional: true\n{AFTER}"
    )
}

async fn serve(place: Place, folder: &Path) -> TestApp {
    let forms = folder.to_owned();
    let app = TestApp::start_in(place, |args| args.forms = Some(forms)).await;
    let wrong = app
        .site
        .defects
        .iter()
        .any(perron::definition::Defect::is_error);
    assert!(!wrong, "{:?}", app.site.defects);
    app
}

/// Two drafts that stopped after the first page, of a version that is not the newest any more.
async fn begun() -> (TestApp, [String; 2]) {
    let place = Place::new();
    let folder = place.folder.join("forms");
    write(&folder, |text| {
        text.replacen(AFTER, &question("souvenir", "Un souvenir de la fête"), 1)
    });
    let app = serve(place, &folder).await;
    let mut paths = Vec::new();
    for _ in 0..2 {
        let browser = app.browser();
        let page = begin(&browser, "acte-de-mariage").await;
        let typed = [
            ("pour_qui", "moi"),
            ("type_acte", "copie"),
            ("souvenir", "La pluie"),
        ];
        let next = browser.post(&page, &page.path, &typed).await;
        assert_eq!(next.status, StatusCode::SEE_OTHER, "{}", next.said());
        let next = browser.follow(next).await;
        assert!(!next.said().contains(CHANGED), "{}", next.said());
        paths.push(next.path);
    }
    let place = app.close().await;
    write(&folder, |text| {
        let text = text.replacen(
            AFTER,
            &question("salle", "La salle, si vous la connaissez"),
            1,
        );
        text.replacen(
            "label: \"Date du mariage\"",
            "label: \"Jour du mariage\"",
            1,
        )
    });
    let app = serve(place, &folder).await;
    (app, paths.try_into().unwrap())
}

fn offered(page: &Page) -> (String, String) {
    let form = page.attributes("form[action$='/version']", "action");
    let version = page.attributes("input[name=version]", "value");
    (form[0].clone(), version[0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_began_with_an_older_version_reads_what_changed_and_goes_over_with_every_answer() {
    let (app, [path, _]) = begun().await;
    let browser = app.browser();
    let page = browser.get(&path).await;
    let note = page.text(".newer").replace('\u{a0}', " ");
    for words in [
        CHANGED,
        "Nouvelle question : « La salle, si vous la connaissez ».",
        "« Date du mariage » devient « Jour du mariage ».",
        "« Un souvenir de la fête » n’est plus demandé.",
    ] {
        assert!(note.contains(words), "{words}: {note}");
    }
    // The older form goes on being asked until one chooses.
    assert!(page.said().contains("Date du mariage"));
    let (form, version) = offered(&page);
    let choice = [("version", version.as_str()), ("choice", "nouvelle")];
    let gone = browser.post(&page, &form, &choice).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.said());
    let page = browser.follow(gone).await;
    assert!(page.texts(".newer").is_empty(), "{}", page.said());
    assert!(page.said().contains("Jour du mariage") || page.path.ends_with("document"));
    let first = browser.get(&path.replace("/mariage", "/document")).await;
    assert!(first.said().contains("La salle, si vous la connaissez"));
    let ticked = first.attributes("input[checked]", "value");
    assert!(ticked.contains(&"copie".to_owned()), "{ticked:?}");
    // Nothing that was answered is lost, also what nobody asks any more.
    let stored: Vec<Doc> = app.look(|conn| drafts::table.select(drafts::answers).load(conn));
    assert!(stored.iter().all(|doc| doc.0["souvenir"] == "La pluie"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stays_with_the_older_version_is_not_asked_again() {
    let (app, [_, path]) = begun().await;
    let browser = app.browser();
    let page = browser.get(&path).await;
    let (form, version) = offered(&page);
    // A version that is none of this procedure's is no choice.
    let other = app.procedure("composition-de-menage").version.to_string();
    let choice = [("version", other.as_str()), ("choice", "nouvelle")];
    browser.post(&page, &form, &choice).await;
    let page = browser.get(&path).await;
    assert!(page.said().contains(CHANGED), "{}", page.said());
    let choice = [("version", version.as_str()), ("choice", "ancienne")];
    let stayed = browser.post(&page, &form, &choice).await;
    let page = browser.follow(browser.follow(stayed).await).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.texts(".newer").is_empty(), "{}", page.said());
    let page = browser.get(&path).await;
    assert!(page.said().contains("Date du mariage"), "{}", page.said());
    assert!(page.texts(".newer").is_empty());
    app.stop().await;
}
