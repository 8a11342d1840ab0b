"""What each code does to the database (R13 to R22)."""

from __future__ import annotations

import pytest

from appliance.access_codes.lockout import BRIDGE_LIMIT, CALLER_LIMIT
from appliance.conferences import control, presence
from appliance.conferences.control import Pressed
from appliance.conferences.service_codes import Code, Switch
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    ConferenceRole,
    HistoryEffect,
    HistoryEntry,
    HistoryEvent,
    Participation,
    PinFailure,
    Recording,
)
from appliance.recordings import lifecycle
from appliance.speech.prompts import Prompt
from tests.appliance.conferences.control.conference import (
    NOW,
    OUTSIDE,
    PIN,
    SWITCHES,
    enter,
    fresh,
    history,
    press,
    switches,
    to_be_said,
)
from tests.appliance.people import KEY, add_phone


@pytest.mark.parametrize("code", SWITCHES)
def test_r16_to_r19_a_switch_is_turned_told_and_noted_and_the_second_press_turns_it_back(
    admin: Participation, code: Code
) -> None:
    switch, on, off = SWITCHES[code]
    conference = admin.conference_id
    before = switches(conference)
    said = {True: [(on, "1.1", None)], False: [(off, "1.1", None)]}
    said[True] = [] if switch is Switch.PAUSED else said[True]
    assert press(admin, code) == Pressed(
        (on,), bridge_id=admin.conference.bridge_id, role=ConferenceRole.ADMIN
    )
    assert switches(conference) == before | {switch: True}
    assert to_be_said(conference) == said[True]
    assert press(admin, code).files == (off,)
    assert switches(conference) == before
    assert to_be_said(conference) == said[True] + said[False]
    assert history(conference) == [
        ("1.1", "", f"*{code} {switch}_on"),
        ("1.1", "", f"*{code} {switch}_off"),
    ]


def test_r17_the_pause_itself_is_told_by_its_music_and_its_end_is_said(admin: Participation) -> None:
    assert press(admin, Code.PAUSE).files == (Prompt.PAUSED,)
    assert to_be_said(admin.conference_id) == []
    press(admin, Code.PAUSE)
    assert to_be_said(admin.conference_id) == [(Prompt.RESUMED, "1.1", None)]


def test_r20_recording_starts_silently_and_its_end_is_said_to_all(admin: Participation) -> None:
    assert press(admin, Code.RECORD).files == ()
    (recording,) = Recording.select()
    assert (recording.state, recording.started_at, recording.ended_at) == ("starting", NOW, None)
    assert to_be_said(admin.conference_id) == [], "it is said once it captures"
    lifecycle.mark_running(recording.id, NOW)
    assert to_be_said(admin.conference_id) == [(Prompt.RECORDING_ON, None, None)]
    Announcement.delete().execute()
    assert press(admin, Code.RECORD, now=NOW + 60).files == ()
    (recording,) = Recording.select()
    assert (recording.state, recording.ended_at) == ("waiting", NOW + 60)
    assert to_be_said(admin.conference_id) == [(Prompt.RECORDING_OFF, None, None)], "also to who pressed"
    assert [row[2] for row in history(admin.conference_id)] == ["*7 recording_on", "*7 recording_off"]
    press(admin, Code.RECORD)
    assert Recording.select().count() == 2, "the third press begins another one"


def test_r20_the_end_of_a_recording_that_nobody_was_told_of_is_not_said(admin: Participation) -> None:
    for _ in range(2):
        press(admin, Code.RECORD)
    for on in (True, False):
        assert control.turn(admin.conference, Switch.RECORDING, on, OUTSIDE, NOW) is True
    assert to_be_said(admin.conference_id) == []
    assert [row.state for row in Recording.select()] == ["waiting", "waiting"]
    assert [row[2] for row in history(admin.conference_id)] == ["*7 recording_on", "*7 recording_off"]
    assert [row[2] for row in history(admin.conference_id, HistoryEvent.SWITCHED)] == [
        HistoryEffect.RECORDING_ON,
        HistoryEffect.RECORDING_OFF,
    ]


def test_r14_the_count_says_how_many_are_in_and_changes_nothing(
    bridge: Bridge, admin: Participation, user: Participation
) -> None:
    enter(bridge, 3)
    presence.record_leave("1.2", NOW)
    assert press(admin, Code.COUNT).files == (Prompt.PEOPLE_ARE, "digits/2", Prompt.PEOPLE_IN)
    presence.record_leave("1.3", NOW)
    assert press(admin, Code.COUNT).files == (Prompt.ALONE,)
    assert history(user.conference_id) == [
        ("1.1", "", "*1 counted"),
        ("1.1", "", "*1 counted"),
    ]
    assert to_be_said(user.conference_id) == []


def test_r15_one_mutes_themselves_and_speaks_again_and_nobody_else_is_told(user: Participation) -> None:
    assert press(user, Code.MUTE).files == (Prompt.SELF_MUTED,)
    assert (fresh(user).muted, fresh(user).muted_by_admin) == (True, False)
    assert press(user, Code.MUTE).files == (Prompt.SELF_UNMUTED,)
    assert fresh(user).muted is False
    assert history(user.conference_id) == [("1.2", "", "*2 self_muted"), ("1.2", "", "*2 self_unmuted")]
    assert to_be_said(user.conference_id) == []


def test_r15_a_user_muted_by_an_administrator_stays_so_and_an_administrator_frees_themselves(
    admin: Participation, user: Participation
) -> None:
    for person in (admin, user):
        control.mute(person, True, OUTSIDE, NOW)
    assert press(user, Code.MUTE).files == (Prompt.CANNOT_UNMUTE,)
    assert fresh(user).muted_by_admin is True
    assert history(user.conference_id) == [("1.2", "", "*2 cannot_unmute")]
    assert press(admin, Code.MUTE).files == (Prompt.SELF_UNMUTED,)
    assert (fresh(admin).muted, fresh(admin).muted_by_admin) == (False, False)


def test_r16_the_state_that_one_press_leaves_is_what_the_next_press_meets(
    admin: Participation, user: Participation
) -> None:
    press(user, Code.MUTE)
    press(admin, Code.MUTE_ALL)
    assert press(user, Code.MUTE).files == (Prompt.CANNOT_UNMUTE,)
    press(admin, Code.MUTE_ALL)
    assert fresh(user).muted is True, "their own mute is forgotten by nobody"


def test_r22_help_is_read_out_by_role_and_noted_by_its_keys(
    admin: Participation, user: Participation
) -> None:
    assert press(user, Code.HELP).files == (Prompt.HELP_MUTE, Prompt.HELP_ADMIN)
    assert len(press(admin, Code.HELP).files) == 8
    assert [row[2] for row in history(admin.conference_id)] == [
        "** helped",
        "** helped",
    ]


@pytest.mark.parametrize("code", ["8", "hash", "", "*" * 300])
def test_r22_any_other_code_is_not_available_and_nothing_happens(admin: Participation, code: str) -> None:
    before = switches(admin.conference_id)
    pressed = press(admin, code)
    assert (pressed.files, pressed.asks) == ((Prompt.CODE_UNAVAILABLE,), False)
    assert switches(admin.conference_id) == before
    assert to_be_said(admin.conference_id) == []
    assert history(admin.conference_id) == [("1.1", "", f"*{code[:8]} unavailable")]


@pytest.mark.parametrize("code", [*SWITCHES, Code.COUNT, Code.RECORD, Code.END])
def test_r22_an_administrators_code_pressed_by_a_user_does_nothing(user: Participation, code: Code) -> None:
    before = switches(user.conference_id)
    for digits in (None, "1"):
        pressed = press(user, code, digits)
        assert (pressed.files, pressed.asks, pressed.role) == (
            (Prompt.CODE_UNAVAILABLE,),
            False,
            ConferenceRole.USER,
        )
    assert switches(user.conference_id) == before
    assert to_be_said(user.conference_id) == []
    assert Conference.get_by_id(user.conference_id).closing_at is None


def test_r13_the_pin_is_asked_for_and_the_question_leaves_no_trace(user: Participation) -> None:
    pressed = press(user, Code.ADMIN)
    assert (pressed.files, pressed.asks, pressed.role) == ((Prompt.ENTER_PIN,), True, ConferenceRole.USER)
    assert history(user.conference_id) == []


def test_r13_the_pin_promotes_and_nobody_else_hears_anything(
    admin: Participation, user: Participation
) -> None:
    for code in (Code.LOCK, Code.MUTE_ALL, Code.ANNOUNCE, Code.RECORD):
        press(admin, code)
    Announcement.delete().execute()
    before = switches(user.conference_id)
    pressed = press(user, Code.ADMIN, PIN)
    assert (pressed.files, pressed.role, pressed.delay) == ((Prompt.NOW_ADMIN,), ConferenceRole.ADMIN, 0.0)
    assert fresh(user).role == ConferenceRole.ADMIN
    assert to_be_said(user.conference_id) == []
    assert switches(user.conference_id) == before
    assert Recording.select().count() == 1, "one recording stays one recording"
    assert history(user.conference_id, HistoryEvent.PROMOTED) == [("1.2", "", "")]
    assert history(user.conference_id)[-1] == ("1.2", "", "*9 promoted")
    assert PinFailure.select().count() == 0


def test_r13_who_is_promoted_before_the_opening_opens_the_conference(bridge: Bridge) -> None:
    waiting = enter(bridge, 2)
    assert waiting.conference.opened_at is None
    press(waiting, Code.ADMIN, PIN, now=NOW + 5)
    assert Conference.get_by_id(waiting.conference_id).opened_at == NOW + 5


def test_r13_a_wrong_pin_is_told_and_counted_and_they_are_back_as_before(user: Participation) -> None:
    pressed = press(user, Code.ADMIN, "0000")
    assert (pressed.files, pressed.asks, pressed.role) == ((Prompt.WRONG_CODE,), False, ConferenceRole.USER)
    assert fresh(user).role == ConferenceRole.USER
    (failure,) = PinFailure.select()
    assert (failure.phone, failure.caller, failure.at) == ("", user.caller, NOW)
    assert failure.bridge_id == user.conference.bridge_id
    assert history(user.conference_id) == [("1.2", "", "*9 wrong_pin")]


def test_r13_nothing_keyed_for_the_pin_counts_no_guess(user: Participation) -> None:
    assert press(user, Code.ADMIN, "").files == (Prompt.GOES_ON,)
    assert history(user.conference_id) == [("1.2", "", "*9 no_pin")]
    assert PinFailure.select().count() == 0
    assert fresh(user).role == ConferenceRole.USER


def test_r13_an_administrator_is_told_that_they_are_one_and_their_digits_count_no_guess(
    admin: Participation,
) -> None:
    for digits in (None, "", "0000", PIN):
        assert press(admin, Code.ADMIN, digits).files == (Prompt.ALREADY_ADMIN,)
    assert history(admin.conference_id) == [("1.1", "", "*9 already_admin")] * 4
    assert PinFailure.select().count() == 0


def test_b2_wrong_pins_in_a_conference_are_answered_later_and_later_then_locked_out(
    bridge: Bridge, user: Participation
) -> None:
    people = [user, enter(bridge, 3)]
    delays = [press(people[n % 2], Code.ADMIN, "0000").delay for n in range(BRIDGE_LIMIT)]
    assert delays == [0, 0, 0, 1, 2, 4, 8, 8, 8, 8]
    assert PinFailure.select().count() == BRIDGE_LIMIT
    for digits in ("0000", PIN):
        assert press(user, Code.ADMIN, digits).files == (Prompt.LOCKED_OUT,), "not even the right one"
        assert history(user.conference_id)[-1] == ("1.2", "", "*9 locked_out")
    assert PinFailure.select().count() == BRIDGE_LIMIT
    assert fresh(user).role == ConferenceRole.USER
    assert press(user, Code.ADMIN, PIN, now=NOW + 3600).files == (Prompt.NOW_ADMIN,)


def test_b2_guesses_at_entry_and_in_the_conference_are_one_count(user: Participation) -> None:
    for _ in range(BRIDGE_LIMIT):
        PinFailure.create(bridge=user.conference.bridge_id, phone="", caller="+33999", at=NOW - 1)
    assert press(user, Code.ADMIN, PIN).files == (Prompt.LOCKED_OUT,)


def test_b2_a_phone_of_the_box_is_counted_by_its_account_and_not_by_what_it_claims(
    bridge: Bridge, admin: Participation
) -> None:
    del admin
    add_phone("alice@demo.example", "102")
    press(enter(bridge, 2, phone="102"), Code.ADMIN, "0000")
    assert [(row.phone, row.caller) for row in PinFailure.select()] == [("102", "")]


def test_b2_a_number_that_reads_like_an_account_is_not_counted_as_the_proved_phone(bridge: Bridge) -> None:
    add_phone("alice@demo.example", "102")
    impostor, owner = enter(bridge, 2), enter(bridge, 3, phone="102")
    Participation.update(caller="phone 102").where(Participation.id == impostor.id).execute()
    for _ in range(CALLER_LIMIT):
        press(impostor, Code.ADMIN, "0000")
    assert press(impostor, Code.ADMIN, PIN).files == (Prompt.LOCKED_OUT,)
    assert press(owner, Code.ADMIN, PIN).files == (Prompt.NOW_ADMIN,)


def test_no_pin_that_was_keyed_is_ever_in_the_history(user: Participation) -> None:
    for digits in ("860753", PIN):
        press(user, Code.ADMIN, digits)
    details = " ".join(f"{row.code} {row.effect} {row.actor}" for row in HistoryEntry.select())
    assert "860753" not in details
    assert PIN not in details


def test_r21_the_end_is_asked_to_be_confirmed_and_then_ends_for_all(
    admin: Participation, user: Participation
) -> None:
    asked = press(admin, Code.END)
    assert (asked.files, asked.asks) == ((Prompt.CONFIRM_END,), True)
    for digits in ("", "2", "11"):
        assert press(admin, Code.END, digits).files == (Prompt.GOES_ON,)
        assert history(admin.conference_id)[-1] == ("1.1", "", "*0 not_ended")
    assert Conference.get_by_id(admin.conference_id).closing_at is None
    press(admin, Code.RECORD)
    pressed = press(admin, Code.END, "1", now=NOW + 9)
    assert (pressed.files, pressed.asks) == ((), False)
    conference = Conference.get_by_id(admin.conference_id)
    assert (conference.closing_at, conference.ended_at) == (NOW + 9, None), "it ends with the last one"
    assert conference.recording() is None
    assert history(conference, HistoryEvent.ENDED) == [("1.1", "", "")]
    assert history(conference)[-1] == ("1.1", "", "*0 ended")
    for person in (admin, user):
        for code in Code:
            assert press(person, code, PIN) == Pressed((Prompt.CODE_UNAVAILABLE,))
    assert PinFailure.select().count() == 0


def test_nobody_whom_no_admission_let_in_has_any_code(admin: Participation) -> None:
    before = HistoryEntry.select().count()
    for code in Code:
        assert control.press("9.9", code, "1", KEY, NOW) == Pressed((Prompt.CODE_UNAVAILABLE,))
    assert HistoryEntry.select().count() == before
    assert Conference.get_by_id(admin.conference_id).closing_at is None


def test_who_has_left_or_is_being_sent_away_has_no_codes(admin: Participation, user: Participation) -> None:
    control.kick(admin, OUTSIDE, NOW)
    presence.record_leave(user.channel, NOW)
    assert press(admin, Code.LOCK) == Pressed((Prompt.CODE_UNAVAILABLE,))
    assert press(user, Code.ADMIN, PIN) == Pressed((Prompt.CODE_UNAVAILABLE,))
    assert switches(admin.conference_id)[Switch.LOCKED] is False
