"""Lead intake and distribution. Leads come in on /leads and go out to the buyer who pays most for that kind of lead."""

import logging
import os
import re
import sqlite3
from datetime import datetime, timezone

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

EMAIL = re.compile(r"^[a-z0-9._-]+@[a-z0-9-]+\.(com|net|org|edu|gov|us)$")
YES = ("yes", "true", "y", "1")

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


def clean_phone(phone):
    phone = re.sub(r"[ ().-]", "", phone)
    if phone.startswith("+1"):
        phone = phone[2:]
    return phone


def check(form):
    """What is wrong with what was sent in; empty when it is good."""
    errors = []
    if not form["name"].replace(" ", "").isalpha():
        errors.append("name is invalid")
    if not EMAIL.match(form["email"].strip()):
        errors.append("email is invalid")
    if not re.match(r"^\d{10}$", clean_phone(form["phone"])):
        errors.append("phone is invalid")
    if not form["address"]:
        errors.append("address is required")
    if str(form["tcpa_consent"]).lower() not in YES:
        errors.append("tcpa_consent is required")
    return errors


def split_address(address):
    street, city, rest = address.split(",")
    state, zip_code = rest.split()
    if len(zip_code) != 5:
        raise ValueError("bad zip " + zip_code)
    return street.strip(), city.strip(), state, zip_code


def read(form):
    """The lead as we store it and as buyers get it."""
    names = form["name"].split()
    street, city, state, zip_code = split_address(form["address"])
    lead = {
        "lead_id": form["lead_id"],
        "source": form["source"],
        "vertical": form["vertical"],
        "first_name": names[0],
        "last_name": names[1],
        "email": form["email"].strip(),
        "phone": "+1" + clean_phone(form["phone"]),
        "street": street,
        "city": city,
        "state": state,
        "zip": zip_code,
        "homeowner": str(form.get("homeowner", "")).lower() in YES,
    }
    if lead["vertical"] == "solar":
        lead["electric_bill"] = int(form["electric_bill"].replace("$", ""))
    if lead["vertical"] == "roofing":
        lead["roof_age"] = int(form["roof_age"])
    if lead["vertical"] == "auto":
        lead["dob"] = datetime.strptime(form["dob"], "%m/%d/%Y").strftime("%Y-%m-%d")
        lead["insured"] = str(form.get("insured", "")).lower() in YES
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
        age = now().year - int(lead["dob"][:4])
        if age >= 25 and lead["insured"]:
            return "steadfast"
        elif state in ("CA", "WA", "OR", "NV", "AZ"):
            return "wheelhouse"
        elif age < 25:
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
    errors = check(form)
    if errors:
        save(form, "rejected", reasons="; ".join(errors))
        return jsonify(status="rejected", reasons=errors)
    lead = read(form)
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
