"""A conference of Alice's that was recorded, for tests of what becomes of it."""

from __future__ import annotations

from appliance.models import Bridge, Conference, Participation, Recording
from appliance.system.config import Config
from tests.appliance.people import add_bridge, add_user

NOON = 1_795_521_900.0
"""24 November 2026, 13:05 in Paris."""
DELETED = NOON + 90 * 86_400


def add_recording(config: Config, *, mp3: bytes | None = b"ID3" + bytes(1000), reason: str = "") -> Recording:
    """What was recorded from noon on, 32 minutes; with `mp3` None nothing was."""
    bridge = Bridge.get_or_none() or add_bridge(add_user().email)
    conference = Conference.create(bridge=bridge, started_at=NOON - 60, ended_at=NOON + 1930)
    for number, (begin, end) in enumerate([(-60, 1930), (0, 600), (700, 1930), (1925, 1930)]):
        Participation.create(
            conference=conference, channel=str(number), role="user", caller="", name="",
            entered_at=NOON + begin, left_at=NOON + end,
        )  # fmt: skip
    recording: Recording = Recording.create(
        conference=conference, started_at=NOON, ended_at=NOON + 1920, reason=reason,
        state="failed" if mp3 is None else "ready", seconds=None if mp3 is None else 1920.0,
    )  # fmt: skip
    if mp3 is not None:
        config.paths.recordings.mkdir(exist_ok=True)
        (config.paths.recordings / f"{recording.id}.mp3").write_bytes(mp3)
    return recording
