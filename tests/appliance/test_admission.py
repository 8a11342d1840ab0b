"""Admission as a table: who enters, who is asked, who is refused (R1, R3, R5, R6, R9, R10, B2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.admission import (
    CODE_WAIT,
    TRIES,
    WELCOME_WAIT,
    Ask,
    BoxState,
    BridgeFacts,
    Caller,
    Enter,
    Prompt,
    Refuse,
    Role,
    decide,
)
from appliance.lockout import Verdict

PIN, PASSWORD = "471199", "8520"
FREE = Verdict(None, None, 0.0)
LOCKED = Verdict(99.0, "bridge", 0.0)
OPEN_DOOR = BridgeFacts(7, True, lambda digits: digits == PIN, "", False, frozenset({"101", "104"}))
WITH_PASSWORD = replace(OPEN_DOOR, password=PASSWORD)
STATE = BoxState(calls=3, limit=10, lockout=FREE, opened=True)
STRANGER = Caller(phone=None)

ROWS = {
    "an unknown number says so (R3)": (
        None, STRANGER, STATE, Refuse((Prompt.UNKNOWN_NUMBER, Prompt.GOODBYE))),
    "service off is told, to the organiser too (R1)": (
        replace(OPEN_DOOR, service_enabled=False), Caller("101"), STATE,
        Refuse((Prompt.SERVICE_OFF, Prompt.GOODBYE))),
    "a full box is told before anything is asked": (
        OPEN_DOOR, STRANGER, replace(STATE, calls=10), Refuse((Prompt.FULL, Prompt.GOODBYE))),
    "who was asked already counts among the admitted": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, calls=10), Enter(Role.USER)),
    "the organiser's own phone is administrator with no PIN (R5)": (
        WITH_PASSWORD, Caller("101"), STATE, Enter(Role.ADMIN)),
    "a co-organiser's phone as well (R12)": (WITH_PASSWORD, Caller("104"), STATE, Enter(Role.ADMIN)),
    "guessers do not lock the organiser's phone out (B2)": (
        WITH_PASSWORD, Caller("101"), replace(STATE, lockout=LOCKED), Enter(Role.ADMIN)),
    "another phone of the box is asked like anyone": (
        OPEN_DOOR, Caller("102"), STATE, Ask((Prompt.WELCOME,), WELCOME_WAIT, 0)),
    "without a password a short welcome, during which a PIN may be keyed (R6)": (
        OPEN_DOOR, STRANGER, STATE, Ask((Prompt.WELCOME,), WELCOME_WAIT, 0)),
    "nothing keyed at the welcome enters as user (R9)": (
        OPEN_DOOR, replace(STRANGER, digits=""), STATE, Enter(Role.USER)),
    "who comes before the opening is told that he waits (R9)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, opened=False),
        Enter(Role.USER, (Prompt.WAIT_FOR_ORGANISER,))),
    "a bridge open for anyone lets nobody wait (R9)": (
        replace(OPEN_DOOR, open_for_anyone=True), replace(STRANGER, digits=""),
        replace(STATE, opened=False), Enter(Role.USER)),
    "the PIN makes an administrator (R6)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), STATE, Enter(Role.ADMIN)),
    "with a password one is asked for it": (
        WITH_PASSWORD, STRANGER, STATE, Ask((Prompt.ENTER_CODE,), CODE_WAIT, 0)),
    "the password enters as user (R9)": (
        WITH_PASSWORD, replace(STRANGER, digits=PASSWORD), STATE, Enter(Role.USER)),
    "the PIN opens a bridge with password too (R6)": (
        WITH_PASSWORD, replace(STRANGER, digits=PIN), STATE, Enter(Role.ADMIN)),
    "a wrong PIN is told, counted and asked again (R10)": (
        OPEN_DOOR, replace(STRANGER, digits="1"), STATE,
        Ask((Prompt.WRONG_CODE, Prompt.WELCOME), CODE_WAIT, 1, 0.0, wrong_code=True)),
    "a wrong password is told, counted and asked again (R10)": (
        WITH_PASSWORD, replace(STRANGER, digits="1", tries=1), STATE,
        Ask((Prompt.WRONG_CODE, Prompt.ENTER_CODE), CODE_WAIT, 2, 0.0, wrong_code=True)),
    "the third wrong code is told and ends the call (R10)": (
        WITH_PASSWORD, replace(STRANGER, digits="1", tries=2), STATE,
        Refuse((Prompt.WRONG_CODE, Prompt.GOODBYE), 0.0, wrong_code=True)),
    "a wrong code is answered the later, the more were wrong (B2)": (
        WITH_PASSWORD, replace(STRANGER, digits="1"), replace(STATE, lockout=Verdict(None, None, 4.0)),
        Ask((Prompt.WRONG_CODE, Prompt.ENTER_CODE), CODE_WAIT, 1, 4.0, wrong_code=True)),
    "nothing keyed where a password is needed is asked again, and counts no guess": (
        WITH_PASSWORD, replace(STRANGER, digits=""), STATE, Ask((Prompt.ENTER_CODE,), CODE_WAIT, 1)),
    "nothing keyed three times ends the call": (
        WITH_PASSWORD, replace(STRANGER, digits="", tries=2), STATE, Refuse((Prompt.GOODBYE,))),
    "a locked-out bridge compares no code, not even the right one (B2)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), replace(STATE, lockout=LOCKED),
        Refuse((Prompt.LOCKED_OUT, Prompt.GOODBYE))),
    "a locked-out bridge with password says so at once (B2)": (
        WITH_PASSWORD, STRANGER, replace(STATE, lockout=LOCKED),
        Refuse((Prompt.LOCKED_OUT, Prompt.GOODBYE))),
    "a locked-out bridge without password still lets its participants in": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, lockout=LOCKED), Enter(Role.USER)),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_admission(row: tuple) -> None:
    bridge, caller, state, expected = row
    assert decide(bridge, caller, state) == expected


@given(
    digits=st.none() | st.text("0123456789*#ABCD", max_size=300),
    tries=st.integers(0, TRIES),
    password=st.sampled_from(["", PASSWORD]),
    locked=st.booleans(),
    phone=st.sampled_from([None, "102", "101 ", ""]),
)
def test_nobody_becomes_administrator_without_the_pin_or_an_organisers_phone(
    digits: str | None, tries: int, password: str, locked: bool, phone: str | None
) -> None:
    bridge = replace(OPEN_DOOR, password=password)
    state = replace(STATE, lockout=LOCKED if locked else FREE)
    decision = decide(bridge, Caller(phone, digits, tries), state)
    if decision == Enter(Role.ADMIN):
        assert digits == PIN
        assert not locked
    elif isinstance(decision, Enter) and password:
        assert digits == PASSWORD
        assert not locked
