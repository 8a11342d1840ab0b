"""Invitations and their invitees."""

from __future__ import annotations

from typing import Any

from appliance.migrations.script import run_script

SCHEMA = """
    CREATE TABLE "invitation" ("id" INTEGER NOT NULL PRIMARY KEY,
        "bridge_id" INTEGER NOT NULL,
        "organiser_id" INTEGER NOT NULL,
        "uid" VARCHAR(255) NOT NULL,
        "sequence" INTEGER NOT NULL,
        "version" INTEGER NOT NULL,
        "state" VARCHAR(255) NOT NULL CHECK (state IN ('confirmed', 'cancelled')),
        "subject" TEXT NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
        "message" TEXT NOT NULL CHECK (length(message) <= 5000),
        "begins_at" REAL NOT NULL,
        "ends_at" REAL NOT NULL CHECK (ends_at > begins_at),
        "time_zone" VARCHAR(255) NOT NULL,
        "repeats" VARCHAR(255) NOT NULL CHECK (repeats IN ('none', 'weekly', 'monthly')),
        "repeat_count" INTEGER,
        "repeat_until" DATE,
        "show_participants" INTEGER NOT NULL,
        "told" VARCHAR(255) NOT NULL,
        "created_at" REAL NOT NULL,
        "changed_at" REAL NOT NULL,
        "mail_id" INTEGER,
        FOREIGN KEY ("bridge_id") REFERENCES "bridge" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("organiser_id") REFERENCES "user" ("id") ON DELETE RESTRICT,
        FOREIGN KEY ("mail_id") REFERENCES "outgoing_mail" ("id") ON DELETE SET NULL);
    CREATE INDEX "invitation_bridge_id" ON "invitation" ("bridge_id");
    CREATE INDEX "invitation_organiser_id" ON "invitation" ("organiser_id");
    CREATE INDEX "invitation_mail_id" ON "invitation" ("mail_id");
    CREATE UNIQUE INDEX "invitation_uid" ON "invitation" ("uid");
    CREATE TABLE "invitee" ("id" INTEGER NOT NULL PRIMARY KEY,
        "invitation_id" INTEGER NOT NULL,
        "address" VARCHAR(255) NOT NULL,
        "name" VARCHAR(255) NOT NULL,
        "mail_id" INTEGER,
        FOREIGN KEY ("invitation_id") REFERENCES "invitation" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("mail_id") REFERENCES "outgoing_mail" ("id") ON DELETE SET NULL);
    CREATE INDEX "invitee_invitation_id" ON "invitee" ("invitation_id");
    CREATE INDEX "invitee_mail_id" ON "invitee" ("mail_id");
    CREATE UNIQUE INDEX "invitee_invitation_id_address" ON "invitee" ("invitation_id", "address");
"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001
    """Add tables."""
    run_script(db, SCHEMA)
