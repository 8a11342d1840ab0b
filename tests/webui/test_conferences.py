"""The history of conferences (B6): found again, with who was there and what happened, in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from peewee import IntegrityError

from appliance import search_past
from appliance.conferences import control
from appliance.conferences.control import By
from appliance.conferences.presence import Person, record_join
from appliance.conferences.service_codes import Code, Switch
from appliance.journal import conference_events
from appliance.models import (
    Conference,
    ConferenceRole,
    HistoryEffect,
    HistoryEntry,
    HistoryEvent,
    Participation,
    RecordingReason,
    User,
)
from appliance.speech.prompts import Prompt
from appliance.system.config import Config
from tests.appliance.people import KEY, add_phone
from tests.webui.browser import Browser
from tests.webui.recorded import NOON, bridge_of, hold, record
from tests.webui.rows import rows_of
from webui import event_log

DAY = 86_400.0
People = dict[str, User]
Find = Callable[..., list[int]]


def guest(channel: str, number: str, name: str = "", phone: str | None = None) -> Person:
    return Person(channel, ConferenceRole.USER, number, name, phone)


def listed(browser: Browser, path: str) -> list[int]:
    """Ids of the conferences on a page, as they stand there."""
    return [
        int(found) for found in re.findall(r'"/conferences/(\d+)"', browser.get(path).get_data(as_text=True))
    ]


def every(browser: Browser, path: str, *, link: str = r'rel="next" href="([^"]*)"') -> list[int]:
    """Ids on this page and on all that follow."""
    seen = []
    while path:
        seen += listed(browser, path)
        older = re.search(link, browser.get(path).get_data(as_text=True))
        path = older[1].replace("&amp;", "&") if older else ""
    return seen


def test_everybody_sees_the_conferences_of_the_bridges_that_they_see(
    people: People, signed_in: Callable[[str], Browser]
) -> None:
    for name in ("alice", "marc", "yann"):
        hold(people[name])
    seen = {"alice": [1], "marc": [2, 1], "ines": [3, 2, 1], "yann": [3]}
    for name, ids in seen.items():
        assert listed(signed_in(name), "/conferences") == ids, name
    assert listed(signed_in("marc"), f"/bridges/{bridge_of(people['alice']).id}/conferences") == [1]


def test_a_long_list_is_read_backwards_even_where_many_began_at_once(people: People, ines: Browser) -> None:
    for n in range(35):
        for name in ("alice", "yann"):
            hold(people[name], NOON + n // 30 * DAY + n)
    Conference.update(started_at=NOON).where(Conference.id <= 60).execute()
    assert every(ines, "/conferences") == list(range(70, 0, -1))


def test_the_running_one_is_marked_and_shows_who_is_still_in(people: People, alice: Browser) -> None:
    record_join(bridge_of(people["alice"]).id, guest("1.1", "+33612345678"), NOON)
    assert "Running for" in alice.text("/conferences")
    said = alice.text("/conferences/1")
    assert "Running for" in said
    assert "still in" in said
    assert "never: everybody heard music" in said


def test_who_was_there_when_and_for_how_long(people: People, alice: Browser) -> None:
    bridge_of(people["alice"])
    add_phone(people["alice"].email, "101")
    add_phone(people["marc"].email, "102")
    hold(
        people["alice"], a=guest("1.1", "+33612345678"), b=guest("1.2", ""),
        c=guest("1.3", "102", "Poste d’accueil", "102"), d=guest("1.4", "<script>", "Zoé & Cie"),
    )  # fmt: skip
    said = alice.text("/conferences/1")
    for row in (
        "Alice Martin 101 Conference administrator Conference administrator 13:05:00 13:37:00 32 mins",
        "06 12 34 56 78 Participant Participant 13:05:01",
        "hidden number Participant",
        "Poste d’accueil 102 · Marc Martin Participant",
        "Zoé & Cie <script> Participant",
    ):
        assert row in said, row
    assert "Most people at the same time 5" in said
    assert "<script>" not in alice.get("/conferences/1").get_data(as_text=True)


def test_times_are_those_of_the_readers_clock_with_the_day_where_it_is_another(
    people: People, alice: Browser
) -> None:
    hold(people["alice"], NOON + 10.5 * 3600, minutes=60)
    said = alice.text("/conferences/1")
    assert "Conference of 24 Nov 2026, 23:35" in said
    assert "23:35:00 25 Nov 2026, 00:35:00 1 hr" in said
    alice.fill("/account", time_zone="America/Toronto")
    assert "17:35:00 18:35:00 1 hr" in alice.text("/conferences/1")


def test_its_recordings_stand_on_its_page(db: Config, people: People, alice: Browser) -> None:
    conference = hold(people["alice"])
    assert "Recordings" in alice.text("/conferences")
    row = record(db, conference)
    assert f'"/recordings/{row.id}"' in alice.get("/conferences/1").get_data(as_text=True)
    assert f'"/conferences/{conference.id}"' in alice.get(f"/recordings/{row.id}").get_data(as_text=True)


@pytest.fixture
def find(people: People, ines: Browser) -> Find:
    """Search among three conferences of Alice's and one of Yann's."""
    hold(people["alice"], NOON, a=guest("1.1", "+33612345678", "Élodie Bâ"))
    hold(people["alice"], NOON + DAY, a=guest("2.1", "0612345678"))
    hold(people["alice"], NOON + 2 * DAY, a=guest("3.1", "+442079460000"))
    hold(people["yann"], NOON + 3 * DAY, a=guest("4.1", "33612345678"))
    return lambda query, browser=ines: listed(browser, f"/conferences?{query}")


@pytest.mark.parametrize(
    "number", ["06 12 34 56 78", "%2B33612345678", "0033 6 12 34 56 78", "06.12.34.56.78"]
)
def test_a_caller_is_found_by_their_number_in_whichever_form_it_came_or_is_typed(
    find: Find, number: str
) -> None:
    assert find(f"q={number}") == [4, 2, 1]


def test_a_caller_is_found_by_a_part_of_their_number_or_by_their_name(find: Find) -> None:
    assert find("q=345+678") == find("q=0612") == [4, 2, 1]
    assert find("q=7946") == [3]
    assert find("q=elodie") == find("q=BA+elodie") == [1]
    assert find("q=nobody") == []
    assert find("q=%25") == []


def test_nobody_finds_conferences_of_others(find: Find, alice: Browser) -> None:
    assert find("q=0612345678", alice) == find("q=0612", alice) == [2, 1]


def test_days_are_those_of_the_readers_clock(find: Find, people: People, ines: Browser) -> None:
    assert find("since=2026-11-25&until=2026-11-26") == [3, 2]
    late = hold(people["yann"], NOON + 4 * DAY + 10.95 * 3600).id  # Two minutes past midnight in Paris.
    assert find("since=2026-11-29") == [late]
    ines.fill("/account", time_zone="America/Toronto")
    assert find("since=2026-11-29") == []
    assert find("since=2026-11-28") == [late]
    assert find("q=0612345678&until=2026-11-25") == [2, 1]


def test_what_is_not_found_in_the_newest_is_looked_for_further_back(
    find: Find, ines: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_past, "WALK", 2)
    assert find("q=elodie") == []
    assert "Nobody matching this was in the last 2 conferences" in ines.text("/conferences?q=elodie")
    assert every(ines, "/conferences?q=elodie") == [1]
    assert every(ines, "/conferences?q=martin") == [4, 3, 2, 1]
    assert find("q=0612345678") == [4, 2, 1], "a whole number is found at once"


def test_an_empty_history_says_when_there_will_be_one(alice: Browser) -> None:
    assert "as soon as somebody dials the number" in alice.text("/conferences")
    assert "No conference matches your search" in alice.text("/conferences?q=x")


def test_what_happened_is_told_in_words(people: People, marc: Browser) -> None:
    bridge = bridge_of(people["alice"])
    record_join(bridge.id, Person("1.1", ConferenceRole.ADMIN, "101", "Alice Martin", None), NOON)
    record_join(bridge.id, guest("1.2", "+33612345678"), NOON + 1)
    conference = Conference.get()
    bob = Participation.get(Participation.channel == "1.2")
    control.press("1.1", "6", None, KEY, NOON + 2)
    control.press("1.2", "9", "0000", KEY, NOON + 3)
    control.mute(bob, True, By(actor="marc@demo.example"), NOON + 4)
    control.turn(conference, Switch.MUTED_ALL, True, By(actor="marc@demo.example"), NOON + 5)
    control.press("1.1", "0", "1", KEY, NOON + 6)
    said = marc.text("/conferences/1").partition("What happened")[2]
    for row in (
        "13:05:00 Alice Martin Alice Martin entered as administrator",
        "13:05:01 06 12 34 56 78 06 12 34 56 78 entered",
        "13:05:02 Alice Martin Alice Martin locked the conference",
        "entered a wrong PIN to become administrator (*9)",
        "marc@demo.example muted 06 12 34 56 78",
        "marc@demo.example muted all users",
        "Alice Martin ended the conference for all",
    ):
        assert row in said, row
    assert said.count("ended the conference for all") == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_everything_that_may_happen_has_words_in_both_languages(
    people: People, alice: Browser, language: str
) -> None:
    alice.fill("/account", language=language)
    bridge = bridge_of(people["alice"])
    for n, role in enumerate((ConferenceRole.ADMIN, ConferenceRole.USER, ConferenceRole.USER)):
        record_join(bridge.id, Person(f"1.{n}", role, "", f"Person {n}", None), NOON)
    conference = Conference.get()
    person = Participation.get(Participation.channel == "1.2")
    by = By(actor="marc@demo.example")
    for code in (*Code, "8", "#"):
        for channel in ("1.0", "1.1"):
            for digits in (None, "", "1234", "0") if code in (Code.ADMIN, Code.END) else (None, None):
                control.press(channel, code, digits, KEY, NOON)
    for switch in Switch:
        for on in (True, False):
            control.turn(conference, switch, on, by, NOON)
    for change in (control.mute(person, True, by, NOON), control.mute(person, False, by, NOON)):
        assert change
    assert control.promote(person, by, NOON)
    assert control.kick(person, by, NOON)
    record = partial(conference_events.record, conference, HistoryEvent.RECORDING, NOON)
    record(effect=HistoryEffect.RECORDING_ALWAYS)
    for effect in (HistoryEffect.RECORDING_FAILED, HistoryEffect.RECORDING_CUT_SHORT):
        for why in RecordingReason:
            record(effect=effect, reason=why)
    control.end(conference, by, NOON)
    said = alice.text("/conferences/1")
    assert HistoryEntry.select().count() > 50
    raw = [
        *Prompt,
        "muted_all",
        "promoted",
        "announcing on",
        "pont/",
        *(e for e in HistoryEffect if "_" in e),
    ]
    assert [word for word in raw if f" {word} " in said or (word == "pont/" and word in said)] == []
    english = ("entered", "muted", "pressed", "removed", "locked", "wrong PIN")
    assert all((word in said) == (language == "en") for word in english)


@pytest.mark.parametrize("column", ["event", "effect", "reason"])
def test_what_has_no_words_is_not_kept(people: People, column: str) -> None:
    values = {"event": HistoryEvent.RECORDING, "effect": HistoryEffect.RECORDING_ALWAYS, "reason": ""}
    conference = hold(people["alice"])
    HistoryEntry.create(conference=conference, at=NOON, actor="x", **values)
    with pytest.raises(IntegrityError):
        HistoryEntry.create(conference=conference, at=NOON, actor="x", **values | {column: "something new"})


def test_every_effect_has_words_in_both_languages(people: People, alice: Browser) -> None:
    effects = [effect for effect in HistoryEffect if effect is not HistoryEffect.UNAVAILABLE]
    assert set(event_log.EFFECTS) == set(effects)
    conference = hold(people["alice"])
    HistoryEntry.delete().execute()
    for effect in effects:
        conference_events.record(conference, HistoryEvent.SWITCHED, NOON, actor="x", effect=effect)
    said = []
    for language in ("en", "fr"):
        alice.fill("/account", language=language)
        page = alice.get("/conferences/1").get_data(as_text=True)
        said.append([row[2] for row in rows_of(page)["happened"]])
    for effect, in_english, in_french in zip(effects, *said, strict=True):
        assert effect not in (in_english, in_french)
        assert in_english != in_french


def test_a_long_history_comes_in_parts(people: People, alice: Browser) -> None:
    conference = hold(people["alice"])
    for n in range(250):
        HistoryEntry.create(
            conference=conference,
            at=NOON + n,
            actor=f"actor {n}.",
            event=HistoryEvent.SWITCHED,
            effect=HistoryEffect.LOCKED_ON,
        )
    seen, path = [], "/conferences/1"
    while path:
        page = alice.get(path).get_data(as_text=True)
        seen += [int(n) for n in re.findall(r"actor (\d+)\.</td>", page)]
        later = re.search(r'rel="next" href="([^"]*)"', page)
        path = later[1].replace("&amp;", "&") if later else ""
    assert seen == list(range(250))
    for strange in ("x", "-1", "9999999999999999999999"):
        assert alice.get(f"/conferences/1?after={strange}").status_code == 200
