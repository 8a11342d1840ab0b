"""What was is found again: page by page, by whom, by when, on whose bridge (B6)."""

from __future__ import annotations

import pytest

from appliance import search_past
from appliance.directory import numbers
from appliance.formats.phone_numbers import forms
from appliance.models import AuditEntry, Bridge, Conference, Participation, Recording, RecordingLink
from appliance.recordings import links
from appliance.recordings.listening_audit import log_link_use
from appliance.search_past import Filter, most_at_once
from appliance.system.config import Config
from tests.appliance.people import add_bridge, add_user
from tests.appliance.recordings.recorded import add_recording

ALL = Filter()


@pytest.fixture
def bridge(db: Config) -> Bridge:
    del db
    return add_bridge(add_user().email)


def hold(bridge: Bridge, start: float, *callers: str) -> Conference:
    """A conference of an hour."""
    conference: Conference = Conference.create(bridge=bridge, started_at=start, ended_at=start + 3600)
    for number, caller in enumerate(callers):
        Participation.create(
            conference=conference, channel=str(number), role="user", caller=caller, name="",
            entered_at=start, left_at=start + 3600,
        )  # fmt: skip
    return conference


def found(
    asked: Filter = ALL, caller: str = "", before: int | None = None, most: int = 2
) -> tuple[list[int], int | None]:
    stretch = search_past.conferences(asked, caller, "FR", before, most)
    return [row.id for row in stretch.rows], stretch.older


def test_the_newest_come_first_by_when_they_began_not_by_their_ids(bridge: Bridge) -> None:
    for start in (30.0, 10.0, 20.0):
        hold(bridge, start)
    assert found() == ([1, 3], 3)
    assert found(before=3) == ([2], None)


def test_those_that_began_at_one_moment_are_each_found_once(bridge: Bridge) -> None:
    for _ in range(5):
        hold(bridge, 10.0)
    assert [found(), found(before=4), found(before=2)] == [([5, 4], 4), ([3, 2], 2), ([1], None)]


def test_a_place_that_was_removed_meanwhile_leads_to_the_newest(bridge: Bridge) -> None:
    hold(bridge, 10.0)
    assert found(before=99) == ([1], None)


def test_bridges_and_times_are_asked_for(bridge: Bridge) -> None:
    other = add_bridge(add_user("Bruno").email, "601")
    for start in (10.0, 20.0, 30.0):
        hold(bridge, start)
        hold(other, start)
    assert found(Filter([bridge.id], since=20.0)) == ([5, 3], None)
    assert found(Filter([bridge.id], until=20.0)) == ([1], None)
    assert found(Filter([])) == ([], None)
    assert found(Filter(Bridge.select(Bridge.id).where(Bridge.extension == "601")), most=9)[0] == [6, 4, 2]


def test_a_caller_is_looked_for_among_so_many_at_once(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_past, "WALK", 3)
    for start in range(5):
        hold(bridge, float(start), "0612345678" if start in (0, 4) else "")
    assert found(caller="345") == ([5], 3)
    assert found(caller="345", before=3) == ([1], None)
    assert found(caller="06 12 34 56 78") == ([5, 1], None)


def test_recordings_are_found_by_bridge_time_and_state(db: Config, bridge: Bridge) -> None:
    for _ in range(3):
        add_recording(db)
    add_recording(db, mp3=None)
    Recording.update(started_at=1.0).where(Recording.id == 1).execute()

    def ids(asked: Filter = ALL, states: tuple[str, ...] = (), before: int | None = None) -> list[int]:
        return [row.id for row in search_past.recordings(asked, states, before, 9).rows]

    assert ids() == [4, 3, 2, 1]
    assert ids(before=3) == [2, 1]
    assert ids(states=("failed",)) == [4]
    assert ids(Filter([bridge.id], until=2.0)) == [1]
    assert ids(Filter([bridge.id + 1])) == []
    assert search_past.recordings(ALL, (), None, 2).older == 3


def test_a_bridge_is_meant_by_number_short_number_or_its_users_name(db: Config, bridge: Bridge) -> None:
    numbers.add("+33970000600", region=db.region, bridge=bridge, actor="test")
    for text in ("600", "09 70 00 06 00", "alice", "MARTIN alice", "alice@demo"):
        assert found(Filter(search_past.bridges_of(text, "FR", None)))[0] == [], text
        hold(bridge, 10.0)
        assert found(Filter(search_past.bridges_of(text, "FR", None)))[0] == [1], text
        Conference.delete().execute()
    for words, among in (("bruno", None), ("alice", []), ("600", [])):
        assert found(Filter(search_past.bridges_of(words, "FR", among)))[0] == [], (words, among)


def test_words_are_looked_for_in_the_newest_entries_of_the_log_then_further_back(
    db: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    del db
    monkeypatch.setattr(search_past, "LOG_WALK", 3)
    for n in range(1, 8):
        AuditEntry.create(id=n, at=n, actor="x", action="y", subject="last" if n == 1 else "other", detail="")
    asked = [search_past.log("LAST", before, 2) for before in (None, 5, 2)]
    assert [([row.id for row in stretch.rows], stretch.older) for stretch in asked] == [
        ([], 5), ([], 2), ([1], None),
    ]  # fmt: skip
    assert [row.id for row in search_past.log("other", None, 2).rows] == [7, 6]
    assert search_past.log("", 3, 2).older is None


@pytest.mark.parametrize(
    ("steps", "most"),
    [
        ([], 0),
        ([(1.0, 1), (2.0, -1)], 1),
        ([(1.0, 1), (3.0, -1), (2.0, 1), (4.0, -1)], 2),
        ([(1.0, 1), (2.0, -1), (2.0, 1), (3.0, -1)], 1),
    ],
)
def test_people_at_once_are_those_whose_times_overlap(steps: list[tuple[float, int]], most: int) -> None:
    assert most_at_once(steps) == most


def test_people_at_once_are_counted_for_each_conference_while_it_runs(bridge: Bridge) -> None:
    first, second = hold(bridge, 10.0, "1", "2"), hold(bridge, 20.0)
    Participation.update(left_at=None).where(Participation.channel == "1").execute()
    assert search_past.people_at_once([first.id, second.id]) == {first.id: 2}


def test_a_number_may_have_been_claimed_in_four_ways() -> None:
    assert forms("06 12 34 56 78", "FR") == ("+33612345678", "33612345678", "0033612345678", "0612345678")
    assert forms("+44 20 7946 0000", "FR")[3] == "02079460000"
    for text in ("", "600", "5678", "alice"):
        assert forms(text, "FR") == (), text


def test_the_use_of_a_link_is_noted_once_an_hour_for_each_address(
    db: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = add_recording(db)
    for _ in range(2):
        links.make(recording, 0.0, 1e12)
    first, second = RecordingLink.select().order_by(RecordingLink.id)
    for now, link, address in (
        (0.0, first, "192.0.2.1"), (1.0, first, "192.0.2.1"), (2.0, first, "192.0.2.2"),
        (3.0, second, "192.0.2.1"), (3601.0, first, "192.0.2.1"),
    ):  # fmt: skip
        monkeypatch.setattr("time.time", lambda now=now: now)
        log_link_use(link, address, now)
    noted = AuditEntry.select().where(AuditEntry.action == "recording.link").order_by(AuditEntry.id)
    assert [(row.at, row.actor, row.detail) for row in noted] == [
        (0.0, "link 1", "address: 192.0.2.1"), (2.0, "link 1", "address: 192.0.2.2"),
        (3.0, "link 2", "address: 192.0.2.1"), (3601.0, "link 1", "address: 192.0.2.1"),
    ]  # fmt: skip
