"""How often one may guess a password: waits that grow, for an account and for an address, and never an end.

Pure: moments (s since the epoch) of failures come in as values. Somebody else's guessing makes an account's
owner wait 15 minutes at most; a link by mail lets them in without waiting.
"""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = 86_400.0
"""Seconds for which a failure counts."""
ACCOUNT_FREE, ADDRESS_FREE = 5, 20
"""Failures without a wait; an address may be a whole company's."""
FIRST_WAIT, LONGEST_WAIT = 15.0, 900.0
"""Seconds after the last failure; each wait is twice the one before."""


def free_at(account: Sequence[float], address: Sequence[float], now: float) -> float:
    """Return from when an account may be tried from an address again (s since the epoch); `now` or less: now.

    `account` and `address` are the moments of failures on this account, and from this address.
    """
    return max(_free_at(account, ACCOUNT_FREE, now), _free_at(address, ADDRESS_FREE, now))


def _free_at(failures: Sequence[float], free: int, now: float) -> float:
    recent = [at for at in failures if at > now - WINDOW]
    if len(recent) < free:
        return 0.0
    # 1 << 10 is above LONGEST_WAIT already.
    return max(recent) + min(FIRST_WAIT * (1 << min(len(recent) - free, 10)), LONGEST_WAIT)
