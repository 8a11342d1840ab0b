"""The script `code` over a real socket and a real database: what the dialplan is told (R13 to R22)."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from agi.fastagi import service_code
from agi.fastagi.server import FastAgiServer
from appliance.conferences import presence
from appliance.conferences.presence import Person
from appliance.models import (
    Bridge,
    Conference,
    ConferenceRole,
    HistoryEntry,
    Participation,
    PinFailure,
)
from appliance.system.config import Config
from tests.agi.asterisk import Asterisk
from tests.appliance.people import KEY, add_bridge, add_user

PIN = "471199"
NOW = 1_700_000_000.0
CHANNEL = "1.1"
"""Whose requests the scripted caller sends."""


@pytest.fixture
def server(db: Config) -> Iterator[FastAgiServer]:  # noqa: ARG001
    """A FastAGI server on a database with an empty bridge 600, where nobody is announced."""
    add_bridge(add_user().email, announce=False, pin=PIN)
    server = FastAgiServer("127.0.0.1", 0, {"code": service_code.script(KEY)})
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield server
    server.close()
    thread.join(10)


def enter(role: ConferenceRole, channel: str = CHANNEL) -> None:
    presence.record_join(Bridge.get().id, Person(channel, role, "+33612345678", "", None), NOW)


def press(server: FastAgiServer, key: str, **variables: str) -> dict[str, str]:
    """One request of the dialplan; returns the channel's variables after it."""
    return Asterisk(server.address, script="code", variables={"PONT_CODE": key, **variables}).run()


def test_r19_a_code_is_answered_with_what_to_say(server: FastAgiServer) -> None:
    enter(ConferenceRole.ADMIN)
    after = press(server, "6", PONT_ROLE="admin")
    assert (after["PONT_ANSWER"], after["PONT_PROMPTS"], after["PONT_ROLE"]) == (
        "say",
        "pont/locked",
        "admin",
    )
    assert float(after["PONT_DELAY"]) == 0
    assert Conference.get().locked is True
    assert press(server, "6")["PONT_PROMPTS"] == "pont/unlocked"


def test_r14_what_is_said_in_pieces_is_joined_as_the_dialplan_plays_it(server: FastAgiServer) -> None:
    enter(ConferenceRole.ADMIN)
    enter(ConferenceRole.USER, "1.2")
    assert press(server, "1")["PONT_PROMPTS"] == "pont/people-are&digits/2&pont/people-in"


def test_r20_a_code_that_says_nothing_now_is_answered_all_the_same(server: FastAgiServer) -> None:
    enter(ConferenceRole.ADMIN)
    after = press(server, "7")
    assert (after["PONT_ANSWER"], after["PONT_PROMPTS"]) == ("say", "")


@pytest.mark.parametrize(
    ("role", "key", "prompt"),
    [(ConferenceRole.USER, "9", "pont/enter-pin"), (ConferenceRole.ADMIN, "0", "pont/confirm-end")],
)
def test_r13_and_r21_what_needs_digits_asks_for_them_with_time_to_begin(
    server: FastAgiServer, role: ConferenceRole, key: str, prompt: str
) -> None:
    enter(role)
    after = press(server, key)
    assert (after["PONT_ANSWER"], after["PONT_PROMPTS"]) == ("ask", prompt)
    assert int(after["PONT_WAIT"]) == service_code.DIGIT_TIMEOUT_S


def test_r13_the_pin_makes_the_channels_role_follow_and_does_not_stay_on_it(server: FastAgiServer) -> None:
    enter(ConferenceRole.USER)
    after = press(server, "9", PONT_ROLE="user", PONT_KEYED="yes", PONT_DIGITS=PIN)
    assert (after["PONT_ANSWER"], after["PONT_PROMPTS"]) == ("say", "pont/now-admin")
    assert (after["PONT_ROLE"], after["PONT_DIGITS"]) == ("admin", "")
    assert Participation.get().role == ConferenceRole.ADMIN


def test_r13_the_digits_are_emptied_before_anything_else_is_said(server: FastAgiServer) -> None:
    enter(ConferenceRole.USER)
    asterisk = Asterisk(
        server.address,
        script="code",
        variables={"PONT_CODE": "9", "PONT_KEYED": "yes", "PONT_DIGITS": PIN},
    )
    asterisk.run()
    assert next(line for line in asterisk.said if line.startswith("SET")) == 'SET VARIABLE "PONT_DIGITS" ""'
    assert not any(PIN in line for line in asterisk.said)


def test_r13_a_wrong_pin_is_told_counted_and_leaves_the_role_and_the_delay_grows(
    server: FastAgiServer,
) -> None:
    enter(ConferenceRole.USER)
    answers = [press(server, "9", PONT_KEYED="yes", PONT_DIGITS="0000") for _ in range(4)]
    assert {answer["PONT_PROMPTS"] for answer in answers} == {"conf-invalidpin"}
    assert {(answer["PONT_ANSWER"], answer["PONT_ROLE"]) for answer in answers} == {("say", "user")}
    assert [float(answer["PONT_DELAY"]) for answer in answers] == [0, 0, 0, 1]
    assert {answer["PONT_DIGITS"] for answer in answers} == {""}
    assert PinFailure.select().count() == 4


def test_r13_digits_that_were_not_asked_for_are_no_pin(server: FastAgiServer) -> None:
    enter(ConferenceRole.USER)
    after = press(server, "9", PONT_KEYED="", PONT_DIGITS=PIN)
    assert (after["PONT_ANSWER"], after["PONT_ROLE"], after["PONT_DIGITS"]) == ("ask", "user", "")


def test_r13_nothing_keyed_goes_on_as_before(server: FastAgiServer) -> None:
    enter(ConferenceRole.USER)
    after = press(server, "9", PONT_KEYED="yes", PONT_DIGITS="")
    assert (after["PONT_ANSWER"], after["PONT_PROMPTS"]) == ("say", "pont/goes-on")
    assert PinFailure.select().count() == 0


def test_the_role_on_the_channel_is_made_what_the_database_says(server: FastAgiServer) -> None:
    enter(ConferenceRole.USER)
    Participation.update(role=ConferenceRole.ADMIN).execute()
    assert press(server, "2", PONT_ROLE="user")["PONT_ROLE"] == "admin", "promoted from outside"


def test_r22_the_role_on_the_channel_gives_no_right(server: FastAgiServer) -> None:
    enter(ConferenceRole.USER)
    after = press(server, "6", PONT_ROLE="admin")
    assert (after["PONT_PROMPTS"], after["PONT_ROLE"]) == ("pont/code-unavailable", "user")
    assert Conference.get().locked is False


def test_r21_the_confirmation_ends_and_any_other_key_does_not(server: FastAgiServer) -> None:
    enter(ConferenceRole.ADMIN)
    assert press(server, "0", PONT_KEYED="yes", PONT_DIGITS="2")["PONT_PROMPTS"] == "pont/goes-on"
    assert Conference.get().closing_at is None
    after = press(server, "0", PONT_KEYED="yes", PONT_DIGITS="1")
    assert (after["PONT_ANSWER"], after["PONT_PROMPTS"]) == ("say", "")
    assert Conference.get().closing_at is not None


def test_r22_a_channel_that_nobody_admitted_is_told_so_and_gets_no_role(server: FastAgiServer) -> None:
    enter(ConferenceRole.ADMIN, "1.2")
    after = press(server, "6")
    assert (after["PONT_ANSWER"], after["PONT_PROMPTS"]) == ("say", "pont/code-unavailable")
    assert "PONT_ROLE" not in after


@pytest.mark.parametrize("key", ["", "8", "hash", "${X}", "6 ", "9" * 300, "star,x"])
def test_r22_any_other_key_is_not_available(server: FastAgiServer, key: str) -> None:
    enter(ConferenceRole.ADMIN)
    after = press(server, key)
    assert (after["PONT_ANSWER"], after["PONT_PROMPTS"]) == ("say", "pont/code-unavailable")


@pytest.mark.parametrize("digits", ["A" * 300, "\\", "12#4", "²³"])
def test_hostile_digits_are_a_wrong_pin(server: FastAgiServer, digits: str) -> None:
    enter(ConferenceRole.USER)
    after = press(server, "9", PONT_KEYED="yes", PONT_DIGITS=digits)
    assert (after["PONT_ANSWER"], after["PONT_ROLE"], after["PONT_DIGITS"]) == ("say", "user", "")


@pytest.mark.parametrize("command", range(6))
def test_a_hang_up_at_any_command_is_answered_by_nothing_and_the_next_code_works(
    server: FastAgiServer, command: int
) -> None:
    enter(ConferenceRole.ADMIN)
    gone = Asterisk(server.address, script="code", variables={"PONT_CODE": "star"})
    assert "PONT_ANSWER" not in gone.run(hang_up_at=command)
    assert press(server, "1")["PONT_PROMPTS"] == "pont/alone"


def test_presses_at_the_same_instant_are_all_noted(server: FastAgiServer) -> None:
    enter(ConferenceRole.ADMIN)
    presses = [threading.Thread(target=press, args=(server, key)) for key in "3456" * 3]
    for one in presses:
        one.start()
    for one in presses:
        one.join(30)
    noted = [row.effect for row in HistoryEntry.select().where(HistoryEntry.event == "code")]
    assert len(noted) == 12
    assert Conference.get().locked is True
    assert sorted(effect for effect in noted if "locked" in effect) == [
        "locked_off",
        "locked_on",
        "locked_on",
    ]
