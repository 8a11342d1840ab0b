"""Alerts: mails to the installers about a fault of the box."""

from __future__ import annotations

from enum import StrEnum

from appliance.mail import outbox, wording
from appliance.mail.message import Mail
from appliance.models import OutgoingMail, User, database
from appliance.system.config import Config

DEDUP_WINDOW_S = 86_400.0
"""Seconds for which an alert is not repeated."""


class Alert(StrEnum):
    """The kinds of alert; each has its texts, `alert-<value>.*`."""

    DISK = "disk"
    """Too little disk is free for recordings."""


def queue_alert(config: Config, what: Alert, now: float) -> int:
    """Enqueue a mail to every installer, unless one was enqueued in the last 24 h; return how many."""
    kind = f"alert-{what}"
    # One transaction: two daemons that find the same fault at the same time send one alert.
    with database.atomic("IMMEDIATE"):
        told = (OutgoingMail.kind == kind) & (OutgoingMail.created_at > now - DEDUP_WINDOW_S)
        if OutgoingMail.select().where(told).exists():
            return 0
        installers = list(User.select().where(User.role == "installer").order_by(User.id))
        for user in installers:
            words = wording.write(
                kind,
                user.language,
                first_name=user.first_name,
                web_url=config.web_url,
                floor_mb=config.recordings.floor_mb,
            )
            mail = Mail(user.email, words.subject, words.text, words.html)
            outbox.enqueue(config, kind, outbox.prepare(config, mail, now), now, user=user)
        return len(installers)
