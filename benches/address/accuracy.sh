#!/usr/bin/env bash
# How well addresses are read, beside every peer: one table of exact lines by source and of the matching task.
# Usage: benches/address/accuracy.sh
# Needs the labelled addresses and the scorer beside the checkout, PyPI and npm.
set -euo pipefail
cd "$(dirname "$0")/../.."
data="../shared/eval/address"
[ -f "$data/score.py" ] || { echo "accuracy.sh: NOTHING WAS MEASURED: there is no $data/score.py" >&2; exit 1; }
data="$(cd "$data" && pwd)" work="$PWD/target/accuracy"
mkdir -p "$work"
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/python" -m pip install --quiet usaddress==0.5.16 usaddress-scourgify==0.7.1 pyap==0.3.1
fi
[ -d "$work/node_modules/addresser" ] ||
  npm install --prefix "$work" --no-audit --no-fund --silent parse-address@1.1.2 addresser@1.1.22
cargo build --quiet --release --package leadwright-cli
cargo build --quiet --release --manifest-path benches/Cargo.toml --package bench-address --bin adapter
target="$(cargo metadata --no-deps --format-version 1 | python3 -c 'import json,sys; print(json.load(sys.stdin)["target_directory"])')"
ports="$(cargo metadata --no-deps --format-version 1 --manifest-path benches/Cargo.toml | python3 -c 'import json,sys; print(json.load(sys.stdin)["target_directory"])')"
python="$work/venv/bin/python"
rm -f "$work/scores.jsonl"
# The adapters in Node look for their packages in the folder they are started in.
score() { (cd "$work" && "$python" "$data/score.py" --name "$1" --adapter "$2" --match --json "$work/scores.jsonl" >/dev/null); }
score leadwright "$target/release/leadwright address"
score usaddress "$python $data/adapters/usaddress_py.py"
score scourgify "$python $data/adapters/scourgify_py.py"
score usaddress-rs "$ports/release/adapter usaddress"
score addresser "node $data/adapters/node_peers.js addresser"
score parse-address "node $data/adapters/node_peers.js parse-address"
score address-parser-rs "$ports/release/adapter address-parser"
score pyap "$python $data/adapters/pyap_py.py"
python3 benches/address/accuracy.py "$work/scores.jsonl"
