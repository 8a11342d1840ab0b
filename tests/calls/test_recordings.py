"""From `*7` to an MP3 in the mailbox, and whatever breaks on the way (R20, R26, R27, R32, R33, B3, B6)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.calls.conftest import Cast, nobody_is_left, people
from tests.calls.mails import Mailbox, Recorded
from tests.calls.talk import ALICE, BRUNO, becomes, channel_of, state, talk
from tests.conftest import Box, eventually
from tests.phone.call import Call

ALICES = "alice@demo.example"
RECORDINGS = "/var/lib/pont-media/recordings"
FABRICATE = Path(__file__).parents[1] / "fabricate.py"


@pytest.fixture
def mailbox(box: Box) -> Mailbox:
    """What comes from now on; of recordings before, all that comes has come."""
    on_its_way = {"starting", "recording", "waiting", "encoding", "ready"}
    settled = lambda: on_its_way.isdisjoint(row["state"] for row in recordings(box))  # noqa: E731
    eventually(settled, 20, lambda: str(recordings(box)))
    return Mailbox(box.demo)


@pytest.fixture
def records(box: Box) -> Iterator[None]:
    """Alice's bridge records every conference."""
    box.pont("bridge", "change", "600", "--record", "--summary-email", "compta@demo.example")
    yield
    box.pont("bridge", "change", "600", "--no-record", "--no-consent", "--summary-email", "")


def recordings(box: Box) -> list[dict[str, Any]]:
    """Of all conferences, the newest first."""
    rows: list[dict[str, Any]] = json.loads(box.pont("--json", "recording", "list"))
    return rows


def mixed_for(box: Box, extension: str) -> str:
    """The format, so the rate, in which a phone of the conference is given what the others say."""
    shown = box.asterisk(f"core show channel {channel_of(box, extension)}")
    (written,) = (line for line in shown.splitlines() if "WriteFormat:" in line)
    return written


def begins(alice: Call, *others: Call) -> None:
    """Alice presses `*7`, and all hear that it records."""
    alice.dtmf("*7")
    for call in (alice, *others):
        call.hears_prompt("pont/recording-on")


def ends(alice: Call, *others: Call) -> None:
    alice.dtmf("*7")
    for call in (alice, *others):
        call.hears_prompt("pont/recording-off")


@pytest.mark.parametrize("seconds", [5, pytest.param(20, marks=pytest.mark.long)])
def test_r20_r32_r33_what_was_said_from_on_to_off_arrives_by_mail(
    cast: Cast, box: Box, mailbox: Mailbox, tmp_path: Path, seconds: int
) -> None:
    alice, bruno = talk(cast, "102")
    begins(alice, bruno)
    alice.pause(seconds)
    ends(alice, bruno)
    mail = mailbox.one(ALICES)
    recorded = Recorded(mail, tmp_path)
    assert seconds <= recorded.seconds <= seconds + 9, "with what was said about it"
    for tone in (ALICE, BRUNO):
        assert recorded.lasts(tone) >= seconds - 1
    row = recordings(box)[0]
    assert abs(row["seconds"] - recorded.seconds) < 0.3
    eventually(lambda: recordings(box)[0]["state"] == "mailed", 5, lambda: str(recordings(box)[0]))
    captured = lambda: box.run(["find", RECORDINGS, "-name", f"{row['id']}-*"])  # noqa: E731
    eventually(lambda: captured() == "", 5, lambda: f"what was captured is still there: {captured()}")


@pytest.mark.usefixtures("records")
def test_r26_r27_every_conference_is_recorded_and_goes_to_the_summary_address(
    cast: Cast, mailbox: Mailbox, tmp_path: Path
) -> None:
    alice = cast.phone("101").call("600").answered()
    alice.hears_prompt("pont/is-recorded")
    alice.hears_music()
    bruno = cast.phone("102").call("600").answered()
    for call, tone in ((alice, ALICE), (bruno, BRUNO)):
        call.plays(tone)
    bruno.hears_prompt("pont/is-recorded", within=12)
    for call in (alice, bruno):
        call.hears_prompt("pont/recording-on", within=12)
    alice.pause(4)
    bruno.hang_up()
    alice.hang_up()
    recorded = Recorded(mailbox.one("compta@demo.example"), tmp_path)
    assert recorded.lasts(ALICE) > 3
    assert recorded.lasts(BRUNO) > 3
    assert mailbox.all(ALICES) == []


def test_r20_a_recording_that_begins_is_no_hole_in_the_talk(cast: Cast, mailbox: Mailbox, box: Box) -> None:
    # Beside one wideband phone, a recorder of the same rate would make Asterisk change that of all: a hole of
    # 65 ms. What a late packet leaves looks the same on a busy machine; the rate tells them apart.
    alice, bruno = talk(cast, "102", codecs=["G722"])
    before = mixed_for(box, "102")
    box.pont("conference", "record", "600")
    bruno.hears_prompt("pont/recording-on")
    alice.pause(3)  # It changes two seconds after the one that makes it.
    assert mixed_for(box, "102") == before
    for call in (alice, bruno):
        call.hang_up()
    mailbox.one(ALICES)


def test_r17_a_pause_is_left_out_of_what_is_recorded(
    cast: Cast, mailbox: Mailbox, box: Box, tmp_path: Path
) -> None:
    alice, bruno = talk(cast, "102")
    begins(alice, bruno)
    alice.dtmf("*4")
    alice.hears_music(within=8)
    becomes(box, recording=True, paused=True)
    alice.pause(8)
    alice.dtmf("*4")
    bruno.hears_prompt("pont/resumed")
    bruno.hears(ALICE, within=8)
    alice.pause(4)
    ends(alice, bruno)
    recorded = Recorded(mailbox.one(ALICES), tmp_path)
    assert recorded.lasts(ALICE) > 3
    assert recorded.seconds < 8 + 12


@pytest.mark.long
def test_r20_twice_on_and_off_in_one_conference_are_two_recordings_and_two_mails(
    cast: Cast, mailbox: Mailbox, tmp_path: Path
) -> None:
    alice, bruno = talk(cast, "102")
    for seconds in (3, 9):
        begins(alice, bruno)
        alice.pause(seconds)
        ends(alice, bruno)
        for call in (alice, bruno):
            call.forget()
    eventually(lambda: len(mailbox.all(ALICES)) == 2, 12, lambda: str(mailbox.all()))
    lengths = [Recorded(mail, tmp_path).seconds for mail in mailbox.all(ALICES)]
    assert 3 <= lengths[0] < lengths[1] - 2
    assert lengths[1] >= 9


def test_r20_without_room_nothing_begins_and_all_are_told(cast: Cast, box: Box, mailbox: Mailbox) -> None:
    box.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=2770,uid=asterisk,gid=pont", "tmpfs", RECORDINGS])
    try:
        alice, bruno = talk(cast, "102")
        alice.dtmf("*7")
        for call in (alice, bruno):
            call.hears_prompt("pont/recording-no-room")
        assert state(box)["recording"] is False
        assert recordings(box)[0]["state"] == "failed"
        failed = mailbox.one(ALICES)
        assert list(failed.iter_attachments()) == []
    finally:
        box.run(["umount", RECORDINGS])


@pytest.mark.long
def test_r20_a_disk_that_fills_up_ends_the_recording_and_what_was_captured_arrives(
    cast: Cast, box: Box, mailbox: Mailbox, tmp_path: Path
) -> None:
    settings = box.run(["cat", "/etc/pont/pont.toml"])
    box.run(["tee", "/etc/pont/pont.toml"], stdin=re.sub("floor_mb = .*", "floor_mb = 0", settings))
    box.run(["mount", "-t", "tmpfs", "-o", "size=400k,mode=2770,uid=asterisk,gid=pont", "tmpfs", RECORDINGS])
    try:
        box.run(["systemctl", "restart", "pont-listener"])
        alice, bruno = talk(cast, "102")
        begins(alice, bruno)
        for call in (alice, bruno):
            call.hears_prompt("pont/recording-cut", within=40)
        bruno.hears(ALICE, within=10)
        recorded = Recorded(mailbox.one(ALICES, within=30), tmp_path)
        assert recorded.lasts(BRUNO) > 6
        assert recordings(box)[0]["reason"] == "no_sound"
    finally:
        nobody_hangs_on(box)
        box.run(["umount", RECORDINGS])
        box.run(["tee", "/etc/pont/pont.toml"], stdin=settings)
        box.run(["systemctl", "restart", "pont-listener"])


def nobody_hangs_on(box: Box) -> None:
    """Hang everybody up, so that no file of a recording is open."""
    box.asterisk("channel request hangup all")
    nobody_is_left(box)


@pytest.mark.long
def test_r33_what_asterisk_captured_before_it_was_killed_arrives(
    cast: Cast, box: Box, mailbox: Mailbox, tmp_path: Path
) -> None:
    alice, bruno = talk(cast, "102")
    begins(alice, bruno)
    alice.pause(8)
    box.run(["systemctl", "kill", "--signal=SIGKILL", "asterisk"])
    recorded = Recorded(mailbox.one(ALICES, within=45), tmp_path)
    assert recorded.lasts(ALICE) >= 6, "all but the last two seconds"
    eventually(lambda: people(box) == [], 15, lambda: str(people(box)))


def fabricate(box: Box, count: int, minutes: float) -> None:
    """Let so many recordings of so many minutes of silence be over at once."""
    take = "/var/lib/pont/silence.wav"
    box.run(["truncate", f"--size={44 + int(minutes * 60 * 32000)}", take])
    python = ["runuser", "-u", "pont", "--", "/opt/pont/venv/bin/python", "-", str(count), take]
    box.run(python, stdin=FABRICATE.read_text())
    box.run(["rm", take])


def test_r33_twenty_recordings_that_end_at_once_are_twenty_mails(box: Box, mailbox: Mailbox) -> None:
    fabricate(box, 20, 0.1)
    eventually(lambda: len(mailbox.all(ALICES)) >= 20, 30, lambda: f"{len(mailbox.all(ALICES))} came")
    eventually(
        lambda: [row["state"] for row in recordings(box)[:20]] == ["mailed"] * 20, 5, lambda: "not all mailed"
    )
    assert len({mail["Message-ID"] for mail in mailbox.all(ALICES)}) == len(mailbox.all(ALICES)) == 20


def test_r33_a_worker_killed_while_it_encodes_goes_on_and_a_large_recording_is_a_link(
    box: Box, mailbox: Mailbox
) -> None:
    fabricate(box, 1, 90)
    eventually(lambda: recordings(box)[0]["state"] == "encoding", 15, lambda: str(recordings(box)[0]))
    box.run(["systemctl", "kill", "--signal=SIGKILL", "pont-worker"])
    mail = mailbox.one(ALICES, within=120)
    assert list(mail.iter_attachments()) == []
    body = mail.get_body(("plain",))
    assert body is not None
    assert re.search(r"https://\S+/r/[A-Za-z0-9_-]{43}", body.get_content())
    row = recordings(box)[0]
    assert (round(row["seconds"]), row["size"] > 20_000_000) == (90 * 60, True)


@pytest.mark.usefixtures("records")
def test_b3_who_does_not_accept_to_be_recorded_stays_out(cast: Cast, box: Box) -> None:
    box.pont("bridge", "change", "600", "--consent")
    alice = cast.phone("101").call("600").answered()
    refuses = cast.outside("+33611111111").call(cast.open_door.number).answered()
    accepts = cast.outside("+33622222222").call(cast.open_door.number).answered()
    for call in (refuses, accepts):
        call.hears_prompt("pont/ask-consent", within=12)
    refuses.dtmf("2")
    accepts.dtmf("1")
    accepts.plays(BRUNO)
    alice.hears(BRUNO, within=12)
    refuses.hears_prompt("pont/no-consent")
    refuses.ended(within=12)
    accepts.hears_prompt("pont/recording-on", within=12)
    newest = recordings(box)[0]["id"]
    consents = json.loads(box.pont("--json", "recording", "show", str(newest)))["consents"]
    answers = sorted(text.partition(" 2")[0] for text in consents)
    assert answers == ["+33611111111: refused", "+33622222222: accepted"]
