"""Sets the participant password of a bridge (R24), in the clear because invitations contain it."""

from __future__ import annotations

from appliance.access_codes import pins
from appliance.directory import bridges
from appliance.models import Bridge, Number
from appliance.models.transaction import atomic


@atomic
def set_password(bridge: Bridge, password: str | None, *, pin_key: bytes, actor: str) -> str:
    """Set the password, a random one for None, none for ""; return it. RefusedError if it is invalid."""
    if password is None:
        password = _random(bridge, pin_key)
    bridges.change(bridge, password=password, pin_key=pin_key, actor=actor)
    return password


def _random(bridge: Bridge, pin_key: bytes) -> str:
    numbers = [number.e164 for number in Number.select().where(Number.bridge == bridge)]
    while True:
        password = pins.random_pin(extension=bridge.extension, numbers=numbers)
        if not pins.matches(pin_key, bridge.id, password, bridge.pin_hash):
            return password
