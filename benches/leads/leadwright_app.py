"""Leads by leadwright's validation, for a judge that knows the truth; buyers are picked as the other apps do.

The judge and the apps beside this one are development data and not part of the repository: `judge.sh` says where they
have to be. A vertical has its own fields (credit, loan), which no schema of the catalogue has yet: they are checked one
by one.
"""

import datetime

import leadwright
from legacy_app import LegacyApp

AS_OF = datetime.date(2026, 11, 24)
SCHEMA = "us/auto-insurance@1"
ADULT = 18
VERTICALS = ["solar", "home_services", "auto_insurance", "mortgage"]
WANTED = ("first_name", "last_name", "email", "phone", "state", "dob")

# Field, kind, options, and whether a lead without it is refused.
OWN = [
    ("vertical", "enum", {"values": VERTICALS}, True),
    ("credit_score", "integer", {}, False),
    ("loan_amount", "integer", {}, False),
    ("electric_bill", "integer", {}, False),
    ("tcpa_consent", "consent", {}, True),
]


class LeadwrightApp(LegacyApp):
    def process(self, lead):
        named = {key.strip().lower(): value for key, value in lead.items()}
        errors, canon = [], {}
        for name, kind, options, required in OWN:
            checked = leadwright.check_field(kind, named.get(name), required=required, **options)
            errors += [problem["code"] for problem in checked.problems if problem["severity"] == "error"]
            canon[name] = checked.value
        lead = leadwright.validate(lead, SCHEMA, as_of=AS_OF)
        errors += [problem["code"] for problem in lead.problems if problem["action"] == "rejected"]
        found = lead.canonical
        errors += [f"{name}.missing" for name in WANTED if not found.get(name)]
        if canon["vertical"] == "mortgage":
            errors += [f"{name}.missing" for name in ("loan_amount", "credit_score") if canon[name] is None]
        if not errors and age(found["dob"]) < ADULT:
            errors.append("underage")
        if errors:
            return {"status": "reject", "errors": errors}
        canon |= {name: found.get(name) for name in (*WANTED, "city", "zip")}
        canon |= {"lead_id": named["lead_id"], "street": found.get("street"), "homeowner": bool(found.get("homeowner"))}
        return self.route(canon)

    def route(self, canon):
        if canon["email"] in self.seen_emails or canon["phone"] in self.seen_phones:
            return {"status": "duplicate"}
        self.seen_emails.add(canon["email"])
        self.seen_phones.add(canon["phone"])
        buyer = self.pick_buyer(canon)
        if buyer != "unsold":
            self.post("", canon)
        return {"status": "accept", "buyer": buyer, "canon": canon}


def age(day):
    born = datetime.date.fromisoformat(day)
    return AS_OF.year - born.year - ((AS_OF.month, AS_OF.day) < (born.month, born.day))


def make(post=lambda url, body: 200):
    return LeadwrightApp(post)
