"""usaddress: one pass over the addresses for each line that comes in, its CPU time in nanoseconds out."""

import json
import sys
import time

import usaddress

with open(sys.argv[1], encoding="utf-8") as file:
    texts = json.load(file)

for _ in sys.stdin:
    start = time.process_time_ns()
    for text in texts:
        usaddress.parse(text)
    print(time.process_time_ns() - start, flush=True)
