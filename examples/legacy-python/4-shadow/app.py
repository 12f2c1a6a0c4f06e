"""Lead intake and distribution. Leads come in on /leads and go out to the buyer who pays most for that kind of lead."""

import logging
import os
import re
import sqlite3
from datetime import date, datetime, timedelta, timezone

import leadwright
import requests
from flask import Flask, g, jsonify, request
from leadwright import migrate

app = Flask(__name__)
log = logging.getLogger("leads")

DATABASE = os.environ.get("LEADS_DB", "leads.db")
BUYERS_URL = os.environ.get("BUYERS_URL", "http://localhost:9000")
PLAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "plan", "plan.jsonc")

# How many leads a buyer takes, in the buyer's own day, and how many are left, is known here and nowhere else.
ENGINE = leadwright.Engine(leadwright.Plan.load(PLAN), os.environ.get("LEADWRIGHT_DB", "leadwright.db"))

# Which side answers stands in a file, and changes while the app runs. Until somebody writes it, the engine looks on.
MIGRATION = migrate.Migration(
    "legacy-leads",
    engine=ENGINE,
    parity=os.environ.get("PARITY_DB", "parity.db"),
    key=lambda lead, *more: lead["lead_id"],
    stage=migrate.stage_from_file(os.environ.get("STAGES", "stages.txt"), default="limits=primary; decide=shadow"),
)

# Who buys what is in pick_buyer. Here is what they pay; the caps count only for the way back.
BUYERS = {
    "gridless": {"cap": 18, "price": 52},
    "sunwise": {"cap": 30, "price": 45},
    "baystate": {"cap": 26, "price": 40},
    "solaria": {"cap": 45, "price": 25},
    "ridgeline": {"cap": 20, "price": 60},
    "topnotch": {"cap": 18, "price": 55},
    "stormfix": {"cap": 18, "price": 38},
    "shingle": {"cap": 60, "price": 22},
    "steadfast": {"cap": 50, "price": 18},
    "wheelhouse": {"cap": 28, "price": 15},
    "firstcar": {"cap": 24, "price": 9},
    "anydrive": {"cap": 70, "price": 6},
}

# What each kind of lead is made of, and what it must have beyond a phone number.
PERSON = ["first_name", "last_name", "email", "consent"]
SCHEMAS = {
    "solar": ("us/solar@1", [*PERSON, "homeowner"]),
    "roofing": ("us/home-services@1", [*PERSON, "homeowner", "roof_age"]),
    "auto": ("us/auto-insurance@1", [*PERSON, "dob", "insured"]),
}
MESSAGES = leadwright.Messages()
# Doubts about an address with which nobody can be sent there.
NO_ADDRESS = ("address.missing", "address.placeholder", "address.zip_unknown", "address.zip_state_mismatch")

NOBODY = "no buyer wants such a lead"

SCHEMA = """
CREATE TABLE IF NOT EXISTS leads (
    lead_id TEXT, source TEXT, vertical TEXT, first_name TEXT, last_name TEXT, email TEXT, phone TEXT, street TEXT,
    city TEXT, state TEXT, zip TEXT, dob TEXT, status TEXT, buyer TEXT, reasons TEXT, price INTEGER, created_at TEXT);
CREATE TABLE IF NOT EXISTS counters (buyer TEXT PRIMARY KEY, today INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS people (phone_or_email TEXT PRIMARY KEY, lead_id TEXT NOT NULL, at TEXT NOT NULL);
"""


def now():
    return datetime.now(timezone.utc)


def db():
    if "db" not in g:
        g.db = sqlite3.connect(DATABASE, timeout=10)
        g.db.row_factory = sqlite3.Row
    return g.db


@app.teardown_appcontext
def close_db(error=None):
    if "db" in g:
        g.pop("db").close()


def init_db():
    with app.app_context():
        db().executescript("PRAGMA journal_mode=WAL;" + SCHEMA)
        db().commit()


# --- the lead


def validate(form):
    """The vertical, the values that are right, in one form, and what is wrong with the others."""
    vertical = str(form.get("vertical")).strip().lower()
    if vertical not in SCHEMAS:
        return vertical, {}, ["vertical is unknown"]
    given = {name: value for name, value in form.items() if name not in ("lead_id", "address")}
    if "roof_age" in given:
        given["roof_age"] = re.sub(r" *(years?|yrs?)$", "", str(given["roof_age"]))  # "12 years"
    schema, required = SCHEMAS[vertical]
    found = leadwright.validate(given, schema, as_of=now().date(), require=required, consent={"given": True})
    errors = [problem for problem in found.problems if problem["action"] == "rejected"]
    reasons = [f"{problem['path'].strip('/')}: {MESSAGES.of(problem)}" for problem in errors]
    if vertical == "auto" and "dob" in found.canonical and age(found.canonical["dob"]) < 18:
        reasons.append("dob: under 18")
    return vertical, found.canonical, reasons


def age(dob):
    born, today = date.fromisoformat(dob), now().date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def split_address(address):
    """Street, city, state and ZIP code, and what is wrong with them."""
    found = leadwright.canonicalize_address(address)
    reasons = [f"address: {MESSAGES.of(problem)}" for problem in found.problems if problem["code"] in NO_ADDRESS]
    place = re.fullmatch(r"(.+) ([A-Z]{2}) (\d{5})(-\d{4})?", found.lines[-1] if found.lines else "")
    if place is None:
        return None, reasons or ["address: a city with its state and ZIP code is needed"]
    return (", ".join(found.lines[:-1]), *place.groups()[:3]), reasons


def read(form, vertical, good, place):
    """The lead as we store it and as buyers get it."""
    street, city, state, zip_code = place
    lead = {
        "lead_id": form["lead_id"],
        "source": form["source"],
        "vertical": vertical,
        "first_name": good["first_name"],
        "last_name": good["last_name"],
        "email": good["email"],
        "phone": good["phone"],
        "street": street,
        "city": city,
        "state": state,
        "zip": zip_code,
        "homeowner": good.get("homeowner", False),
    }
    if vertical == "solar":
        lead["electric_bill"] = float(good.get("electric_bill", 0))
    if vertical == "roofing":
        lead["roof_age"] = good["roof_age"]
    if vertical == "auto":
        lead["dob"] = good["dob"]
        lead["insured"] = good["insured"]
    return lead


# --- who gets it


def claim(lead):
    """Takes the person for this lead, at once or not at all; False when somebody else has them, by phone or by email."""
    hour_ago = (now() - timedelta(hours=1)).isoformat()
    # Who was claimed by a process that was killed on the way is free again.
    db().execute("DELETE FROM people WHERE at < ? AND lead_id NOT IN (SELECT lead_id FROM leads)", (hour_ago,))
    rows = [(key, lead["lead_id"], now().isoformat()) for key in (lead["phone"], lead["email"])]
    try:
        db().executemany("INSERT INTO people VALUES (?, ?, ?)", rows)
        db().commit()
        return True
    except sqlite3.IntegrityError:
        db().rollback()
        return False


def unclaim(lead):
    db().execute("DELETE FROM people WHERE lead_id = ?", (lead["lead_id"],))
    db().commit()


def pick_buyer(lead):
    """The one who pays most of those who want it; None when nobody does."""
    state = lead["state"]
    if lead["vertical"] == "solar" and lead["homeowner"]:
        if state == "CA" and lead["electric_bill"] >= 120:
            return "gridless"
        elif state in ("TX", "AZ", "NV") and lead["electric_bill"] >= 100:
            return "sunwise"
        elif state in ("MA", "NJ", "CT", "NY"):
            return "baystate"
        elif lead["electric_bill"] >= 150:
            return "solaria"
    elif lead["vertical"] == "roofing" and lead["homeowner"]:
        if state in ("TX", "OK", "CO") and lead["roof_age"] >= 10:
            return "ridgeline"
        elif state in ("FL", "GA", "NC") and lead["roof_age"] >= 15:
            return "topnotch"
        elif state in ("TX", "FL") and lead["roof_age"] >= 5:
            return "stormfix"
        return "shingle"
    elif lead["vertical"] == "auto":
        years = age(lead["dob"])
        if years >= 25 and lead["insured"]:
            return "steadfast"
        elif state in ("CA", "WA", "OR", "NV", "AZ"):
            return "wheelhouse"
        elif years < 25:
            return "firstcar"
        return "anydrive"
    return None


def name(buyer, lead):
    """The name of a sale, by which its room is taken once, however often we ask."""
    return f"{lead['lead_id']}.{buyer}"


def reserve(buyer, lead, at=None):
    """Takes room of the buyer's day; answers with what is in the way, None when nothing is."""
    at = at or now()
    room = ENGINE.reserve_external(buyer, name(buyer, lead), source=lead["source"], vertical=lead["vertical"], now=at)
    if "why" not in room:
        call = migrate.current()
        if call is not None:
            call.rooms[buyer] = name(buyer, lead)
        return None
    return f"{buyer}: {room['why']['check']} is {room['why'].get('found')}, wanted {room['why'].get('wanted')}"


def release(buyer, lead):
    ENGINE.release_external(name(buyer, lead), now=now())


def count_sale(buyer, lead):
    ENGINE.confirm_external(name(buyer, lead), now=now())
    # What the app counted by before finds the same here, if we have to go back.
    db().execute("INSERT INTO counters VALUES (?, 1) ON CONFLICT (buyer) DO UPDATE SET today = today + 1", (buyer,))


def send(buyer, lead):
    answer = requests.post(f"{BUYERS_URL}/{buyer}", json=lead)
    return answer.status_code == 200


def save(lead, status, buyer=None, reasons=""):
    price = BUYERS[buyer]["price"] if status == "sold" else 0
    columns = ("lead_id", "source", "vertical", "first_name", "last_name", "email", "phone", "street", "city", "state",
               "zip", "dob")
    values = [lead.get(column) for column in columns] + [status, buyer, reasons, price, now().isoformat()]
    db().execute("INSERT INTO leads VALUES (" + ",".join("?" * len(values)) + ")", values)
    db().commit()


def as_lead(lead):
    """The lead as the engine takes it."""
    return {**lead, "id": lead["lead_id"], "consent": True}


def seen(result):
    """What we did, as the engine takes it down."""
    status, buyer, reasons = result
    outcome = {"sold": "assigned", "duplicate": "duplicate"}.get(status, "unmatched" if reasons.startswith(NOBODY) else "unsold")
    told = {"outcome": outcome, "at": now().isoformat()}
    return {**told, "sales": [{"contract": buyer}]} if buyer else told


# The differences that are meant.
ONE_BUYER = migrate.Known(
    "ONE-BUYER", "pick_buyer knows one buyer for a lead, the plan also the next", "sales", "2027-06-30", cls="legacy_not_new_sold"
)


@MIGRATION.decide(seen=seen, adapt_in=as_lead, observe="inline", known=[ONE_BUYER])
def sell(lead):
    """Sells a good lead; answers with what became of it, to whom, and why not."""
    if not claim(lead):
        return "duplicate", None, "phone or email is known"
    buyer, status = pick_buyer(lead), "unsold"
    try:
        if buyer is None:
            return "unsold", None, NOBODY
        full = reserve(buyer, lead)
        if full:
            return "unsold", None, full
        if not send(buyer, lead):
            return "unsold", None, f"{buyer} did not take it"
        count_sale(buyer, lead)
        status = "sold"
        return "sold", buyer, ""
    finally:
        if status != "sold":
            unclaim(lead)
            if buyer:
                release(buyer, lead)


# --- the web


@app.post("/leads")
def take_lead():
    form = request.get_json(force=True)
    before = find(form["lead_id"])
    if before and before["status"] != "rejected":
        # The sender did not hear us the first time.
        reasons = before["reasons"].split("; ") if before["reasons"] else []
        return jsonify(status=before["status"], buyer=before["buyer"], reasons=reasons)
    vertical, good, errors = validate(form)
    place, doubts = split_address(form.get("address"))
    errors += doubts
    if errors:
        save(form, "rejected", reasons="; ".join(errors))
        return jsonify(status="rejected", reasons=errors)
    lead = read(form, vertical, good, place)
    status, buyer, reasons = sell(lead)
    save(lead, status, buyer, reasons)
    log.info("lead %s: %s %s", lead["lead_id"], status, buyer)
    return jsonify(status=status, buyer=buyer, reasons=reasons.split("; ") if reasons else [])


def find(lead_id):
    return db().execute("SELECT * FROM leads WHERE lead_id = ? ORDER BY rowid DESC", (lead_id,)).fetchone()


@app.get("/leads/<lead_id>")
def show_lead(lead_id):
    row = find(lead_id)
    return (jsonify(dict(row)), 200) if row else (jsonify(error="no such lead"), 404)


@app.get("/stats")
def stats():
    rows = db().execute("SELECT buyer, COUNT(*) AS sold, SUM(price) AS revenue FROM leads WHERE status = 'sold' GROUP BY buyer")
    return jsonify([dict(row) for row in rows])


@app.post("/cron/midnight")
def midnight():
    """Called by cron at 00:00: a new day for everybody."""
    db().execute("DELETE FROM counters")
    db().commit()
    return jsonify(status="ok")


def take_over():
    """What was sold without this counts as well. The same name is the same room, so that nothing is counted twice."""
    sold = db().execute("SELECT * FROM leads WHERE status = 'sold' ORDER BY rowid DESC LIMIT 5000").fetchall()
    for lead in reversed(sold):
        for key in (lead["phone"], lead["email"]):
            db().execute("INSERT OR IGNORE INTO people VALUES (?, ?, ?)", (key, lead["lead_id"], lead["created_at"]))
        try:
            if reserve(lead["buyer"], lead, lead["created_at"]) is None:
                ENGINE.confirm_external(name(lead["buyer"], lead), now=lead["created_at"])
        except leadwright.OperationError:
            continue  # it has its room since it was sold
    db().commit()


init_db()
with app.app_context():
    take_over()
