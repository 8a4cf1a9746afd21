#!/bin/sh
# One script for every development command; CI calls it too.
# Needs sh and python3 (3.11 or newer) with venv; sets up everything else by itself.
set -eu
cd "$(dirname "$0")"

usage() {
    cat <<'TEXT'
usage: sh run.sh COMMAND [ARGUMENTS]

  demo [ARGS]   announce the sample programme's new aids on two stand-in networks (try --json, --keep)
  test [FILE]   run every test, or those in FILE (arguments go to pytest)
  coverage [FILE]
                the same, and list the lines that no test ran (child processes are not counted)
  format        put imports and layout in order, and mend what ruff can mend
  lint          ruff, mypy --strict and the import contract
  schema        write config/spotlight.schema.json from the settings
  samples       write docs/sample-posts.md from the sample programme and the templates
  migration NAME
                write the ledger's next migration, to be filled in
  notify ARGS   the program itself, from this checkout: sh run.sh notify --help
  posts FEED... write the posts of any feeds' entries (files or addresses), and count how many are whole, cut,
                asked about and warned on each network (--report FILE: a page with every post beside its source)
  bench [ARGS]  count posts written a second, measure what commands cost, and time a round over many feeds
                beside a floor; "bench posts" and "bench commands" measure one alone,
                "bench sentences" where sentences end (beside libraries, if there are any)
  chaos [ARGS]  let everything go wrong around real daemons, and count what came twice or never
                (--rounds N --seed S; --postgres: two daemons at once on PostgreSQL;
                --without restored,clocks,hands,...: leave ingredients out)
  simulate ARGS a year by the minute on a real ledger: bursts, downtimes, holds, approvals in four zones
                (--zone Europe/Berlin --seed S --days N; --postgres; --memory: the pure rules alone)
  worlds [ARGS] small worlds from seeds: real use cases and a real ledger, all else simulated
                (--seeds N --first S; --seed S tells every step of one, and makes it small if it fails)
  soak [ARGS]   sixty feeds and two databases that change, take back, renumber and fail, under one daemon
                (--minutes N --seed S --feeds N)
  wheel         build the wheel, install it with plain pip in an empty environment, run its demo
TEXT
}

fail() {
    echo "run.sh: $1" >&2
    exit 1
}

set_up() {
    [ -x .venv/bin/python ] || echo "run.sh: setting up its own environment in this folder, which takes a minute ..." >&2
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "python3 3.11 or newer is needed; found: $(python3 --version 2>&1 || echo none)"
    if [ ! -x .tools/bin/uv ]; then
        rm -rf .tools
        python3 -m venv .tools ||
            fail "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv"
        .tools/bin/pip install --quiet --disable-pip-version-check uv >&2 ||
            fail "uv could not be installed; is the package index reachable?"
    fi
    export UV_PYTHON_DOWNLOADS=never
    .tools/bin/uv sync --quiet --locked --python "$(python3 -c 'import sys; print(sys.executable)')" ||
        fail "the environment could not be set up (see above)"
}

set_up_tests() {
    set_up
    set_up_javascript
    set_up_mariadb
}

# X's own counting library, for the tests alone: without it they skip, and say so.
set_up_javascript() {
    installed=.tools/javascript
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        echo "run.sh: node or npm is missing, so counting is not held against X's own library" >&2
    elif ! cmp -s tests/javascript/package-lock.json "$installed/node_modules/installed-lock.json"; then
        mkdir -p "$installed"
        cp tests/javascript/package.json tests/javascript/package-lock.json "$installed/"
        npm ci --prefix "$installed" --ignore-scripts --no-audit --no-fund --silent >/dev/null 2>&1 &&
            cp tests/javascript/package-lock.json "$installed/node_modules/installed-lock.json" ||
            echo "run.sh: npm's twitter-text could not be installed; is the npm registry reachable?" >&2
    fi
}

# MariaDB's server, for the tests alone: Debian's packages, unpacked here and installed nowhere.
set_up_mariadb() {
    installed=.tools/mariadb
    if [ -x "$installed/usr/sbin/mariadbd" ] || [ -x /usr/sbin/mariadbd ]; then
        return
    fi
    rm -rf "$installed" "$installed.packages"
    mkdir -p "$installed.packages"
    # Old lists name packages that no longer exist; only a superuser may renew them.
    if fetch_mariadb || { apt-get update >/dev/null 2>&1 && fetch_mariadb; }; then
        for package in "$installed.packages"/*.deb; do dpkg -x "$package" "$installed"; done
    else
        echo "run.sh: MariaDB's server could not be fetched; on Debian: apt-get install mariadb-server-core" >&2
    fi
    rm -rf "$installed.packages"
}

fetch_mariadb() {
    wanted=$(mariadb_packages)
    # shellcheck disable=SC2086 # a list of packages
    [ -n "$wanted" ] && (cd .tools/mariadb.packages && apt-get download $wanted >/dev/null 2>&1)
}

# The server and what it needs that is not there, in words apt-get takes; nothing where there is no apt-get.
mariadb_packages() {
    apt-get --simulate --no-install-recommends install mariadb-server-core 2>/dev/null |
        sed -n 's/^Inst \([^ ]*\).*/\1/p'
}

command=${1:-help}
[ $# -gt 0 ] && shift
# A single test file runs in one process: to start three takes longer than most files do.
case $command:$#:${1:-} in
test:1:*.py | test:1:*.py::* | coverage:1:*.py | coverage:1:*.py::*) set -- -n 0 "$1" ;;
esac
case $command in
demo)
    set_up
    exec .venv/bin/spotlight-notify demo "$@"
    ;;
test)
    set_up_tests
    exec .venv/bin/python -m pytest "$@"
    ;;
coverage)
    set_up_tests
    exec .venv/bin/python -m pytest --cov=spotlight_notify --cov-report=term-missing:skip-covered "$@"
    ;;
format)
    set_up
    .venv/bin/ruff check --fix-only .
    .venv/bin/ruff format .
    ;;
lint)
    set_up
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    .venv/bin/lint-imports
    ;;
samples)
    set_up
    exec .venv/bin/python scripts/make_sample_posts.py
    ;;
schema)
    set_up
    exec .venv/bin/python scripts/make_schema.py
    ;;
migration)
    set_up
    exec .venv/bin/python scripts/new_migration.py "$@"
    ;;
posts)
    set_up
    exec .venv/bin/python scripts/posts.py "$@"
    ;;
bench)
    set_up
    case "${1:-}" in
    commands | posts | sentences)
        bench=$1
        shift
        PYTHONPATH=tests exec .venv/bin/python "bench/$bench.py" "$@"
        ;;
    esac
    PYTHONPATH=tests .venv/bin/python bench/posts.py
    .venv/bin/python bench/commands.py
    exec .venv/bin/python bench/feeds.py "$@"
    ;;
notify)
    set_up
    exec .venv/bin/spotlight-notify "$@"
    ;;
chaos)
    set_up
    PYTHONPATH=tests exec .venv/bin/python -m chaos "$@"
    ;;
simulate)
    set_up
    PYTHONPATH=tests exec .venv/bin/python -m simulation "$@"
    ;;
worlds)
    set_up
    PYTHONPATH=tests exec .venv/bin/python -m worlds "$@"
    ;;
soak)
    set_up
    PYTHONPATH=tests exec .venv/bin/python -m soak "$@"
    ;;
wheel)
    set_up
    empty=$(mktemp -d)
    trap 'rm -rf "$empty"' EXIT
    .tools/bin/uv build --quiet --wheel --out-dir "$empty"
    python3 -m venv "$empty/venv"
    "$empty/venv/bin/pip" install --quiet --disable-pip-version-check "$empty"/*.whl
    (cd "$empty" && venv/bin/spotlight-notify --quiet demo)
    ;;
help | -h | --help) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
