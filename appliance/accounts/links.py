"""One-time links: the token sets the password of an account, once. Only its hash is stored."""

from __future__ import annotations

import hashlib
import re
import secrets

from appliance.accounts import passwords
from appliance.errors import RefusedError
from appliance.journal import audit_log
from appliance.models import SignInLink, User, database
from appliance.system.config import Config

ASKED_FOR, BY_HAND, INVITED = 3600.0, 86_400.0, 7 * 86_400.0
"""Seconds for which a link works: requested by its owner, passed on by hand, sent to a new user."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""As secrets.token_urlsafe() makes one of 256 bits."""


def make(user: User, now: float, seconds: float) -> str:
    """Make a link that works for so many seconds; return its token."""
    token = secrets.token_urlsafe(32)
    SignInLink.delete().where(SignInLink.expires_at <= now).execute()
    SignInLink.create(user=user, token_hash=_hashed(token), created_at=now, expires_at=now + seconds)
    return token


def url(config: Config, token: str) -> str:
    """Address of the page that a link leads to."""
    return f"{config.web_url}/link/{token}"


def owner(token: str, now: float) -> User | None:
    """Return the account that a token opens, None if it opens none. The link stays usable."""
    if not _TOKEN.fullmatch(token):
        return None
    good = (SignInLink.token_hash == _hashed(token)) & (SignInLink.expires_at > now)
    found: User | None = User.select().join(SignInLink).where(good).first()
    return found


def use(token: str, password: str, now: float) -> User | None:
    """Set the password of the account that a token opens; None if it opens none."""
    user = owner(token, now)
    if user is None:
        return None
    kept = _kept(user, password)
    with database.atomic("IMMEDIATE"):
        if owner(token, now) is None:
            return None
        _set(user, kept, user.email)
    return user


def set_password(user: User, password: str, *, actor: str) -> None:
    """Set a password; open sessions end, and existing links stop working."""
    kept = _kept(user, password)
    with database.atomic("IMMEDIATE"):
        _set(user, kept, actor)


def _kept(user: User, password: str) -> str:
    """Check and hash a password. Call it before a transaction: it takes a while."""
    wrong = passwords.problem(password, user.email)
    if wrong is not None:
        raise RefusedError("%(problem)s: choose another password", problem=wrong)
    return passwords.hashed(password)


def _set(user: User, kept: str, actor: str) -> None:
    user.password_hash = kept
    user.session_stamp = _stamp()
    user.save()
    SignInLink.delete().where(SignInLink.user == user).execute()
    audit_log.record(actor, "user.password", user.email)


def end_sessions(user: User) -> None:
    """Sign a user out on every device."""
    User.update(session_stamp=_stamp()).where(User.id == user.id).execute()


def _stamp() -> str:
    return secrets.token_urlsafe(16)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
