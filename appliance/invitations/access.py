"""Dial-in of a bridge: what invitations say, and never the creation PIN (R31)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from appliance.errors import RefusedError
from appliance.formats.phone_numbers import written, written_for_guests
from appliance.models import Bridge, Number, User

PAUSES = ",,"
"""Phones pause some two seconds for each, until the call is answered and asks for the password."""


@dataclass(frozen=True)
class Access:
    """What a participant calls and enters."""

    numbers: tuple[str, ...]
    """E.164, the first one assigned first."""
    extension: str
    """For phones of the box; given only where there is no number."""
    password: str

    @property
    def readable(self) -> tuple[str, ...]:
        """What to call, for people of any country: numbers, else the extension."""
        return tuple(map(written, self.numbers)) or (self.extension,)

    def for_guests(self, region: str) -> tuple[str, ...]:
        """The same with the national form of numbers of the box's country (`region`, ISO 3166) before."""
        return tuple(written_for_guests(number, region) for number in self.numbers) or (self.extension,)

    @property
    def link(self) -> str:
        """Return a link that calls the first number and enters the password; "" if there is no number.

        RFC 3966 has no pauses, but phones do, and accept `#` only as %23 (RFC 3986).
        """
        if not self.numbers:
            return ""
        return f"tel:{self.numbers[0]}" + (f"{PAUSES}{self.password}%23" if self.password else "")


def of(bridge: Bridge) -> Access:
    """Return the dial-in of today."""
    numbers = Number.select().where(Number.bridge == bridge).order_by(Number.id)
    return Access(tuple(number.e164 for number in numbers), bridge.extension or "", bridge.password)


def open_to(bridge: Bridge) -> Access:
    """Return the dial-in; RefusedError if nobody can call."""
    access = of(bridge)
    if bridge.user.customer is not None and not bridge.user.customer.service_enabled:
        raise RefusedError("the conference service is switched off: nobody could call")
    if not any(access.readable):
        raise RefusedError("the bridge has no number yet: nobody could call it")
    return access


def fingerprint(organiser: User, access: Access) -> str:
    """Return a fingerprint of organiser and dial-in as mails give them, to compare later."""
    said = (organiser.full_name, organiser.email, *access.readable, access.password)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
