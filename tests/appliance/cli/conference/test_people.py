"""`pont conference` with one person: who is muted, sent away, made administrator (R13, R16)."""

from __future__ import annotations

import json

import pytest

from appliance.conferences import presence
from appliance.conferences.presence import Person
from appliance.models import Announcement, Bridge, ConferenceRole, HistoryEntry, Participation
from appliance.speech.prompts import Prompt
from tests.appliance.cli.conference.held import (
    NOW,
    ListeningAsterisk,
    come,
    identity,
    noted,
    somebody,
)
from tests.appliance.cli.running import Pont
from tests.appliance.people import add_phone


def test_one_person_is_muted_and_may_speak_again_and_they_alone_are_told(
    call: Pont, asterisk: ListeningAsterisk
) -> None:
    who = identity(somebody(2))
    assert call("mute", "600", who) == (0, f"+33612 ({who}) is muted.\n", "")
    assert somebody(2).muted_by_admin is True
    assert call("unmute", "600", who) == (0, f"+33612 ({who}) may speak.\n", "")
    assert somebody(2).muted_by_admin is False
    told = [(row.prompt, row.to.channel) for row in Announcement.select()]
    assert told == [(Prompt.MUTED_BY_ADMIN, "1.2"), (Prompt.UNMUTED_BY_ADMIN, "1.2")]
    assert noted("muted") == noted("unmuted") == [("command line", "", "1.2")]
    assert len(asterisk.user_events) == 2


def test_a_person_is_known_by_the_extension_of_their_phone(call: Pont) -> None:
    who = identity(somebody(1))
    for changed in (True, False):
        code, out, err = call("mute", "600", "101", "--json")
        assert (code, json.loads(out), err) == (0, {"bridge": "600", "person": who, "changed": changed}, "")
    assert (somebody(1).muted_by_admin, somebody(2).muted_by_admin) == (True, False)


def test_an_extension_is_a_phone_and_never_the_number_of_a_person(call: Pont) -> None:
    HistoryEntry.delete().execute()
    Participation.update(id=102).where(Participation.channel == "1.1").execute()
    assert call("kick", "600", "102")[0] == 1, "an ID begins with p"
    add_phone("bruno@demo.example", "102")
    come(3, ConferenceRole.USER, "102")
    assert call("kick", "600", "102")[0] == 0
    assert [somebody(number).removed_at for number in (1, 2, 3)] == [None, None, NOW + 60]
    assert call("kick", "600", "p102")[0] == 0
    assert somebody(1).removed_at == NOW + 60


@pytest.mark.parametrize(
    ("verb", "done"),
    [
        ("mute", "is muted"),
        ("unmute", "may speak"),
        ("kick", "is removed"),
        ("promote", "is an administrator"),
    ],
)
def test_what_is_so_already_is_told_and_neither_noted_nor_said_again(
    call: Pont, asterisk: ListeningAsterisk, verb: str, done: str
) -> None:
    who = identity(somebody(2))
    if verb == "unmute":
        call("mute", "600", who)
    assert call(verb, "600", who) == (0, f"+33612 ({who}) {done}.\n", "")
    before = (HistoryEntry.select().count(), Announcement.select().count())
    asterisk.user_events.clear()
    assert call(verb, "600", who) == (0, f"+33612 ({who}) {done} already, or has left.\n", "")
    assert (HistoryEntry.select().count(), Announcement.select().count()) == before
    assert len(asterisk.user_events) == 1, "the listener is told all the same"


@pytest.mark.parametrize(
    ("caller", "shown"),
    [("\x1b]0;x\x07+336\x1b[31m", "?]0;x?+336?[31m"), ("+336\r\n\x9b2J\u202e", "+336???2J?"), ("", "-")],
)
def test_what_a_caller_sent_does_nothing_to_a_terminal(call: Pont, caller: str, shown: str) -> None:
    Participation.update(caller=caller, name=caller).where(Participation.channel == "1.2").execute()
    who = identity(somebody(2))
    assert call("mute", "600", who) == (0, f"{shown} ({who}) is muted.\n", "")
    assert call("mute", "600", who)[1] == f"{shown} ({who}) is muted already, or has left.\n"
    assert shown in call("list")[1]


def test_a_person_is_sent_away(call: Pont, asterisk: ListeningAsterisk) -> None:
    who = identity(somebody(2))
    assert call("kick", "600", who) == (0, f"+33612 ({who}) is removed.\n", "")
    assert (somebody(2).removed_at, somebody(2).left_at) == (NOW + 60, None)
    assert noted("removed") == [("command line", "", "1.2")]
    assert len(asterisk.user_events) == 1


def test_r13_a_person_is_made_administrator_and_told(call: Pont, asterisk: ListeningAsterisk) -> None:
    who = identity(somebody(2))
    assert call("promote", "600", who) == (0, f"+33612 ({who}) is an administrator.\n", "")
    assert somebody(2).role == ConferenceRole.ADMIN
    assert [(row.prompt, row.to.channel) for row in Announcement.select()] == [(Prompt.NOW_ADMIN, "1.2")]
    assert noted("promoted") == [("command line", "", "1.2")]
    assert len(asterisk.user_events) == 1


@pytest.mark.parametrize("person", ["102", "1", "9999", "p9999", "p", "alice@demo.example", "-", "²"])
@pytest.mark.parametrize("verb", ["mute", "unmute", "kick", "promote"])
def test_somebody_who_is_not_in_is_a_mistake_of_one_line(
    call: Pont, asterisk: ListeningAsterisk, verb: str, person: str
) -> None:
    before = HistoryEntry.select().count()
    assert call(verb, "600", person) == (
        1,
        "",
        f"pont: {person} is not in the conference: see ID in pont conference list\n",
    )
    assert HistoryEntry.select().count() == before
    assert asterisk.user_events == []


def test_who_has_left_cannot_be_acted_on(call: Pont) -> None:
    who = identity(somebody(2))
    presence.record_leave("1.2", NOW)
    assert call("promote", "600", who) == (
        1,
        "",
        f"pont: {who} is not in the conference: see ID in pont conference list\n",
    )
    assert somebody(2).role == ConferenceRole.USER


def test_a_phone_that_is_in_twice_has_to_be_told_apart(call: Pont) -> None:
    second = come(3, ConferenceRole.ADMIN, "101")
    assert call("kick", "600", "101") == (
        1,
        "",
        "pont: phone 101 is in the conference more than once: give the ID instead\n",
    )
    assert call("kick", "600", identity(second))[0] == 0
    assert (somebody(1).removed_at, somebody(3).removed_at) == (None, NOW + 60)


def test_somebody_in_another_conference_cannot_be_acted_on(call: Pont) -> None:
    other = Bridge.get(Bridge.extension == "601")
    presence.record_join(other.id, Person("2.1", ConferenceRole.USER, "+33699", "", None), NOW)
    stranger = Participation.get(Participation.channel == "2.1")
    assert call("kick", "600", identity(stranger))[0] == 1
    assert call("kick", "601", identity(stranger))[0] == 0
