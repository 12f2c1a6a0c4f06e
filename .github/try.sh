#!/usr/bin/env bash
# Installs the wheel and the npm packages of a folder as a user does, and decides the first lead with each: try.sh FOLDER
set -euo pipefail
packed="$(cd "$1" && pwd)"
scripts="$(cd "$(dirname "$0")/../examples/install" && pwd)"
home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT
cd "$home"
cp "$scripts"/* .

# The wanted lines; Python writes `True`, and Windows ends lines in its own way.
same() {
  diff <(tr -d '\r' < "$1" | tr T t) <(tr -d '\r' | tr T t)
}

python="$(command -v python3 || command -v python)"
"$python" -m venv venv
bin=venv/bin
[ -d "$bin" ] || bin=venv/Scripts
"$bin/python" -m pip install --quiet --disable-pip-version-check --no-index "$packed"/*.whl
"$bin/python" first_lead.py | same first_lead.txt
"$bin/leadwright" --version
"$bin/leadwright" init shop --yes
"$bin/python" first_decision.py | same first_decision.txt

echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund "$packed"/*.tgz
rm -f leads.db*
node first_lead.mjs | same first_lead.txt
node first_decision.mjs | same first_decision.txt
node node_modules/leadwright/bin/leadwright.js --version
