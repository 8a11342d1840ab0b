"""Migration 0008: each sentence, name of a class and mixed value that version 0007 kept becomes its key."""

from __future__ import annotations

import importlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from peewee import SqliteDatabase

from appliance.models import HistoryEffect, HistoryEvent, MailProblem, RecordingReason
from tests.appliance.migrations import past

MIGRATION = importlib.import_module("appliance.migrations.0008_keys")


@pytest.fixture
def old(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the kept database, before this migration."""
    shutil.copy(past.FILE, tmp_path / "pont.db")
    with closing(sqlite3.connect(tmp_path / "pont.db", isolation_level=None)) as connection:
        yield connection


def migrate(old: sqlite3.Connection) -> None:
    (_, _, file) = old.execute("PRAGMA database_list").fetchone()
    with closing(SqliteDatabase(file)) as db:
        MIGRATION.up(None, db)


HISTORY = [
    (("entered", "admin"), ("entered", "", "as_admin", "")),
    (("entered", "user"), ("entered", "", "as_user", "")),
    (("left", ""), ("left", "", "", "")),
    (("promoted", ""), ("promoted", "", "", "")),
    (("removed", ""), ("removed", "", "", "")),
    (("muted", ""), ("muted", "", "", "")),
    (("unmuted", ""), ("unmuted", "", "", "")),
    (("ended", ""), ("ended", "", "", "")),
    *(
        ((switch, way), ("switched", "", f"{switch}_{way}", ""))
        for switch in ("locked", "muted_all", "paused", "announcing", "recording")
        for way in ("on", "off")
    ),
    *(
        (("code", f"*{code}: {switch} {way}"), ("code", code, f"{switch}_{way}", ""))
        for code, switch in (
            ("3", "muted_all"), ("4", "paused"), ("5", "announcing"), ("6", "locked"), ("7", "recording"),
        )
        for way in ("on", "off")
    ),
    (("code", "*0: end"), ("code", "0", "ended", "")),
    (("code", "*0: pont/goes-on"), ("code", "0", "not_ended", "")),
    (("code", "*1: pont/people-are"), ("code", "1", "counted", "")),
    (("code", "*1: pont/alone"), ("code", "1", "counted", "")),
    (("code", "*2: muted on"), ("code", "2", "self_muted", "")),
    (("code", "*2: muted off"), ("code", "2", "self_unmuted", "")),
    (("code", "*2: pont/cannot-unmute"), ("code", "2", "cannot_unmute", "")),
    (("code", "*9: promote"), ("code", "9", "promoted", "")),
    (("code", "*9: conf-invalidpin"), ("code", "9", "wrong_pin", "")),
    (("code", "*9: pont/locked-out"), ("code", "9", "locked_out", "")),
    (("code", "*9: pont/goes-on"), ("code", "9", "no_pin", "")),
    (("code", "*9: pont/already-admin"), ("code", "9", "already_admin", "")),
    (("code", "**: pont/help-count"), ("code", "*", "helped", "")),
    (("code", "**: pont/help-mute"), ("code", "*", "helped", "")),
    (("code", "**: pont/code-unavailable"), ("code", "*", "unavailable", "")),
    (("code", "*8: pont/code-unavailable"), ("code", "8", "unavailable", "")),
    (("code", "*hash: pont/code-unavailable"), ("code", "hash", "unavailable", "")),
    (("code", "********: pont/code-unavailable"), ("code", "*******", "unavailable", "")),
    (("code", "*: pont/code-unavailable"), ("code", "", "unavailable", "")),
    (("recording", "always"), ("recording", "", "recording_always", "")),
    (("recording", "failed: no sound arrived"), ("recording", "", "recording_failed", "no_sound")),
    (("recording", "failed: the disk is nearly full"), ("recording", "", "recording_failed", "disk_full")),
    (("recording", "cut short: no sound arrived"), ("recording", "", "recording_cut_short", "no_sound")),
    (
        ("recording", "cut short: the disk is nearly full"),
        ("recording", "", "recording_cut_short", "disk_full"),
    ),
]  # fmt: skip
"""Event and detail of version 0007; event, code, effect and reason."""


def test_every_row_of_the_history_becomes_keys(old: sqlite3.Connection) -> None:
    old.execute("DELETE FROM history_entry")
    (conference,) = old.execute("SELECT max(id) FROM conference").fetchone()
    for before, _ in HISTORY:
        old.execute(
            "INSERT INTO history_entry (conference_id, at, actor, event, detail) VALUES (?, 1, 'x', ?, ?)",
            (conference, *before),
        )
    migrate(old)
    rows = old.execute("SELECT event, code, effect, reason FROM history_entry ORDER BY id").fetchall()
    assert rows == [after for _, after in HISTORY]
    assert {row[0] for row in rows} == set(HistoryEvent)
    assert {row[2] for row in rows} == {"", *HistoryEffect}


def test_every_reason_of_a_recording_becomes_a_key(old: sqlite3.Connection) -> None:
    before = dict(old.execute("SELECT id, reason FROM recording"))
    migrate(old)
    after = dict(old.execute("SELECT id, reason FROM recording"))
    keys = {
        "": "", "no sound arrived": "no_sound", "the disk is nearly full": "disk_full",
        "nothing was captured": "empty", "it cannot be encoded": "encoding",
    }  # fmt: skip
    assert after == {row: keys[reason] for row, reason in before.items()}
    assert set(after.values()) == {"", *RecordingReason}


@pytest.mark.parametrize(
    ("state", "attempts", "error", "problem", "words"),
    [
        ("waiting", 0, "no mail server is set", "no_server", ""),
        ("failed", 1, "its file is gone", "file_missing", ""),
        ("failed", 1, "the recording was deleted", "unwanted", ""),
        ("failed", 1, "the server takes ASCII addresses only", "ascii_only", ""),
        ("failed", 1, "the mail has 900 bytes, the server takes 500", "too_large", "900 > 500"),
        ("failed", 0, "There is no @-sign.", "bad_address", "There is no @-sign."),
        ("waiting", 3, "x.example:587 refuses the login: 535 no", "login", "x.example:587: 535 no"),
        (
            "waiting", 3, "x.example:465: its certificate is not trusted: self-signed",
            "certificate", "x.example:465: self-signed",
        ),
        ("waiting", 3, "x.example:25: timed out", "unreachable", "x.example:25: timed out"),
        ("failed", 1, "550 5.1.1 no such user", "refused", "550 5.1.1 no such user"),
        ("waiting", 1, "Connection unexpectedly closed", "refused", "Connection unexpectedly closed"),
        ("sent", 1, "", "", ""),
    ],
)  # fmt: skip
def test_why_a_mail_was_not_sent_becomes_a_key_beside_the_words_of_others(
    old: sqlite3.Connection, state: str, attempts: int, error: str, problem: str, words: str
) -> None:
    assert problem in ("", *MailProblem)
    (mail,) = old.execute("SELECT max(id) FROM outgoing_mail").fetchone()
    values = (state, attempts, error, mail)
    old.execute("UPDATE outgoing_mail SET state = ?, attempts = ?, error = ? WHERE id = ?", values)
    migrate(old)
    kept = old.execute("SELECT state, problem, error FROM outgoing_mail WHERE id = ?", (mail,)).fetchone()
    assert kept == (state, problem, words)


@pytest.mark.parametrize(
    ("before", "phone", "number"),
    [
        ("phone 102", "102", ""), ("Phone 102", "", "Phone 102"), ("+33612345678", "", "+33612345678"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_proved_phone_has_a_column_of_its_own(
    old: sqlite3.Connection, before: str, phone: str, number: str
) -> None:
    old.execute("UPDATE pin_failure SET caller = ?", (before,))
    migrate(old)
    assert set(old.execute("SELECT phone, caller FROM pin_failure")) == {(phone, number)}
