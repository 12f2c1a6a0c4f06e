#!/usr/bin/env python3
"""Make core/data/zip.bin, the table of United States ZIP codes, from the PyPI package `zipcodes`.

    python3 core/data/make_zip_table.py            # needs pip and the network, once
    python3 core/data/make_zip_table.py --check    # makes it again and compares

The same package version gives the same bytes. The layout is read by core/src/geo/zip_table.rs; all
numbers are little-endian, all offsets count from the start of their own section:

    magic "LWZIP1\\0\\0", then the u32 size in bytes of each of the nineteen sections below

    states        2 bytes each
    zones         u8 length + text, IANA time zones; number 0 is the empty text
    counties      u8 length + text; number 0 is the empty text
    prefixes      1001 x u16: number of the first ZIP of each three-digit prefix
    zip_low       u8 for each ZIP: last two digits, +128 when in use
    zip_flags     u8: kind (0 standard, 1 PO box, 2 unique, 3 military) * 64 + number of acceptable names
    zip_state     u8
    zip_zone      u8
    zip_county    u16
    zip_latitude  i24, 1/10,000 degree
    zip_longitude i24
    zip_city      u16: the primary name
    zip_link      u16: first link
    links         u16 name each: a ZIP's acceptable names, then its other names, up to the next ZIP's first
    name_at       u24 for each name, in the order of (folded name, name): place in pool, up to the next's
    name_back     u24: first back
    backs         u16 ZIP each: the ZIPs that know a name, up to the next name's first
    slots         65,536 x u16: open hash table from the folded name to 1 + its first name, 0 when free
    pool          the names, upper case, end to end
"""

import argparse
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

PACKAGE = "zipcodes==3.0.0"
TARGET = pathlib.Path(__file__).with_name("zip.bin")
KINDS = {"STANDARD": 0, "PO BOX": 1, "UNIQUE": 2, "MILITARY": 3}
SLOTS = 1 << 16
FOLDED_LENGTH = 40
# Keep in step with `fold_word` in core/src/geo/city_key.rs; a test there looks every name up.
WORDS = {
    "SAINT": "ST", "SAINTE": "STE", "MOUNT": "MT", "FORT": "FT", "NORTH": "N", "SOUTH": "S", "EAST": "E",
    "WEST": "W", "HEIGHTS": "HTS", "HGTS": "HTS", "SPRINGS": "SPGS", "SPRING": "SPG", "BEACH": "BCH",
    "VILLAGE": "VLG", "POINT": "PT", "TOWNSHIP": "TWP", "JUNCTION": "JCT", "CENTER": "CTR", "CENTRE": "CTR",
    "HARBOR": "HBR", "ISLAND": "IS", "PARK": "PK", "VALLEY": "VLY", "CITY": "CTY",
}


def fold(name):
    """A name without spaces, marks and the choice between a word and its abbreviation."""
    words = re.split(r"[^A-Z0-9]+", name.upper().replace("'", "").replace(".", "").replace("&", " AND "))
    return "".join(WORDS.get(word, word) for word in words)[:FOLDED_LENGTH]


def hash_of(folded):
    """FNV-1a of 32 bits, folded to 16."""
    value = 0x811C9DC5
    for byte in folded.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return (value ^ (value >> 16)) & (SLOTS - 1)


def read_rows():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", folder, PACKAGE], check=True)
        code = "import json, zipcodes, sys; json.dump(zipcodes.list_all(), sys.stdout)"
        text = subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True).stdout
    return sorted(json.loads(text), key=lambda row: row["zip_code"])


def repair(row):
    """Known slips of the source: military ZIPs filed under NJ, a village as a time zone, a place at 0, 0."""
    row = dict(row)
    if row["zip_code"].startswith("09") and row["state"] == "NJ":
        row.update(state="AE", zip_code_type="MILITARY", timezone="")
    if "/" not in row["timezone"]:
        row["timezone"] = ""
    return row


def names_of(row):
    """Primary city, acceptable names, other names. A firm's own ZIP lists firms, not places: left out."""
    primary = row["city"].upper()
    clean = lambda names: [n.upper() for n in names if fold(n) and n.upper() not in (primary, "SHARED FIRM ZIP CODE")]
    acceptable = list(dict.fromkeys(clean(row["acceptable_cities"])))
    other = [] if row["zip_code_type"] == "UNIQUE" else list(dict.fromkeys(clean(row["unacceptable_cities"])))
    return primary, acceptable, [n for n in other if n not in acceptable]


def bytes24(value):
    return struct.pack("<i", value)[:3]


def shorts(numbers):
    return struct.pack(f"<{len(numbers)}H", *numbers)


def e4(text):
    sign, whole, part = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?", text).groups()
    return (-1 if sign else 1) * (int(whole) * 10_000 + int(((part or "") + "0000")[:4]))


def counted(texts):
    return b"".join(bytes([len(t)]) + t.encode("ascii") for t in texts)


def build(rows):
    rows = [repair(row) for row in rows]
    states = sorted({row["state"] for row in rows})
    zones = [""] + sorted({row["timezone"] for row in rows} - {""})
    counties = [""] + sorted({row["county"] for row in rows} - {""})
    known = [names_of(row) for row in rows]
    names = sorted({n for primary, a, o in known for n in (primary, *a, *o)}, key=lambda n: (fold(n), n))
    number = {name: i for i, name in enumerate(names)}
    assert len(rows) < 1 << 16 and len(names) < (1 << 16) - 1
    assert all(n.isascii() and len(n) < 256 and fold(n) for n in names)

    prefix, links, backs = [0] * 1001, [], [[] for _ in names]
    columns = [bytearray() for _ in range(9)]
    for i, (row, (primary, acceptable, other)) in enumerate(zip(rows, known)):
        code = int(row["zip_code"])
        prefix[code // 100 + 1] = i + 1
        assert len(acceptable) < 64
        values = (bytes([code % 100 + 128 * row["active"]]),
                  bytes([KINDS[row["zip_code_type"]] * 64 + len(acceptable)]),
                  bytes([states.index(row["state"])]),
                  bytes([zones.index(row["timezone"])]),
                  shorts([counties.index(row["county"])]),
                  bytes24(e4(row["lat"])),
                  bytes24(e4(row["long"])),
                  shorts([number[primary]]),
                  shorts([len(links)]))
        for column, value in zip(columns, values):
            column += value
        links += [number[n] for n in acceptable + other]
        for name in {primary, *acceptable, *other}:
            backs[number[name]].append(i)
    for i in range(1, 1001):
        prefix[i] = max(prefix[i], prefix[i - 1])
    assert len(links) < 1 << 16

    pool, name_at, name_back, flat = bytearray(), bytearray(), bytearray(), []
    for name, back in zip(names, backs):
        name_at += bytes24(len(pool))
        name_back += bytes24(len(flat))
        pool += name.encode()
        flat += back
    slots = [0] * SLOTS
    for i, name in enumerate(names):
        if i and fold(names[i - 1]) == fold(name):
            continue
        at = hash_of(fold(name))
        while slots[at]:
            at = (at + 1) % SLOTS
        slots[at] = i + 1

    sections = ["".join(states).encode(), counted(zones), counted(counties), shorts(prefix), *columns,
                shorts(links), name_at, name_back, shorts(flat), shorts(slots), pool]
    return b"LWZIP1\0\0" + struct.pack("<19I", *map(len, sections)) + b"".join(sections)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    table = build(read_rows())
    if parser.parse_args().check:
        sys.exit(0 if TARGET.read_bytes() == table else "zip.bin is not what this script makes")
    TARGET.write_bytes(table)
    print(f"{TARGET.name}: {len(table):,} bytes")


main()
