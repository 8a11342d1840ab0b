"""Installers are told of what they must see to, once a day."""

from __future__ import annotations

from appliance.directory import users
from appliance.mail import outbox
from appliance.mail.alerts import Alert, queue_alert
from appliance.models import OutgoingMail
from appliance.system.config import Config
from tests.appliance.people import add_user

NOW = 1_000_000.0
DAY = 86_400.0


def add_installer(first: str, language: str) -> None:
    users.add(
        None, first_name=first, last_name="Durand", email=f"{first.lower()}@pont.example", role="installer",
        language=language, time_zone="Europe/Paris", actor="test",
    )  # fmt: skip


def test_every_installer_is_told_in_their_language_and_nobody_else(db: Config) -> None:
    add_user()
    add_installer("Ines", "fr")
    add_installer("Ian", "en")
    assert queue_alert(db, Alert.DISK, NOW) == 2
    rows = list(OutgoingMail.select().order_by(OutgoingMail.id))
    assert [(row.to, row.subject.replace("\u00a0", " ")) for row in rows] == [
        ("ines@pont.example", "Pont : le disque est presque plein, les enregistrements s’arrêtent"),
        ("ian@pont.example", "Pont: the disk is nearly full, recordings stop"),
    ]
    assert b"Hello Ian" in outbox.read(db, rows[1])


def test_an_alert_is_not_repeated_within_a_day(db: Config) -> None:
    assert queue_alert(db, Alert.DISK, NOW) == 0
    add_installer("Ines", "fr")
    assert queue_alert(db, Alert.DISK, NOW) == 1
    assert queue_alert(db, Alert.DISK, NOW + 1) == 0
    OutgoingMail.update(state="failed").execute()
    assert queue_alert(db, Alert.DISK, NOW + DAY - 1) == 0
    assert queue_alert(db, Alert.DISK, NOW + DAY) == 1


def test_every_alert_has_its_texts(db: Config) -> None:
    for language in ("fr", "en"):
        add_installer(f"I{language}", language)
    for what in Alert:
        assert queue_alert(db, what, NOW) == 2
