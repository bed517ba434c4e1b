#!/usr/bin/env bash
# make run: the demo of Wanze, from a fresh machine to a page that opens.
# A debug build: it is ready in a third of the time of an optimised one and quick enough to try everything;
# what is slow without optimisation (passwords, images, compression, SQLite) is optimised by Cargo.toml even so.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_rust
need_packages build
# Without Node the demo works all the same, without htmx and in the system's own type.
npm_packages || true
say "Building (the first time takes some minutes)"
cargo build --locked --bin perron

set -- serve --demo --listen "${LISTEN:-127.0.0.1:8080}" --data "${DATA:-data}"
[[ -z ${DATABASE:-} ]] || set -- "$@" --database "$DATABASE"
exec "$PERRON" "$@"
