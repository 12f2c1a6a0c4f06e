"""Makes area_codes.txt: the area codes of the North American plan.

A line is `code region type states zones`. `region` and `type` are `-` where not every number of the code that may exist
has the same; `states` are the two letters of states and provinces, and `zones` names of time zones, each with commas
between, or `-`.
"""

import importlib
import sys

import sources

TYPES = {0: "fixed_line", 1: "mobile", 2: "fixed_line_or_mobile", 3: "toll_free", 4: "premium_rate", 6: "voip"}

NAMES = """AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado;CT Connecticut;DE Delaware;
DC Washington D.C.;FL Florida;GA Georgia;HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;KY Kentucky;
LA Louisiana;ME Maine;MD Maryland;MA Massachusetts;MI Michigan;MN Minnesota;MS Mississippi;MO Missouri;MT Montana;
NE Nebraska;NV Nevada;NH New Hampshire;NJ New Jersey;NM New Mexico;NY New York;NC North Carolina;ND North Dakota;
OH Ohio;OK Oklahoma;OR Oregon;PA Pennsylvania;RI Rhode Island;SC South Carolina;SD South Dakota;TN Tennessee;TX Texas;
UT Utah;VT Vermont;VA Virginia;WA Washington;WV West Virginia;WI Wisconsin;WY Wyoming;DC Washington, D.C.;
DC District of Columbia;AB Alberta;BC British Columbia;MB Manitoba;NB New Brunswick;NL Newfoundland and Labrador;
NS Nova Scotia;ON Ontario;PE Prince Edward Island;QC Quebec;SK Saskatchewan;YT Yukon;NT Northwest Territories;
NU Nunavut;WA Washington State"""
STATES = {name: code for code, name in (entry.strip().split(" ", 1) for entry in NAMES.split(";"))}
TERRITORIES = {"PR", "VI", "GU", "AS", "MP"}


def states_of(phonenumbers, data, code, region):
    """The states that the description of an area code names, or those of the towns within it."""
    if region in TERRITORIES:
        return [region]
    found = set()
    for name in data.get(f"1{code}", {}).get("en", "").split("/"):
        if name.strip() in STATES:
            found.add(STATES[name.strip()])
    if not found:
        for prefix, names in data.items():
            end = names.get("en", "").rsplit(", ", 1)[-1]
            if prefix.startswith(f"1{code}") and end in STATES.values():
                found.add(end)
    return sorted(found)


def build(folder):
    sys.path.insert(0, str(sources.pypi(folder, "phonenumbers", "9.0.42")))
    phonenumbers = importlib.import_module("phonenumbers")
    geography = importlib.import_module("phonenumbers.geodata").GEOCODE_DATA
    zones = importlib.import_module("phonenumbers.tzdata").TIMEZONE_DATA
    nanp = {prefix: names for prefix, names in geography.items() if prefix.startswith("1")}
    lines = []
    for code in map(str, range(200, 1000)):
        kinds, valid, possible = set(), 0, 0
        for exchange in range(200, 1000):
            for line in ("0000", "1234", "9876"):
                number = phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{code}{exchange}{line}"))
                possible += 1
                if phonenumbers.is_valid_number(number):
                    valid += 1
                    region = phonenumbers.region_code_for_number(number)
                    kinds.add((region, TYPES.get(phonenumbers.number_type(number), "-")))
        if not valid:
            continue
        even = len(kinds) == 1 and valid == possible
        region, kind = next(iter(kinds)) if even and next(iter(kinds))[1] != "-" else ("-", "-")
        # Sold from anywhere: 8xx, 9xx and the like have no place.
        states = states_of(phonenumbers, nanp, code, next(iter(kinds))[0])
        near = (zone for prefix, there in zones.items() if prefix.startswith(f"1{code}") for zone in there)
        there = sorted({*zones.get(f"1{code}", ()), *near})
        there = [] if kind in ("toll_free", "premium_rate") or "Etc/Unknown" in there else there
        lines.append(f"{code} {region} {kind} {','.join(states) or '-'} {','.join(there) or '-'}\n")
    return "".join(lines)


if __name__ == "__main__":
    sources.make(__doc__, lambda folder: {"area_codes.txt": build(folder).encode()})
