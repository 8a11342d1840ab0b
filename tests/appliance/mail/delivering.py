"""Mails put into the queue and delivered to a real server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from appliance.mail import delivery, outbox
from appliance.mail.kinds import MailKinds
from appliance.mail.message import Mail
from appliance.models import OutgoingMail
from appliance.system.config import Config
from tests.mail import HOST, Provider

NOW = 1_000_000.0
DAY = 86_400.0


def put(config: Config, to: str = "alice@demo.example", now: float = NOW, kind: str = "test") -> OutgoingMail:
    written = outbox.prepare(config, Mail(to, f"Pour {to}", "Texte", "<p>Texte</p>"), now)
    row = outbox.enqueue(config, kind, written, now)
    assert row is not None
    return row


def deliver(
    config: Config, now: float = NOW, patience: float = 10.0, kinds: MailKinds | None = None
) -> float | None:
    return delivery.deliver(config, now, kinds or {}, patience=patience)


def row(mail: OutgoingMail) -> OutgoingMail:
    """The mail as it is now."""
    return OutgoingMail.get_by_id(mail.id)


@contextmanager
def down(provider: Provider) -> Iterator[None]:
    """Nobody listens where the box looks for its mail server."""
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        provider.use(port=closed.getsockname()[1])
        yield
    provider.use()
