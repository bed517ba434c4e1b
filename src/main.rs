//! The commands of Perron. They live in the library, where tests can reach them; this is the way in.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    perron::command::run()
}
