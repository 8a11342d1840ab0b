"""A bridge of Alice's, and a conference on it to invite to."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

import vobject

from appliance.directory import numbers
from appliance.invitations import changes
from appliance.invitations.addresses import Address
from appliance.invitations.details import Details
from appliance.mail import delivery
from appliance.models import Bridge, Invitation, OutgoingMail
from appliance.system.config import Config
from tests.appliance.people import add_bridge, add_user
from tests.mail import Provider, Received

PASSWORD = "482913"
NOW = 1_790_000_000.0
"""21 September 2026, 16:13 in Paris."""
ZOE, BOB = Address("zoe@partner.example", "Zoé Müller"), Address("bob@client.example")
CARL = Address("carl@client.example")
ALICE, TO_ZOE, TO_BOB = "alice@demo.example", ZOE.address, BOB.address


def at(text: str) -> datetime:
    """The moment of a clock on the wall."""
    return datetime.fromisoformat(text)


def add_callable_bridge(password: str = PASSWORD) -> Bridge:
    """A bridge with a number."""
    bridge = add_bridge(add_user().email, password=password)
    numbers.add("0970000600", bridge=bridge, region="FR", actor="test")
    return bridge


def filled(**values: Any) -> Details:
    """A conference of an hour and a half on 24 November 2026; `values` in place of what is usual."""
    usual = {
        "begins": at("2026-11-24 14:00"),
        "ends": at("2026-11-24 15:30"),
        "time_zone": "Europe/Paris",
        "subject": "Budget 2027",
        "invitees": (ZOE, BOB),
    }
    return Details(**{**usual, **values})


def invite(config: Config, bridge: Bridge | None = None, now: float = NOW, **values: Any) -> Invitation:
    """Create an invitation, of a new bridge or this one."""
    return changes.create(config, bridge or add_callable_bridge(), filled(**values), now, actor="test")


def change(config: Config, invitation: Invitation, now: float = NOW, **values: Any) -> Invitation:
    """Change an invitation as it is in the database."""
    version = Invitation.get_by_id(invitation.id).version
    return changes.change(config, invitation, filled(**values), now, version=version, actor="test")


def read(content: bytes | str) -> Any:
    """What a calendar makes of an event: read by a parser of another project."""
    text = content if isinstance(content, str) else content.decode()
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75, "lines are folded (RFC 5545, 3.1)"
    return vobject.readOne(text)


def deliver(config: Config, provider: Provider, now: float = NOW) -> dict[str, Received]:
    """The mails that came in since the last time, by whom they are to."""
    before = len(provider.received)
    delivery.deliver(config, now, {}, patience=10)
    assert {row.error for row in OutgoingMail.select()} <= {""}
    new = provider.received[before:]
    assert len({mail.to for mail in new}) == len(new), "one mail each"
    return {mail.to: mail for mail in new}


def spaces(text: str) -> str:
    """The text with spaces of one kind."""
    return re.sub("[\u00a0\u202f]", " ", text)


def texts(mail: Received) -> tuple[str, str]:
    """Both parts that are shown; of HTML, marks as people see them."""
    return spaces(mail.part("plain")), html.unescape(spaces(mail.part("html")))


def event_of(mail: Received) -> Any:
    """The event as a calendar finds it in the mail; the file beside holds the same."""
    (part,) = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
    content = part.get_content().replace("\r\n", "\n").replace("\n", "\r\n")
    assert mail.attachments == {"invitation.ics": content.encode()}
    whole = read(content)
    assert part.get_param("method") == whole.method.value, "Outlook looks at both"
    return whole.vevent
