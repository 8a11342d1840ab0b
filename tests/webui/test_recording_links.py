"""Links to recordings (R33): good for whoever has one, telling nobody else anything, leaving no trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from appliance.directory import customers
from appliance.models import AuditEntry, Recording, RecordingLink, User
from appliance.recordings import files, lifecycle, links
from appliance.system.config import Config
from tests.webui.browser import ORIGIN, Browser, read
from tests.webui.recorded import NOON, SOUND, hold, record
from webui import sound

DAY = 86_400.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """What time it is: the one item, which tests set."""
    now = [NOON + DAY]
    with monkeypatch.context() as patch:
        patch.setattr("time.time", lambda: now[0])
        yield now


@pytest.fixture
def recording(db: Config, people: dict[str, User], clock: list[float]) -> Recording:
    """A recording of Alice's."""
    del clock
    return record(db, hold(people["alice"]))


@pytest.fixture
def path(recording: Recording) -> str:
    """Address of a link that is good for ten days."""
    return f"/r/{links.make(recording, NOON, NOON + 10 * DAY)}"


def uses() -> list[tuple[str, str, str]]:
    rows = AuditEntry.select().where(AuditEntry.action == "recording.link").order_by(AuditEntry.id)
    return [(row.actor, row.subject, row.detail) for row in rows]


def test_whoever_has_the_link_hears_the_recording_without_an_account(visitor: Browser, path: str) -> None:
    said = visitor.text(path)
    for words in (
        "Recording of a conference of Alice Martin", "Tuesday, 24 November 2026",
        "13:05 to 13:37 (Paris, UTC+1)", "32 mins", "Friday, 4 December 2026, 13:05",
    ):  # fmt: skip
        assert words in said
    page = visitor.get(path).get_data(as_text=True)
    assert f'<audio class="player" controls preload="none" src="{path}/sound"' in page
    assert visitor.get(f"{path}/sound").data == SOUND
    assert visitor.get(f"{path}/sound", headers={"Range": "bytes=10-19"}).data == SOUND[10:20]
    download = visitor.get(f"{path}/download")
    assert download.data == SOUND
    assert download.headers["Content-Disposition"] == "attachment; filename=conference-2026-11-24-1305.mp3"


def test_its_page_speaks_the_language_of_the_browser(app: Flask, path: str) -> None:
    said = Browser(app, "fr").text(path).replace("\u202f", " ").replace("\u00a0", " ")
    assert "Enregistrement d’une conférence organisée par Alice Martin" in said
    assert "de 13:05 à 13:37 (Paris, UTC+1)" in said


def test_links_that_give_no_right_are_all_answered_alike(
    db: Config, visitor: Browser, recording: Recording, clock: list[float]
) -> None:
    def link(until: float) -> str:
        return links.make(recording, NOON, until)

    expired, revoked, other = link(NOON + DAY - 1), link(NOON + 9 * DAY), link(NOON + 9 * DAY)
    links.revoke(RecordingLink.get_by_id(2), clock[0], actor="test")
    tokens = [expired, revoked, "A" * 43, "x", "%00", "é" * 43]
    answers = {(visitor.get(f"/r/{token}").status_code, visitor.get(f"/r/{token}").data) for token in tokens}
    files.mp3_file(db, recording.id).unlink()
    answers.add((visitor.get(f"/r/{other}").status_code, visitor.get(f"/r/{other}").data))
    lifecycle.delete(db, recording, actor="test")
    answers.add((visitor.get(f"/r/{other}").status_code, visitor.get(f"/r/{other}").data))
    assert len(answers) == 1
    assert answers.pop()[0] == 404
    assert "There is no recording here" in read(visitor.get(f"/r/{expired}"))
    for token in (*tokens, other):
        for page in ("sound", "download"):
            response = visitor.get(f"/r/{token}/{page}")
            assert (response.status_code, SOUND in response.data) == (404, False)
    assert uses() == []


def test_neither_caches_nor_search_engines_nor_other_sites_learn_of_it(visitor: Browser, path: str) -> None:
    for page in (path, f"{path}/sound", f"{path}/download", "/r/unknown", "/r/unknown/sound"):
        headers = visitor.get(page).headers
        assert headers["Cache-Control"] == "no-store", page
        assert headers["Referrer-Policy"] == "no-referrer", page
        assert headers["X-Robots-Tag"] == "noindex, nofollow", page
        assert "default-src 'none'" in headers["Content-Security-Policy"], page
    beyond = visitor.get(f"{path}/sound", headers={"Range": "bytes=999999-"})
    assert (beyond.status_code, beyond.headers["Referrer-Policy"]) == (416, "no-referrer")


def test_scanners_of_mail_servers_may_look_as_often_as_they_like(visitor: Browser, path: str) -> None:
    for page in (path, f"{path}/sound", f"{path}/download"):
        response = visitor.client.head(page, base_url=ORIGIN, buffered=True)
        assert (response.status_code, response.data) == (200, b"")
    assert uses() == []
    for _ in range(20):
        visitor.get(path)
    assert visitor.get(f"{path}/sound").data == SOUND


def test_who_used_a_link_is_noted_once_an_hour_and_address(
    visitor: Browser, path: str, recording: Recording, clock: list[float]
) -> None:
    def use(page: str, address: str) -> None:
        visitor.get(page, environ_base={"REMOTE_ADDR": address})

    for page in (path, f"{path}/sound", f"{path}/download", f"{path}/sound"):
        use(page, "192.0.2.1")
    use(f"{path}/sound", "2001:db8::1")
    name = f"{recording.id}, bridge 603"
    first = [("link 1", name, "address: 192.0.2.1"), ("link 1", name, "address: 2001:db8::1")]
    assert uses() == first
    clock[0] += 3599
    use(path, "192.0.2.1")
    assert uses() == first
    clock[0] += 2
    use(path, "192.0.2.1")
    assert uses() == [*first, first[0]]


def test_no_token_is_in_a_log_when_something_fails(
    app: Flask, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr(sound, "hand_out", fail)
    app.testing = False
    for page in ("sound", "download"):
        assert Browser(app).get(f"{path}/{page}?x={path}").status_code == 500
    assert "/r/<token>/sound failed" in caplog.text
    assert path.rpartition("/")[2] not in caplog.text


def test_no_token_is_kept(visitor: Browser, path: str) -> None:
    visitor.get(path)
    token = path.rpartition("/")[2]
    rows = [*AuditEntry.select().dicts(), *RecordingLink.select().dicts()]
    assert not any(token in str(row) for row in rows)


def test_its_page_leads_to_no_other_page_with_the_token(
    visitor: Browser, signed_in: Callable[[str], Browser], path: str
) -> None:
    for browser in (visitor, signed_in("yann")):
        page = browser.get(path).get_data(as_text=True)
        with_token = set(re.findall(rf'(?:href|src|action)="([^"]*{path}[^"]*)"', page))
        assert with_token == {f"{path}/sound", f"{path}/download"}


def test_r1_while_the_service_is_off_nobody_gets_in(visitor: Browser, path: str) -> None:
    customers.change("Démo SARL", service=False, actor="test")
    assert visitor.get(path).status_code == visitor.get(f"{path}/sound").status_code == 404
    customers.change("Démo SARL", service=True, actor="test")
    assert visitor.get(path).status_code == 200
