"""pont web: who may sign in to the web site."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from appliance.accounts import links
from appliance.cli.frame import App, Noun, app_of, secret_from
from appliance.directory import users
from appliance.journal import audit_log


@click.group(cls=Noun)
def web() -> None:
    """The web site: one-time links and passwords, for the first installer and locked-out users."""


@web.command()
@click.argument("email")
@app_of
def link(app: App, email: str) -> None:
    """Make a one-time link with which the user EMAIL sets a password and is signed in."""
    app.open()
    user, now = users.get(email), time.time()
    url = links.url(app.config, links.make(user, now, links.BY_HAND))
    audit_log.record(app.actor, "user.link", user.email)
    until = now + links.BY_HAND
    shown = datetime.fromtimestamp(until, UTC).astimezone(ZoneInfo(app.config.time_zone))
    app.show(
        {"url": url, "expires_at": until},
        f"{url}\nGood once, until {shown:%Y-%m-%d %H:%M}. Give it to {user.full_name} and nobody else.",
    )


@web.command()
@click.argument("email")
@app_of
def password(app: App, email: str) -> None:
    """Set the password of the user EMAIL, typed unseen or read from standard input."""
    app.open()
    user = users.get(email)
    links.set_password(user, secret_from(False, "New password"), actor=app.actor)
    app.show({"email": user.email}, f"{user.email} has a new password.")
