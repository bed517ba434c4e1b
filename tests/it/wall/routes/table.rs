//! The rows: each address, and what it answers to each role.

use crate::support::desk::{CLAIRE, FATIMA, JULIE, MARC, PAUL, SOPHIE};

/// Nobody, the citizen who holds the codes, Julie (population), Fatima (works), Sophie (CPAS), Marc
/// (head of population), Paul (administrator of the commune), Claire (administrator of the CPAS).
pub(super) const ROLES: [&str; 8] = [
    "nobody", "citizen", JULIE, FATIMA, SOPHIE, MARC, PAUL, CLAIRE,
];

/// The answers to each role: a status, or `door` for "sign in first".
pub(super) type Answers = [&'static str; 8];

const ALL: Answers = ["200"; 8];
const ALL_GO_ON: Answers = ["303"; 8];
const ALL_MEND: Answers = ["422"; 8];

/// For the one who holds the code, and for everybody else.
const fn holder(of: &'static str, others: &'static str) -> Answers {
    [others, of, others, others, others, others, others, others]
}

/// For whoever is signed in.
const fn agents(answer: &'static str) -> Answers {
    [
        "door", "door", answer, answer, answer, answer, answer, answer,
    ]
}

/// For the agent and the head of the open request's service; nobody else knows that it exists.
const fn service(answer: &'static str) -> Answers {
    ["door", "door", answer, "404", "404", answer, "404", "404"]
}

/// For the head of the open request's service alone.
const fn head(answer: &'static str) -> Answers {
    ["door", "door", "404", "404", "404", answer, "404", "404"]
}

/// For the agent of the social request's service.
const fn social(answer: &'static str) -> Answers {
    ["door", "door", "404", "404", answer, "404", "404", "404"]
}

/// For the two administrators.
const fn administrators(commune: &'static str, cpas: &'static str) -> Answers {
    ["door", "door", "404", "404", "404", "404", commune, cpas]
}

pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) form: &'static [(&'static str, &'static str)],
    /// Of the commune's request, and of the CPAS's.
    pub(super) open: Answers,
    pub(super) social: Answers,
}

const fn get(path: &'static str, open: Answers) -> Row {
    row("get", path, open, open)
}

const fn post(path: &'static str, open: Answers) -> Row {
    row("post", path, open, open)
}

const fn row(method: &'static str, path: &'static str, open: Answers, social: Answers) -> Row {
    Row {
        method,
        path,
        form: &[],
        open,
        social,
    }
}

const fn request(method: &'static str, path: &'static str, answer: &'static str) -> Row {
    row(method, path, service(answer), social(answer))
}

/// In this order: what ends something comes last.
pub(super) fn table() -> Vec<Row> {
    let door = ["200", "200", "303", "303", "303", "303", "303", "303"];
    let half_way = ["door", "door", "303", "303", "303", "303", "303", "303"];
    vec![
        get("/healthz", ALL),
        get("/metrics", ALL),
        get("/assets/{path:.+}", ALL),
        get("/", ALL),
        get("/demarches", ALL),
        get("/demarches/{procedure}", ALL),
        get("/demarches/{procedure}/brouillons", ALL_GO_ON),
        post("/demarches/{procedure}/brouillons", ALL_GO_ON),
        get("/brouillons/{code}", holder("303", "410")),
        get("/brouillons/{code}/pages/{page}", holder("200", "410")),
        post("/brouillons/{code}/pages/{page}", holder("303", "410")),
        get("/brouillons/{code}/fichiers", ALL_GO_ON),
        post("/brouillons/{code}/fichiers", holder("400", "410")),
        get(
            "/brouillons/{code}/fichiers/{file}/contenu",
            holder("200", "404"),
        ),
        get("/brouillons/{code}/verification", holder("303", "410")),
        get("/brouillons/{code}/envoi", ALL_GO_ON),
        post("/brouillons/{code}/envoi", holder("303", "410")),
        get("/brouillons/{code}/confirmation", holder("303", "410")),
        get("/brouillons/{code}/plus-tard", holder("200", "410")),
        post("/brouillons/{code}/plus-tard", holder("422", "410")),
        get("/reprendre", ALL),
        post("/reprendre", ALL_MEND),
        get("/suivi", ALL),
        get("/suivi/{code}", holder("200", "404")),
        get("/suivi/{code}/reponses", ALL_GO_ON),
        post("/suivi/{code}/reponses", holder("303", "404")),
        get("/suivi/{code}/messages", ALL_GO_ON),
        post("/suivi/{code}/messages", holder("422", "404")),
        get("/suivi/{code}/fichiers/{file}", holder("200", "404")),
        get("/suivi/{code}/documents/{document}", holder("200", "404")),
        get("/suivi/{code}/retrait", holder("200", "404")),
        get("/verification", ALL),
        get("/verification/{code}", ALL),
        get("/accessibilite", ALL),
        get("/vie-privee", ALL),
        get("/mentions-legales", ALL),
        get("/robots.txt", ALL),
        get("/demo", ALL),
        get("/demo/mail", ALL),
        get("/demo/mail/{mail}", ALL),
        get("/demo/mail/{mail}/html", ALL),
        get(
            "/agent",
            ["door", "door", "200", "200", "200", "200", "303", "303"],
        ),
        get("/agent/connexion", door),
        post("/agent/connexion", ALL_MEND),
        get("/agent/connexion/code", half_way),
        post("/agent/connexion/code", half_way),
        get("/agent/connexion/appareil", half_way),
        post("/agent/connexion/appareil", half_way),
        request("get", "/agent/demandes/{request}", "200"),
        request("post", "/agent/demandes/{request}/reponses/{field}", "200"),
        request(
            "get",
            "/agent/demandes/{request}/transitions/{transition}",
            "200",
        ),
        request(
            "post",
            "/agent/demandes/{request}/transitions/{transition}",
            "422",
        ),
        request(
            "post",
            "/agent/demandes/{request}/transitions/{transition}/projets/{document}",
            // What is asked for is no document of the procedure.
            "404",
        ),
        request("post", "/agent/demandes/{request}/attribution", "303"),
        request("post", "/agent/demandes/{request}/messages", "422"),
        request("post", "/agent/demandes/{request}/notes", "422"),
        request("get", "/agent/demandes/{request}/fichiers/{file}", "200"),
        request(
            "get",
            "/agent/demandes/{request}/documents/{document}",
            "200",
        ),
        request(
            "get",
            "/agent/demandes/{request}/documents/{document}/annulation",
            // What is asked for here is a receipt, which nobody revokes.
            "404",
        ),
        request(
            "post",
            "/agent/demandes/{request}/documents/{document}/annulation",
            "404",
        ),
        row(
            "get",
            "/agent/demandes/{request}/etat",
            head("200"),
            head("404"),
        ),
        row(
            "post",
            "/agent/demandes/{request}/etat",
            head("422"),
            head("404"),
        ),
        get("/agent/compte", agents("200")),
        post("/agent/compte/mot-de-passe", agents("422")),
        post("/agent/compte/sessions/fin", agents("303")),
        post("/agent/compte/sessions/{session}/fin", agents("404")),
        get("/admin", administrators("200", "200")),
        get("/admin/comptes", administrators("200", "200")),
        Row {
            form: &[("role", "agent")],
            ..row(
                "post",
                "/admin/comptes/{agent}/acces",
                administrators("303", "404"),
                administrators("404", "303"),
            )
        },
        row(
            "get",
            "/admin/comptes/{agent}/acces/{service}/retrait",
            administrators("200", "404"),
            administrators("404", "200"),
        ),
        row(
            "post",
            "/admin/comptes/{agent}/acces/{service}/retrait",
            administrators("303", "404"),
            administrators("404", "303"),
        ),
        get("/admin/envois", administrators("200", "200")),
        row(
            "post",
            "/admin/envois/{job}/relance",
            administrators("303", "404"),
            administrators("404", "303"),
        ),
        post("/suivi/{code}/retrait", holder("303", "404")),
        get("/brouillons/{code}/version", ALL_GO_ON),
        post("/brouillons/{code}/version", holder("303", "410")),
        get("/brouillons/{code}/suppression", ALL_GO_ON),
        post("/brouillons/{code}/suppression", holder("410", "410")),
        post("/agent/deconnexion", ["door"; 8]),
    ]
}
