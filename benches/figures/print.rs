//! A document of one page, from its facts to its bytes, sealed: printed, hashed, kept among the blobs.

use super::measure::{Outcome, thread_time, wrong};
use super::table::{Figure, title};
use super::town::Town;
use actix_web::rt::SystemRunner;
use perron::form::examples::filled;
use perron::printing::{House, Issued, issued};
use perron::secret::Purpose;
use serde_json::json;
use std::time::Duration;

const TIMES: u32 = 150;

/// The figures.
pub fn run(runtime: &SystemRunner) -> Outcome {
    title("A document of one page (composition de ménage), on one core (processor time)");
    let town = Town::open("print", None)?;
    let site = &town.site;
    let published = town.procedure()?;
    let definition = &published.definition;
    let procedure = published.procedure();
    let complete = procedure
        .examples
        .iter()
        .find_map(|example| filled(definition, &site.file, example))
        .ok_or_else(|| wrong("no example can be sent"))?;
    let template = procedure
        .documents
        .first()
        .ok_or_else(|| wrong("no document"))?;
    let house = House {
        site: &site.file,
        authority: site
            .authority(&procedure.authority)
            .ok_or_else(|| wrong("no authority"))?,
        service: site.service(&complete.route().service),
        base_url: &site.base_url,
    };
    let answers = complete.answers().to_json();
    let members = ["Anne", "Marc", "Zoé"].map(|first| {
        json!({
            "last_name": "Lambert", "first_name": first, "relation": "personne de référence",
            "birth_date": "1985-07-30",
        })
    });
    let form = json!({
        "adresse": { "street": "Rue de l’Exemple", "number": "12", "box": null, "postal_code": "4520", "locality": "Wanze" },
        "date_situation": "2026-11-23",
        "membres": members,
    });
    let labels = json!({});
    let settings = json!({});
    let mut spent = Duration::ZERO;
    let mut kept = Duration::ZERO;
    let mut size = 0;
    for turn in 0..TIMES + 3 {
        // Another code each time, as on paper: no two have the same bytes.
        let code = site.key.code(Purpose::Document, site.db.clock().new_id());
        let before = thread_time()?;
        let sheet = issued(&Issued {
            house,
            language: "fr",
            title: template.title.get("fr"),
            reference: "7K4·M2P·93",
            applicant: &complete.applicant().name,
            text: &template.text,
            signed: template.signed,
            submitted_at: site.db.clock().now(),
            issued_at: site.db.clock().now(),
            answers: &answers,
            labels: &labels,
            settings: &settings,
            form: &form,
            verification: Some(house.verification(&code)),
        })?;
        let pdf = site.press.print(&sheet)?;
        let printed = thread_time()?;
        size = pdf.len();
        if turn < 3 {
            continue;
        }
        spent += printed.checked_sub(before).unwrap_or_default();
        let began = std::time::Instant::now();
        runtime.block_on(site.blobs.put(pdf.into()))?;
        kept += began.elapsed();
    }
    let each = spent.as_secs_f64() / f64::from(TIMES);
    let keeping = kept.as_secs_f64() / f64::from(TIMES);
    let (rate, size) = (1.0 / each.max(1e-9), size as f64 / 1e3);
    Figure {
        work: format!("printed, {size:.1} kB"),
        ours: format!("{rate:.0} /s, {:.1} ms each", each * 1e3),
        machine: format!("kept in {:.2} ms more", keeping * 1e3),
        ratio: None,
        budget: "≥ 100 /s, ≤ 80 kB",
        kept: Some(rate >= 100.0 && size <= 80.0),
    }
    .print();
    Ok(())
}
