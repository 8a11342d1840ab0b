"""Names that people say when they enter (R7): files that Asterisk records and the announcer plays.

A name lives as long as its conference. Files are called by the channel that recorded them, never by
anything that a caller sent.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Collection
from pathlib import Path

from appliance.models import Conference, Participation, Phone
from appliance.system.config import Config

FORMAT = "sln16"
"""Raw, mono, 16 kHz, 16 bit: whatever the phone's codec, as good as the bridge mixes."""
MIN_LENGTH_S = 0.3
"""Anything shorter is the click of the key that ended it."""
MIN_PEAK = 700
"""Sound below it (-33 dBFS) is a room in which nobody spoke."""


def file_stem(channel_id: str) -> str:
    """File name, without format, of the name that a channel records (`channel_id`: Asterisk's Uniqueid)."""
    return re.sub(r"[^A-Za-z0-9]", "-", channel_id)


def path(config: Config, name: str) -> Path:
    """Return the path of a name without format, as Asterisk's Record() and Playback() expect it."""
    return config.paths.names / name


def has_speech(config: Config, name: str) -> bool:
    """Return whether a recorded name holds speech; a silent file is deleted."""
    file = path(config, name).with_suffix(f".{FORMAT}")
    try:
        samples = array("h", file.read_bytes()[: 2 * 16000 * 10])
    except (OSError, ValueError):  # Nothing recorded, or half a sample.
        samples = array("h")
    if sys.byteorder == "big":
        samples.byteswap()
    if len(samples) >= MIN_LENGTH_S * 16000 and max(map(abs, samples)) >= MIN_PEAK:
        return True
    file.unlink(missing_ok=True)
    return False


def previous_recording(conference: Conference | None, phone: str | None, number: str) -> str:
    """Return the name said earlier in this conference from the same phone, "" if there is none.

    A withheld number ("", "anonymous" ...) is nobody's.
    """
    if conference is None or not (phone or re.fullmatch(r"\+?[0-9]{3,}", number)):
        return ""
    earlier = Participation.select().where(
        (Participation.conference == conference) & (Participation.spoken_name != "")
    )
    if phone:
        earlier = earlier.join(Phone).where(Phone.username == phone)
    else:
        earlier = earlier.where((Participation.caller == number) & Participation.phone.is_null())
    row = earlier.order_by(Participation.id.desc()).first()
    return row.spoken_name if row is not None else ""


def sweep(config: Config, channels: Collection[str] | None) -> bool:
    """Delete the names of conferences that have ended, and of callers who hung up while speaking.

    `channels`: Uniqueids of all channels of Asterisk. With None nothing is deleted, and the result says
    whether there may be something to delete.
    """
    files = {file.stem: file for file in config.paths.names.iterdir() if file.is_file()}
    if not files:
        return False
    rows = Participation.select(Participation.spoken_name).join(Conference).where(
        Conference.ended_at.is_null() & (Participation.spoken_name != "")
    )  # fmt: skip
    unused = files.keys() - {row.spoken_name for row in rows}
    if channels is not None:
        for name in unused - {file_stem(channel) for channel in channels}:
            files[name].unlink(missing_ok=True)
    return bool(unused)
