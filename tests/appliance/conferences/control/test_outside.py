"""What each wish from outside does to the database: from the command line, and the web."""

from __future__ import annotations

import pytest

from appliance.conferences import control, presence
from appliance.conferences.service_codes import Code, Switch
from appliance.models import (
    Announcement,
    Bridge,
    Conference,
    ConferenceRole,
    HistoryEntry,
    HistoryEvent,
    Participation,
    Recording,
)
from appliance.speech.prompts import Prompt
from tests.appliance.conferences.control.conference import (
    NOW,
    OUTSIDE,
    SWITCHES,
    enter,
    fresh,
    history,
    press,
    switches,
    to_be_said,
)


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
    assert history(conference, HistoryEvent.SWITCHED) == [
        (None, OUTSIDE.actor, f"{switch}_on"),
        (None, OUTSIDE.actor, f"{switch}_off"),
    ]
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


def test_one_persons_microphone_is_taken_and_given_back_and_they_alone_are_told(user: Participation) -> None:
    press(user, Code.MUTE)
    control.mute(user, True, OUTSIDE, NOW)
    assert fresh(user).muted_by_admin is True
    control.mute(user, False, OUTSIDE, NOW)
    assert (fresh(user).muted_by_admin, fresh(user).muted) == (False, True), "their own mute is their own"
    assert to_be_said(user.conference_id) == [
        (Prompt.MUTED_BY_ADMIN, None, "1.2"),
        (Prompt.UNMUTED_BY_ADMIN, None, "1.2"),
    ]
    assert history(user.conference_id, HistoryEvent.MUTED) == [("1.2", OUTSIDE.actor, "")]
    assert history(user.conference_id, HistoryEvent.UNMUTED) == [("1.2", OUTSIDE.actor, "")]


def test_who_is_sent_away_is_marked_and_noted_and_is_in_until_they_have_left(user: Participation) -> None:
    control.kick(user, OUTSIDE, NOW + 3)
    assert (fresh(user).removed_at, fresh(user).left_at) == (NOW + 3, None)
    assert history(user.conference_id, HistoryEvent.REMOVED) == [("1.2", OUTSIDE.actor, "")]


def test_r13_who_is_promoted_from_outside_is_told_and_they_alone(user: Participation) -> None:
    control.promote(user, OUTSIDE, NOW)
    assert fresh(user).role == ConferenceRole.ADMIN
    assert to_be_said(user.conference_id) == [(Prompt.NOW_ADMIN, None, "1.2")]
    assert history(user.conference_id, HistoryEvent.PROMOTED) == [("1.2", OUTSIDE.actor, "")]
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
    assert history(admin.conference_id, HistoryEvent.ENDED) == [(None, OUTSIDE.actor, "")]


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
            presence.record_leave(user.channel, NOW)
        case "removed":
            control.kick(fresh(user), OUTSIDE, NOW)
        case "closing":
            control.end(admin.conference, OUTSIDE, NOW)
        case "over":
            for person in (user, admin):
                presence.record_leave(person.channel, NOW)
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
                presence.record_leave(person.channel, NOW + 9)
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
    presence.record_leave(admin.channel, NOW + 1)
    assert control.end(admin.conference, OUTSIDE, NOW + 2) is False
    assert Conference.get_by_id(admin.conference_id).closing_at is None
    assert history(admin.conference_id, HistoryEvent.ENDED) == []


def test_a_row_read_before_somebody_muted_themselves_undoes_nothing(user: Participation) -> None:
    stale = fresh(user)
    press(user, Code.MUTE)
    assert control.promote(stale, OUTSIDE, NOW) is True
    assert control.mute(stale, True, OUTSIDE, NOW) is True
    now = fresh(user)
    assert (now.muted, now.muted_by_admin, now.role) == (True, True, ConferenceRole.ADMIN)


def test_the_listener_is_told_of_a_change_with_the_bridges_id() -> None:
    class Ami:
        def __init__(self) -> None:
            self.actions: list[tuple[str, dict[str, str]]] = []

        def action(self, name: str, **headers: str) -> None:
            self.actions.append((name, headers))

    ami = Ami()
    control.nudge(ami, 7)  # type: ignore[arg-type]
    assert ami.actions == [("UserEvent", {"UserEvent": control.CHANGED, "Bridge": "7"})]
