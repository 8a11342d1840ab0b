"""A link to a recording is good for whom it was made, until its day, and for nobody who guesses."""

from __future__ import annotations

import hashlib

import pytest

from appliance.errors import RefusedError
from appliance.models import AuditEntry, Recording, RecordingLink
from appliance.recordings import links
from appliance.system.config import Config
from tests.appliance.recordings.recorded import add_recording

NOW = 1_000_000.0


def recording_of(token: str, now: float) -> Recording | None:
    """What a token gives a right to."""
    link = links.find(token, now)
    return link.recording if link is not None else None


@pytest.fixture
def recording(db: Config) -> Recording:
    return add_recording(db)


def test_a_token_leads_to_its_recording_until_its_day(db: Config, recording: Recording) -> None:
    other = add_recording(db)
    token, others = links.make(recording, NOW, NOW + 10), links.make(other, NOW, NOW + 10)
    assert recording_of(token, NOW + 9) == recording
    assert recording_of(others, NOW + 9) == other
    assert links.find(token, NOW + 10) is None
    assert links.url(db, token) == f"https://pont.example/r/{token}"


def test_tokens_are_not_kept_and_cannot_be_guessed(recording: Recording) -> None:
    tokens = {links.make(recording, NOW, NOW + 10) for _ in range(50)}
    assert {len(token) for token in tokens} == {43}
    kept = {row.token_hash for row in RecordingLink.select()}
    assert kept == {hashlib.sha256(token.encode()).hexdigest() for token in tokens}
    assert all(links.find(value, NOW) is None for value in kept)


def test_a_link_that_is_revoked_is_no_more_good_and_others_are(recording: Recording) -> None:
    token, kept = (links.make(recording, NOW, NOW + 10) for _ in range(2))
    link = links.find(token, NOW)
    assert link is not None
    links.revoke(link, NOW, actor="alice@demo.example")
    assert links.find(token, NOW) is None
    assert recording_of(kept, NOW) == recording
    entry = AuditEntry.get(AuditEntry.action == "recording.link.revoke")
    assert (entry.actor, entry.subject) == ("alice@demo.example", f"{recording.id}, bridge 600")
    with pytest.raises(RefusedError, match="nothing to withdraw"):
        links.revoke(link, NOW, actor="alice@demo.example")


def test_what_is_over_cannot_be_revoked(recording: Recording) -> None:
    links.make(recording, NOW - 10, NOW - 5)
    with pytest.raises(RefusedError, match="nothing to withdraw"):
        links.revoke(RecordingLink.get(), NOW, actor="test")


def test_links_go_with_their_recording(recording: Recording) -> None:
    token = links.make(recording, NOW, NOW + 10)
    recording.delete_instance()
    assert links.find(token, NOW) is None
    assert RecordingLink.select().count() == 0


@pytest.mark.usefixtures("recording")
@pytest.mark.parametrize(
    "token", ["", "a", "a" * 43, "é" * 43, "\ud800" * 43, "a" * 42 + "\n", "%", "' OR 1=1 --"]
)
def test_any_other_text_leads_nowhere(token: str) -> None:
    assert links.find(token, NOW) is None
