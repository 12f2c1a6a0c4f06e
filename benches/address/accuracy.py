"""Prints the table of accuracy.sh: accuracy.py SCORES.jsonl, as the scorer of the labelled addresses writes them."""

import json
import sys

NAMES = {
    "leadwright": "**leadwright**",
    "usaddress": "usaddress 0.5.16 (Python)",
    "scourgify": "usaddress-scourgify 0.7.1 (Python)",
    "usaddress-rs": "usaddress 0.1.0 (Rust)",
    "addresser": "addresser 1.1.22 (Node)",
    "parse-address": "parse-address 1.1.2 (Node)",
    "address-parser-rs": "address-parser 0.1.10 (Rust)",
    "pyap": "pyap 0.3.1 (Python)",
}


def main(path):
    with open(path, encoding="utf-8") as lines:
        scores = [json.loads(line) for line in lines]
    sources = sorted(scores[0]["sources"])
    print("| | " + " | ".join(sources) + " | matching: precision / recall |")
    print("|---|" + "---:|" * (len(sources) + 1))
    print("| addresses | " + " | ".join(str(scores[0]["sources"][s]["n"]) for s in sources) + " | pairs |")
    for score in scores:
        cells = [cell(score["sources"][source]) for source in sources]
        match = score["match_native"]
        cells.append(f"{match['precision']:.2f} / {match['recall']:.2f}")
        print(f"| {NAMES.get(score['name'], score['name'])} | " + " | ".join(cells) + " |")


def cell(source):
    return f"{source['line_exact']:.1f}" + ("*" if source["contaminated"] else "")


main(sys.argv[1])
