"""Recordings on the web (B6): who sees which, and what is said of each."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from appliance.directory import customers
from appliance.models import (
    AuditEntry,
    Consent,
    Recording,
    RecordingReason,
    RecordingState,
    User,
)
from appliance.recordings import lifecycle, reasons
from appliance.system.config import Config
from tests.webui.browser import Browser, read
from tests.webui.recorded import NOON, SOUND, bridge_of, hold, record
from webui.pages.recordings import STATES

DAY = 86_400.0
People = dict[str, User]


def test_everybody_sees_the_recordings_of_the_bridges_that_they_see(
    db: Config, people: People, signed_in: Callable[[str], Browser]
) -> None:
    for name in ("alice", "marc", "yann"):
        record(db, hold(people[name]))
    seen = {"alice": {"1"}, "marc": {"1", "2"}, "ines": {"1", "2", "3"}, "yann": {"3"}}
    for name, ids in seen.items():
        page = signed_in(name).get("/recordings").get_data(as_text=True)
        assert set(re.findall(r'"/recordings/(\d+)"', page)) == ids, name
        assert ("Yann Martin" in page) == (name == "ines" or name == "yann")


def test_a_bridge_has_a_list_of_its_own(db: Config, people: People, marc: Browser) -> None:
    record(db, hold(people["alice"]))
    record(db, hold(people["marc"]))
    page = marc.get(f"/bridges/{bridge_of(people['alice']).id}/recordings").get_data(as_text=True)
    assert re.findall(r'"/recordings/(\d+)"', page) == ["1"]
    assert "Recordings of Alice Martin" in page


def test_a_long_list_is_read_backwards_to_its_beginning(db: Config, people: People, alice: Browser) -> None:
    for n in range(60):
        record(db, hold(people["alice"], NOON + n * DAY))
    seen, path = [], "/recordings"
    while path:
        page = alice.get(path).get_data(as_text=True)
        seen += [int(row_id) for row_id in re.findall(r'"/recordings/(\d+)"', page)]
        older = re.search(r'rel="next" href="([^"]*)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == list(range(60, 0, -1))


def test_the_list_is_searched_by_organiser_number_day_and_state(
    db: Config, people: People, ines: Browser
) -> None:
    record(db, hold(people["alice"]))
    record(db, hold(people["yann"], NOON + DAY), state="failed", reason=RecordingReason.DISK_FULL)

    def found(query: str) -> list[str]:
        return re.findall(r'"/recordings/(\d+)"', ines.get(f"/recordings?{query}").get_data(as_text=True))

    assert found("q=ALICE") == found(f"q={600 + people['alice'].id}") == ["1"]
    assert found("kind=failed") == found("q=yann&kind=failed") == ["2"]
    assert found("kind=there") == ["1"]
    assert found("since=2026-11-25") == ["2"]
    assert found("until=2026-11-24") == found("since=2026-11-24&until=2026-11-24") == ["1"]
    assert found("q=nobody") == found("since=2026-11-26") == []
    assert "No recording matches your search" in ines.text("/recordings?q=nobody")
    assert "Not a valid date value" in ines.text("/recordings?since=24.11.2026")
    assert "Write the day as 2026-11-24" in ines.text("/recordings?since=0001-01-01&until=9999-12-31")


def test_a_user_finds_nothing_of_others_however_they_search(
    db: Config, people: People, alice: Browser
) -> None:
    record(db, hold(people["yann"]))
    for query in ("q=yann", f"q={600 + people['yann'].id}", "kind=there", "before=999", "since=2020-01-01"):
        assert "/recordings/1" not in alice.get(f"/recordings?{query}").get_data(as_text=True), query


@pytest.mark.parametrize("before", ["x", "-1", "9999999999999999999999"])
def test_a_place_that_is_none_is_no_failure(alice: Browser, before: str) -> None:
    for page in ("recordings", "conferences", "mails"):
        assert alice.get(f"/{page}?before={before}").status_code == 200


def test_an_empty_list_says_how_one_records(alice: Browser) -> None:
    assert "Press *7 during a conference to record it" in alice.text("/recordings")


def test_how_far_a_recording_is_stands_in_the_list_and_on_its_page(
    db: Config, people: People, alice: Browser
) -> None:
    row = record(db, hold(people["alice"]), state="encoding", progress=0.42, seconds=None, size=None)
    assert "Being converted" in alice.text("/recordings")
    assert "42 % are done" in alice.text(f"/recordings/{row.id}")
    for state in RecordingState:
        over = state not in (RecordingState.STARTING, RecordingState.RECORDING)
        Recording.update(state=state, ended_at=NOON if over else None).execute()
        assert str(STATES[state]) in alice.text(f"/recordings/{row.id}")
        assert "<audio" not in alice.get(f"/recordings/{row.id}").get_data(as_text=True)


@pytest.mark.parametrize("state", RecordingState)
def test_every_state_has_words_in_both_languages(
    db: Config, people: People, alice: Browser, state: RecordingState
) -> None:
    over = state not in (RecordingState.STARTING, RecordingState.RECORDING)
    row = record(db, hold(people["alice"]), state=state, ended_at=NOON if over else None)
    badges = []
    for language in ("en", "fr"):
        alice.fill("/account", language=language)
        page = alice.get(f"/recordings/{row.id}").get_data(as_text=True)
        badges += re.findall(r'class="badge[^>]*>([^<]+)<', page.partition("</h1>")[2])[:1]
    assert len(set(badges)) == 2, badges


@pytest.mark.parametrize("reason", RecordingReason)
def test_every_reason_has_words_in_both_languages(
    db: Config, people: People, alice: Browser, reason: RecordingReason
) -> None:
    row = record(db, hold(people["alice"]), state="failed", reason=reason)
    assert f"There is no recording: {reasons.in_words(reason)}." in alice.text(f"/recordings/{row.id}")
    alice.fill("/account", language="fr")
    said = alice.text(f"/recordings/{row.id}")
    assert "Il n’y a pas d’enregistrement" in said
    assert reasons.in_words(reason) not in said


def test_why_there_is_none_or_not_all_of_it_is_said_in_plain_words(
    db: Config, people: People, alice: Browser
) -> None:
    row = record(db, hold(people["alice"]), state="failed", reason=RecordingReason.DISK_FULL)
    path = f"/recordings/{row.id}"
    assert "There is no recording: the disk of the server is nearly full." in alice.text(path)
    Recording.update(state="mailed").execute()
    assert "stopped before the end: the disk of the server is nearly full." in alice.text(path)


def test_its_page_says_how_long_it_is_kept(alice: Browser, recording: Recording) -> None:
    said = alice.text(f"/recordings/{recording.id}")
    assert "Length 32 mins" in said
    assert "Deleted on Monday, 22 February 2027" in said


def test_b3_who_accepted_and_who_did_not_is_shown(alice: Browser, recording: Recording) -> None:
    path = f"/recordings/{recording.id}"
    assert "Nobody was asked" in alice.text(path)
    bridge = recording.conference.bridge
    for number, (caller, accepted) in enumerate([("+33612345678", True), ("", False)]):
        Consent.create(
            bridge=bridge, channel=f"c{number}", caller=caller, at=NOON + number, accepted=accepted
        )
    Consent.create(bridge=bridge, channel="other", caller="+33699999999", at=NOON - DAY, accepted=True)
    said = alice.text(path)
    assert "06 12 34 56 78 Accepted 24 Nov 2026, 13:05:00" in said
    assert "hidden number Refused" in said
    assert "99 99" not in said


def test_r1_while_the_service_is_off_its_people_see_no_conference_page(
    signed_in: Callable[[str], Browser], recording: Recording
) -> None:
    customers.change("Démo SARL", service=False, actor="test")
    pages = (
        "/recordings",
        "/conferences",
        "/lockouts",
        f"/recordings/{recording.id}",
        f"/recordings/{recording.id}/sound",
    )
    for name in ("alice", "marc"):
        browser = signed_in(name)
        for page in pages:
            response = browser.get(page)
            assert response.status_code == 403, (name, page)
            assert "The conference service is switched off" in read(response)
        assert "/recordings" not in browser.get("/").get_data(as_text=True)
    assert signed_in("ines").get(pages[-1]).data == SOUND
    customers.change("Démo SARL", service=True, actor="test")
    assert signed_in("alice").get(pages[-1]).data == SOUND


def test_a_recording_with_the_number_of_one_that_was_deleted_is_noted_as_well(
    db: Config, people: People, alice: Browser
) -> None:
    noted = []
    for start in (NOON, NOON + 7200):
        row = record(db, hold(people["alice"], start), started_at=start)
        alice.get(f"/recordings/{row.id}/sound")
        noted.append((row.id, AuditEntry.select().where(AuditEntry.action == "recording.listen").count()))
        lifecycle.delete(db, row, actor="test")
    assert noted == [(1, 1), (1, 2)]


def test_it_is_shown_in_french(alice: Browser, recording: Recording) -> None:
    alice.fill("/account", language="fr")
    said = alice.text(f"/recordings/{recording.id}")
    for words in ("Enregistrement du 24 nov. 2026, 13:05", "32 min", "lundi 22 février 2027", "Télécharger"):
        assert words in said.replace("\u202f", " ").replace("\u00a0", " ")
