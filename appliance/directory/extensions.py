"""Extensions: phones and bridges share one numbering."""

from __future__ import annotations

from appliance.errors import RefusedError
from appliance.formats import validation
from appliance.messages import Text
from appliance.models import Bridge, Phone


def free(value: str, mine: Phone | Bridge | None = None) -> str:
    """Return the extension; RefusedError if it is invalid, or a phone or bridge other than `mine` has it."""
    value = validation.extension(value)
    for other in (Phone.get_or_none(Phone.extension == value), Bridge.get_or_none(Bridge.extension == value)):
        if other is not None and other != mine:
            kind = Text("phone") if isinstance(other, Phone) else Text("bridge")
            raise RefusedError(
                "extension %(extension)s is already used by a %(kind)s",
                # The user may belong to another customer, so the web site must not name them.
                hint=f" ({other.user.email}): choose another",
                extension=value,
                kind=kind,
            )
    return value
