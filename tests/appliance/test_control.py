"""Running a conference: what each code and each wish from outside does to the database (R13 to R22)."""

from __future__ import annotations

import threading

import pytest

from appliance import conferences, control, pins, recordings
from appliance.admission import Role
from appliance.codes import Code, Switch
from appliance.conferences import Person
from appliance.config import Config
from appliance.control import By, Pressed
from appliance.lockout import BRIDGE_LIMIT
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    HistoryEntry,
    Participation,
    PinFailure,
    Recording,
    database,
)
from appliance.prompts import Prompt
from tests.appliance.people import KEY, add_bridge, add_phone, add_user

PIN = "471199"
NOW = 1_700_000_000.0
OUTSIDE = By(actor="command line (root)")
SWITCHES = {
    Code.MUTE_ALL: (Switch.MUTED_ALL, Prompt.ALL_MUTED, Prompt.ALL_UNMUTED),
    Code.PAUSE: (Switch.PAUSED, Prompt.PAUSED, Prompt.RESUMED),
    Code.ANNOUNCE: (Switch.ANNOUNCING, Prompt.ANNOUNCING_ON, Prompt.ANNOUNCING_OFF),
    Code.LOCK: (Switch.LOCKED, Prompt.LOCKED, Prompt.UNLOCKED),
}


@pytest.fixture
def bridge(db: Config) -> Bridge:
    """Alice's bridge 600, which announces nothing by itself."""
    del db
    add_user()
    bridge = add_bridge("alice@demo.example")
    bridge.pin_hash, bridge.announce = pins.hash_pin(KEY, bridge.id, PIN), False
    bridge.save()
    return bridge


@pytest.fixture
def admin(bridge: Bridge) -> Participation:
    """An administrator, first in the conference."""
    return enter(bridge, 1, Role.ADMIN)


@pytest.fixture
def user(bridge: Bridge, admin: Participation) -> Participation:
    """A user in the administrator's conference."""
    del admin
    return enter(bridge, 2)


def enter(bridge: Bridge, number: int, role: Role = Role.USER, phone: str | None = None) -> Participation:
    conferences.joined(bridge.id, Person(f"1.{number}", role, f"+3361{number}", "", phone), NOW)
    return fresh(Participation.get(Participation.channel == f"1.{number}"))


def fresh(row: Participation) -> Participation:
    again: Participation = Participation.get_by_id(row.id)
    return again


def press(person: Participation, code: str, digits: str | None = None, now: float = NOW) -> Pressed:
    return control.press(person.channel, code, digits, KEY, now)


def history(conference: Conference | int, event: str = "code") -> list[tuple[str | None, str, str]]:
    rows = HistoryEntry.select().where(
        (HistoryEntry.conference == conference) & (HistoryEntry.event == event)
    )
    return [
        (row.participation.channel if row.participation else None, row.actor, row.detail)
        for row in rows.order_by(HistoryEntry.id)
    ]


def to_be_said(conference: Conference | int) -> list[tuple[str, str | None, str | None]]:
    """Announcements as prompt, channel whom it is about, channel of the only one who is to hear it."""
    rows = Announcement.select().where(Announcement.conference == conference).order_by(Announcement.id)
    return [
        (row.prompt, row.about.channel if row.about else None, row.to.channel if row.to else None)
        for row in rows
    ]


def switches(conference: Conference | int) -> dict[Switch, bool]:
    row = Conference.get_by_id(conference)
    plain = {switch: getattr(row, switch) for switch in Switch if switch is not Switch.RECORDING}
    return plain | {Switch.RECORDING: row.recording() is not None}


@pytest.mark.parametrize("code", SWITCHES)
def test_r16_to_r19_a_switch_is_turned_told_and_noted_and_the_second_press_turns_it_back(
    admin: Participation, code: Code
) -> None:
    switch, on, off = SWITCHES[code]
    conference = admin.conference_id
    before = switches(conference)
    said = {True: [(on, "1.1", None)], False: [(off, "1.1", None)]}
    said[True] = [] if switch is Switch.PAUSED else said[True]
    assert press(admin, code) == Pressed((on,), bridge_id=admin.conference.bridge_id, role=Role.ADMIN)
    assert switches(conference) == before | {switch: True}
    assert to_be_said(conference) == said[True]
    assert press(admin, code).files == (off,)
    assert switches(conference) == before
    assert to_be_said(conference) == said[True] + said[False]
    assert history(conference) == [
        ("1.1", "", f"*{code}: {switch} on"),
        ("1.1", "", f"*{code}: {switch} off"),
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
    recordings.runs(recording.id, NOW)
    assert to_be_said(admin.conference_id) == [(Prompt.RECORDING_ON, None, None)]
    Announcement.delete().execute()
    assert press(admin, Code.RECORD, now=NOW + 60).files == ()
    (recording,) = Recording.select()
    assert (recording.state, recording.ended_at) == ("waiting", NOW + 60)
    assert to_be_said(admin.conference_id) == [(Prompt.RECORDING_OFF, None, None)], "also to who pressed"
    assert [row[2] for row in history(admin.conference_id)] == ["*7: recording on", "*7: recording off"]
    press(admin, Code.RECORD)
    assert Recording.select().count() == 2, "the third press begins another one"


def test_r20_the_end_of_a_recording_that_nobody_was_told_of_is_not_said(admin: Participation) -> None:
    for _ in range(2):
        press(admin, Code.RECORD)
    for on in (True, False):
        assert control.turn(admin.conference, Switch.RECORDING, on, OUTSIDE, NOW) is True
    assert to_be_said(admin.conference_id) == []
    assert [row.state for row in Recording.select()] == ["waiting", "waiting"]
    assert [row[2] for row in history(admin.conference_id)] == ["*7: recording on", "*7: recording off"]
    assert [row[2] for row in history(admin.conference_id, "recording")] == ["on", "off"]


def test_r14_the_count_says_how_many_are_in_and_changes_nothing(
    bridge: Bridge, admin: Participation, user: Participation
) -> None:
    enter(bridge, 3)
    conferences.left("1.2", NOW)
    assert press(admin, Code.COUNT).files == (Prompt.PEOPLE_ARE, "digits/2", Prompt.PEOPLE_IN)
    conferences.left("1.3", NOW)
    assert press(admin, Code.COUNT).files == (Prompt.ALONE,)
    assert history(user.conference_id) == [
        ("1.1", "", f"*1: {Prompt.PEOPLE_ARE}"),
        ("1.1", "", f"*1: {Prompt.ALONE}"),
    ]
    assert to_be_said(user.conference_id) == []


def test_r15_one_mutes_himself_and_speaks_again_and_nobody_else_is_told(user: Participation) -> None:
    assert press(user, Code.MUTE).files == (Prompt.SELF_MUTED,)
    assert (fresh(user).muted, fresh(user).muted_by_admin) == (True, False)
    assert press(user, Code.MUTE).files == (Prompt.SELF_UNMUTED,)
    assert fresh(user).muted is False
    assert history(user.conference_id) == [("1.2", "", "*2: muted on"), ("1.2", "", "*2: muted off")]
    assert to_be_said(user.conference_id) == []


def test_r15_a_user_muted_by_an_administrator_stays_so_and_an_administrator_frees_himself(
    admin: Participation, user: Participation
) -> None:
    for person in (admin, user):
        control.mute(person, True, OUTSIDE, NOW)
    assert press(user, Code.MUTE).files == (Prompt.CANNOT_UNMUTE,)
    assert fresh(user).muted_by_admin is True
    assert press(admin, Code.MUTE).files == (Prompt.SELF_UNMUTED,)
    assert (fresh(admin).muted, fresh(admin).muted_by_admin) == (False, False)


def test_r16_the_state_that_one_press_leaves_is_what_the_next_press_meets(
    admin: Participation, user: Participation
) -> None:
    press(user, Code.MUTE)
    press(admin, Code.MUTE_ALL)
    assert press(user, Code.MUTE).files == (Prompt.CANNOT_UNMUTE,)
    press(admin, Code.MUTE_ALL)
    assert fresh(user).muted is True, "his own mute is forgotten by nobody"


def test_r22_help_is_read_out_by_role_and_noted_by_its_keys(
    admin: Participation, user: Participation
) -> None:
    assert press(user, Code.HELP).files == (Prompt.HELP_MUTE, Prompt.HELP_ADMIN)
    assert len(press(admin, Code.HELP).files) == 8
    assert [row[2] for row in history(admin.conference_id)] == [
        f"**: {Prompt.HELP_MUTE}",
        f"**: {Prompt.HELP_COUNT}",
    ]


@pytest.mark.parametrize("code", ["8", "hash", "", "*" * 300])
def test_r22_any_other_code_is_not_available_and_nothing_happens(admin: Participation, code: str) -> None:
    before = switches(admin.conference_id)
    pressed = press(admin, code)
    assert (pressed.files, pressed.asks) == ((Prompt.CODE_UNAVAILABLE,), False)
    assert switches(admin.conference_id) == before
    assert to_be_said(admin.conference_id) == []
    assert history(admin.conference_id) == [("1.1", "", f"*{code[:8]}: {Prompt.CODE_UNAVAILABLE}")]


@pytest.mark.parametrize("code", [*SWITCHES, Code.COUNT, Code.RECORD, Code.END])
def test_r22_an_administrators_code_pressed_by_a_user_does_nothing(user: Participation, code: Code) -> None:
    before = switches(user.conference_id)
    for digits in (None, "1"):
        pressed = press(user, code, digits)
        assert (pressed.files, pressed.asks, pressed.role) == ((Prompt.CODE_UNAVAILABLE,), False, Role.USER)
    assert switches(user.conference_id) == before
    assert to_be_said(user.conference_id) == []
    assert Conference.get_by_id(user.conference_id).closing_at is None


def test_r13_the_pin_is_asked_for_and_the_question_leaves_no_trace(user: Participation) -> None:
    pressed = press(user, Code.ADMIN)
    assert (pressed.files, pressed.asks, pressed.role) == ((Prompt.ENTER_PIN,), True, Role.USER)
    assert history(user.conference_id) == []


def test_r13_the_pin_promotes_and_nobody_else_hears_anything(
    admin: Participation, user: Participation
) -> None:
    for code in (Code.LOCK, Code.MUTE_ALL, Code.ANNOUNCE, Code.RECORD):
        press(admin, code)
    Announcement.delete().execute()
    before = switches(user.conference_id)
    pressed = press(user, Code.ADMIN, PIN)
    assert (pressed.files, pressed.role, pressed.delay) == ((Prompt.NOW_ADMIN,), Role.ADMIN, 0.0)
    assert fresh(user).role == Role.ADMIN
    assert to_be_said(user.conference_id) == []
    assert switches(user.conference_id) == before
    assert Recording.select().count() == 1, "one recording stays one recording"
    assert history(user.conference_id, "promoted") == [("1.2", "", "")]
    assert history(user.conference_id)[-1] == ("1.2", "", "*9: promote")
    assert PinFailure.select().count() == 0


def test_r13_who_is_promoted_before_the_opening_opens_the_conference(bridge: Bridge) -> None:
    waiting = enter(bridge, 2)
    assert waiting.conference.opened_at is None
    press(waiting, Code.ADMIN, PIN, now=NOW + 5)
    assert Conference.get_by_id(waiting.conference_id).opened_at == NOW + 5


def test_r13_a_wrong_pin_is_told_and_counted_and_he_is_back_as_before(user: Participation) -> None:
    pressed = press(user, Code.ADMIN, "0000")
    assert (pressed.files, pressed.asks, pressed.role) == ((Prompt.WRONG_CODE,), False, Role.USER)
    assert fresh(user).role == Role.USER
    (failure,) = PinFailure.select()
    assert (failure.caller, failure.at, failure.bridge_id) == (user.caller, NOW, user.conference.bridge_id)
    assert history(user.conference_id) == [("1.2", "", f"*9: {Prompt.WRONG_CODE}")]


def test_r13_nothing_keyed_for_the_pin_counts_no_guess(user: Participation) -> None:
    assert press(user, Code.ADMIN, "").files == (Prompt.GOES_ON,)
    assert PinFailure.select().count() == 0
    assert fresh(user).role == Role.USER


def test_r13_an_administrator_is_told_that_he_is_one_and_his_digits_count_no_guess(
    admin: Participation,
) -> None:
    for digits in (None, "", "0000", PIN):
        assert press(admin, Code.ADMIN, digits).files == (Prompt.ALREADY_ADMIN,)
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
    assert PinFailure.select().count() == BRIDGE_LIMIT
    assert fresh(user).role == Role.USER
    assert press(user, Code.ADMIN, PIN, now=NOW + 3600).files == (Prompt.NOW_ADMIN,)


def test_b2_guesses_at_entry_and_in_the_conference_are_one_count(user: Participation) -> None:
    for _ in range(BRIDGE_LIMIT):
        PinFailure.create(bridge=user.conference.bridge_id, caller="+33999", at=NOW - 1)
    assert press(user, Code.ADMIN, PIN).files == (Prompt.LOCKED_OUT,)


def test_b2_a_phone_of_the_box_is_counted_by_its_account_and_not_by_what_it_claims(
    bridge: Bridge, admin: Participation
) -> None:
    del admin
    add_phone("alice@demo.example", "102")
    press(enter(bridge, 2, phone="102"), Code.ADMIN, "0000")
    assert [row.caller for row in PinFailure.select()] == ["phone 102"]


def test_no_pin_that_was_keyed_is_ever_in_the_history(user: Participation) -> None:
    for digits in ("860753", PIN):
        press(user, Code.ADMIN, digits)
    details = " ".join(row.detail for row in HistoryEntry.select())
    assert "860753" not in details
    assert PIN not in details


def test_r21_the_end_is_asked_to_be_confirmed_and_then_ends_for_all(
    admin: Participation, user: Participation
) -> None:
    asked = press(admin, Code.END)
    assert (asked.files, asked.asks) == ((Prompt.CONFIRM_END,), True)
    for digits in ("", "2", "11"):
        assert press(admin, Code.END, digits).files == (Prompt.GOES_ON,)
    assert Conference.get_by_id(admin.conference_id).closing_at is None
    press(admin, Code.RECORD)
    pressed = press(admin, Code.END, "1", now=NOW + 9)
    assert (pressed.files, pressed.asks) == ((), False)
    conference = Conference.get_by_id(admin.conference_id)
    assert (conference.closing_at, conference.ended_at) == (NOW + 9, None), "it ends with the last one"
    assert conference.recording() is None
    assert history(conference, "ended") == [("1.1", "", "")]
    assert history(conference)[-1] == ("1.1", "", "*0: end")
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
    conferences.left(user.channel, NOW)
    assert press(admin, Code.LOCK) == Pressed((Prompt.CODE_UNAVAILABLE,))
    assert press(user, Code.ADMIN, PIN) == Pressed((Prompt.CODE_UNAVAILABLE,))
    assert switches(admin.conference_id)[Switch.LOCKED] is False


def press_together(*wishes: tuple[Participation, Code]) -> None:
    """Each person presses his code, in a thread of his own, all at the same instant."""
    ready = threading.Barrier(len(wishes))

    def one(person: Participation, code: Code) -> None:
        with database.connection_context():
            ready.wait(10)
            press(person, code)

    threads = [threading.Thread(target=one, args=wish) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_two_codes_at_the_same_instant_both_take_effect_and_both_are_noted(
    bridge: Bridge, admin: Participation
) -> None:
    other = enter(bridge, 2, Role.ADMIN)
    for on in (True, False, True):
        HistoryEntry.delete().execute()
        Announcement.delete().execute()
        press_together((admin, Code.MUTE_ALL), (other, Code.LOCK))
        now = switches(admin.conference_id)
        assert (now[Switch.MUTED_ALL], now[Switch.LOCKED]) == (on, on)
        word = "on" if on else "off"
        assert sorted(history(admin.conference_id), key=str) == [
            ("1.1", "", f"*3: muted_all {word}"),
            ("1.2", "", f"*6: locked {word}"),
        ]
        assert {about for _, about, _ in to_be_said(admin.conference_id)} == {"1.1", "1.2"}


def test_the_same_code_twice_at_the_same_instant_turns_on_and_off_again(
    bridge: Bridge, admin: Participation
) -> None:
    other = enter(bridge, 2, Role.ADMIN)
    press_together((admin, Code.RECORD), (other, Code.RECORD))
    assert Recording.select().count() == 1
    assert switches(admin.conference_id)[Switch.RECORDING] is False
    assert [row[2] for row in history(admin.conference_id)] == ["*7: recording on", "*7: recording off"]


@pytest.mark.parametrize("switch", [entry[0] for entry in SWITCHES.values()])
def test_a_switch_turned_from_outside_is_told_to_all_and_noted_with_its_actor(
    admin: Participation, switch: Switch
) -> None:
    (on, off) = next(told[1:] for told in SWITCHES.values() if told[0] is switch)
    conference = admin.conference
    assert control.turn(conference, switch, True, OUTSIDE, NOW) is True
    assert control.turn(conference, switch, True, OUTSIDE, NOW) is False
    assert control.turn(conference, switch, False, OUTSIDE, NOW) is True
    assert control.turn(conference, switch, False, OUTSIDE, NOW) is False
    assert history(conference, switch) == [(None, OUTSIDE.actor, "on"), (None, OUTSIDE.actor, "off")]
    said = [(on, None, None), (off, None, None)]
    assert to_be_said(conference) == (said[1:] if switch is Switch.PAUSED else said)


def test_r20_recording_from_outside_runs_once_and_is_closed_once(admin: Participation) -> None:
    turned = [
        control.turn(admin.conference, Switch.RECORDING, on, OUTSIDE, NOW)
        for on in (False, True, True, False, False)
    ]
    assert turned == [False, True, False, True, False]
    assert [row.state for row in Recording.select()] == ["waiting"]


def test_a_row_read_before_somebody_pressed_a_code_undoes_nothing(admin: Participation) -> None:
    stale = Conference.get_by_id(admin.conference_id)
    press(admin, Code.LOCK)
    assert control.turn(stale, Switch.LOCKED, True, OUTSIDE, NOW) is False
    control.turn(stale, Switch.MUTED_ALL, True, OUTSIDE, NOW)
    control.end(stale, OUTSIDE, NOW)
    now = switches(admin.conference_id)
    assert (now[Switch.LOCKED], now[Switch.MUTED_ALL]) == (True, True)


def test_one_persons_microphone_is_taken_and_given_back_and_he_alone_is_told(user: Participation) -> None:
    press(user, Code.MUTE)
    control.mute(user, True, OUTSIDE, NOW)
    assert fresh(user).muted_by_admin is True
    control.mute(user, False, OUTSIDE, NOW)
    assert (fresh(user).muted_by_admin, fresh(user).muted) == (False, True), "his own mute is his own"
    assert to_be_said(user.conference_id) == [
        (Prompt.MUTED_BY_ADMIN, None, "1.2"),
        (Prompt.UNMUTED_BY_ADMIN, None, "1.2"),
    ]
    assert history(user.conference_id, "muted") == [("1.2", OUTSIDE.actor, "")]
    assert history(user.conference_id, "unmuted") == [("1.2", OUTSIDE.actor, "")]


def test_who_is_sent_away_is_marked_and_noted_and_is_in_until_he_has_left(user: Participation) -> None:
    control.kick(user, OUTSIDE, NOW + 3)
    assert (fresh(user).removed_at, fresh(user).left_at) == (NOW + 3, None)
    assert history(user.conference_id, "removed") == [("1.2", OUTSIDE.actor, "")]


def test_r13_who_is_promoted_from_outside_is_told_and_he_alone(user: Participation) -> None:
    control.promote(user, OUTSIDE, NOW)
    assert fresh(user).role == Role.ADMIN
    assert to_be_said(user.conference_id) == [(Prompt.NOW_ADMIN, None, "1.2")]
    assert history(user.conference_id, "promoted") == [("1.2", OUTSIDE.actor, "")]
    assert press(user, Code.LOCK).files == (Prompt.LOCKED,)


def test_r13_promotion_from_outside_opens_a_conference_that_waits(bridge: Bridge) -> None:
    waiting = enter(bridge, 2)
    control.promote(waiting, OUTSIDE, NOW + 5)
    assert Conference.get_by_id(waiting.conference_id).opened_at == NOW + 5


def test_r21_the_end_from_outside_closes_the_recording_and_is_noted_with_its_actor(
    admin: Participation,
) -> None:
    control.turn(admin.conference, Switch.RECORDING, True, OUTSIDE, NOW)
    control.end(admin.conference, OUTSIDE, NOW + 9)
    assert Conference.get_by_id(admin.conference_id).closing_at == NOW + 9
    assert [(row.state, row.ended_at) for row in Recording.select()] == [("waiting", NOW + 9)]
    assert history(admin.conference_id, "ended") == [(None, OUTSIDE.actor, "")]


def act(name: str, person: Participation) -> bool:
    """Do something to one person, from outside."""
    acts = {
        "mute": lambda: control.mute(person, True, OUTSIDE, NOW + 9),
        "unmute": lambda: control.mute(person, False, OUTSIDE, NOW + 9),
        "kick": lambda: control.kick(person, OUTSIDE, NOW + 9),
        "promote": lambda: control.promote(person, OUTSIDE, NOW + 9),
    }
    return acts[name]()


def everything(conference: int) -> list[object]:
    """All that the database holds of a conference."""
    return [
        *Conference.select().where(Conference.id == conference).dicts(),
        *Participation.select()
        .where(Participation.conference == conference)
        .order_by(Participation.id)
        .dicts(),
        *Announcement.select().where(Announcement.conference == conference).order_by(Announcement.id).dicts(),
        *Recording.select().where(Recording.conference == conference).order_by(Recording.id).dicts(),
        *HistoryEntry.select().where(HistoryEntry.conference == conference).order_by(HistoryEntry.id).dicts(),
    ]


ACTS = ["mute", "unmute", "kick", "promote"]


@pytest.mark.parametrize("name", ACTS)
def test_the_second_time_nothing_happens(user: Participation, name: str) -> None:
    if name == "unmute":
        act("mute", user)
    assert act(name, user) is True
    before = everything(user.conference_id)
    assert act(name, user) is False, "by a row that was read before"
    assert act(name, fresh(user)) is False
    assert everything(user.conference_id) == before


@pytest.mark.parametrize("why", ["left", "removed", "closing", "over"])
@pytest.mark.parametrize("name", ACTS)
def test_nobody_acts_on_who_is_gone_or_in_a_conference_that_ends(
    admin: Participation, user: Participation, name: str, why: str
) -> None:
    if name == "unmute":
        act("mute", user)
    user = fresh(user)
    match why:
        case "left":
            conferences.left(user.channel, NOW)
        case "removed":
            control.kick(fresh(user), OUTSIDE, NOW)
        case "closing":
            control.end(admin.conference, OUTSIDE, NOW)
        case "over":
            for person in (user, admin):
                conferences.left(person.channel, NOW)
    before = everything(user.conference_id)
    assert act(name, user) is False, "by a row that was read before"
    assert act(name, fresh(user)) is False
    assert everything(user.conference_id) == before


def test_nothing_is_switched_in_a_conference_that_ends_or_is_over(
    admin: Participation, user: Participation
) -> None:
    conference = admin.conference
    for over in (False, True):
        if over:
            for person in (admin, user):
                conferences.left(person.channel, NOW + 9)
            assert Conference.get_by_id(conference.id).ended_at == NOW + 9
        else:
            assert control.end(conference, OUTSIDE, NOW) is True
        before = everything(conference.id)
        for switch in Switch:
            for on in (True, False):
                assert control.turn(conference, switch, on, OUTSIDE, NOW + 10) is False
        assert control.end(conference, OUTSIDE, NOW + 10) is False
        assert everything(conference.id) == before


def test_r21_a_conference_that_its_last_one_left_is_not_ended_again(admin: Participation) -> None:
    conferences.left(admin.channel, NOW + 1)
    assert control.end(admin.conference, OUTSIDE, NOW + 2) is False
    assert Conference.get_by_id(admin.conference_id).closing_at is None
    assert history(admin.conference_id, "ended") == []


def test_a_row_read_before_somebody_muted_himself_undoes_nothing(user: Participation) -> None:
    stale = fresh(user)
    press(user, Code.MUTE)
    assert control.promote(stale, OUTSIDE, NOW) is True
    assert control.mute(stale, True, OUTSIDE, NOW) is True
    now = fresh(user)
    assert (now.muted, now.muted_by_admin, now.role) == (True, True, Role.ADMIN)


def test_the_listener_is_told_of_a_change_with_the_bridges_id() -> None:
    class Ami:
        def __init__(self) -> None:
            self.actions: list[tuple[str, dict[str, str]]] = []

        def action(self, name: str, **headers: str) -> None:
            self.actions.append((name, headers))

    ami = Ami()
    control.nudge(ami, 7)  # type: ignore[arg-type]
    assert ami.actions == [("UserEvent", {"UserEvent": control.CHANGED, "Bridge": "7"})]
