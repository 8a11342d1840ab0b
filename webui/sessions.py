"""Sessions: a signed cookie that says who is signed in, since when, and under which password's stamp."""

from __future__ import annotations

import hmac
import time
from datetime import timedelta

from flask import Flask, session
from flask_babel import refresh
from flask_login import LoginManager, UserMixin, login_user
from peewee import JOIN

from appliance.models import Customer, User

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
"""Seconds after which a user must sign in again, however active they are."""


class SignedIn(UserMixin):
    """A user in Flask-Login's terms."""

    def __init__(self, row: User) -> None:
        self.row = row

    def get_id(self) -> str:
        """Return the id of the user and the stamp that goes with their password."""
        return f"{self.row.id}.{self.row.session_stamp}"


def begin(user: User) -> None:
    """Sign a user in, in a session with nothing of an earlier one."""
    session.clear()
    session.permanent = True
    session["since"] = time.time()
    login_user(SignedIn(user))
    refresh()  # The rest of the answer is in their language.


def install(app: Flask) -> None:
    """Set the cookie and Flask-Login up."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-pont",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE,
    )
    manager = LoginManager(app)
    # The network address of a telephone changes; the cookie is bound to the browser by __Host- and Secure.
    manager.session_protection = None
    manager.user_loader(_load)


def _load(identity: str) -> SignedIn | None:
    """Find who is signed in; None if the session is too old, or the password was changed since."""
    row_id, _, stamp = identity.partition(".")
    if not row_id.isdigit() or not 0 <= time.time() - session.get("since", 0.0) < ABSOLUTE.total_seconds():
        return None
    row = User.select(User, Customer).join(Customer, JOIN.LEFT_OUTER).where(User.id == int(row_id)).first()
    if row is None or not row.session_stamp or not hmac.compare_digest(row.session_stamp, stamp):
        return None
    return SignedIn(row)
