"""What an installer is to see to stands on their first page, and nothing does when all is well."""

from __future__ import annotations

import time

import pytest

from appliance.access_codes import attempts
from appliance.access_codes.lockout import BRIDGE_LIMIT
from appliance.models import MailServer, RecordingReason, User
from appliance.recordings import retention
from appliance.system.config import Config
from tests.webui.browser import Browser
from tests.webui.recorded import bridge_of, hold, record
from tests.webui.test_mails import add

People = dict[str, User]
HEADING = "To be seen to"


@pytest.fixture(autouse=True)
def well(people: People) -> None:
    """A box with a mail server and nothing wrong."""
    del people
    MailServer.create(id=1, host="smtp.demo.example", port=25, security="none", sender="pont@demo.example")


def test_nothing_is_said_while_all_is_well(ines: Browser) -> None:
    assert HEADING not in ines.text("/")


def test_a_mail_server_is_asked_for(ines: Browser) -> None:
    MailServer.delete().execute()
    assert "No mail server is set: recordings and invitations wait." in ines.text("/")


def test_a_disk_that_is_nearly_full_is_said_with_what_is_needed(
    ines: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "free_mb", lambda _: 0.3)
    said = ines.text("/").replace("\u00a0", " ")
    assert "The disk is nearly full: 300 kB are free, 1 MB are needed." in said
    assert "No recording begins until there is room" in said


def test_recordings_that_failed_lately_are_counted_but_those_in_which_nobody_spoke(
    db: Config, people: People, ines: Browser
) -> None:
    now = time.time()
    for ago, reason in (
        (60, RecordingReason.DISK_FULL),
        (200, RecordingReason.EMPTY),
        (9 * 86_400, RecordingReason.DISK_FULL),
    ):
        conference = hold(people["alice"], now - ago - 60, minutes=1)
        record(db, conference, state="failed", reason=reason)
    assert "Recordings that failed lately: 1." in ines.text("/")
    assert 'href="/recordings?kind=failed"' in ines.get("/").get_data(as_text=True)


def test_mails_that_failed_lately_are_counted(people: People, ines: Browser) -> None:
    now = time.time()
    add(people["alice"], "failed", give_up_at=now - 60)
    add(people["alice"], "failed", give_up_at=now - 9 * 86_400)
    assert "Messages that could not be sent lately: 1." in ines.text("/")


def test_bridges_that_are_locked_out_are_counted(people: People, ines: Browser) -> None:
    for name, count in (("alice", BRIDGE_LIMIT), ("yann", 1)):
        for _ in range(count):
            attempts.record_failure(
                bridge_of(people[name]), attempts.identity(None, "+33612345678"), time.time()
            )
    assert "Bridges that are locked out after wrong PINs: 1." in ines.text("/")


def test_they_are_the_installers_alone(alice: Browser, marc: Browser) -> None:
    MailServer.delete().execute()
    for browser in (alice, marc):
        assert HEADING not in browser.text("/")
