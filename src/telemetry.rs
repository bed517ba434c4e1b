//! What the operator sees: logs without personal data, and counters for Prometheus.

use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGaugeVec, Opts,
    Registry, TextEncoder,
};
use std::time::Duration;

/// A part of the site, as its answers are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Citizen,
    Agent,
    Admin,
    Assets,
    Operator,
    Demo,
}

const AREAS: [(Area, &str); 6] = [
    (Area::Citizen, "citizen"),
    (Area::Agent, "agent"),
    (Area::Admin, "admin"),
    (Area::Assets, "assets"),
    (Area::Operator, "operator"),
    (Area::Demo, "demo"),
];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

struct AreaCounters {
    /// By class of status.
    answers: [IntCounter; CLASSES.len()],
    seconds: Histogram,
}

/// The counters of an instance.
pub struct Metrics {
    registry: Registry,
    /// By [`Area`], each found once.
    areas: [AreaCounters; AREAS.len()],
    /// Jobs done, by kind and result.
    pub jobs: IntCounterVec,
    /// Jobs by state: waiting, dead.
    pub queue: IntGaugeVec,
}

impl Metrics {
    /// Counters at nought.
    pub fn new() -> Self {
        let registry = Registry::new();
        let answers = counter(
            "perron_http_answers_total",
            "Answers given",
            &["area", "status"],
        );
        let jobs = counter("perron_jobs_total", "Jobs ended", &["kind", "result"]);
        let seconds = HistogramVec::new(
            HistogramOpts::new("perron_http_seconds", "Time an answer took").buckets(vec![
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
            ]),
            &["area"],
        );
        let queue = IntGaugeVec::new(Opts::new("perron_jobs", "Jobs by state"), &["state"]);
        // These names are constants and each is registered once: the unit test builds them.
        let (Ok(answers), Ok(jobs), Ok(seconds), Ok(queue)) = (answers, jobs, seconds, queue)
        else {
            unreachable!("the names of the counters are well formed");
        };
        for registered in [
            registry.register(Box::new(answers.clone())),
            registry.register(Box::new(jobs.clone())),
            registry.register(Box::new(seconds.clone())),
            registry.register(Box::new(queue.clone())),
        ] {
            debug_assert!(registered.is_ok(), "each counter is registered once");
        }
        let areas = AREAS.map(|(_, area)| AreaCounters {
            answers: CLASSES.map(|class| answers.with_label_values(&[area, class])),
            seconds: seconds.with_label_values(&[area]),
        });
        Self {
            registry,
            areas,
            jobs,
            queue,
        }
    }

    /// Counts an answer of that status, and how long it took.
    pub fn answered(&self, area: Area, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        let counters = &self.areas[area as usize];
        counters.answers[class].inc();
        counters.seconds.observe(took.as_secs_f64());
    }

    /// The text Prometheus reads.
    pub fn text(&self) -> String {
        let mut out = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut out) {
            tracing::error!(%error, "the counters cannot be written");
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

fn counter(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<IntCounterVec> {
    IntCounterVec::new(Opts::new(name, help), labels)
}

/// Starts the log: one line per fact, on standard error; `RUST_LOG` chooses how much, JSON when asked.
pub fn start_log(json: bool) {
    use std::io::IsTerminal;
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let started = if json {
        log.json().try_init()
    } else {
        log.try_init()
    };
    if let Err(error) = started {
        tracing::debug!(%error, "the log was started already");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counters_are_written_as_text() {
        let metrics = Metrics::new();
        metrics.answered(Area::Citizen, 204, Duration::from_millis(2));
        assert!(
            metrics
                .text()
                .contains(r#"perron_http_answers_total{area="citizen",status="2xx"} 1"#)
        );
    }
}
