"""Passwords: which are too easy (NIST SP 800-63B: length, no composition), and how they are kept."""

from __future__ import annotations

import threading
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.formats.unicode import normalize
from appliance.messages import Text

SHORTEST, LONGEST = 10, 200
"""Characters."""
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's second choice, 19 MiB and some 30 ms: audio has priority on this machine."""
_AT_ONCE = threading.BoundedSemaphore(2)
"""Comparisons at the same time in a process: each uses 19 MiB, and a core that callers may need."""
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$N3ynPrIrjkg+b761IsdaAA$v1wCs8SUowiEXI1TmIYzEFhpAUJOeWj8Ql1xZngQlzw"
"""Compared with where no password is stored, so that both cases take as long."""
_COMMON = frozenset(Path(__file__).with_name("common.txt").read_text(encoding="utf-8").split())


def problem(password: str, email: str) -> Text | None:
    """Say why `password` cannot be that of the account `email` (never quoting it), None if it can."""
    if len(password) > LONGEST:
        return Text("a password has at most %(most)s characters", most=LONGEST)
    small = _normal(password).casefold()
    if len(small) < SHORTEST:
        return Text("a password has at least %(least)s characters", least=SHORTEST)
    if small in (email.casefold(), email.casefold().partition("@")[0]):
        return Text("the password must not be the e-mail address")
    if small in _COMMON or len(set(small)) <= 2:
        return Text("that password is one of the first that attackers try")
    return None


def hashed(password: str) -> str:
    """Return what is kept of a password (argon2id)."""
    return _HASHER.hash(_normal(password))


def matches(password: str, kept: str) -> bool:
    """Whether `password` is the one that was kept; takes as long when nothing is (`kept` is "")."""
    try:
        with _AT_ONCE:
            return _HASHER.verify(kept or _NOBODYS, _normal(password[: LONGEST + 1])) and kept != ""
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """One form, whichever keyboard it is typed on."""
    return normalize(password.encode(errors="replace").decode())
