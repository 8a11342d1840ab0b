"""Creation PINs and passwords: which are too easy, and how PINs are stored (R23, R24)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from appliance.messages import Text
from appliance.models import CODE_PATTERN
from appliance.system.box_secrets import read_key

RANDOM_LENGTH = 6


def load_key(directory: Path) -> bytes:
    """Read the key of the HMAC from the directory of secrets; OSError or ValueError if it is unusable."""
    return read_key(directory, "pin.key")


def hash_pin(key: bytes, bridge_id: int, pin: str) -> str:
    """HMAC-SHA256 (hex) that binds the PIN to its bridge: the same PIN elsewhere looks different.

    Any hash of four digits is found by trying. The key, outside the database, protects them.
    """
    return hmac.new(key, f"pin:{bridge_id}:{pin}".encode(), hashlib.sha256).hexdigest()


def matches(key: bytes, bridge_id: int, pin: str, hashed: str) -> bool:
    """Whether `pin` is the one that was hashed, in a time that does not depend on where they differ."""
    return hmac.compare_digest(hash_pin(key, bridge_id, pin), hashed)


def problem(
    pin: str, *, extension: str | None = None, numbers: Iterable[str] = (), password: str = ""
) -> Text | None:
    """Say why `pin` cannot be a creation PIN (for people, never quoting it), None if it can."""
    if not re.fullmatch(CODE_PATTERN, pin, re.ASCII):
        return Text("a PIN has 4 to 10 digits")
    if _is_pattern(pin):
        return Text("that PIN is too easy to guess: no repeated digits or pairs, no runs such as 1234")
    if pin == extension or any(number.endswith(pin) for number in numbers):
        return Text("the PIN must not be the bridge's extension or the end of its number")
    if password and pin == password:
        return Text(
            "PIN and participants' password must differ: who knows the password could open the conference"
        )
    return None


def password_problem(password: str) -> Text | None:
    """Say why `password` cannot be a participants' password, None if it can; empty stands for none."""
    if password and not re.fullmatch(CODE_PATTERN, password, re.ASCII):
        return Text("a participants' password has 4 to 10 digits, or is empty for none")
    return None


def random_pin(*, extension: str | None = None, numbers: Iterable[str] = (), password: str = "") -> str:
    """Draw a PIN of six digits that `problem` accepts."""
    known = tuple(numbers)
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(RANDOM_LENGTH))
        if problem(pin, extension=extension, numbers=known, password=password) is None:
            return pin


def _is_pattern(pin: str) -> bool:
    """One or two digits over and over (7777, 1212), or a run up or down, past 9 as well (1234, 8901)."""
    if all(digit == pin[place % 2] for place, digit in enumerate(pin)):
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({1}, {9})
