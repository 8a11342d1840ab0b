"""A bridge that can be called, and invitations to it, for tests of the pages about them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.test import TestResponse

from appliance.directory import numbers
from appliance.invitations import changes, drafts
from appliance.invitations.addresses import Address
from appliance.invitations.details import Details
from appliance.models import Bridge, Invitation, InvitationDraft, OutgoingMail, User
from appliance.system.config import Config
from tests.appliance.people import add_bridge
from tests.webui.browser import Page

DAY = datetime.now(UTC).date() + timedelta(days=30)
"""Of conferences that come."""
NEW = "/bridges/1/invitations/new"
DRAFT = "/invitations/drafts/1"
TYPED = {
    "subject": "Budget 2027", "day": DAY.isoformat(), "begins": "14:00", "ends": "15:30",
    "addresses": "Zoé Müller <zoe@partner.example>; bob@client.example", "message": "Bonjour,\n\nMerci !",
}  # fmt: skip
"""What is typed into the form."""
ZOE, BOB = Address("zoe@partner.example", "Zoé Müller"), Address("bob@client.example")


def add_callable(user: User, extension: str = "600", number: str = "0970000600") -> Bridge:
    """Give somebody a bridge with a number and a password."""
    bridge = add_bridge(user.email, extension, "482913")
    numbers.add(number, bridge=bridge, region="FR", actor="test")
    return bridge


def add_invitation(config: Config, bridge: Bridge, days: int = 0, **values: Any) -> Invitation:
    """Invite Zoé and Bob to an hour and a half, so many days after DAY."""
    begins = datetime.combine(DAY + timedelta(days=days), datetime.min.time()).replace(hour=14)
    usual = {
        "begins": begins,
        "ends": begins + timedelta(minutes=90),
        "time_zone": "Europe/Paris",
        "subject": "Budget 2027",
        "invitees": (ZOE, BOB),
    }
    now = min(time.time(), time.time() + days * 86_400)
    return changes.create(config, bridge, Details(**{**usual, **values}), now, actor="test")


def add_draft(bridge: Bridge) -> InvitationDraft:
    """A draft of the bridge's owner."""
    return drafts.keep(bridge.user, bridge, '{"subject": "x"}', time.time())


def mails() -> list[tuple[str, str]]:
    """Kind and address of every mail, in order."""
    return [(row.kind, row.to) for row in OutgoingMail.select().order_by(OutgoingMail.id)]


def settle(state: str = "sent", error: str = "") -> None:
    """Let all mails that wait have come to this."""
    values = {"state": state, "error": error, "sent_at": time.time()}
    OutgoingMail.update(values).where(OutgoingMail.state == "waiting").execute()


def fields(response: TestResponse) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    page = Page(response.get_data(as_text=True))
    return next(values for action, values in page.forms if not action)
