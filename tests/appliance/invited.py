"""A bridge of Alice's, and a conference on it to invite to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import vobject

from appliance.config import Config
from appliance.directory import numbers
from appliance.invitations import changes
from appliance.invitations.addresses import Address
from appliance.invitations.details import Details
from appliance.models import Bridge, Invitation
from tests.appliance.people import add_bridge, add_user

PASSWORD = "482913"
NOW = 1_790_000_000.0
"""21 September 2026, 14:13 in Paris."""
ZOE, BOB = Address("zoe@partner.example", "Zoé Müller"), Address("bob@client.example")


def add_callable_bridge(password: str = PASSWORD) -> Bridge:
    """A bridge with a number."""
    bridge = add_bridge(add_user().email, password=password)
    numbers.add("0970000600", bridge=bridge, region="FR", actor="test")
    return bridge


def filled(**values: Any) -> Details:
    """A conference of an hour and a half on 24 November 2026; `values` in place of what is usual."""
    usual = {
        "begins": datetime.fromisoformat("2026-11-24 14:00"),
        "ends": datetime.fromisoformat("2026-11-24 15:30"),
        "time_zone": "Europe/Paris",
        "subject": "Budget 2027",
        "invitees": (ZOE, BOB),
    }
    return Details(**{**usual, **values})


def invite(config: Config, bridge: Bridge | None = None, now: float = NOW, **values: Any) -> Invitation:
    """Create an invitation, of a new bridge or this one."""
    return changes.create(config, bridge or add_callable_bridge(), filled(**values), now, actor="test")


def read(content: bytes | str) -> Any:
    """What a calendar makes of an event: read by a parser of another project."""
    text = content if isinstance(content, str) else content.decode()
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75, "lines are folded (RFC 5545, 3.1)"
    return vobject.readOne(text)
