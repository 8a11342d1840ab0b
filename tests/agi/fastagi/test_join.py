"""The entry script `join` over a real socket and a real database: what the dialplan is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from agi.fastagi import join
from agi.fastagi.server import FastAgiServer
from appliance.directory import numbers
from appliance.models import Bridge, BridgeOrganiser, Consent, Phone, PinFailure
from appliance.system.config import Config
from tests.agi.asterisk import Asterisk
from tests.appliance.people import KEY, add_bridge, add_phone, add_user

PIN, PASSWORD = "471199", "8520"


@pytest.fixture
def server(db: Config) -> Iterator[FastAgiServer]:
    """A FastAGI server on a database with alice's bridge 600 and bruno's 601, which has a password."""
    for first, phone, extension, password in (("Alice", "101", "600", ""), ("Bruno", "102", "601", PASSWORD)):
        email = add_user(first).email
        add_phone(email, phone)
        bridge = add_bridge(email, extension, password, pin=PIN, language="en", announce=False)
        numbers.add(f"0970000{extension}", bridge=bridge, region="FR", actor="test")
    server = FastAgiServer("127.0.0.1", 0, {"join": join.script(db, KEY)})
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield server
    server.close()
    thread.join(10)


def call(server: FastAgiServer, **variables: str) -> dict[str, str]:
    """One round of the dialogue; returns the channel's variables after it."""
    arrived = {"PONT_CALLED": "600", "PONT_CALLER": "%2B33612345678", "PONT_TRIES": "0", "PONT_CALLS": "0"}
    arrived["PONT_BEGAN"] = "1700000000"
    return Asterisk(server.address, variables=arrived | variables).run()


def test_the_organisers_phone_enters_as_administrator(server: FastAgiServer) -> None:
    after = call(server, PONT_PHONE="101")
    assert (after["PONT_ANSWER"], after["PONT_ROLE"]) == ("enter", "admin")
    assert after["PONT_ROOM"] == f"bridge-{Bridge.get(Bridge.extension == '600').id}"


def test_a_co_organisers_phone_enters_as_administrator(server: FastAgiServer) -> None:
    BridgeOrganiser.create(
        bridge=Bridge.get(Bridge.extension == "600"), phone=Phone.get(Phone.extension == "102")
    )
    assert call(server, PONT_PHONE="102")["PONT_ROLE"] == "admin"


def test_a_caller_is_welcomed_then_enters_as_user_in_the_bridges_language(server: FastAgiServer) -> None:
    after = call(server)
    assert (after["PONT_ANSWER"], after["PONT_PROMPTS"]) == ("ask", "pont/welcome")
    after = call(server, PONT_KEYED="yes")
    assert (after["PONT_ANSWER"], after["PONT_ROLE"], after["PONT_LANGUAGE"]) == ("enter", "user", "en")


def test_the_pin_makes_an_administrator_and_digits_do_not_stay_on_the_channel(server: FastAgiServer) -> None:
    after = call(server, PONT_KEYED="yes", PONT_DIGITS=PIN)
    assert (after["PONT_ANSWER"], after["PONT_ROLE"], after["PONT_DIGITS"]) == ("enter", "admin", "")


def test_wrong_codes_to_the_end_are_counted_and_locked_out(server: FastAgiServer) -> None:
    answers = [
        call(server, PONT_CALLED="0970000601", PONT_KEYED="yes", PONT_DIGITS="0000", PONT_TRIES=str(tries))
        for tries in (0, 1, 2, 0, 1, 2)
    ]
    assert [answer["PONT_ANSWER"] for answer in answers] == ["ask", "ask", "refuse"] * 2
    assert PinFailure.select().count() == 6
    after = call(server, PONT_CALLED="601", PONT_KEYED="yes", PONT_DIGITS=PASSWORD)
    assert after["PONT_PROMPTS"] == "pont/locked-out&goodbye"
    PinFailure.update(lifted=True).execute()
    after = call(server, PONT_CALLED="601", PONT_KEYED="yes", PONT_DIGITS=PASSWORD)
    assert after["PONT_ANSWER"] == "enter"


def test_twenty_lines_at_the_same_instant_get_ten_guesses_together(server: FastAgiServer) -> None:
    def guess(line: int) -> None:
        call(server, PONT_CALLED="601", PONT_CALLER=str(line), PONT_KEYED="yes", PONT_DIGITS="0000")

    lines = [threading.Thread(target=guess, args=(line,)) for line in range(20)]
    for line in lines:
        line.start()
    for line in lines:
        line.join(30)
    assert PinFailure.select().count() == 10


@pytest.mark.parametrize(
    "called",
    ["", "%0A", "600%0Aagi_x%3A%20y", "600%2Cadmin", "%24%7BSHELL(id)%7D", "600%3B", "6%300", "%FF%FE",
     "9" * 300, "%2A9", "600%00", "+", "%2B%2B33970000600", "Robert')%3BDROP%20TABLE%20bridge%3B--"],
)  # fmt: skip
def test_a_hostile_called_number_is_an_unknown_number_or_the_plain_one(
    server: FastAgiServer, called: str
) -> None:
    after = call(server, PONT_CALLED=called)
    assert after["PONT_ANSWER"] == ("ask" if called == "6%300" else "refuse")
    assert Bridge.select().count() == 2


def test_hostile_caller_ids_change_nothing(server: FastAgiServer) -> None:
    for caller in ("%0A%0A200%20result%3D1%20(101)", "101", "%22%5C", "%F0%9F%98%80" * 50):
        after = call(server, PONT_CALLER=caller, PONT_KEYED="yes", PONT_DIGITS="1111")
        assert (after["PONT_ANSWER"], "PONT_ROLE" in after) == ("ask", False)
    assert {row.caller for row in PinFailure.select()} == {
        "\n\n200 result=1 (101)", "101", '"\\', "\U0001f600" * 40
    }  # fmt: skip


def test_a_separator_smuggled_into_a_variable_lets_nobody_in(server: FastAgiServer) -> None:
    assert "PONT_ANSWER" not in call(server, PONT_CALLER="101/600")


def test_a_full_box_is_told(server: FastAgiServer) -> None:
    assert call(server, PONT_CALLS="100000")["PONT_PROMPTS"] == "pont/full&goodbye"


@pytest.mark.parametrize("command", range(8))
def test_a_hang_up_at_any_command_lets_the_next_call_work(server: FastAgiServer, command: int) -> None:
    for _ in range(20):
        gone = Asterisk(
            server.address,
            variables={
                "PONT_CALLED": "600",
                "PONT_TRIES": "0",
                "PONT_CALLS": "0",
                "PONT_BEGAN": "1700000000",
            },
        )
        assert "PONT_ROLE" not in gone.run(hang_up_at=command)
    assert call(server, PONT_PHONE="101")["PONT_ANSWER"] == "enter"


def test_b3_consent_is_asked_for_kept_and_decides(server: FastAgiServer) -> None:
    Bridge.update(record=True, consent=True).where(Bridge.extension == "600").execute()
    asked = call(server, PONT_KEYED="yes")
    assert (asked["PONT_ANSWER"], asked["PONT_PROMPTS"]) == ("consent", "pont/ask-consent")
    accepts = call(server, PONT_KEYED="yes", PONT_ROLE="user", PONT_CONSENT="yes")
    assert (accepts["PONT_ANSWER"], accepts["PONT_PROMPTS"]) == ("enter", "conf-waitforleader")
    call(
        server, PONT_KEYED="yes", PONT_ROLE="user", PONT_CONSENT="no"
    )  # The same call: its first answer counts.
    (row,) = Consent.select()
    assert (row.accepted, row.caller, row.channel) == (True, "+33612345678", "1.1")
    Consent.delete().execute()
    refuses = call(server, PONT_KEYED="yes", PONT_ROLE="user", PONT_CONSENT="no")
    assert (refuses["PONT_ANSWER"], refuses["PONT_PROMPTS"]) == ("refuse", "pont/no-consent&goodbye")
    assert [row.accepted for row in Consent.select()] == [False]
