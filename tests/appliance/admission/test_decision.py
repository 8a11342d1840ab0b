"""Admission as a table: who enters, is asked or refused (R1, R3, R5 to R7, R9, R10, R16, R19 to R21, B2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.access_codes.lockout import Verdict
from appliance.admission.decision import (
    CODE_TIMEOUT_S,
    CONSENT_TIMEOUT_S,
    MAX_TRIES,
    WELCOME_TIMEOUT_S,
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
    "an unknown number is refused with a prompt (R3)": (
        None, STRANGER, STATE, Refuse((Prompt.UNKNOWN_NUMBER, Prompt.GOODBYE))),
    "a service that is off refuses everybody, also the organiser (R1)": (
        replace(OPEN_DOOR, service_enabled=False), Caller("101"), STATE,
        Refuse((Prompt.SERVICE_OFF, Prompt.GOODBYE))),
    "a full box refuses a call before it asks for anything": (
        OPEN_DOOR, STRANGER, replace(STATE, calls=10), Refuse((Prompt.FULL, Prompt.GOODBYE))),
    "a caller who was asked already is not refused by a full box": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, calls=10), Enter(USER)),
    "the organiser's own phone is administrator with no PIN (R5)": (
        WITH_PASSWORD, Caller("101"), STATE, Enter(ADMIN)),
    "a co-organiser's phone is administrator with no PIN (R12)": (
        WITH_PASSWORD, Caller("104"), STATE, Enter(ADMIN)),
    "guessers do not lock the organiser's phone out (B2)": (
        WITH_PASSWORD, Caller("101"), replace(STATE, lockout=LOCKED), Enter(ADMIN)),
    "another phone of the box is asked as outside callers are": (
        OPEN_DOOR, Caller("102"), STATE, Ask((Prompt.WELCOME,), WELCOME_TIMEOUT_S, 0)),
    "a bridge without password welcomes, and accepts a PIN meanwhile (R6)": (
        OPEN_DOOR, STRANGER, STATE, Ask((Prompt.WELCOME,), WELCOME_TIMEOUT_S, 0)),
    "no digits during the welcome admit as user (R9)": (
        OPEN_DOOR, replace(STRANGER, digits=""), STATE, Enter(USER)),
    "a user before the opening hears that they wait (R9)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, opened=False),
        Enter(USER, (Prompt.WAIT_FOR_ORGANISER,))),
    "a bridge open for anyone lets no user wait (R9)": (
        replace(OPEN_DOOR, open_for_anyone=True), replace(STRANGER, digits=""),
        replace(STATE, opened=False), Enter(USER)),
    "the PIN makes an administrator (R6)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), STATE, Enter(ADMIN)),
    "a bridge with a password asks for it": (
        WITH_PASSWORD, STRANGER, STATE, Ask((Prompt.ENTER_CODE,), CODE_TIMEOUT_S, 0)),
    "the password enters as user (R9)": (
        WITH_PASSWORD, replace(STRANGER, digits=PASSWORD), STATE, Enter(USER)),
    "the PIN opens a bridge with password too (R6)": (
        WITH_PASSWORD, replace(STRANGER, digits=PIN), STATE, Enter(ADMIN)),
    "a wrong PIN is counted and asked for again (R10)": (
        OPEN_DOOR, replace(STRANGER, digits="1"), STATE,
        Ask((Prompt.WRONG_CODE, Prompt.WELCOME), CODE_TIMEOUT_S, 1, 0.0, wrong_code=True)),
    "a wrong password is counted and asked for again (R10)": (
        WITH_PASSWORD, replace(STRANGER, digits="1", tries=1), STATE,
        Ask((Prompt.WRONG_CODE, Prompt.ENTER_CODE), CODE_TIMEOUT_S, 2, 0.0, wrong_code=True)),
    "the third wrong code ends the call (R10)": (
        WITH_PASSWORD, replace(STRANGER, digits="1", tries=2), STATE,
        Refuse((Prompt.WRONG_CODE, Prompt.GOODBYE), 0.0, wrong_code=True)),
    "each wrong code is answered later than the one before (B2)": (
        WITH_PASSWORD, replace(STRANGER, digits="1"), replace(STATE, lockout=Verdict(None, None, 4.0)),
        Ask((Prompt.WRONG_CODE, Prompt.ENTER_CODE), CODE_TIMEOUT_S, 1, 4.0, wrong_code=True)),
    "no digits where a password is needed are asked for again and count no guess": (
        WITH_PASSWORD, replace(STRANGER, digits=""), STATE, Ask((Prompt.ENTER_CODE,), CODE_TIMEOUT_S, 1)),
    "no digits three times end the call": (
        WITH_PASSWORD, replace(STRANGER, digits="", tries=2), STATE, Refuse((Prompt.GOODBYE,))),
    "a locked-out bridge compares no code, not even the right one (B2)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), replace(STATE, lockout=LOCKED),
        Refuse((Prompt.LOCKED_OUT, Prompt.GOODBYE))),
    "a locked-out bridge with password refuses before it asks (B2)": (
        WITH_PASSWORD, STRANGER, replace(STATE, lockout=LOCKED),
        Refuse((Prompt.LOCKED_OUT, Prompt.GOODBYE))),
    "a locked-out bridge without password still lets its participants in": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, lockout=LOCKED), Enter(USER)),
    "an admitted caller is asked for a name, in the role they were admitted in (R7)": (
        OPEN_DOOR, replace(STRANGER, digits=""), NAMES, AskName(USER, (Prompt.SAY_NAME,))),
    "an administrator with PIN is asked for a name (R7)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), NAMES, AskName(ADMIN, (Prompt.SAY_NAME,))),
    "the organiser's phone is asked for a name (R7)": (
        OPEN_DOOR, Caller("101"), NAMES, AskName(ADMIN, (Prompt.SAY_NAME,))),
    "the code is asked for before the name (R7)": (
        WITH_PASSWORD, STRANGER, NAMES, Ask((Prompt.ENTER_CODE,), CODE_TIMEOUT_S, 0)),
    "a caller with a wrong code is not asked for a name (R7)": (
        OPEN_DOOR, replace(STRANGER, digits="1"), NAMES,
        Ask((Prompt.WRONG_CODE, Prompt.WELCOME), CODE_TIMEOUT_S, 1, 0.0, wrong_code=True)),
    "a caller who was asked for a name enters, also without saying it (R7)": (
        WITH_PASSWORD, NAMED, NAMES, Enter(USER)),
    "an administrator with PIN stays administrator after the name (R6)": (
        WITH_PASSWORD, replace(NAMED, admitted=ADMIN), NAMES, Enter(ADMIN)),
    "a caller who said a name is asked for no code, also of a locked-out bridge (B2)": (
        WITH_PASSWORD, NAMED, replace(STATE, lockout=LOCKED), Enter(USER)),
    "digits from before the name do not count again": (
        WITH_PASSWORD, replace(NAMED, digits="1", tries=2), STATE, Enter(USER)),
    "a caller who was asked for a name is not refused by a full box": (
        OPEN_DOOR, NAMED, replace(STATE, calls=10), Enter(USER)),
    "the organiser's phone is asked for a name once (R5)": (
        OPEN_DOOR, Caller("101", admitted=ADMIN, named=True), NAMES, Enter(ADMIN)),
    "a service switched off during the name refuses the caller (R1)": (
        replace(OPEN_DOOR, service_enabled=False), NAMED, STATE,
        Refuse((Prompt.SERVICE_OFF, Prompt.GOODBYE))),
    "ended conference refuses a caller on the way in (R21)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, ended=True), OVER),
    "ended conference refuses the organiser's phone (R21)": (
        OPEN_DOOR, Caller("101"), replace(STATE, ended=True), OVER),
    "ended conference refuses the right PIN (R21)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), replace(STATE, ended=True), OVER),
    "ended conference refuses a caller who was saying a name (R21)": (
        OPEN_DOOR, NAMED, replace(STATE, ended=True), OVER),
    "an ended conference compares no code (R21, B2)": (
        OPEN_DOOR, replace(STRANGER, digits="1"), replace(STATE, ended=True), OVER),
    "locked conference refuses a participant (R19)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, locked=True), SHUT),
    "locked conference refuses the password (R19)": (
        WITH_PASSWORD, replace(STRANGER, digits=PASSWORD), replace(STATE, locked=True), SHUT),
    "locked conference refuses a caller who was saying a name (R19)": (
        OPEN_DOOR, NAMED, replace(STATE, locked=True), SHUT),
    "locked conference refuses before it asks for a name (R19)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(NAMES, locked=True), SHUT),
    "locked conference admits an administrator with PIN (R19)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), replace(STATE, locked=True), Enter(ADMIN)),
    "locked conference admits the organiser's phone (R19)": (
        OPEN_DOOR, Caller("101"), replace(STATE, locked=True), Enter(ADMIN)),
    "locked conference still welcomes, so that a PIN can be entered (R19)": (
        OPEN_DOOR, STRANGER, replace(STATE, locked=True), Ask((Prompt.WELCOME,), WELCOME_TIMEOUT_S, 0)),
    "mute all mutes a user who enters, who hears it (R16)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, muted_all=True),
        Enter(USER, (Prompt.IS_MUTED,), muted=True)),
    "mute all spares an administrator who enters (R16)": (
        OPEN_DOOR, replace(STRANGER, digits=PIN), replace(STATE, muted_all=True), Enter(ADMIN)),
    "a user who enters a recorded conference hears it (R20)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(STATE, recording=True),
        Enter(USER, (Prompt.IS_RECORDED,))),
    "an administrator who enters a recorded conference hears it (R20)": (
        OPEN_DOOR, Caller("101"), replace(STATE, recording=True),
        Enter(ADMIN, (Prompt.IS_RECORDED,))),
    "a user is asked for consent to be recorded (B3)": (
        OPEN_DOOR, replace(STRANGER, digits=""), CONSENT,
        AskConsent(USER, (Prompt.ASK_CONSENT,), CONSENT_TIMEOUT_S)),
    "a user who consents enters without a second notice (B3)": (
        OPEN_DOOR, replace(ASKED, consents=True), CONSENT, Enter(USER)),
    "a user who does not consent is refused (B3)": (
        OPEN_DOOR, replace(ASKED, consents=False), CONSENT, Refuse((Prompt.NO_CONSENT, Prompt.GOODBYE))),
    "a user who consents is asked for a name next (R7, B3)": (
        OPEN_DOOR, replace(ASKED, consents=True), replace(CONSENT, names_wanted=True),
        AskName(USER, (Prompt.SAY_NAME,))),
    "a conference that is not recorded asks for no consent (B3)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(CONSENT, recording=False), Enter(USER)),
    "locked conference asks for no consent (R19, B3)": (
        OPEN_DOOR, replace(STRANGER, digits=""), replace(CONSENT, locked=True), SHUT),
    "an administrator hears that it is recorded and is not asked (B3)": (
        OPEN_DOOR, Caller("101"), CONSENT, Enter(ADMIN, (Prompt.IS_RECORDED,))),
    "all notices are played, in one order (R9, R16, R20)": (
        OPEN_DOOR, NAMED, replace(STATE, opened=False, muted_all=True, recording=True),
        Enter(USER, (Prompt.IS_RECORDED, Prompt.IS_MUTED, Prompt.WAIT_FOR_ORGANISER), muted=True)),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_admission(row: tuple[BridgeFacts | None, Caller, BoxState, Decision]) -> None:
    bridge, caller, state, expected = row
    assert decide(bridge, caller, state) == expected


@given(
    digits=st.none() | st.text("0123456789*#ABCD", max_size=300),
    tries=st.integers(0, MAX_TRIES),
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
