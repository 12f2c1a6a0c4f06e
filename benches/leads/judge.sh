#!/usr/bin/env bash
# How often a lead whose truth is known comes out wrong: a typical prototype, the usual Python stack and leadwright, on
# the same generated leads. Usage: benches/leads/judge.sh [LEADS] [SEED]
# Needs the development data beside the checkout, and the Python library (`cargo xtask bindings`).
set -euo pipefail
cd "$(dirname "$0")/../.."
data="../shared/eval/leads"
[ -d "$data" ] || { echo "judge.sh: NOTHING WAS MEASURED: there is no $data" >&2; exit 1; }
leads="${1:-3000}" seed="${2:-11}" work="target/judge"
mkdir -p "$work"
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/python" -m pip install --quiet pydantic phonenumbers email-validator usaddress nameparser python-dateutil
fi
export PYTHONPATH="$data:benches/leads:bindings-python/python${PYTHONPATH:+:$PYTHONPATH}"
for mode in clean lead5 field5 each; do
  python3 "$data/gen_leads.py" "$leads" "$seed" "$mode" > "$work/$mode.jsonl"
  for app in legacy_app pydantic_app leadwright_app; do
    "$work/venv/bin/python" "$data/judge.py" "$app" "$work/$mode.jsonl"
  done
done
