"""Alerts on an installer's home page: what is wrong now, and the page to correct it on."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from appliance.directory import lockouts
from appliance.health import FAILED_LATELY
from appliance.mail import server_settings
from appliance.models import OutgoingMail, Recording, RecordingReason
from appliance.recordings import retention
from webui.context import site
from webui.jinja_filters import size


@dataclass(frozen=True)
class Hint:
    """One alert."""

    text: str
    address: str = ""
    """Page to correct it on, "" for none."""


def hints() -> list[Hint]:
    """Return all alerts, the most urgent first."""
    return [*_disk(), *_recordings(), *_mail(), *_lockouts()]


def _disk() -> list[Hint]:
    config = site().config
    if retention.may_begin(config):
        return []
    free, floor = retention.free_mb(config), config.recordings.floor_mb
    said = _(
        "The disk is nearly full: %(free)s are free, %(floor)s are needed. No recording begins until there is"
        " room; conferences go on.",
        free=size(round(free * 1e6)),
        floor=size(round(floor * 1e6)),
    )
    return [Hint(said, url_for("recordings.overview"))]


def _recordings() -> list[Hint]:
    lately = (Recording.ended_at > time.time() - FAILED_LATELY) & (Recording.reason != RecordingReason.EMPTY)
    failed = Recording.select().where((Recording.state == "failed") & lately).count()
    if not failed:
        return []
    said = _("Recordings that failed lately: %(count)s.", count=failed)
    return [Hint(said, url_for("recordings.overview", kind="failed"))]


def _mail() -> list[Hint]:
    lately = OutgoingMail.give_up_at > time.time() - FAILED_LATELY
    failed = OutgoingMail.select().where((OutgoingMail.state == "failed") & lately).count()
    found = []
    if server_settings.get() is None:
        said = _("No mail server is set: recordings and invitations wait.")
        found.append(Hint(said, url_for("mailserver.show")))
    if failed:
        said = _("Messages that could not be sent lately: %(count)s.", count=failed)
        found.append(Hint(said, url_for("mails.overview", state="failed")))
    return found


def _lockouts() -> list[Hint]:
    locked = [row for row in lockouts.overview(time.time()) if row["scope"]]
    if not locked:
        return []
    said = _("Bridges that are locked out after wrong PINs: %(count)s.", count=len(locked))
    return [Hint(said, url_for("lockouts.overview"))]
