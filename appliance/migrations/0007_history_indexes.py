"""Indexes for the history of conferences and the list of mails."""

from __future__ import annotations

from typing import Any

from appliance.migrations.script import run_script

SCHEMA = """
    CREATE INDEX "conference_bridge_id_started_at" ON "conference" ("bridge_id", "started_at");
    CREATE INDEX "participation_caller" ON "participation" ("caller");
    CREATE INDEX "outgoing_mail_state" ON "outgoing_mail" ("state");
"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001
    """Add indexes."""
    run_script(db, SCHEMA)
