"""What is said of those who come and go, to whom and in which order (R7, R9, R18, R25)."""

from __future__ import annotations

from appliance.conferences import control
from appliance.conferences.service_codes import Switch
from appliance.models import (
    Bridge,
    ConferenceRole,
)
from appliance.speech.prompts import Prompt
from tests.appliance.conferences.conference import (
    NOW,
    OUTSIDE,
    announced,
    enter,
    heard,
    leave,
    running,
    turn,
)


def test_r7_who_comes_to_others_is_announced_and_who_is_first_is_not(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    assert announced(bridge) == []
    enter(bridge, 2)
    enter(bridge, 3)
    assert announced(bridge) == [(Prompt.HAS_JOINED, "1.2"), (Prompt.HAS_JOINED, "1.3")]


def test_r9_before_the_opening_nobody_is_announced_and_the_one_who_opens_is(bridge: Bridge) -> None:
    for number in (1, 2, 3):
        enter(bridge, number)
    leave(3)
    assert announced(bridge) == []
    enter(bridge, 4, ConferenceRole.ADMIN)
    assert announced(bridge) == [(Prompt.HAS_JOINED, "1.4")]


def test_r9_a_bridge_open_for_anyone_is_open_with_the_first_and_announces_the_second(bridge: Bridge) -> None:
    bridge.open_for_anyone = True
    bridge.save()
    enter(bridge, 1)
    assert running(bridge).opened_at == NOW
    enter(bridge, 2)
    assert announced(bridge) == [(Prompt.HAS_JOINED, "1.2")]


def test_r25_a_bridge_without_announcements_announces_nobody(bridge: Bridge) -> None:
    bridge.announce = False
    bridge.save()
    for number in (1, 2, 3):
        enter(bridge, number, ConferenceRole.ADMIN)
    leave(3)
    assert announced(bridge) == []


def test_r18_announcements_are_switched_from_now_on_for_those_already_in_as_well(bridge: Bridge) -> None:
    for number in (1, 2, 3, 4):
        enter(bridge, number, ConferenceRole.ADMIN)
    heard(bridge)
    turn(bridge, Switch.ANNOUNCING, on=False)
    leave(4)
    enter(bridge, 5)
    assert announced(bridge) == []
    turn(bridge, Switch.ANNOUNCING)
    leave(3)
    enter(bridge, 6)
    assert announced(bridge) == [(Prompt.HAS_LEFT, "1.3"), (Prompt.HAS_JOINED, "1.6")]


def test_r7_who_leaves_is_announced_to_those_who_stay_even_to_one_who_is_left_alone(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    enter(bridge, 2)
    heard(bridge)
    leave(2)
    assert announced(bridge) == [(Prompt.HAS_LEFT, "1.2")]


def test_r7_who_leaves_before_their_arrival_was_said_is_not_mentioned_at_all(bridge: Bridge) -> None:
    for number in (1, 2, 3):
        enter(bridge, number, ConferenceRole.ADMIN)
    leave(3)
    assert announced(bridge) == [(Prompt.HAS_JOINED, "1.2")]


def test_what_is_for_somebody_who_left_is_not_said_any_more(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    user = enter(bridge, 2)
    heard(bridge)
    control.mute(user, True, OUTSIDE, NOW)
    leave(2)
    assert announced(bridge) == [(Prompt.HAS_LEFT, "1.2")]


def test_r21_while_a_conference_ends_nobody_who_leaves_is_announced(bridge: Bridge) -> None:
    for number in (1, 2, 3):
        enter(bridge, number, ConferenceRole.ADMIN)
    heard(bridge)
    control.end(running(bridge), OUTSIDE, NOW)
    leave(3)
    leave(2)
    assert announced(bridge) == []


def test_what_was_switched_goes_before_who_came_and_went_each_in_its_order(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    enter(bridge, 2)
    control.turn(running(bridge), Switch.LOCKED, True, OUTSIDE, NOW)
    enter(bridge, 3, ConferenceRole.ADMIN)
    control.turn(running(bridge), Switch.MUTED_ALL, True, OUTSIDE, NOW)
    assert announced(bridge) == [
        (Prompt.LOCKED, None),
        (Prompt.ALL_MUTED, None),
        (Prompt.HAS_JOINED, "1.2"),
        (Prompt.HAS_JOINED, "1.3"),
    ]
