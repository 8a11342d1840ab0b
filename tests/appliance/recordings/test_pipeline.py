"""What becomes of a recording that is over, step by step, and when a step is cut off (R32, R33, B6)."""

from __future__ import annotations

import errno
import wave
from pathlib import Path

import pytest
from peewee import OperationalError

from appliance.daemons.worker import StopRequested
from appliance.mail import schedule
from appliance.models import Bridge, Conference, OutgoingMail, Recording, User
from appliance.recordings import encoder, files, retention
from appliance.recordings.mail import MAIL_KINDS
from appliance.recordings.pipeline import RETRY_DELAY_S, Pipeline
from appliance.system.config import Config
from tests.appliance.people import add_bridge, add_user

NOW = 1_700_000_000.0
DAY = 86400.0


@pytest.fixture
def bridge(db: Config) -> Bridge:
    del db
    add_user()
    return add_bridge("alice@demo.example")


@pytest.fixture
def pipeline(db: Config) -> Pipeline:
    return Pipeline(db, lambda: None)


def over(config: Config, bridge: Bridge, seconds: float = 2.0) -> Recording:
    """A recording that is over, with one take that Asterisk has closed."""
    conference = Conference.create(bridge=bridge, started_at=NOW - 60, ended_at=NOW - 10)
    row: Recording = Recording.create(
        conference=conference, started_at=NOW - 60, ended_at=NOW - 10, state="waiting"
    )
    if seconds:
        take = files.take_file(config, row.id, 1)
        with wave.open(str(take), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(16000)
            file.writeframes(bytes(int(seconds * 32000)))
        take.with_suffix(files.DONE).touch()
    return row


def now_is(row: Recording) -> tuple[str, str]:
    fresh = Recording.get_by_id(row.id)
    return fresh.state, fresh.reason


def mails() -> list[tuple[str, str]]:
    return [(mail.kind, mail.to) for mail in OutgoingMail.select().order_by(OutgoingMail.id)]


def test_r33_a_recording_becomes_an_mp3_then_a_mail_and_then_its_sound_is_let_go(
    db: Config, bridge: Bridge, pipeline: Pipeline
) -> None:
    row = over(db, bridge)
    assert pipeline.encode_next(NOW)
    assert now_is(row) == ("ready", "")
    fresh = Recording.get_by_id(row.id)
    assert (fresh.seconds, fresh.progress) == (2.0, 1.0)
    assert fresh.size == files.mp3_file(db, row.id).stat().st_size
    pipeline.queue_mails(NOW)
    pipeline.queue_mails(NOW)
    assert mails() == [("recording", "alice@demo.example")]
    pipeline.delete_delivered_takes()
    assert len(files.takes(db, row.id)) == 1, "the mail is not accepted yet"
    schedule.sent(OutgoingMail.get(), NOW, MAIL_KINDS["recording"].on_sent)
    assert now_is(row) == ("mailed", "")
    pipeline.delete_delivered_takes()
    assert list(db.paths.takes.iterdir()) == []
    assert not pipeline.encode_next(NOW), "nothing else waits"


def test_r27_the_mail_goes_to_the_summary_address(db: Config, bridge: Bridge, pipeline: Pipeline) -> None:
    bridge.summary_email = "compta@demo.example"
    bridge.save()
    over(db, bridge)
    pipeline.encode_next(NOW)
    pipeline.queue_mails(NOW)
    assert mails() == [("recording", "compta@demo.example")]


def test_the_oldest_is_first_and_one_that_asterisk_still_writes_keeps_nobody(
    db: Config, bridge: Bridge, pipeline: Pipeline
) -> None:
    first, second, third = (over(db, bridge) for _ in range(3))
    files.takes(db, first.id)[0].with_suffix(files.DONE).unlink()
    just_written = files.takes(db, first.id)[0].stat().st_mtime
    assert pipeline.encode_next(just_written)
    assert [now_is(row)[0] for row in (first, second, third)] == ["waiting", "ready", "waiting"]


def test_r33_an_empty_recording_says_so_by_mail(db: Config, bridge: Bridge, pipeline: Pipeline) -> None:
    row = over(db, bridge, seconds=0)
    assert pipeline.encode_next(NOW)
    assert now_is(row) == ("failed", "empty")
    pipeline.queue_mails(NOW)
    assert mails() == [("recording", "alice@demo.example")]
    assert not files.mp3_file(db, row.id).exists()


def test_r33_a_worker_that_was_killed_while_it_encoded_begins_again(
    db: Config, bridge: Bridge, pipeline: Pipeline
) -> None:
    row = over(db, bridge)
    row.state = "encoding"
    row.save()
    assert pipeline.encode_next(NOW)
    assert now_is(row) == ("ready", "")


def test_r33_a_worker_killed_between_mp3_and_mail_queues_it_after_all(
    db: Config, bridge: Bridge, pipeline: Pipeline
) -> None:
    over(db, bridge)
    pipeline.encode_next(NOW)
    Pipeline(db, lambda: None).queue_mails(NOW)
    assert len(mails()) == 1


def test_a_full_disk_puts_the_encoding_off_and_loses_nothing(
    db: Config, bridge: Bridge, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = over(db, bridge)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(encoder, "encode", full)
        assert pipeline.encode_next(NOW)
    assert now_is(row) == ("waiting", "")
    assert not pipeline.encode_next(NOW + RETRY_DELAY_S - 1), "not in a loop"
    assert pipeline.encode_next(NOW + RETRY_DELAY_S)
    assert now_is(row) == ("ready", "")


def test_a_database_that_is_locked_for_long_keeps_no_recording(
    db: Config, bridge: Bridge, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = over(db, bridge)

    def encode(*_: object) -> None:
        raise OperationalError("database is locked")  # As it notes how far it is.

    with monkeypatch.context() as patch:
        patch.setattr(encoder, "encode", encode)
        with pytest.raises(OperationalError):
            pipeline.encode_next(NOW)
    assert now_is(row) == ("encoding", "")
    assert pipeline.encode_next(NOW)
    assert now_is(row) == ("ready", "")


def test_what_cannot_be_encoded_at_all_has_failed_and_its_sound_is_kept(
    db: Config, bridge: Bridge, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = over(db, bridge)

    def broken(*_: object) -> None:
        raise RuntimeError("LAME says no")

    monkeypatch.setattr(encoder, "encode", broken)
    pipeline.encode_next(NOW)
    assert now_is(row) == ("failed", "encoding")
    assert len(files.takes(db, row.id)) == 1


def test_a_worker_that_is_to_end_leaves_an_encoding_at_once(db: Config, bridge: Bridge) -> None:
    row = over(db, bridge, seconds=60)

    def check() -> None:
        raise StopRequested

    with pytest.raises(StopRequested):
        Pipeline(db, check).encode_next(NOW)
    assert now_is(row) == ("encoding", "")
    assert list(db.paths.recordings.iterdir()) == []
    assert Pipeline(db, lambda: None).encode_next(NOW)
    assert now_is(row) == ("ready", "")


def test_b6_a_recording_is_deleted_when_it_was_kept_long_enough(
    db: Config, bridge: Bridge, pipeline: Pipeline
) -> None:
    row = over(db, bridge)
    pipeline.encode_next(NOW)
    assert row.ended_at is not None
    last = row.ended_at + 90 * DAY
    pipeline.expire(last - 1)
    assert Recording.select().count() == 1
    pipeline.expire(last)
    assert [*Recording.select(), *db.paths.recordings.iterdir(), *db.paths.takes.iterdir()] == []


@pytest.mark.usefixtures("bridge")
def test_b6_the_installers_are_told_once_when_there_is_no_room_for_recordings(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.create(
        first_name="Inès", last_name="R", email="ines@demo.example", role="installer",
        language="fr", time_zone="Europe/Paris",
    )  # fmt: skip
    pipeline.alert_on_low_disk(NOW)
    assert mails() == []
    monkeypatch.setattr(retention, "free_mb", lambda _: 0.0)
    for moment in (NOW, NOW + 60):
        pipeline.alert_on_low_disk(moment)
    assert mails() == [("alert-disk", "ines@demo.example")]


def test_tags_are_in_the_language_of_the_organiser(
    db: Config, bridge: Bridge, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[encoder.Tags] = []

    def note(_: list[Path], __: Path, tags: encoder.Tags, ___: object) -> encoder.Encoded:
        seen.append(tags)
        return encoder.Encoded(1.0, 1)

    monkeypatch.setattr(encoder, "encode", note)
    over(db, bridge)
    pipeline.encode_next(NOW)
    (tags,) = seen
    assert (tags.title, tags.organiser) == ("Conférence 600", "Alice Martin")
    assert tags.began.isoformat() == "2023-11-14T23:12:20+01:00"
