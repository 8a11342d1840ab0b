"""Mails with a one-time link: to somebody new, and to whoever has forgotten his password."""

from __future__ import annotations

from appliance.accounts import links
from appliance.errors import RefusedError
from appliance.formats.reader import Reader
from appliance.mail import outbox, wording
from appliance.mail.message import Mail
from appliance.models import SignInLink, User, database
from appliance.system.config import Config

MOST_AN_HOUR = 3
"""Links that are mailed to one person: nobody's mailbox is flooded by others."""


def invite(config: Config, user: User, now: float) -> None:
    """Mail a link to somebody who is to set a password; RefusedError if he was sent a few lately."""
    with database.atomic("IMMEDIATE"):
        if _had_enough(user, now):
            raise RefusedError(
                "%(email)s received %(most)s links within the last hour: wait",
                email=user.email,
                most=MOST_AN_HOUR,
            )
        _send(config, user, "account-welcome", now, links.INVITED)


def forgotten(config: Config, email: str, now: float) -> None:
    """Mail a link to whoever has this account, if anybody does; who asks is not told."""
    user = User.get_or_none(User.email == email.strip().lower())
    if user is None:
        return
    with database.atomic("IMMEDIATE"):
        if not _had_enough(user, now):
            _send(config, user, "account-password", now, links.ASKED_FOR)


def _had_enough(user: User, now: float) -> bool:
    lately = (SignInLink.user == user) & (SignInLink.created_at > now - 3600.0)
    return bool(SignInLink.select().where(lately).count() >= MOST_AN_HOUR)


def _send(config: Config, user: User, kind: str, now: float, seconds: float) -> None:
    reader = Reader(user.language, user.time_zone)
    until = now + seconds
    words = wording.write(
        kind,
        user.language,
        first_name=user.first_name,
        url=links.url(config, links.make(user, now, seconds)),
        day=reader.weekday(until),
        clock=reader.clock(until),
        zone=reader.zone(until),
        web_url=config.web_url,
    )
    mail = Mail(user.email, words.subject, words.text, words.html)
    outbox.enqueue(config, kind, outbox.prepare(config, mail, now), now, user=user)
