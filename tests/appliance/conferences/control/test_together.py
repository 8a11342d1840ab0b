"""Codes pressed at the same instant."""

from __future__ import annotations

import threading

from appliance.conferences.service_codes import Code, Switch
from appliance.models import (
    Announcement,
    Bridge,
    ConferenceRole,
    HistoryEntry,
    Participation,
    Recording,
    database,
)
from tests.appliance.conferences.control.conference import enter, history, press, switches, to_be_said


def press_together(*wishes: tuple[Participation, Code]) -> None:
    """Each person presses their code, in a thread of their own, all at the same instant."""
    ready = threading.Barrier(len(wishes))

    def one(person: Participation, code: Code) -> None:
        with database.connection_context():
            ready.wait(10)
            press(person, code)

    threads = [threading.Thread(target=one, args=wish) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_two_codes_at_the_same_instant_both_take_effect_and_both_are_noted(
    bridge: Bridge, admin: Participation
) -> None:
    other = enter(bridge, 2, ConferenceRole.ADMIN)
    for on in (True, False, True):
        HistoryEntry.delete().execute()
        Announcement.delete().execute()
        press_together((admin, Code.MUTE_ALL), (other, Code.LOCK))
        now = switches(admin.conference_id)
        assert (now[Switch.MUTED_ALL], now[Switch.LOCKED]) == (on, on)
        word = "on" if on else "off"
        assert sorted(history(admin.conference_id), key=str) == [
            ("1.1", "", f"*3 muted_all_{word}"),
            ("1.2", "", f"*6 locked_{word}"),
        ]
        assert {about for _, about, _ in to_be_said(admin.conference_id)} == {"1.1", "1.2"}


def test_the_same_code_twice_at_the_same_instant_turns_on_and_off_again(
    bridge: Bridge, admin: Participation
) -> None:
    other = enter(bridge, 2, ConferenceRole.ADMIN)
    press_together((admin, Code.RECORD), (other, Code.RECORD))
    assert Recording.select().count() == 1
    assert switches(admin.conference_id)[Switch.RECORDING] is False
    assert [row[2] for row in history(admin.conference_id)] == ["*7 recording_on", "*7 recording_off"]
