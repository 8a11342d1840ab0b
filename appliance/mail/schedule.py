"""When each queued mail is tried, and what became of it. Each change is one short transaction.

An attempt is counted, and the next one set, before anything is sent: if the process dies, or the database
cannot be written, between the server's acceptance and `sent`, the mail is sent again after its wait and no
sooner, with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peewee import fn

from appliance.formats.validation import one_line
from appliance.mail.outbox import GIVE_UP
from appliance.models import OutgoingMail, database

FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0
"""Seconds after an attempt; each wait is twice the one before."""
NO_SERVER = "no mail server is set"
LONGEST_ERROR = 500

_waiting = OutgoingMail.state == "waiting"


def wait(attempts: int) -> float:
    """Seconds from the attempt of this number until the next one."""
    return float(min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT))


def due(now: float) -> list[int]:
    """IDs of the mails to be tried at `now`, the longest due first."""
    rows: Any = (
        OutgoingMail.select(OutgoingMail.id)
        .where(_waiting & (OutgoingMail.next_at <= now))
        .order_by(OutgoingMail.next_at, OutgoingMail.id)
        .tuples()
    )
    return [row_id for (row_id,) in rows]


def next_due() -> float | None:
    """When the next mail is due, None if none waits."""
    at: float | None = OutgoingMail.select(fn.MIN(OutgoingMail.next_at)).where(_waiting).scalar()
    return at


def postpone_all(now: float) -> None:
    """Let mails wait for a mail server: no attempt, and the days for which they are tried begin later."""
    stale = (OutgoingMail.error != NO_SERVER) | (OutgoingMail.give_up_at < now + GIVE_UP - LONGEST_WAIT)
    OutgoingMail.update(error=NO_SERVER, give_up_at=now + GIVE_UP).where(_waiting & stale).execute()


def claim(mail_id: int, now: float) -> OutgoingMail | None:
    """Begin an attempt; None if the mail is not due any more, or another process has begun one."""
    with database.atomic("IMMEDIATE"):
        mine = (OutgoingMail.id == mail_id) & _waiting & (OutgoingMail.next_at <= now)
        mail: OutgoingMail | None = OutgoingMail.get_or_none(mine)
        if mail is not None:
            mail.attempts += 1
            mail.next_at = now + wait(mail.attempts)
            mail.save()
        return mail


def sent(mail: OutgoingMail, now: float, on_sent: Callable[[OutgoingMail], None]) -> None:
    """Record that the server has taken it, and what follows from that for what it is about (`on_sent`)."""
    with database.atomic("IMMEDIATE"):
        mail.state, mail.sent_at, mail.error = "sent", now, ""
        mail.save()
        on_sent(mail)


def reschedule(mail: OutgoingMail, reason: str, now: float) -> None:
    """Note that an attempt was in vain: the mail waits for the next one, or its days are over."""
    with database.atomic("IMMEDIATE"):
        # Somebody may have given it three more days meanwhile, or taken it back.
        current = OutgoingMail.get_or_none(OutgoingMail.id == mail.id)
        if current is not None:
            current.error = one_line(reason)[:LONGEST_ERROR]
            if now >= current.give_up_at:
                current.state = "failed"
            current.save()


def fail(mail: OutgoingMail, reason: str, now: float) -> None:
    """Give a mail up."""
    mail.state, mail.give_up_at, mail.error = "failed", now, one_line(reason)[:LONGEST_ERROR]
    mail.save()
