//! A citizen follows a request: the code that opens it, what they read there, what they still send.

mod papers;

use crate::support::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::desk::{JULIE, SOPHIE};
use crate::support::examples::{begin, sending};
use reqwest::StatusCode;
use std::fmt::Write;

async fn typed(browser: &Browser, code: &str) -> Page {
    let code = code.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02X}").unwrap();
        text
    });
    browser.get(&format!("/suivi?code={code}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_instead_of_a_code_is_named() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "composition-de-menage", 1).await;
    let code = sent.tracking.trim_start_matches("/suivi/").to_owned();
    for (wrong, said) in [
        ("", "Écrivez votre code de suivi."),
        (
            sent.shown.as_str(),
            "Ceci est la référence de votre demande.",
        ),
        (&code[..15], "Il manque 1 caractère :"),
        (&format!("{code}AB"), "Il y a 2 caractères de trop"),
        ("composition-de-ménage", "Ce n’est pas un code de suivi"),
        (
            "0000-0000-0000-0000",
            "Aucune demande ne correspond à ce code.",
        ),
    ] {
        let page = typed(&citizen, wrong).await;
        assert!(
            page.text(".errors").contains(said),
            "{wrong}: {}",
            page.said()
        );
        assert!(page.text("title").starts_with("Erreur :"), "{wrong}");
    }
    // The whole link, as a mail shows it.
    let pasted = typed(
        &citizen,
        &format!("{}{}?fait=message", app.base, sent.tracking),
    )
    .await;
    assert_eq!(pasted.location.as_deref(), Some(sent.tracking.as_str()));
    // A draft's code is sent to the draft, and a request's code taken for a draft's to the request.
    let draft = begin(&citizen, "composition-de-menage").await;
    let address: Vec<&str> = draft.path.split('/').take(3).collect();
    let page = typed(&citizen, address[2]).await;
    assert!(
        page.said().contains("pas encore envoyée"),
        "{}",
        page.said()
    );
    assert_eq!(
        page.attributes("main a.button", "href"),
        [address.join("/")]
    );
    let door = citizen.get("/reprendre").await;
    let other = citizen.post(&door, "/reprendre", &[("code", &code)]).await;
    assert_eq!(other.location.as_deref(), Some(sent.tracking.as_str()));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_a_form_posts_to_leads_back_to_its_page() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "composition-de-menage", 1).await;
    for tail in ["/reponses", "/messages"] {
        let back = citizen.get(&format!("{}{tail}", sent.tracking)).await;
        assert_eq!(
            back.location.as_deref(),
            Some(sent.tracking.as_str()),
            "{tail}"
        );
    }
    let draft = begin(&citizen, "composition-de-menage").await;
    let address = draft.path.split("/pages/").next().unwrap().to_owned();
    for (tail, page) in [
        ("/envoi", "/verification"),
        ("/fichiers", ""),
        ("/suppression", ""),
    ] {
        let back = citizen.get(&format!("{address}{tail}")).await;
        assert_eq!(back.location, Some(format!("{address}{page}")), "{tail}");
    }
    let back = citizen
        .get("/demarches/composition-de-menage/brouillons")
        .await;
    assert_eq!(
        back.location.as_deref(),
        Some("/demarches/composition-de-menage")
    );
    // Withdrawn: the question whether to withdraw leads to what became of it.
    let withdrawal = format!("{}/retrait", sent.tracking);
    let page = citizen.get(&withdrawal).await;
    citizen.post(&page, &withdrawal, &[]).await;
    let back = citizen.get(&withdrawal).await;
    assert_eq!(back.location.as_deref(), Some(sent.tracking.as_str()));
    // A link that leads nowhere says so, and offers the field.
    let nowhere = citizen.get("/suivi/7K4M2P93QX8TB5WD").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    assert!(
        nowhere
            .said()
            .contains("Aucune demande ne correspond à ce lien."),
        "{}",
        nowhere.said()
    );
    assert_eq!(nowhere.attributes("main input[name=code]", "name").len(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_expired_leads_back_to_its_page_first() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let page = begin(&citizen, "composition-de-menage").await;
    // Another browser: its cookie is not the one of the form.
    let other = app.browser();
    let refused = other.post(&page, &page.path, &[("pour_qui", "moi")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.attributes("main li a", "href")[0], page.path);
    assert_eq!(refused.texts("main li a")[0], "Revenir à la page");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_can_be_read_again_with_its_numbers_masked() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "allocation-chauffage", 0).await;
    let page = citizen.get(&sent.tracking).await;
    let number = app.request(&sent).answers().to_json()["demandeur"]["national_number"]
        .as_str()
        .unwrap()
        .to_owned();
    let told = page.text("details.sent");
    assert!(told.starts_with("Ce que vous avez envoyé"), "{told}");
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    assert!(!digits(&page.body).contains(&digits(&number)), "{told}");
    assert!(told.contains("***"), "{told}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_read_it_is_told_where_it_is_kept_and_nowhere_else() {
    let app = TestApp::start().await;
    app.staff().await;
    let citizen = app.browser();
    let open = app.send(&citizen, "composition-de-menage", 1).await;
    let social = app.send(&citizen, "allocation-chauffage", 0).await;
    app.sign_in(JULIE).await.get(&open.desk).await;
    app.sign_in(SOPHIE).await.get(&social.desk).await;
    let open = citizen.get(&open.tracking).await;
    assert!(
        !open.said().contains("Qui a consulté ma demande"),
        "{}",
        open.said()
    );
    let social = citizen.get(&social.tracking).await;
    assert_eq!(social.texts(".readings li").len(), 1, "{}", social.said());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_what_one_types_and_claims_nothing_of_little_words() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let home = citizen.get("/").await;
    assert_eq!(
        home.attributes("form[role=search]", "action"),
        ["/demarches"]
    );
    for (words, title) in [
        ("bonne+vie+et+moeurs", "casier judiciaire"),
        ("rdv", "premier rendez-vous"),
    ] {
        let found = citizen.get(&format!("/demarches?q={words}")).await;
        assert!(found.text("main").contains("pour « "), "{}", found.said());
        assert!(
            found
                .texts(".found a")
                .iter()
                .any(|t| t.to_lowercase().contains(title)),
            "{words}: {:?}",
            found.texts(".found a")
        );
    }
    let all = citizen.get("/demarches?q=de").await;
    assert_eq!(all.texts(".found a").len(), app.site.procedures().len());
    assert!(!all.text("main").contains("pour « "), "{}", all.said());
    let none = citizen.get("/demarches?q=xxxx").await;
    assert!(
        none.said().contains("Rien ne correspond"),
        "{}",
        none.said()
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_to_call_reads_the_number_there() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let page = begin(&citizen, "premier-rendez-vous").await;
    let urgent = [("urgent", "urgent"), ("_refresh", "1")];
    let page = citizen.post(&page, &page.path, &urgent).await;
    let page = citizen.follow(page).await;
    let number = &app.site.service("social-accueil").unwrap().phone;
    assert_eq!(
        page.texts(".note--warning a[href^='tel:']"),
        [number.clone().unwrap()]
    );
    let page = citizen.get("/demarches/premier-rendez-vous").await;
    assert_eq!(
        page.texts(".contact a[href^='tel:']"),
        [number.clone().unwrap()]
    );
    assert_eq!(
        page.attributes(".contact a[href^='mailto:']", "href").len(),
        1
    );
    // What everyone asks first stands before the long text; the law and the data at the end, closed.
    assert_eq!(
        page.texts(".split__brief dt"),
        ["Coût", "Délai", "Qui répond"]
    );
    assert!(page.attributes("details.privacy", "open").is_empty());
    assert_eq!(page.said().matches("Loi organique des CPAS").count(), 1);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_confirmation_says_that_it_is_sent_and_what_it_costs() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let filling = app.example("composition-de-menage", 1);
    let check = app.ready(&citizen, "composition-de-menage", &filling).await;
    let sent = citizen.post(&check, &sending(&check), &[]).await;
    let page = citizen.follow(sent).await;
    assert_eq!(page.text("h1"), "Votre demande est envoyée");
    let total = app.request(&app.sent(&page)).facts().total;
    let told = page.texts(".receipt dt").contains(&"Coût".to_owned());
    assert_eq!(told, total > 0, "{total}: {}", page.said());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_page_reproaches_each_question_by_its_name_and_no_answer_that_stands_ready() {
    let app = TestApp::start().await;
    let citizen = app.browser();
    let page = begin(&citizen, "changement-adresse").await;
    let again = citizen.post(&page, &page.path, &[]).await;
    let again = citizen.follow(again).await;
    let lines = again.texts(".errors a");
    assert_eq!(
        lines[0],
        "Votre nouvelle adresse, rue : complétez ce champ."
    );
    assert!(lines.contains(&"Votre ancienne adresse, rue : complétez ce champ.".to_owned()));
    let mut once = lines.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), lines.len(), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("pays")), "{lines:?}");
    app.stop().await;
}
