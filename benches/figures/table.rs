//! What is printed: one line per figure, what the counter does beside what the machine can do.

use std::fmt::Display;
use std::io::Write;

/// One figure.
#[derive(Default)]
pub struct Figure {
    pub work: String,
    /// What the counter does.
    pub ours: String,
    /// What the machine does in the same run; blank when nothing can be set beside it.
    pub machine: String,
    /// Ours over the machine's.
    pub ratio: Option<f64>,
    pub budget: &'static str,
    /// Whether it is kept; none when there is no budget.
    pub kept: Option<bool>,
}

/// The head of the table.
pub fn head() {
    line("work", "counter", "machine", "ratio", "budget", "");
    say("-".repeat(136));
}

/// The name of what follows.
pub fn title(text: impl Display) {
    say(format!("\n{text}"));
}

impl Figure {
    /// Prints it.
    pub fn print(self) {
        let ratio = self.ratio.map_or_else(String::new, |ratio| {
            if ratio < 10.0 {
                format!("{ratio:.2}")
            } else {
                format!("{ratio:.0}")
            }
        });
        let verdict = match self.kept {
            Some(true) => "OK",
            Some(false) => "OVER",
            None => "",
        };
        line(
            &self.work,
            &self.ours,
            &self.machine,
            &ratio,
            self.budget,
            verdict,
        );
    }
}

fn line(work: &str, ours: &str, machine: &str, ratio: &str, budget: &str, verdict: &str) {
    let line = format!("{work:<44} {ours:<34} {machine:<22} {ratio:>5}  {budget:<22} {verdict}");
    say(line.trim_end());
}

/// One line on standard output. Somebody who stops reading stops nothing.
pub fn say(line: impl Display) {
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}

/// Three digits at a time.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            shown.push(' ');
        }
        shown.push(digit);
    }
    shown
}
