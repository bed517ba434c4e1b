//! The few words the press itself prints, in the languages of the country and English.

/// The press's own words in one language.
#[derive(Debug, PartialEq, Eq)]
pub struct Wording {
    /// Before the reference of the request.
    pub reference: &'static str,
    /// Before the number of the page.
    pub page: &'static str,
    /// Beside a question whose answer goes on from the page before.
    pub continued: &'static str,
    /// Heads the verification panel.
    pub verify: &'static str,
    /// Says what to do there.
    pub how_to_verify: &'static str,
    /// Before the code.
    pub code: &'static str,
    /// Describes the QR code to whoever cannot see it; the address follows.
    pub qr: &'static str,
    /// Stands for an empty answer.
    pub nothing: &'static str,
}

const FRENCH: Wording = Wording {
    reference: "Référence",
    page: "page",
    continued: "(suite)",
    verify: "Vérifier ce document",
    how_to_verify: "Toute personne qui reçoit ce document peut s’assurer qu’il est authentique\u{a0}: scannez le code QR ou ouvrez l’adresse ci-dessous.",
    code: "Code de vérification",
    qr: "Code QR qui mène à l’adresse de vérification",
    nothing: "–",
};

const DUTCH: Wording = Wording {
    reference: "Referentie",
    page: "pagina",
    continued: "(vervolg)",
    verify: "Dit document controleren",
    how_to_verify: "Wie dit document ontvangt, kan nagaan of het echt is: scan de QR-code of open het adres hieronder.",
    code: "Controlecode",
    qr: "QR-code die naar het controleadres leidt",
    nothing: "–",
};

const GERMAN: Wording = Wording {
    reference: "Aktenzeichen",
    page: "Seite",
    continued: "(Fortsetzung)",
    verify: "Dieses Dokument prüfen",
    how_to_verify: "Wer dieses Dokument erhält, kann prüfen, ob es echt ist: Scannen Sie den QR-Code oder öffnen Sie die folgende Adresse.",
    code: "Prüfcode",
    qr: "QR-Code, der zur Prüfadresse führt",
    nothing: "–",
};

const ENGLISH: Wording = Wording {
    reference: "Reference",
    page: "page",
    continued: "(continued)",
    verify: "Verify this document",
    how_to_verify: "Anyone who receives this document can check that it is authentic: scan the QR code or open the address below.",
    code: "Verification code",
    qr: "QR code that leads to the verification address",
    nothing: "–",
};

/// The words for a language tag such as `fr-BE`; French for one the press does not speak.
pub fn of(language: &str) -> &'static Wording {
    match language.split('-').next().unwrap_or_default() {
        "nl" => &DUTCH,
        "de" => &GERMAN,
        "en" => &ENGLISH,
        _ => &FRENCH,
    }
}

/// The tag itself when it is one, else plain French: it ends up in the document's dictionary.
pub fn tag(language: &str) -> &str {
    let fits = !language.is_empty()
        && language.len() <= 35
        && language
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fits { language } else { "fr" }
}
