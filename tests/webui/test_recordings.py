"""Recordings on the web (B6): who sees which, listening and downloading, sending again, deleting."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable

import pytest
from peewee import OperationalError

from appliance.directory import bridges, customers
from appliance.journal import audit_log
from appliance.models import (
    AuditEntry,
    Bridge,
    Consent,
    OutgoingMail,
    Recording,
    RecordingLink,
    RecordingReason,
    RecordingState,
    User,
)
from appliance.recordings import files, lifecycle, links, reasons
from appliance.system.config import Config
from tests.appliance.people import KEY
from tests.webui.browser import Browser, read
from tests.webui.recorded import NOON, SOUND, bridge_of, hold, record
from webui import sound
from webui.pages.recordings import STATES

DAY = 86_400.0
People = dict[str, User]


@pytest.fixture
def recording(db: Config, people: People) -> Recording:
    """A recording of Alice's."""
    return record(db, hold(people["alice"]))


def entries(action: str) -> list[tuple[str, str]]:
    """Who did this to what, by the audit log."""
    rows = AuditEntry.select().where(AuditEntry.action == action).order_by(AuditEntry.id)
    return [(row.actor, row.subject) for row in rows]


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


def test_it_is_heard_from_any_point_on(alice: Browser, recording: Recording) -> None:
    path = f"/recordings/{recording.id}/sound"
    whole = alice.get(path)
    assert (whole.status_code, whole.data) == (200, SOUND)
    assert whole.headers["Content-Type"] == "audio/mpeg"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Cache-Control"] == "no-store"
    assert whole.headers["Content-Disposition"].startswith("inline")
    for asked, first, last in (("0-", 0, None), ("100-199", 100, 199), ("-50", len(SOUND) - 50, None)):
        last = len(SOUND) - 1 if last is None else last
        part = alice.get(path, headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.data) == (206, SOUND[first : last + 1]), asked
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(SOUND)}"
    beyond = alice.get(path, headers={"Range": "bytes=999999-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(SOUND)}")


def test_a_recording_of_any_size_is_not_held_in_memory(
    db: Config, alice: Browser, recording: Recording
) -> None:
    with files.mp3_file(db, recording.id).open("r+b") as file:
        file.truncate(100_000_000)
    alice.get("/")
    for headers in ({}, {"Range": "bytes=1000-"}):
        tracemalloc.start()
        response = alice.get(f"/recordings/{recording.id}/sound", headers=headers, buffered=False)
        read_bytes = sum(len(chunk) for chunk in response.iter_encoded())
        response.close()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read_bytes >= 99_999_000
        assert peak < 3_000_000


def test_a_download_is_called_by_the_day_on_the_readers_clock(alice: Browser, recording: Recording) -> None:
    path = f"/recordings/{recording.id}/download"
    assert (
        alice.get(path).headers["Content-Disposition"]
        == "attachment; filename=conference-2026-11-24-1305.mp3"
    )
    alice.fill("/account", time_zone="America/Toronto")
    response = alice.get(path)
    assert response.headers["Content-Disposition"] == "attachment; filename=conference-2026-11-24-0705.mp3"
    assert response.data == SOUND


def test_each_session_that_listens_or_downloads_is_noted_once(
    signed_in: Callable[[str], Browser], recording: Recording
) -> None:
    path, name = f"/recordings/{recording.id}", f"{recording.id}, bridge {600 + 3}"
    alice = signed_in("alice")
    alice.get(path)
    alice.client.head(f"{path}/sound", base_url="https://pont.example", buffered=True)
    assert entries("recording.listen") == []
    for start in range(0, 500, 100):
        alice.get(f"{path}/sound", headers={"Range": f"bytes={start}-"})
    assert entries("recording.listen") == [("alice@demo.example", name)]
    assert entries("recording.download") == []
    alice.get(f"{path}/download")
    alice.get(f"{path}/download")
    assert entries("recording.download") == [("alice@demo.example", name)]
    signed_in("marc").get(f"{path}/sound")
    signed_in("alice").get(f"{path}/sound")
    actors = [actor for actor, _ in entries("recording.listen")]
    assert actors == ["alice@demo.example", "marc@demo.example", "alice@demo.example"]


def test_nothing_is_heard_that_cannot_be_noted(
    alice: Browser, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("database is locked")

    path = f"/recordings/{recording.id}/sound"
    with monkeypatch.context() as patch:
        patch.setattr(audit_log, "record", fail)
        for _ in range(2):
            response = alice.get(path)
            assert response.status_code == 503
            assert SOUND not in response.data
    assert alice.get(path).data == SOUND
    assert len(entries("recording.listen")) == 1


def test_a_session_forgets_old_recordings_before_its_cookie_is_too_large(
    db: Config, people: People, alice: Browser
) -> None:
    conference = hold(people["alice"])
    for n in range(sound.REMEMBERED + 5):
        row = record(db, conference, id=9_000_000 + n)
        alice.get(f"/recordings/{row.id}/download")
        last = alice.get(f"/recordings/{row.id}/sound")
    assert len(last.headers["Set-Cookie"]) < 4000
    assert len(entries("recording.listen")) == sound.REMEMBERED + 5


@pytest.mark.parametrize("state", ["starting", "recording", "waiting", "encoding", "failed"])
def test_what_is_not_there_is_not_found(db: Config, people: People, alice: Browser, state: str) -> None:
    row = record(db, hold(people["alice"]), state=state)
    assert alice.get(f"/recordings/{row.id}/sound").status_code == 404
    assert alice.get(f"/recordings/{row.id}/download").status_code == 404


def test_a_file_that_is_missing_is_said_to_be(db: Config, alice: Browser, recording: Recording) -> None:
    files.mp3_file(db, recording.id).unlink()
    assert alice.get(f"/recordings/{recording.id}/sound").status_code == 404
    assert "Its file is missing" in alice.text(f"/recordings/{recording.id}")


def test_it_is_deleted_with_all_that_belongs_to_it_once_that_was_asked(
    db: Config, alice: Browser, recording: Recording
) -> None:
    path = f"/recordings/{recording.id}/delete"
    take = files.take_file(db, recording.id, 1)
    take.write_bytes(b"x")
    links.make(recording, NOON, NOON + DAY)
    assert "Delete the recording of 24 Nov 2026, 13:05?" in alice.text(path)
    assert Recording.select().count() == 1
    response = alice.fill(path)
    assert "The recording was deleted." in alice.text(response.location)
    assert Recording.select().count() == RecordingLink.select().count() == 0
    assert not take.exists()
    assert not files.mp3_file(db, recording.id).exists()
    assert entries("recording.delete")[0][0] == "alice@demo.example"
    assert alice.get(f"/recordings/{recording.id}").status_code == 404


def test_what_runs_or_is_being_converted_is_not_deleted(alice: Browser, recording: Recording) -> None:
    Recording.update(state="encoding").execute()
    assert "is not finished yet: wait" in read(alice.fill(f"/recordings/{recording.id}/delete"))
    assert Recording.select().count() == 1


def test_it_is_sent_again_to_whom_the_bridge_says(alice: Browser, recording: Recording) -> None:
    bridge = Bridge.get_by_id(recording.conference.bridge_id)
    bridges.change(bridge, summary_email="secretariat@demo.example", pin_key=KEY, actor="test")
    path = f"/recordings/{recording.id}"
    response = alice.press(path, f"{path}/send")
    assert "on its way to secretariat@demo.example" in alice.text(response.location)
    assert [(mail.to, mail.state) for mail in OutgoingMail.select()] == [
        ("secretariat@demo.example", "waiting")
    ]
    assert "secretariat@demo.example" in alice.text(path)
    assert entries("recording.send")[0][0] == "alice@demo.example"


def test_what_has_no_mp3_yet_is_not_sent(alice: Browser, recording: Recording) -> None:
    path = f"/recordings/{recording.id}"
    action = f"{path}/send"
    token = alice.get(path).get_data(as_text=True)
    Recording.update(state="waiting").execute()
    form = {"csrf_token": re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', token)[-1]}
    assert "has no MP3 yet" in read(alice.post(action, form))
    assert OutgoingMail.select().count() == 0


def test_its_links_are_listed_and_withdrawn(alice: Browser, recording: Recording, visitor: Browser) -> None:
    now = 4_000_000_000.0
    token = links.make(recording, NOON, now)
    links.make(recording, NOON - 2 * DAY, NOON - DAY)
    path = f"/recordings/{recording.id}"
    said = alice.text(path)
    assert "Works until 2 Oct 2096" in said
    assert "Over since 23 Nov 2026 made on 22 Nov 2026, 13:05" in said
    assert visitor.get(f"/r/{token}").status_code == 200
    response = alice.press(path, f"/recordings/links/{RecordingLink.get().id}/revoke")
    assert "The link is withdrawn" in alice.text(response.location)
    assert "Withdrawn on" in alice.text(path)
    assert visitor.get(f"/r/{token}").status_code == 404
    assert entries("recording.link.revoke") == [("alice@demo.example", f"{recording.id}, bridge 603")]


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
