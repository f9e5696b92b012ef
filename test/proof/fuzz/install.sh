#!/bin/sh
# Installs Schemathesis with all it needs, at fixed versions, into FOLDER. Needs Python 3.10 or newer with venv.
#
#   install.sh FOLDER
set -eu
folder=${1:?usage: install.sh FOLDER}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if ! cmp -s "$here/requirements.txt" "$folder/installed"; then
  rm -rf "$folder"
  "${PYTHON:-python3}" -m venv "$folder" >&2
  "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --requirement "$here/requirements.txt" >&2
  cp "$here/requirements.txt" "$folder/installed"
fi
