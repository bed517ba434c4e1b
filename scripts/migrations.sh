#!/usr/bin/env bash
# The two migration trees tell the same story, and both engines accept it twice. That they can be undone, and that
# they give the same tables and columns, is asserted by the integration tests.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

list() { (cd "migrations/$1" && find . -mindepth 1 | sort); }

[[ -n $(list sqlite) ]] || die "migrations/sqlite is empty"
diff <(list sqlite) <(list postgres) || die "migrations/sqlite and migrations/postgres differ in names"
for folder in migrations/*/*/; do
  [[ -s ${folder}up.sql && -f ${folder}down.sql ]] || die "${folder} needs an up.sql and a down.sql"
done

data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
for pass in first second; do
  "$PERRON" migrate --data "$data" || die "SQLite, $pass pass: migrate failed"
  # The database named postgres of the throw-away server: the tests make their own.
  if [[ -n ${PERRON_TEST_POSTGRES:-} ]]; then
    "$PERRON" migrate --data "$data" --database "$PERRON_TEST_POSTGRES" || die "PostgreSQL, $pass pass: migrate failed"
  fi
done
