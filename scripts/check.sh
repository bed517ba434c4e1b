#!/usr/bin/env bash
# make check: what is worth knowing every few minutes. `make test` is the whole of it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_rust_components
need_packages build
cargo fmt --check
cargo clippy --all-targets --locked -- -D warnings
cargo test --locked --lib
