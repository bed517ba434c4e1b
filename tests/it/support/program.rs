//! The program itself, as an operator runs it: its commands, and `perron serve` that may be killed.

use super::place::Place;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

const PERRON: &str = env!("CARGO_BIN_EXE_perron");

/// Runs a command of the program to its end.
pub fn perron(arguments: &[&str]) -> Output {
    Command::new(PERRON)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The flags that name a place.
pub fn at(place: &Place) -> Vec<String> {
    let args = place.args();
    let mut flags = vec!["--data".to_owned(), args.data.display().to_string()];
    if let Some(url) = args.database {
        flags.extend(["--database".to_owned(), url]);
    }
    flags.extend(["--key".to_owned(), args.key.unwrap()]);
    flags
}

/// Runs a command in that place.
pub fn perron_at(place: &Place, arguments: &[&str]) -> Output {
    let flags = at(place);
    let mut all = arguments.to_vec();
    all.extend(flags.iter().map(String::as_str));
    perron(&all)
}

/// Everything a command said.
pub fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// `perron serve` at work. Killed when it is dropped.
pub struct Serving {
    child: Child,
    pub base: String,
    log: Option<std::thread::JoinHandle<String>>,
}

impl Serving {
    /// Starts it on a free port and waits until it listens.
    pub fn start(place: &Place) -> Self {
        Self::start_with(place, &[])
    }

    /// The same, with other flags too.
    pub fn start_with(place: &Place, flags: &[&str]) -> Self {
        let mut child = command(place).args(flags).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut errors = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).ok();
            text
        });
        let base = loop {
            let line = lines.next().expect("it says where it listens").unwrap();
            if let Some(address) = line.strip_prefix("Écoute sur ") {
                break address.trim().to_owned();
            }
        };
        // Read on, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            base,
            log: Some(log),
        }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Kills it and gives what it wrote to its log.
    pub fn log(mut self) -> String {
        self.kill();
        self.log.take().unwrap().join().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The shell passes on that a file grown too large is an error and no signal: a full disk can be
/// played with `prlimit` on the running program.
fn command(place: &Place) -> Command {
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            "trap '' XFSZ; exec \"$0\" \"$@\"",
            PERRON,
            "serve",
            "--demo",
        ])
        .args(["--listen", "127.0.0.1:0"])
        .args(at(place))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}
