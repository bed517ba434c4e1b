//! For the one who runs it: `GET /healthz` says whether the database answers, `GET /metrics` counts.

use crate::app::App;
use crate::job;
use crate::web::error::Error;
use actix_web::http::header;
use actix_web::{HttpResponse, web};

/// `ok` when every site's database answers.
pub async fn health(app: web::Data<App>) -> HttpResponse {
    for site in app.sites() {
        let asked = site
            .db
            .read(|conn| Ok::<_, Error>(job::counts(conn)?))
            .await;
        match asked {
            Ok((waiting, dead)) => {
                app.metrics
                    .queue
                    .with_label_values(&["waiting"])
                    .set(waiting);
                app.metrics.queue.with_label_values(&["dead"]).set(dead);
            }
            Err(error) => {
                tracing::error!(%error, "the database does not answer");
                return HttpResponse::ServiceUnavailable()
                    .insert_header(header::ContentType::plaintext())
                    .body("database\n");
            }
        }
    }
    HttpResponse::Ok()
        .insert_header(header::ContentType::plaintext())
        .body("ok\n")
}

/// The counters, for Prometheus.
pub async fn metrics(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        ))
        .body(app.metrics.text())
}
