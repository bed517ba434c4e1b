//! Clocks and counters: wall time, the processor time of a thread or a process, percentiles, memory.

use std::time::Duration;

/// What a bench may fail with: it is told and stops.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A failure in words.
pub fn wrong(what: impl Into<String>) -> Box<dyn std::error::Error + Send + Sync> {
    what.into().into()
}

/// Times that were taken.
#[derive(Default)]
pub struct Times {
    taken: Vec<Duration>,
}

impl Times {
    /// One more.
    pub fn add(&mut self, time: Duration) {
        self.taken.push(time);
    }

    /// Those of another too.
    pub fn join(&mut self, other: Self) {
        self.taken.extend(other.taken);
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.taken.len()
    }

    /// The time that this part of them does not exceed, in milliseconds.
    pub fn part(&mut self, part: f64) -> f64 {
        self.taken.sort_unstable();
        let at = (self.taken.len() as f64 * part) as usize;
        let at = at.min(self.taken.len().saturating_sub(1));
        self.taken
            .get(at)
            .map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }

    /// "p50 0.31 ms, p99 1.20 ms".
    pub fn said(&mut self) -> String {
        format!("p50 {:.2} p99 {:.2} ms", self.part(0.50), self.part(0.99))
    }
}

/// Processor time of this thread, which a busy neighbour does not lengthen.
pub fn thread_time() -> Outcome<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = text.split_whitespace().next().and_then(|n| n.parse().ok());
    Ok(Duration::from_nanos(
        nanos.ok_or_else(|| wrong("schedstat"))?,
    ))
}

/// Processor time of a process, all its threads, to a hundredth of a second.
pub fn process_time(id: u32) -> Outcome<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name of the program may hold spaces: count from its closing parenthesis.
    let fields = text.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    Ok(Duration::from_millis(ticks * 10))
}

/// A line of `/proc/ID/status`, in megabytes: `VmRSS` or `VmHWM`.
pub fn memory(id: u32, name: &str) -> Outcome<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = text.lines().find(|line| line.starts_with(name));
    let kilobytes: f64 = line
        .and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
        .ok_or_else(|| wrong("no such line of memory"))?;
    Ok(kilobytes / 1024.0)
}
