# shellcheck shell=bash
# A private PostgreSQL for the time of a test run: its own folder, its own port on the loopback, a password drawn for
# the occasion. Nothing of a PostgreSQL that runs on the machine is touched. Sourced after lib.sh.

POSTGRES_DIR=

# PostgreSQL refuses to run as root: then the account of Debian's package runs it, or failing that nobody.
as_postgres() {
  if [[ $(id -u) -ne 0 ]]; then
    "$@"
  elif id postgres >/dev/null 2>&1; then
    runuser -u postgres -- "$@"
  else
    runuser -u nobody -- "$@"
  fi
}

# Starts the server and exports PERRON_TEST_POSTGRES, the URL of a superuser who may create databases.
# Durability is off: the data does not outlive the run, and a test of `kill -9` kills Perron, not the database.
postgres_start() {
  local bin password port try
  bin=$(postgres_bin) || die "PostgreSQL was not found: apt-get install postgresql"
  POSTGRES_DIR=$(mktemp -d -t perron-postgres.XXXXXX)
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s\n' "$password" >"$POSTGRES_DIR/password"
  if [[ $(id -u) -eq 0 ]]; then
    chown -R "$(as_postgres id -u):$(as_postgres id -g)" "$POSTGRES_DIR"
  fi
  # From a folder that the other account may enter, or its tools complain about the current one.
  pushd / >/dev/null || return 1
  if ! as_postgres "$bin/initdb" --pgdata="$POSTGRES_DIR/data" --username=perron --pwfile="$POSTGRES_DIR/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$POSTGRES_DIR.log" 2>&1; then
    cat "$POSTGRES_DIR.log" >&2
    rm -f "$POSTGRES_DIR.log"
    popd >/dev/null || true # the start has failed already: that is what is told
    die "initdb failed"
  fi
  rm -f "$POSTGRES_DIR.log"
  for try in 1 2 3 4 5; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    if as_postgres "$bin/pg_ctl" start --pgdata="$POSTGRES_DIR/data" --wait --timeout=60 --silent \
      --log="$POSTGRES_DIR/log" --options="-h 127.0.0.1 -p $port -k $POSTGRES_DIR -c fsync=off \
      -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c log_min_messages=warning" \
      </dev/null >/dev/null 2>&1; then
      export PERRON_TEST_POSTGRES="postgres://perron:$password@127.0.0.1:$port/postgres"
      say "PostgreSQL $("$bin/postgres" --version | sed 's/^[^0-9]*//; s/ .*//') on 127.0.0.1:$port"
      popd >/dev/null || return 1
      return 0
    fi
    say "PostgreSQL did not start on port $port (try $try of 5)"
  done
  tail -n 20 "$POSTGRES_DIR/log" >&2
  popd >/dev/null || true # the start has failed already: that is what is told
  die "PostgreSQL did not start"
}

# Stops exactly the server that was started, by the process id in its own folder, and removes the folder.
postgres_stop() {
  local pid waited
  [[ -n $POSTGRES_DIR && -d $POSTGRES_DIR ]] || return 0
  pid=$(head -n 1 "$POSTGRES_DIR/data/postmaster.pid" 2>/dev/null)
  if [[ -n $pid ]]; then
    # QUIT is its immediate shutdown: there is nothing to keep.
    kill -QUIT "$pid" 2>/dev/null
    for waited in {1..100}; do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    ((waited < 100)) || kill -KILL "$pid" 2>/dev/null
  fi
  rm -rf "$POSTGRES_DIR"
  POSTGRES_DIR=
}
