"""The people who ask, and the forms that they fill in well. `mess.py` makes of them what really comes in."""

from __future__ import annotations

import random
from typing import Any

# City, state, ZIP code, area code.
PLACES = [
    ("Austin", "TX", "78701", "512"), ("Houston", "TX", "77002", "713"), ("Dallas", "TX", "75201", "214"),
    ("Phoenix", "AZ", "85003", "602"), ("Las Vegas", "NV", "89101", "702"), ("Boston", "MA", "02108", "617"),
    ("Worcester", "MA", "01608", "508"), ("Newark", "NJ", "07102", "973"), ("Hartford", "CT", "06103", "860"),
    ("New York", "NY", "10001", "212"), ("Buffalo", "NY", "14202", "716"), ("Los Angeles", "CA", "90012", "213"),
    ("San Diego", "CA", "92101", "619"), ("Fresno", "CA", "93721", "559"), ("Winston-Salem", "NC", "27101", "336"),
    ("Miami", "FL", "33130", "305"), ("Tampa", "FL", "33602", "813"), ("Atlanta", "GA", "30303", "404"),
    ("Denver", "CO", "80202", "303"), ("Oklahoma City", "OK", "73102", "405"), ("Chicago", "IL", "60601", "312"),
    ("Saint Louis", "MO", "63101", "314"), ("Seattle", "WA", "98101", "206"), ("Portland", "OR", "97201", "503"),
    ("Columbus", "OH", "43215", "614"), ("Philadelphia", "PA", "19103", "215"),
]  # fmt: skip
FIRST = "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth Susan Carlos Karen Daniel Lisa Emily Kevin Donna"
LAST = "Smith Johnson Williams Brown Garcia Miller Davis Rodriguez Wilson Anderson Moore Perez Thompson White Harris Clark Walker"
STREETS = ["Main St", "Oak Ave", "Maple Dr", "Cedar Ln", "Elm St", "Washington Blvd", "2nd Ave", "Lake Rd", "Hill Ct"]
HOSTS = ["gmail.com", "yahoo.com", "outlook.com", "aol.com", "comcast.net"]


def person(random: random.Random, taken: set[str]) -> dict[str, Any]:
    """Somebody whom nobody else shares a phone or an e-mail address with: the truth."""
    city, state, zip_code, area = random.choice(PLACES)
    first, last = random.choice(FIRST.split()), random.choice(LAST.split())
    while True:
        exchange = random.choice([number for number in range(230, 980) if number % 100 != 11 and number != 555])
        phone = f"+1{area}{exchange}{random.randint(0, 9999):04d}"
        email = f"{first}.{last}{random.randint(1, 99999)}@{random.choice(HOSTS)}".lower()
        if not taken & {phone, email}:
            taken |= {phone, email}
            break
    # June has everybody's birthday behind or before them, so that no age changes on the way; a day above 12 can be no month.
    month = random.choice([1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12])
    return {
        "vertical": random.choice(["solar", "roofing", "auto"]),
        "first_name": first, "last_name": last, "phone": phone, "email": email,
        "street": f"{random.randint(1, 9899)} {random.choice(STREETS)}", "city": city, "state": state, "zip": zip_code,
        "dob": f"{random.randint(1950, 2007)}-{month:02d}-{random.randint(13, 28):02d}",
        "homeowner": random.random() < 0.8, "insured": random.random() < 0.6,
        "bill": random.randrange(60, 320, 5), "roof_age": random.randint(0, 30),
    }  # fmt: skip


def form(lead_id: str, random: random.Random, person: dict[str, Any]) -> dict[str, Any]:
    """What the person sends when the form is filled in as its makers thought."""
    year, month, day = person["dob"].split("-")
    phone = person["phone"][2:]
    filled = {
        "lead_id": lead_id, "source": f"affiliate-{random.randint(1, 9)}", "vertical": person["vertical"],
        "name": f"{person['first_name']} {person['last_name']}", "email": person["email"],
        "phone": f"{phone[:3]}-{phone[3:6]}-{phone[6:]}",
        "address": f"{person['street']}, {person['city']}, {person['state']} {person['zip']}",
        "homeowner": "yes" if person["homeowner"] else "no", "tcpa_consent": "true", "utm_campaign": "summer",
    }  # fmt: skip
    if person["vertical"] == "solar":
        filled["electric_bill"] = str(person["bill"])
    if person["vertical"] == "roofing":
        filled["roof_age"] = str(person["roof_age"])
    if person["vertical"] == "auto":
        filled |= {"dob": f"{month}/{day}/{year}", "insured": "yes" if person["insured"] else "no"}
    return filled
