"""Service codes as a table: every code, both roles, and what the state makes of it (R13 to R22)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from appliance.conferences.service_codes import (
    FOR_USERS,
    SWITCHES,
    AskFor,
    Code,
    Effect,
    End,
    Member,
    MuteSelf,
    Pin,
    Promote,
    Say,
    State,
    Switch,
    Turn,
    mute_wanted,
    outcome,
    respond,
)
from appliance.models import ConferenceRole, HistoryEffect
from appliance.speech.prompts import Prompt

STATES = [
    State(True, locked, muted, paused, announcing, recording, 3)
    for locked, muted, paused, announcing, recording in product((False, True), repeat=5)
]
USER, ADMIN = Member(ConferenceRole.USER, False, False), Member(ConferenceRole.ADMIN, False, False)
UNAVAILABLE = (Say((Prompt.CODE_UNAVAILABLE,)),)


def press(
    state: State, member: Member, code: str, digits: str | None = None, pin: Pin | None = None
) -> tuple[Effect, ...]:
    return respond(state, member, code, digits=digits, pin=pin, language="fr")


@pytest.mark.parametrize("state", STATES)
def test_a_user_may_do_nothing_of_an_administrators_in_any_state(state: State) -> None:
    for code in set(Code) - FOR_USERS:
        assert press(state, USER, code) == UNAVAILABLE
    for other in ("8", "hash", "", "10", "\n"):
        assert press(state, USER, other) == press(state, ADMIN, other) == UNAVAILABLE


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("code", "switch"), SWITCHES.items())
def test_each_switch_turns_to_what_it_was_not_and_says_so(state: State, code: Code, switch: Switch) -> None:
    first, *rest = press(state, ADMIN, code)
    assert first == Turn(switch, not getattr(state, switch))
    # "Recording has started" is said once it is true, to all.
    assert len(rest) == (0 if switch is Switch.RECORDING else 1)


@pytest.mark.parametrize("state", STATES)
def test_r15_own_mute_and_who_may_not_undo_it(state: State) -> None:
    assert press(state, ADMIN, Code.MUTE)[0] == MuteSelf(True)
    assert press(state, replace(ADMIN, muted_by_admin=True), Code.MUTE)[0] == MuteSelf(False)
    mine = press(state, USER, Code.MUTE)
    assert mine == (Say((Prompt.CANNOT_UNMUTE,)),) if state.muted_all else mine[0] == MuteSelf(True)
    assert press(state, replace(USER, muted_by_admin=True), Code.MUTE) == (Say((Prompt.CANNOT_UNMUTE,)),)


def test_r13_the_pin_alone_promotes() -> None:
    state = STATES[0]
    assert press(state, USER, Code.ADMIN) == (AskFor(Prompt.ENTER_PIN),)
    assert press(state, USER, Code.ADMIN, "1", Pin.RIGHT)[0] == Promote()
    for digits, pin in (("", None), ("1", None), ("1", Pin.WRONG), ("1", Pin.LOCKED_OUT)):
        assert Promote() not in press(state, USER, Code.ADMIN, digits, pin)
    assert press(state, ADMIN, Code.ADMIN, "1", Pin.RIGHT) == (Say((Prompt.ALREADY_ADMIN,)),)


def test_r21_the_end_needs_its_confirmation() -> None:
    assert press(STATES[0], ADMIN, Code.END) == (AskFor(Prompt.CONFIRM_END),)
    assert press(STATES[0], ADMIN, Code.END, "1") == (End(),)
    for digits in ("", "2", "11"):
        assert press(STATES[0], ADMIN, Code.END, digits) == (Say((Prompt.GOES_ON,)),)


def test_r14_one_person_is_told_that_they_are_alone() -> None:
    assert press(replace(STATES[0], people=1), ADMIN, Code.COUNT) == (Say((Prompt.ALONE,)),)
    assert press(replace(STATES[0], people=71), ADMIN, Code.COUNT) == (
        Say((Prompt.PEOPLE_ARE, "digits/60", "digits/et", "digits/11", Prompt.PEOPLE_IN)),
    )


def test_r22_help_names_what_one_may_press() -> None:
    ((user,), (admin,)) = press(STATES[0], USER, Code.HELP), press(STATES[0], ADMIN, Code.HELP)
    assert user == Say((Prompt.HELP_MUTE, Prompt.HELP_ADMIN))
    assert isinstance(admin, Say)
    assert len(admin.files) == 8
    assert Prompt.HELP_ADMIN not in admin.files


OUTCOMES = {
    Code.END: {HistoryEffect.ENDED, HistoryEffect.NOT_ENDED, HistoryEffect.UNAVAILABLE},
    Code.COUNT: {HistoryEffect.COUNTED, HistoryEffect.UNAVAILABLE},
    Code.MUTE: {HistoryEffect.SELF_MUTED, HistoryEffect.SELF_UNMUTED, HistoryEffect.CANNOT_UNMUTE},
    Code.MUTE_ALL: {HistoryEffect.MUTED_ALL_ON, HistoryEffect.MUTED_ALL_OFF, HistoryEffect.UNAVAILABLE},
    Code.PAUSE: {HistoryEffect.PAUSED_ON, HistoryEffect.PAUSED_OFF, HistoryEffect.UNAVAILABLE},
    Code.ANNOUNCE: {HistoryEffect.ANNOUNCING_ON, HistoryEffect.ANNOUNCING_OFF, HistoryEffect.UNAVAILABLE},
    Code.LOCK: {HistoryEffect.LOCKED_ON, HistoryEffect.LOCKED_OFF, HistoryEffect.UNAVAILABLE},
    Code.RECORD: {HistoryEffect.RECORDING_ON, HistoryEffect.RECORDING_OFF, HistoryEffect.UNAVAILABLE},
    Code.ADMIN: {
        HistoryEffect.PROMOTED, HistoryEffect.NO_PIN, HistoryEffect.WRONG_PIN, HistoryEffect.LOCKED_OUT,
        HistoryEffect.ALREADY_ADMIN,
    },
    Code.HELP: {HistoryEffect.HELPED},
    "8": {HistoryEffect.UNAVAILABLE},
    "hash": {HistoryEffect.UNAVAILABLE},
    "": {HistoryEffect.UNAVAILABLE},
}  # fmt: skip
"""All that the history may say came of each code."""
PRESSES = [(None, None), ("", None), ("1", None), ("2", None), *(("1", pin) for pin in Pin)]
"""Digits that follow a code, and what became of them."""


@pytest.mark.parametrize("code", OUTCOMES)
def test_each_code_that_does_not_ask_has_an_outcome_for_the_history(code: str) -> None:
    found = set()
    for state, people, role, muted, by_admin, (digits, pin) in product(
        STATES, (1, 3), ConferenceRole, (False, True), (False, True), PRESSES
    ):
        effects = press(replace(state, people=people), Member(role, muted, by_admin), code, digits, pin)
        if isinstance(effects[0], AskFor):
            with pytest.raises(ValueError, match="no outcome yet"):
                outcome(code, effects)
            continue
        came = outcome(code, effects)
        assert (came is HistoryEffect.UNAVAILABLE) == (effects == UNAVAILABLE)
        found.add(came)
    assert found == OUTCOMES[code]


def test_r16_mute_all_spares_administrators_and_forgets_nobodys_own_mute() -> None:
    for own, by_admin in product((False, True), repeat=2):
        assert mute_wanted(ConferenceRole.USER, own, by_admin, muted_all=True)
        assert mute_wanted(ConferenceRole.ADMIN, own, by_admin, muted_all=True) == (own or by_admin)
        assert mute_wanted(ConferenceRole.USER, own, by_admin, muted_all=False) == (own or by_admin)
