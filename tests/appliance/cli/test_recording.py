"""`pont recording`, and the settings of a bridge that concern recordings (R26, R27, R33, B3, B6)."""

from __future__ import annotations

import json

import pytest

from appliance.models import (
    Bridge,
    Conference,
    Consent,
    OutgoingMail,
    Participation,
    Recording,
    RecordingReason,
    database,
)
from appliance.recordings import files
from appliance.system.config import Config
from tests.appliance.cli.running import Pont
from tests.appliance.people import add_bridge, add_user

NOW = 1_700_000_000.0


@pytest.fixture
def call(call: Pont) -> Pont:
    """With alice's bridge 600."""
    add_bridge(add_user().email)
    return call


@pytest.fixture
def ready(call: Pont, db: Config) -> int:
    """A recording of 61 s with its MP3, of a conference in which one accepted to be recorded."""
    del call
    conference = Conference.create(bridge=Bridge.get(), started_at=NOW, ended_at=NOW + 70)
    row = Recording.create(
        conference=conference, started_at=NOW, ended_at=NOW + 61, state="ready", seconds=61.2, size=1_234_567
    )
    files.mp3_file(db, row.id).write_bytes(b"mp3")
    Participation.create(
        conference=conference, channel="1.1", role="user", caller="+336", name="", entered_at=NOW
    )
    Consent.create(bridge=conference.bridge, channel="1.1", caller="+336", at=NOW, accepted=True)
    Consent.create(bridge=conference.bridge, channel="1.2", caller="+337", at=NOW, accepted=False)
    database.close()
    return int(row.id)


def test_an_empty_list_says_so(call: Pont) -> None:
    assert call("recording", "list") == (0, "No recordings yet.\n", "")


def test_the_list_shows_when_how_long_how_large_and_how_far(call: Pont, ready: int) -> None:
    _, out, _ = call("recording", "list", "--bridge", "600")
    assert out.splitlines()[1].split() == [
        str(ready), "600", "2023-11-14", "23:13:20", "0:01:01", "1.2", "ready", "-", "-",
    ]  # fmt: skip
    rows = json.loads(call("--json", "recording", "list")[1])
    assert [(row["id"], row["state"], row["seconds"]) for row in rows] == [(ready, "ready", 61.2)]


def test_why_one_failed_is_words_to_people_and_a_key_to_programs(call: Pont, ready: int) -> None:
    Recording.update(state="failed", reason=RecordingReason.DISK_FULL).execute()
    database.close()
    assert "the disk of the server is nearly full" in call("recording", "list")[1]
    assert "the disk of the server is nearly full" in call("recording", "show", str(ready))[1]
    (listed,) = json.loads(call("--json", "recording", "list")[1])
    shown = json.loads(call("--json", "recording", "show", str(ready))[1])
    assert listed["reason"] == shown["reason"] == RecordingReason.DISK_FULL


def test_one_is_shown_with_its_file_and_who_accepted_and_who_did_not(
    call: Pont, ready: int, db: Config
) -> None:
    shown = json.loads(call("--json", "recording", "show", str(ready))[1])
    assert shown["mp3"] == str(files.mp3_file(db, ready))
    assert shown["consents"] == ["+336: accepted 2023-11-14 23:13:20", "+337: refused 2023-11-14 23:13:20"]
    assert shown["expires_at"] == NOW + 61 + 90 * 86400
    assert "2024-02-12" in call("recording", "show", str(ready))[1]


def test_it_is_mailed_once_more_and_deleted(call: Pont, ready: int, db: Config) -> None:
    code, out, _ = call("recording", "resend", str(ready))
    assert (code, out) == (0, "Queued for alice@demo.example as mail 1: see pont mail list.\n")
    assert call("recording", "resend", str(ready))[1].startswith("Queued for alice@demo.example as mail 2")
    assert [mail.recording_id for mail in OutgoingMail.select()] == [ready, ready]
    assert call("recording", "delete", str(ready)) == (0, f"Recording {ready} is deleted.\n", "")
    assert not files.mp3_file(db, ready).exists()
    code, _, err = call("recording", "show", str(ready))
    assert (code, err) == (1, f"pont: there is no recording {ready}: see pont recording list\n")


@pytest.mark.parametrize("state", ["waiting", "encoding"])
def test_what_has_no_mp3_yet_is_not_mailed(call: Pont, ready: int, state: str) -> None:
    Recording.update(state=state).execute()
    code, _, err = call("recording", "resend", str(ready))
    assert (code, err) == (
        1, f"pont: recording {ready} has no MP3 yet: it is mailed as soon as it has\n"
    )  # fmt: skip


def test_r26_r27_b3_a_bridge_is_told_what_to_record_and_for_whom(call: Pont) -> None:
    code, _, err = call(
        "bridge", "change", "600", "--record", "--consent", "--summary-email", "Compta@Demo.example",
        "--keep-days", "30",
    )  # fmt: skip
    assert (code, err) == (0, "")
    bridge = Bridge.get()
    assert (bridge.record, bridge.consent, bridge.summary_email, bridge.keep_days) == (
        True, True, "compta@demo.example", 30,
    )  # fmt: skip
    assert call("bridge", "change", "600", "--no-record", "--summary-email", "", "--keep-days", "0")[0] == 0
    bridge = Bridge.get()
    assert (bridge.record, bridge.consent, bridge.summary_email, bridge.keep_days) == (False, True, "", None)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--keep-days", "366", "recordings are kept 1 to 365 days, or 0 for the box's default"),
        ("--keep-days", "-1", "recordings are kept 1 to 365 days, or 0 for the box's default"),
        ("--summary-email", "compta", "'compta' is not a valid e-mail address"),
    ],
)
def test_what_cannot_be_is_said(call: Pont, option: str, value: str, message: str) -> None:
    code, _, err = call("bridge", "change", "600", option, value)
    assert code == 1
    assert message in err
