//! The receipt (*accusé de réception*): what was received, when to the minute, from whom, and what
//! happens next. It holds the fingerprint of every file, so that nobody can later say that another one
//! was sent.

use super::blocks::cut;
use super::house::House;
use crate::belgium::{Cents, Decimal, brussels_date, french};
use crate::document::{Align, Block, Column, Level, Sheet, Verification};
use crate::form::{Attachment, SummaryPage};
use chrono::{DateTime, NaiveDate, Utc};

/// What a receipt is printed from.
#[derive(Clone, Debug)]
pub struct Receipt<'a> {
    pub house: House<'a>,
    pub language: &'a str,
    /// The procedure's title.
    pub procedure: &'a str,
    /// As it is shown: `7K4·M2P·93`.
    pub reference: &'a str,
    /// The name of who asks.
    pub applicant: &'a str,
    pub submitted_at: DateTime<Utc>,
    /// The answers in words; what is secret is masked in them.
    pub pages: &'a [SummaryPage],
    /// The fee, line by line, in cents.
    pub fee: &'a [(String, i64)],
    /// In cents.
    pub total: i64,
    pub files: &'a [Attachment],
    /// What happens after sending, in the definition's words.
    pub next: &'a str,
    /// The day an answer is expected by.
    pub due_on: Option<NaiveDate>,
    /// Where the delay comes from, in the definition's words; may be empty.
    pub delay_source: &'a str,
    /// Under social secrecy: the wording of a public centre, which registers every request the day it
    /// comes.
    pub social: bool,
    pub verification: Verification,
}

/// The receipt, ready for the press.
pub fn receipt(paper: &Receipt<'_>) -> Sheet {
    let mut blocks = head(paper);
    blocks.extend(next(paper));
    blocks.extend(answers(paper.pages));
    blocks.extend(fee(paper.fee, paper.total));
    blocks.extend(files(paper.files));
    Sheet {
        title: "Accusé de réception".to_owned(),
        language: paper.language.to_owned(),
        letterhead: paper.house.letterhead(),
        addressee: vec![paper.applicant.to_owned()],
        reference: paper.reference.to_owned(),
        date_line: paper
            .house
            .place_and_date(brussels_date(paper.submitted_at)),
        blocks,
        footer: paper.house.footer(),
        verification: Some(paper.verification.clone()),
        across: None,
        created: paper.submitted_at,
    }
}

fn head(paper: &Receipt<'_>) -> Vec<Block> {
    let received = french::long_date_time(paper.submitted_at);
    let said = if paper.social {
        let day = french::long_date(brussels_date(paper.submitted_at));
        format!(
            "Nous avons bien reçu votre demande. Elle est enregistrée à la date de sa réception, le {day}."
        )
    } else {
        "Nous avons bien reçu votre demande.".to_owned()
    };
    let facts = vec![
        pair("Votre demande", paper.procedure),
        pair("Reçue le", &received),
        pair("Référence", paper.reference),
        pair("Traitée par", &paper.house.in_charge()),
    ];
    vec![Block::Paragraph(said), Block::KeyValues(facts)]
}

fn next(paper: &Receipt<'_>) -> Vec<Block> {
    let heading = Block::Heading(Level::Section, "Et maintenant\u{a0}?".to_owned());
    let mut blocks = vec![heading];
    blocks.extend(cut(&plain(paper.next)));
    let source = sentence(paper.delay_source);
    let by = paper.due_on.map(|day| {
        let day = french::long_date(day);
        format!("Réponse attendue au plus tard le {day}.")
    });
    let known: Vec<String> = [source, by].into_iter().flatten().collect();
    if !known.is_empty() {
        blocks.push(Block::Notice(known.join(" ")));
    }
    let track = format!(
        "Gardez cette référence\u{a0}: {}. Pour suivre votre demande, ouvrez {}/suivi avec le code de suivi que vous avez reçu.",
        paper.reference, paper.house.base_url
    );
    blocks.push(Block::Paragraph(track));
    blocks
}

/// Words with a full stop at their end; nothing for no words.
fn sentence(words: &str) -> Option<String> {
    let words = words.trim();
    let stop = if words.ends_with(['.', '!', '?', '…']) {
        ""
    } else {
        "."
    };
    (!words.is_empty()).then(|| format!("{words}{stop}"))
}

/// The words of a page on paper: no stars around what is bold, and a link in brackets.
fn plain(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        words.push_str(before);
        let link = after
            .split_once("](")
            .filter(|(label, _)| !label.contains(['\n', '[']))
            .and_then(|(label, target)| Some((label, target.split_once(')')?)));
        if let Some((label, (target, after))) = link {
            words.push_str(label);
            words.push_str(" (");
            words.push_str(target);
            words.push(')');
            rest = after;
        } else {
            words.push('[');
            rest = after;
        }
    }
    words.push_str(rest);
    words.replace("**", "")
}

fn answers(pages: &[SummaryPage]) -> Vec<Block> {
    if pages.is_empty() {
        return Vec::new();
    }
    let heading = Block::Heading(Level::Section, "Vos réponses".to_owned());
    let page = |page: &SummaryPage| {
        let rows = page.rows.iter().map(|row| {
            let names = row.files.iter().map(|file| file.name.clone());
            let lines: Vec<String> = row.value.iter().cloned().chain(names).collect();
            (row.label.clone(), lines.join("\n"))
        });
        [
            Block::Heading(Level::Part, page.title.clone()),
            Block::KeyValues(rows.collect()),
        ]
    };
    std::iter::once(heading)
        .chain(pages.iter().flat_map(page))
        .collect()
}

fn fee(lines: &[(String, i64)], total: i64) -> Vec<Block> {
    if lines.is_empty() {
        return Vec::new();
    }
    let amount = |cents: i64| Cents::new(cents).to_string();
    let mut rows: Vec<Vec<String>> = lines
        .iter()
        .map(|(label, cents)| vec![label.clone(), amount(*cents)])
        .collect();
    if lines.len() > 1 {
        rows.push(vec!["Total".to_owned(), amount(total)]);
    }
    let columns = vec![
        column("Objet", 4.0, Align::Left),
        column("Montant", 1.0, Align::Right),
    ];
    vec![
        Block::Heading(Level::Section, "Prix".to_owned()),
        Block::Table { columns, rows },
    ]
}

fn files(files: &[Attachment]) -> Vec<Block> {
    if files.is_empty() {
        return Vec::new();
    }
    let row = |file: &Attachment| vec![file.name.clone(), size(file.size), file.sha256.clone()];
    let columns = vec![
        column("Fichier", 3.0, Align::Left),
        column("Taille", 1.4, Align::Right),
        column("Empreinte SHA-256", 4.6, Align::Left),
    ];
    vec![
        Block::Heading(Level::Section, "Vos pièces jointes".to_owned()),
        Block::Table {
            columns,
            rows: files.iter().map(row).collect(),
        },
    ]
}

/// Exact, since it stands beside the fingerprint: « 412 318 octets ».
fn size(bytes: u64) -> String {
    let written = bytes.to_string();
    let grouped = Decimal::parse(&written).map_or(written, |number| number.to_string());
    format!("{grouped}\u{a0}octets")
}

fn pair(label: &str, value: &str) -> (String, String) {
    (label.to_owned(), value.to_owned())
}

fn column(title: &str, share: f32, align: Align) -> Column {
    Column {
        title: title.to_owned(),
        share,
        align,
    }
}
