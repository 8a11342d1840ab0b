"""Columns and tables to sign in to the web site: passwords, sessions, one-time links, failures."""

from __future__ import annotations

from typing import Any

from appliance.migrations.script import run_script

SCHEMA = """
    ALTER TABLE "user" ADD COLUMN "password_hash" VARCHAR(255) NOT NULL DEFAULT '';
    ALTER TABLE "user" ADD COLUMN "session_stamp" VARCHAR(255) NOT NULL DEFAULT '';
    CREATE TABLE "sign_in_link" ("id" INTEGER NOT NULL PRIMARY KEY,
        "user_id" INTEGER NOT NULL,
        "token_hash" VARCHAR(255) NOT NULL,
        "created_at" REAL NOT NULL,
        "expires_at" REAL NOT NULL,
        FOREIGN KEY ("user_id") REFERENCES "user" ("id") ON DELETE CASCADE);
    CREATE INDEX "sign_in_link_user_id" ON "sign_in_link" ("user_id");
    CREATE UNIQUE INDEX "sign_in_link_token_hash" ON "sign_in_link" ("token_hash");
    CREATE TABLE "sign_in_failure" ("id" INTEGER NOT NULL PRIMARY KEY,
        "account" VARCHAR(255) NOT NULL,
        "address" VARCHAR(255) NOT NULL,
        "at" REAL NOT NULL);
    CREATE INDEX "sign_in_failure_account" ON "sign_in_failure" ("account");
    CREATE INDEX "sign_in_failure_address" ON "sign_in_failure" ("address");
    CREATE INDEX "sign_in_failure_at" ON "sign_in_failure" ("at");
"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001
    """Add columns and tables."""
    run_script(db, SCHEMA)
