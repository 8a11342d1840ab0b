"""Delivers queued mails: one attempt for each that is due. schedule.py records the result."""

from __future__ import annotations

import logging
import ssl

from appliance.errors import (
    BadAddressError,
    ConnectionLostError,
    MailTooLargeError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from appliance.mail import outbox, schedule, server_settings, smtp
from appliance.mail.kinds import PLAIN, MailKind, MailKinds
from appliance.mail.message import mailbox
from appliance.models import MailProblem, MailServer, OutgoingMail
from appliance.system.config import Config

log = logging.getLogger(__name__)


def deliver(
    config: Config,
    now: float,
    kinds: MailKinds,
    *,
    patience: float = smtp.TIMEOUT_S,
    context: ssl.SSLContext | None = None,
) -> float | None:
    """Try what is due; return when the next mail is due (s since the epoch), None if there is nothing to try.

    `kinds`: what the kinds of mail ask of the transport.

    Call it every few seconds: other processes enqueue mails and set the server. A server that stops answering
    in the middle of a mail ends this call within `patience` (s, see smtp.py); the remaining mails stay due.
    No transaction is open while the server is waited for.
    """
    outbox.sweep(config, now)
    server = server_settings.get()
    if server is None:
        schedule.postpone_all(now)
        return None
    due = schedule.due(now)
    if due:
        _send_all(config, server, due, now, kinds, patience, context)
    return schedule.next_due()


def _send_all(
    config: Config,
    server: MailServer,
    due: list[int],
    now: float,
    kinds: MailKinds,
    patience: float,
    context: ssl.SSLContext | None,
) -> None:
    try:
        session = smtp.Session(server, patience, context)
    except ConnectionLostError as error:
        log.warning("mail server unavailable, %d messages stay queued", len(due))
        for mail_id in due:
            if (mail := schedule.claim(mail_id, now)) is not None:
                schedule.reschedule(mail, error, now)
        return
    with session:
        for mail_id in due:
            if (mail := schedule.claim(mail_id, now)) is not None and not _try(
                config, session, mail, now, kinds.get(mail.kind, PLAIN)
            ):
                return


def _try(config: Config, session: smtp.Session, mail: OutgoingMail, now: float, kind: MailKind) -> bool:
    """Make one attempt; False if the session is lost."""
    try:
        _send(config, session, mail, now, kind)
    except TemporaryDeliveryError as error:
        schedule.reschedule(mail, error, now)
        log.warning("mail %d (%s) was not accepted, it stays queued", mail.id, mail.kind)
        return not isinstance(error, ConnectionLostError)
    except PermanentDeliveryError as error:
        schedule.fail(mail, error, now)
        log.warning("mail %d (%s) was refused", mail.id, mail.kind)
        return True
    schedule.sent(mail, now, kind.on_sent)
    outbox.path(config, mail).unlink(missing_ok=True)
    log.info("mail %d (%s) was sent", mail.id, mail.kind)
    return True


def _send(config: Config, session: smtp.Session, mail: OutgoingMail, now: float, kind: MailKind) -> None:
    if not kind.still_wanted(mail):
        outbox.path(config, mail).unlink(missing_ok=True)
        raise PermanentDeliveryError(problem=MailProblem.UNWANTED)
    raw = outbox.read(config, mail)
    if not raw:
        raise _without_file(mail)
    try:
        session.send(mail.to, raw)
    except MailTooLargeError:
        smaller = kind.smaller(config, mail, now)
        if smaller is None:
            raise
        session.send(mail.to, smaller)


def _without_file(mail: OutgoingMail) -> PermanentDeliveryError:
    """Return why there is no file to send: the address is not valid, or the file is missing."""
    try:
        mailbox(mail.to)
    except BadAddressError as error:
        return PermanentDeliveryError(str(error), MailProblem.BAD_ADDRESS)
    return PermanentDeliveryError(problem=MailProblem.FILE_MISSING)
