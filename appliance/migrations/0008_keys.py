"""Keys in place of sentences: reasons, history, problems of mails; proved phones apart from claimed ones."""

from __future__ import annotations

import re
from typing import Any

from appliance.migrations.script import run_script

SCHEMA = """
    ALTER TABLE "invitation" RENAME COLUMN "told" TO "access_fingerprint";
    ALTER TABLE "recording" RENAME COLUMN "reason" TO "sentence";
    ALTER TABLE "recording" ADD COLUMN "reason" VARCHAR(255) NOT NULL DEFAULT ''
        CHECK (reason IN ('', 'no_sound', 'disk_full', 'empty', 'encoding'));
    ALTER TABLE "outgoing_mail" ADD COLUMN "problem" VARCHAR(255) NOT NULL DEFAULT ''
        CHECK (problem IN ('', 'no_server', 'file_missing', 'unwanted', 'bad_address', 'unreachable',
            'certificate', 'login', 'ascii_only', 'too_large', 'refused'));
    ALTER TABLE "history_entry" RENAME TO "history_entry_before";
    DROP INDEX "history_entry_conference_id";
    DROP INDEX "history_entry_participation_id";
    CREATE TABLE "history_entry" ("id" INTEGER NOT NULL PRIMARY KEY,
        "conference_id" INTEGER NOT NULL,
        "at" REAL NOT NULL,
        "participation_id" INTEGER,
        "actor" TEXT NOT NULL,
        "event" VARCHAR(255) NOT NULL CHECK
            (event IN ('entered', 'left', 'promoted', 'removed', 'muted', 'unmuted', 'ended', 'switched',
                'code', 'recording')),
        "code" VARCHAR(255) NOT NULL,
        "effect" VARCHAR(255) NOT NULL CHECK
            (effect IN ('', 'as_admin', 'as_user', 'locked_on', 'locked_off', 'muted_all_on', 'muted_all_off',
                'paused_on', 'paused_off', 'announcing_on', 'announcing_off', 'recording_on', 'recording_off',
                'self_muted', 'self_unmuted', 'cannot_unmute', 'counted', 'helped', 'ended', 'not_ended',
                'promoted', 'no_pin', 'wrong_pin', 'locked_out', 'already_admin', 'unavailable',
                'recording_always', 'recording_failed', 'recording_cut_short')),
        "reason" VARCHAR(255) NOT NULL CHECK
            (reason IN ('', 'no_sound', 'disk_full', 'empty', 'encoding')),
        FOREIGN KEY ("conference_id") REFERENCES "conference" ("id") ON DELETE CASCADE,
        FOREIGN KEY ("participation_id") REFERENCES "participation" ("id") ON DELETE CASCADE);
    ALTER TABLE "pin_failure" RENAME TO "pin_failure_before";
    DROP INDEX "pin_failure_bridge_id";
    DROP INDEX "pin_failure_at";
    CREATE TABLE "pin_failure" ("id" INTEGER NOT NULL PRIMARY KEY,
        "bridge_id" INTEGER NOT NULL,
        "phone" VARCHAR(255) NOT NULL,
        "caller" TEXT NOT NULL,
        "at" REAL NOT NULL,
        "lifted" INTEGER NOT NULL,
        FOREIGN KEY ("bridge_id") REFERENCES "bridge" ("id") ON DELETE CASCADE);
    INSERT INTO "pin_failure" ("id", "bridge_id", "phone", "caller", "at", "lifted")
        SELECT "id", "bridge_id", iif("caller" GLOB 'phone *', substr("caller", 7), ''),
            iif("caller" GLOB 'phone *', '', "caller"), "at", "lifted" FROM "pin_failure_before";
"""
INDEXES = """
    ALTER TABLE "recording" DROP COLUMN "sentence";
    DROP TABLE "history_entry_before";
    CREATE INDEX "history_entry_conference_id" ON "history_entry" ("conference_id");
    CREATE INDEX "history_entry_participation_id" ON "history_entry" ("participation_id");
    DROP TABLE "pin_failure_before";
    CREATE INDEX "pin_failure_bridge_id" ON "pin_failure" ("bridge_id");
    CREATE INDEX "pin_failure_at" ON "pin_failure" ("at");
"""
REASONS = {
    "no sound arrived": "no_sound",
    "the disk is nearly full": "disk_full",
    "nothing was captured": "empty",
    "it cannot be encoded": "encoding",
}
PROBLEMS = {
    "no mail server is set": "no_server",
    "its file is gone": "file_missing",
    "the recording was deleted": "unwanted",
    "the server takes ASCII addresses only": "ascii_only",
}
PATTERNS = (
    (r"the mail has (\d+) bytes, the server takes (\d+)", "too_large", r"\1 > \2"),
    (r"(\S+:\d+) refuses the login: (.*)", "login", r"\1: \2"),
    (r"(\S+:\d+: )its certificate is not trusted: (.*)", "certificate", r"\1\2"),
    (r"(\S+:\d+: .*)", "unreachable", r"\1"),
)
SWITCHES = ("locked", "muted_all", "paused", "announcing", "recording")
CODES = {
    "muted on": "self_muted",
    "muted off": "self_unmuted",
    "promote": "promoted",
    "end": "ended",
    "pont/people-are": "counted",
    "pont/alone": "counted",
    "pont/cannot-unmute": "cannot_unmute",
    "pont/already-admin": "already_admin",
    "pont/locked-out": "locked_out",
    "conf-invalidpin": "wrong_pin",
    "pont/code-unavailable": "unavailable",
} | {f"{switch} {way}": f"{switch}_{way}" for switch in SWITCHES for way in ("on", "off")}
Row = tuple[str, str, str, str]
"""Event, code, effect, reason."""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001
    """Replace stored sentences and class names by keys, and split a column that held two kinds of value."""
    run_script(db, SCHEMA)
    for sentence, reason in REASONS.items():
        db.execute_sql("UPDATE recording SET reason = ? WHERE sentence = ?", (reason, sentence))
    _mails(db)
    _history(db)
    run_script(db, INDEXES)


def _mails(db: Any) -> None:
    rows = db.execute_sql("SELECT id, state, attempts, error FROM outgoing_mail WHERE error != ''").fetchall()
    for row_id, state, attempts, error in rows:
        never_tried = state == "failed" and not attempts
        problem, words = ("bad_address", error) if never_tried else _problem(error)
        db.execute_sql(
            "UPDATE outgoing_mail SET problem = ?, error = ? WHERE id = ?", (problem, words, row_id)
        )


def _problem(error: str) -> tuple[str, str]:
    if error in PROBLEMS:
        return PROBLEMS[error], ""
    for pattern, problem, words in PATTERNS:
        if found := re.fullmatch(pattern, error):
            return problem, found.expand(words)
    return "refused", error


def _history(db: Any) -> None:
    rows = db.execute_sql("SELECT * FROM history_entry_before").fetchall()
    for row_id, conference, at, participation, actor, event, detail in rows:
        db.execute_sql(
            "INSERT INTO history_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row_id, conference, at, participation, actor, *_entry(event, detail)),
        )


def _entry(event: str, detail: str) -> Row:
    what, _, why = detail.partition(": ")
    if event == "entered":
        return event, "", "as_admin" if detail == "admin" else "as_user", ""
    if event == "recording" and what in ("always", "failed", "cut short"):
        return event, "", f"recording_{what.replace(' ', '_')}", REASONS.get(why, "")
    if event in SWITCHES:
        return "switched", "", f"{event}_{detail}", ""
    if event == "code":
        return event, what.removeprefix("*"), _effect(what, why), ""
    return event, "", "", ""


def _effect(pressed: str, done: str) -> str:
    if pressed == "**" and done != "pont/code-unavailable":
        return "helped"
    if done == "pont/goes-on":
        return "not_ended" if pressed == "*0" else "no_pin"
    return CODES.get(done.partition(", ")[0], "unavailable")
