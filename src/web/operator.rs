//! For the one who runs it: `GET /healthz` says whether the database answers, `GET /metrics` counts.

use crate::app::App;
use crate::job;
use crate::web::error::Error;
use actix_web::http::header;
use actix_web::{HttpResponse, web};

/// `ok` when every site's database answers.
pub async fn health(app: web::Data<App>) -> HttpResponse {
    let plain = header::ContentType::plaintext();
    match count(&app).await {
        Ok(()) => HttpResponse::Ok().insert_header(plain).body("ok\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            HttpResponse::ServiceUnavailable()
                .insert_header(plain)
                .body("database\n")
        }
    }
}

/// The counters, for Prometheus. While the database is away those of the jobs stand still.
pub async fn metrics(app: web::Data<App>) -> HttpResponse {
    if let Err(error) = count(&app).await {
        tracing::warn!(%error, "the jobs cannot be counted");
    }
    HttpResponse::Ok()
        .insert_header((
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        ))
        .body(app.metrics.text())
}

/// Counts the jobs of every site that wait, and those that were laid aside.
async fn count(app: &App) -> Result<(), Error> {
    let (mut waiting, mut dead) = (0, 0);
    for site in app.sites() {
        let counted = site.db.read(|conn| Ok::<_, Error>(job::counts(conn)?));
        let (some, laid_aside) = counted.await?;
        waiting += some;
        dead += laid_aside;
    }
    let queue = &app.metrics.queue;
    queue.with_label_values(&["waiting"]).set(waiting);
    queue.with_label_values(&["dead"]).set(dead);
    Ok(())
}
