"""Extensions: one numbering for phones and bridges."""

from __future__ import annotations

from appliance.directory import errors
from appliance.directory.errors import Refused
from appliance.models import Bridge, Phone


def free(value: str, mine: Phone | Bridge | None = None) -> str:
    """Return the extension if neither a phone nor a bridge other than `mine` has it."""
    value = errors.extension(value)
    for other in (Phone.get_or_none(Phone.extension == value), Bridge.get_or_none(Bridge.extension == value)):
        if other is not None and other != mine:
            kind = "phone" if isinstance(other, Phone) else "bridge"
            raise Refused(f"extension {value} is taken by a {kind} ({other.user.email}): choose another")
    return value
