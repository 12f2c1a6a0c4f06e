"""What really comes in: each function spoils one field of a form, and says so when no app can mend it.

`person` is the truth and `form` what is sent. A mess that leaves the truth readable answers None; one after which the lead
has to be refused answers with the name of the field that the refusal must name.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Optional

Form = dict[str, Any]
Person = dict[str, Any]
Mess = Callable[[random.Random, Form, Person], Optional[str]]

STATES = {
    "TX": "Texas", "AZ": "Arizona", "NV": "Nevada", "MA": "Massachusetts", "NJ": "New Jersey", "CT": "Connecticut",
    "NY": "New York", "CA": "California", "NC": "North Carolina", "FL": "Florida", "GA": "Georgia", "CO": "Colorado",
    "OK": "Oklahoma", "IL": "Illinois", "MO": "Missouri", "WA": "Washington", "OR": "Oregon", "OH": "Ohio", "PA": "Pennsylvania",
}  # fmt: skip
MONTHS = "January February March April May June July August September October November December".split()
FOREIGN = [("José", "Núñez"), ("Zoë", "Müller"), ("Renée", "D'Angelo"), ("María", "Peña"), ("Conor", "O'Brien")]
WIDE = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in "0123456789()-"}


def name(random: random.Random, form: Form, person: Person) -> Optional[str]:
    first, last = person["first_name"], person["last_name"]
    kinds = ["caps", "lower", "comma", "spaces", "suffix", "middle", "foreign", "foreign", "particle", "single", "none", "test"]
    kind = random.choice(kinds)
    if kind == "foreign":
        person["first_name"], person["last_name"] = random.choice(FOREIGN)
        form["name"] = f"{person['first_name']} {person['last_name']}"
        return None
    if kind == "particle":
        person["last_name"] = "de la Cruz"
    form["name"] = {
        "caps": f"{first} {last}".upper(), "lower": f"{first} {last}".lower(), "comma": f"{last}, {first}",
        "spaces": f"  {first}   {last} ", "suffix": f"{first} {last} Jr.", "middle": f"{first} M. {last}",
        "particle": f"{first} de la Cruz", "single": first, "none": None, "test": "Test Test",
    }[kind]  # fmt: skip
    return "name" if kind in ("single", "none", "test") else None


def phone(random: random.Random, form: Form, person: Person) -> Optional[str]:
    area, exchange, line = person["phone"][2:5], person["phone"][5:8], person["phone"][8:]
    plain = f"{area}-{exchange}-{line}"
    good: dict[str, Any] = {
        "parens": f"({area}) {exchange}-{line}", "dots": f"{area}.{exchange}.{line}", "plus": f"+1 {area} {exchange} {line}",
        "one": f"1-{plain}", "extension": f"{plain} x{random.randint(10, 9999)}", "wide": plain.translate(WIDE),
        "number": int(area + exchange + line), "slash": f"{area}/{exchange}-{line}", "dash": plain.replace("-", "\u2013"),
        "label": f"cell: {plain}", "space": f"\u00a0{area}\u00a0{exchange} {line} ", "word": f"{plain} (after 5pm)",
    }  # fmt: skip
    bad: dict[str, Any] = {
        "short": plain[:-1], "long": plain + "7", "nothing": random.choice(["N/A", "none", "-"]), "null": None,
        "repeated": "1111111111", "area": f"123-{exchange}-{line}",
    }  # fmt: skip
    kind = random.choice([*good, *good, *bad])
    form["phone"] = {**good, **bad}[kind]
    return "phone" if kind in bad else None


def email(random: random.Random, form: Form, person: Person) -> Optional[str]:
    address = person["email"]
    local, host = address.split("@")
    if random.random() < 0.25:
        # Another address of the person, that is as good as any.
        host = random.choice(["mail.example.info", "cs.example.edu", "example.photography"])
        person["email"] = form["email"] = f"{local}+leads@{host}"
        return None
    good: dict[str, Any] = {
        "upper": address.upper(), "space": f"  {address} \t", "mailto": f"mailto:{address}", "dot": f"{address}.",
        "angle": f"{form['name']} <{address}>", "invisible": f"{address}\u200b", "inner": f"{local} @ {host}",
    }  # fmt: skip
    bad: dict[str, Any] = {
        "no_at": local + host, "two_at": f"{local}@@{host}", "nothing": random.choice(["N/A", "none", "na@na"]), "null": None,
        "no_end": f"{local}@gmail",
    }  # fmt: skip
    kind = random.choice([*good, *good, *bad])
    form["email"] = {**good, **bad}[kind]
    return "email" if kind in bad else None


def address(random: random.Random, form: Form, person: Person) -> Optional[str]:
    street, city, state, zip_code = person["street"], person["city"], person["state"], person["zip"]
    whole = f"{street}, {city}, {state} {zip_code}"
    good = {
        "no_comma": f"{street} {city} {state} {zip_code}", "unit": f"{street}, Apt {random.randint(1, 99)}, {city}, {state} {zip_code}",
        "state_name": f"{street}, {city}, {STATES[state]} {zip_code}", "lower": whole.lower(), "upper": whole.upper(),
        "zip4": f"{whole}-{random.randint(1, 9999):04d}", "newline": f"{street}\n{city}, {state} {zip_code}", "usa": f"{whole}, USA",
        "lost_zero": f"{street}, {city}, {state} {zip_code.lstrip('0')}", "no_state": f"{street}, {city}, {zip_code}",
        "trailing": f"{whole} , ", "dots": f"{street}, {city}, {'.'.join(state)}. {zip_code}",
        "late_comma": f"{street}, {city}, {state}, {zip_code}",
    }  # fmt: skip
    other_state = "TX" if state not in ("TX", "OK", "AR") else "OH"
    bad = {
        "none": None, "street_only": street, "contradiction": f"{street}, {city}, {other_state} {zip_code}",
        "no_such_zip": f"{street}, {city}, {state} 00000",
    }  # fmt: skip
    kind = random.choice([*good, *good, *bad])
    form["address"] = {**good, **bad}[kind]
    return "address" if kind in bad else None


def birth(random: random.Random, form: Form, person: Person) -> Optional[str]:
    if "dob" not in form:
        return None
    year, month, day = (int(part) for part in person["dob"].split("-"))
    good = {
        "iso": person["dob"], "time": f"{person['dob']}T00:00:00.000Z", "short": f"{month:02d}/{day:02d}/{year % 100:02d}",
        "words": f"{MONTHS[month - 1]} {day}, {year}", "dashes": f"{month:02d}-{day:02d}-{year}",
        "compact": f"{year}{month:02d}{day:02d}", "dots": f"{month:02d}.{day:02d}.{year}",
    }  # fmt: skip
    bad = {"none": None, "zero": "00/00/0000", "future": "01/15/2031", "child": "06/15/2015"}
    kind = random.choice([*good, *good, *bad])
    form["dob"] = {**good, **bad}[kind]
    return "dob" if kind in bad else None


def bill(random: random.Random, form: Form, person: Person) -> Optional[str]:
    if "electric_bill" not in form:
        return None
    amount = person["bill"]
    kinds = {
        "dollar": f"${amount}", "month": f"${amount}/mo", "range": f"${amount}-{amount + 50}", "cents": f"{amount}.00",
        "number": amount, "space": f" {amount} ", "nothing": "N/A",
    }  # fmt: skip
    kind = random.choice(list(kinds))
    form["electric_bill"] = kinds[kind]
    # Who owns no house is asked for no bill, and wanted by nobody.
    return "electric_bill" if kind == "nothing" and person["homeowner"] else None


def roof(random: random.Random, form: Form, person: Person) -> Optional[str]:
    if "roof_age" in form:
        age = person["roof_age"]
        form["roof_age"] = random.choice([f"{age} years", f"{age} yrs", f"{age}.0", age, f" {age}"])
    return None


def yes_or_no(random: random.Random, form: Form, person: Person) -> Optional[str]:
    field = "insured" if "insured" in form else "homeowner"
    yes, no = random.choice([("Y", "N"), ("TRUE", "FALSE"), ("1", "0"), ("Yes ", "No "), (True, False), ("on", "off")])
    form[field] = yes if person[field] else no
    return None


def consent(random: random.Random, form: Form, person: Person) -> Optional[str]:
    kinds = {"yes": "Yes", "one": 1, "on": "on", "agree": "I agree", "no": "false", "none": None}
    kind = random.choice(list(kinds))
    form["tcpa_consent"] = kinds[kind]
    return "consent" if kind in ("no", "none") else None


def vertical(random: random.Random, form: Form, person: Person) -> Optional[str]:
    word = person["vertical"]
    form["vertical"] = random.choice([word.upper(), word.title(), f"{word} "])
    return None


def shape(random: random.Random, form: Form, person: Person) -> Optional[str]:
    kind = random.choice(["swapped", "capital", "more", "less"])
    if kind == "swapped":
        form["email"], form["phone"] = form["phone"], form["email"]
    elif kind == "capital":
        form["Email"] = form.pop("email")
    elif kind == "more":
        form |= {"": 1, "gclid": "x" * 80, "answers": ["a", {"b": None}]}
    else:
        del form["utm_campaign"]
    return None


# How often each comes, in a thousand forms.
MESSES: list[tuple[Mess, int]] = [
    (name, 40), (phone, 45), (email, 40), (address, 60), (birth, 90), (bill, 60), (roof, 60), (yes_or_no, 30), (consent, 20),
    (vertical, 15), (shape, 10),
]  # fmt: skip
