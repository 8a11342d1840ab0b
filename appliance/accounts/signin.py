"""Sign-in with a password: compared, throttled, logged; the same for accounts that do not exist."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Any

from appliance.accounts import passwords, throttle
from appliance.journal import audit_log
from appliance.models import SignInFailure, User, database


@dataclass(frozen=True)
class Wait:
    """Too many failures: nothing was compared."""

    until: float
    """Moment (s since the epoch) from which one may try again."""


def sign_in(email: str, password: str, address: str, now: float) -> User | Wait | None:
    """Return whose account it is; None if there is none, or the password is wrong."""
    found = prove(email, password, address, now)
    if isinstance(found, User):
        audit_log.record(found.email, "user.signin", found.email, f"address: {address}")
    return found


def prove(email: str, password: str, address: str, now: float) -> User | Wait | None:
    """Compare an account's password; `address` is where it comes from."""
    account, place = _account(email), _place(address)
    # Counted before the slow comparison, so that parallel attempts cannot pass in between.
    until = _count(account, place, now)
    if until is not None:
        return Wait(until)
    user: User | None = User.get_or_none(User.email == email.strip().lower())
    if not passwords.matches(password, user.password_hash if user is not None else ""):
        return None
    # The failures before were the owner's own.
    SignInFailure.delete().where(SignInFailure.account == account).execute()
    return user


def _count(account: str, place: str, now: float) -> float | None:
    """Record a failure and return None, or return until when no attempt is allowed."""
    with database.atomic("IMMEDIATE"):
        SignInFailure.delete().where(SignInFailure.at <= now - throttle.WINDOW).execute()
        on_account = _moments(SignInFailure.account == account)
        until = throttle.free_at(on_account, _moments(SignInFailure.address == place), now)
        if until > now:
            return until
        SignInFailure.create(account=account, address=place, at=now)
        return None


def _moments(condition: Any) -> list[float]:
    rows: Any = SignInFailure.select(SignInFailure.at).where(condition).tuples()
    return [at for (at,) in rows]


def _account(email: str) -> str:
    """Whatever was typed in place of an address (a password, at times) is not kept."""
    text = email.strip().lower().encode(errors="replace")
    return hashlib.sha256(text).hexdigest()[:32]


def _place(address: str) -> str:
    """An IPv6 subscriber has a whole network (/64) to call from."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
