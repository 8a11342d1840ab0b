"""Recordings reach their organiser by mail, whole or as a link, in their language and zone (R27, R33)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from appliance.errors import RefusedError
from appliance.formats.reader import Reader
from appliance.mail import delivery, outbox, wording
from appliance.mail.message import Mail
from appliance.models import (
    AuditEntry,
    Bridge,
    MailProblem,
    OutgoingMail,
    Recording,
    RecordingLink,
    RecordingReason,
    User,
)
from appliance.recordings import links
from appliance.recordings import mail as mail_recording
from appliance.recordings.mail import queue_recording, send_again
from appliance.system.config import Config
from tests.appliance.people import add_phone
from tests.appliance.recordings.recorded import DELETED, NOON, add_recording
from tests.mail import Provider, Received

NOW = NOON + 2000
MB = 1_000_000


def queue(config: Config, recording: Recording) -> OutgoingMail | None:
    return queue_recording(config, Recording.get_by_id(recording.id), NOW, DELETED)


def deliver(config: Config) -> float | None:
    return delivery.deliver(config, NOW, mail_recording.MAIL_KINDS, patience=10)


def received(config: Config, provider: Provider, recording: Recording) -> Received:
    """The mail about the recording, as it comes in."""
    assert queue(config, recording) is not None
    deliver(config)
    assert [row.error for row in OutgoingMail.select()] == [""]
    return provider.received[-1]


def spaces(text: str) -> str:
    """The text with spaces of one kind."""
    return re.sub("[\u00a0\u202f]", " ", text)


def link_in(mail: Received) -> str:
    """The token of the link, the same in both parts."""
    (in_text,) = re.findall(r"https://pont\.example/r/(\S+)", mail.part("plain"))
    assert f'href="https://pont.example/r/{in_text}"' in mail.part("html")
    return str(in_text)


def test_an_organiser_gets_their_recording_in_french(db: Config, provider: Provider) -> None:
    recording = add_recording(db, mp3=b"ID3 sound")
    mail = received(db, provider, recording)
    assert (mail.to, mail.message["Reply-To"]) == ("alice@demo.example", None)
    assert spaces(mail.message["Subject"]) == (
        "Conférence 600 (Alice Martin) : enregistrement du 24 novembre 2026 à 13:05 (32 min)"
    )
    assert mail.attachments == {"conference-2026-11-24-1305.mp3": b"ID3 sound"}
    text, html = spaces(mail.part("plain")), spaces(mail.part("html"))
    for said in (
        "Bonjour Alice,", "joint à cet e-mail", "mardi 24 novembre 2026", "de 13:05 à 13:37 (Paris, UTC+1)",
        "32 min", "jusqu’à 2 en même temps", "supprimé du serveur le lundi 22 février 2027",
    ):  # fmt: skip
        assert said in text
        assert said in html
    assert "s’est arrêté" not in text
    assert Recording.get_by_id(recording.id).state == "mailed"
    assert RecordingLink.select().count() == 0


def test_in_english_and_in_another_time_zone(db: Config, provider: Provider) -> None:
    recording = add_recording(db)
    User.update(language="en", time_zone="America/New_York").execute()
    mail = received(db, provider, recording)
    assert spaces(mail.message["Subject"]) == (
        "Conference 600 (Alice Martin): recording of 24 November 2026, 07:05 (32 mins)"
    )
    assert list(mail.attachments) == ["conference-2026-11-24-0705.mp3"]
    text = spaces(mail.part("plain"))
    assert "Time: 07:05 to 07:37 (New York, UTC−5)" in text
    assert "deleted from the server on Monday, 22 February 2027" in text


def test_the_summary_address_gets_it_in_place_of_the_organiser(db: Config, provider: Provider) -> None:
    recording = add_recording(db)
    Bridge.update(summary_email="secretariat@demo.example").execute()
    mail = received(db, provider, recording)
    assert (mail.to, mail.message["To"]) == ("secretariat@demo.example", "secretariat@demo.example")
    assert mail.message["Reply-To"] == "alice@demo.example"
    assert mail.part("plain").startswith("Bonjour,\n")


def test_a_recording_that_is_too_large_for_a_mail_is_linked_to(db: Config, provider: Provider) -> None:
    recording = add_recording(db, mp3=bytes(8 * MB))
    mail = received(db, provider, recording)
    assert mail.attachments == {}
    assert len(mail.raw) < 20_000
    assert "volumineux pour être joint à un e-mail (8 Mo)" in spaces(mail.part("plain"))
    assert links.find(link_in(mail), DELETED - 1).recording == recording
    assert links.find(link_in(mail), DELETED) is None


def test_the_limit_is_of_the_mail_as_it_is_sent(db: Config, provider: Provider) -> None:
    largest = db.mail_largest_mb * MB
    recording = add_recording(db, mp3=bytes(int(largest * 57 / 78) - 10_000))
    mail = received(db, provider, recording)
    assert largest - 20_000 < len(mail.raw) <= largest
    assert list(mail.attachments) == ["conference-2026-11-24-1305.mp3"]
    other = add_recording(db, mp3=bytes(int(largest * 57 / 78)))
    queue(db, other)
    deliver(db)
    assert provider.received[-1].attachments == {}


def test_a_recording_that_no_mail_could_hold_is_not_read(db: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = add_recording(db, mp3=bytes(2 * MB))
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda *_: pytest.fail("it was read"))
    assert queue_recording(replace(db, mail_largest_mb=1), recording, NOW, DELETED) is not None


@pytest.mark.parametrize("how", ["size", "552"])
def test_what_is_too_large_for_the_server_is_linked_to_at_once(db: Config, how: str) -> None:
    with Provider(largest=100_000 if how == "size" else 50 * MB) as provider:
        provider.use()
        if how == "552":
            provider.handler.data = ["552 5.3.4 message too big"]
        recording = add_recording(db, mp3=bytes(500_000))
        other = add_recording(db)
        assert queue(db, recording) is not None
        assert queue(db, other) is not None
        assert deliver(db) is None
        refused = [mail for mail in provider.received if len(mail.raw) > 100_000]
        taken = [mail for mail in provider.received if mail not in refused]
        assert len(refused) == (how == "552")
        assert links.find(link_in(taken[0]), NOW).recording == recording
        assert all(mail.message["Message-ID"] == taken[0].message["Message-ID"] for mail in refused)
        assert list(taken[1].attachments) == ["conference-2026-11-24-1305.mp3"]
    assert [row.state for row in OutgoingMail.select()] == ["sent", "sent"]
    assert {row.state for row in Recording.select()} == {"mailed"}


def test_a_mail_that_is_too_large_even_with_a_link_fails(db: Config, provider: Provider) -> None:
    provider.handler.data = ["552 5.3.4 too big"] * 2
    queue(db, add_recording(db))
    assert deliver(db) is None
    row = OutgoingMail.get()
    assert (row.state, row.error, len(provider.received)) == ("failed", "552 5.3.4 too big", 2)
    assert Recording.get().state == "ready"


def test_who_stopped_a_recording_in_the_middle_is_told(db: Config, provider: Provider) -> None:
    mail = received(db, provider, add_recording(db, reason=RecordingReason.DISK_FULL))
    said = "s’est arrêté avant la fin : le disque du serveur est presque plein."
    assert said in spaces(mail.part("plain"))
    assert said in spaces(mail.part("html"))
    assert len(mail.attachments) == 1


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (RecordingReason.EMPTY, "rien n’a été dit pendant l’enregistrement"),
        ("", "aucun son n’a été enregistré"),
    ],
)
def test_a_conference_of_which_nothing_was_recorded_says_why(
    db: Config, provider: Provider, reason: RecordingReason | str, said: str
) -> None:
    recording = add_recording(db, mp3=None, reason=reason)
    mail = received(db, provider, recording)
    assert "pas d’enregistrement le 24 novembre 2026" in mail.message["Subject"]
    assert said in mail.part("plain")
    assert said.replace("<", "&lt;").replace(">", "&gt;") in mail.part("html")
    assert "supprimé" not in mail.part("plain")
    assert Recording.get().state == "failed"


def test_one_mail_a_recording_unless_another_is_asked_for(db: Config, provider: Provider) -> None:
    recording = add_recording(db)
    assert queue(db, recording) is not None
    assert queue(db, recording) is None
    deliver(db)
    assert queue(db, recording) is None
    send_again(db, recording, NOW, actor="alice@demo.example")
    deliver(db)
    assert len(provider.received) == 2
    assert len({mail.message["Message-ID"] for mail in provider.received}) == 2
    assert [row.user.email for row in OutgoingMail.select()] == ["alice@demo.example"] * 2
    entry = AuditEntry.get(AuditEntry.action == "recording.send")
    assert (entry.actor, entry.detail) == ("alice@demo.example", "to: alice@demo.example")


def test_a_recording_is_sent_again_a_few_times_an_hour(db: Config) -> None:
    recording = add_recording(db)
    for minute in range(mail_recording.MAX_PER_HOUR):
        send_again(db, recording, NOW + minute * 60, actor="alice@demo.example")
    with pytest.raises(
        RefusedError, match="5 messages about this recording were sent within the last hour: wait"
    ):
        send_again(db, recording, NOW + 3599, actor="alice@demo.example")
    send_again(db, recording, NOW + 3601, actor="alice@demo.example")


def test_two_who_queue_at_once_queue_one_mail(
    db: Config, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = add_recording(db)
    write = outbox.prepare

    def slowly(config: Config, mail: Mail, now: float) -> outbox.PreparedMail:
        monkeypatch.setattr(outbox, "prepare", write)
        assert queue(db, recording) is not None
        return write(config, mail, now)

    monkeypatch.setattr(outbox, "prepare", slowly)
    assert queue(db, recording) is None
    monkeypatch.setattr(outbox, "prepare", lambda *_: pytest.fail("it is written for nothing"))
    assert queue(db, recording) is None
    deliver(db)
    assert len(provider.received) == 1


def test_a_recording_that_was_deleted_meanwhile_is_not_sent(db: Config, provider: Provider) -> None:
    recording = add_recording(db)
    queue(db, recording)
    Recording.get_by_id(recording.id).delete_instance()
    deliver(db)
    assert provider.received == []
    assert (OutgoingMail.get().state, OutgoingMail.get().problem) == ("failed", MailProblem.UNWANTED)
    assert list(db.paths.mail.iterdir()) == []


@pytest.mark.parametrize("name", ['Zoé "la" <b>Müller</b>', "O'Brien, Émile & fils", "😀" * 80])
def test_names_are_shown_as_they_are(db: Config, provider: Provider, name: str) -> None:
    recording = add_recording(db)
    User.update(first_name=name).execute()
    mail = received(db, provider, recording)
    assert f"({name} Martin)" in mail.message["Subject"]
    assert f"Bonjour {name}," in mail.part("plain")
    assert "<b>" not in mail.part("html")


def test_a_bridge_without_extension_is_called_by_what_it_has(db: Config, provider: Provider) -> None:
    recording = add_recording(db)
    add_phone("alice@demo.example", "101")
    Bridge.update(extension=None).execute()
    assert received(db, provider, recording).message["Subject"].startswith("Conférence alice@demo.example (")


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (0.4, "0 s", "0 secs"), (59.6, "1 min", "1 min"), (150, "2 min 30 s", "2 mins 30 secs"),
        (3600, "1 h", "1 hr"), (4320, "1 h 12 min", "1 hr 12 mins"), (36_010, "10 h", "10 hrs"),
    ],
)  # fmt: skip
def test_lengths_read_well(seconds: float, french: str, english: str) -> None:
    assert spaces(Reader("fr", "Europe/Paris").length(seconds)) == french
    assert spaces(Reader("en", "Europe/Paris").length(seconds)) == english


def test_every_text_is_in_both_languages_and_french_ones_are_typeset() -> None:
    names = {file.name for file in wording.TEXTS.glob("*.fr.*")}
    assert len(names) >= 7
    assert {name.replace(".fr.", ".en.") for name in names} == {
        file.name for file in wording.TEXTS.glob("*.en.*")
    }
    for name in names:
        text = re.sub(r"\{[{%#].*?[#%}]\}|<[^>]*>", "", (wording.TEXTS / name).read_text(), flags=re.S)
        assert not re.search(r"[^\S\n\u00a0\u202f][:;!?»]|«[^\u00a0]|'|\.\.\.", text), name
