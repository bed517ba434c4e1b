//! The figures of DESIGN section 8: what the counter costs on this machine, each beside what the
//! machine itself can do, taken in the same run. `make bench` prints one table; `cargo bench --bench
//! figures -- queue` one part of it (submit, pages, queue, print).
//!
//! `PERRON_BENCH_SMALL=1` sows a hundred thousand requests instead of a million;
//! `PERRON_TEST_POSTGRES` names a server on which submissions are measured too. Nothing is asserted:
//! a figure over its budget is said, not failed, for the machine may be busy.

mod bare;
mod load;
mod measure;
mod pages;
mod print;
mod queue;
mod rows;
mod submit;
mod table;
mod town;

use measure::Outcome;
use std::process::ExitCode;

/// The allocator of the program, so that what is measured here is what is served there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.as_slice() {
        [word, file] if word == bare::WORD => bare::serve(file),
        words => figures(words),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("figures: {error}");
            ExitCode::FAILURE
        }
    }
}

fn figures(words: &[String]) -> Outcome {
    let parts: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let wanted = |part: &str| parts.is_empty() || parts.contains(&part);
    let small = told("PERRON_BENCH_SMALL").is_some();
    let runtime = actix_web::rt::System::new();
    table::head();
    if wanted("submit") {
        submit::run(told("PERRON_TEST_POSTGRES").as_deref())?;
    }
    if wanted("pages") {
        pages::run(&runtime)?;
    }
    if wanted("print") {
        print::run(&runtime)?;
    }
    if wanted("queue") {
        queue::run(&runtime, if small { 100_000 } else { 1_000_000 })?;
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the benches are told their size here, and nowhere else"
)]
fn told(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
