//! Drafts begun with an older version of their procedure: the newer one is offered, with what changed.

use crate::support::TestApp;
use crate::support::browser::Page;
use crate::support::examples::{begin, fill};
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

/// The version that a page offers.
fn offered(page: &Page) -> String {
    page.attributes("button[name=_newer]", "value")[0].clone()
}

/// What the fields of a page show.
fn shown(page: &Page, name: &str) -> Vec<String> {
    page.attributes(&format!("input[name='{name}']"), "value")
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
    let version = offered(&page);
    let gone = browser
        .post(&page, &path, &[("_newer", version.as_str())])
        .await;
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
    let version = offered(&page);
    // A version that is none of this procedure's is no choice.
    let other = app.procedure("composition-de-menage").version.to_string();
    browser
        .post(&page, &path, &[("_newer", other.as_str())])
        .await;
    let page = browser.get(&path).await;
    assert!(page.said().contains(CHANGED), "{}", page.said());
    let stayed = browser
        .post(&page, &path, &[("_older", version.as_str())])
        .await;
    let page = browser.follow(stayed).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.texts(".newer").is_empty(), "{}", page.said());
    let page = browser.get(&path).await;
    assert!(page.said().contains("Date du mariage"), "{}", page.said());
    assert!(page.texts(".newer").is_empty());
    app.stop().await;
}

/// What somebody typed on the page of the wedding when she reads that the form changed.
const TYPED: [(&str, &str); 4] = [
    ("date_mariage", "2010-02-30"),
    ("lieu_mariage.locality", "Wanze"),
    ("conjoint.last_name", "Lambert"),
    ("conjoint.first_name", "Jean"),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_on_the_page_is_there_whichever_version_one_chooses() {
    let (app, paths) = begun().await;
    for (path, button) in paths.iter().zip(["_older", "_newer"]) {
        let browser = app.browser();
        let page = browser.get(path).await;
        // Both buttons are of the page's own form, and the key Enter presses neither.
        let owners = page.attributes(".newer button", "form");
        assert_eq!(owners, ["formulaire", "formulaire"], "{}", page.body);
        let enter = page.body.find("<button").unwrap();
        assert!(page.body[enter..].starts_with("<button class=\"unseen\" form=\"formulaire\""));
        let version = offered(&page);
        let mut pairs = TYPED.to_vec();
        pairs.push((button, &version));
        let chosen = browser.post(&page, path, &pairs).await;
        assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.said());
        let back = chosen.location.clone().unwrap();
        assert!(back.starts_with(path.as_str()), "{button}: {back}");
        let mut page = browser.follow(chosen).await;
        assert!(page.texts(".newer").is_empty(), "{}", page.said());
        assert!(page.texts(".errors").is_empty(), "{}", page.said());
        if button == "_newer" {
            // The first page has a question that nobody has seen yet.
            assert!(page.path.ends_with("/document"), "{}", page.path);
            let typed = [("pour_qui", "moi"), ("type_acte", "copie"), ("salle", "")];
            page = browser.post(&page, &page.path, &typed).await;
            page = browser.follow(page).await;
        }
        assert!(page.path.starts_with(path.as_str()), "{}", page.path);
        for (name, text) in TYPED {
            assert_eq!(shown(&page, name), [text], "{button} {name}");
        }
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_saves_of_the_same_page_overtake_is_taken_all_the_same() {
    let (app, [path, _]) = begun().await;
    let browser = app.browser();
    let page = browser.get(&path).await;
    let version = offered(&page);
    let (mut saves, mut chosen) = (TYPED.to_vec(), TYPED.to_vec());
    saves.push(("_refresh", "1"));
    chosen.push(("_older", &version));
    let save = || browser.post(&page, &path, &saves);
    let (choice, ..) = tokio::join!(
        browser.post(&page, &path, &chosen),
        save(),
        save(),
        save(),
        save(),
    );
    assert_eq!(choice.status, StatusCode::SEE_OTHER, "{}", choice.said());
    let page = browser.follow(choice).await;
    assert!(page.texts(".newer").is_empty(), "{}", page.said());
    assert_eq!(shown(&page, "conjoint.last_name"), ["Lambert"]);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_page_offers_the_choice_with_a_form_of_its_own() {
    let (app, [path, _]) = begun().await;
    let browser = app.browser();
    let filling = app.example("acte-de-mariage", 0);
    let procedure = app.procedure("acte-de-mariage");
    let check = fill(&browser, &procedure, &filling, browser.get(&path).await).await;
    assert!(check.said().contains(CHANGED), "{}", check.said());
    let version = offered(&check);
    let form = check.attributes("form[action$='/version']", "action");
    let chosen = browser
        .post(&check, &form[0], &[("_older", version.as_str())])
        .await;
    let check = browser.follow(chosen).await;
    assert!(check.path.ends_with("/verification"), "{}", check.path);
    assert!(check.texts(".newer").is_empty(), "{}", check.said());
    app.stop().await;
}
