"""The first schema."""

from typing import Any

from appliance.migrations.script import run_script

SCHEMA = """
    CREATE TABLE "audit_entry" ("id" INTEGER NOT NULL PRIMARY KEY,
        "at" REAL NOT NULL,
        "actor" TEXT NOT NULL,
        "action" VARCHAR(255) NOT NULL,
        "subject" TEXT NOT NULL,
        "detail" TEXT NOT NULL);
    CREATE INDEX "audit_entry_at" ON "audit_entry" ("at");
    CREATE TABLE "customer" ("id" INTEGER NOT NULL PRIMARY KEY,
        "name" VARCHAR(255) NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
        "service_enabled" INTEGER NOT NULL);
    CREATE UNIQUE INDEX "customer_name" ON "customer" ("name");
    CREATE TABLE "user" ("id" INTEGER NOT NULL PRIMARY KEY,
        "customer_id" INTEGER,
        "first_name" VARCHAR(255) NOT NULL CHECK (length(first_name) BETWEEN 1 AND 80),
        "last_name" VARCHAR(255) NOT NULL CHECK (length(last_name) BETWEEN 1 AND 80),
        "email" VARCHAR(255) NOT NULL,
        "language" VARCHAR(255) NOT NULL CHECK (language IN ('fr', 'en')),
        "time_zone" VARCHAR(255) NOT NULL,
        "role" VARCHAR(255) NOT NULL CHECK (role IN ('installer', 'customer_admin', 'user')),
        FOREIGN KEY ("customer_id") REFERENCES "customer" ("id") ON DELETE RESTRICT,
        CHECK (role = 'installer' OR customer_id IS NOT NULL));
    CREATE INDEX "user_customer_id" ON "user" ("customer_id");
    CREATE UNIQUE INDEX "user_email" ON "user" ("email");
    CREATE TABLE "bridge" ("id" INTEGER NOT NULL PRIMARY KEY,
        "user_id" INTEGER NOT NULL,
        "extension" VARCHAR(255) CHECK (extension NOT GLOB '*[^0-9]*'),
        "pin_hash" VARCHAR(255) NOT NULL,
        "password" VARCHAR(255) NOT NULL CHECK (password NOT GLOB '*[^0-9]*'),
        "language" VARCHAR(255) NOT NULL CHECK (language IN ('fr', 'en')),
        "open_for_anyone" INTEGER NOT NULL,
        FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE RESTRICT);
    CREATE UNIQUE INDEX "bridge_user_id" ON "bridge" ("user_id");
    CREATE UNIQUE INDEX "bridge_extension" ON "bridge" ("extension");
    CREATE TABLE "phone" ("id" INTEGER NOT NULL PRIMARY KEY,
        "user_id" INTEGER NOT NULL,
        "extension" VARCHAR(255) NOT NULL CHECK (extension NOT GLOB '*[^0-9]*'),
        "username" VARCHAR(255) NOT NULL,
        "digest" VARCHAR(255) NOT NULL CHECK (length(digest) = 32),
        FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE RESTRICT);
    CREATE INDEX "phone_user_id" ON "phone" ("user_id");
    CREATE UNIQUE INDEX "phone_extension" ON "phone" ("extension");
    CREATE UNIQUE INDEX "phone_username" ON "phone" ("username");
    CREATE TABLE "bridge_organiser" ("id" INTEGER NOT NULL PRIMARY KEY,
        "bridge_id" INTEGER NOT NULL,
        "phone_id" INTEGER NOT NULL,
        FOREIGN KEY ("bridge_id") REFERENCES "bridge" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("phone_id") REFERENCES "phone" ("id") ON DELETE CASCADE);
    CREATE INDEX "bridge_organiser_bridge_id" ON "bridge_organiser" ("bridge_id");
    CREATE INDEX "bridge_organiser_phone_id" ON "bridge_organiser" ("phone_id");
    CREATE UNIQUE INDEX "bridge_organiser_bridge_id_phone_id" ON "bridge_organiser" ("bridge_id", "phone_id");
    CREATE TABLE "conference" ("id" INTEGER NOT NULL PRIMARY KEY,
        "bridge_id" INTEGER NOT NULL,
        "started_at" REAL NOT NULL,
        "opened_at" REAL,
        "ended_at" REAL,
        FOREIGN KEY ("bridge_id") REFERENCES "bridge" ("id") ON DELETE RESTRICT);
    CREATE INDEX "conference_bridge_id" ON "conference" ("bridge_id");
    CREATE INDEX "conference_started_at" ON "conference" ("started_at");
    CREATE INDEX "conference_ended_at" ON "conference" ("ended_at");
    CREATE UNIQUE INDEX "conference_one_running" ON "conference" ("bridge_id") WHERE ("ended_at" IS NULL);
    CREATE TABLE "number" ("id" INTEGER NOT NULL PRIMARY KEY,
        "e164" VARCHAR(255) NOT NULL CHECK (e164 GLOB '+[1-9]*'),
        "bridge_id" INTEGER,
        FOREIGN KEY ("bridge_id") REFERENCES "bridge" ("id") ON DELETE RESTRICT);
    CREATE UNIQUE INDEX "number_e164" ON "number" ("e164");
    CREATE INDEX "number_bridge_id" ON "number" ("bridge_id");
    CREATE TABLE "participation" ("id" INTEGER NOT NULL PRIMARY KEY,
        "conference_id" INTEGER NOT NULL,
        "channel" VARCHAR(255) NOT NULL,
        "role" VARCHAR(255) NOT NULL CHECK (role IN ('admin', 'user')),
        "caller" TEXT NOT NULL,
        "name" TEXT NOT NULL,
        "phone_id" INTEGER,
        "entered_at" REAL NOT NULL,
        "left_at" REAL,
        FOREIGN KEY ("conference_id") REFERENCES "conference" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("phone_id") REFERENCES "phone" ("id") ON DELETE SET NULL);
    CREATE INDEX "participation_conference_id" ON "participation" ("conference_id");
    CREATE INDEX "participation_channel" ON "participation" ("channel");
    CREATE INDEX "participation_phone_id" ON "participation" ("phone_id");
    CREATE INDEX "participation_left_at" ON "participation" ("left_at");
    CREATE UNIQUE INDEX "participation_conference_id_channel" ON "participation" ("conference_id", "channel");
    CREATE TABLE "pin_failure" ("id" INTEGER NOT NULL PRIMARY KEY,
        "bridge_id" INTEGER NOT NULL,
        "caller" TEXT NOT NULL,
        "at" REAL NOT NULL,
        "lifted" INTEGER NOT NULL,
        FOREIGN KEY ("bridge_id") REFERENCES "bridge" ("id") ON DELETE CASCADE);
    CREATE INDEX "pin_failure_bridge_id" ON "pin_failure" ("bridge_id");
    CREATE INDEX "pin_failure_at" ON "pin_failure" ("at");
    CREATE TABLE "trunk" ("id" INTEGER NOT NULL PRIMARY KEY,
        "host" VARCHAR(255) NOT NULL,
        "username" VARCHAR(255) NOT NULL,
        "authenticate" VARCHAR(255) NOT NULL CHECK (authenticate IN ('ip', 'digest')),
        "digest" VARCHAR(255) NOT NULL,
        "register" INTEGER NOT NULL,
        "password" VARCHAR(255) NOT NULL,
        CHECK (id = 1));
"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001
    """Make all tables."""
    run_script(db, SCHEMA)
