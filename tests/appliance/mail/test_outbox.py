"""A mail that is queued is on disk, whole, wherever a crash comes; what nobody needs is swept away."""

from __future__ import annotations

import os
import stat
import sys
from types import FrameType
from typing import Any

import pytest

from appliance.mail import outbox
from appliance.mail.message import Mail
from appliance.models import MailServer, OutgoingMail, database
from appliance.system.config import Config

NOW = 1_000_000.0
MAIL = Mail("alice@demo.example", "Sujet", "Texte\n" * 1000, "<p>Texte</p>")


def put(config: Config, mail: Mail = MAIL, now: float = NOW) -> OutgoingMail:
    row = outbox.enqueue(config, "test", outbox.prepare(config, mail, now), now)
    assert row is not None
    return row


def age(config: Config, seconds: float) -> None:
    """Let all files be so old at NOW."""
    for file in config.paths.mail.iterdir():
        os.utime(file, (NOW - seconds, NOW - seconds))


def crash_at(line: int, config: Config) -> bool:
    """Queue a mail in a process that dies at the `line`th line of outbox.py; False if it has not so many."""
    database.close()
    child = os.fork()
    if child == 0:
        left = [line]

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            if frame.f_code.co_filename != outbox.__file__:
                return None
            left[0] -= event == "line"
            if left[0] == 0:
                os._exit(9)
            return trace

        written = outbox.prepare(config, MAIL, NOW)
        sys.settrace(trace)
        outbox.enqueue(config, "test", written, NOW)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_wherever_a_crash_comes_a_queued_mail_is_whole(db: Config) -> None:
    line, before, queued = 1, 0, []
    while crash_at(line, db):
        rows = list(OutgoingMail.select())
        assert len(rows) - before in (0, 1)
        queued.append(len(rows) - before)
        before = len(rows)
        for row in rows:
            raw = outbox.read(db, row)
            assert row.message_id.encode() in raw
            assert raw.rstrip().endswith(b"--")
        line += 1
    assert line > 25
    assert queued == sorted(queued), "once it is queued, nothing later loses it"
    assert set(queued) == {0, 1}


def test_what_a_crash_left_is_swept_away_but_nothing_that_is_being_queued(db: Config) -> None:
    row = put(db)
    for name in ("x.part", "77.eml"):
        (db.paths.mail / name).write_bytes(b"half a mail")
    age(db, outbox.UNCLAIMED - 1)
    outbox.sweep(db, NOW)
    assert len(list(db.paths.mail.iterdir())) == 3
    age(db, outbox.UNCLAIMED + 1)
    outbox.sweep(db, NOW)
    assert list(db.paths.mail.iterdir()) == [outbox.path(db, row)]


@pytest.mark.parametrize(
    ("state", "days", "kept"),
    [("waiting", 400, True), ("failed", 29, True), ("failed", 31, False), ("sent", 1, False)],
)
def test_a_mails_file_is_kept_as_long_as_it_may_be_sent(
    db: Config, state: str, days: int, kept: bool
) -> None:
    row = put(db)
    OutgoingMail.update(state=state, give_up_at=NOW).execute()
    age(db, outbox.UNCLAIMED + 1)
    outbox.sweep(db, NOW + days * 86_400)
    assert bool(outbox.read(db, row)) == kept


def test_others_on_the_box_cannot_read_mails(db: Config) -> None:
    file = outbox.path(db, put(db))
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_mail_to_a_bad_address_is_there_and_says_so(db: Config) -> None:
    row = put(db, Mail("alice@", "x", "x", "x"))
    assert (row.state, row.to) == ("failed", "alice@")
    assert "after the @-sign" in row.error


def test_a_disk_that_is_full_leaves_nothing_behind(db: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        put(db)
    assert OutgoingMail.select().count() == 0
    assert list(db.paths.mail.iterdir()) == []


def test_message_ids_are_of_the_senders_domain(db: Config) -> None:
    assert put(db).message_id.endswith("@pont.example>")
    MailServer.create(id=1, host="x", port=25, security="none", sender="pont@demo.example")
    assert put(db).message_id.endswith("@demo.example>")


def test_only_what_waits_is_taken_back_and_no_mail_is_called_like_it(db: Config) -> None:
    sent, waiting = put(db), put(db)
    OutgoingMail.update(state="sent").where(OutgoingMail.id == sent.id).execute()
    later = put(db)
    outbox.withdraw([sent.id, waiting.id])
    assert [row.id for row in OutgoingMail.select()] == [sent.id, later.id]
    assert put(db).id > later.id


def test_what_is_queued_together_is_queued_whole_or_not_at_all(db: Config) -> None:
    drafts = [outbox.prepare(db, MAIL, NOW) for _ in range(3)]

    def queue_all(but: int | None) -> None:
        with outbox.transaction(db, drafts) as files:
            for place, (written, file) in enumerate(zip(drafts, files, strict=True)):
                if place == but:
                    raise ValueError
                outbox.insert(db, "test", written, file, NOW)

    with pytest.raises(ValueError, match=r"^$"):
        queue_all(but=2)
    assert OutgoingMail.select().count() == 0
    assert list(db.paths.mail.glob("*.part")) == []
    queue_all(but=None)
    assert [outbox.read(db, row) for row in OutgoingMail.select()] == [written.raw for written in drafts]
