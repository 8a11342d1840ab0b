"""`pont conference`: a conference listed, switched and ended from the command line (R15 to R21)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from appliance.conferences import presence
from appliance.conferences.control import CHANGED
from appliance.conferences.presence import Person
from appliance.models import Bridge, Conference, ConferenceRole, HistoryEntry, Participation, Recording
from tests.appliance.cli.conference.held import (
    NOW,
    SWITCHES,
    ListeningAsterisk,
    come,
    identity,
    noted,
    somebody,
    switches,
)
from tests.appliance.cli.running import Pont
from tests.appliance.people import add_phone

LATER = "pont: saved; takes effect when Asterisk answers again (Asterisk does not answer)\n"


@pytest.mark.parametrize("verb", SWITCHES)
def test_r16_to_r20_a_switch_is_turned_on_and_off_and_told_to_the_listener(
    call: Pont, asterisk: ListeningAsterisk, verb: str
) -> None:
    name = SWITCHES[verb]
    if switches()[name]:
        call(verb, "600", "--off")
        HistoryEntry.delete().execute()
        asterisk.user_events.clear()
    before = switches()
    assert call(verb, "600") == (0, f"Bridge 600: {verb} is on.\n", "")
    assert switches() == before | {name: True}
    assert call(verb, "600", "--on") == (0, f"Bridge 600: {verb} is on already.\n", "")
    assert call(verb, "600", "--off") == (0, f"Bridge 600: {verb} is off.\n", "")
    assert call(verb, "600", "--off")[1] == f"Bridge 600: {verb} is off already.\n"
    assert switches() == before
    assert noted("switched") == [("command line", f"{name}_on", None), ("command line", f"{name}_off", None)]
    bridge = str(Conference.get().bridge_id)
    assert asterisk.user_events == [(CHANGED, bridge)] * 4


@pytest.mark.parametrize("verb", SWITCHES)
def test_programs_are_told_what_it_is_and_whether_it_was_changed(call: Pont, verb: str) -> None:
    call(verb, "600", "--off")
    for changed in (True, False):
        code, out, err = call(verb, "600", "--on", "--json")
        assert (code, err) == (0, "")
        assert json.loads(out) == {"bridge": "600", SWITCHES[verb]: True, "changed": changed}


def test_r20_recording_is_one_file_from_on_to_off(call: Pont) -> None:
    for words in ((), ("--on",), ("--off",), ("--on",)):
        call("record", "600", *words)
    assert [row.state for row in Recording.select().order_by(Recording.id)] == ["waiting", "starting"]


def test_r21_a_conference_is_ended_for_all(call: Pont, asterisk: ListeningAsterisk) -> None:
    call("record", "600")
    assert call("end", "600") == (0, "The conference on bridge 600 ends.\n", "")
    assert Conference.get().closing_at == NOW + 60
    assert [row.state for row in Recording.select()] == ["waiting"]
    assert noted("ended") == [("command line", "", None)]
    assert len(asterisk.user_events) == 2
    assert json.loads(call("list", "--json")[1])[0]["ending"] is True


@pytest.mark.parametrize(
    "words",
    [(verb, "600") for verb in (*SWITCHES, "end")]
    + [(verb, "600", "101") for verb in ("mute", "unmute", "kick", "promote")],
    ids=lambda words: words[0],
)
def test_r21_a_conference_that_is_ending_is_not_run_any_more(
    call: Pont, asterisk: ListeningAsterisk, words: tuple[str, ...]
) -> None:
    call("end", "600")
    before = (HistoryEntry.select().count(), switches())
    asterisk.user_events.clear()
    assert call(*words) == (
        1,
        "",
        "pont: no conference is running on bridge 600: see pont conference list\n",
    )
    assert (HistoryEntry.select().count(), switches()) == before
    assert asterisk.user_events == []


@pytest.mark.parametrize(
    "words",
    [*((verb, "600", "--off" if verb == "announce" else "--on") for verb in SWITCHES), ("mute", "600", "102"),
     ("unmute", "600", "101"), ("kick", "600", "101"), ("promote", "600", "102"), ("end", "600")],
    ids=lambda words: words[0],
)  # fmt: skip
def test_with_asterisk_away_it_is_noted_all_the_same_and_one_is_told_that_it_waits(
    call: Pont, asterisk: ListeningAsterisk, words: tuple[str, ...]
) -> None:
    add_phone("bruno@demo.example", "102")
    come(3, ConferenceRole.USER, "102")
    Participation.update(muted_by_admin=True).where(Participation.channel == "1.1").execute()
    before = (HistoryEntry.select().count(), switches())
    asterisk.up = False
    code, out, err = call(*words)
    assert (code, err) == (0, LATER)
    assert out.count("\n") == 1
    assert HistoryEntry.select().count() == before[0] + 1
    if words[0] in SWITCHES:
        assert switches() == before[1] | {SWITCHES[words[0]]: words[2] == "--on"}


@pytest.mark.parametrize(
    "words",
    [(verb, "601") for verb in (*SWITCHES, "end")]
    + [(verb, "601", "101") for verb in ("mute", "unmute", "kick", "promote")],
    ids=lambda words: words[0],
)
def test_a_bridge_on_which_nobody_is_is_a_mistake_of_one_line(
    call: Pont, asterisk: ListeningAsterisk, words: tuple[str, ...]
) -> None:
    assert call(*words) == (
        1,
        "",
        "pont: no conference is running on bridge 601: see pont conference list\n",
    )
    assert asterisk.user_events == []


@pytest.mark.parametrize("verb", [*SWITCHES, "end"])
def test_a_bridge_that_is_not_there_is_a_mistake_of_one_line(call: Pont, verb: str) -> None:
    code, out, err = call(verb, "699")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "699" in err


def test_the_list_shows_people_what_is_switched_and_who_is_muted(call: Pont) -> None:
    for verb in ("lock", "mute-all", "pause", "record"):
        call(verb, "600")
    code, out, err = call("list")
    heading, first, second = out.splitlines()
    assert (code, err) == (0, "")
    assert heading.split() == ["BRIDGE", "STATE", "ID", "SINCE", "ROLE", "CALLER", "NAME", "PHONE", "MUTED"]
    assert "locked, muted, paused, announcing, recording" in first
    assert (first[heading.index("PHONE") :].split(), second[heading.index("PHONE") :].split()) == (
        ["101", "no"],
        ["-", "yes"],
    ), "an administrator stays audible"
    assert "23:13:20" in first, "22:13:20 UTC, in the box's zone"


def test_the_list_shows_programs_everything_by_name(call: Pont) -> None:
    call("lock", "600")
    call("mute", "600", "101")
    (running,) = json.loads(call("list", "--json")[1])
    people = running.pop("people")
    assert running == {
        "bridge": "600", "started_at": NOW, "opened": True, "ending": False, "locked": True,
        "muted_all": False, "paused": False, "announcing": True, "recording": False,
    }  # fmt: skip
    expected: list[dict[str, Any]] = [
        {"id": identity(somebody(number)), "role": role, "caller": f"+3361{number}",
         "name": f"Caller {number}", "phone": phone, "since": NOW, "muted": muted}
        for number, role, phone, muted in ((1, "admin", "101", True), (2, "user", None, False))
    ]  # fmt: skip
    assert people == expected


def test_r9_a_conference_that_nobody_has_opened_is_listed_as_such(call: Pont) -> None:
    other = Bridge.get(Bridge.extension == "601")
    presence.record_join(other.id, Person("2.1", ConferenceRole.USER, "+33699", "", None), NOW)
    assert "not open, announcing" in call("list")[1]
    who = Participation.get(Participation.channel == "2.1")
    call("promote", "601", identity(who))
    assert "not open" not in call("list")[1]
