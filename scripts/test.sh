#!/usr/bin/env bash
# make test: everything that must hold before a change lands, cheapest first, stopping at the first failure.
# Dependencies are compiled once for the tests and checked once for the lints; nothing here builds in another profile.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=scripts/postgres.sh
. scripts/postgres.sh

rows=()
current=

# Runs one step and notes its seconds. The first that fails ends the run through `set -e`.
step() {
  current=$1
  shift
  local start=$SECONDS
  printf '\n== %s\n' "$current"
  "$@"
  rows+=("$(printf 'ok      %5d s  %s' $((SECONDS - start)) "$current")")
  current=
}

finish() {
  local code=$?
  trap - EXIT
  set +e
  postgres_stop
  [[ -z $current ]] || rows+=("$(printf 'FAILED           %s' "$current")")
  printf '\n== Summary\n'
  ((${#rows[@]} == 0)) || printf '%s\n' "${rows[@]}"
  printf '%s after %d min %02d s\n' "$([[ $code -eq 0 ]] && echo 'All is well' || echo 'Stopped')" $((SECONDS / 60)) $((SECONDS % 60))
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

set_up() {
  need_rust_components
  have node || die "Please install Node 20 or later first: the browser tests need it"
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' ||
    die "Please install Node 20 or later first: this is $(node --version)"
  need_packages build test
  npm_packages || die "The browser tests need the front-end packages"
}

lints() { cargo clippy --all-targets --locked -- -D warnings; }
# With the tests, so that the program is built once, with the same features of its dependencies as they have.
build() { cargo test --locked --no-run; }
tests_on_sqlite() { PERRON_TEST_ENGINE=sqlite cargo test --locked; }
# The worker's own tests are whole sites, on one engine at a time like the integration tests.
tests_on_postgres() {
  PERRON_TEST_ENGINE=postgres cargo test --locked --lib worker:: && PERRON_TEST_ENGINE=postgres cargo test --locked --test it
}
# Private items are documented too, so links to them lead somewhere.
documentation() { RUSTDOCFLAGS='-D warnings -A rustdoc::private_intra_doc_links' cargo doc --no-deps --document-private-items --locked --quiet; }
browser() { PERRON_BIN="$PERRON" CHROMIUM="$(chromium_path)" node tests/browser/run.mjs; }
licences() {
  if cargo deny --version >/dev/null 2>&1; then
    cargo deny --offline check licenses
  else
    say "cargo-deny is not installed: licences not checked"
  fi
}

step "set-up" set_up
step "format" cargo fmt --check
step "spelling" scripts/typos.sh
step "lints" lints
step "build" build
step "throw-away PostgreSQL" postgres_start
step "unit and integration tests, SQLite" tests_on_sqlite
step "worker and integration tests, PostgreSQL" tests_on_postgres
step "shipped forms" "$PERRON" check forms
step "migrations" scripts/migrations.sh
step "documentation" documentation
step "browser" browser
step "licences" licences
