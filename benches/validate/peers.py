"""One pass over the leads for each line that comes in, its CPU time in nanoseconds out.

`python peers.py WHAT LEADS`: WHAT is `stack`, `one` (leadwright, lead by lead), `read` (the same, and its members are
read), or `many`; LEADS is a file of JSON Lines. Each lead is a dict before the time begins.
"""

import json
import sys
import time

SCHEMA, AS_OF = "us/solar@1", "2026-11-24"


def stack(leads):
    from stack import validate

    def run():
        for lead in leads:
            validate(lead)

    return run


def one(leads):
    import leadwright

    def run():
        for lead in leads:
            leadwright.validate(lead, SCHEMA, as_of=AS_OF)

    return run


def read(leads):
    import leadwright

    def run():
        for lead in leads:
            found = leadwright.validate(lead, SCHEMA, as_of=AS_OF)
            if found.valid:
                found.canonical["phone"]

    return run


def many(leads):
    import leadwright

    def run():
        leadwright.validate_many(leads, SCHEMA, as_of=AS_OF)

    return run


def main():
    what, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        leads = [json.loads(line) for line in file]
    run = {"stack": stack, "one": one, "read": read, "many": many}[what](leads)
    for _ in sys.stdin:
        start = time.process_time_ns()
        run()
        print(time.process_time_ns() - start, flush=True)


if __name__ == "__main__":
    main()
