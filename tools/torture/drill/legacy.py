"""Takes leads and sends them to buyers, as apps do that began small: a table, a loop, a timeout and three tries.

    python legacy.py take leads.db < leads.jsonl
    python legacy.py send leads.db http://127.0.0.1:9000

An answer with status 200 is a sale. What times out is tried again, and then goes to the next buyer, as does what ends in an
error. A row is marked when it is through, so whoever starts the loop again goes on where it was.
"""

import http.client
import json
import sqlite3
import sys
import urllib.error
import urllib.request

TIMEOUT = 0.3
TRIES = 3

# Who buys what, best price first.
BUYERS = {
    "IL": ["b0", "b5"],
    "TX": ["b1", "b6"],
    "OH": ["b2", "b7"],
    "CA": ["b3", "b8"],
    "NY": ["b4", "b9"],
}

SCHEMA = "CREATE TABLE IF NOT EXISTS leads (lead_id TEXT PRIMARY KEY, lead TEXT, status TEXT DEFAULT 'new', buyer TEXT)"


def take(db):
    for line in sys.stdin:
        db.execute("INSERT OR IGNORE INTO leads (lead_id, lead) VALUES (?, ?)", (json.loads(line)["id"], line))
    db.commit()


def post(url, lead):
    body = json.dumps({"lead_id": lead["id"], "phone": lead["phone"], "state": lead["state"]}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        return answer.status == 200


def sell(lead, url):
    """The buyer that it was sold to, or None."""
    for buyer in BUYERS[lead["state"]]:
        for attempt in range(TRIES):
            try:
                if post(f"{url}/{buyer}", lead):
                    return buyer
            except urllib.error.HTTPError:
                break  # it does not work there
            except (OSError, http.client.HTTPException):
                continue  # timeout or connection lost
    return None


def send(db, url):
    while True:
        row = db.execute("SELECT lead_id, lead FROM leads WHERE status = 'new' ORDER BY rowid LIMIT 1").fetchone()
        if row is None:
            return
        buyer = sell(json.loads(row[1]), url)
        db.execute("UPDATE leads SET status = ?, buyer = ? WHERE lead_id = ?", ("sold" if buyer else "unsold", buyer, row[0]))
        db.commit()


def main():
    db = sqlite3.connect(sys.argv[2], timeout=10)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(SCHEMA)
    if sys.argv[1] == "take":
        take(db)
    else:
        send(db, sys.argv[3])


main()
