"""Admission as a table: who enters, is asked or refused (R1, R3, R5 to R7, R9, R10, R16, R19 to R21, B2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.access_codes.lockout import Verdict
from appliance.admission.decision import (
    CODE_WAIT,
    CONSENT_WAIT,
    TRIES,
    WELCOME_WAIT,
    Ask,
    AskConsent,
    AskName,
    BoxState,
    BridgeFacts,
    Caller,
    Decision,
    Enter,
    Refuse,
    decide,
)
from appliance.models import ConferenceRole
from appliance.speech.prompts import Prompt

PIN, PASSWORD = "471199", "8520"
ADMIN, USER = ConferenceRole
FREE = Verdict(None, None, 0.0)
LOCKED = Verdict(99.0, "bridge", 0.0)
OPEN_DOOR = BridgeFacts(7, True, lambda digits: digits == PIN, "", False, frozenset({"101", "104"}))
WITH_PASSWORD = replace(OPEN_DOOR, password=PASSWORD)
STATE = BoxState(calls=3, limit=10, lockout=FREE, opened=True)
STRANGER = Caller(phone=None)
NAMES = replace(STATE, names_wanted=True)
NAMED = Caller(phone=None, digits="", admitted=USER, named=True)
CONSENT = replace(STATE, recording=True, consent_wanted=True)
ASKED = Caller(phone=None, digits="", admitted=USER)
OVER, SHUT = Refuse((Prompt.ENDED, Prompt.GOODBYE)), Refuse((Prompt.IS_LOCKED, Prompt.GOODBYE))

ROWS = {
    "an unknown number says so (R3)": (
        None, STRANGER, STATE, Refuse((Prompt.UNKNOWN_NUMBER, Prompt.GOODBYE))),
    "service off is told, to the organiser too (R1)": (
        replace(OPEN_DOOR, service_enabled=False), Caller("101"), STATE,
        Refuse((Prompt.SERVICE_OFF, Prompt.GOODBYE))),
    "a full box is told before anything is asked": (
        OPEN_DOOR, STRANGER, replace(STATE, calls=10), Refuse((Prompt.FULL, Prompt.GOODBYE))),
    "who was asked already counts among the admitted": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, calls=10), Enter(USER)),
    "the organiser's own phone is administrator with no PIN (R5)": (
        WITH_PASSWORD, Caller("101"), STATE, Enter(ADMIN)),
    "a co-organiser's phone as well (R12)": (WITH_PASSWORD, Caller("104"), STATE, Enter(ADMIN)),
    "guessers do not lock the organiser's phone out (B2)": (
        WITH_PASSWORD, Caller("101"), replace(STATE, lockout=LOCKED), Enter(ADMIN)),
    "another phone of the box is asked like anyone": (
        OPEN_DOOR, Caller("102"), STATE, Ask((Prompt.WELCOME,), WELCOME_WAIT, 0)),
    "without a password a short welcome, during which a PIN may be keyed (R6)": (
        OPEN_DOOR, STRANGER, STATE, Ask((Prompt.WELCOME,), WELCOME_WAIT, 0)),
    "nothing keyed at the welcome enters as user (R9)": (
        OPEN_DOOR, replace(STRANGER, digits=""), STATE, Enter(USER)),
    "who comes before the opening is told that they wait (R9)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, opened=False),
        Enter(USER, (Prompt.WAIT_FOR_ORGANISER,))),
    "a bridge open for anyone lets nobody wait (R9)": (
        replace(OPEN_DOOR, open_for_anyone=True), replace(STRANGER, digits=""),
        replace(STATE, opened=False), Enter(USER)),
    "the PIN makes an administrator (R6)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), STATE, Enter(ADMIN)),
    "with a password one is asked for it": (
        WITH_PASSWORD, STRANGER, STATE, Ask((Prompt.ENTER_CODE,), CODE_WAIT, 0)),
    "the password enters as user (R9)": (
        WITH_PASSWORD, replace(STRANGER, digits=PASSWORD), STATE, Enter(USER)),
    "the PIN opens a bridge with password too (R6)": (
        WITH_PASSWORD, replace(STRANGER, digits=PIN), STATE, Enter(ADMIN)),
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
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, lockout=LOCKED), Enter(USER)),
    "who may enter is asked for their name first, in the role they were admitted in (R7)": (
        OPEN_DOOR, replace(STRANGER, digits=""), NAMES, AskName(USER, (Prompt.SAY_NAME,))),
    "so is who keyed the PIN (R7)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), NAMES, AskName(ADMIN, (Prompt.SAY_NAME,))),
    "so is the organiser on their own phone (R7)": (
        OPEN_DOOR, Caller("101"), NAMES, AskName(ADMIN, (Prompt.SAY_NAME,))),
    "the code is asked for before the name (R7)": (
        WITH_PASSWORD, STRANGER, NAMES, Ask((Prompt.ENTER_CODE,), CODE_WAIT, 0)),
    "who keyed a wrong code is not asked for a name (R7)": (
        OPEN_DOOR, replace(STRANGER, digits="1"), NAMES,
        Ask((Prompt.WRONG_CODE, Prompt.WELCOME), CODE_WAIT, 1, 0.0, wrong_code=True)),
    "who was asked for their name enters, whether they said it or not (R7)": (
        WITH_PASSWORD, NAMED, NAMES, Enter(USER)),
    "who keyed the PIN is administrator after their name too (R6)": (
        WITH_PASSWORD, replace(NAMED, admitted=ADMIN), NAMES, Enter(ADMIN)),
    "after their name no code is asked for again, not even of a locked-out bridge (B2)": (
        WITH_PASSWORD, NAMED, replace(STATE, lockout=LOCKED), Enter(USER)),
    "nor does what they keyed before count again": (
        WITH_PASSWORD, replace(NAMED, digits="1", tries=2), STATE, Enter(USER)),
    "who was asked for their name already counts among the admitted": (
        OPEN_DOOR, NAMED, replace(STATE, calls=10), Enter(USER)),
    "the organiser's phone is asked for a name once (R5)": (
        OPEN_DOOR, Caller("101", admitted=ADMIN, named=True), NAMES, Enter(ADMIN)),
    "a service switched off while they said their name is told (R1)": (
        replace(OPEN_DOOR, service_enabled=False), NAMED, STATE,
        Refuse((Prompt.SERVICE_OFF, Prompt.GOODBYE))),
    "a conference ended for all lets nobody in who was on their way (R21)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, ended=True), OVER),
    "nor the organiser (R21)": (OPEN_DOOR, Caller("101"), replace(STATE, ended=True), OVER),
    "nor who keys the right PIN (R21)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), replace(STATE, ended=True), OVER),
    "nor who was saying their name (R21)": (OPEN_DOOR, NAMED, replace(STATE, ended=True), OVER),
    "an ended conference compares no code (R21, B2)": (
        OPEN_DOOR, replace(STRANGER, digits="1"), replace(STATE, ended=True), OVER),
    "a locked conference lets no participant in and says so (R19)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, locked=True), SHUT),
    "nor one with the password (R19)": (
        WITH_PASSWORD, replace(STRANGER, digits=PASSWORD), replace(STATE, locked=True), SHUT),
    "nor one who said their name while it was locked (R19)": (
        OPEN_DOOR, NAMED, replace(STATE, locked=True), SHUT),
    "nor asks them for their name before it says so (R19)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(NAMES, locked=True), SHUT),
    "an administrator with the PIN still gets in (R19)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), replace(STATE, locked=True), Enter(ADMIN)),
    "and the organiser's phone (R19)": (
        OPEN_DOOR, Caller("101"), replace(STATE, locked=True), Enter(ADMIN)),
    "so who dials a locked conference may still key the PIN (R19)": (
        OPEN_DOOR, STRANGER, replace(STATE, locked=True), Ask((Prompt.WELCOME,), WELCOME_WAIT, 0)),
    "who enters while all are muted is muted from the first moment on, and told (R16)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, muted_all=True),
        Enter(USER, (Prompt.IS_MUTED,), muted=True)),
    "an administrator is audible and is told nothing (R16)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), replace(STATE, muted_all=True), Enter(ADMIN)),
    "who enters a conference that is recorded is told (R20)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, recording=True),
        Enter(USER, (Prompt.IS_RECORDED,))),
    "an administrator too (R20)": (
        OPEN_DOOR, Caller("101"), replace(STATE, recording=True),
        Enter(ADMIN, (Prompt.IS_RECORDED,))),
    "where consent is wanted, who would be recorded is asked for it (B3)": (
        OPEN_DOOR, replace(STRANGER, digits=""), CONSENT,
        AskConsent(USER, (Prompt.ASK_CONSENT,), CONSENT_WAIT)),
    "who accepts enters, and is not told once more (B3)": (
        OPEN_DOOR, replace(ASKED, consents=True), CONSENT, Enter(USER)),
    "who does not accept is out (B3)": (
        OPEN_DOOR, replace(ASKED, consents=False), CONSENT, Refuse((Prompt.NO_CONSENT, Prompt.GOODBYE))),
    "who accepted is asked for their name next (R7, B3)": (
        OPEN_DOOR, replace(ASKED, consents=True), replace(CONSENT, names_wanted=True),
        AskName(USER, (Prompt.SAY_NAME,))),
    "who is not recorded is not asked (B3)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(CONSENT, recording=False), Enter(USER)),
    "nor in a conference that they cannot enter (R19, B3)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(CONSENT, locked=True), SHUT),
    "an administrator is told, not asked (B3)": (
        OPEN_DOOR, Caller("101"), CONSENT, Enter(ADMIN, (Prompt.IS_RECORDED,))),
    "all that is to be told is told, in one order (R9, R16, R20)": (
        OPEN_DOOR, NAMED, replace(STATE, opened=False, muted_all=True, recording=True),
        Enter(USER, (Prompt.IS_RECORDED, Prompt.IS_MUTED, Prompt.WAIT_FOR_ORGANISER), muted=True)),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_admission(row: tuple[BridgeFacts | None, Caller, BoxState, Decision]) -> None:
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
    if decision == Enter(ADMIN):
        assert digits == PIN
        assert not locked
    elif isinstance(decision, Enter) and password:
        assert digits == PASSWORD
        assert not locked
