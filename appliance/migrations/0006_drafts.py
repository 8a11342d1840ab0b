"""The end of an invitation's last occurrence, to list future ones, and drafts of invitations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from appliance.migrations.script import run_script

SCHEMA = """
    ALTER TABLE "invitation" ADD COLUMN "over_at" REAL NOT NULL DEFAULT 0;
    CREATE INDEX "invitation_over_at" ON "invitation" ("over_at");
    CREATE TABLE "invitation_draft" ("id" INTEGER NOT NULL PRIMARY KEY,
        "user_id" INTEGER NOT NULL,
        "bridge_id" INTEGER NOT NULL,
        "invitation_id" INTEGER,
        "version" INTEGER,
        "content" TEXT NOT NULL,
        "changed_at" REAL NOT NULL,
        "sent_at" REAL,
        FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("bridge_id") REFERENCES "bridge" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("invitation_id") REFERENCES "invitation" ("id") ON DELETE CASCADE);
    CREATE INDEX "invitation_draft_user_id" ON "invitation_draft" ("user_id");
    CREATE INDEX "invitation_draft_bridge_id" ON "invitation_draft" ("bridge_id");
    CREATE INDEX "invitation_draft_invitation_id" ON "invitation_draft" ("invitation_id");
"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001
    """Add a column and fill it in for existing invitations; add a table."""
    run_script(db, SCHEMA)
    rows = db.execute_sql(
        "SELECT id, begins_at, ends_at, time_zone, repeats, repeat_count, repeat_until FROM invitation"
    ).fetchall()
    for row_id, begins_at, ends_at, zone, repeats, count, until in rows:
        first = datetime.fromtimestamp(begins_at, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        last = datetime.combine(_last_day(first.date(), repeats, count, until), first.time())
        begins_last = last.replace(tzinfo=ZoneInfo(zone)).timestamp()
        over_at = begins_last + ends_at - begins_at
        db.execute_sql("UPDATE invitation SET over_at = ? WHERE id = ?", (over_at, row_id))


def _last_day(first: date, repeats: str, count: int | None, until: str | None) -> date:
    """Return the day of the last occurrence: after `count`, on `until`, or within two years.

    A copy of this version's rule, so that later changes of the rule do not change the migration.
    """
    if repeats == "none":
        return first
    last = date.fromisoformat(until) if until else first + timedelta(days=731)
    days: list[date] = []
    number = 0
    while (day := _day(first, repeats, number)) is None or day <= last:
        days += [day] if day is not None else []
        number += 1
    return days[:count][-1]


def _day(first: date, repeats: str, number: int) -> date | None:
    """Return the day of the occurrence with this number, None in a month without such a day."""
    if repeats == "weekly":
        return first + timedelta(weeks=number)
    year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
    try:
        return first.replace(year=year, month=month + 1)
    except ValueError:
        return None
