//! Mails that leave late: they say what happened then, not how it stands now.

use super::{app, waiting};
use crate::support::TestApp;
use crate::support::desk::{JULIE, MARC, step};
use crate::support::place::Place;
use crate::support::smtp::Sink;
use chrono::Duration;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn mails_that_waited_for_their_server_tell_of_the_step_they_follow_from() {
    let mut sink = Sink::start().await;
    let app = app(&sink).await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "acte-de-mariage", 0).await;
    app.drain().await;
    let julie = app.sign_in(JULIE).await;
    let marc = app.sign_in(MARC).await;
    sink.stop().await;
    let before = sink.mails().len();
    // Asked and answered; refused and, by the head, taken up again; refused once more; asked again.
    let asked = [("question", "Demande-premiere")];
    step(&julie, &sent.desk, "ask", &asked).await;
    app.drain().await;
    let page = citizen.get(&sent.tracking).await;
    let answers = format!("{}/reponses", sent.tracking);
    citizen
        .post(&page, &answers, &[("answer", "Reponse-donnee")])
        .await;
    let path = format!("{}/etat", sent.desk);
    for reason in ["Raison-premiere", "Raison-seconde"] {
        let refused = step(&julie, &sent.desk, "refuse", &[("reason", reason)]).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{}", refused.said());
        app.drain().await;
        let forced = [("status", "in_progress"), ("reason", "Erreur.")];
        let back = marc.post(&marc.get(&path).await, &path, &forced).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.said());
    }
    let asked = [("question", "Demande-seconde")];
    let again = step(&julie, &sent.desk, "ask", &asked).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.said());
    app.drain().await;
    assert_eq!(sink.mails().len(), before);
    sink.come_back().await;
    while waiting(&app) > 0 {
        app.wait(Duration::minutes(1));
        assert_eq!(app.drain().await.dead, 0);
    }
    let mails = sink.mails();
    let late: Vec<&str> = mails[before..].iter().map(|m| m.data.as_str()).collect();
    let telling = |word: &str| late.iter().filter(|mail| mail.contains(word)).count();
    // The first question waits for nobody any more, and no mail asks the second one twice.
    assert_eq!(telling("Demande-premiere"), 0, "{late:#?}");
    assert_eq!(telling("Demande-seconde"), 1, "{late:#?}");
    assert_eq!(telling("Raison-premiere"), 1, "{late:#?}");
    assert_eq!(telling("Raison-seconde"), 1, "{late:#?}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_to_download_what_was_revoked_before_the_mail_left() {
    let mut sink = Sink::start().await;
    let app = app(&sink).await;
    app.staff().await;
    let citizen = app.browser();
    let filling = app.example("acte-de-mariage", 0);
    let filling = filling.with("mode_retrait", "en_ligne");
    let sent = app.send_filled(&citizen, "acte-de-mariage", &filling).await;
    app.drain().await;
    let julie = app.sign_in(JULIE).await;
    let marc = app.sign_in(MARC).await;
    sink.stop().await;
    let before = sink.mails().len();
    let act = [
        ("numero_acte", "12/2020"),
        ("date_acte", "14/02/2020"),
        ("commune_acte", "Wanze"),
        ("texte_acte", "Dont acte."),
    ];
    step(&julie, &sent.desk, "issue", &act).await;
    app.drain().await;
    let page = marc.get(&sent.desk).await;
    let path = page.attributes("a[href$='/annulation']", "href").remove(0);
    let reason = [("reason", "Erreur de nom.")];
    let revoked = marc.post(&page, &path, &reason).await;
    assert_eq!(revoked.status, StatusCode::SEE_OTHER, "{}", revoked.said());
    sink.come_back().await;
    while waiting(&app) > 0 {
        app.wait(Duration::minutes(1));
        assert_eq!(app.drain().await.dead, 0);
    }
    let mails = sink.mails();
    let subjects: Vec<String> = mails[before..]
        .iter()
        .map(|mail| mail.header("Subject").unwrap_or_default())
        .collect();
    // One mail, that there is a message: it says what was revoked, and why.
    assert_eq!(subjects.len(), 1, "{subjects:?}");
    assert!(subjects[0].contains("Nouveau"), "{subjects:?}");
    app.stop().await;
}

/// A change of address that can be declined without a word, and says how to contest it.
const MOVE: &str = "commune/changement-adresse.yaml";
const DECLINE: &str = "
  - id: decline
    label: \"Décliner\"
    told: \"Le service a décliné votre demande.\"
    done: \"La demande est déclinée.\"
    from: [received, in_progress, waiting]
    to: refused
    by: [agent, head]
    do:
      - mail: decided

routing:
";

#[tokio::test(flavor = "multi_thread")]
async fn how_to_contest_stands_in_the_late_mails_of_refusals_and_in_no_other() {
    let mut sink = Sink::start().await;
    let place = Place::new();
    let forms = place.folder.join("forms");
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("forms");
    let text = std::fs::read_to_string(shipped.join(MOVE)).unwrap();
    let text = text.replacen("\nrouting:\n", DECLINE, 1).replacen(
        "legal:\n",
        "legal:\n  appeal: \"Contester-ici\"\n",
        1,
    );
    std::fs::create_dir_all(forms.join("commune")).unwrap();
    std::fs::write(forms.join(MOVE), text).unwrap();
    let url = sink.url();
    let app = TestApp::start_in(place, |args| {
        args.forms = Some(forms);
        args.demo = false;
        args.mail.smtp = Some(url);
    })
    .await;
    app.staff().await;
    let citizen = app.browser();
    let sent = app.send(&citizen, "changement-adresse", 0).await;
    app.drain().await;
    let julie = app.sign_in(JULIE).await;
    let marc = app.sign_in(MARC).await;
    sink.stop().await;
    let before = sink.mails().len();
    let said = |words| [("date_inscription", "2026-11-20"), ("decision", words)];
    let (first, second) = (said("Accord-premier"), said("Accord-second"));
    let steps: [(&str, &[(&str, &str)]); 4] = [
        ("decide", &first),
        ("decline", &[]),
        ("decide", &second),
        ("decline", &[]),
    ];
    let path = format!("{}/etat", sent.desk);
    for (nth, (id, form)) in steps.into_iter().enumerate() {
        if nth > 0 {
            let forced = [("status", "in_progress"), ("reason", "Erreur.")];
            let back = marc.post(&marc.get(&path).await, &path, &forced).await;
            assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.said());
        }
        let taken = step(&julie, &sent.desk, id, form).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.said());
        app.drain().await;
    }
    sink.come_back().await;
    while waiting(&app) > 0 {
        app.wait(Duration::minutes(1));
        assert_eq!(app.drain().await.dead, 0);
    }
    let mails = sink.mails();
    let telling = |words: &[&str]| {
        let late = mails[before..].iter();
        late.filter(|mail| words.iter().all(|word| mail.data.contains(word)))
            .count()
    };
    assert_eq!(telling(&[]), 4);
    assert_eq!(telling(&["Accord-premier"]), 1);
    assert_eq!(telling(&["Accord-second"]), 1);
    assert_eq!(telling(&["Contester-ici"]), 2);
    for granted in ["Accord-premier", "Accord-second"] {
        assert_eq!(telling(&[granted, "Contester-ici"]), 0, "{granted}");
    }
    app.stop().await;
}
