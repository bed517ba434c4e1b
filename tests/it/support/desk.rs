//! Agents at their desks: signing in with both factors, finding a request, taking a step.

use super::TestApp;
use super::browser::{Browser, Page};
use chrono::Duration;
use perron::db::{self, At};
use perron::demo;
use perron::identity::{Agent, second_factor};
use reqwest::StatusCode;
use std::sync::Arc;

pub const JULIE: &str = "julie.noel@wanze.example";
pub const MARC: &str = "marc.dubois@wanze.example";
pub const FATIMA: &str = "fatima.diallo@wanze.example";
pub const SOPHIE: &str = "sophie.lambert@wanze.example";
pub const NADIA: &str = "nadia.benali@wanze.example";
pub const PAUL: &str = "paul.maes@wanze.example";
pub const CLAIRE: &str = "claire.peeters@wanze.example";

impl TestApp {
    /// Opens the accounts of the demonstration: Julie (population), Marc (its head), Fatima (works),
    /// Sophie and Nadia (CPAS), Paul and Claire (administrators of the commune, of the CPAS).
    pub async fn staff(&self) {
        let site = Arc::clone(&self.site);
        let opened = tokio::task::spawn_blocking(move || demo::open(&site).unwrap()).await;
        assert_eq!(opened.unwrap().len(), 7);
    }

    /// The account of that address.
    pub fn agent(&self, email: &str) -> Agent {
        self.look(|conn| Agent::find_by_email(conn, email)).unwrap()
    }

    /// The code that agent's telephone shows now.
    pub fn code(&self, email: &str) -> String {
        let agent = self.agent(email).id;
        let now = At::new(self.clock.now());
        let totp = self.site.db.read_now(|conn| {
            second_factor::generator(conn, &self.site.key, agent).map_err(db::Error::from)
        });
        totp.unwrap().unwrap().code_at(now)
    }

    /// That agent's browser, signed in. A code counts once, so half a minute passes.
    pub async fn sign_in(&self, email: &str) -> Browser {
        let browser = self.browser();
        let asked = password(&browser, email, demo::PASSWORD).await;
        assert_eq!(
            asked.location.as_deref(),
            Some("/agent/connexion/code"),
            "{}",
            asked.body
        );
        self.wait(Duration::seconds(30));
        let page = browser.follow(asked).await;
        let code = self.code(email);
        let inside = browser
            .post(&page, "/agent/connexion/code", &[("code", &code)])
            .await;
        assert_eq!(
            inside.location.as_deref(),
            Some("/agent"),
            "{}",
            inside.body
        );
        browser
    }
}

/// Types an address and a password at the door.
pub async fn password(browser: &Browser, email: &str, password: &str) -> Page {
    let door = browser.get("/agent/connexion").await;
    let typed = [("email", email), ("password", password)];
    browser.post(&door, "/agent/connexion", &typed).await
}

/// Takes a step of the workflow through its small form.
pub async fn step(agent: &Browser, request: &str, id: &str, form: &[(&str, &str)]) -> Page {
    let page = agent.get(request).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    agent
        .post(&page, &format!("{request}/transitions/{id}"), form)
        .await
}
