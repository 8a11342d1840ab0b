"""Hands out the MP3 of a recording: piece by piece, so that a player can seek and memory stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, request, send_file, session

from appliance.models import Recording
from appliance.recordings.files import mp3_file
from appliance.recordings.lifecycle import file_name
from webui.context import site

REMEMBERED = 50
"""Recordings that a session remembers of each kind: they lie in its cookie."""


def is_there(recording: Recording) -> bool:
    """Return whether there is an MP3."""
    return recording.state in ("ready", "mailed") and mp3_file(site().config, recording.id).exists()


def hand_out(recording: Recording, time_zone: str, *, download: bool, note: Callable[[], None]) -> Response:
    """Answer with the MP3 or the requested range of it; 404 if there is none.

    `note` is called before the first byte, and not for HEAD.
    """
    if not is_there(recording):
        abort(404)
    if request.method != "HEAD":
        note()
    response = send_file(
        mp3_file(site().config, recording.id),
        mimetype="audio/mpeg",
        as_attachment=download,
        download_name=file_name(recording, time_zone),
        conditional=True,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def once(kind: str, recording: Recording, note: Callable[[], None]) -> None:
    """Call `note` the first time that this session asks for the sound of a recording in this way."""
    # A new recording may have the id of one that was deleted.
    this = f"{recording.id} {recording.started_at:.0f}"
    known: list[str] = session.get(kind, [])
    if this not in known:
        note()
        session[kind] = [*known, this][-REMEMBERED:]
