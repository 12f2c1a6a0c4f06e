"""Lead intake and distribution. Leads come in on /leads and go out to the buyer who pays most for that kind of lead."""

import logging
import os
import re
import sqlite3
from datetime import date, datetime, timezone

import leadwright
import requests
from flask import Flask, g, jsonify, request

app = Flask(__name__)
log = logging.getLogger("leads")

DATABASE = os.environ.get("LEADS_DB", "leads.db")
BUYERS_URL = os.environ.get("BUYERS_URL", "http://localhost:9000")

# Who buys what is in pick_buyer. Here is how many a day they take, and what they pay.
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

SCHEMA = """
CREATE TABLE IF NOT EXISTS leads (
    lead_id TEXT, source TEXT, vertical TEXT, first_name TEXT, last_name TEXT, email TEXT, phone TEXT, street TEXT,
    city TEXT, state TEXT, zip TEXT, dob TEXT, status TEXT, buyer TEXT, reasons TEXT, price INTEGER, created_at TEXT);
CREATE TABLE IF NOT EXISTS counters (buyer TEXT PRIMARY KEY, today INTEGER NOT NULL);
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
    if not form.get("address"):
        reasons.append("address is required")
    if vertical == "auto" and "dob" in found.canonical and age(found.canonical["dob"]) < 18:
        reasons.append("dob: under 18")
    return vertical, found.canonical, reasons


def age(dob):
    born, today = date.fromisoformat(dob), now().date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def split_address(address):
    street, city, rest = address.split(",")
    state, zip_code = rest.split()
    if len(zip_code) != 5:
        raise ValueError("bad zip " + zip_code)
    return street.strip(), city.strip(), state, zip_code


def read(form, vertical, good):
    """The lead as we store it and as buyers get it."""
    street, city, state, zip_code = split_address(form["address"])
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


def is_duplicate(lead):
    found = db().execute("SELECT 1 FROM leads WHERE phone = ? AND email = ?", (lead["phone"], lead["email"]))
    return found.fetchone() is not None


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


def sold_today(buyer):
    row = db().execute("SELECT today FROM counters WHERE buyer = ?", (buyer,)).fetchone()
    return row["today"] if row else 0


def count_sale(buyer, today):
    db().execute("INSERT OR REPLACE INTO counters (buyer, today) VALUES (?, ?)", (buyer, today))


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


def sell(lead):
    """Sells a good lead; answers with what became of it, to whom, and why not."""
    if is_duplicate(lead):
        return "duplicate", None, "phone and email are known"
    buyer = pick_buyer(lead)
    if buyer is None:
        return "unsold", None, ""
    today = sold_today(buyer)
    if today >= BUYERS[buyer]["cap"]:
        return "unsold", None, ""
    if not send(buyer, lead):
        return "unsold", None, ""
    count_sale(buyer, today + 1)
    return "sold", buyer, ""


# --- the web


@app.post("/leads")
def take_lead():
    form = request.get_json(force=True)
    vertical, good, errors = validate(form)
    if errors:
        save(form, "rejected", reasons="; ".join(errors))
        return jsonify(status="rejected", reasons=errors)
    lead = read(form, vertical, good)
    status, buyer, reasons = sell(lead)
    save(lead, status, buyer, reasons)
    log.info("lead %s: %s %s", lead["lead_id"], status, buyer)
    return jsonify(status=status, buyer=buyer, reasons=reasons.split("; ") if reasons else [])


@app.get("/leads/<lead_id>")
def show_lead(lead_id):
    row = db().execute("SELECT * FROM leads WHERE lead_id = ? ORDER BY rowid DESC", (lead_id,)).fetchone()
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


init_db()
