"""What a link to a recording leads to (R33): for everybody who has it, without an account.

Every link that does not work (unknown, expired, withdrawn, deleted) gets the same answer. Opening one
uses nothing up, so that the scanners of mail servers may look as well. Guesses are not counted: a token of
256 bits is not found by guessing, and nginx slows a flood down.
"""

from __future__ import annotations

import time

from flask import Blueprint, Response, render_template, request

from appliance.formats.reader import Reader
from appliance.models import RecordingLink
from appliance.recordings import links, listening_audit
from webui import sound
from webui.access import open_to_all
from webui.language import language

pages = Blueprint("recording_links", __name__, url_prefix="/r")


@pages.after_request
def keep_to_oneself(response: Response) -> Response:
    """The address is a key: it goes to no other page, to no search engine, and stays in no cache."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/<token>")
@open_to_all
def page(token: str) -> str | tuple[str, int]:
    """Show whose recording it is, its length, and until when the link works; play it."""
    link = _good(token)
    if link is None:
        return render_template("recordings/bad_link.html"), 404
    if request.method != "HEAD":
        _note(link)
    recording = link.recording
    return render_template(
        "recordings/link.html",
        token=token,
        recording=recording,
        link=link,
        reader=Reader(language(), recording.conference.bridge.user.time_zone),
    )


@pages.get("/<token>/sound")
@open_to_all
def listen(token: str) -> Response | tuple[str, int]:
    """Serve the sound to the player on the page."""
    return _hand_out(token, download=False)


@pages.get("/<token>/download")
@open_to_all
def download(token: str) -> Response | tuple[str, int]:
    """Serve the sound as a file."""
    return _hand_out(token, download=True)


def _hand_out(token: str, *, download: bool) -> Response | tuple[str, int]:
    link = _good(token)
    if link is None:
        return render_template("recordings/bad_link.html"), 404
    time_zone = link.recording.conference.bridge.user.time_zone
    return sound.hand_out(link.recording, time_zone, download=download, note=lambda: _note(link))


def _good(token: str) -> RecordingLink | None:
    link = links.find(token, time.time())
    return link if link is not None and sound.is_there(link.recording) else None


def _note(link: RecordingLink) -> None:
    listening_audit.log_link_use(link, request.remote_addr or "unknown", time.time())
