"""Why a recording failed, or ended early, in words for the command line and, translated, for the web."""

from __future__ import annotations

from appliance.messages import Text
from appliance.models import RecordingReason


def in_words(reason: str) -> Text:
    """Say a reason that a recording or its history holds, as the end of a sentence. ValueError: of none."""
    match RecordingReason(reason):
        case RecordingReason.NO_SOUND:
            return Text("no sound arrived from the telephone system")
        case RecordingReason.DISK_FULL:
            return Text("the disk of the server is nearly full")
        case RecordingReason.EMPTY:
            return Text("nothing was said while it ran")
        case RecordingReason.ENCODING:
            return Text("the sound could not be converted into MP3")
