"""The life cycle of recordings (states, links, consents), and outgoing mail."""

from __future__ import annotations

from typing import Any

from appliance.migrations.script import run_script

SCHEMA = """
    ALTER TABLE "bridge" ADD COLUMN "record" INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE "bridge" ADD COLUMN "consent" INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE "bridge" ADD COLUMN "summary_email" VARCHAR(255) NOT NULL DEFAULT '';
    ALTER TABLE "bridge" ADD COLUMN "keep_days" INTEGER CHECK (keep_days > 0);
    ALTER TABLE "recording" RENAME TO "recording_before";
    DROP INDEX "recording_conference_id";
    DROP INDEX "recording_ended_at";
    CREATE TABLE "recording" ("id" INTEGER NOT NULL PRIMARY KEY,
        "conference_id" INTEGER NOT NULL,
        "started_at" REAL NOT NULL,
        "ended_at" REAL,
        "state" VARCHAR(255) NOT NULL CHECK
            (state IN ('starting', 'recording', 'waiting', 'encoding', 'ready', 'mailed', 'failed')),
        "reason" TEXT NOT NULL DEFAULT '',
        "progress" REAL NOT NULL DEFAULT 0,
        "seconds" REAL,
        "size" INTEGER,
        FOREIGN KEY ("conference_id") REFERENCES "conference" ("id") ON DELETE RESTRICT);
    INSERT INTO "recording" ("id", "conference_id", "started_at", "ended_at", "state")
        SELECT "id", "conference_id", "started_at", "ended_at", "state" FROM "recording_before";
    DROP TABLE "recording_before";
    CREATE INDEX "recording_conference_id" ON "recording" ("conference_id");
    CREATE INDEX "recording_ended_at" ON "recording" ("ended_at");
    CREATE INDEX "recording_state" ON "recording" ("state");
    CREATE TABLE "recording_link" ("id" INTEGER NOT NULL PRIMARY KEY,
        "recording_id" INTEGER NOT NULL,
        "token_hash" VARCHAR(255) NOT NULL,
        "created_at" REAL NOT NULL,
        "expires_at" REAL NOT NULL,
        "revoked_at" REAL,
        FOREIGN KEY ("recording_id") REFERENCES "recording" ("id") ON DELETE CASCADE);
    CREATE INDEX "recording_link_recording_id" ON "recording_link" ("recording_id");
    CREATE UNIQUE INDEX "recording_link_token_hash" ON "recording_link" ("token_hash");
    CREATE TABLE "consent" ("id" INTEGER NOT NULL PRIMARY KEY,
        "bridge_id" INTEGER NOT NULL,
        "channel" VARCHAR(255) NOT NULL,
        "caller" TEXT NOT NULL,
        "phone" VARCHAR(255) NOT NULL,
        "at" REAL NOT NULL,
        "accepted" INTEGER NOT NULL,
        FOREIGN KEY ("bridge_id") REFERENCES "bridge" ("id") ON DELETE CASCADE);
    CREATE INDEX "consent_bridge_id" ON "consent" ("bridge_id");
    CREATE UNIQUE INDEX "consent_channel" ON "consent" ("channel");
    CREATE TABLE "outgoing_mail" ("id" INTEGER NOT NULL PRIMARY KEY,
        "kind" VARCHAR(255) NOT NULL,
        "to" VARCHAR(255) NOT NULL,
        "subject" TEXT NOT NULL,
        "user_id" INTEGER,
        "recording_id" INTEGER,
        "message_id" VARCHAR(255) NOT NULL,
        "created_at" REAL NOT NULL,
        "state" VARCHAR(255) NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
        "attempts" INTEGER NOT NULL,
        "next_at" REAL NOT NULL,
        "give_up_at" REAL NOT NULL,
        "expires_at" REAL,
        "sent_at" REAL,
        "error" TEXT NOT NULL,
        FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE SET NULL,
        FOREIGN KEY ("recording_id") REFERENCES "recording" ("id") ON DELETE SET NULL);
    CREATE INDEX "outgoing_mail_user_id" ON "outgoing_mail" ("user_id");
    CREATE INDEX "outgoing_mail_recording_id" ON "outgoing_mail" ("recording_id");
    CREATE UNIQUE INDEX "outgoing_mail_message_id" ON "outgoing_mail" ("message_id");
    CREATE INDEX "outgoing_mail_created_at" ON "outgoing_mail" ("created_at");
    CREATE INDEX "outgoing_mail_next_at" ON "outgoing_mail" ("next_at");
    CREATE TABLE "mail_server" ("id" INTEGER NOT NULL PRIMARY KEY,
        "host" VARCHAR(255) NOT NULL,
        "port" INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
        "security" VARCHAR(255) NOT NULL CHECK (security IN ('none', 'starttls', 'tls')),
        "username" VARCHAR(255) NOT NULL,
        "password" VARCHAR(255) NOT NULL,
        "sender" VARCHAR(255) NOT NULL,
        CHECK (id = 1));
"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001
    """Add columns and tables."""
    run_script(db, SCHEMA)
