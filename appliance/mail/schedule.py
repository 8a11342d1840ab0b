"""When each queued mail is tried, and its result. Each change is one short transaction.

An attempt is counted, and the next one set, before anything is sent: if the process dies, or the database
cannot be written, between the server's acceptance and `sent`, the mail is sent again after its wait and no
sooner, with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peewee import fn

from appliance.errors import DeliveryError
from appliance.formats.validation import one_line
from appliance.mail.outbox import GIVE_UP
from appliance.models import MailProblem, MailState, OutgoingMail, database

FIRST_WAIT, LONGEST_WAIT = 30.0, 3600.0
"""Seconds after an attempt; each wait is twice the one before."""
MAX_ERROR_LENGTH = 500

_waiting = OutgoingMail.state == MailState.WAITING


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
    """Postpone all waiting mails while no mail server is set: no attempt counts, the three days restart."""
    unknown = OutgoingMail.problem != MailProblem.NO_SERVER
    stale = unknown | (OutgoingMail.give_up_at < now + GIVE_UP - LONGEST_WAIT)
    held = {"problem": MailProblem.NO_SERVER, "error": "", "give_up_at": now + GIVE_UP}
    OutgoingMail.update(held).where(_waiting & stale).execute()


def claim(mail_id: int, now: float) -> OutgoingMail | None:
    """Begin an attempt; None if the mail is no longer due, or another process began one."""
    with database.atomic("IMMEDIATE"):
        mine = (OutgoingMail.id == mail_id) & _waiting & (OutgoingMail.next_at <= now)
        mail: OutgoingMail | None = OutgoingMail.get_or_none(mine)
        if mail is not None:
            mail.attempts += 1
            mail.next_at = now + wait(mail.attempts)
            mail.save()
        return mail


def sent(mail: OutgoingMail, now: float, on_sent: Callable[[OutgoingMail], None]) -> None:
    """Record that the server accepted the mail; `on_sent` records what follows from that."""
    with database.atomic("IMMEDIATE"):
        mail.state, mail.sent_at, mail.problem, mail.error = MailState.SENT, now, "", ""
        mail.save()
        on_sent(mail)


def reschedule(mail: OutgoingMail, error: DeliveryError, now: float) -> None:
    """Record a failed attempt: the mail waits for the next one, or fails when its days are over."""
    with database.atomic("IMMEDIATE"):
        # Another process may have given it three more days, or withdrawn it.
        current = OutgoingMail.get_or_none(OutgoingMail.id == mail.id)
        if current is not None:
            _note(current, error)
            if now >= current.give_up_at:
                current.state = MailState.FAILED
            current.save()


def fail(mail: OutgoingMail, error: DeliveryError, now: float) -> None:
    """Fail a mail."""
    mail.state, mail.give_up_at = MailState.FAILED, now
    _note(mail, error)
    mail.save()


def _note(mail: OutgoingMail, error: DeliveryError) -> None:
    mail.problem, mail.error = error.problem, one_line(str(error))[:MAX_ERROR_LENGTH]
