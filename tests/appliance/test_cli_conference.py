"""`pont conference`: a conference run from the command line (R13, R15 to R21)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance import conferences
from appliance.admission import Role
from appliance.cli import run
from appliance.conferences import Person
from appliance.config import Config
from appliance.control import CHANGED
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    HistoryEntry,
    Participation,
    Recording,
    database,
)
from appliance.prompts import Prompt
from appliance.wiring import Wiring
from tests.appliance.box import FakeAsterisk
from tests.appliance.people import add_bridge, add_phone, add_user

Pont = Callable[..., tuple[int, str, str]]
NOW = 1_700_000_000.0
SWITCHES = {
    "lock": "locked", "mute-all": "muted_all", "pause": "paused", "announce": "announcing",
    "record": "recording",
}  # fmt: skip
LATER = "pont: noted; it takes effect when Asterisk is back (Asterisk does not answer)\n"


class ListeningAsterisk(FakeAsterisk):
    """Remembers the user events that it was sent."""

    def __init__(self, generated: Path) -> None:
        super().__init__(generated)
        self.user_events: list[tuple[str, str]] = []

    def action(self, name: str, **headers: str) -> dict[str, str]:
        answer = super().action(name, **headers)
        if name == "UserEvent":
            self.user_events.append((headers["UserEvent"], headers["Bridge"]))
        return answer


@pytest.fixture
def asterisk(config: Config) -> ListeningAsterisk:
    return ListeningAsterisk(config.paths.generated)


@pytest.fixture
def call(
    db: Config,
    asterisk: ListeningAsterisk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Pont]:
    """Run `pont conference`: on alice's bridge 600 are she, on phone 101, and a caller; on bruno's is nobody.

    Gives exit code, standard output, standard error.
    """
    del db
    monkeypatch.setenv("PONT_CONFIG", str(tmp_path / "pont.toml"))
    monkeypatch.setattr(Wiring, "ami", lambda *_: asterisk)
    monkeypatch.setattr("time.time", lambda: NOW + 60)
    for first, extension in (("Alice", "600"), ("Bruno", "601")):
        add_bridge(add_user(first).email, extension)
    add_phone("alice@demo.example", "101")
    come(1, Role.ADMIN, "101")
    come(2)
    Announcement.delete().execute()

    def pont(*words: str) -> tuple[int, str, str]:
        code = run(["conference", *words])
        database.close()
        return code, *capfd.readouterr()

    yield pont
    database.close()


def come(number: int, role: Role = Role.USER, phone: str | None = None) -> Participation:
    person = Person(f"1.{number}", role, f"+3361{number}", f"Caller {number}", phone)
    conferences.joined(Bridge.get(Bridge.extension == "600").id, person, NOW)
    return somebody(number)


def somebody(number: int) -> Participation:
    row: Participation = Participation.get(Participation.channel == f"1.{number}")
    return row


def identity(person: Participation) -> str:
    """His ID on the command line."""
    return f"p{person.id}"


def switches() -> dict[str, bool]:
    conference = Conference.get()
    plain = {name: getattr(conference, name) for name in SWITCHES.values() if name != "recording"}
    return plain | {"recording": conference.recording() is not None}


def noted(event: str) -> list[tuple[str, str, str | None]]:
    """History of an event: actor, detail, channel of the person."""
    rows = HistoryEntry.select().where(HistoryEntry.event == event).order_by(HistoryEntry.id)
    return [
        (row.actor.partition(" (")[0], row.detail, row.participation.channel if row.participation else None)
        for row in rows
    ]


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
    assert noted(name) == [("command line", "on", None), ("command line", "off", None)]
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


def test_one_person_is_muted_and_may_speak_again_and_he_alone_is_told(
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


def test_a_person_is_known_by_the_extension_of_his_phone(call: Pont) -> None:
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
    come(3, Role.USER, "102")
    assert call("kick", "600", "102")[0] == 0
    assert [somebody(number).removed_at for number in (1, 2, 3)] == [None, None, NOW + 60]
    assert call("kick", "600", "p102")[0] == 0
    assert somebody(1).removed_at == NOW + 60


@pytest.mark.parametrize(
    ("verb", "done"),
    [
        ("mute", "is muted"),
        ("unmute", "may speak"),
        ("kick", "is sent away"),
        ("promote", "is administrator"),
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


def test_a_phone_that_is_in_twice_has_to_be_told_apart(call: Pont) -> None:
    second = come(3, Role.ADMIN, "101")
    assert call("kick", "600", "101") == (
        1,
        "",
        "pont: phone 101 is in the conference more than once: give the ID instead\n",
    )
    assert call("kick", "600", identity(second))[0] == 0
    assert (somebody(1).removed_at, somebody(3).removed_at) == (None, NOW + 60)


def test_a_person_is_sent_away(call: Pont, asterisk: ListeningAsterisk) -> None:
    who = identity(somebody(2))
    assert call("kick", "600", who) == (0, f"+33612 ({who}) is sent away.\n", "")
    assert (somebody(2).removed_at, somebody(2).left_at) == (NOW + 60, None)
    assert noted("removed") == [("command line", "", "1.2")]
    assert len(asterisk.user_events) == 1


def test_r13_a_person_is_made_administrator_and_told(call: Pont, asterisk: ListeningAsterisk) -> None:
    who = identity(somebody(2))
    assert call("promote", "600", who) == (0, f"+33612 ({who}) is administrator.\n", "")
    assert somebody(2).role == Role.ADMIN
    assert [(row.prompt, row.to.channel) for row in Announcement.select()] == [(Prompt.NOW_ADMIN, "1.2")]
    assert noted("promoted") == [("command line", "", "1.2")]
    assert len(asterisk.user_events) == 1


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
    come(3, Role.USER, "102")
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


@pytest.mark.parametrize("person", ["102", "1", "9999", "p9999", "p", "alice@demo.example", "-", "²"])
@pytest.mark.parametrize("verb", ["mute", "unmute", "kick", "promote"])
def test_somebody_who_is_not_in_is_a_mistake_of_one_line(
    call: Pont, asterisk: ListeningAsterisk, verb: str, person: str
) -> None:
    before = HistoryEntry.select().count()
    assert call(verb, "600", person) == (
        1,
        "",
        f"pont: nobody called {person} is in the conference: see ID in pont conference list\n",
    )
    assert HistoryEntry.select().count() == before
    assert asterisk.user_events == []


def test_who_has_left_cannot_be_acted_on(call: Pont) -> None:
    who = identity(somebody(2))
    conferences.left("1.2", NOW)
    assert call("promote", "600", who) == (
        1,
        "",
        f"pont: nobody called {who} is in the conference: see ID in pont conference list\n",
    )
    assert somebody(2).role == Role.USER


def test_somebody_in_another_conference_cannot_be_acted_on(call: Pont) -> None:
    other = Bridge.get(Bridge.extension == "601")
    conferences.joined(other.id, Person("2.1", Role.USER, "+33699", "", None), NOW)
    stranger = Participation.get(Participation.channel == "2.1")
    assert call("kick", "600", identity(stranger))[0] == 1
    assert call("kick", "601", identity(stranger))[0] == 0


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
    conferences.joined(other.id, Person("2.1", Role.USER, "+33699", "", None), NOW)
    assert "not open, announcing" in call("list")[1]
    who = Participation.get(Participation.channel == "2.1")
    call("promote", "601", identity(who))
    assert "not open" not in call("list")[1]
