"""Replays a file from Python: `id same` of each decision, or of those that are named."""

import sys

import leadwright

plan, store, *names = sys.argv[1:]
with leadwright.Engine(leadwright.Plan.load(plan), store) as engine:
    for one in names or [None]:
        try:
            for name, same in engine.replay(one):
                print(name, "same" if same else "differs")
        except leadwright.LeadwrightError as error:
            print(one, error.code)
