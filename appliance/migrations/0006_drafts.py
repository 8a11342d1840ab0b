"""When an invitation's conference is over, to list those that come; drafts of invitations."""

from __future__ import annotations

from datetime import date
from typing import Any

from appliance.invitations import times
from appliance.invitations.times import Recurrence, Repeats

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
    """Add a column, which is filled in for the invitations there are, and a table."""
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
    rows = db.execute_sql(
        "SELECT id, begins_at, ends_at, time_zone, repeats, repeat_count, repeat_until FROM invitation"
    ).fetchall()
    for row_id, begins_at, ends_at, zone, repeats, count, until in rows:
        recurrence = Recurrence(Repeats(repeats), count, date.fromisoformat(until) if until else None)
        over_at = times.over_at(begins_at, ends_at, zone, recurrence)
        db.execute_sql("UPDATE invitation SET over_at = ? WHERE id = ?", (over_at, row_id))
