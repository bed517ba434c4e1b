#!/usr/bin/env bash
# Spelling of the English in the sources. Uses `typos` from the PATH, or a pinned wheel in a private folder under
# target; building it from source would take longer than every other step together. Without either, says so and goes on.
set -uo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

VERSION=1.52.0
typos=$(command -v typos)
if [[ -z $typos ]]; then
  tools="$TARGET/tools/typos-$VERSION"
  typos="$tools/bin/typos"
  if [[ ! -x $typos ]]; then
    if ! { have python3 && python3 -m venv "$tools" && "$tools/bin/pip" install -q --disable-pip-version-check "typos==$VERSION"; } >/dev/null 2>&1; then
      rm -rf "$tools"
      say "typos is not installed and could not be fetched: spelling not checked"
      exit 0
    fi
  fi
fi
exec "$typos"
