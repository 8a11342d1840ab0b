"""Columns and tables to run a conference by phone: its state, mutes, recordings, announcements, history."""

from __future__ import annotations

from typing import Any

from appliance.migrations.script import run_script

SCHEMA = """
    ALTER TABLE "bridge" ADD COLUMN "announce" INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE "conference" ADD COLUMN "closing_at" REAL;
    ALTER TABLE "conference" ADD COLUMN "locked" INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE "conference" ADD COLUMN "muted_all" INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE "conference" ADD COLUMN "paused" INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE "conference" ADD COLUMN "announcing" INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE "participation" ADD COLUMN "removed_at" REAL;
    ALTER TABLE "participation" ADD COLUMN "muted" INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE "participation" ADD COLUMN "muted_by_admin" INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE "participation" ADD COLUMN "spoken_name" TEXT NOT NULL DEFAULT '';
    CREATE TABLE "recording" ("id" INTEGER NOT NULL PRIMARY KEY,
        "conference_id" INTEGER NOT NULL,
        "started_at" REAL NOT NULL,
        "ended_at" REAL,
        "state" VARCHAR(255) NOT NULL CHECK (state IN ('starting', 'recording', 'waiting', 'failed')),
        FOREIGN KEY ("conference_id") REFERENCES "conference" ("id") ON DELETE RESTRICT);
    CREATE INDEX "recording_conference_id" ON "recording" ("conference_id");
    CREATE INDEX "recording_ended_at" ON "recording" ("ended_at");
    CREATE TABLE "announcement" ("id" INTEGER NOT NULL PRIMARY KEY,
        "conference_id" INTEGER NOT NULL,
        "at" REAL NOT NULL,
        "prompt" VARCHAR(255) NOT NULL,
        "about_id" INTEGER,
        "to_id" INTEGER,
        FOREIGN KEY ("conference_id") REFERENCES "conference" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("about_id") REFERENCES "participation" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("to_id") REFERENCES "participation" ("id") ON DELETE CASCADE);
    CREATE INDEX "announcement_conference_id" ON "announcement" ("conference_id");
    CREATE INDEX "announcement_about_id" ON "announcement" ("about_id");
    CREATE INDEX "announcement_to_id" ON "announcement" ("to_id");
    CREATE TABLE "history_entry" ("id" INTEGER NOT NULL PRIMARY KEY,
        "conference_id" INTEGER NOT NULL,
        "at" REAL NOT NULL,
        "participation_id" INTEGER,
        "actor" TEXT NOT NULL,
        "event" VARCHAR(255) NOT NULL,
        "detail" TEXT NOT NULL,
        FOREIGN KEY ("conference_id") REFERENCES "conference" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("participation_id") REFERENCES "participation" ("id") ON DELETE CASCADE);
    CREATE INDEX "history_entry_conference_id" ON "history_entry" ("conference_id");
    CREATE INDEX "history_entry_participation_id" ON "history_entry" ("participation_id");
"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001
    """Add columns and tables."""
    run_script(db, SCHEMA)
