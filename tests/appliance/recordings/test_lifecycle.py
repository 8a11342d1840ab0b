"""When a recording begins by itself, which of its takes are there, how long it is kept (R20, R26, R32)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from appliance.conferences import control, presence
from appliance.conferences.control import By
from appliance.conferences.presence import Person
from appliance.conferences.service_codes import Switch
from appliance.directory import bridges
from appliance.errors import RefusedError
from appliance.models import AuditEntry, Bridge, Conference, ConferenceRole, Recording
from appliance.recordings import files, lifecycle, retention
from appliance.system.config import Config
from tests.appliance.people import KEY, add_bridge, add_user

NOW = 1_700_000_000.0
DAY = 86400.0


@pytest.fixture
def bridge(db: Config) -> Bridge:
    """Alice's, whose conferences are recorded."""
    del db
    add_user()
    bridge = add_bridge("alice@demo.example")
    bridges.change(bridge, record=True, pin_key=KEY, actor="test")
    return bridge


def enter(bridge: Bridge, number: int, role: ConferenceRole = ConferenceRole.USER) -> Conference:
    presence.record_join(bridge.id, Person(f"1.{number}", role, "", "", None), NOW)
    running = Conference.running(bridge)
    assert running is not None
    return running


def states() -> list[str]:
    return [row.state for row in Recording.select().order_by(Recording.id)]


def over(bridge: Bridge, state: str = "ready") -> Recording:
    """A recording that is over."""
    conference = Conference.create(bridge=bridge, started_at=NOW, ended_at=NOW + 60)
    row: Recording = Recording.create(conference=conference, started_at=NOW, ended_at=NOW + 60, state=state)
    return row


def test_r26_a_bridge_that_records_does_so_with_the_first_talk(bridge: Bridge) -> None:
    enter(bridge, 1)
    enter(bridge, 2)
    assert states() == [], "nobody talks before the opening"
    enter(bridge, 3, ConferenceRole.ADMIN)
    assert states() == ["starting"]
    enter(bridge, 4)
    assert states() == ["starting"]


def test_r26_nobody_who_is_alone_is_recorded(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    assert states() == []
    enter(bridge, 2)
    assert states() == ["starting"]


def test_r13_who_opens_by_their_pin_lets_it_begin(bridge: Bridge) -> None:
    enter(bridge, 1)
    conference = enter(bridge, 2)
    control.promote(conference.people()[0], By(actor="test"), NOW)
    assert states() == ["starting"]


def test_r20_what_an_administrator_stopped_does_not_begin_again_by_itself(bridge: Bridge) -> None:
    enter(bridge, 1, ConferenceRole.ADMIN)
    conference = enter(bridge, 2)
    control.turn(conference, Switch.RECORDING, False, By(actor="test"), NOW)
    enter(bridge, 3)
    assert states() == ["waiting"]
    assert not lifecycle.will_record(bridge, conference)


def test_r20_without_the_setting_nothing_is_recorded_by_itself(bridge: Bridge) -> None:
    bridges.change(bridge, record=False, pin_key=KEY, actor="test")
    enter(bridge, 1, ConferenceRole.ADMIN)
    enter(bridge, 2)
    assert states() == []


def test_b3_who_comes_first_to_what_will_be_recorded_is_told(bridge: Bridge) -> None:
    assert lifecycle.will_record(bridge, None)
    conference = enter(bridge, 1, ConferenceRole.ADMIN)
    assert lifecycle.will_record(bridge, conference)
    enter(bridge, 2)
    assert lifecycle.will_record(bridge, conference)


def take(config: Config, recording: Recording, number: int, age: float = 0.0, done: bool = False) -> Path:
    file = files.take_file(config, recording.id, number)
    file.write_bytes(b"x")
    os.utime(file, (NOW + 100 - age, NOW + 100 - age))
    if done:
        file.with_suffix(files.DONE).touch()
    return file


def test_takes_are_in_the_order_in_which_they_began(db: Config, bridge: Bridge) -> None:
    row = over(bridge)
    numbers = (999, 1000, 20)
    for number in numbers:
        take(db, row, number)
    take(db, over(bridge), 5)
    assert [file.name for file in files.takes(db, row.id)] == [
        f"{row.id}-{number}.wav16" for number in sorted(numbers)
    ]


def test_a_recording_is_taken_up_when_asterisk_has_closed_every_take(db: Config, bridge: Bridge) -> None:
    row = over(bridge, "waiting")
    now = NOW + 100
    first = take(db, row, 1, done=True)
    assert files.closed_takes(db, row, now) == [first]
    second = take(db, row, 2)
    assert files.closed_takes(db, row, now) is None
    second.with_suffix(files.DONE).touch()
    assert files.closed_takes(db, row, now) == [first, second]


def test_a_take_that_asterisk_died_over_is_taken_up_when_nothing_was_added_for_a_while(
    db: Config, bridge: Bridge
) -> None:
    row = over(bridge, "waiting")
    orphan = take(db, row, 1, age=files.SETTLED_S)
    assert files.closed_takes(db, row, NOW + 100) is None
    assert files.closed_takes(db, row, NOW + 100.1) == [orphan]


def test_a_recorder_on_its_way_at_the_end_is_waited_for(db: Config, bridge: Bridge) -> None:
    row = over(bridge, "waiting")
    assert files.closed_takes(db, row, NOW + 60.5) is None
    assert files.closed_takes(db, row, NOW + 61) == []


@pytest.mark.parametrize(("days", "kept"), [(None, 90), (7, 7), (365, 365)])
def test_b6_recordings_are_kept_as_long_as_the_bridge_says(
    db: Config, bridge: Bridge, days: int | None, kept: int
) -> None:
    bridges.change(bridge, keep_days=days, pin_key=KEY, actor="test")
    assert retention.expires_at(db, over(bridge)) == NOW + 60 + kept * DAY


def test_b6_the_installers_limit_holds_whatever_the_bridge_says(db: Config, bridge: Bridge) -> None:
    with pytest.raises(RefusedError, match="1 to 365 days"):
        bridges.change(bridge, keep_days=366, keep_days_most=365, pin_key=KEY, actor="test")
    bridges.change(bridge, keep_days=5000, pin_key=KEY, actor="test")  # Allowed once, by another installer.
    assert retention.expires_at(db, over(bridge)) == NOW + 60 + 365 * DAY


def test_a_deleted_recording_leaves_nothing_but_a_line_in_the_audit_log(db: Config, bridge: Bridge) -> None:
    row = over(bridge)
    files.mp3_file(db, row.id).write_bytes(b"mp3")
    take(db, row, 1, done=True)
    lifecycle.delete(db, row, actor="somebody")
    assert [*db.paths.takes.iterdir(), *db.paths.recordings.iterdir(), *Recording.select()] == []
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (last.actor, last.action, last.subject) == (
        "somebody",
        "recording.delete",
        f"{row.id}, bridge 600",
    )


def test_a_recording_that_is_not_finished_is_not_deleted(db: Config, bridge: Bridge) -> None:
    with pytest.raises(RefusedError, match="not finished"):
        lifecycle.delete(db, over(bridge, "encoding"), actor="somebody")


def test_files_that_belong_to_no_recording_are_found(db: Config, bridge: Bridge) -> None:
    row = over(bridge)
    take(db, row, 1)
    files.mp3_file(db, row.id).touch()
    assert files.strays(db) == []
    stray = files.take_file(db, row.id + 1, 1)
    stray.touch()
    assert files.strays(db) == [stray]
