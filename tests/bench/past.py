"""Runs in the box, as user pont: `add` gives the web site the past of a large box, `remove` takes it away.

500 customers of 20 users, who all have bridge, phone, number and a coming invitation; 100,000 conferences of
four people, one every five minutes, on all bridges in turn, half of them recorded; a mail for each; 100,000
entries in the log. All has ids from FIRST on. `marc` gives these users to marc's customer, and the past of a
bridge to alice's.
"""

import sys
import time

from appliance.models import (
    AuditEntry,
    Bridge,
    Conference,
    Customer,
    HistoryEntry,
    Invitation,
    Number,
    OutgoingMail,
    Participation,
    Phone,
    Recording,
    User,
    database,
)
from appliance.wiring import wire

FIRST = 1_000_000
MADE = (
    HistoryEntry, Participation, OutgoingMail, Recording, Conference, Invitation, Number, Phone, Bridge, User,
    Customer, AuditEntry,
)  # fmt: skip
"""In an order in which they can be deleted."""
PAST = """
    WITH RECURSIVE "past" (n, id, at) AS
        (SELECT 0, ?, 1700000000.0 UNION ALL SELECT n + 1, id + 1, at + 300.0 FROM "past" WHERE n < 99999),
        "four" (k) AS (VALUES (0), (1), (2), (3))
"""
CONFERENCES = (
    """INSERT INTO conference (id, bridge_id, started_at, opened_at, ended_at)
        SELECT id, id - n + n % 10000, at, at, at + 1800 FROM past""",
    """INSERT INTO participation (id, conference_id, channel, role, caller, name, entered_at, left_at)
        SELECT 4 * id + k, id, id || '.' || k, 'user', printf('+336%08d', (4 * n + k) % 30000),
            'Prénom ' || (n % 997), at + k, at + 1790 + k FROM past, four""",
    """INSERT INTO history_entry (id, conference_id, at, participation_id, actor, event, code, effect, reason)
        SELECT 8 * id + k, id, at + 400 * k, 4 * id + k, '', 'entered', '', 'as_user', '' FROM past, four""",
    """INSERT INTO history_entry (id, conference_id, at, participation_id, actor, event, code, effect, reason)
        SELECT 8 * id + 4 + k, id, at + 1790 + k, 4 * id + k, '', 'left', '', '', '' FROM past, four""",
    """INSERT INTO recording (id, conference_id, started_at, ended_at, state, seconds, size)
        SELECT id, id, at, at + 1800, iif(n % 1001, 'mailed', 'failed'), 1800, 7200000
        FROM past WHERE n % 2""",
    """INSERT INTO outgoing_mail (id, kind, "to", subject, user_id, message_id, created_at, state, attempts,
            next_at, give_up_at, error)
        SELECT id, 'recording', 'x@bench.example', 'x', id - n + n % 10000, 'bench-' || n, at,
            iif(n % 1001, 'sent', 'failed'), 1, at, at, '' FROM past""",
    """INSERT INTO audit_entry (id, at, actor, action, subject, detail)
        SELECT id, at, 'bench', 'user.change', 'u' || n || '@bench.example', 'language: fr -> en'
        FROM past""",
)


def add() -> None:
    people, bridges, numbers, phones, invitations = [], [], [], [], []
    begins, year = time.time(), 86_400 * 365
    usual = {
        "message": "",
        "time_zone": "Europe/Paris",
        "show_participants": False,
        "access_fingerprint": "x",
    }
    usual |= {"created_at": begins, "changed_at": begins, "over_at": begins + year}
    for n in range(10_000):
        row = FIRST + n
        names = {"first_name": f"Prénom {n}", "last_name": f"Émile {n % 997}", "email": f"u{n}@bench.example"}
        rest = {"language": "fr", "time_zone": "Europe/Paris", "role": "user"}
        people.append({"id": row, "customer": FIRST + n % 500, **names, **rest})
        bridge = {"id": row, "user": row, "extension": str(100_000 + n), "pin_hash": "x", "language": "fr"}
        bridges.append(bridge)
        account = str(200_000 + n)
        phones.append({"id": row, "user": row, "extension": account, "username": account, "digest": "0" * 32})
        numbers.append({"id": row, "e164": f"+331{n:08}", "bridge": row})
        weekly = n % 5 == 0
        repeats = {"repeats": "weekly" if weekly else "none", "repeat_count": 52 if weekly else None}
        at = {"begins_at": begins + n * 60, "ends_at": begins + n * 60 + 3600}
        known = {"id": row, "bridge": row, "organiser": row, "uid": f"{n}@bench.example"}
        invitations.append({**known, "subject": f"Sujet {n}", **at, **repeats, **usual})
    customers = [{"id": FIRST + n, "name": f"Client {n}"} for n in range(500)]
    for table, rows in (
        (Customer, customers), (User, people), (Bridge, bridges), (Phone, phones), (Number, numbers),
        (Invitation, invitations),
    ):  # fmt: skip
        for start in range(0, len(rows), 1000):
            table.insert_many(rows[start : start + 1000]).execute()
    for statement in CONFERENCES:
        database.execute_sql(PAST + statement, (FIRST,))


def remove() -> None:
    for table in MADE:
        table.delete().where(table.id >= FIRST).execute()


def marc() -> None:
    customer = User.get(User.email == "marc@demo.example").customer_id
    alices = Bridge.get(Bridge.user == User.get(User.email == "alice@demo.example")).id
    User.update(customer=customer).where(User.id >= FIRST).execute()
    Conference.update(bridge=alices).where(Conference.bridge == FIRST + 77).execute()


if __name__ == "__main__":
    wire()
    with database.atomic("IMMEDIATE"):
        {"add": add, "remove": remove, "marc": marc}[sys.argv[1]]()
