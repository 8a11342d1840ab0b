"""Deleting a recording, sending it again, withdrawing its links."""

from __future__ import annotations

import re

from appliance.directory import bridges
from appliance.models import (
    Bridge,
    OutgoingMail,
    Recording,
    RecordingLink,
    User,
)
from appliance.recordings import files, links
from appliance.system.config import Config
from tests.appliance.people import KEY
from tests.webui.browser import Browser, read
from tests.webui.recorded import NOON, entries

DAY = 86_400.0
People = dict[str, User]


def test_it_is_deleted_with_all_that_belongs_to_it_once_that_was_asked(
    db: Config, alice: Browser, recording: Recording
) -> None:
    path = f"/recordings/{recording.id}/delete"
    take = files.take_file(db, recording.id, 1)
    take.write_bytes(b"x")
    links.make(recording, NOON, NOON + DAY)
    assert "Delete the recording of 24 Nov 2026, 13:05?" in alice.text(path)
    assert Recording.select().count() == 1
    response = alice.fill(path)
    assert "The recording was deleted." in alice.text(response.location)
    assert Recording.select().count() == RecordingLink.select().count() == 0
    assert not take.exists()
    assert not files.mp3_file(db, recording.id).exists()
    assert entries("recording.delete")[0][0] == "alice@demo.example"
    assert alice.get(f"/recordings/{recording.id}").status_code == 404


def test_what_runs_or_is_being_converted_is_not_deleted(alice: Browser, recording: Recording) -> None:
    Recording.update(state="encoding").execute()
    assert "is not finished yet: wait" in read(alice.fill(f"/recordings/{recording.id}/delete"))
    assert Recording.select().count() == 1


def test_it_is_sent_again_to_whom_the_bridge_says(alice: Browser, recording: Recording) -> None:
    bridge = Bridge.get_by_id(recording.conference.bridge_id)
    bridges.change(bridge, summary_email="secretariat@demo.example", pin_key=KEY, actor="test")
    path = f"/recordings/{recording.id}"
    response = alice.press(path, f"{path}/send")
    assert "on its way to secretariat@demo.example" in alice.text(response.location)
    assert [(mail.to, mail.state) for mail in OutgoingMail.select()] == [
        ("secretariat@demo.example", "waiting")
    ]
    assert "secretariat@demo.example" in alice.text(path)
    assert entries("recording.send")[0][0] == "alice@demo.example"


def test_what_has_no_mp3_yet_is_not_sent(alice: Browser, recording: Recording) -> None:
    path = f"/recordings/{recording.id}"
    action = f"{path}/send"
    token = alice.get(path).get_data(as_text=True)
    Recording.update(state="waiting").execute()
    form = {"csrf_token": re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', token)[-1]}
    assert "has no MP3 yet" in read(alice.post(action, form))
    assert OutgoingMail.select().count() == 0


def test_its_links_are_listed_and_withdrawn(alice: Browser, recording: Recording, visitor: Browser) -> None:
    now = 4_000_000_000.0
    token = links.make(recording, NOON, now)
    links.make(recording, NOON - 2 * DAY, NOON - DAY)
    path = f"/recordings/{recording.id}"
    said = alice.text(path)
    assert "Works until 2 Oct 2096" in said
    assert "Over since 23 Nov 2026 made on 22 Nov 2026, 13:05" in said
    assert visitor.get(f"/r/{token}").status_code == 200
    response = alice.press(path, f"/recordings/links/{RecordingLink.get().id}/revoke")
    assert "The link is withdrawn" in alice.text(response.location)
    assert "Withdrawn on" in alice.text(path)
    assert visitor.get(f"/r/{token}").status_code == 404
    assert entries("recording.link.revoke") == [("alice@demo.example", f"{recording.id}, bridge 603")]
