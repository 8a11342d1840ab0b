"""Listening to a recording and downloading it, which is noted (B6)."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
from peewee import OperationalError

from appliance.journal import audit_log
from appliance.models import (
    Recording,
    User,
)
from appliance.recordings import files
from appliance.system.config import Config
from tests.webui.browser import Browser
from tests.webui.recorded import SOUND, entries, hold, record
from webui import sound

People = dict[str, User]


def test_it_is_heard_from_any_point_on(alice: Browser, recording: Recording) -> None:
    path = f"/recordings/{recording.id}/sound"
    whole = alice.get(path)
    assert (whole.status_code, whole.data) == (200, SOUND)
    assert whole.headers["Content-Type"] == "audio/mpeg"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Cache-Control"] == "no-store"
    assert whole.headers["Content-Disposition"].startswith("inline")
    for asked, first, last in (("0-", 0, None), ("100-199", 100, 199), ("-50", len(SOUND) - 50, None)):
        last = len(SOUND) - 1 if last is None else last
        part = alice.get(path, headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.data) == (206, SOUND[first : last + 1]), asked
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(SOUND)}"
    beyond = alice.get(path, headers={"Range": "bytes=999999-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(SOUND)}")


def test_a_recording_of_any_size_is_not_held_in_memory(
    db: Config, alice: Browser, recording: Recording
) -> None:
    with files.mp3_file(db, recording.id).open("r+b") as file:
        file.truncate(100_000_000)
    alice.get("/")
    for headers in ({}, {"Range": "bytes=1000-"}):
        tracemalloc.start()
        response = alice.get(f"/recordings/{recording.id}/sound", headers=headers, buffered=False)
        read_bytes = sum(len(chunk) for chunk in response.iter_encoded())
        response.close()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read_bytes >= 99_999_000
        assert peak < 3_000_000


def test_a_download_is_called_by_the_day_on_the_readers_clock(alice: Browser, recording: Recording) -> None:
    path = f"/recordings/{recording.id}/download"
    assert (
        alice.get(path).headers["Content-Disposition"]
        == "attachment; filename=conference-2026-11-24-1305.mp3"
    )
    alice.fill("/account", time_zone="America/Toronto")
    response = alice.get(path)
    assert response.headers["Content-Disposition"] == "attachment; filename=conference-2026-11-24-0705.mp3"
    assert response.data == SOUND


def test_each_session_that_listens_or_downloads_is_noted_once(
    signed_in: Callable[[str], Browser], recording: Recording
) -> None:
    path, name = f"/recordings/{recording.id}", f"{recording.id}, bridge {600 + 3}"
    alice = signed_in("alice")
    alice.get(path)
    alice.client.head(f"{path}/sound", base_url="https://pont.example", buffered=True)
    assert entries("recording.listen") == []
    for start in range(0, 500, 100):
        alice.get(f"{path}/sound", headers={"Range": f"bytes={start}-"})
    assert entries("recording.listen") == [("alice@demo.example", name)]
    assert entries("recording.download") == []
    alice.get(f"{path}/download")
    alice.get(f"{path}/download")
    assert entries("recording.download") == [("alice@demo.example", name)]
    signed_in("marc").get(f"{path}/sound")
    signed_in("alice").get(f"{path}/sound")
    actors = [actor for actor, _ in entries("recording.listen")]
    assert actors == ["alice@demo.example", "marc@demo.example", "alice@demo.example"]


def test_nothing_is_heard_that_cannot_be_noted(
    alice: Browser, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("database is locked")

    path = f"/recordings/{recording.id}/sound"
    with monkeypatch.context() as patch:
        patch.setattr(audit_log, "record", fail)
        for _ in range(2):
            response = alice.get(path)
            assert response.status_code == 503
            assert SOUND not in response.data
    assert alice.get(path).data == SOUND
    assert len(entries("recording.listen")) == 1


def test_a_session_forgets_old_recordings_before_its_cookie_is_too_large(
    db: Config, people: People, alice: Browser
) -> None:
    conference = hold(people["alice"])
    for n in range(sound.REMEMBERED + 5):
        row = record(db, conference, id=9_000_000 + n)
        alice.get(f"/recordings/{row.id}/download")
        last = alice.get(f"/recordings/{row.id}/sound")
    assert len(last.headers["Set-Cookie"]) < 4000
    assert len(entries("recording.listen")) == sound.REMEMBERED + 5


@pytest.mark.parametrize("state", ["starting", "recording", "waiting", "encoding", "failed"])
def test_what_is_not_there_is_not_found(db: Config, people: People, alice: Browser, state: str) -> None:
    row = record(db, hold(people["alice"]), state=state)
    assert alice.get(f"/recordings/{row.id}/sound").status_code == 404
    assert alice.get(f"/recordings/{row.id}/download").status_code == 404


def test_a_file_that_is_missing_is_said_to_be(db: Config, alice: Browser, recording: Recording) -> None:
    files.mp3_file(db, recording.id).unlink()
    assert alice.get(f"/recordings/{recording.id}/sound").status_code == 404
    assert "Its file is missing" in alice.text(f"/recordings/{recording.id}")
