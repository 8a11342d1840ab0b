"""One mail as it is sent (RFC 5322). Nothing that people typed adds a header to it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from email_validator import EmailNotValidError, validate_email

from appliance.errors import BadAddressError

SENDER_ROOM = 300
"""Bytes that with_sender() may add."""
_POLICY = SMTP.clone(cte_type="7bit")
"""Bodies that any server accepts: not every server supports 8BITMIME."""
_BREAKS = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Control characters, halves of characters, and ends of lines: Unicode's categories Cc, Cs, Zl, Zp."""
_NOT_IN_TEXT = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""The same, but for tab and newline."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail; `name` in ASCII, `kind` such as "audio/mpeg"."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Event:
    """A calendar's object (RFC 5545) that goes with a mail; `method` as it says itself (RFC 6047, 2.4)."""

    method: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """What a mail says, and to whom."""

    to: str
    subject: str
    text: str
    html: str
    reply_to: str = ""
    """Address that answers go to, "" for the sender's."""
    attachment: Attachment | None = None
    event: Event | None = None


def compose(mail: Mail, message_id: str, now: float) -> bytes:
    """Return the whole mail, written at `now`, without its sender, which with_sender() adds.

    Any text becomes a mail; BadAddressError if an address is not valid.
    """
    to = mailbox(mail.to)
    message = EmailMessage(_POLICY if to.addr_spec.isascii() else _POLICY.clone(utf8=True))
    message["Date"] = datetime.fromtimestamp(now, UTC)
    message["To"] = to
    if mail.reply_to:
        message["Reply-To"] = mailbox(mail.reply_to)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(readable(mail.text))
    message.add_alternative(readable(mail.html), subtype="html")
    if mail.event is not None:
        _add_event(message, mail.event)
    if mail.attachment is not None:
        main, _, sub = mail.attachment.kind.partition("/")
        message.add_attachment(
            mail.attachment.content, maintype=main, subtype=sub, filename=mail.attachment.name
        )
    return f"Subject: {_subject(mail.subject)}\r\n".encode() + bytes(message)


def with_sender(raw: bytes, sender: str) -> bytes:
    """Add the sender. It is known only when the mail is sent: the mail server may have changed."""
    return f"From: Pont <{sender}>\r\n".encode() + raw


def new_id(domain: str) -> str:
    """Make a Message-ID."""
    return f"<{secrets.token_hex(16)}@{domain}>"


def mailbox(address: str) -> Address:
    """Parse an address, with its domain as sent (xn--); BadAddressError if it is not valid."""
    try:
        valid = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadAddressError(str(error)) from error
    return Address(username=valid.local_part, domain=valid.ascii_domain)


def one_line(text: str) -> str:
    """Return `text` as one line, with no control characters."""
    return " ".join(filter(None, _BREAKS.sub(" ", text).split(" ")))


def readable(text: str) -> str:
    """Return `text` without characters that mail programs do not show."""
    return _NOT_IN_TEXT.sub("", text)


def _add_event(message: EmailMessage, event: Event) -> None:
    """Add the event as a third alternative, where calendars look for it, and as a file that people can open.

    The file's type is another, so that nobody takes it for a second event.
    """
    message.add_alternative(
        event.content.decode(), subtype="calendar", cte="base64", params={"method": event.method}
    )
    message.add_attachment(event.content, maintype="application", subtype="ics", filename="invitation.ics")


def _subject(text: str) -> str:
    """Return a subject as it is sent, as encoded words (RFC 2047) unless it is short and plain.

    email.message would decode what looks like an encoded word, and doubles spaces where it folds a line.
    """
    line = one_line(text)
    if line.isascii() and len(line) <= 60 and "=?" not in line:
        return line
    return Header(line, "utf-8", header_name="Subject").encode(linesep="\r\n")
