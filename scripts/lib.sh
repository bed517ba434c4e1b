# shellcheck shell=bash
# What the other scripts share: where things are, what they say, and how a missing Debian package is installed.
# Sourced, never run.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export PATH="$PATH:$HOME/.cargo/bin"

TARGET="${CARGO_TARGET_DIR:-target}"
# shellcheck disable=SC2034 # used by the scripts that source this one
PERRON="$TARGET/debug/perron"

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Names the Debian packages that are missing, one per line. "build" is what the compiler of Perron needs
# (SQLite and libpq are compiled from C, libpq speaks TLS through OpenSSL); "test" is what the tests look with.
missing_packages() {
  local need
  for need in "$@"; do
    case "$need" in
      build)
        have cc || printf '%s\n' gcc libc6-dev
        have pkg-config || say pkg-config
        pkg-config --exists openssl 2>/dev/null || say libssl-dev
        ;;
      test)
        postgres_bin >/dev/null || say postgresql
        chromium_path >/dev/null || say chromium
        have pdftotext || say poppler-utils
        have qpdf || say qpdf
        have zbarimg || say zbar-tools
        ;;
    esac
  done
}

# Installs what is missing through apt, as root or with sudo; otherwise says in one line what to install.
need_packages() {
  local missing sudo=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) && return 0
  if ! have apt-get; then
    die "Please install first: ${missing[*]} (Debian's names)"
  fi
  if [[ $(id -u) -ne 0 ]]; then
    # A password may be typed at a terminal; nobody is there to type one elsewhere.
    if have sudo && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
      sudo=(sudo)
    else
      die "Please install first: apt-get install ${missing[*]}"
    fi
  fi
  say "Installing ${missing[*]} (apt)"
  "${sudo[@]}" apt-get update -qq || say "apt-get update failed: trying with the lists at hand"
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 "${missing[@]}" >/dev/null ||
    die "apt could not install them. Please install first: ${missing[*]}"
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) || die "Still missing after the installation: ${missing[*]}"
}

need_rust() {
  have cargo || die "Please install Rust first (https://rustup.rs): cargo was not found"
}

# The lints and the format are rustup components that a minimal installation leaves out.
need_rust_components() {
  local name
  need_rust
  for name in clippy fmt; do
    cargo "$name" --version >/dev/null 2>&1 && continue
    have rustup || die "Please install cargo $name (Debian: rust-clippy, rustfmt)"
    rustup component add "${name/#fmt/rustfmt}" >/dev/null || die "rustup could not add ${name/#fmt/rustfmt}"
  done
}

# Front-end packages, exactly as locked, without running any of their scripts. A copy of the lock file is the
# stamp, so that a change of branch is noticed too. Fails when they cannot be had; the caller decides what that means.
npm_packages() {
  local stamp=node_modules/.installed-lock
  if [[ ! -f package-lock.json ]]; then
    say "package-lock.json is missing: going on without front-end packages"
    return 1
  fi
  cmp -s package-lock.json "$stamp" && return 0
  if ! have npm; then
    say "Node was not found: going on without front-end packages (everything works, with less comfort)"
    return 1
  fi
  say "Installing front-end packages (npm ci)"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || return 1
  cp package-lock.json "$stamp"
  # build.rs embeds some of them and cannot watch for files that were not there.
  touch build.rs
}

chromium_path() {
  local name
  if [[ -n ${CHROMIUM:-} ]]; then say "$CHROMIUM"; return 0; fi
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" && return 0
  done
  return 1
}

# The newest server Debian has installed, or the one on the PATH.
postgres_bin() {
  local newest
  newest=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  [[ -n $newest ]] || newest=$(command -v initdb) || return 1
  dirname "$newest"
}
