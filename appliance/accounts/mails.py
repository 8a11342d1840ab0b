"""Mails with a one-time link: to new users, and to users who forgot their password."""

from __future__ import annotations

from appliance.accounts import links
from appliance.errors import RefusedError
from appliance.formats.reader import Reader
from appliance.mail import outbox, wording
from appliance.mail.message import Mail
from appliance.models import SignInLink, User, database
from appliance.system.config import Config

MAX_PER_HOUR = 3
"""Links mailed to one person an hour, so that nobody floods a mailbox of others."""


def invite(config: Config, user: User, now: float) -> None:
    """Mail a link to set a password; RefusedError if the user received several lately."""
    with database.atomic("IMMEDIATE"):
        if _had_enough(user, now):
            raise RefusedError(
                "%(email)s received %(most)s links within the last hour: wait",
                email=user.email,
                most=MAX_PER_HOUR,
            )
        _send(config, user, "account-welcome", now, links.INVITED)


def forgotten(config: Config, email: str, now: float) -> None:
    """Mail a link to the user of an account, if there is one; the requester is not told."""
    user = User.get_or_none(User.email == email.strip().lower())
    if user is None:
        return
    with database.atomic("IMMEDIATE"):
        if not _had_enough(user, now):
            _send(config, user, "account-password", now, links.ASKED_FOR)


def _had_enough(user: User, now: float) -> bool:
    lately = (SignInLink.user == user) & (SignInLink.created_at > now - 3600.0)
    return bool(SignInLink.select().where(lately).count() >= MAX_PER_HOUR)


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
